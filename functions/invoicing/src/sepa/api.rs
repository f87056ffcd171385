//! `/api/v1/mandates`, `/api/v1/remittances`, `/api/v1/sepa-creditor`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor,
    id::{CompanyId, InvoiceId, MandateId, PaymentId, RemittanceId},
};
use serde::{Deserialize, Serialize};
use table::Order;
use web::{Answer, Asker, Failure, Id, Ids, IfMatch, Json, PageResult, Pagination, seen};

use super::{
    ConfirmationInput, CreditorInput, Mandate, MandateInput, NOTICE_DAYS, RejectionInput, Remittance, RemittanceInput,
    Scheme, SepaCreditor, Sequence, TransferInput,
    pages::{remittance_file, transfer_file},
};
use crate::payment::api::RecordedView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreditorView {
    /// The creditor identifier (ICS); absent until one is set.
    creditor_id: Option<String>,
    /// Days between the notice of a debit and the debit.
    notice_days: u8,
}

impl CreditorView {
    fn of(creditor: Option<&SepaCreditor>) -> Self {
        Self {
            creditor_id: creditor.map(|creditor| creditor.creditor_id.clone()),
            notice_days: creditor.map_or(NOTICE_DAYS, |creditor| creditor.notice_days),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/sepa-creditor", tag = "invoicing", operation_id = "show_sepa_creditor",
    responses((status = 200, body = CreditorView)))]
pub async fn show_sepa_creditor(asker: Asker) -> Result<Answer<CreditorView>, Failure> {
    let found = asker.scope.get::<SepaCreditor>(&asker.scope.keys().sepa_creditor()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    Ok(seen(CreditorView::of(found.as_deref()), version))
}

#[utoipa::path(put, path = "/api/v1/sepa-creditor", tag = "invoicing", operation_id = "set_sepa_creditor",
    request_body = CreditorInput, responses((status = 200, body = CreditorView)))]
pub async fn set_sepa_creditor(
    asker: Asker,
    Json(input): Json<CreditorInput>,
) -> Result<Answer<CreditorView>, Failure> {
    let set = super::set_creditor(&asker.scope, &input).await?;
    Ok(seen(CreditorView::of(Some(&set.value)), set.version))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MandateView {
    /// `man_…`
    #[schema(value_type = String)]
    id: MandateId,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    reference: String,
    debtor: String,
    /// Its country and its last four: the IBAN itself is told to nobody.
    iban: String,
    bic: Option<String>,
    #[schema(value_type = String, format = Date)]
    signed_on: Date,
    scheme: Scheme,
    is_one_off: bool,
    /// Of its last debit.
    #[schema(value_type = Option<String>, format = Date)]
    used_on: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    revoked_on: Option<Date>,
}

impl MandateView {
    fn of(mandate: &Mandate) -> Self {
        Self {
            id: mandate.id,
            client_id: mandate.client,
            client_name: mandate.client_name.clone(),
            reference: mandate.reference.clone(),
            debtor: mandate.debtor.clone(),
            iban: mandate.shown.clone(),
            bic: mandate.bic.clone(),
            signed_on: mandate.signed_on,
            scheme: mandate.scheme,
            is_one_off: mandate.is_one_off,
            used_on: mandate.used.as_ref().map(|used| used.on),
            revoked_on: mandate.revoked_on,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MandateList {
    items: Vec<MandateView>,
    next_cursor: Option<String>,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/mandates", tag = "invoicing", operation_id = "list_mandates",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = MandateList)))]
pub async fn list_mandates(asker: Asker, Pagination(request): Pagination) -> Result<Plain<MandateList>, Failure> {
    let found = asker.scope.list::<Mandate>(&asker.scope.keys().mandates(), &request, Order::Descending).await?;
    let items = found.items.iter().map(|mandate| MandateView::of(mandate)).collect();
    Ok(Plain(MandateList { items, next_cursor: found.next_cursor }))
}

/// Takes down the mandate that a client signed. Its IBAN is sealed, and never told again.
#[utoipa::path(post, path = "/api/v1/mandates", tag = "invoicing", operation_id = "create_mandate",
    request_body = MandateInput, responses((status = 201, body = MandateView)))]
pub async fn create_mandate(
    asker: Asker,
    Json(input): Json<MandateInput>,
) -> Result<(StatusCode, Plain<MandateView>), Failure> {
    let mandate = super::create_mandate(&asker, &input).await?;
    Ok((StatusCode::CREATED, Plain(MandateView::of(&mandate))))
}

#[utoipa::path(get, path = "/api/v1/mandates/{id}", tag = "invoicing", operation_id = "show_mandate",
    params(("id" = String, Path, description = "`man_…`")), responses((status = 200, body = MandateView)))]
pub async fn show_mandate(asker: Asker, Id(id): Id<MandateId>) -> Result<Answer<MandateView>, Failure> {
    let found = asker.scope.get::<Mandate>(&asker.scope.keys().mandate(id)).await?.ok_or(Error::NotFound)?;
    Ok(seen(MandateView::of(&found), found.version))
}

#[utoipa::path(post, path = "/api/v1/mandates/{id}/revoke", tag = "invoicing", operation_id = "revoke_mandate",
    params(("id" = String, Path, description = "`man_…`")), responses((status = 200, body = MandateView)))]
