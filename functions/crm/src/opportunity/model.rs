//! What an opportunity is, what is accepted of one, and what becomes of it when it moves. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    event::About,
    id::{CompanyId, ContactId, OpportunityId, PipelineId, StageId, UserId},
    legal,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    company::named,
    record::{Record, RecordKind},
    settings::{self, Custom, CustomInput, Outcome, Pipeline, Settings, Stage, Tags},
};

/// In units of its currency: sums of as many as one organization may have stay exact.
const AMOUNT_MAX: i64 = 1_000_000_000;
/// How many moves of an opportunity are remembered.
pub const HISTORY_MAX: usize = 50;
/// How long its name is at most.
pub const NAME_MAX: usize = 200;
/// Why it was lost, in so many characters.
pub const REASON_MAX: usize = 500;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opportunity {
    pub id: OpportunityId,
    pub name: String,
    /// With whom: a company, a contact, or both; nobody any more once the only contact was erased.
    pub company: Option<Named<CompanyId>>,
    pub contact: Option<Named<ContactId>>,
    pub pipeline: PipelineId,
    pub stage: StageId,
    /// What its stage means; a stage that holds any keeps its meaning.
    pub outcome: Outcome,
    /// All taxes excluded.
    pub amount_minor: Minor,
    /// The organization's when it was added.
    pub currency: Currency,
    /// In per cent, 0 to 100: that of its stage unless somebody typed another.
    pub probability: u8,
    /// The day by which it is hoped to be won.
    pub expected_on: Option<Date>,
    /// The day on which it was won or lost.
    pub closed_on: Option<Date>,
    pub priority: Priority,
    /// Where it comes from: `Salon`, `Recommandation`.
    pub source: Option<String>,
    pub description: Option<String>,
    /// What its contact said in a form of the organization's site; it goes with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadSaid>,
    pub next_step: Option<String>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    pub assigned_to: Option<UserId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Tags,
    #[serde(default, skip_serializing_if = "Custom::is_empty")]
    pub custom: Custom,
    pub created_at: Timestamp,
    /// Since when it is at its stage.
    pub moved_at: Timestamp,
    /// The stages that it came to, the last one last; 50 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Step>,
}

/// What somebody said in a form beside what became of it. Apart from what members write, so that an erasure finds all of
/// it (RGPD art. 17).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct LeadSaid {
    /// Of somebody who was known already, how they call themselves; so the telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The words beside the box that somebody who was known already ticked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
}

/// A record with its name as it is now: a change of that changes who names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named<T> {
    pub id: T,
    pub name: String,
}

/// A stage that an opportunity came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Step {
    #[schema(value_type = String)]
    pub stage: StageId,
    /// As it was called then.
    pub name: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The member who did it; absent for a form of the organization's site, or an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by: Option<UserId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Medium,
    High,
    Critical,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Low => "Basse",
            Self::Medium => "Moyenne",
            Self::High => "Haute",
            Self::Critical => "Critique",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|priority| priority.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

/// All fields as a person types them; an empty text is "none". The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpportunityInput {
    pub name: String,
    /// `com_…`. A company, a contact or both are named.
    pub company_id: String,
    /// `con_…`
    pub contact_id: String,
    /// `pip_…`. Where empty: that of the stage, or else as before, or else the first.
    pub pipeline_id: String,
    /// `stg_…`, of that pipeline. Where empty: as before, or else the first that is open.
    pub stage_id: String,
    /// All taxes excluded, in units of its currency; 0 where empty.
    pub amount: String,
    /// Whole per cent, 0 to 100; that of the stage where empty. Of one that is won or lost it is not read.
    pub probability: String,
    /// `2026-11-30`, by when it is hoped to be won.
    pub expected_on: String,
    /// `low`, `medium` (which an empty text means too), `high` or `critical`.
    pub priority: String,
    /// Where it comes from: `Salon`.
    pub source: String,
    pub description: String,
    pub next_step: String,
    /// `usr_…`, the member who takes care of it. Where empty: of a new one who creates it, of a changed one as before.
    pub assigned_to: String,
    /// Required at a stage that is lost; of others it is not kept.
    pub lost_reason: String,
    /// `tag_…`, 20 at most.
    #[serde(deserialize_with = "web::form::column")]
    pub tags: Vec<String>,
    /// What it has in the fields that the organization added, by `fld_…`. What is not named stays as it was.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub custom: CustomInput,
}

