//! Accueil: the panels of the other contexts, side by side, and the health check.

use askama::Template;
use axum::response::IntoResponse;
use web::{Asker, PageResult, Shell, page};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    first_name: String,
    /// What is missing before an invoice can be issued.
    is_incomplete: bool,
    can_create_documents: bool,
    can_create_companies: bool,
    can_view_invoicing: bool,
    can_view_crm: bool,
}

pub async fn show_home(asker: Asker) -> PageResult {
    use kernel::Permission::{CrmCreate, CrmView, InvoicingCreate, InvoicingView};
    page(&HomePage {
        shell: Shell::new(&asker, "home", "Accueil"),
        first_name: asker.name.split_whitespace().next().unwrap_or_default().to_owned(),
        is_incomplete: !asker.organization.can_issue(),
        can_create_documents: asker.permissions.allow(InvoicingCreate),
        can_create_companies: asker.permissions.allow(CrmCreate),
        can_view_invoicing: asker.permissions.allow(InvoicingView),
        can_view_crm: asker.permissions.allow(CrmView),
    })
}

/// Whether the function runs; it asks nothing of the table, so a load balancer may call it often.
pub async fn show_health() -> impl IntoResponse {
    "ok"
}
