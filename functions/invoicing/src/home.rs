//! `/facturation`: the latest documents.

use askama::Template;
use kernel::Permission;
use web::{Asker, PageResult, Shell, page};

use crate::{
    panel::{latest_invoices, latest_quotes},
    view::{InvoiceRow, QuoteRow},
};

const LATEST: u16 = 8;

#[derive(Template)]
#[template(path = "invoicing.html")]
struct InvoicingPage {
    shell: Shell,
    invoices: Vec<InvoiceRow>,
    quotes: Vec<QuoteRow>,
    can_create: bool,
    can_export: bool,
}

pub async fn show_invoicing(asker: Asker) -> PageResult {
    let (invoices, quotes) =
        table::meter::side_by_side(latest_invoices(&asker, LATEST), latest_quotes(&asker, LATEST)).await;
    let (invoices, quotes) = (invoices?, quotes?);
    page(&InvoicingPage {
        shell: Shell::new(&asker, "invoicing", "Facturation"),
        invoices,
        quotes,
        can_create: asker.may(Permission::InvoicingCreate),
        can_export: asker.may(Permission::InvoicingExport),
    })
}