/// Another stage. The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = OpportunityMoveInput)]
pub struct MoveInput {
    /// `stg_…`, of whichever pipeline.
    pub stage: String,
    /// `stg_…`, where who moves it saw it. While it is still there, it does not matter what else of it changed since the
    /// version that they saw.
    pub from: String,
    /// Why it was lost: required where the stage means that.
    pub lost_reason: String,
}

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    pub at: Timestamp,
    /// The day in the organization's time zone.
    pub today: Date,
    /// Absent for a form of the organization's site, or an import.
    pub by: Option<UserId>,
}

/// An input whose fields are right. Whether company and contact exist, and whether who is named can take care of it, the
/// table knows.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOpportunity {
    pub name: String,
    pub company: Option<CompanyId>,
    pub contact: Option<ContactId>,
    pub pipeline: PipelineId,
    pub stage: Stage,
    pub amount_minor: Minor,
    pub currency: Currency,
    /// None for that of the stage.
    pub probability: Option<u8>,
    pub expected_on: Option<Date>,
    pub priority: Priority,
    pub source: Option<String>,
    pub description: Option<String>,
    pub next_step: Option<String>,
    pub assigned_to: Option<UserId>,
    pub lost_reason: Option<String>,
    pub tags: Tags,
    pub custom: Custom,
}

/// What the board shows of an opportunity, and what lists are narrowed by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpportunityCard {
    pub id: OpportunityId,
    /// The opportunity's, which a move names.
    pub seen: u64,
    pub name: String,
    pub company: Option<Named<CompanyId>>,
    pub contact: Option<Named<ContactId>>,
    pub pipeline: PipelineId,
    pub stage: StageId,
    pub outcome: Outcome,
    pub amount_minor: Minor,
    pub currency: Currency,
    pub probability: u8,
    pub expected_on: Option<Date>,
    pub priority: Priority,
    pub source: Option<String>,
    pub next_step: Option<String>,
    pub assigned_to: Option<UserId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Tags,
    pub moved_at: Timestamp,
}

/// An opportunity's line on the page of its company or contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpportunityLink {
    /// The company or the contact.
    pub of: Record,
    pub opportunity: OpportunityId,
    pub name: String,
    pub stage: StageId,
    pub outcome: Outcome,
    pub amount_minor: Minor,
    pub currency: Currency,
    pub expected_on: Option<Date>,
    pub assigned_to: Option<UserId>,
}

