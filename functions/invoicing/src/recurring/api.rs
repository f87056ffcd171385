//! `/api/v1/recurring-invoices`

use axum::Json as Plain;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor,
    document::Operations,
    error::Conflict,
    id::{CompanyId, InvoiceId, RecurringInvoiceId},
    terms::DayCount,
};
use serde::Serialize;
use table::{Order, Stored};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{Occurrence, PeriodRule, PricesInput, RecurringInput, RecurringInvoice, Status, Then, Unit, store};
use crate::content::PricedView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecurringInvoiceView {
    /// `rec_…`
    #[schema(value_type = String)]
    id: RecurringInvoiceId,
    status: Status,
    /// When the next invoice is made; absent where there is none.
    #[schema(value_type = Option<String>, format = Date)]
    next_on: Option<Date>,
    /// How many were made.
    made: u32,
    /// The last one made stayed a draft for this reason, although it was to be issued.
    #[schema(value_type = Option<String>)]
    held_back: Option<Conflict>,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    subject: Option<String>,
    introduction: Option<String>,
    conditions: Option<String>,
    purchase_order: Option<String>,
    operations: Operations,
    payment_days: u16,
    day_count: DayCount,
    rhythm: Unit,
    every: u8,
    #[schema(value_type = String, format = Date)]
    first_on: Date,
    day_of_month: Option<i8>,
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    times: Option<u32>,
    period: PeriodRule,
    then: Then,
    /// Decimal text.
    yearly_percent: String,
    /// Since when the prices of the lines hold.
    #[schema(value_type = String, format = Date)]
    priced_since: Date,
    new_prices: Option<NewPricesView>,
    /// As it was typed: words with their placeholders, prices without indexation.
    #[serde(flatten)]
    priced: PricedView,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NewPricesView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// One for each line, decimal text; absent where it stays.
    unit_prices: Vec<Option<String>>,
}

impl RecurringInvoiceView {
    fn of(recurring: &RecurringInvoice) -> Self {
        let plan = &recurring.plan;
        Self {
            id: recurring.id,
            status: recurring.status,
            next_on: recurring.next_on(),
            made: recurring.made,
            held_back: recurring.held_back,
            client_id: recurring.client.reference.id,
            client_name: recurring.client.reference.name.clone(),
            subject: recurring.words.subject.clone(),
            introduction: recurring.words.introduction.clone(),
            conditions: recurring.words.conditions.clone(),
            purchase_order: recurring.purchase_order.clone(),
            operations: recurring.operations,
            payment_days: recurring.payment_days,
            day_count: recurring.day_count,
            rhythm: plan.rhythm.unit,
            every: plan.rhythm.every,
            first_on: plan.rhythm.first_on,
            day_of_month: plan.rhythm.day_of_month,
            until: plan.until,
            times: plan.times,
            period: plan.period,
            then: plan.then,
            yearly_percent: plan.yearly_percent.normalize().to_string(),
            priced_since: recurring.priced_since,
            new_prices: recurring.new_prices.as_ref().map(|prices| NewPricesView {
                from: prices.from,
                unit_prices: prices.unit_prices.iter().map(|price| price.map(|p| p.normalize().to_string())).collect(),
            }),
            priced: PricedView::of(&recurring.priced),
            created_at: recurring.created_at,
        }
    }

    fn answer(recurring: &Stored<RecurringInvoice>) -> Answer<Self> {
        seen(Self::of(recurring), recurring.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecurringInvoiceList {
    items: Vec<RecurringInvoiceView>,
    next_cursor: Option<String>,
}

/// An invoice that was made.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OccurrenceView {
    number: u32,
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    /// Once it is issued.
    invoice_number: Option<String>,
    /// The day of the rhythm.
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    #[schema(value_type = String, format = Date)]
    made_on: Date,
    #[schema(value_type = String, format = Date)]
    period_from: Date,
    #[schema(value_type = String, format = Date)]
    period_to: Date,
    gross_minor: Minor,
    /// Why it stayed a draft.
    #[schema(value_type = Option<String>)]
    held_back: Option<Conflict>,
    /// Its draft was deleted.
    is_deleted: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OccurrenceList {
    items: Vec<OccurrenceView>,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/recurring-invoices", tag = "invoicing", operation_id = "list_recurring_invoices",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = RecurringInvoiceList)))]
pub async fn list_recurring_invoices(
    asker: Asker,
    Pagination(request): Pagination,
) -> Result<Plain<RecurringInvoiceList>, Failure> {
    let list = asker.scope.keys().recurring_invoices();
    let found = asker.scope.list::<RecurringInvoice>(&list, &request, Order::Descending).await?;
    let items = found.items.iter().map(|recurring| RecurringInvoiceView::of(recurring)).collect();
    Ok(Plain(RecurringInvoiceList { items, next_cursor: found.next_cursor }))
}

/// Plans an invoice again and again.
#[utoipa::path(post, path = "/api/v1/recurring-invoices", tag = "invoicing", operation_id = "create_recurring_invoice",
    request_body = RecurringInput, responses((status = 201, body = RecurringInvoiceView)))]
pub async fn create_recurring_invoice(
    asker: Asker,
    Json(input): Json<RecurringInput>,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    let recurring = super::create_recurring_invoice(&asker, &input).await?;
    let location = format!("/api/v1/recurring-invoices/{}", recurring.id);
    Ok(created(RecurringInvoiceView::of(&recurring), recurring.version, location))
}

#[utoipa::path(get, path = "/api/v1/recurring-invoices/{id}", tag = "invoicing",
    operation_id = "show_recurring_invoice", params(("id" = String, Path, description = "`rec_…`")),
    responses((status = 200, body = RecurringInvoiceView)))]