pub async fn revoke_mandate(asker: Asker, Id(id): Id<MandateId>) -> Result<Answer<MandateView>, Failure> {
    let mandate = super::revoke_mandate(&asker, id).await?;
    Ok(seen(MandateView::of(&mandate), mandate.version))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DebitView {
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    invoice_number: String,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    amount_minor: Minor,
    #[schema(value_type = String)]
    mandate_id: MandateId,
    mandate_reference: String,
    scheme: Scheme,
    sequence: Sequence,
    /// A mail told the client of it.
    is_announced: bool,
    /// Why the bank sent it back: `AM04`.
    rejected: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RemittanceView {
    /// `rem_…`
    #[schema(value_type = String)]
    id: RemittanceId,
    #[schema(value_type = String, format = Date)]
    debit_on: Date,
    /// In euros.
    total_minor: Minor,
    lines: Vec<DebitView>,
    /// `open`, `confirmed` or `cancelled`.
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl RemittanceView {
    fn of(remittance: &Remittance) -> Self {
        let line = |line: &super::DebitLine| DebitView {
            invoice_id: line.invoice,
            invoice_number: line.number.clone(),
            client_id: line.client,
            client_name: line.client_name.clone(),
            amount_minor: line.amount_minor,
            mandate_id: line.mandate,
            mandate_reference: line.reference.clone(),
            scheme: line.scheme,
            sequence: line.sequence,
            is_announced: line.is_announced,
            rejected: line.rejected.as_ref().map(|rejection| rejection.reason.clone()),
        };
        Self {
            id: remittance.id,
            debit_on: remittance.debit_on,
            total_minor: remittance.total(),
            lines: remittance.lines.iter().map(line).collect(),
            state: match (remittance.confirmed_on, remittance.cancelled_on) {
                (_, Some(_)) => "cancelled",
                (Some(_), None) => "confirmed",
                (None, None) => "open",
            },
            created_at: remittance.created_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RemittanceList {
    items: Vec<RemittanceView>,
    next_cursor: Option<String>,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/remittances", tag = "invoicing", operation_id = "list_remittances",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = RemittanceList)))]
pub async fn list_remittances(asker: Asker, Pagination(request): Pagination) -> Result<Plain<RemittanceList>, Failure> {
    let list = asker.scope.keys().remittances();
    let found = asker.scope.list::<Remittance>(&list, &request, Order::Descending).await?;
    let items = found.items.iter().map(|remittance| RemittanceView::of(remittance)).collect();
    Ok(Plain(RemittanceList { items, next_cursor: found.next_cursor }))
}

#[utoipa::path(get, path = "/api/v1/remittances/{id}", tag = "invoicing", operation_id = "show_remittance",
    params(("id" = String, Path, description = "`rem_…`")), responses((status = 200, body = RemittanceView)))]
pub async fn show_remittance(asker: Asker, Id(id): Id<RemittanceId>) -> Result<Plain<RemittanceView>, Failure> {
    let found = asker.scope.get::<Remittance>(&asker.scope.keys().remittance(id)).await?.ok_or(Error::NotFound)?;
    Ok(Plain(RemittanceView::of(&found)))
}

/// Debits what is due of up to 13 invoices on one day, of which a mail tells their clients beforehand. The bank is told by the
/// file of the remittance.
#[utoipa::path(post, path = "/api/v1/remittances", tag = "invoicing", operation_id = "create_remittance",
    request_body = RemittanceInput, responses((status = 201, body = RemittanceView)))]
pub async fn create_remittance(
    asker: Asker,
    Json(input): Json<RemittanceInput>,
) -> Result<(StatusCode, Plain<RemittanceView>), Failure> {
    let remittance = super::create_remittance(&asker.scope, &asker.organization, &input).await?;
    Ok((StatusCode::CREATED, Plain(RemittanceView::of(&remittance))))
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct VersionQuery {
    pub version: String,
}

/// The file for the bank: pain.008.001.02, or .08 where that is asked for.
#[utoipa::path(get, path = "/api/v1/remittances/{id}/file", tag = "invoicing", operation_id = "download_remittance",
    params(("id" = String, Path, description = "`rem_…`"),
        ("version" = Option<String>, Query, description = "`02` (without one) or `08`")),
    responses((status = 200, content_type = "application/xml", body = String)))]
pub async fn download_remittance(
    asker: Asker,
    Id(id): Id<RemittanceId>,
    Query(query): Query<VersionQuery>,
) -> PageResult {
    remittance_file(&asker, id, &query.version).await
}

/// The bank credited it: its invoices are paid.
#[utoipa::path(post, path = "/api/v1/remittances/{id}/confirm", tag = "invoicing", operation_id = "confirm_remittance",
    params(("id" = String, Path, description = "`rem_…`")), request_body = ConfirmationInput,
    responses((status = 200, body = RemittanceView)))]
