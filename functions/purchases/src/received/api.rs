//! `/api/v1/received-invoices`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor,
    id::{ExpenseId, ReceivedInvoiceId, SupplierId, UserId},
    page::Page,
};
use serde::Serialize;
use table::Stored;
use web::{
    Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen,
    upload::{UploadInput, UploadView, begin_upload},
};

use crate::supplier::api::SupplierView;

use super::{INVOICE, Lifecycle, Reason, ReasonInput, ReceivedInput, ReceivedInvoice, ReceivedSyntax, Wanted, store};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivedInvoiceView {
    /// `rin_…`
    #[schema(value_type = String)]
    id: ReceivedInvoiceId,
    /// `xpn_…`: the expense that it is, with the file as its proof.
    #[schema(value_type = String)]
    expense_id: ExpenseId,
    /// `sup_…`
    #[schema(value_type = String)]
    supplier_id: SupplierId,
    seller: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_siren: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_vat_number: Option<String>,
    buyer: String,
    /// Whether it names the buyer by a number of the organization's; an invoice may name none.
    is_addressed: bool,
    syntax: ReceivedSyntax,
    number: String,
    /// UNTDID 1001: `380`.
    type_code: String,
    is_credit: bool,
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<Date>,
    currency: Currency,
    net_minor: Minor,
    tax_minor: Minor,
    gross_minor: Minor,
    due_minor: Minor,
    /// At most 200; the file has all of them.
    lines: Vec<ReceivedLineView>,
    state: Lifecycle,
    /// As platforms name the state: `202`.
    state_code: u16,
    steps: Vec<StepView>,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivedLineView {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<String>,
    net_minor: Minor,
    #[serde(skip_serializing_if = "Option::is_none")]
    vat_percent: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ReceivedInvoiceStepView)]
pub struct StepView {
    state: Lifecycle,
    state_code: u16,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `usr_…`
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<UserId>,
    /// Why it is disputed or refused, as platforms exchange it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Reason>,
    /// What its sender is told besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl ReceivedInvoiceView {
    fn of(invoice: &ReceivedInvoice) -> Self {
        let text = |number: Option<rust_decimal::Decimal>| number.map(|number| number.normalize().to_string());
        let line = |line: &super::ReceivedLine| ReceivedLineView {
            name: line.name.clone(),
            quantity: text(line.quantity),
            unit_price: text(line.unit_price),
            net_minor: line.net_minor,
            vat_percent: text(line.vat_percent),
        };
        let step = |step: &super::Step| StepView {
            state: step.state,
            state_code: step.state.code(),
            at: step.at,
            by: step.by,
            code: step.code,
            reason: step.reason.clone(),
        };
        Self {
            id: invoice.id,
            expense_id: invoice.expense(),
            supplier_id: invoice.supplier,
            seller: invoice.seller.clone(),
            seller_siren: invoice.seller_siren.clone(),
            seller_vat_number: invoice.seller_vat_number.clone(),
            buyer: invoice.buyer.clone(),
            is_addressed: invoice.is_addressed,
            syntax: invoice.syntax,
            number: invoice.number.clone(),
            type_code: invoice.type_code.clone(),
            is_credit: invoice.is_credit,
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            currency: invoice.currency,
            net_minor: invoice.net_minor,
            tax_minor: invoice.tax_minor,
            gross_minor: invoice.gross_minor,
            due_minor: invoice.due_minor,
            lines: invoice.lines.iter().map(line).collect(),
            state: invoice.lifecycle,
            state_code: invoice.lifecycle.code(),
            steps: invoice.steps.iter().map(step).collect(),
            received_at: invoice.received_at,
        }
    }

    fn answer(read: &Stored<ReceivedInvoice>) -> Answer<Self> {
        seen(Self::of(read), read.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivedInvoiceList {
    items: Vec<ReceivedInvoiceView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

type Answered = Result<Answer<ReceivedInvoiceView>, Failure>;

/// Received invoices, the last one first.
#[utoipa::path(get, path = "/api/v1/received-invoices", tag = "purchases", operation_id = "list_received_invoices",
    params(
        ("q" = Option<String>, Query, description = "Beginnings of words of the seller or the number"),
        ("state" = Option<String>, Query, description = "`received`, `taken_in_charge`, `approved`, `disputed`, `refused`, `payment_sent` or `payment_received`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ReceivedInvoiceList)))]
pub async fn list_received_invoices(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<ReceivedInvoiceList>, Failure> {
    let page = super::list_received(&asker.scope, &wanted, &request).await?;
    let Page { items, next_cursor } = page.map(|read| ReceivedInvoiceView::of(&read));
    Ok(Plain(ReceivedInvoiceList { items, next_cursor }))
}

/// A link to which a Factur-X PDF or an XML (CII, UBL) of at most 10 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/received-invoices/uploads", tag = "purchases",
    operation_id = "begin_received_invoice_upload", request_body = UploadInput,
    responses((status = 201, body = UploadView)))]
pub async fn begin_received_invoice_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, Plain<UploadView>), Failure> {
    let upload = begin_upload(&asker.scope, &asker.deps().files, &INVOICE, &input).await?;
    Ok((StatusCode::CREATED, Plain(upload)))
}

/// Takes in an electronic invoice that was sent: it becomes an expense with its supplier. Refused with its reason where it is
/// none, contradicts itself or is addressed to somebody else; 409 where the seller's number came before.
#[utoipa::path(post, path = "/api/v1/received-invoices", tag = "purchases", operation_id = "receive_invoice",
    request_body = ReceivedInput, responses((status = 201, body = ReceivedInvoiceView)))]
pub async fn receive_invoice(asker: Asker, Json(input): Json<ReceivedInput>) -> Answered {
    let read = Box::pin(super::receive_invoice(&asker, &input)).await?;
    Ok(created(ReceivedInvoiceView::of(&read), read.version, format!("/api/v1/received-invoices/{}", read.id)))
}

/// One received invoice.
#[utoipa::path(get, path = "/api/v1/received-invoices/{id}", tag = "purchases", operation_id = "show_received_invoice",
    params(("id" = String, Path, description = "`rin_…`")), responses((status = 200, body = ReceivedInvoiceView)))]
