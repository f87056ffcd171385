//! Invoicing: quotes, invoices, payments, reminders, and the ledger under them.

pub mod bank;
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
pub mod portion;
pub mod quote;
pub mod receipt;
pub mod sepa;
mod view;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{
    InvoicingApprove, InvoicingCreate, InvoicingDelete, InvoicingEdit, InvoicingExport, InvoicingView,
};
use web::{Access::Needs, Routes, routes};

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
        .get(Needs(InvoicingView), "/facturation/paiements", payment::pages::list_payments_page)
        .get(Needs(InvoicingExport), "/facturation/paiements/export", payment::pages::export_payments)
        .get(Needs(InvoicingEdit), "/facturation/paiements/nouveau", receipt::pages::new_receipt)
        .post(Needs(InvoicingEdit), "/facturation/paiements/nouveau", receipt::pages::record_receipt)
        .get(Needs(InvoicingView), "/facturation/encaissements/{id}", receipt::pages::show_receipt)
        .post(Needs(InvoicingEdit), "/facturation/encaissements/{id}/annuler", receipt::pages::reverse_receipt)
        .get(Needs(InvoicingView), "/facturation/prelevements", sepa::pages::show_debits)
        .post(Needs(InvoicingEdit), "/facturation/prelevements", sepa::pages::create_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/creancier", sepa::pages::set_creditor)
        .get(Needs(InvoicingView), "/facturation/prelevements/{id}", sepa::pages::show_remittance)
        .get(Needs(InvoicingExport), "/facturation/prelevements/{id}/fichier", sepa::pages::download_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/{id}/confirmer", sepa::pages::confirm_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/{id}/annuler", sepa::pages::cancel_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/{id}/rejeter", sepa::pages::reject_debit)
        .get(Needs(InvoicingEdit), "/facturation/mandats/nouveau", sepa::pages::new_mandate)
        .post(Needs(InvoicingEdit), "/facturation/mandats/nouveau", sepa::pages::create_mandate)
        .post(Needs(InvoicingEdit), "/facturation/mandats/{id}/revoquer", sepa::pages::revoke_mandate)
        .get(Needs(InvoicingEdit), "/facturation/factures/{id}/virement", sepa::pages::new_transfer)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/virement", sepa::pages::refund_transfer)
        .get(Needs(InvoicingView), "/facturation/banque", bank::pages::list_lines)
        .post(Needs(InvoicingEdit), "/facturation/banque/televersement", bank::pages::begin_statement_upload)
        .post(Needs(InvoicingEdit), "/facturation/banque/import", bank::pages::import_statement)
        .get(Needs(InvoicingView), "/facturation/banque/{id}", bank::pages::show_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/rapprocher", bank::pages::match_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/ignorer", bank::pages::ignore_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/rouvrir", bank::pages::reopen_line)
        .get(Needs(InvoicingEdit), "/facturation/factures/{id}/imputer", receipt::pages::new_credit_application)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/imputer", receipt::pages::apply_credit)
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
        .api(Needs(InvoicingView), routes!(payment::api::list_all_payments))
        .api(Needs(InvoicingView), routes!(receipt::api::list_receipts))
        .api(Needs(InvoicingEdit), routes!(receipt::api::record_receipt))
        .api(Needs(InvoicingView), routes!(receipt::api::propose_receipt))
        .api(Needs(InvoicingView), routes!(receipt::api::show_receipt))
        .api(Needs(InvoicingEdit), routes!(receipt::api::reverse_receipt))
        .api(Needs(InvoicingEdit), routes!(receipt::api::apply_credit))
        .api(Needs(InvoicingView), routes!(sepa::api::show_sepa_creditor))
        .api(Needs(InvoicingEdit), routes!(sepa::api::set_sepa_creditor))
        .api(Needs(InvoicingView), routes!(sepa::api::list_mandates))
        .api(Needs(InvoicingEdit), routes!(sepa::api::create_mandate))
        .api(Needs(InvoicingEdit), routes!(sepa::api::revoke_mandate))
        .api(Needs(InvoicingView), routes!(sepa::api::list_remittances))
        .api(Needs(InvoicingEdit), routes!(sepa::api::create_remittance))
        .api(Needs(InvoicingView), routes!(sepa::api::show_remittance))
        .api(Needs(InvoicingExport), routes!(sepa::api::download_remittance))
        .api(Needs(InvoicingEdit), routes!(sepa::api::confirm_remittance))
        .api(Needs(InvoicingEdit), routes!(sepa::api::cancel_remittance))
        .api(Needs(InvoicingEdit), routes!(sepa::api::reject_debit))
        .api(Needs(InvoicingEdit), routes!(sepa::api::refund_transfer))
        .api(Needs(InvoicingView), routes!(bank::api::list_bank_lines))
        .api(Needs(InvoicingEdit), routes!(bank::api::begin_statement_upload))
        .api(Needs(InvoicingEdit), routes!(bank::api::import_statement))
        .api(Needs(InvoicingView), routes!(bank::api::show_bank_line))
        .api(Needs(InvoicingEdit), routes!(bank::api::match_bank_line))
        .api(Needs(InvoicingEdit), routes!(bank::api::ignore_bank_line))
        .api(Needs(InvoicingEdit), routes!(bank::api::reopen_bank_line))
        .api(Needs(InvoicingExport), routes!(ledger::verify_ledger))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