impl OpportunityInput {
    pub fn of(opportunity: &Opportunity) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            name: opportunity.name.clone(),
            company_id: opportunity.company.as_ref().map(|company| company.id.to_string()).unwrap_or_default(),
            contact_id: opportunity.contact.as_ref().map(|contact| contact.id.to_string()).unwrap_or_default(),
            pipeline_id: opportunity.pipeline.to_string(),
            stage_id: opportunity.stage.to_string(),
            amount: opportunity.amount_minor.plain(opportunity.currency),
            probability: opportunity.probability.to_string(),
            expected_on: opportunity.expected_on.map(|on| on.to_string()).unwrap_or_default(),
            priority: opportunity.priority.name().into(),
            source: text(&opportunity.source),
            description: text(&opportunity.description),
            next_step: text(&opportunity.next_step),
            assigned_to: opportunity.assigned_to.map(|user| user.to_string()).unwrap_or_default(),
            lost_reason: text(&opportunity.lost_reason),
            tags: opportunity.tags.iter().map(ToString::to_string).collect(),
            custom: settings::typed(&opportunity.custom),
        }
    }

    /// `before` is the opportunity that is changed; `currency` that of a new one.
    pub fn parse(
        &self,
        settings: &Settings,
        currency: Currency,
        before: Option<&Opportunity>,
    ) -> Result<NewOpportunity, Violations> {
        let mut wrong = Violations::default();
        let currency = before.map_or(currency, |before| before.currency);
        let name = wrong.take("/name", legal::required(&self.name, NAME_MAX).and_then(one_line));
        let company = wrong.take("/company_id", id_of::<CompanyId>(&self.company_id));
        let contact = wrong.take("/contact_id", id_of::<ContactId>(&self.contact_id));
        if matches!((company, contact), (Some(None), Some(None))) {
            wrong.add("/company_id", Rule::NobodyNamed);
        }
        let place = self.place(settings, before, &mut wrong);
        let amount = match self.amount.trim() {
            "" => Ok(Minor::ZERO),
            text => amount(text, currency),
        };
        let amount_minor = wrong.take("/amount", amount);
        let probability = wrong.take("/probability", probability(&self.probability));
        let expected_on = match self.expected_on.trim() {
            "" => Some(None),
            text => wrong.take("/expected_on", legal::date(text)).map(Some),
        };
        let priority = wrong.take("/priority", Priority::named(&self.priority));
        let assigned_to = wrong.take("/assigned_to", named(&self.assigned_to)).flatten();
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let source = text("/source", &self.source, 100);
        let description = text("/description", &self.description, 5_000);
        let next_step = text("/next_step", &self.next_step, 500);
        let lost_reason = match &place {
            Some((_, stage)) => wrong.take("/lost_reason", reason(stage, &self.lost_reason)).flatten(),
            None => None,
        };
        let (tags, custom) = before.map(|before| (before.tags.clone(), before.custom.clone())).unwrap_or_default();
        let tags = settings.parse_tags(&self.tags, &tags, &mut wrong);
        let custom = settings.parse_custom(RecordKind::Opportunity, &self.custom, &custom, &mut wrong);
        let (
            Some(name),
            Some(company),
            Some(contact),
            Some((pipeline, stage)),
            Some(amount_minor),
            Some(probability),
            Some(expected_on),
            Some(priority),
            true,
        ) = (name, company, contact, place, amount_minor, probability, expected_on, priority, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(NewOpportunity {
            name,
            company,
            contact,
            pipeline: pipeline.id,
            stage: stage.clone(),
            amount_minor,
            currency,
            probability,
            expected_on,
            priority,
            source,
            description,
            next_step,
            assigned_to,
            lost_reason,
            tags,
            custom,
        })
    }

    /// The pipeline and the stage that it names.
    fn place<'a>(
        &self,
        settings: &'a Settings,
        before: Option<&Opportunity>,
        wrong: &mut Violations,
    ) -> Option<(&'a Pipeline, &'a Stage)> {
        let pipeline = match self.pipeline_id.trim() {
            "" => None,
            text => {
                let found = text.parse().ok().and_then(|id| settings.pipeline(id)).ok_or(Rule::NotFound);
                Some(wrong.take("/pipeline_id", found)?)
            }
        };
        if !self.stage_id.trim().is_empty() {
            let found = self.stage_id.trim().parse().ok().and_then(|id| settings.stage(id));
            let found = found.filter(|(of, _)| pipeline.is_none_or(|named| named.id == of.id));
            return wrong.take("/stage_id", found.ok_or(Rule::NotFound));
        }
        if let Some(before) = before
            && pipeline.is_none_or(|named| named.id == before.pipeline)
        {
            return wrong.take("/stage_id", settings.stage(before.stage).ok_or(Rule::NotFound));
        }
        let pipeline = pipeline.or(settings.pipelines.first());
        let begins = pipeline.and_then(|pipeline| Some((pipeline, pipeline.first_stage()?)));
        wrong.take("/stage_id", begins.ok_or(Rule::NotFound))
    }
}

impl MoveInput {
    /// The stage that it names, and why it was lost.
    pub fn parse<'a>(&self, settings: &'a Settings) -> Result<(&'a Pipeline, &'a Stage, Option<String>), Violations> {
        let mut wrong = Violations::default();
        let found = match self.stage.trim() {
            "" => Err(Rule::Required),
            text => text.parse().ok().and_then(|id| settings.stage(id)).ok_or(Rule::NotFound),
        };
        let Some((pipeline, stage)) = wrong.take("/stage", found) else { return Err(wrong) };
        let reason = wrong.take("/lost_reason", reason(stage, &self.lost_reason)).flatten();
        if wrong.is_empty() { Ok((pipeline, stage, reason)) } else { Err(wrong) }
    }

    /// Whether who moves it knows where it is, whatever else of it changed.
    pub fn saw(&self, stage: StageId) -> bool {
        self.from.trim().parse() == Ok(stage)
    }
}

