//! `/api/v1/self-billed-invoices`, `/api/v1/self-billing-mandates`

use axum::{Json as Plain, response::Response};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor,
    document::Operations,
    event::Owner,
    id::{CompanyId, SelfBilledId},
    reference::VatRegime,
    terms::DayCount,
};
use serde::Serialize;
use table::{Order, Stored, shared::DocumentFile};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{
    ContestInput, CreditedSelfBilled, Mandate, MandateInput, PaidInput, RevocationInput, SelfBilled, SelfBilledInput,
    Status, store,
};
use crate::{
    content::PricedView,
    credit_note::CreditInput,
    document::{self, DownloadView},
    payment::Method,
};

// ---- mandates -------------------------------------------------------------------------------------------

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SelfBillingMandateView)]
pub struct MandateView {
    /// `com_…`
    #[schema(value_type = String)]
    supplier_id: CompanyId,
    supplier_name: String,
    code: String,
    #[schema(value_type = String, format = Date)]
    agreed_on: Date,
    /// From this day on nothing is issued under it.
    #[schema(value_type = Option<String>, format = Date)]
    revoked_from: Option<Date>,
    is_in_force: bool,
    contest_days: u16,
    vat_regime: VatRegime,
    legal_form: Option<String>,
    capital: Option<String>,
    rcs_city: Option<String>,
    iban: Option<String>,
    bic: Option<String>,
    payment_days: u16,
    day_count: DayCount,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl MandateView {
    fn of(asker: &Asker, mandate: &Mandate) -> Self {
        Self {
            supplier_id: mandate.supplier,
            supplier_name: mandate.supplier_name.clone(),
            code: mandate.code.clone(),
            agreed_on: mandate.agreed_on,
            revoked_from: mandate.revoked_from,
            is_in_force: mandate.is_in_force(asker.today()),
            contest_days: mandate.contest_days,
            vat_regime: mandate.vat_regime,
            legal_form: mandate.legal_form.clone(),
            capital: mandate.capital.clone(),
            rcs_city: mandate.rcs_city.clone(),
            iban: mandate.bank.as_ref().map(|bank| bank.iban.clone()),
            bic: mandate.bank.as_ref().and_then(|bank| bank.bic.clone()),
            payment_days: mandate.payment_days,
            day_count: mandate.day_count,
            created_at: mandate.created_at,
        }
    }

    fn answer(asker: &Asker, mandate: &Stored<Mandate>) -> Answer<Self> {
        seen(Self::of(asker, mandate), mandate.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SelfBillingMandateList)]
pub struct MandateList {
    items: Vec<MandateView>,
    next_cursor: Option<String>,
}

/// By the suppliers' names.
#[utoipa::path(get, path = "/api/v1/self-billing-mandates", tag = "invoicing",
    operation_id = "list_self_billing_mandates",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = MandateList)))]
pub async fn list_mandates(asker: Asker, Pagination(request): Pagination) -> Result<Plain<MandateList>, Failure> {
    let list = asker.scope.keys().self_billing_mandates();
    let found = asker.scope.list::<Mandate>(&list, &request, Order::Ascending).await?;
    let items = found.items.iter().map(|mandate| MandateView::of(&asker, mandate)).collect();
    Ok(Plain(MandateList { items, next_cursor: found.next_cursor }))
}

/// Notes that a supplier agreed to have their invoices issued by us.
#[utoipa::path(post, path = "/api/v1/self-billing-mandates", tag = "invoicing",
    operation_id = "create_self_billing_mandate", request_body = MandateInput,
    responses((status = 201, body = MandateView)))]
pub async fn create_mandate(asker: Asker, Json(input): Json<MandateInput>) -> Result<Answer<MandateView>, Failure> {
    let mandate = super::create_mandate(&asker, &input).await?;
    let location = format!("/api/v1/self-billing-mandates/{}", mandate.supplier);
    Ok(created(MandateView::of(&asker, &mandate), mandate.version, location))
}

#[utoipa::path(get, path = "/api/v1/self-billing-mandates/{id}", tag = "invoicing",
    operation_id = "show_self_billing_mandate", params(("id" = String, Path, description = "`com_…`, the supplier")),
    responses((status = 200, body = MandateView)))]
pub async fn show_mandate(asker: Asker, Id(id): Id<CompanyId>) -> Result<Answer<MandateView>, Failure> {
    Ok(MandateView::answer(&asker, &store::mandate(&asker.scope, id).await?))
}

/// Changes what holds for invoices that are issued from now on.
#[utoipa::path(put, path = "/api/v1/self-billing-mandates/{id}", tag = "invoicing",
    operation_id = "edit_self_billing_mandate", params(("id" = String, Path, description = "`com_…`, the supplier")),
    request_body = MandateInput, responses((status = 200, body = MandateView)))]
pub async fn edit_mandate(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MandateInput>,
) -> Result<Answer<MandateView>, Failure> {
    Ok(MandateView::answer(&asker, &super::edit_mandate(&asker, id, &input, version).await?))
}

