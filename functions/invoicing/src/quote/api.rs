//! `/api/v1/quotes`

use axum::Json as Plain;
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Minor,
    event::Owner,
    id::{CompanyId, InvoiceId, QuoteId},
};
use serde::{Deserialize, Serialize};
use table::{Order, Stored};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{AcceptanceInput, DepositInput, Quote, QuoteInput, QuoteStatus, SituationInput, Version, store};
use crate::{
    content::PricedView,
    document::{self, DownloadView},
    invoice::api::InvoiceView,
    portion::PartInput,
};

#[derive(Serialize, utoipa::ToSchema)]
pub struct QuoteView {
    /// `quo_…`
    #[schema(value_type = String)]
    id: QuoteId,
    /// Given when it is sent.
    number: Option<String>,
    status: QuoteStatus,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    subject: Option<String>,
    introduction: Option<String>,
    conditions: Option<String>,
    validity_days: u16,
    #[schema(value_type = Option<String>, format = Date)]
    sent_on: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    answered_on: Option<Date>,
    refusal_reason: Option<String>,
    /// From 1.
    version: usize,
    /// The versions that were sent, the first one first; one that is not sent yet is not among them.
    versions: Vec<Version>,
    /// The version that revises it, a draft or sent.
    #[schema(value_type = Option<String>)]
    revised_by: Option<QuoteId>,
    /// The invoices made of it, deposits last.
    #[schema(value_type = Vec<String>)]
    invoice_ids: Vec<InvoiceId>,
    /// What is agreed and not invoiced yet, net of VAT.
    left_net_minor: Minor,
    #[serde(flatten)]
    priced: PricedView,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl QuoteView {
    fn new(asker: &Asker, quote: &Quote) -> Self {
        Self {
            id: quote.id,
            number: quote.number.clone(),
            status: quote.status(asker.today()),
            client_id: quote.client.reference.id,
            client_name: quote.client.reference.name.clone(),
            subject: quote.words.subject.clone(),
            introduction: quote.words.introduction.clone(),
            conditions: quote.words.conditions.clone(),
            validity_days: quote.validity_days,
            sent_on: quote.sent_on,
            valid_until: quote.valid_until,
            answered_on: quote.answered_on,
            refusal_reason: quote.refusal_reason.clone(),
            version: quote.version_number(),
            versions: quote.versions(),
            revised_by: quote.revised_by,
            invoice_ids: quote.parts.keys().chain(quote.deposits.keys()).copied().collect(),
            left_net_minor: quote.left().net_minor(),
            priced: PricedView::of(&quote.priced),
            created_at: quote.created_at,
        }
    }

    /// A draft that was made now.
    fn drafted(asker: &Asker, quote: &Stored<Quote>) -> Answer<Self> {
        created(Self::new(asker, quote), quote.version, format!("/api/v1/quotes/{}", quote.id))
    }

    fn answer(asker: &Asker, quote: &Stored<Quote>) -> Answer<Self> {
        seen(Self::new(asker, quote), quote.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct QuoteList {
    items: Vec<QuoteView>,
    next_cursor: Option<String>,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/quotes", tag = "invoicing", operation_id = "list_quotes",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = QuoteList)))]
pub async fn list_quotes(asker: Asker, Pagination(request): Pagination) -> Result<Plain<QuoteList>, Failure> {
    let found = asker.scope.list::<Quote>(&asker.scope.keys().quotes(), &request, Order::Descending).await?;
    let items = found.items.iter().map(|quote| QuoteView::new(&asker, quote)).collect();
    Ok(Plain(QuoteList { items, next_cursor: found.next_cursor }))
}

/// Writes a quote.
#[utoipa::path(post, path = "/api/v1/quotes", tag = "invoicing", operation_id = "create_quote",
    request_body = QuoteInput, responses((status = 201, body = QuoteView)))]
pub async fn create_quote(asker: Asker, Json(input): Json<QuoteInput>) -> Result<Answer<QuoteView>, Failure> {
    let quote = super::create_quote(&asker, &input).await?;
    Ok(QuoteView::drafted(&asker, &quote))
}

#[utoipa::path(get, path = "/api/v1/quotes/{id}", tag = "invoicing", operation_id = "show_quote",
    params(("id" = String, Path, description = "`quo_…`")), responses((status = 200, body = QuoteView)))]
pub async fn show_quote(asker: Asker, Id(id): Id<QuoteId>) -> Result<Answer<QuoteView>, Failure> {
    Ok(QuoteView::answer(&asker, &store::read(&asker.scope, id).await?))
}

/// Rewrites a draft.
#[utoipa::path(put, path = "/api/v1/quotes/{id}", tag = "invoicing", operation_id = "edit_quote",
    params(("id" = String, Path, description = "`quo_…`")), request_body = QuoteInput,
    responses((status = 200, body = QuoteView)))]
pub async fn edit_quote(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
    Json(input): Json<QuoteInput>,
) -> Result<Answer<QuoteView>, Failure> {
    let quote = super::edit_quote(&asker, id, &input, version).await?;
    Ok(QuoteView::answer(&asker, &quote))
}

/// Deletes a draft.
#[utoipa::path(delete, path = "/api/v1/quotes/{id}", tag = "invoicing", operation_id = "delete_quote",
    params(("id" = String, Path, description = "`quo_…`")), responses((status = 204)))]
