//! `/api/v1/documents`

use axum::{Json as Plain, extract::Query, response::Response};
use jiff::civil::Date;
use kernel::{Currency, Error, Minor, Result, Rule, id::CompanyId};
use serde::{Deserialize, Serialize};
use web::{Asker, Failure, Pagination};

use super::model::{Filter, FilterInput, Shape, dated_on, gross};
use crate::{
    invoice::PaymentStatus,
    panel::{ClientDocument, Summary},
    quote::QuoteStatus,
};

/// A quote, an invoice or a credit note, as lists have it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentView {
    /// `quote`, `invoice` or `credit_note`.
    kind: Shape,
    /// `quo_…`, `inv_…` or `cre_…`
    id: String,
    /// Absent while it is a draft.
    number: Option<String>,
    /// Of a quote: its status. Of an invoice: `draft`, `issued` or `cancelled`.
    status: String,
    /// Of an issued invoice.
    payment_status: Option<PaymentStatus>,
    is_overdue: bool,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    subject: Option<String>,
    /// Of issue, or of the draft.
    #[schema(value_type = String, format = Date)]
    dated_on: Date,
    /// Of an invoice.
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Date>,
    /// Of a quote.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Date>,
    gross_minor: Minor,
    /// Of an issued invoice: what is still to be paid.
    balance_minor: Option<Minor>,
    currency: Currency,
}

impl DocumentView {
    fn of(document: &ClientDocument, today: Date) -> Self {
        let (gross_minor, currency) = gross(document);
        let mut view = Self {
            kind: Shape::CreditNote,
            id: document.owner.to_string(),
            number: None,
            status: String::new(),
            payment_status: None,
            is_overdue: false,
            client_id: document.client,
            client_name: document.client_name.clone(),
            subject: None,
            dated_on: dated_on(document),
            due_on: None,
            valid_until: None,
            gross_minor,
            balance_minor: None,
            currency,
        };
        match &document.summary {
            Summary::Quote(quote) => {
                let status = QuoteStatus::of(quote.progress, quote.valid_until, today);
                view.kind = Shape::Quote;
                view.number.clone_from(&quote.number);
                view.subject.clone_from(&quote.subject);
                view.status = serde_json::to_value(status)
                    .ok()
                    .and_then(|name| name.as_str().map(str::to_owned))
                    .unwrap_or_default();
                view.valid_until = quote.valid_until;
            }
            Summary::Invoice(invoice) => {
                let is_issued = invoice.number.is_some();
                view.kind = Shape::Invoice;
                view.number.clone_from(&invoice.number);
                view.subject.clone_from(&invoice.subject);
                view.status = match (is_issued, invoice.is_cancelled()) {
                    (false, _) => "draft",
                    (true, true) => "cancelled",
                    (true, false) => "issued",
                }
                .into();
                view.payment_status = is_issued.then(|| PaymentStatus::of(invoice.owed(), invoice.paid_minor));
                view.balance_minor = is_issued.then(|| invoice.balance());
                view.is_overdue = invoice.is_overdue(today);
                view.due_on = invoice.due_on;
            }
            Summary::CreditNote(note) => {
                view.number = Some(note.number.clone());
                view.status = "issued".into();
            }
        }
        view
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentList {
    items: Vec<DocumentView>,
    next_cursor: Option<String>,
    /// Where the order asked for is none that lists stand in: only so many of the newest were looked at.
    only_of: Option<usize>,
}

#[derive(Deserialize)]
pub struct DocumentQuery {
    #[serde(default)]
    kind: String,
    #[serde(flatten)]
    filter: FilterInput,
}

impl DocumentQuery {
    fn parse(&self) -> Result<Filter> {
        let shape = Shape::ALL.into_iter().find(|shape| shape.name() == self.kind);
        let shape = shape.ok_or_else(|| Error::field("/kind", Rule::NotAChoice))?;
        Ok(self.filter.parse(shape)?)
    }
}

/// Quotes, invoices or credit notes, narrowed and sorted.
#[utoipa::path(get, path = "/api/v1/documents", tag = "invoicing", operation_id = "list_documents",
    params(
        ("kind" = String, Query, description = "`quote`, `invoice` or `credit_note`"),
        ("state" = Option<String>, Query, description = "of quotes: `draft`, `sent`, `expired`, `accepted`, `refused`, \
            `invoiced`, `replaced`; of invoices: `draft`, `open`, `overdue`, `partly_paid`, `paid`, `cancelled`"),
        ("q" = Option<String>, Query, description = "part of its number, its subject or its client's name; or its amount"),
        ("client" = Option<String>, Query, description = "`com_…`"),
        ("from" = Option<String>, Query, description = "`YYYY-MM-DD`, of issue or of the draft"),
        ("to" = Option<String>, Query),
        ("sort" = Option<String>, Query, description = "`newest`, `oldest`, `due`, `largest` or `client`"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = DocumentList)))]
pub async fn list_documents(
    asker: Asker,
    Query(query): Query<DocumentQuery>,
    Pagination(request): Pagination,
) -> Result<Plain<DocumentList>, Failure> {
    let today = asker.today();
    let found = super::list_documents(&asker.scope, &query.parse()?, &request, today).await?;
    let items = found.items.iter().map(|document| DocumentView::of(document, today)).collect();
    Ok(Plain(DocumentList { items, next_cursor: found.next_cursor, only_of: found.only_of }))
}

/// The same as CSV for a French spreadsheet, in the order of days.
#[utoipa::path(get, path = "/api/v1/documents/export", tag = "invoicing", operation_id = "export_documents",
    params(("kind" = String, Query), ("state" = Option<String>, Query), ("q" = Option<String>, Query),
        ("client" = Option<String>, Query), ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("sort" = Option<String>, Query)),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_documents(asker: Asker, Query(query): Query<DocumentQuery>) -> Result<Response, Failure> {
    super::export_documents(&asker, &query.parse()?).await
}
