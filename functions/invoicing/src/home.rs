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
}

pub async fn show_invoicing(asker: Asker) -> PageResult {
    // Both lists are one step deep: they are read side by side.
    let (invoices, quotes) = futures::try_join!(latest_invoices(&asker, LATEST), latest_quotes(&asker, LATEST))?;
    page(&InvoicingPage {
        shell: Shell::new(&asker, "invoicing", "Facturation"),
        invoices,
        quotes,
        can_create: asker.permissions.allow(Permission::InvoicingCreate),
    })
}