pub async fn delete_quote(asker: Asker, Id(id): Id<QuoteId>, IfMatch(version): IfMatch) -> Result<StatusCode, Failure> {
    super::delete_quote(&asker.scope, &asker.deps().files, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a draft: it gets its number, its document is rendered, its mail leaves.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/send", tag = "invoicing", operation_id = "send_quote",
    params(("id" = String, Path, description = "`quo_…`")), responses((status = 200, body = QuoteView)))]
pub async fn send_quote(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<QuoteView>, Failure> {
    let quote = super::send_quote(&asker.scope, &asker.organization, id, version).await?;
    Ok(QuoteView::answer(&asker, &quote))
}

/// Notes that the client accepted.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/accept", tag = "invoicing", operation_id = "accept_quote",
    params(("id" = String, Path, description = "`quo_…`")), request_body = Option<AcceptanceInput>,
    responses((status = 200, body = QuoteView)))]
pub async fn accept_quote(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
    input: Option<Json<AcceptanceInput>>,
) -> Result<Answer<QuoteView>, Failure> {
    let input = input.map(|Json(input)| input).unwrap_or_default();
    let quote = super::accept_quote(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(QuoteView::answer(&asker, &quote))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteRefusalInput)]
pub struct RefusalInput {
    #[serde(default)]
    reason: String,
}

/// Notes that the client refused.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/refuse", tag = "invoicing", operation_id = "refuse_quote",
    params(("id" = String, Path, description = "`quo_…`")), request_body = RefusalInput,
    responses((status = 200, body = QuoteView)))]
pub async fn refuse_quote(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RefusalInput>,
) -> Result<Answer<QuoteView>, Failure> {
    let quote = super::refuse_quote(&asker.scope, &asker.organization, id, &input.reason, version).await?;
    Ok(QuoteView::answer(&asker, &quote))
}

/// Revises a quote that was sent: a draft of its next version, which takes its place once it is sent.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/revise", tag = "invoicing", operation_id = "revise_quote",
    params(("id" = String, Path, description = "`quo_…`")), responses((status = 201, body = QuoteView)))]
pub async fn revise_quote(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<QuoteView>, Failure> {
    let quote = super::revise_quote(&asker.scope, id, version).await?;
    Ok(QuoteView::drafted(&asker, &quote))
}

/// Makes a draft with the content of a quote.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/duplicate", tag = "invoicing", operation_id = "duplicate_quote",
    params(("id" = String, Path, description = "`quo_…`")), responses((status = 201, body = QuoteView)))]
pub async fn duplicate_quote(asker: Asker, Id(id): Id<QuoteId>) -> Result<Answer<QuoteView>, Failure> {
    let quote = super::duplicate_quote(&asker.scope, id).await?;
    Ok(QuoteView::drafted(&asker, &quote))
}

/// What to invoice of a quote; nothing for all that is left.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InvoicingInput {
    lines: Vec<PartInput>,
}

/// Makes the draft of an invoice from an accepted quote: of parts of it, or of all that is left, less its deposits.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/invoice", tag = "invoicing", operation_id = "invoice_quote",
    params(("id" = String, Path, description = "`quo_…`")), request_body = Option<InvoicingInput>,
    responses((status = 201, body = InvoiceView)))]
pub async fn invoice_quote(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
    input: Option<Json<InvoicingInput>>,
) -> Result<Answer<InvoiceView>, Failure> {
    let input = input.map(|Json(input)| input).unwrap_or_default();
    let invoice = super::invoice_quote(&asker.scope, &asker.organization, id, &input.lines, version).await?;
    Ok(InvoiceView::drafted(&asker, &invoice))
}

/// Makes the draft of an invoice of what was done since the last one (situation de travaux): of each line the difference
/// between how far it is and what is invoiced of it.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/situation", tag = "invoicing", operation_id = "invoice_situation",
    params(("id" = String, Path, description = "`quo_…`")), request_body = SituationInput,
    responses((status = 201, body = InvoiceView)))]
pub async fn invoice_situation(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
    Json(input): Json<SituationInput>,
) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::invoice_situation(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(InvoiceView::drafted(&asker, &invoice))
}

/// Makes the draft of a deposit on an accepted quote.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/deposit", tag = "invoicing", operation_id = "invoice_deposit",
    params(("id" = String, Path, description = "`quo_…`")), request_body = DepositInput,
    responses((status = 201, body = InvoiceView)))]
pub async fn invoice_deposit(
    asker: Asker,
    Id(id): Id<QuoteId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DepositInput>,
) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::invoice_deposit(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok(InvoiceView::drafted(&asker, &invoice))
}

/// A link that downloads the PDF for five minutes.
#[utoipa::path(get, path = "/api/v1/quotes/{id}/document", tag = "invoicing", operation_id = "download_quote",
    params(("id" = String, Path, description = "`quo_…`")), responses((status = 200, body = DownloadView)))]
pub async fn download_quote(asker: Asker, Id(id): Id<QuoteId>) -> Result<Plain<DownloadView>, Failure> {
    let (url, file_name) = document::download(&asker, Owner::Quote(id)).await?;
    Ok(Plain(DownloadView { url, file_name }))
}
