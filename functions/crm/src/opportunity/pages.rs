//! `/crm/opportunites`

use askama::Template;
use axum::extract::{Query, RawQuery};
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error, Minor, Permission, Result,
    id::{CompanyId, ContactId, OpportunityId},
    page::PageRequest,
    text,
};
use serde::Deserialize;
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Assignee, Colleagues, Flash, Form, Id, ME, NestedForm, PageResult, Pagination, Shell, Whose,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect_with,
};

use super::{
    FilterInput, Found, LeadSaid, MoveInput, Named, Opportunity, OpportunityCard, OpportunityInput, OpportunityLink,
    Priority, Sort, show_opportunity,
};
use crate::{
    activity::must_see_record,
    company::{CompanyCard, pages::day},
    contact::Contact,
    record::{Record, RecordKind},
    settings::{self, CustomField, FieldKind, Outcome, Settings, Stage},
};

pub const PATH: &str = "/crm/opportunites";

/// How many companies and contacts a form offers, which one query of each reads.
const OFFERED_MAX: u16 = 1_000;

// ---- what rows and cards show ----------------------------------------------------------------------------

/// A stage as pages show it.
#[derive(Debug, Clone)]
pub struct StageTag {
    pub name: String,
    pub color: &'static str,
}

impl StageTag {
    pub fn of(stage: Option<&Stage>) -> Self {
        stage.map_or_else(
            || Self { name: String::new(), color: "grey" },
            |stage| Self { name: stage.name.clone(), color: stage.color.name() },
        )
    }
}

/// `kind` of a badge and its word; nothing for what is usual.
pub const fn priority_badge(priority: Priority) -> Option<(&'static str, &'static str)> {
    match priority {
        Priority::Low => Some(("neutral", "Priorité basse")),
        Priority::Medium => None,
        Priority::High => Some(("warning", "Priorité haute")),
        Priority::Critical => Some(("danger", "Priorité critique")),
    }
}

struct Row {
    id: OpportunityId,
    name: String,
    company: Option<Named<CompanyId>>,
    contact: Option<Named<ContactId>>,
    stage: StageTag,
    amount: String,
    probability: u8,
    is_open: bool,
    expected_on: String,
    is_late: bool,
    priority: Option<(&'static str, &'static str)>,
    assignee: Option<Assignee>,
    tags: Vec<StageTag>,
}

impl Row {
    fn of(asker: &Asker, settings: &Settings, colleagues: &Colleagues, card: &OpportunityCard) -> Self {
        Self {
            id: card.id,
            name: card.name.clone(),
            company: card.company.clone(),
            contact: card.contact.clone(),
            stage: StageTag::of(settings.stage(card.stage).map(|(_, stage)| stage)),
            amount: card.amount_minor.french(card.currency),
            probability: card.probability,
            is_open: card.outcome == Outcome::Open,
            expected_on: card.expected_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
            is_late: card.is_late(asker.today()),
            priority: priority_badge(card.priority),
            assignee: colleagues.assignee(card.assigned_to),
            tags: tags(settings, &card.tags),
        }
    }
}

fn tags(settings: &Settings, tags: &[kernel::id::TagId]) -> Vec<StageTag> {
    settings.tags_of(tags).map(|tag| StageTag { name: tag.name.clone(), color: tag.color.name() }).collect()
}

/// Every stage of every pipeline; with the pipeline's name where there are several.
pub fn stage_choices(settings: &Settings, chosen: &str) -> Vec<Choice> {
    let is_one = settings.pipelines.len() == 1;
    let named = settings.pipelines.iter().flat_map(|pipeline| {
        pipeline.stages.iter().map(move |stage| {
            let label = if is_one { stage.name.clone() } else { format!("{} › {}", pipeline.name, stage.name) };
            (stage.id.to_string(), label)
        })
    });
    choices(named, chosen)
}

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "opportunities.html")]
struct OpportunitiesPage {
    shell: Shell,
    filter: FilterInput,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    whose: Whose,
    pipelines: Vec<Choice>,
    stages: Vec<Choice>,
    outcomes: Vec<Choice>,
    priorities: Vec<Choice>,
    tags: Vec<Choice>,
    sorts: Vec<Choice>,
    is_narrowed: bool,
    notice: String,
    can_create: bool,
    can_reassign: bool,
}

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    assigned_to: String,
    #[serde(flatten)]
    filter: FilterInput,
}

