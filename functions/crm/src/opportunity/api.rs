//! `/api/v1/opportunities`

use axum::extract::Query;
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor,
    id::{OpportunityId, PipelineId, StageId},
};
use serde::{Deserialize, Serialize};
use table::meter::side_by_side;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{
    FilterInput, LeadSaid, MoveInput, Opportunity, OpportunityCard, OpportunityInput, Priority, Step,
    figures::{self, Sums},
    of_hundredths,
};
use crate::settings::{self, Outcome};

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpportunityView {
    /// `opp_…`
    #[schema(value_type = String)]
    id: OpportunityId,
    #[serde(flatten)]
    opportunity: OpportunityInput,
    /// `open`, `won` or `lost`, as its stage means.
    outcome: Outcome,
    amount_minor: Minor,
    currency: Currency,
    /// Absent for a contact alone, or once the company was erased.
    company_name: Option<String>,
    contact_name: Option<String>,
    /// What its contact said in a form of the organization's site; it goes where they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<LeadSaid>,
    /// The day on which it was won or lost.
    #[schema(value_type = Option<String>, format = Date)]
    closed_on: Option<Date>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when it is at its stage.
    #[schema(value_type = String, format = DateTime)]
    moved_at: Timestamp,
    /// The stages that it came to, the last one last; 50 at most.
    history: Vec<Step>,
}

impl OpportunityView {
    fn of(opportunity: &Opportunity) -> Self {
        Self {
            id: opportunity.id,
            opportunity: OpportunityInput::of(opportunity),
            outcome: opportunity.outcome,
            amount_minor: opportunity.amount_minor,
            currency: opportunity.currency,
            company_name: opportunity.company.as_ref().map(|company| company.name.clone()),
            contact_name: opportunity.contact.as_ref().map(|contact| contact.name.clone()),
            lead: opportunity.lead.clone(),
            closed_on: opportunity.closed_on,
            created_at: opportunity.created_at,
            moved_at: opportunity.moved_at,
            history: opportunity.history.clone(),
        }
    }
}

/// An opportunity as lists have it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpportunityRow {
    /// `opp_…`
    #[schema(value_type = String)]
    id: OpportunityId,
    name: String,
    company_id: Option<String>,
    company_name: Option<String>,
    contact_id: Option<String>,
    contact_name: Option<String>,
    #[schema(value_type = String)]
    pipeline_id: PipelineId,
    #[schema(value_type = String)]
    stage_id: StageId,
    outcome: Outcome,
    amount_minor: Minor,
    currency: Currency,
    /// In per cent.
    probability: u8,
    #[schema(value_type = Option<String>, format = Date)]
    expected_on: Option<Date>,
    priority: Priority,
    source: Option<String>,
    assigned_to: Option<String>,
    tags: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    moved_at: Timestamp,
}

