//! A list as a file for a spreadsheet: all that the filter wants, in its order.

use axum::response::IntoResponse;
use http::header;
use kernel::{Result, page::PageRequest};
use web::{Asker, PageResult, spreadsheet::Spreadsheet};

use super::{
    list_documents::{FILE_PAGE, list_documents},
    model::{Filter, Shape, Sort, dated_on, gross},
};
use crate::{
    panel::{ClientDocument, Summary},
    quote::QuoteStatus,
    view::{invoice_badges, quote_badge},
};

/// What one file has at most; the period narrows what is asked for.
const ROWS_MAX: usize = 20_000;

pub async fn export_documents(asker: &Asker, filter: &Filter) -> PageResult {
    let file = file(asker, filter).await?;
    let name = match filter.shape {
        Shape::Quote => "devis",
        Shape::Invoice => "factures",
        Shape::CreditNote => "avoirs",
    };
    let disposition = format!("attachment; filename=\"{name}-{}.csv\"", asker.today());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, file).into_response())
}

async fn file(asker: &Asker, filter: &Filter) -> Result<Vec<u8>> {
    // In the order of the lists, so that nothing is left out, however long they are.
    let filter = Filter { sort: if filter.sort.is_by_day() { filter.sort } else { Sort::Newest }, ..filter.clone() };
    let mut sheet = Spreadsheet::new(Vec::new(), header_of(filter.shape))?;
    let (mut cursor, mut rows) = (None, 0);
    loop {
        let request = PageRequest { limit: FILE_PAGE, cursor };
        let found = list_documents(&asker.scope, &filter, &request, asker.today()).await?;
        rows += found.items.len();
        for document in &found.items {
            sheet.row(row(asker, document))?;
        }
        cursor = found.next_cursor;
        if cursor.is_none() || rows >= ROWS_MAX {
            return sheet.finish();
        }
    }
}

const fn header_of(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Quote => &["Numéro", "Client", "Objet", "Date", "Valable jusqu’au", "État", "Montant TTC", "Devise"],
        Shape::Invoice => &[
            "Numéro",
            "Client",
            "Objet",
            "Date",
            "Échéance",
            "État",
            "Montant TTC",
            "Acomptes déduits",
            "Avoirs",
            "Payé",
            "Reste à payer",
            "Devise",
        ],
        Shape::CreditNote => &["Numéro", "Client", "Facture d’origine", "Date", "Montant TTC", "Devise"],
    }
}

fn row(asker: &Asker, document: &ClientDocument) -> Vec<String> {
    let day = |on: jiff::civil::Date| on.to_string();
    let (total, currency) = gross(document);
    let amount = |amount: kernel::Minor| amount.plain(currency).replace('.', ",");
    let (dated_on, client) = (day(dated_on(document)), document.client_name.clone());
    let code = currency.code().to_owned();
    match &document.summary {
        Summary::Quote(quote) => {
            let status = QuoteStatus::of(quote.progress, quote.valid_until, asker.today());
            vec![
                quote.number.clone().unwrap_or_default(),
                client,
                quote.subject.clone().unwrap_or_default(),
                dated_on,
                quote.valid_until.map(day).unwrap_or_default(),
                quote_badge(status).label.into(),
                amount(total),
                code,
            ]
        }
        Summary::Invoice(invoice) => {
            let badges = invoice_badges(invoice, asker.today());
            let state: Vec<_> = badges.iter().map(|badge| badge.label).collect();
            let balance = invoice.number.as_ref().map(|_| amount(invoice.balance()));
            vec![
                invoice.number.clone().unwrap_or_default(),
                client,
                invoice.subject.clone().unwrap_or_default(),
                dated_on,
                invoice.due_on.map(day).unwrap_or_default(),
                state.join(", "),
                amount(total),
                amount(invoice.deducted_minor),
                amount(invoice.credited_minor),
                amount(invoice.paid_minor),
                balance.unwrap_or_default(),
                code,
            ]
        }
        Summary::CreditNote(note) => {
            vec![note.number.clone(), client, note.invoice_number.clone(), dated_on, amount(total), code]
        }
    }
}
