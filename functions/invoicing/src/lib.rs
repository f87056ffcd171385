//! Invoicing: quotes, invoices, payments, reminders, and the ledger under them.

pub mod accounting;
pub mod accounting_worker;
pub mod attachment;
pub mod bank;
pub mod batch;
pub mod card;
pub mod catalogue;
pub mod client;
pub mod content;
pub mod credit_note;
pub mod document;
mod erasure;
pub mod figures;
mod form;
pub mod home;
pub mod interest;
pub mod invoice;
pub mod ledger;
pub mod letter;
pub mod listing;
mod mails;
pub mod panel;
pub mod payment;
pub mod portal;
pub mod portion;
pub mod preview;
pub mod price_list;
pub mod product;
pub mod quote;
pub mod receipt;
pub mod recurring;
pub mod reminder;
pub mod self_billing;
pub mod sepa;
pub mod stock;
pub mod time;
mod view;
mod widgets;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{
    InvoicingApprove, InvoicingCreate, InvoicingDelete, InvoicingEdit, InvoicingExport, InvoicingView, SettingsEdit,
};
use web::{
    Access::{Anyone, Needs},
    Routes, routes,
};

pub fn routes() -> Routes {
    Routes::new()
        .get(Needs(InvoicingView), "/facturation", home::show_invoicing)
        .get(Needs(InvoicingView), "/facturation/widgets/a-encaisser", widgets::show_unpaid)
        .get(Needs(InvoicingView), "/facturation/widgets/mois", widgets::show_month)
        .get(Needs(InvoicingView), "/facturation/widgets/devis", widgets::show_quotes)
        .get(Needs(InvoicingView), "/facturation/widgets/paiements", widgets::show_payments)
        .get(Needs(InvoicingView), "/facturation/widgets/factures", widgets::show_invoices)
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
        .post(
            Needs(InvoicingEdit),
            "/facturation/factures/{id}/paiements/{payment}/rembourser",
            invoice::pages::refund_card_payment,
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
        .get(Needs(InvoicingView), "/facturation/prelevements", sepa::pages::show_debits)
        .post(Needs(InvoicingEdit), "/facturation/prelevements", sepa::pages::create_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/creancier", sepa::pages::set_creditor)
        .get(Needs(InvoicingView), "/facturation/prelevements/{id}", sepa::pages::show_remittance)
        .get(Needs(InvoicingExport), "/facturation/prelevements/{id}/fichier", sepa::pages::download_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/{id}/confirmer", sepa::pages::confirm_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/{id}/annuler", sepa::pages::cancel_remittance)
        .post(Needs(InvoicingEdit), "/facturation/prelevements/{id}/rejeter", sepa::pages::reject_debit)
        .get(Needs(InvoicingEdit), "/facturation/mandats/nouveau", sepa::pages::new_mandate)
        .get(Needs(InvoicingEdit), "/facturation/mandats/a-signer", sepa::pages::mandate_to_sign)
        .post(Needs(InvoicingEdit), "/facturation/mandats/nouveau", sepa::pages::create_mandate)
        .post(Needs(InvoicingEdit), "/facturation/mandats/{id}/revoquer", sepa::pages::revoke_mandate)
        .get(Needs(InvoicingView), "/facturation/mandats/{id}", sepa::pages::show_mandate)
        .get(Needs(InvoicingEdit), "/facturation/factures/{id}/virement", sepa::pages::new_transfer)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/virement", sepa::pages::refund_by_transfer)
        .get(
            Needs(InvoicingExport),
            "/facturation/factures/{id}/virements/{payment}",
            sepa::pages::download_refund_transfer,
        )
        .get(Needs(InvoicingView), "/facturation/banque", bank::pages::list_lines)
        .post(Needs(InvoicingEdit), "/facturation/banque/televersement", bank::pages::begin_statement_upload)
        .post(Needs(InvoicingEdit), "/facturation/banque/import", bank::pages::import_statement)
        .get(Needs(InvoicingView), "/facturation/banque/{id}", bank::pages::show_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/rapprocher", bank::pages::match_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/ignorer", bank::pages::ignore_line)
        .post(Needs(InvoicingEdit), "/facturation/banque/{id}/rouvrir", bank::pages::reopen_line)
        .get(Needs(InvoicingEdit), "/facturation/factures/{id}/imputer", receipt::pages::new_credit_application)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/imputer", receipt::pages::apply_credit)
        .get(Needs(InvoicingView), "/facturation/temps", time::pages::list_time)
        .post(Needs(InvoicingCreate), "/facturation/temps", time::pages::record_time)
        .get(Needs(InvoicingCreate), "/facturation/temps/facturer", time::pages::choose_time)
        .post(Needs(InvoicingCreate), "/facturation/temps/facturer", time::pages::invoice_time)
        .get(Needs(InvoicingCreate), "/facturation/temps/{id}/modifier", time::pages::change_time)
        .post(Needs(InvoicingCreate), "/facturation/temps/{id}/modifier", time::pages::edit_time)
        .post(Needs(InvoicingDelete), "/facturation/temps/{id}/supprimer", time::pages::delete_time)
        .api(Needs(InvoicingView), routes!(time::api::list_time_entries))
        .api(Needs(InvoicingCreate), routes!(time::api::record_time))
        .api(Needs(InvoicingView), routes!(time::api::show_time_entry))
        .api(Needs(InvoicingCreate), routes!(time::api::edit_time))
        .api(Needs(InvoicingDelete), routes!(time::api::delete_time))
        .api(Needs(InvoicingCreate), routes!(time::api::invoice_time))
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
        .get(Needs(InvoicingExport), "/facturation/autofacturation/export", self_billing::pages::export_self_billed)
        .api(Needs(InvoicingExport), routes!(self_billing::api::export_self_billed))
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
        .get(Needs(InvoicingView), "/facturation/catalogue/produits/{id}/photo", product::picture::pages::show_picture)
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/produits/{id}/photo/televersement",
            product::picture::pages::begin_picture_upload,
        )
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/produits/{id}/photo",
            product::picture::pages::change_picture,
        )
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/produits/{id}/photo/supprimer",
            product::picture::pages::remove_picture,
        )
        .api(Needs(InvoicingView), routes!(product::picture::api::show_picture))
        .api(Needs(InvoicingEdit), routes!(product::picture::api::begin_picture_upload))
        .api(Needs(InvoicingEdit), routes!(product::picture::api::change_picture))
        .api(Needs(InvoicingEdit), routes!(product::picture::api::remove_picture))
        .get(Needs(InvoicingEdit), "/facturation/catalogue/import", product::exchange::pages::show_import)
        .post(Needs(InvoicingEdit), "/facturation/catalogue/import", product::exchange::pages::import_products)
        .post(
            Needs(InvoicingEdit),
            "/facturation/catalogue/import/televersement",
            product::exchange::api::begin_on_page,
        )
        .post(Needs(InvoicingEdit), "/facturation/catalogue/import/verifier", product::exchange::pages::check_import)
        .get(Needs(InvoicingExport), "/facturation/catalogue/export", product::exchange::pages::export_products)
        .api(Needs(InvoicingExport), routes!(product::exchange::api::export_products))
        .api(Needs(InvoicingEdit), routes!(product::exchange::api::begin_import_upload))
        .api(Needs(InvoicingEdit), routes!(product::exchange::api::check_import))
        .api(Needs(InvoicingEdit), routes!(product::exchange::api::import_products))
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
        .get(Needs(InvoicingView), "/facturation/relances", reminder::pages::list_reminders)
        .post(Needs(InvoicingApprove), "/facturation/relances/envoyer", reminder::pages::send_reminders)
        .post(Needs(InvoicingApprove), "/facturation/relances/ecarter", reminder::pages::dismiss_reminders)
        .get(Needs(InvoicingView), "/facturation/relances/reglages", reminder::pages::show_reminder_settings)
        .post(Needs(InvoicingApprove), "/facturation/relances/reglages", reminder::pages::edit_reminder_settings)
        .get(Needs(InvoicingView), "/facturation/relances/clients/{id}", reminder::pages::show_client_reminders)
        .post(Needs(InvoicingEdit), "/facturation/relances/clients/{id}", reminder::pages::edit_client_reminders)
        .get(Needs(InvoicingView), "/facturation/factures/{id}/relances", reminder::pages::show_reminders)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/relances", reminder::pages::send_reminder)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/relances/suspendre", reminder::pages::pause_reminders)
        .post(Needs(InvoicingEdit), "/facturation/factures/{id}/relances/reprendre", reminder::pages::resume_reminders)
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
        .get(Needs(InvoicingView), "/facturation/factures/{id}/interets", interest::pages::show_interest)
        .post(Needs(InvoicingCreate), "/facturation/factures/{id}/interets", invoice::pages::invoice_interest)
        .api(Needs(InvoicingView), routes!(interest::api::show_interest))
        .api(Needs(InvoicingCreate), routes!(interest::api::invoice_interest))
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
        .api(Needs(InvoicingView), routes!(sepa::api::show_mandate))
        .api(Needs(InvoicingEdit), routes!(sepa::api::revoke_mandate))
        .api(Needs(InvoicingView), routes!(sepa::api::list_remittances))
        .api(Needs(InvoicingEdit), routes!(sepa::api::create_remittance))
        .api(Needs(InvoicingView), routes!(sepa::api::show_remittance))
        .api(Needs(InvoicingExport), routes!(sepa::api::download_remittance))
        .api(Needs(InvoicingEdit), routes!(sepa::api::confirm_remittance))
        .api(Needs(InvoicingEdit), routes!(sepa::api::cancel_remittance))
        .api(Needs(InvoicingEdit), routes!(sepa::api::reject_debit))
        .api(Needs(InvoicingEdit), routes!(sepa::api::refund_by_transfer))
        .api(Needs(InvoicingExport), routes!(sepa::api::download_refund_transfer))
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
        .post(Anyone, "/portail/carte", portal::pages::pay_by_card)
        .get(Anyone, "/portail/carte/retour", portal::pages::return_from_card)
        // Public: what the account's own secret has not signed is not read.
        .post(Anyone, "/webhooks/stripe/{id}", card::webhook::receive_card_event)
        .get(Needs(SettingsEdit), "/facturation/espace-client", card::pages::show_settings)
        .post(Needs(SettingsEdit), "/facturation/espace-client", card::pages::edit_portal_settings)
        .post(Needs(SettingsEdit), "/facturation/espace-client/carte", card::pages::connect_cards)
        .post(Needs(SettingsEdit), "/facturation/espace-client/carte/retirer", card::pages::disconnect_cards)
        .api(Needs(SettingsEdit), routes!(card::api::show_portal_settings))
        .api(Needs(SettingsEdit), routes!(card::api::edit_portal_settings))
        .api(Needs(SettingsEdit), routes!(card::api::connect_cards))
        .api(Needs(SettingsEdit), routes!(card::api::disconnect_cards))
        .api(Needs(InvoicingEdit), routes!(card::api::refund_card_payment))
        .get(Anyone, "/portail/pdf", portal::pages::download_document)
        .get(Anyone, "/portail/piece", portal::pages::download_attachment)
        .get(Needs(InvoicingView), "/facturation/pieces/{id}/{attachment}", attachment::pages::download_attachment)
        .post(Needs(InvoicingCreate), "/facturation/pieces/{id}", attachment::pages::add_attachment)
        .post(
            Needs(InvoicingCreate),
            "/facturation/pieces/{id}/televersement",
            attachment::pages::begin_attachment_upload,
        )
        .post(
            Needs(InvoicingCreate),
            "/facturation/pieces/{id}/{attachment}/retirer",
            attachment::pages::remove_attachment,
        )
        .post(
            Needs(InvoicingApprove),
            "/facturation/factures/{id}/avoir/pieces",
            attachment::pages::check_credit_attachment,
        )
        .post(
            Needs(InvoicingApprove),
            "/facturation/factures/{id}/avoir/pieces/televersement",
            attachment::pages::begin_credit_attachment_upload,
        )
        .api(Needs(InvoicingView), routes!(attachment::api::list_attachments))
        .api(Needs(InvoicingCreate), routes!(attachment::api::add_attachment))
        .api(Needs(InvoicingCreate), routes!(attachment::api::begin_attachment_upload))
        .api(Needs(InvoicingView), routes!(attachment::api::download_attachment))
        .api(Needs(InvoicingCreate), routes!(attachment::api::remove_attachment))
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
        .api(Needs(InvoicingView), routes!(portal::mails::list_document_mails))
        .api(Needs(InvoicingView), routes!(portal::api::list_document_links))
        .api(Needs(InvoicingEdit), routes!(portal::api::create_document_link))
        .api(Needs(InvoicingEdit), routes!(portal::api::revoke_document_link))
        .api(Needs(InvoicingExport), routes!(ledger::api::verify_ledger))
        .get(Needs(InvoicingView), "/facturation/releves/{id}", letter::pages::show_statement)
        .post(Needs(InvoicingEdit), "/facturation/releves/{id}", letter::pages::write_statement)
        .get(Needs(InvoicingView), "/facturation/courriers/{id}", letter::pages::show_letter)
        .get(Needs(InvoicingView), "/facturation/courriers/{id}/pdf", letter::pages::download_letter)
        .api(Needs(InvoicingView), routes!(letter::api::show_statement))
        .api(Needs(InvoicingEdit), routes!(letter::api::write_statement))
        .api(Needs(InvoicingView), routes!(letter::api::show_letter))
        .api(Needs(InvoicingView), routes!(letter::api::download_letter))
        .api(Needs(InvoicingView), routes!(reminder::api::list_reminders))
        .api(Needs(InvoicingApprove), routes!(reminder::api::send_reminders))
        .api(Needs(InvoicingApprove), routes!(reminder::api::dismiss_reminders))
        .api(Needs(InvoicingView), routes!(reminder::api::show_reminder_settings))
        .api(Needs(InvoicingApprove), routes!(reminder::api::edit_reminder_settings))
        .api(Needs(InvoicingView), routes!(reminder::api::show_client_reminders))
        .api(Needs(InvoicingEdit), routes!(reminder::api::edit_client_reminders))
        .api(Needs(InvoicingView), routes!(reminder::api::show_reminders))
        .api(Needs(InvoicingEdit), routes!(reminder::api::send_reminder))
        .api(Needs(InvoicingEdit), routes!(reminder::api::pause_reminders))
        .api(Needs(InvoicingEdit), routes!(reminder::api::resume_reminders))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
