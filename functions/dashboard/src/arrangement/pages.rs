//! `/`: the widgets, each loaded from its own context; and the same page while it is being arranged.

use askama::Template;
use axum::{extract::Query, response::IntoResponse};
use http::StatusCode;
use kernel::{Permission, text};
use serde::Deserialize;
use web::{Asker, Form, PageResult, Shell, page, redirect};

use super::{
    ActInput,
    model::{COLUMNS_MAX, available, seen},
};
use crate::{
    quick::{self, QuickAction},
    widget::Widget,
};

pub const ARRANGE: &str = "/tableau-de-bord";
/// The page while it is being arranged.
const ARRANGING: &str = "/?personnaliser=1";

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    shell: Shell,
    greeting: String,
    today: String,
    /// Something is missing before an invoice can be issued.
    setup_incomplete: bool,
    actions: Vec<&'static QuickAction>,
    widgets: Vec<Place>,
    available: Vec<&'static Widget>,
    is_arranging: bool,
}

struct Place {
    id: &'static str,
    title: &'static str,
    path: &'static str,
    page: &'static str,
    heard: String,
    columns: u8,
    is_first: bool,
    is_last: bool,
    is_narrowest: bool,
    is_widest: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Mode {
    personnaliser: String,
}

pub async fn show_dashboard(asker: Asker, Query(mode): Query<Mode>) -> PageResult {
    let may = |permission| asker.may(permission);
    let arrangement = super::shown(&asker).await?;
    let shown = seen(&arrangement, may);
    let last = shown.len().saturating_sub(1);
    let place = |(at, shown): (usize, &super::Shown)| Place {
        id: shown.widget.id,
        title: shown.widget.title,
        path: shown.widget.path,
        page: shown.widget.page,
        heard: shown.widget.heard(),
        columns: shown.columns,
        is_first: at == 0,
        is_last: at == last,
        is_narrowest: shown.columns == 1,
        is_widest: shown.columns == COLUMNS_MAX,
    };
    let first_name = asker.name.split_whitespace().next().unwrap_or_default();
    page(&DashboardPage {
        shell: Shell::new(&asker, "home", "Accueil"),
        greeting: format!("Bonjour {first_name}"),
        today: text::french_day(asker.today()),
        setup_incomplete: !asker.organization.can_issue() && asker.may(Permission::SettingsEdit),
        actions: quick::actions(may),
        widgets: shown.iter().enumerate().map(place).collect(),
        available: available(&arrangement, may),
        is_arranging: mode.personnaliser == "1",
    })
}

/// A script that has moved the widget already wants nothing shown.
pub async fn arrange_widget(asker: Asker, form: Form<ActInput>) -> PageResult {
    super::arrange_widget(&asker, &form.input).await?;
    if asker.visitor.is_fragment {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    match form.input.act.as_str() {
        "reset" => asker.done("/", "Votre accueil est de nouveau celui d’origine."),
        _ => redirect(ARRANGING),
    }
}