pub async fn show_received_invoice(asker: Asker, Id(id): Id<ReceivedInvoiceId>) -> Answered {
    Ok(ReceivedInvoiceView::answer(&store::read(&asker.scope, id).await?.invoice))
}

/// Says that it is taken in charge (204).
#[utoipa::path(post, path = "/api/v1/received-invoices/{id}/take", tag = "purchases",
    operation_id = "take_received_invoice", params(("id" = String, Path, description = "`rin_…`")),
    responses((status = 200, body = ReceivedInvoiceView)))]
pub async fn take_received_invoice(asker: Asker, Id(id): Id<ReceivedInvoiceId>, IfMatch(version): IfMatch) -> Answered {
    let read = super::state_invoice(&asker.scope, id, Lifecycle::TakenInCharge, None, version).await?;
    Ok(ReceivedInvoiceView::answer(&read))
}

/// Approves it (205), and the expense that waits for it.
#[utoipa::path(post, path = "/api/v1/received-invoices/{id}/approve", tag = "purchases",
    operation_id = "approve_received_invoice", params(("id" = String, Path, description = "`rin_…`")),
    responses((status = 200, body = ReceivedInvoiceView)))]
pub async fn approve_received_invoice(
    asker: Asker,
    Id(id): Id<ReceivedInvoiceId>,
    IfMatch(version): IfMatch,
) -> Answered {
    let read = super::state_invoice(&asker.scope, id, Lifecycle::Approved, None, version).await?;
    Ok(ReceivedInvoiceView::answer(&read))
}

/// Disputes it (207), and says why: by a reason of the list, and a comment.
#[utoipa::path(post, path = "/api/v1/received-invoices/{id}/dispute", tag = "purchases",
    operation_id = "dispute_received_invoice", params(("id" = String, Path, description = "`rin_…`")),
    request_body = ReasonInput, responses((status = 200, body = ReceivedInvoiceView)))]
pub async fn dispute_received_invoice(
    asker: Asker,
    Id(id): Id<ReceivedInvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReasonInput>,
) -> Answered {
    let read = super::state_invoice(&asker.scope, id, Lifecycle::Disputed, Some(&input), version).await?;
    Ok(ReceivedInvoiceView::answer(&read))
}

/// Refuses it (210), and says why, by a reason of the list: its expense counts no more. What is paid is not refused.
#[utoipa::path(post, path = "/api/v1/received-invoices/{id}/refuse", tag = "purchases",
    operation_id = "refuse_received_invoice", params(("id" = String, Path, description = "`rin_…`")),
    request_body = ReasonInput, responses((status = 200, body = ReceivedInvoiceView)))]
pub async fn refuse_received_invoice(
    asker: Asker,
    Id(id): Id<ReceivedInvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReasonInput>,
) -> Answered {
    let read = super::state_invoice(&asker.scope, id, Lifecycle::Refused, Some(&input), version).await?;
    Ok(ReceivedInvoiceView::answer(&read))
}

/// Notes that the supplier has the money (212), as they say or their platform does. Its expense must be paid.
#[utoipa::path(post, path = "/api/v1/received-invoices/{id}/payment-received", tag = "purchases",
    operation_id = "note_payment_received", params(("id" = String, Path, description = "`rin_…`")),
    responses((status = 200, body = ReceivedInvoiceView)))]
pub async fn note_payment_received(asker: Asker, Id(id): Id<ReceivedInvoiceId>, IfMatch(version): IfMatch) -> Answered {
    let read = super::state_invoice(&asker.scope, id, Lifecycle::PaymentReceived, None, version).await?;
    Ok(ReceivedInvoiceView::answer(&read))
}

/// Confirms, after somebody checked it by another way than the invoice, that the account that it names is the supplier's: the
/// supplier has this IBAN from now on. 409 where it names none. `If-Match` is the invoice's version.
#[utoipa::path(post, path = "/api/v1/received-invoices/{id}/confirm-account", tag = "purchases",
    operation_id = "confirm_supplier_account", params(("id" = String, Path, description = "`rin_…`")),
    responses((status = 200, body = SupplierView)))]
pub async fn confirm_supplier_account(
    asker: Asker,
    Id(id): Id<ReceivedInvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<SupplierView>, Failure> {
    let read = super::confirm_account(&asker, id, version).await?;
    Ok(seen(SupplierView::of(&read), read.version))
}