/// Whose records a page shows, with links that keep the rest of what was asked.
pub fn whose(asker: &Asker, colleagues: &Colleagues, asked: &str, href: impl Fn(&str) -> String) -> Whose {
    let user = asker.whose(asked).unwrap_or_default();
    let is_own = user == Some(asker.user);
    Whose {
        is_shown: asker.sees_all(),
        asked: asked.into(),
        all_href: href(""),
        own_href: href(ME),
        is_own,
        colleague: colleagues.assignee(user).filter(|_| !is_own).map(|assignee| assignee.name),
    }
}

pub async fn list_opportunities(
    asker: Asker,
    Query(query): Query<ListQuery>,
    Pagination(request): Pagination,
) -> PageResult {
    let ListQuery { assigned_to, filter } = query;
    let of = asker.whose(&assigned_to)?;
    // What is asked for in the address and is none is asked for by nobody.
    let asked = filter.parse().unwrap_or_default();
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let reading = super::list_opportunities(&asker.scope, of, &asked, &request);
    let (found, (settings, colleagues)) = side_by_side(reading, beside).await;
    let (Found { cards, next_cursor, only_of }, settings, colleagues) = (found?, settings?, colleagues?);
    let narrowing = FilterInput { sort: String::new(), ..filter.clone() };
    let whose = whose(&asker, &colleagues, &assigned_to, |of| format!("{PATH}{}", filter.query(of, None)));
    let all = |label: &str| (String::new(), label.to_owned());
    let pipelines = settings.pipelines.iter().map(|pipeline| (pipeline.id.to_string(), pipeline.name.clone()));
    let tags = settings.tags.iter().map(|tag| (tag.id.to_string(), tag.name.clone()));
    let outcomes = Outcome::ALL.map(|outcome| (outcome.name().to_owned(), outcome.french().to_owned()));
    let priorities = Priority::ALL.map(|priority| (priority.name().to_owned(), priority.french().to_owned()));
    let mut stages = stage_choices(&settings, &filter.stage);
    stages.insert(0, (String::new(), "Toutes".into(), filter.stage.is_empty()));
    page(&OpportunitiesPage {
        shell: Shell::new(&asker, "crm", "Opportunités"),
        rows: cards.iter().map(|card| Row::of(&asker, &settings, &colleagues, card)).collect(),
        next: next_cursor.map(|cursor| format!("{PATH}{}", filter.query(&assigned_to, Some(&cursor)))),
        first: request.cursor.as_ref().map(|_| format!("{PATH}{}", filter.query(&assigned_to, None))),
        can_reassign: asker.may(Permission::CrmEdit) && asker.sees_all() && whose.colleague.is_some(),
        whose,
        pipelines: choices([all("Tous")].into_iter().chain(pipelines), &filter.pipeline),
        stages,
        outcomes: choices([all("Toutes")].into_iter().chain(outcomes), &filter.outcome),
        priorities: choices([all("Toutes")].into_iter().chain(priorities), &filter.priority),
        tags: choices([all("Toutes")].into_iter().chain(tags), &filter.tag),
        sorts: choices(Sort::ALL.map(|sort| (sort.name(), sort.french(asked.stage.is_some()))), &filter.sort),
        is_narrowed: narrowing != FilterInput::default(),
        notice: only_of
            .map(|count| {
                format!(
                    "Ce tri porte sur les {} premières opportunités de la liste. Affinez les filtres pour trier les autres.",
                    kernel::money::french_decimal(count.into())
                )
            })
            .unwrap_or_default(),
        can_create: asker.may(Permission::CrmCreate),
        filter,
    })
}

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "opportunity_form.html")]
struct OpportunityForm {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new one.
    version: Option<u64>,
    form: OpportunityInput,
    errors: FieldErrors,
    companies: Vec<Choice>,
    contacts: Vec<Choice>,
    stages: Vec<Choice>,
    priorities: Vec<Choice>,
    assignees: Vec<Choice>,
    tags: Vec<Choice>,
    fields: Vec<FieldRow>,
    currency: &'static str,
}

