//! Accueil: the panels of the other contexts, side by side, and the health check.

use askama::Template;
use axum::response::IntoResponse;
use kernel::{Permission, text};
use web::{Asker, PageResult, Shell, page};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    greeting: String,
    today: String,
    /// Something is missing before an invoice can be issued.
    setup_incomplete: bool,
    can_create_document: bool,
    can_create_company: bool,
}

pub async fn show_home(asker: Asker) -> PageResult {
    let first_name = asker.name.split_whitespace().next().unwrap_or_default();
    page(&HomePage {
        shell: Shell::new(&asker, "home", "Accueil"),
        greeting: format!("Bonjour {first_name}"),
        today: text::french_day(asker.today()),
        setup_incomplete: !asker.organization.can_issue() && asker.may(Permission::SettingsEdit),
        can_create_document: asker.may(Permission::InvoicingCreate),
        can_create_company: asker.may(Permission::CrmCreate),
    })
}

/// Whether the function runs; it asks nothing of the table, so a load balancer may call it often.
pub async fn show_health() -> impl IntoResponse {
    "ok"
}
