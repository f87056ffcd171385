//! `/crm/reglages`: what of the CRM can be set up.

use askama::Template;
use web::{Asker, PageResult, Shell, page};

pub const PATH: &str = "/crm/reglages";

#[derive(Template)]
#[template(path = "crm_settings.html")]
struct SettingsPage {
    shell: Shell,
}

pub async fn show_settings(asker: Asker) -> PageResult {
    page(&SettingsPage { shell: Shell::new(&asker, "crm", "Réglages du CRM") })
}