/// A field that the organization added, with what was typed into it.
struct FieldRow {
    /// `custom.fld_…`
    input: String,
    /// `/custom/fld_…`
    pointer: String,
    name: String,
    kind: FieldKind,
    value: String,
    options: Vec<Choice>,
}

impl FieldRow {
    fn of(field: &CustomField, typed: &settings::CustomInput) -> Self {
        let value = typed.get(&field.id.to_string()).cloned().unwrap_or_default();
        let none = (String::new(), String::new());
        let options = match field.kind {
            FieldKind::YesNo => {
                let words = [("true".to_owned(), "Oui".to_owned()), ("false".to_owned(), "Non".to_owned())];
                choices([none].into_iter().chain(words), &value)
            }
            FieldKind::Choice => {
                let offered = field.choices.iter().chain(Some(&value).filter(|value| !field.choices.contains(value)));
                let offered = offered.filter(|choice| !choice.is_empty());
                choices([none].into_iter().chain(offered.map(|choice| (choice.clone(), choice.clone()))), &value)
            }
            FieldKind::Text | FieldKind::Number | FieldKind::Date => Vec::new(),
        };
        Self {
            input: format!("custom.{}", field.id),
            pointer: format!("/custom/{}", field.id),
            name: field.name.clone(),
            kind: field.kind,
            value,
            options,
        }
    }
}

/// What a form offers to choose from.
struct Offer {
    companies: Vec<(CompanyId, String)>,
    contacts: Vec<(ContactId, String)>,
    settings: Stored<Settings>,
    colleagues: Colleagues,
}

impl Offer {
    /// One trip: the companies added last, contacts in the order of their names.
    async fn of(asker: &Asker) -> Result<Self> {
        let (scope, keys) = (&asker.scope, asker.scope.keys());
        let first = PageRequest { limit: OFFERED_MAX, cursor: None };
        let (companies, contacts) = (keys.added_companies().of(asker.only()), keys.contacts("").of(asker.only()));
        let people = side_by_side(
            scope.list::<CompanyCard>(&companies, &first, Order::Descending),
            scope.list::<Contact>(&contacts, &first, Order::Ascending),
        );
        let beside = side_by_side(settings::SETTINGS.shown(scope), Colleagues::of(asker));
        let ((companies, contacts), (settings, colleagues)) = side_by_side(people, beside).await;
        let mut companies: Vec<_> = companies?.items.into_iter().map(|card| (card.value.id, card.value.name)).collect();
        companies.sort_by_cached_key(|(_, name)| text::sorted(name));
        let contacts = contacts?.items.iter().map(|contact| (contact.id, contact.person.name())).collect();
        Ok(Self { companies, contacts, settings: settings?, colleagues: colleagues? })
    }

    /// Whom an opportunity has already may not be among those that were read.
    fn with(mut self, opportunity: &Opportunity) -> Self {
        if let Some(company) = &opportunity.company
            && self.companies.iter().all(|(id, _)| *id != company.id)
        {
            self.companies.insert(0, (company.id, company.name.clone()));
        }
        if let Some(contact) = &opportunity.contact
            && self.contacts.iter().all(|(id, _)| *id != contact.id)
        {
            self.contacts.insert(0, (contact.id, contact.name.clone()));
        }
        self
    }
}

impl OpportunityForm {
    /// `opportunity` is the one to change; none for a new one.
    fn new(
        asker: &Asker,
        opportunity: Option<&Opportunity>,
        version: Option<u64>,
        form: OpportunityInput,
        offer: &Offer,
    ) -> Self {
        let id = opportunity.map(|opportunity| opportunity.id);
        let settings = &offer.settings;
        let currency = opportunity.map_or(asker.organization.currency, |opportunity| opportunity.currency);
        let names = |(id, name): &(CompanyId, String)| (id.to_string(), name.clone());
        let people = |(id, name): &(ContactId, String)| (id.to_string(), name.clone());
        Self {
            shell: Shell::new(
                asker,
                "crm",
                if id.is_some() { "Modifier l’opportunité" } else { "Nouvelle opportunité" },
            ),
            form_key: asker.form_key(),
            action: id.map_or_else(|| format!("{PATH}/nouvelle"), |id| format!("{PATH}/{id}/modifier")),
            cancel_href: id.map_or_else(|| PATH.into(), |id| format!("{PATH}/{id}")),
            version,
            errors: FieldErrors::default(),
            companies: choices(offer.companies.iter().map(names), &form.company_id),
            contacts: choices(offer.contacts.iter().map(people), &form.contact_id),
            stages: stage_choices(settings, &form.stage_id),
            priorities: choices(Priority::ALL.map(|one| (one.name(), one.french())), &form.priority),
            assignees: offer.colleagues.choices(&form.assigned_to, Permission::CrmView),
            tags: settings
                .tags
                .iter()
                .map(|tag| (tag.id.to_string(), tag.name.clone(), form.tags.contains(&tag.id.to_string())))
                .collect(),
            fields: settings
                .fields_of(RecordKind::Opportunity)
                .map(|field| FieldRow::of(field, &form.custom))
                .collect(),
            currency: currency.symbol(),
            form,
        }
    }
}

