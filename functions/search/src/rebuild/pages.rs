//! `/recherche/index`

use askama::Template;
use kernel::Permission;
use web::{Asker, Form, PageResult, Shell, page};

use super::Rebuild;

pub const PATH: &str = "/recherche/index";

#[derive(Template)]
#[template(path = "rebuild.html")]
struct RebuildPage {
    shell: Shell,
    form_key: String,
    is_under_way: bool,
    looked_at: u64,
    finished_on: Option<String>,
    can_start: bool,
}

pub async fn show_rebuild(asker: Asker) -> PageResult {
    let rebuild = super::show_rebuild(&asker.scope).await?;
    let day = |at| asker.organization.date(asker.organization.day(at));
    page(&RebuildPage {
        shell: Shell::new(&asker, "settings", "Index de recherche"),
        form_key: asker.form_key(),
        is_under_way: rebuild.as_ref().is_some_and(Rebuild::is_under_way),
        looked_at: rebuild.as_ref().map(|rebuild| rebuild.looked_at).unwrap_or_default(),
        finished_on: rebuild.and_then(|rebuild| rebuild.finished_at).map(day),
        can_start: asker.may(Permission::SettingsEdit),
    })
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Nothing {}

pub async fn start_rebuild(asker: Asker, _: Form<Nothing>) -> PageResult {
    super::start_rebuild(&asker.scope).await?;
    asker.done(PATH, "L’index de recherche est en cours de reconstruction.")
}