/// Ends it from a day on.
#[utoipa::path(post, path = "/api/v1/self-billing-mandates/{id}/revoke", tag = "invoicing",
    operation_id = "revoke_self_billing_mandate",
    params(("id" = String, Path, description = "`com_…`, the supplier")),
    request_body = RevocationInput, responses((status = 200, body = MandateView)))]
pub async fn revoke_mandate(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RevocationInput>,
) -> Result<Answer<MandateView>, Failure> {
    Ok(MandateView::answer(&asker, &super::revoke_mandate(&asker.scope, id, &input, version).await?))
}

// ---- documents ------------------------------------------------------------------------------------------

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelfBilledView {
    /// `sbi_…`
    #[schema(value_type = String)]
    id: SelfBilledId,
    /// `invoice` or `credit_note`.
    kind: &'static str,
    /// Of the supplier's series; absent while it is a draft.
    number: Option<String>,
    status: Status,
    #[schema(value_type = String)]
    supplier_id: CompanyId,
    supplier_name: String,
    vat_regime: VatRegime,
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
    /// Of a credit note: the invoice that it gives back of.
    #[schema(value_type = Option<String>)]
    origin_id: Option<SelfBilledId>,
    origin_number: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    contested_on: Option<Date>,
    contest_reason: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    accepted_on: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    paid_on: Option<Date>,
    #[schema(value_type = Option<String>)]
    payment_method: Option<Method>,
    payment_reference: Option<String>,
    /// Less what credit notes gave back.
    owed_minor: Minor,
    #[serde(flatten)]
    priced: PricedView,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Whether its PDF can be downloaded; only where one document is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_document_ready: Option<bool>,
}

impl SelfBilledView {
    fn of(document: &SelfBilled) -> Self {
        let issued = document.issued.as_ref();
        let contested = issued.and_then(|issued| issued.contested.as_ref());
        let paid = issued.and_then(|issued| issued.paid.as_ref());
        let origin = document.origin.as_ref();
        Self {
            id: document.id,
            kind: if document.is_credit_note() { "credit_note" } else { "invoice" },
            number: document.number().map(str::to_owned),
            status: document.status(),
            supplier_id: document.supplier.reference.id,
            supplier_name: document.supplier.reference.name.clone(),
            vat_regime: document.vat_regime,
            subject: document.words.subject.clone(),
            introduction: document.words.introduction.clone(),
            conditions: document.words.conditions.clone(),
            purchase_order: document.purchase_order.clone(),
            operations: document.operations,
            supplied_on: document.supplied_on,
            payment_days: document.payment_days,
            day_count: document.day_count,
            issued_on: issued.map(|issued| issued.on),
            due_on: issued.and_then(|issued| issued.due_on),
            origin_id: origin.map(|origin| origin.invoice),
            origin_number: origin.map(|origin| origin.number.clone()),
            contested_on: contested.map(|contested| contested.on),
            contest_reason: contested.map(|contested| contested.reason.clone()),
            accepted_on: issued.and_then(|issued| issued.accepted_on),
            paid_on: paid.map(|paid| paid.on),
            payment_method: paid.map(|paid| paid.method),
            payment_reference: paid.and_then(|paid| paid.reference.clone()),
            owed_minor: document.owed(),
            priced: PricedView::of(&document.priced),
            created_at: document.created_at,
            is_document_ready: None,
        }
    }

    fn answer(document: &Stored<SelfBilled>) -> Answer<Self> {
        seen(Self::of(document), document.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SelfBilledList {
    items: Vec<SelfBilledView>,
    next_cursor: Option<String>,
}

/// A credit note with the invoice as it is after it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CreditedSelfBilledView {
    credit_note: SelfBilledView,
    invoice: SelfBilledView,
}

/// Invoices and credit notes, the newest first.
#[utoipa::path(get, path = "/api/v1/self-billed-invoices", tag = "invoicing",
    operation_id = "list_self_billed_invoices",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = SelfBilledList)))]
pub async fn list_self_billed(asker: Asker, Pagination(request): Pagination) -> Result<Plain<SelfBilledList>, Failure> {
    let list = asker.scope.keys().self_billed_documents();
    let found = asker.scope.list::<SelfBilled>(&list, &request, Order::Descending).await?;
    let items = found.items.iter().map(|document| SelfBilledView::of(document)).collect();
    Ok(Plain(SelfBilledList { items, next_cursor: found.next_cursor }))
}

/// The same as CSV for a French spreadsheet.
#[utoipa::path(get, path = "/api/v1/self-billed-invoices/export", tag = "invoicing",
    operation_id = "export_self_billed_invoices",
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_self_billed(asker: Asker) -> Result<Response, Failure> {
    super::export_self_billed(&asker).await
}

/// Drafts an invoice of a supplier.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices", tag = "invoicing",
    operation_id = "create_self_billed_invoice", request_body = SelfBilledInput,
    responses((status = 201, body = SelfBilledView)))]
pub async fn create_self_billed(
    asker: Asker,
    Json(input): Json<SelfBilledInput>,
) -> Result<Answer<SelfBilledView>, Failure> {
    let draft = super::create_self_billed(&asker, &input).await?;
    let location = format!("/api/v1/self-billed-invoices/{}", draft.id);
    Ok(created(SelfBilledView::of(&draft), draft.version, location))
}