/// As it is typed by a person: the probability of the stage needs no typing.
fn typed(opportunity: &Opportunity, settings: &Settings) -> OpportunityInput {
    let input = OpportunityInput::of(opportunity);
    let is_usual = settings.stage(opportunity.stage).is_some_and(|(_, s)| s.probability == opportunity.probability);
    let probability = if is_usual { String::new() } else { input.probability };
    OpportunityInput { probability, pipeline_id: String::new(), ..input }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Begun {
    entreprise: String,
    contact: String,
    etape: String,
}

pub async fn new_opportunity(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let begun: Begun = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let offer = Offer::of(&asker).await?;
    let first = offer.settings.pipelines.first().and_then(|pipeline| pipeline.first_stage());
    let stage = begun.etape.parse().ok().and_then(|id| offer.settings.stage(id)).map(|(_, stage)| stage);
    let form = OpportunityInput {
        company_id: begun.entreprise,
        contact_id: begun.contact,
        stage_id: stage.or(first).map(|stage| stage.id.to_string()).unwrap_or_default(),
        priority: Priority::default().name().into(),
        assigned_to: asker.assigned(None)?.map(|user| user.to_string()).unwrap_or_default(),
        ..OpportunityInput::default()
    };
    page(&OpportunityForm::new(&asker, None, None, form, &offer))
}

pub async fn create_opportunity(asker: Asker, form: NestedForm<OpportunityInput>) -> PageResult {
    match super::create_opportunity(&asker, &form.input).await {
        Ok(opportunity) => saved(&asker, opportunity.id, "L’opportunité est ajoutée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let form = OpportunityForm::new(&asker, None, None, form.input, &Offer::of(&asker).await?);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &OpportunityForm { errors, ..form })
        }
    }
}

pub async fn opportunity_form(asker: Asker, Id(id): Id<OpportunityId>) -> PageResult {
    let (opportunity, offer) = side_by_side(show_opportunity(&asker, id), Offer::of(&asker)).await;
    let opportunity = opportunity?;
    let offer = offer?.with(&opportunity);
    let form = typed(&opportunity, &offer.settings);
    page(&OpportunityForm::new(&asker, Some(&opportunity), Some(opportunity.version), form, &offer))
}

pub async fn edit_opportunity(
    asker: Asker,
    Id(id): Id<OpportunityId>,
    form: NestedForm<OpportunityInput>,
) -> PageResult {
    match super::edit_opportunity(&asker, id, &form.input, form.version).await {
        Ok(_) => saved(&asker, id, "L’opportunité est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let (opportunity, offer) = side_by_side(show_opportunity(&asker, id), Offer::of(&asker)).await;
            let opportunity = opportunity?;
            let offer = offer?.with(&opportunity);
            let form = OpportunityForm::new(&asker, Some(&opportunity), form.version, form.input, &offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &OpportunityForm { errors, ..form })
        }
    }
}

fn saved(asker: &Asker, id: OpportunityId, message: &str) -> PageResult {
    asker.done(&format!("{PATH}/{id}"), message)
}

// ---- one opportunity ------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "opportunity.html")]
struct OpportunityPage {
    shell: Shell,
    opportunity: Details,
    form_key: String,
    version: u64,
    /// Where it may be moved.
    stages: Vec<Choice>,
    /// Where a quote is begun from it.
    quote_href: Option<String>,
    can_edit: bool,
    can_delete: bool,
}

struct Details {
    id: OpportunityId,
    name: String,
    stage: StageTag,
    stage_id: String,
    pipeline: String,
    outcome: Outcome,
    company: Option<Named<CompanyId>>,
    links_company: bool,
    contact: Option<Named<ContactId>>,
    links_contact: bool,
    amount: String,
    weighted: String,
    probability: u8,
    expected_on: String,
    is_late: bool,
    closed_on: String,
    priority: &'static str,
    source: String,
    description: String,
    lead: Option<LeadSaid>,
    next_step: String,
    lost_reason: String,
    assignee: Option<Assignee>,
    shows_assignee: bool,
    created_on: String,
    tags: Vec<StageTag>,
    fields: Vec<(String, String)>,
    history: Vec<StepRow>,
}

struct StepRow {
    name: String,
    at: String,
}

/// Which company and contact may be led to: all for who sees all; else those that are theirs too.
struct Linked(Option<(Vec<CompanyId>, Vec<ContactId>)>);

impl Linked {
    async fn of(asker: &Asker) -> Result<Self> {
        let Some(user) = asker.only() else { return Ok(Self(None)) };
        let (scope, keys) = (&asker.scope, asker.scope.keys());
        let first = PageRequest { limit: OFFERED_MAX, cursor: None };
        let (companies, contacts) = (keys.added_companies().of(Some(user)), keys.contacts("").of(Some(user)));
        let (companies, contacts) = side_by_side(
            scope.list::<CompanyCard>(&companies, &first, Order::Descending),
            scope.list::<Contact>(&contacts, &first, Order::Ascending),
        )
        .await;
        let companies = companies?.items.iter().map(|card| card.id).collect();
        Ok(Self(Some((companies, contacts?.items.iter().map(|contact| contact.id).collect()))))
    }

    fn company(&self, company: Option<&Named<CompanyId>>) -> bool {
        company.is_some_and(|named| self.0.as_ref().is_none_or(|(own, _)| own.contains(&named.id)))
    }

    fn contact(&self, contact: Option<&Named<ContactId>>) -> bool {
        contact.is_some_and(|named| self.0.as_ref().is_none_or(|(_, own)| own.contains(&named.id)))
    }
}

/// A value of a field that the organization added, as it is read.
fn shown(asker: &Asker, field: &CustomField, value: &str) -> String {
    match field.kind {
        FieldKind::YesNo => if value == "true" { "Oui" } else { "Non" }.into(),
        FieldKind::Number => value.parse().map(kernel::money::french_decimal).unwrap_or_else(|_| value.into()),
        FieldKind::Date => value.parse().map(|on| asker.organization.date(on)).unwrap_or_else(|_| value.into()),
        FieldKind::Text | FieldKind::Choice => value.into(),
    }
}

fn instant(asker: &Asker, at: Timestamp) -> String {
    let there = at.to_zoned(asker.organization.zone());
    format!("{} à {:02}:{:02}", asker.organization.date(there.date()), there.hour(), there.minute())
}

impl Details {
    fn of(
        asker: &Asker,
        settings: &Settings,
        colleagues: &Colleagues,
        linked: &Linked,
        opportunity: &Opportunity,
    ) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let date = |on: Option<jiff::civil::Date>| on.map(|on| asker.organization.date(on)).unwrap_or_default();
        let place = settings.stage(opportunity.stage);
        let step = |step: &super::Step| {
            let by = colleagues.assignee(step.by).map(|by| format!(" par {}", by.name)).unwrap_or_default();
            StepRow { name: step.name.clone(), at: format!("{}{by}", instant(asker, step.at)) }
        };
        Self {
            id: opportunity.id,
            name: opportunity.name.clone(),
            stage: StageTag::of(place.map(|(_, stage)| stage)),
            stage_id: opportunity.stage.to_string(),
            pipeline: place.map(|(pipeline, _)| pipeline.name.clone()).unwrap_or_default(),
            outcome: opportunity.outcome,
            company: opportunity.company.clone(),
            links_company: linked.company(opportunity.company.as_ref()),
            contact: opportunity.contact.clone(),
            links_contact: linked.contact(opportunity.contact.as_ref()),
            amount: opportunity.amount_minor.french(opportunity.currency),
            weighted: super::of_hundredths(opportunity.weighted()).french(opportunity.currency),
            probability: opportunity.probability,
            expected_on: date(opportunity.expected_on),
            is_late: opportunity.card(0).is_late(asker.today()),
            closed_on: date(opportunity.closed_on),
            priority: opportunity.priority.french(),
            source: text(&opportunity.source),
            description: text(&opportunity.description),
            lead: opportunity.lead.clone(),
            next_step: text(&opportunity.next_step),
            lost_reason: text(&opportunity.lost_reason),
            assignee: colleagues.assignee(opportunity.assigned_to),
            shows_assignee: asker.sees_all(),
            created_on: day(asker, opportunity.created_at),
            tags: tags(settings, &opportunity.tags),
            fields: settings
                .fields_of(RecordKind::Opportunity)
                .filter_map(|field| {
                    let value = opportunity.custom.get(&field.id)?;
                    Some((field.name.clone(), shown(asker, field, value)))
                })
                .collect(),
            history: opportunity.history.iter().rev().map(step).collect(),
        }
    }
}

