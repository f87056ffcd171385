//! Invoicing: quotes, invoices, payments, reminders, and the ledger under them.

pub mod accounting;
pub mod accounting_worker;
pub mod bank;
pub mod batch;
pub mod catalogue;
pub mod client;
pub mod content;
pub mod credit_note;
pub mod document;
mod erasure;
pub mod figures;
mod form;
pub mod home;
pub mod invoice;
pub mod ledger;
pub mod listing;
mod mails;
pub mod panel;
pub mod payment;
pub mod portal;
pub mod portion;
pub mod price_list;
pub mod product;
pub mod quote;
pub mod receipt;
pub mod recurring;
pub mod self_billing;
pub mod stock;
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
        .get(Needs(InvoicingView), "/facturation/devis", listing::pages::list_quotes)
        .get(Needs(InvoicingExport), "/facturation/devis/export", listing::pages::export_quotes)
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
        .get(Needs(InvoicingCreate), "/facturation/devis/{id}/situation", quote::situation::new_situation)
        .post(Needs(InvoicingCreate), "/facturation/devis/{id}/situation", quote::situation::invoice_situation)
        .get(Needs(InvoicingView), "/facturation/devis/{id}/pdf", quote::pages::download_quote)
        .get(Needs(InvoicingView), "/facturation/factures", listing::pages::list_invoices)
        .get(Needs(InvoicingExport), "/facturation/factures/export", listing::pages::export_invoices)
        .get(Needs(InvoicingApprove), "/facturation/factures/emission", batch::pages::choose_drafts)
        .post(Needs(InvoicingApprove), "/facturation/factures/emission", batch::pages::create_issue_batch)
        .get(Needs(InvoicingApprove), "/facturation/factures/emission/{id}", batch::pages::show_issue_batch)
        .get(Needs(InvoicingCreate), "/facturation/factures/nouvelle", invoice::pages::new_invoice)
        .post(Needs(InvoicingCreate), "/facturation/factures/nouvelle", invoice::pages::create_invoice)
        .get(Needs(InvoicingView), "/facturation/factures/{id}", invoice::pages::show_invoice)
        .get(Needs(InvoicingCreate), "/facturation/factures/{id}/modifier", invoice::pages::change_invoice)
        .post(Needs(InvoicingCreate), "/facturation/factures/{id}/modifier", invoice::pages::edit_invoice)
        .post(Needs(InvoicingDelete), "/facturation/factures/{id}/supprimer", invoice::pages::delete_invoice)
        .post(Needs(InvoicingCreate), "/facturation/factures/{id}/rectifier", invoice::pages::correct_invoice)
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
        .get(Needs(InvoicingView), "/facturation/avoirs", listing::pages::list_credit_notes)
        .get(Needs(InvoicingExport), "/facturation/avoirs/export", listing::pages::export_credit_notes)
        .get(Needs(InvoicingView), "/facturation/avoirs/{id}", credit_note::pages::show_credit_note)
        .get(Needs(InvoicingView), "/facturation/avoirs/{id}/pdf", credit_note::pages::download_credit_note)
        .get(Needs(InvoicingView), "/facturation/paiements", payment::pages::list_payments_page)
        .get(Needs(InvoicingExport), "/facturation/paiements/export", payment::pages::export_payments)
        .get(Needs(InvoicingEdit), "/facturation/paiements/nouveau", receipt::pages::new_receipt)
        .post(Needs(InvoicingEdit), "/facturation/paiements/nouveau", receipt::pages::record_receipt)
        .get(Needs(InvoicingView), "/facturation/encaissements/{id}", receipt::pages::show_receipt)
        .post(Needs(InvoicingEdit), "/facturation/encaissements/{id}/annuler", receipt::pages::reverse_receipt)
        .get(Needs(InvoicingView), "/facturation/banque", bank::pages::list_lines)
        .post(Needs(InvoicingEdit), "/facturation/banque/televersement", bank::pages::begin_statement_upload)
        .post(Needs(InvoicingEdit), "/facturation/banque/import", bank::pages::import_statement)
        .get(Needs(InvoicingView), "/facturation/banque/{id}", bank::pages::show_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/rapprocher", bank::pages::match_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/ignorer", bank::pages::ignore_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/rouvrir", bank::pages::reopen_line)
        .get(Needs(InvoicingEdit), "/facturation/factures/{id}/imputer", receipt::pages::new_credit_application)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/imputer", receipt::pages::apply_credit)
        .get(Needs(InvoicingView), "/facturation/recurrentes", recurring::pages::list_recurring_invoices)
        .get(Needs(InvoicingCreate), "/facturation/recurrentes/nouvelle", recurring::pages::new_recurring_invoice)
        .post(Needs(InvoicingCreate), "/facturation/recurrentes/nouvelle", recurring::pages::create_recurring_invoice)
        .get(Needs(InvoicingView), "/facturation/recurrentes/{id}", recurring::pages::show_recurring_invoice)
        .get(
            Needs(InvoicingCreate),
            "/facturation/recurrentes/{id}/modifier",
            recurring::pages::change_recurring_invoice,
        )
        .post(
            Needs(InvoicingCreate),
            "/facturation/recurrentes/{id}/modifier",
            recurring::pages::edit_recurring_invoice,
        )
        .post(Needs(InvoicingCreate), "/facturation/recurrentes/{id}/prix", recurring::pages::reprice_recurring_invoice)
        .post(
            Needs(InvoicingEdit),
            "/facturation/recurrentes/{id}/suspendre",
            recurring::pages::pause_recurring_invoice,
        )
        .post(
            Needs(InvoicingEdit),
            "/facturation/recurrentes/{id}/reprendre",
            recurring::pages::resume_recurring_invoice,
        )
        .post(Needs(InvoicingEdit), "/facturation/recurrentes/{id}/arreter", recurring::pages::stop_recurring_invoice)
        .api(Needs(InvoicingView), routes!(recurring::api::list_recurring_invoices))
        .api(Needs(InvoicingCreate), routes!(recurring::api::create_recurring_invoice))
        .api(Needs(InvoicingView), routes!(recurring::api::show_recurring_invoice))
        .api(Needs(InvoicingCreate), routes!(recurring::api::edit_recurring_invoice))
        .api(Needs(InvoicingCreate), routes!(recurring::api::reprice_recurring_invoice))
        .api(Needs(InvoicingEdit), routes!(recurring::api::pause_recurring_invoice))
        .api(Needs(InvoicingEdit), routes!(recurring::api::resume_recurring_invoice))
        .api(Needs(InvoicingEdit), routes!(recurring::api::stop_recurring_invoice))
        .api(Needs(InvoicingView), routes!(recurring::api::list_occurrences))
        .get(Needs(InvoicingView), "/facturation/autofacturation", self_billing::pages::list_self_billed)
        .get(Needs(InvoicingCreate), "/facturation/autofacturation/nouvelle", self_billing::pages::new_self_billed)
        .post(Needs(InvoicingCreate), "/facturation/autofacturation/nouvelle", self_billing::pages::create_self_billed)
        .get(Needs(InvoicingView), "/facturation/autofacturation/mandats", self_billing::pages::list_mandates)
        .get(Needs(InvoicingApprove), "/facturation/autofacturation/mandats/nouveau", self_billing::pages::new_mandate)
        .post(
            Needs(InvoicingApprove),
            "/facturation/autofacturation/mandats/nouveau",
            self_billing::pages::create_mandate,
        )
        .get(Needs(InvoicingView), "/facturation/autofacturation/mandats/{id}", self_billing::pages::show_mandate)
        .get(
            Needs(InvoicingApprove),
            "/facturation/autofacturation/mandats/{id}/modifier",
            self_billing::pages::change_mandate,
        )
        .post(
            Needs(InvoicingApprove),
            "/facturation/autofacturation/mandats/{id}/modifier",
            self_billing::pages::edit_mandate,
        )
        .post(
            Needs(InvoicingApprove),
            "/facturation/autofacturation/mandats/{id}/revoquer",
            self_billing::pages::revoke_mandate,
        )
        .get(Needs(InvoicingView), "/facturation/autofacturation/{id}", self_billing::pages::show_self_billed)
        .get(
            Needs(InvoicingCreate),
            "/facturation/autofacturation/{id}/modifier",
            self_billing::pages::change_self_billed,
        )
        .post(
            Needs(InvoicingCreate),
            "/facturation/autofacturation/{id}/modifier",
            self_billing::pages::edit_self_billed,
        )
        .post(
            Needs(InvoicingDelete),
            "/facturation/autofacturation/{id}/supprimer",
            self_billing::pages::delete_self_billed,
        )
        .post(
            Needs(InvoicingApprove),
            "/facturation/autofacturation/{id}/emettre",
            self_billing::pages::issue_self_billed,
        )
        .post(
            Needs(InvoicingEdit),
            "/facturation/autofacturation/{id}/contester",
            self_billing::pages::contest_self_billed,
        )
        .post(
            Needs(InvoicingEdit),
            "/facturation/autofacturation/{id}/accepter",
            self_billing::pages::accept_self_billed,
        )
        .post(Needs(InvoicingEdit), "/facturation/autofacturation/{id}/payer", self_billing::pages::pay_self_billed)
        .post(Needs(InvoicingEdit), "/facturation/autofacturation/{id}/impayee", self_billing::pages::unpay_self_billed)
        .get(Needs(InvoicingApprove), "/facturation/autofacturation/{id}/avoir", self_billing::pages::new_credit_note)
        .post(
            Needs(InvoicingApprove),
            "/facturation/autofacturation/{id}/avoir",
            self_billing::pages::credit_self_billed,
        )
        .get(Needs(InvoicingView), "/facturation/autofacturation/{id}/pdf", self_billing::pages::download_self_billed)
        .api(Needs(InvoicingView), routes!(self_billing::api::list_mandates))
        .api(Needs(InvoicingApprove), routes!(self_billing::api::create_mandate))
        .api(Needs(InvoicingView), routes!(self_billing::api::show_mandate))
        .api(Needs(InvoicingApprove), routes!(self_billing::api::edit_mandate))
        .api(Needs(InvoicingApprove), routes!(self_billing::api::revoke_mandate))
        .api(Needs(InvoicingView), routes!(self_billing::api::list_self_billed))
        .api(Needs(InvoicingCreate), routes!(self_billing::api::create_self_billed))
        .api(Needs(InvoicingView), routes!(self_billing::api::show_self_billed))
        .api(Needs(InvoicingCreate), routes!(self_billing::api::edit_self_billed))
        .api(Needs(InvoicingDelete), routes!(self_billing::api::delete_self_billed))
        .api(Needs(InvoicingApprove), routes!(self_billing::api::issue_self_billed))
        .api(Needs(InvoicingEdit), routes!(self_billing::api::contest_self_billed))
        .api(Needs(InvoicingEdit), routes!(self_billing::api::accept_self_billed))
        .api(Needs(InvoicingEdit), routes!(self_billing::api::pay_self_billed))
        .api(Needs(InvoicingEdit), routes!(self_billing::api::unpay_self_billed))
        .api(Needs(InvoicingApprove), routes!(self_billing::api::credit_self_billed))
        .api(Needs(InvoicingView), routes!(self_billing::api::download_self_billed))
        .get(Needs(InvoicingView), "/facturation/catalogue", product::pages::list_products)
        .get(Needs(InvoicingView), "/facturation/catalogue/choix", product::pages::offer_products)
        .get(Needs(InvoicingCreate), "/facturation/catalogue/nouveau", product::pages::new_product)
        .post(Needs(InvoicingCreate), "/facturation/catalogue/nouveau", product::pages::create_product)
        .get(Needs(InvoicingView), "/facturation/catalogue/produits/{id}", product::pages::show_product)
        .get(Needs(InvoicingEdit), "/facturation/catalogue/produits/{id}/modifier", product::pages::change_product)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/produits/{id}/modifier", product::pages::edit_product)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/produits/{id}/archiver", product::pages::archive_product)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/produits/{id}/retablir", product::pages::restore_product)
        .post(Needs(InvoicingDelete), "/facturation/catalogue/produits/{id}/supprimer", product::pages::delete_product)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/produits/{id}/tarifs", price_list::pages::set_prices)
        .get(Needs(InvoicingView), "/facturation/catalogue/classement", catalogue::pages::show_order)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/categories", catalogue::pages::create_category)
        .get(Needs(InvoicingEdit), "/facturation/catalogue/categories/{id}", catalogue::pages::change_category)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/categories/{id}", catalogue::pages::edit_category)
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/categories/{id}/supprimer",
            catalogue::pages::delete_category,
        )
        .post(Needs(InvoicingEdit), "/facturation/catalogue/etiquettes", catalogue::pages::create_tag)
        .get(Needs(InvoicingEdit), "/facturation/catalogue/etiquettes/{id}", catalogue::pages::change_tag)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/etiquettes/{id}", catalogue::pages::edit_tag)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/etiquettes/{id}/supprimer", catalogue::pages::delete_tag)
        .get(Needs(InvoicingView), "/facturation/catalogue/tarifs", price_list::pages::list_price_lists)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/tarifs", price_list::pages::create_price_list)
        .get(Needs(InvoicingView), "/facturation/catalogue/tarifs/{id}", price_list::pages::show_price_list)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/tarifs/{id}", price_list::pages::edit_price_list)
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/tarifs/{id}/supprimer",
            price_list::pages::delete_price_list,
        )
        .post(Needs(InvoicingEdit), "/facturation/catalogue/tarifs/{id}/clients", price_list::pages::assign_price_list)
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/tarifs/{id}/clients/{client}/retirer",
            price_list::pages::unassign_price_list,
        )
        .api(Needs(InvoicingView), routes!(catalogue::api::list_categories))
        .api(Needs(InvoicingEdit), routes!(catalogue::api::create_category))
        .api(Needs(InvoicingEdit), routes!(catalogue::api::edit_category))
        .api(Needs(InvoicingEdit), routes!(catalogue::api::delete_category))
        .api(Needs(InvoicingView), routes!(catalogue::api::list_tags))
        .api(Needs(InvoicingEdit), routes!(catalogue::api::create_tag))
        .api(Needs(InvoicingEdit), routes!(catalogue::api::edit_tag))
        .api(Needs(InvoicingEdit), routes!(catalogue::api::delete_tag))
        .api(Needs(InvoicingView), routes!(price_list::api::list_price_lists))
        .api(Needs(InvoicingEdit), routes!(price_list::api::create_price_list))
        .api(Needs(InvoicingEdit), routes!(price_list::api::edit_price_list))
        .api(Needs(InvoicingEdit), routes!(price_list::api::delete_price_list))
        .api(Needs(InvoicingView), routes!(price_list::api::list_clients_of_price_list))
        .api(Needs(InvoicingEdit), routes!(price_list::api::assign_price_list))
        .api(Needs(InvoicingEdit), routes!(price_list::api::unassign_price_list))
        .api(Needs(InvoicingEdit), routes!(price_list::api::set_prices))
        .get(Needs(InvoicingView), "/facturation/catalogue/stock", stock::pages::list_stocks)
        .post(Needs(InvoicingApprove), "/facturation/catalogue/stock", stock::pages::set_stock_policy)
        .get(Needs(InvoicingView), "/facturation/catalogue/produits/{id}/stock", stock::pages::show_stock)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/produits/{id}/stock", stock::pages::adjust_stock)
        .api(Needs(InvoicingView), routes!(stock::api::list_stocks))
        .api(Needs(InvoicingView), routes!(stock::api::show_stock))
        .api(Needs(InvoicingView), routes!(stock::api::list_stock_moves))
        .api(Needs(InvoicingEdit), routes!(stock::api::adjust_stock))
        .api(Needs(InvoicingView), routes!(stock::api::show_stock_policy))
        .api(Needs(InvoicingApprove), routes!(stock::api::set_stock_policy))
        .api(Needs(InvoicingView), routes!(product::api::list_products))
        .api(Needs(InvoicingCreate), routes!(product::api::create_product))
        .api(Needs(InvoicingView), routes!(product::api::show_product))
        .api(Needs(InvoicingEdit), routes!(product::api::edit_product))
        .api(Needs(InvoicingDelete), routes!(product::api::delete_product))
        .api(Needs(InvoicingEdit), routes!(product::api::archive_product))
        .api(Needs(InvoicingEdit), routes!(product::api::restore_product))
        .get(Needs(InvoicingExport), "/facturation/journal", ledger::pages::show_ledger)
        .post(Needs(InvoicingExport), "/facturation/journal/verifier", ledger::pages::verify)
        .get(Needs(InvoicingExport), "/facturation/comptabilite", accounting::pages::show_accounting)
        .post(Needs(InvoicingExport), "/facturation/comptabilite", accounting::pages::request_job)
        .get(Needs(InvoicingExport), "/facturation/comptabilite/fichiers/{id}", accounting::pages::download_job)
        .get(Needs(InvoicingExport), "/facturation/comptabilite/plan", accounting::pages::show_plan)
        .post(Needs(InvoicingApprove), "/facturation/comptabilite/plan", accounting::pages::edit_plan)
        .api(Needs(InvoicingExport), routes!(accounting::api::show_account_plan))
        .api(Needs(InvoicingApprove), routes!(accounting::api::edit_account_plan))
        .api(Needs(InvoicingExport), routes!(accounting::api::list_jobs))
        .api(Needs(InvoicingExport), routes!(accounting::api::request_job))
        .api(Needs(InvoicingExport), routes!(accounting::api::show_job))
        .api(Needs(InvoicingExport), routes!(accounting::api::download_job))
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
        .api(Needs(InvoicingCreate), routes!(quote::api::invoice_situation))
        .api(Needs(InvoicingCreate), routes!(quote::api::invoice_deposit))
        .api(Needs(InvoicingView), routes!(quote::api::download_quote))
        .api(Needs(InvoicingView), routes!(invoice::api::list_invoices))
        .api(Needs(InvoicingCreate), routes!(invoice::api::create_invoice))
        .api(Needs(InvoicingView), routes!(invoice::api::show_invoice))
        .api(Needs(InvoicingCreate), routes!(invoice::api::edit_invoice))
        .api(Needs(InvoicingDelete), routes!(invoice::api::delete_invoice))
        .api(Needs(InvoicingCreate), routes!(invoice::api::correct_invoice))
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
        .api(Needs(InvoicingView), routes!(bank::api::list_bank_lines))
        .api(Needs(InvoicingEdit), routes!(bank::api::begin_statement_upload))
        .api(Needs(InvoicingEdit), routes!(bank::api::import_statement))
        .api(Needs(InvoicingView), routes!(bank::api::show_bank_line))
        .api(Needs(InvoicingEdit), routes!(bank::api::match_bank_line))
        .api(Needs(InvoicingEdit), routes!(bank::api::ignore_bank_line))
        .api(Needs(InvoicingEdit), routes!(bank::api::reopen_bank_line))
        .api(Needs(InvoicingApprove), routes!(batch::api::create_issue_batch))
        .api(Needs(InvoicingApprove), routes!(batch::api::show_issue_batch))
        .api(Needs(InvoicingView), routes!(listing::api::list_documents))
        .api(Needs(InvoicingExport), routes!(listing::api::export_documents))
        .get(Anyone, "/portail", portal::pages::show_document)
        .get(Anyone, "/portail/pdf", portal::pages::download_document)
        .post(Anyone, "/portail/accord", portal::pages::sign_quote)
        .post(Anyone, "/portail/refus", portal::pages::decline_quote)
        .get(Needs(InvoicingView), "/facturation/liens/{id}", portal::panel::show_document_links)
        .post(Needs(InvoicingEdit), "/facturation/liens/{id}", portal::panel::create_document_link)
        .post(Needs(InvoicingEdit), "/facturation/liens/{id}/{link}/revoquer", portal::panel::revoke_document_link)
        .api(Needs(InvoicingView), routes!(portal::api::list_document_links))
        .api(Needs(InvoicingEdit), routes!(portal::api::create_document_link))
        .api(Needs(InvoicingEdit), routes!(portal::api::revoke_document_link))
        .api(Needs(InvoicingExport), routes!(ledger::api::verify_ledger))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
