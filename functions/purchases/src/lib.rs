//! Purchases: what the organization spends, on what, with whom, and what of the VAT comes back.

pub mod expense;
pub mod inbound;
pub mod received;
pub mod recurring;
pub mod report;
pub mod settings;
pub mod spending;
pub mod supplier;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{SalesApprove, SalesCreate, SalesDelete, SalesEdit, SalesExport, SalesView};
use web::{Access::Needs, Routes, routes};

/// A form that has nothing but its key and its version.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
pub struct Nothing {}

pub fn routes() -> Routes {
    Routes::new()
        .get(Needs(SalesView), "/ventes/depenses", expense::pages::list_expenses)
        .get(Needs(SalesCreate), "/ventes/depenses/nouvelle", expense::pages::new_expense)
        .post(Needs(SalesCreate), "/ventes/depenses/nouvelle", expense::pages::create_expense)
        .get(Needs(SalesExport), "/ventes/depenses/export", expense::exchange::pages::export_expenses)
        .get(Needs(SalesCreate), "/ventes/depenses/import", expense::exchange::pages::show_import)
        .post(Needs(SalesCreate), "/ventes/depenses/import", expense::exchange::pages::import_expenses)
        .post(Needs(SalesCreate), "/ventes/depenses/import/verifier", expense::exchange::pages::check_import)
        .post(Needs(SalesCreate), "/ventes/depenses/import/televersement", expense::exchange::api::begin_on_page)
        .get(Needs(SalesView), "/ventes/depenses/tva", expense::vat::show_recovered_vat)
        .get(Needs(SalesExport), "/ventes/depenses/tva/export", expense::vat::export_recovered_vat)
        .get(Needs(SalesView), settings::pages::PATH, settings::pages::show_settings)
        .post(Needs(SalesApprove), settings::pages::PATH, settings::pages::edit_settings)
        .get(Needs(SalesView), recurring::pages::PATH, recurring::pages::list_recurring_expenses)
        .get(Needs(SalesCreate), "/ventes/depenses/recurrentes/nouvelle", recurring::pages::new_recurring_expense)
        .post(Needs(SalesCreate), "/ventes/depenses/recurrentes/nouvelle", recurring::pages::create_recurring_expense)
        .get(Needs(SalesView), "/ventes/depenses/recurrentes/{id}", recurring::pages::show_recurring_expense)
        .post(Needs(SalesEdit), "/ventes/depenses/recurrentes/{id}", recurring::pages::edit_recurring_expense)
        .post(
            Needs(SalesEdit),
            "/ventes/depenses/recurrentes/{id}/suspendre",
            recurring::pages::pause_recurring_expense,
        )
        .post(
            Needs(SalesEdit),
            "/ventes/depenses/recurrentes/{id}/reprendre",
            recurring::pages::resume_recurring_expense,
        )
        .post(Needs(SalesEdit), "/ventes/depenses/recurrentes/{id}/arreter", recurring::pages::stop_recurring_expense)
        .get(Needs(SalesView), spending::pages::PATH, spending::pages::list_spending_lines)
        .get(Needs(SalesView), "/ventes/depenses/banque/{id}", spending::pages::show_spending_line)
        .post(Needs(SalesEdit), "/ventes/depenses/banque/{id}/rapprocher", spending::pages::match_spending_line)
        .post(Needs(SalesCreate), "/ventes/depenses/banque/{id}/depense", spending::pages::enter_spending_line)
        .get(Needs(SalesView), "/ventes/depenses/{id}", expense::pages::show_expense)
        .get(Needs(SalesEdit), "/ventes/depenses/{id}/modifier", expense::pages::change_expense)
        .post(Needs(SalesEdit), "/ventes/depenses/{id}/modifier", expense::pages::edit_expense)
        .post(Needs(SalesDelete), "/ventes/depenses/{id}/supprimer", expense::pages::delete_expense)
        .post(Needs(SalesCreate), "/ventes/depenses/{id}/soumettre", expense::pages::submit_expense)
        .post(Needs(SalesCreate), "/ventes/depenses/{id}/retirer", expense::pages::withdraw_expense)
        .post(Needs(SalesApprove), "/ventes/depenses/{id}/approuver", expense::pages::approve_expense)
        .post(Needs(SalesApprove), "/ventes/depenses/{id}/refuser", expense::pages::refuse_expense)
        .post(Needs(SalesEdit), "/ventes/depenses/{id}/payer", expense::pages::pay_expense)
        .post(Needs(SalesEdit), "/ventes/depenses/{id}/impayer", expense::pages::unpay_expense)
        .get(Needs(SalesView), "/ventes/depenses/{id}/justificatif", expense::pages::download_receipt)
        .post(Needs(SalesEdit), "/ventes/depenses/{id}/justificatif", expense::pages::attach_receipt)
        .post(
            Needs(SalesEdit),
            "/ventes/depenses/{id}/justificatif/televersement",
            expense::pages::begin_receipt_upload,
        )
        .post(Needs(SalesEdit), "/ventes/depenses/{id}/justificatif/retirer", expense::pages::remove_receipt)
        .get(Needs(SalesView), received::pages::PATH, received::pages::list_received_invoices)
        .post(Needs(SalesCreate), received::pages::PATH, received::pages::receive_invoice)
        .post(
            Needs(SalesCreate),
            "/ventes/factures-recues/televersement",
            received::pages::begin_received_invoice_upload,
        )
        .post(Needs(SalesApprove), "/ventes/factures-recues/adresse", received::pages::renew_invoice_address)
        .get(Needs(SalesView), "/ventes/factures-recues/{id}", received::pages::show_received_invoice)
        .get(Needs(SalesView), "/ventes/factures-recues/{id}/fichier", received::pages::download_received_invoice)
        .post(
            Needs(SalesEdit),
            "/ventes/factures-recues/{id}/prendre-en-charge",
            received::pages::take_received_invoice,
        )
        .post(Needs(SalesApprove), "/ventes/factures-recues/{id}/approuver", received::pages::approve_received_invoice)
        .post(Needs(SalesEdit), "/ventes/factures-recues/{id}/litige", received::pages::dispute_received_invoice)
        .post(Needs(SalesApprove), "/ventes/factures-recues/{id}/refuser", received::pages::refuse_received_invoice)
        .post(Needs(SalesEdit), "/ventes/factures-recues/{id}/encaissee", received::pages::note_payment_received)
        .post(Needs(SalesEdit), "/ventes/factures-recues/{id}/compte", received::pages::confirm_supplier_account)
        .get(Needs(SalesView), supplier::pages::PATH, supplier::pages::list_suppliers)
        .get(Needs(SalesCreate), "/ventes/fournisseurs/nouveau", supplier::pages::new_supplier)
        .post(Needs(SalesCreate), "/ventes/fournisseurs/nouveau", supplier::pages::create_supplier)
        .get(Needs(SalesView), "/ventes/fournisseurs/{id}", supplier::pages::show_supplier)
        .get(Needs(SalesEdit), "/ventes/fournisseurs/{id}/modifier", supplier::pages::change_supplier)
        .post(Needs(SalesEdit), "/ventes/fournisseurs/{id}/modifier", supplier::pages::edit_supplier)
        .post(Needs(SalesEdit), "/ventes/fournisseurs/{id}/archiver", supplier::pages::archive_supplier)
        .post(Needs(SalesEdit), "/ventes/fournisseurs/{id}/retablir", supplier::pages::restore_supplier)
        .post(Needs(SalesDelete), "/ventes/fournisseurs/{id}/supprimer", supplier::pages::delete_supplier)
        .api(Needs(SalesView), routes!(expense::api::list_expenses))
        .api(Needs(SalesCreate), routes!(expense::api::create_expense))
        .api(Needs(SalesExport), routes!(expense::exchange::api::export_expenses))
        .api(Needs(SalesCreate), routes!(expense::exchange::api::begin_expense_import_upload))
        .api(Needs(SalesCreate), routes!(expense::exchange::api::check_expense_import))
        .api(Needs(SalesCreate), routes!(expense::exchange::api::import_expenses))
        .api(Needs(SalesView), routes!(expense::vat::list_recovered_vat))
        .api(Needs(SalesView), routes!(expense::api::show_expense))
        .api(Needs(SalesEdit), routes!(expense::api::edit_expense))
        .api(Needs(SalesDelete), routes!(expense::api::delete_expense))
        .api(Needs(SalesCreate), routes!(expense::api::submit_expense))
        .api(Needs(SalesCreate), routes!(expense::api::withdraw_expense))
        .api(Needs(SalesApprove), routes!(expense::api::approve_expense))
        .api(Needs(SalesApprove), routes!(expense::api::refuse_expense))
        .api(Needs(SalesEdit), routes!(expense::api::pay_expense))
        .api(Needs(SalesEdit), routes!(expense::api::unpay_expense))
        .api(Needs(SalesEdit), routes!(expense::api::begin_receipt_upload))
        .api(Needs(SalesEdit), routes!(expense::api::attach_receipt))
        .api(Needs(SalesView), routes!(expense::api::download_receipt))
        .api(Needs(SalesEdit), routes!(expense::api::remove_receipt))
        .api(Needs(SalesView), routes!(settings::api::show_purchase_settings))
        .api(Needs(SalesApprove), routes!(settings::api::edit_purchase_settings))
        .api(Needs(SalesView), routes!(recurring::api::list_recurring_expenses))
        .api(Needs(SalesCreate), routes!(recurring::api::create_recurring_expense))
        .api(Needs(SalesView), routes!(recurring::api::show_recurring_expense))
        .api(Needs(SalesEdit), routes!(recurring::api::edit_recurring_expense))
        .api(Needs(SalesEdit), routes!(recurring::api::pause_recurring_expense))
        .api(Needs(SalesEdit), routes!(recurring::api::resume_recurring_expense))
        .api(Needs(SalesEdit), routes!(recurring::api::stop_recurring_expense))
        .api(Needs(SalesView), routes!(spending::api::list_spending_lines))
        .api(Needs(SalesEdit), routes!(spending::api::match_spending_line))
        .api(Needs(SalesCreate), routes!(spending::api::enter_spending_line))
        .api(Needs(SalesView), routes!(received::api::list_received_invoices))
        .api(Needs(SalesCreate), routes!(received::api::begin_received_invoice_upload))
        .api(Needs(SalesCreate), routes!(received::api::receive_invoice))
        .api(Needs(SalesView), routes!(inbound::api::show_invoice_address))
        .api(Needs(SalesApprove), routes!(inbound::api::renew_invoice_address))
        .api(Needs(SalesView), routes!(inbound::api::list_received_mails))
        .api(Needs(SalesView), routes!(received::api::show_received_invoice))
        .api(Needs(SalesEdit), routes!(received::api::take_received_invoice))
        .api(Needs(SalesApprove), routes!(received::api::approve_received_invoice))
        .api(Needs(SalesEdit), routes!(received::api::dispute_received_invoice))
        .api(Needs(SalesApprove), routes!(received::api::refuse_received_invoice))
        .api(Needs(SalesEdit), routes!(received::api::note_payment_received))
        .api(Needs(SalesEdit), routes!(received::api::confirm_supplier_account))
        .api(Needs(SalesView), routes!(supplier::api::list_suppliers))
        .api(Needs(SalesCreate), routes!(supplier::api::create_supplier))
        .api(Needs(SalesView), routes!(supplier::api::show_supplier))
        .api(Needs(SalesEdit), routes!(supplier::api::edit_supplier))
        .api(Needs(SalesDelete), routes!(supplier::api::delete_supplier))
        .api(Needs(SalesEdit), routes!(supplier::api::archive_supplier))
        .api(Needs(SalesEdit), routes!(supplier::api::restore_supplier))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
