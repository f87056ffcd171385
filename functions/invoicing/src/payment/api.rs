//! `/api/v1/invoices/{id}/payments`

use axum::{Json as Plain, extract::Query};
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor,
    id::{CompanyId, InvoiceId, PaymentId, ReceiptId},
};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, Ids, IfMatch, Json, Pagination, created};

use super::{Filter, Payment, PaymentInput, PaymentKind, Recorded, ReversalInput};
use crate::invoice::{Invoice, api::InvoiceView};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PaymentView {
    /// `pay_…`
    #[schema(value_type = String)]
    id: PaymentId,
    /// `received`, `refunded`, `reversal` (of a payment) or `refund_reversal`.
    kind: &'static str,
    /// Always positive; `kind` says which way the money went.
    amount_minor: Minor,
    currency: Currency,
    #[schema(value_type = String, format = Date)]
    paid_on: Date,
    method: &'static str,
    reference: Option<String>,
    /// The counter-entry that took it back.
    #[schema(value_type = Option<String>)]
    reversed_by: Option<PaymentId>,
    /// The receipt that it is a part of, and is taken back with.
    #[schema(value_type = Option<String>)]
    receipt_id: Option<ReceiptId>,
    /// Made online through the provider of payments by card, and given back there.
    is_online: bool,
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    invoice_number: Option<String>,
    #[schema(value_type = Option<String>)]
    client_id: Option<CompanyId>,
    client_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl PaymentView {
    fn of(payment: &Payment) -> Self {
        let of = payment.of.clone();
        Self {
            id: payment.id,
            kind: match payment.kind {
                PaymentKind::Received => "received",
                PaymentKind::Refunded => "refunded",
                PaymentKind::Reversal => "reversal",
                PaymentKind::RefundReversal => "refund_reversal",
            },
            amount_minor: payment.amount_minor,
            currency: payment.currency,
            paid_on: payment.paid_on,
            method: payment.method.name(),
            reference: payment.reference.clone(),
            reversed_by: payment.reversed_by,
            receipt_id: payment.receipt,
            is_online: payment.charge.is_some(),
            invoice_id: payment.invoice,
            invoice_number: of.as_ref().map(|of| of.number.clone()),
            client_id: of.as_ref().map(|of| of.client),
            client_name: of.map(|of| of.client_name),
            recorded_at: payment.recorded_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PaymentList {
    items: Vec<PaymentView>,
}

/// A payment with the invoice as it is after it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecordedView {
    payment: PaymentView,
    invoice: InvoiceView,
}

impl RecordedView {
    pub fn answer(asker: &Asker, recorded: &Recorded) -> Answer<Self> {
        let invoice = &recorded.invoice;
        let location = format!("/api/v1/invoices/{}/payments", invoice.id);
        let view = Self { payment: PaymentView::of(&recorded.payment), invoice: InvoiceView::new(asker, invoice) };
        created(view, invoice.version, location)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PaymentPage {
    items: Vec<PaymentView>,
    next_cursor: Option<String>,
}

/// The payments of a period, the latest first. A page has fewer than `limit` where a filter leaves fewer.
#[utoipa::path(get, path = "/api/v1/payments", tag = "invoicing", operation_id = "list_all_payments",
    params(("period" = Option<String>, Query, description = "`2026`, `2026-11` or `2026-11-25`; without one, this month"),
        ("method" = Option<String>, Query), ("client_id" = Option<String>, Query),
        ("q" = Option<String>, Query, description = "a part of a number, a name or a reference"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = PaymentPage)))]
pub async fn list_all_payments(
    asker: Asker,
    Query(filter): Query<Filter>,
    Pagination(request): Pagination,
) -> Result<Plain<PaymentPage>, Failure> {
    let found = super::list_payments(&asker.scope, &filter, asker.today(), &request).await?;
    let items = found.items.iter().map(|payment| PaymentView::of(payment)).collect();
    Ok(Plain(PaymentPage { items, next_cursor: found.next_cursor }))
}

/// The payments of an invoice, the oldest first.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/payments", tag = "invoicing", operation_id = "list_payments",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 200, body = PaymentList)))]
pub async fn list_payments(asker: Asker, Id(id): Id<InvoiceId>) -> Result<Plain<PaymentList>, Failure> {
    let found = asker.scope.collection(&asker.scope.keys().invoice(id).collection()).await?;
    found.first::<Invoice>()?.ok_or(Error::NotFound)?;
    let items = found.all::<Payment>()?.iter().map(|payment| PaymentView::of(payment)).collect();
    Ok(Plain(PaymentList { items }))
}

/// Records a payment of at most what is due.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/payments", tag = "invoicing", operation_id = "record_payment",
    params(("id" = String, Path, description = "`inv_…`")), request_body = PaymentInput,
    responses((status = 201, body = RecordedView)))]
pub async fn record_payment(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PaymentInput>,
) -> Result<Answer<RecordedView>, Failure> {
    let recorded = super::record_payment(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(RecordedView::answer(&asker, &recorded))
}

/// Gives back what was paid beyond what is owed.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/refunds", tag = "invoicing", operation_id = "refund_invoice",
    params(("id" = String, Path, description = "`inv_…`")), request_body = PaymentInput,
    responses((status = 201, body = RecordedView)))]
pub async fn refund_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PaymentInput>,
) -> Result<Answer<RecordedView>, Failure> {
    let recorded = super::refund_invoice(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(RecordedView::answer(&asker, &recorded))
}

/// Takes back a payment that was not one, by a counter-entry.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/payments/{payment}/reversal", tag = "invoicing",
    operation_id = "reverse_payment",
    params(("id" = String, Path, description = "`inv_…`"), ("payment" = String, Path, description = "`pay_…`")),
    request_body = ReversalInput, responses((status = 201, body = RecordedView)))]
pub async fn reverse_payment(
    asker: Asker,
    Ids(ids): Ids<InvoiceId, PaymentId>,
    Json(input): Json<ReversalInput>,
) -> Result<Answer<RecordedView>, Failure> {
    let recorded = super::reverse_payment(&asker.scope, &asker.organization, ids, &input).await?;
    Ok(RecordedView::answer(&asker, &recorded))
}
