//! `/crm/pipeline`: a column for each stage, in which opportunities move. A column loads by itself, 25 cards at a time.

use askama::Template;
use axum::{extract::Query, response::IntoResponse};
use http::StatusCode;
use kernel::{
    Currency, Error, Permission, Result,
    id::{OpportunityId, PipelineId, StageId},
};
use serde::Deserialize;
use table::meter::side_by_side;
use web::{
    Asker, Assignee, Colleagues, Id, PageResult, Pagination, Shell, Whose,
    form::{Choice, choices},
    initials, page,
};

use crate::{
    opportunity::{
        Filter, OpportunityCard,
        figures::{self, Sales, Sums},
        list_opportunities, of_hundredths,
        pages::{priority_badge, whose},
    },
    settings::{self, Outcome, Pipeline, Settings},
};

pub const PATH: &str = "/crm/pipeline";

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    shell: Shell,
    pipelines: Vec<Choice>,
    pipeline: PipelineId,
    columns: Vec<Column>,
    whose: Whose,
    figures_href: String,
    has_others: bool,
    /// Where a new opportunity begins.
    new_href: String,
    can_create: bool,
    can_edit: bool,
    can_set: bool,
}

struct Column {
    id: StageId,
    name: String,
    color: &'static str,
    outcome: Outcome,
    cards_href: String,
    list_href: String,
    head: Head,
}

/// What a column adds up to.
struct Head {
    id: StageId,
    count: String,
    amount: String,
    /// Of what is open: the sum, each weighed by its probability.
    weighted: Option<String>,
}

