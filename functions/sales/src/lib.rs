//! What was sold: figures of what was invoiced, credited, paid and offered, kept by the worker of what the ledger and the quotes
//! say, so that a page never counts; and what is aimed at.

pub mod dashboard;
mod money;
pub mod projection;
pub mod target;
mod widget;
mod words;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{SalesApprove, SalesCreate, SalesDelete, SalesEdit, SalesExport, SalesView};
use web::{Access::Needs, Routes, routes};

pub fn routes() -> Routes {
    Routes::new()
        .get(Needs(SalesView), dashboard::pages::PATH, dashboard::pages::show_sales)
        .get(Needs(SalesView), dashboard::pages::CLIENTS, dashboard::pages::show_top_clients)
        .get(Needs(SalesView), dashboard::lines::INVOICES, dashboard::lines::list_sales)
        .get(Needs(SalesView), dashboard::lines::SETTLED, dashboard::lines::list_settled)
        .get(Needs(SalesView), dashboard::lines::QUOTES, dashboard::lines::list_quotes)
        .get(Needs(SalesView), dashboard::pages::OPEN, dashboard::pages::list_receivables)
        .get(Needs(SalesExport), dashboard::export::PATH, dashboard::export::export_figures)
        .get(Needs(SalesView), dashboard::pages::CASH, dashboard::pages::show_cash)
        .get(Needs(SalesView), dashboard::pages::CASH_WEEK, dashboard::pages::show_cash_week)
        .api(Needs(SalesView), routes!(dashboard::api::show_figures))
        .api(Needs(SalesView), routes!(dashboard::api::list_top_clients))
        .api(Needs(SalesView), routes!(dashboard::api::list_sales))
        .api(Needs(SalesView), routes!(dashboard::api::list_sale_lines))
        .api(Needs(SalesView), routes!(dashboard::api::show_receivables))
        .api(Needs(SalesView), routes!(dashboard::api::list_receivables))
        .api(Needs(SalesView), routes!(dashboard::api::show_cash_week))
        .get(Needs(SalesView), projection::pages::PATH, projection::pages::show_projection)
        .get(Needs(SalesView), projection::pages::PROGRESS, projection::pages::show_progress)
        .post(Needs(SalesApprove), projection::pages::PATH, projection::pages::rebuild_figures)
        .api(Needs(SalesView), routes!(projection::api::show_projection))
        .api(Needs(SalesApprove), routes!(projection::api::rebuild_figures))
        .get(Needs(SalesView), target::pages::PATH, target::pages::list_targets)
        .get(Needs(SalesCreate), target::pages::NEW, target::pages::new_target)
        .post(Needs(SalesCreate), target::pages::NEW, target::pages::create_target)
        .get(Needs(SalesView), "/ventes/objectifs/{id}", target::pages::show_target)
        .get(Needs(SalesEdit), "/ventes/objectifs/{id}/modifier", target::pages::target_form)
        .post(Needs(SalesEdit), "/ventes/objectifs/{id}/modifier", target::pages::edit_target)
        .post(Needs(SalesDelete), "/ventes/objectifs/{id}/supprimer", target::pages::delete_target)
        .api(Needs(SalesView), routes!(target::api::list_targets))
        .api(Needs(SalesCreate), routes!(target::api::create_target))
        .api(Needs(SalesView), routes!(target::api::show_target))
        .api(Needs(SalesEdit), routes!(target::api::edit_target))
        .api(Needs(SalesDelete), routes!(target::api::delete_target))
        // What the home page loads.
        .get(Needs(SalesView), "/ventes/widgets/chiffre-affaires", widget::show_revenue)
        .get(Needs(SalesView), "/ventes/widgets/encours", widget::show_receivables)
        .get(Needs(SalesView), "/ventes/widgets/objectifs", widget::show_targets)
        .get(Needs(SalesView), "/ventes/widgets/tresorerie", widget::show_cash)
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