impl NewOpportunity {
    /// A new one. Names are those of the company and the contact as they are now.
    pub fn begun(
        self,
        id: OpportunityId,
        company: Option<Named<CompanyId>>,
        contact: Option<Named<ContactId>>,
        assigned_to: Option<UserId>,
        hand: Hand,
    ) -> Opportunity {
        let step = Step { stage: self.stage.id, name: self.stage.name.clone(), at: hand.at, by: hand.by };
        Opportunity {
            id,
            company,
            contact,
            pipeline: self.pipeline,
            stage: self.stage.id,
            outcome: self.stage.outcome,
            probability: chance(&self.stage, self.probability),
            closed_on: closed_on(&self.stage, hand),
            lost_reason: self.lost_reason,
            assigned_to,
            created_at: hand.at,
            moved_at: hand.at,
            history: vec![step],
            name: self.name,
            amount_minor: self.amount_minor,
            currency: self.currency,
            expected_on: self.expected_on,
            priority: self.priority,
            source: self.source,
            description: self.description,
            lead: None,
            next_step: self.next_step,
            tags: self.tags,
            custom: self.custom,
        }
    }

    /// What the one that was there becomes. What its contact said goes where they do.
    pub fn upon(
        self,
        before: &Opportunity,
        company: Option<Named<CompanyId>>,
        contact: Option<Named<ContactId>>,
        assigned_to: Option<UserId>,
        hand: Hand,
    ) -> Opportunity {
        let moved = before.moved((self.pipeline, &self.stage), self.lost_reason, hand);
        let id = |named: &Option<Named<ContactId>>| named.as_ref().map(|named| named.id);
        Opportunity {
            lead: before.lead.clone().filter(|_| id(&before.contact) == id(&contact)),
            company,
            contact,
            probability: chance(&self.stage, self.probability),
            assigned_to,
            name: self.name,
            amount_minor: self.amount_minor,
            expected_on: self.expected_on,
            priority: self.priority,
            source: self.source,
            description: self.description,
            next_step: self.next_step,
            tags: self.tags,
            custom: self.custom,
            ..moved
        }
    }
}

impl Opportunity {
    /// What people are told of it beside its id.
    pub fn about(&self) -> About {
        let (label, assigned_to) = (Some(self.name.clone()), self.assigned_to);
        let contact = self.contact.as_ref().map(|contact| contact.id);
        let company = self.company.as_ref().map(|company| company.id);
        let about = About { label, assigned_to, contact, company, ..About::default() };
        if self.amount_minor.is_zero() { about } else { about.worth(self.amount_minor, self.currency) }
    }

    /// At another stage, with that one's probability; won and lost on this day, or open again. At the same stage only the
    /// reason may be another.
    pub fn moved(&self, (pipeline, stage): (PipelineId, &Stage), lost_reason: Option<String>, hand: Hand) -> Self {
        if self.stage == stage.id {
            return Self { pipeline, lost_reason, ..self.clone() };
        }
        let mut history = self.history.clone();
        history.push(Step { stage: stage.id, name: stage.name.clone(), at: hand.at, by: hand.by });
        history.drain(..history.len().saturating_sub(HISTORY_MAX));
        let stays_closed = self.outcome == stage.outcome && self.closed_on.is_some();
        Self {
            pipeline,
            stage: stage.id,
            outcome: stage.outcome,
            probability: stage.probability,
            closed_on: if stays_closed { self.closed_on } else { closed_on(stage, hand) },
            lost_reason,
            moved_at: hand.at,
            history,
            ..self.clone()
        }
    }

    /// Given to somebody else.
    pub fn given_to(&self, assigned_to: Option<UserId>) -> Self {
        Self { assigned_to, ..self.clone() }
    }

