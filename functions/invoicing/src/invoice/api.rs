//! `/api/v1/invoices`

use axum::Json as Plain;
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor,
    document::{Kind, Operations, Situation, vat_in_euro},
    event::Owner,
    id::{CompanyId, InvoiceId, QuoteId},
    terms::DayCount,
};
use serde::Serialize;
use table::{Order, Stored, shared::DocumentFile};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{Invoice, InvoiceInput, PaymentStatus};
use crate::content::PricedView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct InvoiceView {
    /// `inv_…`
    #[schema(value_type = String)]
    id: InvoiceId,
    /// Absent while it is a draft.
    number: Option<String>,
    /// `draft` or `issued`.
    status: &'static str,
    /// Absent while it is a draft.
    payment_status: Option<PaymentStatus>,
    is_overdue: bool,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    subject: Option<String>,
    introduction: Option<String>,
    conditions: Option<String>,
    purchase_order: Option<String>,
    operations: Operations,
    #[schema(value_type = Option<String>, format = Date)]
    supplied_on: Option<Date>,
    payment_days: u16,
    day_count: DayCount,
    #[schema(value_type = Option<String>, format = Date)]
    issued_on: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Date>,
    /// `invoice`, `deposit` or `corrective`.
    #[schema(value_type = String)]
    kind: Kind,
    /// What deposits paid in advance.
    deducted_minor: Minor,
    /// Which situation of its quote it is, net of VAT.
    #[serde(skip_serializing_if = "Option::is_none")]
    situation: Option<Situation>,
    /// The invoice that it replaces, where it is corrective.
    #[schema(value_type = Option<String>)]
    corrects: Option<InvoiceId>,
    /// The corrective invoice that took its place.
    #[schema(value_type = Option<String>)]
    replaced_by: Option<InvoiceId>,
    /// The invoice whose late payment it asks interest for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    interest_of: Option<InvoiceId>,
    /// Nothing of it is owed any more: all was given back, or it was replaced.
    is_cancelled: bool,
    /// The quote that it comes from.
    #[schema(value_type = Option<String>)]
    quote_id: Option<QuoteId>,
    #[serde(flatten)]
    priced: PricedView,
    paid_minor: Minor,
    /// What credit notes gave back.
    credited_minor: Minor,
    /// Negative where more was paid than is owed.
    balance_minor: Minor,
    /// When it is debited, where that is under way.
    #[schema(value_type = Option<String>, format = Date)]
    debit_on: Option<Date>,
    /// Euro for one unit of the currency, decimal text; absent where nobody said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange_rate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    exchange_on: Option<Date>,
    /// In cents of a euro; absent in euro, and where the rate is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_euro_minor: Option<Minor>,
    reminders: u8,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Whether its PDF can be downloaded; only where one invoice is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_document_ready: Option<bool>,
}

impl InvoiceView {
    pub fn new(asker: &Asker, invoice: &Invoice) -> Self {
        let issued = invoice.issued.as_ref();
        let summary = invoice.summary();
        Self {
            id: invoice.id,
            number: summary.number.clone(),
            status: if issued.is_some() { "issued" } else { "draft" },
            payment_status: issued.map(|_| invoice.payment_status()),
            is_overdue: summary.is_overdue(asker.today()),
            client_id: invoice.client.reference.id,
            client_name: invoice.client.reference.name.clone(),
            subject: invoice.words.subject.clone(),
            introduction: invoice.words.introduction.clone(),
            conditions: invoice.words.conditions.clone(),
            purchase_order: invoice.purchase_order.clone(),
            operations: invoice.operations,
            supplied_on: invoice.supplied_on,
            payment_days: invoice.payment_days,
            day_count: invoice.day_count,
            issued_on: summary.issued_on,
            due_on: summary.due_on,
            kind: invoice.kind,
            deducted_minor: invoice.deducted_minor(),
            situation: invoice.situation,
            corrects: invoice.corrects.as_ref().map(|original| original.invoice),
            replaced_by: invoice.replaced_by().map(|by| by.invoice),
            interest_of: invoice.interest_of.as_ref().map(|origin| origin.invoice),
            is_cancelled: summary.is_cancelled(),
            quote_id: invoice.quote,
            priced: PricedView::of(&invoice.priced),
            paid_minor: summary.paid_minor,
            credited_minor: summary.credited_minor,
            balance_minor: summary.balance(),
            debit_on: summary.debit_on,
            exchange_rate: invoice.exchange.map(|rate| rate.euro.normalize().to_string()),
            exchange_on: invoice.exchange.map(|rate| rate.on),
            tax_euro_minor: vat_in_euro(invoice.priced.totals.tax_minor, invoice.priced.currency, invoice.exchange),
            reminders: issued.map(|issued| issued.reminders).unwrap_or_default(),
            created_at: invoice.created_at,
            is_document_ready: None,
        }
    }