#[utoipa::path(get, path = "/api/v1/self-billed-invoices/{id}", tag = "invoicing",
    operation_id = "show_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    responses((status = 200, body = SelfBilledView)))]
pub async fn show_self_billed(asker: Asker, Id(id): Id<SelfBilledId>) -> Result<Answer<SelfBilledView>, Failure> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.self_billed(id), keys.file(Owner::SelfBilled(id))]).await?;
    let document = found.first::<SelfBilled>()?.ok_or(Error::NotFound)?;
    let mut answer = SelfBilledView::answer(&document);
    answer.body.is_document_ready = Some(found.first::<DocumentFile>()?.is_some());
    Ok(answer)
}

/// Rewrites a draft.
#[utoipa::path(put, path = "/api/v1/self-billed-invoices/{id}", tag = "invoicing",
    operation_id = "edit_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    request_body = SelfBilledInput, responses((status = 200, body = SelfBilledView)))]
pub async fn edit_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
    Json(input): Json<SelfBilledInput>,
) -> Result<Answer<SelfBilledView>, Failure> {
    Ok(SelfBilledView::answer(&super::edit_self_billed(&asker, id, &input, version).await?))
}

/// Deletes a draft.
#[utoipa::path(delete, path = "/api/v1/self-billed-invoices/{id}", tag = "invoicing",
    operation_id = "delete_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    responses((status = 204)))]
pub async fn delete_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_self_billed(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Issues a draft for good, in the supplier's name: its number is the next of their series, its mail leaves to them.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices/{id}/issue", tag = "invoicing",
    operation_id = "issue_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    responses((status = 200, body = SelfBilledView)))]
pub async fn issue_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<SelfBilledView>, Failure> {
    let issued = super::issue_self_billed(&asker.scope, &asker.organization, id, version).await?;
    Ok(SelfBilledView::answer(&issued))
}

/// Notes that the supplier does not agree, and why.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices/{id}/contest", tag = "invoicing",
    operation_id = "contest_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    request_body = ContestInput, responses((status = 200, body = SelfBilledView)))]
pub async fn contest_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContestInput>,
) -> Result<Answer<SelfBilledView>, Failure> {
    let contested = super::contest_self_billed(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(SelfBilledView::answer(&contested))
}

/// Notes that the supplier agrees.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices/{id}/accept", tag = "invoicing",
    operation_id = "accept_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    responses((status = 200, body = SelfBilledView)))]
pub async fn accept_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<SelfBilledView>, Failure> {
    let accepted = super::accept_self_billed(&asker.scope, &asker.organization, id, version).await?;
    Ok(SelfBilledView::answer(&accepted))
}

/// Notes that it was paid, in full.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices/{id}/pay", tag = "invoicing",
    operation_id = "pay_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    request_body = PaidInput, responses((status = 200, body = SelfBilledView)))]
pub async fn pay_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PaidInput>,
) -> Result<Answer<SelfBilledView>, Failure> {
    let paid = super::pay_self_billed(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(SelfBilledView::answer(&paid))
}

/// Takes back that it was paid.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices/{id}/unpay", tag = "invoicing",
    operation_id = "unpay_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    responses((status = 200, body = SelfBilledView)))]
pub async fn unpay_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<SelfBilledView>, Failure> {
    Ok(SelfBilledView::answer(&super::unpay_self_billed(&asker.scope, id, version).await?))
}

/// Credits it, in whole or in part: a credit note is issued for good in the supplier's name.
#[utoipa::path(post, path = "/api/v1/self-billed-invoices/{id}/credit-notes", tag = "invoicing",
    operation_id = "credit_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    request_body = CreditInput, responses((status = 201, body = CreditedSelfBilledView)))]
pub async fn credit_self_billed(
    asker: Asker,
    Id(id): Id<SelfBilledId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CreditInput>,
) -> Result<Answer<CreditedSelfBilledView>, Failure> {
    let credited = super::credit_self_billed(&asker.scope, &asker.organization, id, &input, version).await?;
    let CreditedSelfBilled { note, invoice } = credited;
    let view = CreditedSelfBilledView { credit_note: SelfBilledView::of(&note), invoice: SelfBilledView::of(&invoice) };
    Ok(created(view, invoice.version, format!("/api/v1/self-billed-invoices/{}", note.id)))
}

/// A link that downloads the PDF (Factur-X) for five minutes.
#[utoipa::path(get, path = "/api/v1/self-billed-invoices/{id}/document", tag = "invoicing",
    operation_id = "download_self_billed_invoice", params(("id" = String, Path, description = "`sbi_…`")),
    responses((status = 200, body = DownloadView)))]
pub async fn download_self_billed(asker: Asker, Id(id): Id<SelfBilledId>) -> Result<Plain<DownloadView>, Failure> {
    let (url, file_name) = document::download(&asker, Owner::SelfBilled(id)).await?;
    Ok(Plain(DownloadView { url, file_name }))
}
