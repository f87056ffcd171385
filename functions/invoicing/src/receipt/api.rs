//! `/api/v1/receipts`, `/api/v1/invoices/{id}/credit-applications`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Rule,
    id::{BankLineId, CompanyId, InvoiceId, PaymentId, ReceiptId},
};
use serde::{Deserialize, Serialize};
use table::Order;
use web::{Asker, Failure, Id, IfMatch, Json, Pagination};

use super::{CreditInput, Receipt, ReceiptInput, ReceiptKind, ReceiptReversalInput, pages::open_invoices, proposed};
use crate::{client, panel::InvoiceSummary, payment};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceiptPartView {
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    invoice_number: String,
    #[schema(value_type = String)]
    payment_id: PaymentId,
    /// What it adds to what is paid of the invoice; negative where a credit is taken of it.
    effect_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceiptView {
    /// `rcp_…`
    #[schema(value_type = String)]
    id: ReceiptId,
    /// `received`, `refunded`, or `applied` where a credit settles an invoice.
    #[schema(value_type = String)]
    kind: ReceiptKind,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    amount_minor: Minor,
    currency: Currency,
    #[schema(value_type = String, format = Date)]
    paid_on: Date,
    method: &'static str,
    reference: Option<String>,
    parts: Vec<ReceiptPartView>,
    /// What of it is a credit of the client.
    excess_minor: Minor,
    /// The line of the bank that it is.
    #[schema(value_type = Option<String>)]
    bank_line_id: Option<BankLineId>,
    is_reversed: bool,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl ReceiptView {
    pub fn of(receipt: &Receipt) -> Self {
        let part = |(place, part): (usize, &super::ReceiptPart)| ReceiptPartView {
            invoice_id: part.invoice,
            invoice_number: part.number.clone(),
            payment_id: receipt.payment_id(place),
            effect_minor: part.effect_minor,
        };
        Self {
            id: receipt.id,
            kind: receipt.kind,
            client_id: receipt.client,
            client_name: receipt.client_name.clone(),
            amount_minor: receipt.amount_minor,
            currency: receipt.currency,
            paid_on: receipt.paid_on,
            method: receipt.method.name(),
            reference: receipt.reference.clone(),
            parts: receipt.parts.iter().enumerate().map(part).collect(),
            excess_minor: receipt.excess_minor,
            bank_line_id: receipt.bank_line,
            is_reversed: receipt.reversed.is_some(),
            recorded_at: receipt.recorded_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceiptList {
    items: Vec<ReceiptView>,
    next_cursor: Option<String>,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/receipts", tag = "invoicing", operation_id = "list_receipts",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ReceiptList)))]
pub async fn list_receipts(asker: Asker, Pagination(request): Pagination) -> Result<Plain<ReceiptList>, Failure> {
    let found = asker.scope.list::<Receipt>(&asker.scope.keys().receipts(), &request, Order::Descending).await?;
    let items = found.items.iter().map(|receipt| ReceiptView::of(receipt)).collect();
    Ok(Plain(ReceiptList { items, next_cursor: found.next_cursor }))
}

#[utoipa::path(get, path = "/api/v1/receipts/{id}", tag = "invoicing", operation_id = "show_receipt",
    params(("id" = String, Path, description = "`rcp_…`")), responses((status = 200, body = ReceiptView)))]
pub async fn show_receipt(asker: Asker, Id(id): Id<ReceiptId>) -> Result<Plain<ReceiptView>, Failure> {
    let found = asker.scope.get::<Receipt>(&asker.scope.keys().receipt(id)).await?.ok_or(Error::NotFound)?;
    Ok(Plain(ReceiptView::of(&found)))
}

/// Records what a client paid at once, over up to 11 of their invoices.
#[utoipa::path(post, path = "/api/v1/receipts", tag = "invoicing", operation_id = "record_receipt",
    request_body = ReceiptInput, responses((status = 201, body = ReceiptView)))]
pub async fn record_receipt(
    asker: Asker,
    Json(input): Json<ReceiptInput>,
) -> Result<(StatusCode, Plain<ReceiptView>), Failure> {
    let receipt = super::record_receipt(&asker.scope, &asker.organization, &input).await?;
    Ok((StatusCode::CREATED, Plain(ReceiptView::of(&receipt))))
}

/// Takes a receipt back, by a counter-entry of each of its parts.
#[utoipa::path(post, path = "/api/v1/receipts/{id}/reversal", tag = "invoicing", operation_id = "reverse_receipt",
    params(("id" = String, Path, description = "`rcp_…`")), request_body = ReceiptReversalInput,
    responses((status = 201, body = ReceiptView)))]
pub async fn reverse_receipt(
    asker: Asker,
    Id(id): Id<ReceiptId>,
    Json(input): Json<ReceiptReversalInput>,
) -> Result<(StatusCode, Plain<ReceiptView>), Failure> {
    let receipt = super::reverse_receipt(&asker.scope, &asker.organization, id, &input).await?;
    Ok((StatusCode::CREATED, Plain(ReceiptView::of(&receipt))))
}

/// Settles another invoice of the same client with what this one has too much.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/credit-applications", tag = "invoicing",
    operation_id = "apply_credit", params(("id" = String, Path, description = "`inv_…`")), request_body = CreditInput,
    responses((status = 201, body = ReceiptView)))]
pub async fn apply_credit(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CreditInput>,
) -> Result<(StatusCode, Plain<ReceiptView>), Failure> {
    let receipt = super::apply_credit(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok((StatusCode::CREATED, Plain(ReceiptView::of(&receipt))))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct ProposalQuery {
    client_id: String,
    amount: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProposedPart {
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    invoice_number: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Date>,
    balance_minor: Minor,
    /// As the input of a receipt takes it: `1200.50`.
    amount: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceiptProposal {
    /// That which is due first at the beginning; those that get nothing as well.
    parts: Vec<ProposedPart>,
    /// What no invoice takes.
    excess_minor: Minor,
}

/// How an amount would be spread over what a client has to pay, the oldest due date first.
#[utoipa::path(get, path = "/api/v1/receipts/proposal", tag = "invoicing", operation_id = "propose_receipt",
    params(("client_id" = String, Query, description = "`com_…`"), ("amount" = String, Query)),
    responses((status = 200, body = ReceiptProposal)))]
pub async fn propose_receipt(
    asker: Asker,
    Query(query): Query<ProposalQuery>,
) -> Result<Plain<ReceiptProposal>, Failure> {
    let currency = asker.organization.currency;
    let client: CompanyId = query.client_id.parse().map_err(|_| Error::field("/client_id", Rule::NotFound))?;
    let amount = payment::amount(&query.amount, currency).map_err(|rule| Error::field("/amount", rule))?;
    let (open, seen) =
        table::meter::side_by_side(open_invoices(&asker.scope, client), client::must_see(&asker, client)).await;
    seen?;
    let mut open = open?;
    open.retain(|invoice| invoice.currency == currency);
    let shares = proposed(amount, open.iter().map(InvoiceSummary::balance));
    let excess_minor = Minor(amount.0 - shares.iter().map(|share| share.0).sum::<i64>());
    let parts = open.into_iter().zip(shares).map(|(invoice, share)| ProposedPart {
        invoice_id: invoice.id,
        invoice_number: invoice.number.clone(),
        due_on: invoice.due_on,
        balance_minor: invoice.balance(),
        amount: share.plain(currency),
    });
    Ok(Plain(ReceiptProposal { parts: parts.collect(), excess_minor }))
}