    /// With the name of its company or contact as it is now; without it for none, where there is nobody any more.
    pub fn naming(&self, record: Record, name: Option<&str>) -> Self {
        let mut changed = self.clone();
        if name.is_none() && self.contact.as_ref().is_some_and(|contact| Record::Contact(contact.id) == record) {
            changed.lead = None;
        }
        match record {
            Record::Company(id) => rename(&mut changed.company, id, name),
            Record::Contact(id) => rename(&mut changed.contact, id, name),
            Record::Opportunity(_) => {}
        }
        changed
    }

    /// With another company or contact, called `name`, in the place of one; none where it is with a third one.
    pub fn with_other(&self, from: Record, to: Record, name: &str) -> Option<Self> {
        let mut moved = self.clone();
        match (from, to) {
            (Record::Company(from), Record::Company(to)) => repoint(&mut moved.company, from, to, name),
            (Record::Contact(from), Record::Contact(to)) => repoint(&mut moved.contact, from, to, name),
            _ => {}
        }
        (moved != *self).then_some(moved)
    }

    /// Amount × probability, in hundredths of the minor unit; of what is open only.
    pub fn weighted(&self) -> i64 {
        if self.outcome == Outcome::Open { self.amount_minor.0 * i64::from(self.probability) } else { 0 }
    }

    pub fn card(&self, version: u64) -> OpportunityCard {
        OpportunityCard {
            id: self.id,
            seen: version,
            name: self.name.clone(),
            company: self.company.clone(),
            contact: self.contact.clone(),
            pipeline: self.pipeline,
            stage: self.stage,
            outcome: self.outcome,
            amount_minor: self.amount_minor,
            currency: self.currency,
            probability: self.probability,
            expected_on: self.expected_on,
            priority: self.priority,
            source: self.source.clone(),
            next_step: self.next_step.clone(),
            assigned_to: self.assigned_to,
            tags: self.tags.clone(),
            moved_at: self.moved_at,
        }
    }

    /// Its lines on its company and its contact.
    pub fn links(&self) -> Vec<OpportunityLink> {
        let company = self.company.as_ref().map(|company| Record::Company(company.id));
        let contact = self.contact.as_ref().map(|contact| Record::Contact(contact.id));
        let link = |of| OpportunityLink {
            of,
            opportunity: self.id,
            name: self.name.clone(),
            stage: self.stage,
            outcome: self.outcome,
            amount_minor: self.amount_minor,
            currency: self.currency,
            expected_on: self.expected_on,
            assigned_to: self.assigned_to,
        };
        company.into_iter().chain(contact).map(link).collect()
    }
}

impl OpportunityCard {
    /// Whether the day by which it was hoped to be won is over.
    pub fn is_late(&self, today: Date) -> bool {
        self.outcome == Outcome::Open && self.expected_on.is_some_and(|on| on < today)
    }
}

/// An amount of a sum in hundredths of the minor unit, rounded half away from zero.
pub const fn of_hundredths(sum: i64) -> Minor {
    let half = if sum < 0 { -50 } else { 50 };
    Minor(sum.saturating_add(half) / 100)
}

fn rename<T: PartialEq>(named: &mut Option<Named<T>>, id: T, name: Option<&str>) {
    if let Some(known) = named.as_mut().filter(|known| known.id == id) {
        match name {
            Some(name) => known.name = name.into(),
            None => *named = None,
        }
    }
}

fn repoint<T: PartialEq>(named: &mut Option<Named<T>>, from: T, to: T, name: &str) {
    if let Some(known) = named.as_mut().filter(|known| known.id == from) {
        *known = Named { id: to, name: name.into() };
    }
}

/// What a stage makes of a typed probability.
fn chance(stage: &Stage, typed: Option<u8>) -> u8 {
    match stage.outcome {
        Outcome::Open => typed.unwrap_or(stage.probability),
        Outcome::Won | Outcome::Lost => stage.probability,
    }
}

fn closed_on(stage: &Stage, hand: Hand) -> Option<Date> {
    (stage.outcome != Outcome::Open).then_some(hand.today)
}

fn reason(stage: &Stage, text: &str) -> Result<Option<String>, Rule> {
    match stage.outcome {
        Outcome::Lost => legal::required(text, REASON_MAX).map(Some),
        Outcome::Open | Outcome::Won => Ok(None),
    }
}

