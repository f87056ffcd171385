//! `/facturation`: what was invoiced and received, what is to be paid, what waits for somebody; the latest documents.

use askama::Template;
use jiff::{ToSpan, civil::Date};
use kernel::{
    Currency, Minor, Permission, Result,
    legal::{self, FranchiseThreshold},
    page::PageRequest,
    reference::VatRegime,
    text,
};
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
    /// How near the thresholds of the franchise are, where they are.
    franchise: Vec<String>,
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
        franchise: match (asker.organization.vat_regime, currency) {
            (VatRegime::Franchise, Currency::Eur) => franchise(asker.today(), &months),
            _ => Vec::new(),
        },
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

/// What the turnover of the year means for who invoices without VAT. Nobody says of each sale whether it is one of goods,
/// so both thresholds are told.
fn franchise(today: Date, months: &[MonthFigures]) -> Vec<String> {
    let this_year = months.iter().filter(|figures| figures.month.year() == today.year());
    let turnover = sum(this_year.map(|figures| Minor(figures.invoiced_minor.0 - figures.credited_minor.0)));
    let thresholds = legal::franchise_thresholds(today).value;
    let french = |amount: Minor| amount.french(Currency::Eur);
    let said = |sales: &str, FranchiseThreshold { base, raised }: FranchiseThreshold| {
        let told = match turnover {
            turnover if turnover > raised => format!(
                "le seuil majoré de {} est dépassé\u{a0}: la TVA est due dès le jour du dépassement.",
                french(raised)
            ),
            turnover if turnover > base => format!(
                "le seuil de {} est dépassé\u{a0}: la franchise cesse au 1er janvier prochain, ou dès {} facturés.",
                french(base),
                french(raised)
            ),
            // From nine tenths on.
            turnover if turnover.0 >= base.0 / 10 * 9 => format!("le seuil de {} est proche.", french(base)),
            _ => return None,
        };
        Some(format!("{sales}\u{a0}: {told}"))
    };
    let told: Vec<_> = [
        said("Prestations de services", thresholds.services),
        said("Ventes de biens, restauration sur place et hébergement", thresholds.goods),
    ]
    .into_iter()
    .flatten()
    .collect();
    if told.is_empty() {
        return told;
    }
    let year = format!("Vous avez facturé {} depuis janvier, sans TVA (CGI, art. 293 B).", french(turnover));
    std::iter::once(year).chain(told).collect()
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_thresholds_of_the_franchise_are_told_as_they_come_near() {
        let told = |invoiced: i64, credited: i64| {
            let month = |month: Date, invoiced: i64, credited: i64| MonthFigures {
                month,
                currency: Currency::Eur,
                issued: 1,
                invoiced_minor: Minor(invoiced * 100),
                credited_minor: Minor(credited * 100),
                received_minor: Minor::ZERO,
            };
            // What was invoiced the year before does not count.
            let months = [month(date(2025, 12, 1), 90_000, 0), month(date(2026, 3, 1), invoiced, credited)];
            franchise(date(2026, 11, 22), &months)
        };
        assert_eq!(told(33_749, 0), Vec::<String>::new());
        assert_eq!(told(40_000, 10_000), Vec::<String>::new());
        for (invoiced, words) in [
            (33_750, ["seuil de 37\u{202f}500,00\u{a0}€ est proche"].as_slice()),
            (37_501, &["seuil de 37\u{202f}500,00\u{a0}€ est dépassé"]),
            (41_251, &["seuil majoré de 41\u{202f}250,00\u{a0}€ est dépassé"]),
            (85_001, &["seuil majoré de 41", "seuil de 85\u{202f}000,00\u{a0}€ est dépassé"]),
            (93_501, &["seuil majoré de 41", "seuil majoré de 93\u{202f}500,00\u{a0}€ est dépassé"]),
        ] {
            let told = told(invoiced, 0);
            assert_eq!(told.len(), 1 + words.len(), "{told:?}");
            for (line, words) in told.iter().skip(1).zip(words) {
                assert!(line.contains(words), "{line}");
            }
        }
    }
}
