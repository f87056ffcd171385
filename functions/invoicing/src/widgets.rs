//! What invoicing shows on the first page: one query each, of so many lines at most, whatever there is.

use askama::Template;
use jiff::{ToSpan, civil::Date};
use kernel::{Minor, Permission, Result, page::PageRequest, text};
use table::{Order, Stored};
use web::{Asker, PageResult, page};

use crate::{
    figures::MonthFigures,
    panel::{ClientDocument, InvoiceSummary, QuoteSummary, Summary, latest_invoices},
    payment::Payment,
    view::{InvoiceRow, payment_note},
};

const SHOWN: usize = 4;
const LATEST: u16 = 5;
/// Of how many documents sums are told; of more, they say that they are of so many.
const SUMMED: u16 = 100;

/// A line of a widget.
struct Row {
    href: String,
    title: String,
    note: String,
    aside: String,
    is_late: bool,
}

/// Documents of one kind in one state, the oldest first, and whether there are more.
async fn documents(asker: &Asker, kind: &str, state: &str) -> Result<(Vec<ClientDocument>, bool)> {
    let list = asker.scope.keys().documents_in(kind, state);
    let first = PageRequest { limit: SUMMED, cursor: None };
    let found = asker.scope.list::<ClientDocument>(&list, &first, Order::Ascending).await?;
    let has_more = found.next_cursor.is_some();
    Ok((found.items.into_iter().map(|document| document.value).collect(), has_more))
}

fn sum(amounts: impl Iterator<Item = Minor>) -> Minor {
    Minor::checked_sum(amounts).unwrap_or(Minor::MAX)
}

fn counted(count: usize, has_more: bool, one: &str, many: &str) -> String {
    match (count, has_more) {
        (count, true) => format!("{many}\u{a0}: les {count} premiers seulement"),
        (1, false) => format!("1 {one}"),
        (count, false) => format!("{count} {many}"),
    }
}

// ---- what is to be received --------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "widget_unpaid.html")]
struct UnpaidWidget {
    unpaid: String,
    unpaid_note: String,
    overdue: String,
    overdue_note: String,
    has_overdue: bool,
    rows: Vec<Row>,
    is_empty: bool,
    can_create: bool,
}

pub async fn show_unpaid(asker: Asker) -> PageResult {
    let (currency, today) = (asker.organization.currency, asker.today());
    let (open, has_more) = documents(&asker, "INVOICE", "OPEN").await?;
    let open: Vec<(&ClientDocument, &InvoiceSummary)> = open
        .iter()
        .filter_map(|document| match &document.summary {
            Summary::Invoice(invoice) if invoice.currency == currency => Some((document, invoice)),
            _ => None,
        })
        .collect();
    let mut overdue: Vec<_> = open.iter().filter(|(_, invoice)| invoice.is_overdue(today)).copied().collect();
    overdue.sort_by_key(|(_, invoice)| invoice.due_on);
    let row = |(document, invoice): &(&ClientDocument, &InvoiceSummary)| Row {
        href: format!("/facturation/factures/{}", invoice.id),
        title: invoice.number.clone().unwrap_or_default(),
        note: document.client_name.clone(),
        aside: invoice.balance().french(currency),
        is_late: true,
    };
    page(&UnpaidWidget {
        unpaid: sum(open.iter().map(|(_, invoice)| invoice.balance())).french(currency),
        unpaid_note: counted(open.len(), has_more, "facture", "factures"),
        overdue: sum(overdue.iter().map(|(_, invoice)| invoice.balance())).french(currency),
        overdue_note: counted(overdue.len(), false, "facture", "factures"),
        has_overdue: !overdue.is_empty(),
        rows: overdue.iter().take(SHOWN).map(row).collect(),
        is_empty: open.is_empty(),
        can_create: asker.may(Permission::InvoicingCreate),
    })
}

// ---- quotes that wait --------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "widget_quotes.html")]
struct QuotesWidget {
    total: String,
    note: String,
    rows: Vec<Row>,
    can_create: bool,
}

