//! Invoicing: quotes, invoices, payments, reminders, and the ledger under them.

pub mod client;
pub mod content;
pub mod credit_note;
pub mod document;
mod erasure;
mod form;
pub mod home;
pub mod invoice;
pub mod ledger;
mod mails;
pub mod panel;
pub mod payment;
pub mod portal;
pub mod portion;
pub mod quote;
mod view;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{
    InvoicingApprove, InvoicingCreate, InvoicingDelete, InvoicingEdit, InvoicingExport, InvoicingView,
};
use web::{
    Access::{Anyone, Needs},
    Routes, routes,
};

pub fn routes() -> Routes {
    Routes::new()
        .get(Needs(InvoicingView), "/facturation", home::show_invoicing)
        .get(Needs(InvoicingView), "/facturation/panneaux/synthese", panel::show_summary)
        .get(Needs(InvoicingView), "/facturation/panneaux/clients/{id}", panel::show_client)
        .get(Needs(InvoicingView), "/facturation/devis", quote::pages::list_quotes)
        .get(Needs(InvoicingCreate), "/facturation/devis/nouveau", quote::pages::new_quote)
        .post(Needs(InvoicingCreate), "/facturation/devis/nouveau", quote::pages::create_quote)
        .get(Needs(InvoicingView), "/facturation/devis/{id}", quote::pages::show_quote)
        .get(Needs(InvoicingCreate), "/facturation/devis/{id}/modifier", quote::pages::change_quote)
        .post(Needs(InvoicingCreate), "/facturation/devis/{id}/modifier", quote::pages::edit_quote)
        .post(Needs(InvoicingDelete), "/facturation/devis/{id}/supprimer", quote::pages::delete_quote)
        .post(Needs(InvoicingEdit), "/facturation/devis/{id}/envoyer", quote::pages::send_quote)
        .post(Needs(InvoicingEdit), "/facturation/devis/{id}/accepter", quote::pages::accept_quote)
        .post(Needs(InvoicingEdit), "/facturation/devis/{id}/refuser", quote::pages::refuse_quote)
        .post(Needs(InvoicingCreate), "/facturation/devis/{id}/reviser", quote::pages::revise_quote)
        .post(Needs(InvoicingCreate), "/facturation/devis/{id}/dupliquer", quote::pages::duplicate_quote)
        .get(Needs(InvoicingCreate), "/facturation/devis/{id}/facturer", quote::pages::new_invoice)
        .post(Needs(InvoicingCreate), "/facturation/devis/{id}/facturer", quote::pages::invoice_quote)
        .post(Needs(InvoicingCreate), "/facturation/devis/{id}/acompte", quote::pages::invoice_deposit)
        .get(Needs(InvoicingView), "/facturation/devis/{id}/pdf", quote::pages::download_quote)
        .get(Needs(InvoicingView), "/facturation/factures", invoice::pages::list_invoices)
        .get(Needs(InvoicingCreate), "/facturation/factures/nouvelle", invoice::pages::new_invoice)
        .post(Needs(InvoicingCreate), "/facturation/factures/nouvelle", invoice::pages::create_invoice)
        .get(Needs(InvoicingView), "/facturation/factures/{id}", invoice::pages::show_invoice)
        .get(Needs(InvoicingCreate), "/facturation/factures/{id}/modifier", invoice::pages::change_invoice)
        .post(Needs(InvoicingCreate), "/facturation/factures/{id}/modifier", invoice::pages::edit_invoice)
        .post(Needs(InvoicingDelete), "/facturation/factures/{id}/supprimer", invoice::pages::delete_invoice)
        .post(Needs(InvoicingCreate), "/facturation/factures/{id}/dupliquer", invoice::pages::duplicate_invoice)
        .post(Needs(InvoicingApprove), "/facturation/factures/{id}/emettre", invoice::pages::issue_invoice)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/paiements", invoice::pages::record_payment)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/remboursements", invoice::pages::refund_invoice)
        .post(
            Needs(InvoicingEdit),
            "/facturation/factures/{id}/paiements/{payment}/annuler",
            invoice::pages::reverse_payment,
        )
        .get(Needs(InvoicingView), "/facturation/factures/{id}/pdf", invoice::pages::download_invoice)
        .get(Needs(InvoicingApprove), "/facturation/factures/{id}/avoir", credit_note::pages::new_credit_note)
        .post(Needs(InvoicingApprove), "/facturation/factures/{id}/avoir", credit_note::pages::credit_invoice)
        .get(Needs(InvoicingView), "/facturation/avoirs", credit_note::pages::list_credit_notes)
        .get(Needs(InvoicingView), "/facturation/avoirs/{id}", credit_note::pages::show_credit_note)
        .get(Needs(InvoicingView), "/facturation/avoirs/{id}/pdf", credit_note::pages::download_credit_note)
        .api(Needs(InvoicingView), routes!(quote::api::list_quotes))
        .api(Needs(InvoicingCreate), routes!(quote::api::create_quote))
        .api(Needs(InvoicingView), routes!(quote::api::show_quote))
        .api(Needs(InvoicingCreate), routes!(quote::api::edit_quote))
        .api(Needs(InvoicingDelete), routes!(quote::api::delete_quote))
        .api(Needs(InvoicingEdit), routes!(quote::api::send_quote))
        .api(Needs(InvoicingEdit), routes!(quote::api::accept_quote))
        .api(Needs(InvoicingEdit), routes!(quote::api::refuse_quote))
        .api(Needs(InvoicingCreate), routes!(quote::api::revise_quote))
        .api(Needs(InvoicingCreate), routes!(quote::api::duplicate_quote))
        .api(Needs(InvoicingCreate), routes!(quote::api::invoice_quote))
        .api(Needs(InvoicingCreate), routes!(quote::api::invoice_deposit))
        .api(Needs(InvoicingView), routes!(quote::api::download_quote))
        .api(Needs(InvoicingView), routes!(invoice::api::list_invoices))
        .api(Needs(InvoicingCreate), routes!(invoice::api::create_invoice))
        .api(Needs(InvoicingView), routes!(invoice::api::show_invoice))
        .api(Needs(InvoicingCreate), routes!(invoice::api::edit_invoice))
        .api(Needs(InvoicingDelete), routes!(invoice::api::delete_invoice))
        .api(Needs(InvoicingCreate), routes!(invoice::api::duplicate_invoice))
        .api(Needs(InvoicingApprove), routes!(invoice::api::issue_invoice))
        .api(Needs(InvoicingView), routes!(invoice::api::download_invoice))
        .api(Needs(InvoicingApprove), routes!(credit_note::api::credit_invoice))
        .api(Needs(InvoicingView), routes!(credit_note::api::list_credit_notes))
        .api(Needs(InvoicingView), routes!(credit_note::api::show_credit_note))
        .api(Needs(InvoicingView), routes!(credit_note::api::download_credit_note))
        .api(Needs(InvoicingView), routes!(payment::api::list_payments))
        .api(Needs(InvoicingEdit), routes!(payment::api::record_payment))
        .api(Needs(InvoicingEdit), routes!(payment::api::refund_invoice))
        .api(Needs(InvoicingEdit), routes!(payment::api::reverse_payment))
        .api(Needs(InvoicingExport), routes!(ledger::verify_ledger))
        .get(Anyone, "/portail", portal::pages::show_document)
        .get(Anyone, "/portail/pdf", portal::pages::download_document)
        .post(Anyone, "/portail/acces", portal::space::request_portal_access)
        .get(Anyone, "/portail/documents", portal::space::show_documents)
        .post(Anyone, "/portail/documents/ouvrir", portal::space::open_portal)
        .post(Anyone, "/portail/documents/fermer", portal::space::leave_portal)
        .get(Anyone, "/portail/documents/pdf", portal::space::download_client_document)
        .post(Anyone, "/portail/accord", portal::pages::sign_quote)
        .post(Anyone, "/portail/refus", portal::pages::decline_quote)
        .get(Needs(InvoicingView), "/facturation/liens/{id}", portal::panel::show_document_links)
        .post(Needs(InvoicingEdit), "/facturation/liens/{id}", portal::panel::create_document_link)
        .post(Needs(InvoicingEdit), "/facturation/liens/{id}/{link}/revoquer", portal::panel::revoke_document_link)
        .api(Needs(InvoicingView), routes!(portal::api::list_document_links))
        .api(Needs(InvoicingEdit), routes!(portal::api::create_document_link))
        .api(Needs(InvoicingEdit), routes!(portal::api::revoke_document_link))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
