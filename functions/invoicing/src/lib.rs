//! Invoicing: quotes, invoices, payments, reminders, and the ledger under them.

pub mod catalogue;
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
pub mod price_list;
pub mod product;
pub mod quote;
pub mod stock;
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
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
