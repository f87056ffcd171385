//! Documents as they will look, drawn while they are typed, and marked copies of those that left. A function of its own: the
//! renderer and its fonts are three times what the others weigh. Nothing here writes.

mod copy;
mod draw;
pub mod pages;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{InvoicingApprove, InvoicingCreate, InvoicingView};
use web::{Access::Needs, Routes};

pub fn routes() -> Routes {
    Routes::new()
        .post(Needs(InvoicingCreate), "/facturation/apercu/devis", pages::preview_new_quote)
        .post(Needs(InvoicingCreate), "/facturation/apercu/devis/{id}", pages::preview_quote)
        .post(Needs(InvoicingCreate), "/facturation/apercu/factures", pages::preview_new_invoice)
        .post(Needs(InvoicingCreate), "/facturation/apercu/factures/{id}", pages::preview_invoice)
        .post(Needs(InvoicingApprove), "/facturation/apercu/avoirs/{id}", pages::preview_credit_note)
        .get(Needs(InvoicingView), "/facturation/duplicata/factures/{id}", copy::copy_invoice)
        .get(Needs(InvoicingView), "/facturation/duplicata/avoirs/{id}", copy::copy_credit_note)
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