pub async fn show_quotes(asker: Asker) -> PageResult {
    let (currency, today) = (asker.organization.currency, asker.today());
    let (sent, has_more) = documents(&asker, "QUOTE", "SENT").await?;
    let sent: Vec<(&ClientDocument, &QuoteSummary)> = sent
        .iter()
        .filter_map(|document| match &document.summary {
            Summary::Quote(quote) if quote.currency == currency => Some((document, quote)),
            _ => None,
        })
        .collect();
    let row = |(document, quote): &(&ClientDocument, &QuoteSummary)| Row {
        href: format!("/facturation/devis/{}", quote.id),
        title: quote.number.clone().unwrap_or_default(),
        note: document.client_name.clone(),
        aside: quote.gross_minor.french(currency),
        is_late: quote.valid_until.is_some_and(|until| until < today),
    };
    page(&QuotesWidget {
        total: sum(sent.iter().map(|(_, quote)| quote.gross_minor)).french(currency),
        note: counted(sent.len(), has_more, "devis", "devis"),
        rows: sent.iter().take(SHOWN).map(row).collect(),
        can_create: asker.may(Permission::InvoicingCreate),
    })
}

// ---- the month ---------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "widget_month.html")]
struct MonthWidget {
    invoiced: String,
    invoiced_note: String,
    received: String,
    received_note: String,
}

/// What two months add up to: less what was credited.
fn invoiced(figures: Option<&Stored<MonthFigures>>) -> Minor {
    figures.map_or(Minor::ZERO, |figures| Minor(figures.invoiced_minor.0 - figures.credited_minor.0))
}

pub async fn show_month(asker: Asker) -> PageResult {
    let (currency, keys) = (asker.organization.currency, asker.scope.keys());
    let this: Date = asker.today().first_of_month();
    let last = this.saturating_sub(1.month());
    let (this_key, last_key) = (keys.month_figures(this, currency), keys.month_figures(last, currency));
    let found = asker.scope.get_many(&[this_key.clone(), last_key.clone()]).await?;
    let (now, before) = (found.get::<MonthFigures>(&this_key)?, found.get::<MonthFigures>(&last_key)?);
    let received =
        |figures: Option<&Stored<MonthFigures>>| figures.map(|figures| figures.received_minor).unwrap_or_default();
    let compared = |amount: Minor| format!("{} en {}", amount.french(currency), text::french_month(last));
    page(&MonthWidget {
        invoiced: invoiced(now.as_ref()).french(currency),
        invoiced_note: compared(invoiced(before.as_ref())),
        received: received(now.as_ref()).french(currency),
        received_note: compared(received(before.as_ref())),
    })
}

// ---- the latest --------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "widget_payments.html")]
struct PaymentsWidget {
    rows: Vec<Row>,
}

pub async fn show_payments(asker: Asker) -> PageResult {
    let first = PageRequest { limit: LATEST, cursor: None };
    let list = asker.scope.keys().payments("");
    let found = asker.scope.list::<Payment>(&list, &first, Order::Descending).await?;
    let row = |payment: &Payment| {
        let of = payment.of.as_ref();
        let parts = [
            of.map(|of| of.client_name.clone()).unwrap_or_default(),
            asker.organization.date(payment.paid_on),
            payment_note(payment).to_owned(),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Row {
            href: format!("/facturation/factures/{}", payment.invoice),
            title: of.map(|of| of.number.clone()).unwrap_or_default(),
            note: parts.join(" · "),
            aside: payment.effect().french(payment.currency),
            is_late: false,
        }
    };
    page(&PaymentsWidget { rows: found.items.iter().map(|payment| row(payment)).collect() })
}

#[derive(Template)]
#[template(path = "widget_invoices.html")]
struct InvoicesWidget {
    invoices: Vec<InvoiceRow>,
    can_create: bool,
}

pub async fn show_invoices(asker: Asker) -> PageResult {
    page(&InvoicesWidget {
        invoices: latest_invoices(&asker, LATEST).await?,
        can_create: asker.may(Permission::InvoicingCreate),
    })
}
