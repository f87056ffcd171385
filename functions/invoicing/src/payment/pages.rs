//! `/facturation/paiements`: what came and went, by month, with its sum; and the same as a file.

use askama::Template;
use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use http::header;
use kernel::{
    Error, Minor, Permission,
    id::{InvoiceId, ReceiptId},
    page::PageRequest,
    text,
};
use table::Stored;
use web::{
    Asker, PageResult, Pagination, Shell,
    form::{Choice, choices},
    page,
    spreadsheet::Spreadsheet,
};

use super::{Filter, Method, Payment, list_payments};
use crate::view::payment_note;

const PATH: &str = "/facturation/paiements";
const EXPORT: &str = "/facturation/paiements/export";
/// What one reading of at most 1 MB holds with ease.
const PAGE: u16 = 500;
/// A function has some seconds; where a file is not whole, its last line says so.
const READINGS_MAX: usize = 40;
const MONTHS: usize = 24;

#[derive(Template)]
#[template(path = "payments.html")]
struct PaymentsPage {
    shell: Shell,
    payments: Vec<ListedPayment>,
    periods: Vec<Choice>,
    methods: Vec<Choice>,
    q: String,
    is_narrowed: bool,
    /// What came, less what went, in the currency of the organization and without what only changed its place.
    sum: String,
    sums: Vec<(&'static str, String)>,
    export_href: Option<String>,
    can_record: bool,
    next: Option<String>,
    first: Option<String>,
}

struct ListedPayment {
    invoice: InvoiceId,
    number: String,
    client_name: String,
    receipt: Option<ReceiptId>,
    paid_on: String,
    method: &'static str,
    reference: String,
    note: &'static str,
    amount: String,
}

impl ListedPayment {
    fn of(asker: &Asker, payment: &Payment) -> Self {
        let of = payment.of.clone();
        Self {
            invoice: payment.invoice,
            number: of.as_ref().map_or_else(|| "Facture".into(), |of| of.number.clone()),
            client_name: of.map(|of| of.client_name).unwrap_or_default(),
            receipt: payment.receipt,
            paid_on: asker.organization.date(payment.paid_on),
            method: payment.method.french(),
            reference: payment.reference.clone().unwrap_or_default(),
            note: payment_note(payment),
            amount: payment.effect().french(payment.currency),
        }
    }
}

/// The years and months that the page offers, the newest first.
fn periods(asker: &Asker, shown: &str) -> Vec<Choice> {
    let today = asker.today();
    let mut offered = Vec::new();
    let mut month = today.first_of_month();
    for _ in 0..MONTHS {
        offered.push((super::Period::month_of(month).as_str().to_owned(), text::french_month(month)));
        match month.yesterday() {
            Ok(before) => month = before.first_of_month(),
            Err(_) => break,
        }
    }
    offered.extend((0..3).map(|ago| today.year() - ago).map(|year| (format!("{year:04}"), format!("Année {year}"))));
    if !offered.iter().any(|(code, _)| code == shown) {
        offered.push((shown.into(), shown.into()));
    }
    choices(offered, shown)
}

/// What came in the organization's currency, less what went, all in all and by method. No money moves where a credit is
/// applied.
fn sums(asker: &Asker, payments: &[Stored<Payment>]) -> (Minor, Vec<(&'static str, String)>) {
    let currency = asker.organization.currency;
    let of = |method: Method| {
        let own = payments.iter().filter(|payment| payment.method == method && payment.currency == currency);
        Minor(own.map(|payment| payment.effect().0).sum())
    };
    let by_method = Method::ALL.map(|method| (method, of(method)));
    let sum = Minor(by_method.iter().map(|(_, sum)| sum.0).sum());
    let told = by_method.into_iter().filter(|(_, sum)| !sum.is_zero());
    (sum, told.map(|(method, sum)| (method.french(), sum.french(currency))).collect())
}

pub async fn list_payments_page(
    asker: Asker,
    Query(mut filter): Query<Filter>,
    Pagination(request): Pagination,
) -> PageResult {
    let today = asker.today();
    filter.period = filter.period(today)?.as_str().into();
    let request = PageRequest { limit: PAGE, ..request };
    let found = list_payments(&asker.scope, &filter, today, &request).await?;
    let (sum, by_method) = sums(&asker, &found.items);
    let methods = Method::ALL.into_iter().chain([Method::Credit]).map(|method| (method.name(), method.french()));
    page(&PaymentsPage {
        shell: Shell::new(&asker, "invoicing", "Paiements"),
        payments: found.items.iter().map(|payment| ListedPayment::of(&asker, payment)).collect(),
        periods: periods(&asker, &filter.period),
        methods: choices(methods, &filter.method),
        is_narrowed: filter.narrows(),
        sum: sum.french(asker.organization.currency),
        sums: by_method,
        export_href: asker.may(Permission::InvoicingExport).then(|| filter.link(EXPORT, None)),
        can_record: asker.may(Permission::InvoicingEdit),
        next: found.next_cursor.map(|cursor| filter.link(PATH, Some(&cursor))),
        first: request.cursor.map(|_| filter.link(PATH, None)),
        q: filter.q,
    })
}

const HEADER: [&str; 12] = [
    "Date",
    "Client",
    "Facture",
    "Nature",
    "Moyen de paiement",
    "Référence",
    "Encaissé",
    "Rendu ou annulé",
    "Devise",
    "Enregistré le (UTC)",
    "Identifiant du paiement",
    "Identifiant de l’encaissement",
];

fn row(payment: &Payment) -> [String; 12] {
    let of = payment.of.clone();
    let amount = || payment.amount_minor.plain(payment.currency).replace('.', ",");
    let (came, went) =
        if payment.effect() >= Minor::ZERO { (amount(), String::new()) } else { (String::new(), amount()) };
    let note = payment_note(payment);
    [
        payment.paid_on.to_string(),
        of.as_ref().map(|of| of.client_name.clone()).unwrap_or_default(),
        of.map(|of| of.number).unwrap_or_default(),
        if note.is_empty() { "Paiement".into() } else { note.into() },
        payment.method.french().into(),
        payment.reference.clone().unwrap_or_default(),
        came,
        went,
        payment.currency.code().into(),
        payment.recorded_at.to_string(),
        payment.id.to_string(),
        payment.receipt.map(|receipt| receipt.to_string()).unwrap_or_default(),
    ]
}

pub async fn export_payments(asker: Asker, Query(filter): Query<Filter>) -> PageResult {
    let today = asker.today();
    let period = filter.period(today)?;
    let mut file = Spreadsheet::new(Vec::new(), &HEADER)?;
    let mut request = PageRequest { limit: PAGE, cursor: None };
    for _ in 0..READINGS_MAX {
        let found = list_payments(&asker.scope, &filter, today, &request).await?;
        for payment in &found.items {
            file.row(row(payment))?;
        }
        request.cursor = found.next_cursor;
        if request.cursor.is_none() {
            break;
        }
    }
    if request.cursor.is_some() {
        file.row(["La suite ne tient pas dans ce fichier : exportez mois par mois."])?;
    }
    csv_file(&format!("paiements-{}.csv", period.as_str()), file.finish()?)
}

/// A file for a spreadsheet; its name is ours.
pub fn csv_file(name: &str, content: Vec<u8>) -> PageResult {
    let mut response: Response = content.into_response();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    for (header, value) in headers {
        response.headers_mut().insert(header, value.parse().map_err(Error::internal)?);
    }
    Ok(response)
}