/// Where a quote is begun with what is known: for who may, and for a company, which is what a quote is addressed to.
pub fn quote_href(asker: &Asker, card: &OpportunityCard) -> Option<String> {
    let company = card.company.as_ref().filter(|_| asker.may(Permission::InvoicingCreate))?;
    // In another currency than the organization's it would be another amount.
    let is_ours = card.currency == asker.organization.currency && card.amount_minor != Minor::ZERO;
    let amount = if is_ours { card.amount_minor.plain(card.currency) } else { String::new() };
    let (client, id) = (company.id.to_string(), card.id.to_string());
    let fields = [("client", &client), ("opportunite", &id), ("objet", &card.name), ("montant", &amount)];
    let query = serde_html_form::to_string(fields).ok()?;
    Some(format!("/facturation/devis/nouveau?{query}"))
}

pub async fn show_opportunity_page(asker: Asker, Id(id): Id<OpportunityId>) -> PageResult {
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let beside = side_by_side(beside, Linked::of(&asker));
    let (opportunity, ((settings, colleagues), linked)) = side_by_side(show_opportunity(&asker, id), beside).await;
    let (opportunity, settings) = (opportunity?, settings?);
    let mut stages = stage_choices(&settings, "");
    stages.retain(|(stage, ..)| *stage != opportunity.stage.to_string());
    page(&OpportunityPage {
        shell: Shell::new(&asker, "crm", opportunity.name.clone()),
        opportunity: Details::of(&asker, &settings, &colleagues?, &linked?, &opportunity),
        form_key: asker.form_key(),
        version: opportunity.version,
        stages,
        quote_href: quote_href(&asker, &opportunity.card(0)).filter(|_| opportunity.outcome != Outcome::Lost),
        can_edit: asker.may(Permission::CrmEdit),
        can_delete: asker.may(Permission::CrmDelete),
    })
}