pub async fn confirm_remittance(
    asker: Asker,
    Id(id): Id<RemittanceId>,
    Json(input): Json<ConfirmationInput>,
) -> Result<Plain<RemittanceView>, Failure> {
    let remittance = super::confirm_remittance(&asker.scope, &asker.organization, id, &input).await?;
    Ok(Plain(RemittanceView::of(&remittance)))
}

/// It is not sent.
#[utoipa::path(post, path = "/api/v1/remittances/{id}/cancel", tag = "invoicing", operation_id = "cancel_remittance",
    params(("id" = String, Path, description = "`rem_…`")), request_body = ConfirmationInput,
    responses((status = 200, body = RemittanceView)))]
pub async fn cancel_remittance(
    asker: Asker,
    Id(id): Id<RemittanceId>,
    Json(input): Json<ConfirmationInput>,
) -> Result<Plain<RemittanceView>, Failure> {
    let remittance = super::cancel_remittance(&asker.scope, &asker.organization, id, &input).await?;
    Ok(Plain(RemittanceView::of(&remittance)))
}

/// The bank sent one debit back: its invoice is open again.
#[utoipa::path(post, path = "/api/v1/remittances/{id}/reject", tag = "invoicing", operation_id = "reject_debit",
    params(("id" = String, Path, description = "`rem_…`")), request_body = RejectionInput,
    responses((status = 200, body = RemittanceView)))]
pub async fn reject_debit(
    asker: Asker,
    Id(id): Id<RemittanceId>,
    Json(input): Json<RejectionInput>,
) -> Result<Plain<RemittanceView>, Failure> {
    let remittance = super::reject_debit(&asker.scope, &asker.organization, id, &input).await?;
    Ok(Plain(RemittanceView::of(&remittance)))
}

/// Gives back by a transfer what an invoice has too much: the refund is recorded, and its file tells the bank.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/refund-transfers", tag = "invoicing",
    operation_id = "refund_by_transfer", params(("id" = String, Path, description = "`inv_…`")),
    request_body = TransferInput, responses((status = 201, body = RecordedView)))]
pub async fn refund_by_transfer(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TransferInput>,
) -> Result<Answer<RecordedView>, Failure> {
    let recorded = super::refund_by_transfer(&asker, id, &input, version).await?;
    Ok(RecordedView::answer(&asker, &recorded))
}

/// The file for the bank: pain.001.001.03, or .09 where that is asked for.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/refund-transfers/{payment}/file", tag = "invoicing",
    operation_id = "download_refund_transfer",
    params(("id" = String, Path, description = "`inv_…`"), ("payment" = String, Path, description = "`pay_…`: the refund"),
        ("version" = Option<String>, Query, description = "`03` (without one) or `09`")),
    responses((status = 200, content_type = "application/xml", body = String)))]
pub async fn download_refund_transfer(
    asker: Asker,
    Ids(ids): Ids<InvoiceId, PaymentId>,
    Query(query): Query<VersionQuery>,
) -> PageResult {
    transfer_file(&asker, ids, &query.version).await
}