    /// A draft that was made now.
    pub fn drafted(asker: &Asker, invoice: &Stored<Invoice>) -> Answer<Self> {
        created(Self::new(asker, invoice), invoice.version, format!("/api/v1/invoices/{}", invoice.id))
    }

    fn answer(asker: &Asker, invoice: &Stored<Invoice>) -> Answer<Self> {
        seen(Self::new(asker, invoice), invoice.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct InvoiceList {
    items: Vec<InvoiceView>,
    next_cursor: Option<String>,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/invoices", tag = "invoicing", operation_id = "list_invoices",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = InvoiceList)))]
pub async fn list_invoices(asker: Asker, Pagination(request): Pagination) -> Result<Plain<InvoiceList>, Failure> {
    let found = asker.scope.list::<Invoice>(&asker.scope.keys().invoices(), &request, Order::Descending).await?;
    let items = found.items.iter().map(|invoice| InvoiceView::new(&asker, invoice)).collect();
    Ok(Plain(InvoiceList { items, next_cursor: found.next_cursor }))
}

/// Drafts an invoice.
#[utoipa::path(post, path = "/api/v1/invoices", tag = "invoicing", operation_id = "create_invoice",
    request_body = InvoiceInput, responses((status = 201, body = InvoiceView)))]
pub async fn create_invoice(asker: Asker, Json(input): Json<InvoiceInput>) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::create_invoice(&asker, &input).await?;
    Ok(InvoiceView::drafted(&asker, &invoice))
}

#[utoipa::path(get, path = "/api/v1/invoices/{id}", tag = "invoicing", operation_id = "show_invoice",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 200, body = InvoiceView)))]
pub async fn show_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> Result<Answer<InvoiceView>, Failure> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.invoice(id), keys.file(Owner::Invoice(id))]).await?;
    let invoice = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?;
    let mut answer = InvoiceView::answer(&asker, &invoice);
    answer.body.is_document_ready = Some(found.first::<DocumentFile>()?.is_some());
    Ok(answer)
}

/// Rewrites a draft.
#[utoipa::path(put, path = "/api/v1/invoices/{id}", tag = "invoicing", operation_id = "edit_invoice",
    params(("id" = String, Path, description = "`inv_…`")), request_body = InvoiceInput,
    responses((status = 200, body = InvoiceView)))]
pub async fn edit_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<InvoiceInput>,
) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::edit_invoice(&asker, id, &input, version).await?;
    Ok(InvoiceView::answer(&asker, &invoice))
}

/// Deletes a draft.
#[utoipa::path(delete, path = "/api/v1/invoices/{id}", tag = "invoicing", operation_id = "delete_invoice",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 204)))]
pub async fn delete_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_invoice(&asker.scope, &asker.deps().files, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the draft of a corrective invoice, which takes the place of this one in full once it is issued.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/correct", tag = "invoicing", operation_id = "correct_invoice",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 201, body = InvoiceView)))]
pub async fn correct_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::correct_invoice(&asker.scope, id, version).await?;
    Ok(InvoiceView::drafted(&asker, &invoice))
}

/// Makes a draft with the content of an invoice.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/duplicate", tag = "invoicing", operation_id = "duplicate_invoice",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 201, body = InvoiceView)))]
pub async fn duplicate_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::duplicate_invoice(&asker.scope, id).await?;
    Ok(InvoiceView::drafted(&asker, &invoice))
}

/// Issues a draft for good: it gets its number, its document is rendered, its mail leaves.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/issue", tag = "invoicing", operation_id = "issue_invoice",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 200, body = InvoiceView)))]
pub async fn issue_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::issue_invoice(&asker.scope, &asker.organization, id, version).await?;
    Ok(InvoiceView::answer(&asker, &invoice))
}

/// A link that downloads the PDF (Factur-X) for five minutes.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/document", tag = "invoicing", operation_id = "download_invoice",
    params(("id" = String, Path, description = "`inv_…`")),
    responses((status = 200, body = crate::document::DownloadView)))]
pub async fn download_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
) -> Result<Plain<crate::document::DownloadView>, Failure> {
    let (url, file_name) = crate::document::download(&asker, Owner::Invoice(id)).await?;
    Ok(Plain(crate::document::DownloadView { url, file_name }))
}