impl OpportunityRow {
    fn of(card: &OpportunityCard) -> Self {
        Self {
            id: card.id,
            name: card.name.clone(),
            company_id: card.company.as_ref().map(|company| company.id.to_string()),
            company_name: card.company.as_ref().map(|company| company.name.clone()),
            contact_id: card.contact.as_ref().map(|contact| contact.id.to_string()),
            contact_name: card.contact.as_ref().map(|contact| contact.name.clone()),
            pipeline_id: card.pipeline,
            stage_id: card.stage,
            outcome: card.outcome,
            amount_minor: card.amount_minor,
            currency: card.currency,
            probability: card.probability,
            expected_on: card.expected_on,
            priority: card.priority,
            source: card.source.clone(),
            assigned_to: card.assigned_to.map(|user| user.to_string()),
            tags: card.tags.iter().map(ToString::to_string).collect(),
            moved_at: card.moved_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpportunityList {
    items: Vec<OpportunityRow>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// Where the order asked for is none that lists stand in, and there are more: only so many were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    only_of: Option<usize>,
}

#[derive(Deserialize)]
pub struct OpportunityQuery {
    #[serde(default)]
    assigned_to: String,
    #[serde(flatten)]
    filter: FilterInput,
}

/// Opportunities by name; of one stage, those that came last first.
#[utoipa::path(get, path = "/api/v1/opportunities", tag = "crm", operation_id = "list_opportunities",
    params(
        ("q" = Option<String>, Query, description = "What the name begins with; case and accents do not matter"),
        ("pipeline" = Option<String>, Query, description = "`pip_…`"),
        ("stage" = Option<String>, Query, description = "`stg_…`"),
        ("outcome" = Option<String>, Query, description = "`open`, `won` or `lost`"),
        ("priority" = Option<String>, Query, description = "`low`, `medium`, `high` or `critical`"),
        ("source" = Option<String>, Query, description = "Case and accents do not matter"),
        ("tag" = Option<String>, Query, description = "`tag_…`"),
        ("sort" = Option<String>, Query, description = "`largest`, `expected` or `newest`"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` to whom they are assigned"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = OpportunityList)))]
pub async fn list_opportunities(
    asker: Asker,
    Query(query): Query<OpportunityQuery>,
    Pagination(page): Pagination,
) -> Result<axum::Json<OpportunityList>, Failure> {
    let of = asker.whose(&query.assigned_to)?;
    let found = super::list_opportunities(&asker.scope, of, &query.filter.parse()?, &page).await?;
    let items = found.cards.iter().map(OpportunityRow::of).collect();
    Ok(axum::Json(OpportunityList { items, next_cursor: found.next_cursor, only_of: found.only_of }))
}

/// Adds an opportunity.
#[utoipa::path(post, path = "/api/v1/opportunities", tag = "crm", operation_id = "create_opportunity",
    request_body = OpportunityInput, responses((status = 201, body = OpportunityView)))]
pub async fn create_opportunity(
    asker: Asker,
    Json(input): Json<OpportunityInput>,
) -> Result<Answer<OpportunityView>, Failure> {
    let opportunity = super::create_opportunity(&asker, &input).await?;
    Ok(created(OpportunityView::of(&opportunity), 1, format!("/api/v1/opportunities/{}", opportunity.id)))
}

/// One opportunity.
#[utoipa::path(get, path = "/api/v1/opportunities/{id}", tag = "crm", operation_id = "show_opportunity",
    params(("id" = String, Path, description = "`opp_…`")), responses((status = 200, body = OpportunityView)))]
pub async fn show_opportunity(asker: Asker, Id(id): Id<OpportunityId>) -> Result<Answer<OpportunityView>, Failure> {
    let opportunity = super::show_opportunity(&asker, id).await?;
    Ok(seen(OpportunityView::of(&opportunity), opportunity.version))
}

/// Replaces an opportunity.
#[utoipa::path(put, path = "/api/v1/opportunities/{id}", tag = "crm", operation_id = "edit_opportunity",
    params(("id" = String, Path, description = "`opp_…`")),
    request_body = OpportunityInput, responses((status = 200, body = OpportunityView)))]
pub async fn edit_opportunity(
    asker: Asker,
    Id(id): Id<OpportunityId>,
    IfMatch(version): IfMatch,
    Json(input): Json<OpportunityInput>,
) -> Result<Answer<OpportunityView>, Failure> {
    let (opportunity, version) = super::edit_opportunity(&asker, id, &input, version).await?;
    Ok(seen(OpportunityView::of(&opportunity), version))
}

/// Moves an opportunity to another stage, whose probability it gets. With `If-Match`, or `from`, who moves it is told if
/// somebody else was faster.
#[utoipa::path(post, path = "/api/v1/opportunities/{id}/move", tag = "crm", operation_id = "move_opportunity",
    params(("id" = String, Path, description = "`opp_…`")),
    request_body = MoveInput, responses((status = 200, body = OpportunityView)))]
pub async fn move_opportunity(
    asker: Asker,
    Id(id): Id<OpportunityId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MoveInput>,
) -> Result<Answer<OpportunityView>, Failure> {
    let (opportunity, version) = super::move_opportunity(&asker, id, &input, version).await?;
    Ok(seen(OpportunityView::of(&opportunity), version))
}

/// Deletes an opportunity.
#[utoipa::path(delete, path = "/api/v1/opportunities/{id}", tag = "crm", operation_id = "delete_opportunity",
    params(("id" = String, Path, description = "`opp_…`")), responses((status = 204)))]
pub async fn delete_opportunity(
    asker: Asker,
    Id(id): Id<OpportunityId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_opportunity(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sums of opportunities in the organization's currency.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SumsView {
    open: i64,
    open_minor: Minor,
    /// Σ amount × probability of what is open.
    weighted_minor: Minor,
    won: i64,
    won_minor: Minor,
    lost: i64,
    lost_minor: Minor,
}

impl SumsView {
    const fn of(sums: &Sums) -> Self {
        Self {
            open: sums.open,
            open_minor: sums.open_minor,
            weighted_minor: of_hundredths(sums.weighted_hundredths),
            won: sums.won,
            won_minor: sums.won_minor,
            lost: sums.lost,
            lost_minor: sums.lost_minor,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StageFigures {
    #[schema(value_type = String)]
    pipeline_id: PipelineId,
    #[schema(value_type = String)]
    stage_id: StageId,
    name: String,
    #[serde(flatten)]
    sums: SumsView,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SourceFigures {
    source: String,
    #[serde(flatten)]
    sums: SumsView,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FiguresView {
    currency: Currency,
    /// Whether there are opportunities in other currencies, which no sum here counts.
    has_other_currencies: bool,
    total: SumsView,
    /// What was won and lost in this month.
    month: SumsView,
    /// Won of what was decided in this month, in whole per cent; absent where nothing was.
    conversion_percent: Option<i64>,
    stages: Vec<StageFigures>,
    sources: Vec<SourceFigures>,
}

#[derive(Deserialize)]
pub struct Whose {
    #[serde(default)]
    assigned_to: String,
}

/// What the opportunities add up to.
#[utoipa::path(get, path = "/api/v1/opportunities/figures", tag = "crm", operation_id = "show_sales_figures",
    params(("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` to whom they are assigned")),
    responses((status = 200, body = FiguresView)))]
pub async fn show_sales_figures(asker: Asker, Query(query): Query<Whose>) -> Result<axum::Json<FiguresView>, Failure> {
    let (of, currency) = (asker.whose(&query.assigned_to)?, asker.organization.currency);
    let reading = figures::read_all(&asker.scope, of, currency, asker.today());
    let (sales, settings) = side_by_side(reading, settings::SETTINGS.shown(&asker.scope)).await;
    let (sales, settings) = (sales?, settings?);
    let stages = settings.pipelines.iter().flat_map(|pipeline| {
        pipeline.stages.iter().map(|stage| StageFigures {
            pipeline_id: pipeline.id,
            stage_id: stage.id,
            name: stage.name.clone(),
            sums: SumsView::of(&sales.at(stage.id)),
        })
    });
    Ok(axum::Json(FiguresView {
        currency,
        has_other_currencies: sales.has_others,
        total: SumsView::of(&sales.total()),
        month: SumsView::of(&sales.month),
        conversion_percent: sales.month.conversion(),
        stages: stages.collect(),
        sources: sales
            .sources
            .iter()
            .map(|(source, sums)| SourceFigures { source: source.clone(), sums: SumsView::of(sums) })
            .collect(),
    }))
}
