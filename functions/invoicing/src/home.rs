//! `/facturation`: what was invoiced and received, what is to be paid, what waits for somebody; the latest documents.

use askama::Template;
use jiff::{ToSpan, civil::Date};
use kernel::{Currency, Minor, Permission, Result, page::PageRequest, text};
use table::meter::side_by_side;
use web::{Asker, PageResult, Shell, page};

use crate::{
    figures::MonthFigures,
    listing::{FilterInput, Found, Shape, list_documents},
    panel::{ClientDocument, Summary, latest_invoices, latest_quotes},
    view::{InvoiceRow, QuoteRow},
};

const LATEST: u16 = 8;
/// What one reading of a list gives: beyond it, figures say that they are of so many.
const COUNTED_MAX: u16 = 999;

#[derive(Template)]
#[template(path = "invoicing.html")]
struct InvoicingPage {
    shell: Shell,
    figures: Figures,
    months: Vec<MonthRow>,
    invoices: Vec<InvoiceRow>,
    quotes: Vec<QuoteRow>,
    can_create: bool,
    can_export: bool,
    can_set: bool,
}

struct Figures {
    month: String,
    received_month: String,
    received_year: String,
    invoiced_month: String,
    unpaid: String,
    unpaid_note: String,
    overdue: String,
    overdue_note: String,
    quotes: String,
    quotes_note: String,
    drafts: String,
}

struct MonthRow {
    month: String,
    issued: u32,
    invoiced: String,
    credited: String,
    received: String,
}

/// What stands in one state.
async fn shelf(asker: &Asker, shape: Shape, state: &str) -> Result<Found> {
    let filter = FilterInput { state: state.into(), ..FilterInput::default() }.parse(shape)?;
    let request = PageRequest { limit: COUNTED_MAX, cursor: None };
    list_documents(&asker.scope, &filter, &request, asker.today()).await
}

async fn months(asker: &Asker) -> Result<Vec<MonthFigures>> {
    let found = asker.scope.collection(&asker.scope.keys().figures()).await?;
    Ok(found.all::<MonthFigures>()?.into_iter().map(|stored| stored.value).collect())
}

pub async fn show_invoicing(asker: Asker) -> PageResult {
    let latest = side_by_side(latest_invoices(&asker, LATEST), latest_quotes(&asker, LATEST));
    let waiting = side_by_side(shelf(&asker, Shape::Invoice, "draft"), shelf(&asker, Shape::Quote, "sent"));
    let money = side_by_side(months(&asker), shelf(&asker, Shape::Invoice, "open"));
    let (latest, (waiting, money)) = side_by_side(latest, side_by_side(waiting, money)).await;
    let ((invoices, quotes), (drafts, sent), (months, open)) = (latest, waiting, money);
    let (months, open) = (months?, open?);
    let currency = asker.organization.currency;
    let months: Vec<_> = months.into_iter().filter(|figures| figures.currency == currency).collect();
    page(&InvoicingPage {
        shell: Shell::new(&asker, "invoicing", "Facturation"),
        figures: Figures::new(asker.today(), currency, &months, &open, &sent?, &drafts?),
        months: year_of(asker.today(), currency, &months),
        invoices: invoices?,
        quotes: quotes?,
        can_create: asker.may(Permission::InvoicingCreate),
        can_export: asker.may(Permission::InvoicingExport),
        can_set: asker.may(Permission::SettingsEdit),
    })
}

/// `12`, or `999 et plus`.
fn counted(found: &Found) -> String {
    let more = if found.next_cursor.is_some() { " et plus" } else { "" };
    format!("{}{more}", found.items.len())
}

fn sum(amounts: impl Iterator<Item = Minor>) -> Minor {
    Minor::checked_sum(amounts).unwrap_or(Minor::MAX)
}

fn invoices(count: usize) -> String {
    if count == 1 { "1 facture".into() } else { format!("{count} factures") }
}

impl Figures {
    fn new(
        today: Date,
        currency: Currency,
        months: &[MonthFigures],
        open: &Found,
        sent: &Found,
        drafts: &Found,
    ) -> Self {
        let this_month = months.iter().filter(|figures| figures.month == today.first_of_month());
        let this_year = months.iter().filter(|figures| figures.month.year() == today.year());
        let balances = |wanted: &dyn Fn(&ClientDocument) -> bool| -> Vec<Minor> {
            let documents = open.items.iter().filter(|document| wanted(document));
            documents
                .filter_map(|document| match &document.summary {
                    Summary::Invoice(invoice) if invoice.currency == currency => Some(invoice.balance()),
                    _ => None,
                })
                .collect()
        };
        let unpaid = balances(&|_| true);
        let overdue =
            balances(&|document| matches!(&document.summary, Summary::Invoice(invoice) if invoice.is_overdue(today)));
        let quoted = sent.items.iter().filter_map(|document| match &document.summary {
            Summary::Quote(quote) if quote.currency == currency => Some(quote.gross_minor),
            _ => None,
        });
        let french = |amount: Minor| amount.french(currency);
        let only = if open.next_cursor.is_some() { ", parmi les plus récentes" } else { "" };
        Self {
            month: text::french_month(today),
            received_month: french(sum(this_month.clone().map(|figures| figures.received_minor))),
            received_year: french(sum(this_year.map(|figures| figures.received_minor))),
            invoiced_month: french(sum(
                this_month.map(|figures| Minor(figures.invoiced_minor.0 - figures.credited_minor.0))
            )),
            unpaid_note: format!("{}{only}", invoices(unpaid.len())),
            unpaid: french(sum(unpaid.into_iter())),
            overdue_note: invoices(overdue.len()),
            overdue: french(sum(overdue.into_iter())),
            quotes: counted(sent),
            quotes_note: french(sum(quoted)),
            drafts: counted(drafts),
        }
    }
}

/// The twelve months up to this one, the latest first.
fn year_of(today: Date, currency: Currency, months: &[MonthFigures]) -> Vec<MonthRow> {
    (0..12)
        .map(|back| {
            let month = today.first_of_month().saturating_sub(back.months());
            let figures = months.iter().find(|figures| figures.month == month);
            let french = |amount: Option<Minor>| amount.unwrap_or_default().french(currency);
            MonthRow {
                month: text::french_month(month),
                issued: figures.map(|figures| figures.issued).unwrap_or_default(),
                invoiced: french(figures.map(|figures| figures.invoiced_minor)),
                credited: french(figures.map(|figures| figures.credited_minor)),
                received: french(figures.map(|figures| figures.received_minor)),
            }
        })
        .collect()
}