pub async fn show_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    Ok(RecurringInvoiceView::answer(&store::read(&asker.scope, id).await?))
}

/// Changes what comes from now on.
#[utoipa::path(put, path = "/api/v1/recurring-invoices/{id}", tag = "invoicing",
    operation_id = "edit_recurring_invoice", params(("id" = String, Path, description = "`rec_…`")),
    request_body = RecurringInput, responses((status = 200, body = RecurringInvoiceView)))]
pub async fn edit_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RecurringInput>,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    Ok(RecurringInvoiceView::answer(&super::edit_recurring_invoice(&asker, id, &input, version).await?))
}

/// Plans other prices from a day on; no lines take that plan back.
#[utoipa::path(put, path = "/api/v1/recurring-invoices/{id}/prices", tag = "invoicing",
    operation_id = "reprice_recurring_invoice", params(("id" = String, Path, description = "`rec_…`")),
    request_body = PricesInput, responses((status = 200, body = RecurringInvoiceView)))]
pub async fn reprice_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PricesInput>,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    let (scope, organization) = (&asker.scope, &asker.organization);
    let repriced = super::reprice_recurring_invoice(scope, organization, id, &input, version).await?;
    Ok(RecurringInvoiceView::answer(&repriced))
}

#[utoipa::path(post, path = "/api/v1/recurring-invoices/{id}/pause", tag = "invoicing",
    operation_id = "pause_recurring_invoice", params(("id" = String, Path, description = "`rec_…`")),
    responses((status = 200, body = RecurringInvoiceView)))]
pub async fn pause_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    Ok(RecurringInvoiceView::answer(&super::pause_recurring_invoice(&asker.scope, id, version).await?))
}

/// Goes on; what the pause left out is not made up for.
#[utoipa::path(post, path = "/api/v1/recurring-invoices/{id}/resume", tag = "invoicing",
    operation_id = "resume_recurring_invoice", params(("id" = String, Path, description = "`rec_…`")),
    responses((status = 200, body = RecurringInvoiceView)))]
pub async fn resume_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    let resumed = super::resume_recurring_invoice(&asker.scope, &asker.organization, id, version).await?;
    Ok(RecurringInvoiceView::answer(&resumed))
}

/// For good.
#[utoipa::path(post, path = "/api/v1/recurring-invoices/{id}/stop", tag = "invoicing",
    operation_id = "stop_recurring_invoice", params(("id" = String, Path, description = "`rec_…`")),
    responses((status = 200, body = RecurringInvoiceView)))]
pub async fn stop_recurring_invoice(
    asker: Asker,
    Id(id): Id<RecurringInvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<RecurringInvoiceView>, Failure> {
    Ok(RecurringInvoiceView::answer(&super::stop_recurring_invoice(&asker.scope, id, version).await?))
}

/// What it was made of so far, the newest first.
#[utoipa::path(get, path = "/api/v1/recurring-invoices/{id}/occurrences", tag = "invoicing",
    operation_id = "list_occurrences", params(("id" = String, Path, description = "`rec_…`")),
    responses((status = 200, body = OccurrenceList)))]
pub async fn list_occurrences(asker: Asker, Id(id): Id<RecurringInvoiceId>) -> Result<Plain<OccurrenceList>, Failure> {
    let found = asker.scope.collection(&asker.scope.keys().recurring_invoice(id).collection()).await?;
    found.first::<RecurringInvoice>()?.ok_or(Error::NotFound)?;
    let items = found.all::<Occurrence>()?.into_iter().rev().map(|stored| {
        let occurrence = stored.value;
        OccurrenceView {
            number: occurrence.number,
            invoice_id: occurrence.invoice,
            invoice_number: occurrence.invoice_number,
            due_on: occurrence.due_on,
            made_on: occurrence.made_on,
            period_from: occurrence.period.from,
            period_to: occurrence.period.to,
            gross_minor: occurrence.gross_minor,
            held_back: occurrence.held_back,
            is_deleted: occurrence.is_deleted,
        }
    });
    Ok(Plain(OccurrenceList { items: items.collect() }))
}
