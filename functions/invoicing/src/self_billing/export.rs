//! The list of what we issue in suppliers' names, as a file for a spreadsheet.

use axum::response::IntoResponse;
use http::header;
use kernel::{Minor, Result, page::PageRequest};
use table::Order;
use web::{Asker, PageResult, spreadsheet::Spreadsheet};

use super::{SelfBilled, pages::document_badge};

/// What one file has at most.
const ROWS_MAX: usize = 20_000;
/// Read at once: a document with 500 lines is far from small.
const PAGE: u16 = 100;

const HEADER: [&str; 12] = [
    "Numéro",
    "Nature",
    "Fournisseur",
    "Objet",
    "Date",
    "Échéance",
    "Facture d’origine",
    "État",
    "Montant HT",
    "TVA",
    "Montant TTC",
    "Devise",
];

/// The newest first. Amounts of credit notes are positive, as on paper.
pub async fn export_self_billed(asker: &Asker) -> PageResult {
    let file = file(asker).await?;
    let disposition = format!("attachment; filename=\"autofacturation-{}.csv\"", asker.today());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, file).into_response())
}

async fn file(asker: &Asker) -> Result<Vec<u8>> {
    let list = asker.scope.keys().self_billed_documents();
    let mut sheet = Spreadsheet::new(Vec::new(), &HEADER)?;
    let (mut cursor, mut rows) = (None, 0);
    loop {
        let request = PageRequest { limit: PAGE, cursor };
        let found = asker.scope.list::<SelfBilled>(&list, &request, Order::Descending).await?;
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

fn row(asker: &Asker, document: &SelfBilled) -> [String; 12] {
    let currency = document.priced.currency;
    let amount = |amount: Minor| amount.plain(currency).replace('.', ",");
    let (issued, totals) = (document.issued.as_ref(), document.priced.totals);
    let dated_on = issued.map_or_else(|| asker.organization.day(document.created_at), |issued| issued.on);
    [
        document.number().unwrap_or_default().to_owned(),
        if document.is_credit_note() { "Avoir" } else { "Facture" }.into(),
        document.supplier.reference.name.clone(),
        document.words.subject.clone().unwrap_or_default(),
        dated_on.to_string(),
        issued.and_then(|issued| issued.due_on).map(|on| on.to_string()).unwrap_or_default(),
        document.origin.as_ref().map(|origin| origin.number.clone()).unwrap_or_default(),
        if document.is_credit_note() { String::new() } else { document_badge(document).label.into() },
        amount(totals.net_minor),
        amount(totals.tax_minor),
        amount(totals.gross_minor),
        currency.code().into(),
    ]
}
