//! `/api/v1/invoices/{id}/payments`

use axum::Json as Plain;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor,
    id::{InvoiceId, PaymentId},
};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created};

use super::{Payment, PaymentInput};
use crate::invoice::{Invoice, api::InvoiceView};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PaymentView {
    /// `pay_…`
    #[schema(value_type = String)]
    id: PaymentId,
    amount_minor: Minor,
    currency: Currency,
    #[schema(value_type = String, format = Date)]
    paid_on: Date,
    method: &'static str,
    reference: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl PaymentView {
    fn of(payment: &Payment) -> Self {
        Self {
            id: payment.id,
            amount_minor: payment.amount_minor,
            currency: payment.currency,
            paid_on: payment.paid_on,
            method: payment.method.name(),
            reference: payment.reference.clone(),
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
    let view = RecordedView {
        payment: PaymentView::of(&recorded.payment),
        invoice: InvoiceView::new(&asker, &recorded.invoice),
    };
    Ok(created(view, recorded.invoice.version, format!("/api/v1/invoices/{id}/payments")))
}
