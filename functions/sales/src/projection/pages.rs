//! `/ventes/calcul`: how far the figures have come, and making them anew.

use askama::Template;
use kernel::Permission;
use serde::Deserialize;
use web::{Asker, Form, PageResult, Shell, page};

use super::{Projection, api::read};

pub const PATH: &str = "/ventes/calcul";
pub const PROGRESS: &str = "/ventes/panneaux/calcul";

struct Progress {
    /// While they are made anew.
    percent: Option<u64>,
    behind: u64,
    position: u64,
    rebuilt_at: String,
}

impl Progress {
    fn of(asker: &Asker, state: Option<&Projection>, head: u64) -> Self {
        let position = state.map(|state| state.position).unwrap_or_default();
        let told = |at: jiff::Timestamp| {
            let at = at.to_zoned(asker.organization.zone());
            format!("{} à {:02}:{:02}", asker.organization.date(at.date()), at.hour(), at.minute())
        };
        Self {
            percent: state.and_then(Projection::percent),
            behind: head.saturating_sub(position),
            position,
            rebuilt_at: state.and_then(|state| state.rebuilt_at).map(told).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "sales_projection.html")]
struct ProjectionPage {
    shell: Shell,
    form_key: String,
    progress: Progress,
    can_rebuild: bool,
}

#[derive(Template)]
#[template(path = "sales_progress.html")]
struct ProgressPanel {
    progress: Progress,
}

pub async fn show_projection(asker: Asker) -> PageResult {
    let (state, head) = read(&asker).await?;
    page(&ProjectionPage {
        shell: Shell::new(&asker, "sales", "Calcul des chiffres"),
        form_key: asker.form_key(),
        progress: Progress::of(&asker, state.as_ref(), head),
        can_rebuild: asker.may(Permission::SalesApprove),
    })
}

pub async fn show_progress(asker: Asker) -> PageResult {
    let (state, head) = read(&asker).await?;
    page(&ProgressPanel { progress: Progress::of(&asker, state.as_ref(), head) })
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn rebuild_figures(asker: Asker, _: Form<Nothing>) -> PageResult {
    super::rebuild_figures(&asker.scope).await?;
    asker.done(PATH, "Les chiffres sont recalculés à partir du journal et des devis. Vous pouvez quitter cette page.")
}