pub async fn delete_opportunity(asker: Asker, Id(id): Id<OpportunityId>, form: Form<Nothing>) -> PageResult {
    match super::delete_opportunity(&asker, id, form.version).await {
        Ok(()) => asker.done(PATH, "L’opportunité est supprimée."),
        Err(Error::Stale) => {
            let text = "Quelqu’un a modifié cette opportunité entre-temps : relisez-la avant de la supprimer.";
            warned(&asker, id, text)
        }
        Err(error) => Err(error.into()),
    }
}

/// A form without fields but the page's own.
#[derive(Deserialize)]
pub struct Nothing {}

fn warned(asker: &Asker, id: OpportunityId, text: impl Into<String>) -> PageResult {
    let secure = asker.deps().config.secure_cookies;
    redirect_with(&format!("{PATH}/{id}"), &Flash::warning(text), secure)
}

// ---- a move ---------------------------------------------------------------------------------------------

/// Asks for the reason, where a browser without scripts did not.
#[derive(Template)]
#[template(path = "opportunity_lost.html")]
struct LostPage {
    shell: Shell,
    form_key: String,
    id: OpportunityId,
    version: Option<u64>,
    form: MoveInput,
    errors: FieldErrors,
}

/// To the board, the card as it is from now on; to a browser without scripts, the page of the opportunity.
pub async fn move_opportunity(asker: Asker, Id(id): Id<OpportunityId>, form: Form<MoveInput>) -> PageResult {
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let act = super::move_opportunity(&asker, id, &form.input, form.version);
    let (moved, (settings, colleagues)) = side_by_side(act, beside).await;
    let (settings, colleagues) = (settings?, colleagues?);
    let stage_name = |opportunity: &Opportunity| {
        settings.stage(opportunity.stage).map(|(_, stage)| stage.name.clone()).unwrap_or_default()
    };
    match moved {
        Ok((opportunity, version)) => {
            let stage = stage_name(&opportunity);
            let message = format!("«\u{a0}{}\u{a0}» est passée à l’étape «\u{a0}{stage}\u{a0}».", opportunity.name);
            if !asker.visitor.is_fragment {
                return saved(&asker, id, &message);
            }
            let card = opportunity.card(version);
            let quote = quote_href(&asker, &card).filter(|_| card.outcome == Outcome::Won);
            crate::pipeline::board::card(StatusCode::OK, &asker, &settings, &colleagues, &card, message, quote)
        }
        Err(Error::Stale) => {
            let now = show_opportunity(&asker, id).await?;
            let who = now.history.last().and_then(|step| colleagues.assignee(step.by));
            let who = who.map_or_else(|| "Quelqu’un d’autre".to_owned(), |who| who.name);
            let message = format!(
                "{who} a déplacé «\u{a0}{}\u{a0}» entre-temps\u{a0}: elle est maintenant à l’étape «\u{a0}{}\u{a0}».",
                now.name,
                stage_name(&now)
            );
            if !asker.visitor.is_fragment {
                return warned(&asker, id, message);
            }
            let card = now.card(now.version);
            crate::pipeline::board::card(StatusCode::CONFLICT, &asker, &settings, &colleagues, &card, message, None)
        }
        Err(error @ Error::Invalid(_)) if !asker.visitor.is_fragment => {
            let page = LostPage {
                shell: Shell::new(&asker, "crm", "Opportunité perdue"),
                form_key: asker.form_key(),
                id,
                version: form.version,
                errors: FieldErrors::from_error(error)?,
                form: form.input,
            };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

// ---- on the pages of companies and contacts --------------------------------------------------------------

#[derive(Template)]
#[template(path = "panel_opportunities.html")]
struct OpportunitiesPanel {
    rows: Vec<LinkRow>,
    total: String,
    new_href: Option<String>,
}

struct LinkRow {
    id: OpportunityId,
    name: String,
    stage: StageTag,
    amount: String,
    expected_on: String,
}

/// The opportunities of a company or a contact, the last one first, of those that who asks may see.
pub async fn show_opportunities_of(asker: Asker, Id(record): Id<Record>) -> PageResult {
    let (collection, field) = match record {
        Record::Company(id) => (asker.scope.keys().company_opportunities(id), "entreprise"),
        Record::Contact(id) => (asker.scope.keys().contact_opportunities(id), "contact"),
        Record::Opportunity(_) => return Err(Error::NotFound.into()),
    };
    let reading = asker.scope.collection_page(&collection, None);
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), must_see_record(&asker, record));
    let (found, (settings, seen)) = side_by_side(reading, beside).await;
    seen?;
    let (links, settings) = (found?.0.all::<OpportunityLink>()?, settings?);
    let links: Vec<_> = links.into_iter().rev().filter(|link| asker.sees(link.assigned_to)).collect();
    let currency = asker.organization.currency;
    let open = links.iter().filter(|link| link.outcome == Outcome::Open && link.currency == currency);
    let total = Minor(open.map(|link| link.amount_minor.0).sum());
    page(&OpportunitiesPanel {
        rows: links
            .iter()
            .map(|link| LinkRow {
                id: link.opportunity,
                name: link.name.clone(),
                stage: StageTag::of(settings.stage(link.stage).map(|(_, stage)| stage)),
                amount: link.amount_minor.french(link.currency),
                expected_on: link.expected_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
            })
            .collect(),
        total: if total == Minor::ZERO { String::new() } else { total.french(currency) },
        new_href: asker.may(Permission::CrmCreate).then(|| format!("{PATH}/nouvelle?{field}={record}")),
    })
}