impl Head {
    fn of(id: StageId, outcome: Outcome, sums: &Sums, currency: Currency) -> Self {
        let weighted = of_hundredths(sums.weighted_hundredths).french(currency);
        Self {
            id,
            count: match sums.count() {
                0 => "Aucune opportunité".into(),
                1 => "1 opportunité".into(),
                count => format!("{} opportunités", kernel::money::french_decimal(count.into())),
            },
            amount: sums.amount().french(currency),
            weighted: (outcome == Outcome::Open).then_some(weighted),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BoardQuery {
    pipeline: String,
    assigned_to: String,
}

impl BoardQuery {
    fn href(path: &str, pipeline: PipelineId, assigned_to: &str) -> String {
        let (pipeline, mut query) = (pipeline.to_string(), Vec::new());
        query.push(("pipeline", pipeline.as_str()));
        query.extend(Some(("assigned_to", assigned_to)).filter(|(_, whose)| !whose.is_empty()));
        format!("{path}?{}", serde_html_form::to_string(&query).unwrap_or_default())
    }

    /// The one that is asked for, or else the first.
    fn chosen<'a>(&self, settings: &'a Settings) -> Result<&'a Pipeline> {
        match self.pipeline.as_str() {
            "" => settings.pipelines.first().ok_or(Error::NotFound),
            id => id.parse().ok().and_then(|id| settings.pipeline(id)).ok_or(Error::NotFound),
        }
    }
}

fn heads(pipeline: &Pipeline, sales: &Sales, currency: Currency) -> Vec<Head> {
    pipeline.stages.iter().map(|stage| Head::of(stage.id, stage.outcome, &sales.at(stage.id), currency)).collect()
}

pub async fn show_board(asker: Asker, Query(query): Query<BoardQuery>) -> PageResult {
    let (of, currency) = (asker.whose(&query.assigned_to)?, asker.organization.currency);
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let (sales, (settings, colleagues)) = side_by_side(figures::read_stages(&asker.scope, of, currency), beside).await;
    let (sales, settings) = (sales?, settings?);
    let pipeline = query.chosen(&settings)?;
    let asked = query.assigned_to.as_str();
    let whose = whose(&asker, &colleagues?, asked, |whose| BoardQuery::href(PATH, pipeline.id, whose));
    let narrowed = if asked.is_empty() { String::new() } else { format!("?assigned_to={asked}") };
    let column = |(stage, head): (&settings::Stage, Head)| Column {
        id: stage.id,
        name: stage.name.clone(),
        color: stage.color.name(),
        outcome: stage.outcome,
        cards_href: format!("{PATH}/etapes/{}{narrowed}", stage.id),
        list_href: format!("/crm/opportunites?stage={}{}", stage.id, narrowed.replace('?', "&")),
        head,
    };
    let named = settings.pipelines.iter().map(|pipeline| (pipeline.id.to_string(), pipeline.name.clone()));
    page(&BoardPage {
        shell: Shell::new(&asker, "crm", "Pipeline"),
        pipelines: choices(named, &pipeline.id.to_string()),
        pipeline: pipeline.id,
        columns: pipeline.stages.iter().zip(heads(pipeline, &sales, currency)).map(column).collect(),
        whose,
        figures_href: BoardQuery::href(&format!("{PATH}/chiffres"), pipeline.id, asked),
        has_others: sales.has_others,
        new_href: match pipeline.first_stage() {
            Some(stage) => format!("/crm/opportunites/nouvelle?etape={}", stage.id),
            None => "/crm/opportunites/nouvelle".into(),
        },
        can_create: asker.may(Permission::CrmCreate),
        can_edit: asker.may(Permission::CrmEdit),
        can_set: asker.may(Permission::CrmEdit) && asker.sees_all(),
    })
}

#[derive(Template)]
#[template(path = "board_heads.html")]
struct HeadsFragment {
    heads: Vec<Head>,
}

/// The heads of all columns, each in the place of the one that stands.
pub async fn show_figures(asker: Asker, Query(query): Query<BoardQuery>) -> PageResult {
    let (of, currency) = (asker.whose(&query.assigned_to)?, asker.organization.currency);
    let reading = figures::read_stages(&asker.scope, of, currency);
    let (sales, settings) = side_by_side(reading, settings::SETTINGS.shown(&asker.scope)).await;
    let settings = settings?;
    page(&HeadsFragment { heads: heads(query.chosen(&settings)?, &sales?, currency) })
}

// ---- cards ----------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "board_cards.html")]
struct CardsFragment {
    cards: Vec<Card>,
    /// Where what follows is loaded from.
    more_href: Option<String>,
    /// Whether the column has nothing at all.
    is_empty: bool,
}

#[derive(Template)]
#[template(path = "board_card_fragment.html")]
struct CardFragment {
    card: Card,
}

struct Card {
    id: OpportunityId,
    name: String,
    /// The company, or else the contact.
    with: String,
    amount: String,
    expected_on: String,
    is_late: bool,
    priority: Option<(&'static str, &'static str)>,
    assignee: Option<(Assignee, String)>,
    stage: StageId,
    seen: u64,
    form_key: String,
    can_edit: bool,
    /// Where it may go: id, name, what that stage means.
    others: Vec<(StageId, String, &'static str)>,
    /// What was done, to be announced.
    message: String,
    /// Where a quote is begun, once it is won.
    quote_href: String,
}

impl Card {
    fn of(asker: &Asker, settings: &Settings, colleagues: &Colleagues, card: &OpportunityCard) -> Self {
        let company = card.company.as_ref().map(|company| company.name.clone());
        let with = company.or_else(|| card.contact.as_ref().map(|contact| contact.name.clone()));
        let of_pipeline = settings.pipeline(card.pipeline).map(|pipeline| pipeline.stages.as_slice());
        let others = of_pipeline.unwrap_or_default().iter().filter(|stage| stage.id != card.stage);
        Self {
            id: card.id,
            name: card.name.clone(),
            with: with.unwrap_or_default(),
            amount: card.amount_minor.french(card.currency),
            expected_on: card.expected_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
            is_late: card.is_late(asker.today()),
            priority: priority_badge(card.priority),
            assignee: colleagues.assignee(card.assigned_to).map(|assignee| {
                let letters = initials(&assignee.name);
                (assignee, letters)
            }),
            stage: card.stage,
            seen: card.seen,
            form_key: asker.form_key(),
            can_edit: asker.may(Permission::CrmEdit),
            others: others.map(|stage| (stage.id, stage.name.clone(), stage.outcome.name())).collect(),
            message: String::new(),
            quote_href: String::new(),
        }
    }
}

/// One card as it is after an act, with what is to be said of it.
pub fn card(
    status: StatusCode,
    asker: &Asker,
    settings: &Settings,
    colleagues: &Colleagues,
    card: &OpportunityCard,
    message: String,
    quote_href: Option<String>,
) -> PageResult {
    let card = Card::of(asker, settings, colleagues, card);
    let card = Card { message, quote_href: quote_href.unwrap_or_default(), ..card };
    let fragment = page(&CardFragment { card })?;
    Ok((status, fragment).into_response())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ColumnQuery {
    assigned_to: String,
}

/// The cards at one stage, those that came last first.
pub async fn show_cards(
    asker: Asker,
    Id(id): Id<StageId>,
    Query(query): Query<ColumnQuery>,
    Pagination(request): Pagination,
) -> PageResult {
    let of = asker.whose(&query.assigned_to)?;
    let filter = Filter { stage: Some(id), ..Filter::default() };
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let reading = list_opportunities(&asker.scope, of, &filter, &request);
    let (found, (settings, colleagues)) = side_by_side(reading, beside).await;
    let (found, settings, colleagues) = (found?, settings?, colleagues?);
    settings.stage(id).ok_or(Error::NotFound)?;
    let whose = query.assigned_to;
    let more = |cursor: String| {
        let whose = if whose.is_empty() { String::new() } else { format!("&assigned_to={whose}") };
        format!("{PATH}/etapes/{id}?cursor={cursor}{whose}")
    };
    page(&CardsFragment {
        is_empty: found.cards.is_empty() && request.cursor.is_none(),
        cards: found.cards.iter().map(|card| Card::of(&asker, &settings, &colleagues, card)).collect(),
        more_href: found.next_cursor.map(more),
    })
}