fn one_line(name: String) -> Result<String, Rule> {
    if name.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(name) }
}

/// The company or the contact that an input names.
pub fn id_of<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Rule> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Rule::NotAnId),
    }
}

/// An amount of money that is not negative.
fn amount(text: &str, currency: Currency) -> Result<Minor, Rule> {
    let most = Decimal::from(AMOUNT_MAX);
    let amount = legal::decimal(text, currency.scale(), Decimal::ZERO, most)?;
    Minor::round(amount, currency).map_err(|_| Rule::OutOfRange { min: "0".into(), max: most.to_string() })
}

fn probability(text: &str) -> Result<Option<u8>, Rule> {
    let whole = text.trim().trim_end_matches('%').trim();
    if whole.is_empty() {
        return Ok(None);
    }
    let number = legal::decimal(whole, 0, Decimal::ZERO, Decimal::ONE_HUNDRED)?;
    u8::try_from(number.trunc().mantissa()).map(Some).map_err(|_| Rule::NotANumber)
}

/// What an input names must be there, and for these eyes.
pub fn unknown(field: &str) -> Error {
    Error::field(field, Rule::NotFound)
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn settings() -> Settings {
        Settings::default()
    }

    fn stage(number: u128) -> Stage {
        settings().stage(StageId::from_ulid(Ulid(number))).map(|(_, stage)| stage.clone()).unwrap()
    }

    fn hand(day: i8) -> Hand {
        let today = jiff::civil::date(2026, 11, day);
        let at = today.at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        Hand { at, today, by: Some(UserId::from_ulid(Ulid(4))) }
    }

    fn input() -> OpportunityInput {
        OpportunityInput {
            name: "Rénovation du fournil".into(),
            company_id: CompanyId::from_ulid(Ulid(2)).to_string(),
            amount: "12 000,50".into(),
            ..OpportunityInput::default()
        }
    }

    fn begun(input: &OpportunityInput) -> Opportunity {
        let new = input.parse(&settings(), Currency::Eur, None).unwrap();
        let company = new.company.map(|id| Named { id, name: "Boulangerie Dupré".into() });
        new.begun(OpportunityId::from_ulid(Ulid(1)), company, None, None, hand(2))
    }

    #[test]
    fn a_new_one_begins_at_the_first_stage_with_its_probability() {
        let new = begun(&input());
        assert_eq!((new.stage, new.outcome), (stage(1).id, Outcome::Open));
        assert_eq!((new.probability, new.amount_minor), (10, Minor(1_200_050)));
        assert_eq!(new.weighted(), 12_000_500);
        assert_eq!(of_hundredths(new.weighted()), Minor(120_005));
        assert_eq!(new.history.len(), 1);
        let typed = begun(&OpportunityInput { probability: "35 %".into(), ..input() });
        assert_eq!(typed.probability, 35);
        let won = OpportunityInput { stage_id: stage(5).id.to_string(), probability: "35".into(), ..input() };
        let won = begun(&won);
        assert_eq!((won.probability, won.closed_on, won.weighted()), (100, Some(hand(2).today), 0));
    }

    #[test]
    fn every_wrong_field_is_told() {
        let pointers = |input: &OpportunityInput| match input.parse(&settings(), Currency::Eur, None) {
            Ok(_) => Vec::new(),
            Err(wrong) => wrong.iter().map(|wrong| wrong.pointer.clone()).collect(),
        };
        assert_eq!(pointers(&OpportunityInput::default()), ["/name", "/company_id"]);
        let wrong = OpportunityInput {
            amount: "-1".into(),
            probability: "101".into(),
            expected_on: "demain".into(),
            priority: "urgent".into(),
            contact_id: "com_1".into(),
            stage_id: "stg_00000000000000000000000099".into(),
            ..input()
        };
        let expected = ["/contact_id", "/stage_id", "/amount", "/probability", "/expected_on", "/priority"];
        assert_eq!(pointers(&wrong), expected);
        let lost = OpportunityInput { stage_id: stage(6).id.to_string(), ..input() };
        assert_eq!(pointers(&lost), ["/lost_reason"]);
        assert!(pointers(&OpportunityInput { lost_reason: "Trop cher.".into(), ..lost }).is_empty());
        let elsewhere = PipelineId::from_ulid(Ulid(9)).to_string();
        assert_eq!(pointers(&OpportunityInput { pipeline_id: elsewhere, ..input() }), ["/pipeline_id"]);
        let kept = begun(&OpportunityInput { lost_reason: "Trop cher.".into(), ..input() });
        assert_eq!(kept.lost_reason, None, "only of what is lost");
    }

    #[test]
    fn a_move_takes_the_probability_and_closes_and_opens_again() {
        let pipeline = settings().pipelines[0].id;
        let new = begun(&OpportunityInput { probability: "35".into(), ..input() });
        let later = new.moved((pipeline, &stage(3)), None, hand(3));
        assert_eq!((later.probability, later.closed_on, later.moved_at), (50, None, hand(3).at));
        let lost = later.moved((pipeline, &stage(6)), Some("Trop cher.".into()), hand(4));
        assert_eq!((lost.outcome, lost.probability, lost.closed_on), (Outcome::Lost, 0, Some(hand(4).today)));
        assert_eq!(lost.moved((pipeline, &stage(6)), lost.lost_reason.clone(), hand(5)), lost, "it is there already");
        let again = lost.moved((pipeline, &stage(1)), None, hand(6));
        assert_eq!((again.closed_on, again.lost_reason.clone(), again.outcome), (None, None, Outcome::Open));
        assert_eq!(
            again.history.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(),
            ["À qualifier", "Devis envoyé", "Perdue", "À qualifier"]
        );
        let mut often = again;
        for at in 0..60 {
            often = often.moved((pipeline, &stage(1 + at % 4)), None, hand(7));
        }
        assert_eq!(often.history.len(), HISTORY_MAX);
    }

    #[test]
    fn what_is_read_can_be_written_again() {
        let before = begun(&OpportunityInput { probability: "35".into(), ..input() });
        let again = OpportunityInput::of(&before).parse(&settings(), Currency::Xof, Some(&before)).unwrap();
        let (company, contact) = (before.company.clone(), before.contact.clone());
        assert_eq!(again.upon(&before, company, contact, before.assigned_to, hand(9)), before);
    }

    #[test]
    fn names_follow_and_go() {
        let before = begun(&input());
        let company = Record::Company(CompanyId::from_ulid(Ulid(2)));
        let renamed = before.naming(company, Some("Fournil Dupré"));
        assert_eq!(renamed.company.map(|company| company.name).as_deref(), Some("Fournil Dupré"));
        assert_eq!(before.naming(Record::Company(CompanyId::from_ulid(Ulid(3))), None), before);
        assert_eq!(before.naming(company, None).company, None);
        assert_eq!(before.links().len(), 1);
        assert!(before.naming(company, None).links().is_empty());
    }

    #[test]
    fn what_was_said_stays_with_its_contact_and_goes_with_them() {
        let named = |id, name: &str| Named { id: ContactId::from_ulid(Ulid(id)), name: name.into() };
        let said = LeadSaid { message: Some("Appelez Zoé.".into()), ..LeadSaid::default() };
        let before = Opportunity { contact: Some(named(6, "Zoé")), lead: Some(said.clone()), ..begun(&input()) };
        let edited = |contact| {
            let new = OpportunityInput::of(&before).parse(&settings(), Currency::Eur, Some(&before)).unwrap();
            new.upon(&before, before.company.clone(), contact, None, hand(9)).lead
        };
        assert_eq!(edited(Some(named(6, "Zoé Durand"))), Some(said.clone()));
        assert_eq!((edited(Some(named(7, "Ana"))), edited(None)), (None, None));
        let contact = Record::Contact(ContactId::from_ulid(Ulid(6)));
        assert_eq!(before.naming(contact, Some("Zoé Durand")).lead, Some(said));
        assert_eq!(before.naming(contact, None).lead, None);
        assert_eq!(before.about().company, Some(CompanyId::from_ulid(Ulid(2))));
    }

    #[test]
    fn hundredths_are_rounded_half_away_from_zero() {
        assert_eq!([149, 150, -149, -150].map(|sum| of_hundredths(sum).0), [1, 2, -1, -2]);
    }
}
