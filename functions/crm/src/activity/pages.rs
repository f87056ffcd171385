//! `/crm/activites`

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use kernel::{Error, Permission, Result, id::ActivityId, page::PageRequest, text};
use serde::Deserialize;
use table::{Items, Order, meter::side_by_side};
use web::{
    Asker, Colleagues, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{
    Activity, ActivityInput, Kind, MoveInput, Shown,
    api::{ActivityQuery, read},
    model::{About, REMINDERS},
    records::{self, Records},
    view::{ActivityRow, Around, kinds, members},
};
use crate::{company::CompanyCard, contact::Contact, record::Record};

pub const PATH: &str = "/crm/activites";

/// How many companies and contacts the form offers: those that one query reads.
const OFFERED_MAX: u16 = 1_000;

#[derive(Template)]
#[template(path = "activities.html")]
struct ActivitiesPage {
    shell: Shell,
    query: ActivityQuery,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    members: Vec<Choice>,
    activities: Vec<ActivityRow>,
    is_narrowed: bool,
    errors: FieldErrors,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    shell: Shell,
    form_key: String,
    activity: ActivityRow,
    version: u64,
    on: String,
    time: String,
    remind: String,
    created_on: String,
    shows_assignee: bool,
    errors: FieldErrors,
    can_edit: bool,
    can_delete: bool,
}

#[derive(Template)]
#[template(path = "activity_form.html")]
struct ActivityForm {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new activity.
    version: Option<u64>,
    form: ActivityInput,
    errors: FieldErrors,
    kinds: Vec<Choice>,
    companies: Vec<Choice>,
    contacts: Vec<Choice>,
    /// The one that it is about, and that it is about none; nothing to choose where there never was one.
    opportunities: Vec<Choice>,
    reminders: Vec<Choice>,
    /// None to choose from for who sees only their own.
    assignees: Vec<Choice>,
    states: Vec<Choice>,
}

/// What a form offers.
struct Offered {
    companies: Vec<(String, String)>,
    contacts: Vec<(String, String)>,
    colleagues: Colleagues,
}

impl Offered {
    async fn of(asker: &Asker) -> Result<Self> {
        let (scope, keys, all) = (&asker.scope, asker.scope.keys(), PageRequest { limit: OFFERED_MAX, cursor: None });
        let (companies, contacts) = (keys.added_companies().of(asker.only()), keys.contacts("").of(asker.only()));
        let records = side_by_side(
            scope.list::<CompanyCard>(&companies, &all, Order::Descending),
            scope.list::<Contact>(&contacts, &all, Order::Ascending),
        );
        let ((companies, contacts), colleagues) = side_by_side(records, Colleagues::of(asker)).await;
        let companies = companies?.items.into_iter().map(|card| (card.id.to_string(), card.value.name));
        let mut companies: Vec<_> = companies.collect();
        companies.sort_by_cached_key(|(_, name)| text::sorted(name));
        let named = |contact: &Contact| match &contact.company {
            Some(company) => format!("{} ({})", contact.person.name(), company.name),
            None => contact.person.name(),
        };
        let contacts = contacts?.items.into_iter().map(|contact| (contact.id.to_string(), named(&contact))).collect();
        Ok(Self { companies, contacts, colleagues: colleagues? })
    }
}

/// As [`choices`], with what is chosen already although it is not among the rest.
fn with(offered: &[(String, String)], known: Option<(String, String)>, chosen: &str) -> Vec<Choice> {
    let known = known.filter(|(id, _)| offered.iter().all(|(other, _)| other != id));
    choices(known.into_iter().chain(offered.iter().cloned()), chosen)
}

impl ActivityForm {
    /// `current` is the one to change; none for a new one. `named` are records that the form is about.
    fn new(
        asker: &Asker,
        current: Option<(ActivityId, u64)>,
        form: ActivityInput,
        offered: &Offered,
        named: &Known,
    ) -> Self {
        let title = if current.is_some() { "Modifier l’activité" } else { "Nouvelle activité" };
        let id = current.map(|(id, _)| id);
        let opportunity = named.opportunity.clone();
        Self {
            shell: Shell::new(asker, "crm", title),
            form_key: asker.form_key(),
            action: id.map_or_else(|| format!("{PATH}/nouvelle"), |id| format!("{PATH}/{id}/modifier")),
            cancel_href: id.map_or_else(|| PATH.into(), |id| format!("{PATH}/{id}")),
            version: current.map(|(_, version)| version),
            errors: FieldErrors::default(),
            kinds: choices(Kind::ALL.map(|kind| (kind.name(), kind.french())), &form.kind),
            companies: with(&offered.companies, named.company.clone(), &form.company_id),
            contacts: with(&offered.contacts, named.contact.clone(), &form.contact_id),
            opportunities: match opportunity {
                Some(known) => choices([(String::new(), "Aucune".into()), known], &form.opportunity_id),
                None => Vec::new(),
            },
            reminders: reminders(&form.remind),
            assignees: offered.colleagues.choices(&form.assigned_to, Permission::CrmView),
            states: choices([("planned", "À faire"), ("completed", "Déjà faite")], &form.status),
            form,
        }
    }
}

/// What is offered, and what was typed although it is not.
fn reminders(chosen: &str) -> Vec<Choice> {
    let other = REMINDERS.iter().all(|(minutes, _)| *minutes != chosen);
    let typed = other.then(|| (chosen.to_owned(), format!("{chosen} minutes avant")));
    choices(REMINDERS.iter().map(|(minutes, label)| ((*minutes).to_owned(), (*label).to_owned())).chain(typed), chosen)
}

/// Records by id and name that a form is about, whether or not they are among those that it offers.
#[derive(Default)]
struct Known {
    company: Option<(String, String)>,
    contact: Option<(String, String)>,
    opportunity: Option<(String, String)>,
}

impl Known {
    fn of(activity: &Activity) -> Self {
        Self {
            company: activity.company.as_ref().map(|named| (named.id.to_string(), named.name.clone())),
            contact: activity.contact.as_ref().map(|named| (named.id.to_string(), named.name.clone())),
            opportunity: activity.opportunity.as_ref().map(|named| (named.id.to_string(), named.name.clone())),
        }
    }

    /// Those that who asks may see; what is not there is not offered.
    fn read(asker: &Asker, found: &Items, about: About) -> Result<Self> {
        let records = Records::of(found)?;
        let seen = |record: Record| {
            let of = match record {
                Record::Company(id) => About { company: Some(id), ..About::default() },
                Record::Contact(id) => About { contact: Some(id), ..About::default() },
                Record::Opportunity(id) => About { opportunity: Some(id), ..About::default() },
            };
            records.named(asker, of, None).ok()
        };
        let pair = |id: String, name: String| (id, name);
        let mut known = Self::default();
        for named in about.records().filter_map(seen) {
            known.company = named.company.map(|one| pair(one.id.to_string(), one.name)).or(known.company);
            known.contact = named.contact.map(|one| pair(one.id.to_string(), one.name)).or(known.contact);
            known.opportunity = named.opportunity.map(|one| pair(one.id.to_string(), one.name)).or(known.opportunity);
        }
        Ok(known)
    }
}

/// The form again, with what is wrong.
async fn refused(asker: &Asker, current: Option<ActivityId>, form: Form<ActivityInput>, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let about = form.input.named();
    let keys = records::keys(asker.scope.keys(), about);
    let (found, offered) = side_by_side(asker.scope.get_many(&keys), Offered::of(asker)).await;
    let known = Known::read(asker, &found?, about)?;
    let current = current.map(|id| (id, form.version.unwrap_or_default()));
    let page = ActivityForm::new(asker, current, form.input, &offered?, &known);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ActivityForm { errors, ..page })
}

pub async fn list_activities(asker: Asker, Pagination(wanted): Pagination, RawQuery(asked): RawQuery) -> PageResult {
    let query: ActivityQuery = read(asked)?;
    let filter = query.filter(&asker)?;
    let (found, around) = side_by_side(super::list_activities(&asker, &filter, &wanted), Around::of(&asker)).await;
    let (found, around) = (found?, around?);
    let now = asker.scope.now().to_zoned(asker.organization.zone());
    let states = Shown::ALL.map(|shown| (shown.name(), shown.french()));
    page(&ActivitiesPage {
        shell: Shell::new(&asker, "crm", "Activités"),
        kinds: kinds(filter.kind),
        states: choices([("", "Tous les états")].into_iter().chain(states), &query.status),
        members: members(&asker, &around.colleagues, filter.of),
        activities: found.items.iter().map(|activity| ActivityRow::of(&around, activity, None, &now)).collect(),
        errors: FieldErrors::default(),
        is_narrowed: !query.link("", None).is_empty(),
        next: found.next_cursor.map(|cursor| query.link(PATH, Some(&cursor))),
        first: wanted.cursor.as_ref().map(|_| query.link(PATH, None)),
        can_create: asker.may(Permission::CrmCreate),
        query,
    })
}

impl ActivityQuery {
    /// The same list, from the beginning or from where a page ended.
    fn link(&self, path: &str, cursor: Option<&str>) -> String {
        let fields = [
            ("type", self.kind.as_str()),
            ("status", &self.status),
            ("assigned_to", &self.assigned_to),
            ("from", &self.from),
            ("to", &self.to),
            ("record", &self.record),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(path, &fields)
    }
}

pub async fn show_activity(asker: Asker, Id(id): Id<ActivityId>) -> PageResult {
    let (activity, around) = side_by_side(super::show_activity(&asker, id), Around::of(&asker)).await;
    let (activity, around) = (activity?, around?);
    let now = asker.scope.now().to_zoned(asker.organization.zone());
    let remind = activity.remind.map(|minutes| minutes.to_string()).unwrap_or_default();
    page(&ActivityPage {
        shell: Shell::new(&asker, "crm", activity.subject.clone()),
        form_key: asker.form_key(),
        activity: ActivityRow::of(&around, &activity, None, &now),
        version: activity.version,
        on: activity.starts.on.to_string(),
        time: activity.starts.time(),
        remind: reminders(&remind)
            .into_iter()
            .find(|(minutes, ..)| *minutes == remind && !minutes.is_empty())
            .map(|(_, label, _)| label)
            .unwrap_or_default(),
        created_on: asker.organization.date(asker.organization.day(activity.created_at)),
        shows_assignee: asker.sees_all(),
        errors: FieldErrors::default(),
        can_edit: asker.may(Permission::CrmEdit),
        can_delete: asker.may(Permission::CrmDelete),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    /// The record that it is about.
    pour: String,
    le: String,
    heure: String,
    #[serde(rename = "type")]
    kind: String,
}

/// As a record's page, or a free place of the calendar, prepares it.
pub async fn new_activity(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let query: NewQuery = read(query)?;
    let input = ActivityInput {
        kind: if query.kind.is_empty() { Kind::Meeting.name().into() } else { query.kind },
        on: if query.le.is_empty() { asker.today().to_string() } else { query.le },
        time: query.heure,
        status: "planned".into(),
        assigned_to: asker.assigned(None)?.map(|user| user.to_string()).unwrap_or_default(),
        ..ActivityInput::default()
    };
    let record = query.pour.parse::<Record>().ok();
    let mut form = match record {
        Some(record) => input.about(record),
        None => input,
    };
    let about = form.named();
    let keys = records::keys(asker.scope.keys(), about);
    let (found, offered) = side_by_side(asker.scope.get_many(&keys), Offered::of(&asker)).await;
    let known = Known::read(&asker, &found?, about)?;
    if known.company.is_none() {
        form.company_id.clear();
    }
    if known.contact.is_none() {
        form.contact_id.clear();
    }
    if known.opportunity.is_none() {
        form.opportunity_id.clear();
    }
    let shown = ActivityForm::new(&asker, None, form, &offered?, &known);
    let cancel_href = record.map_or_else(|| PATH.into(), Record::path);
    page(&ActivityForm { cancel_href, ..shown })
}

pub async fn create_activity(asker: Asker, form: Form<ActivityInput>) -> PageResult {
    match super::create_activity(&asker, &form.input).await {
        Ok(activity) => saved(&asker, activity.id, "L’activité est ajoutée."),
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn activity_form(asker: Asker, Id(id): Id<ActivityId>) -> PageResult {
    let (activity, offered) = side_by_side(super::show_activity(&asker, id), Offered::of(&asker)).await;
    let activity = activity?;
    let (form, known) = (ActivityInput::of(&activity), Known::of(&activity));
    page(&ActivityForm::new(&asker, Some((id, activity.version)), form, &offered?, &known))
}

pub async fn edit_activity(asker: Asker, Id(id): Id<ActivityId>, form: Form<ActivityInput>) -> PageResult {
    match super::edit_activity(&asker, id, &form.input, form.version).await {
        Ok(_) => saved(&asker, id, "L’activité est enregistrée."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

pub async fn complete_activity(asker: Asker, Id(id): Id<ActivityId>) -> PageResult {
    super::complete_activity(&asker, id).await?;
    saved(&asker, id, "L’activité est terminée.")
}

pub async fn cancel_activity(asker: Asker, Id(id): Id<ActivityId>) -> PageResult {
    super::cancel_activity(&asker, id).await?;
    saved(&asker, id, "L’activité est annulée.")
}

pub async fn reopen_activity(asker: Asker, Id(id): Id<ActivityId>) -> PageResult {
    super::reopen_activity(&asker, id).await?;
    saved(&asker, id, "L’activité est de nouveau prévue.")
}

pub async fn reschedule_activity(asker: Asker, Id(id): Id<ActivityId>, form: Form<MoveInput>) -> PageResult {
    // An emptied field means the whole day here: the form shows the time that it has.
    let time = if form.input.time.trim().is_empty() { "none".into() } else { form.input.time };
    let input = MoveInput { on: form.input.on, time };
    let (activity, _) = super::reschedule_activity(&asker, id, &input, form.version).await?;
    saved(&asker, id, &format!("L’activité est déplacée au {}.", super::view::when(activity.starts)))
}

pub async fn delete_activity(asker: Asker, Id(id): Id<ActivityId>, form: Form<Nothing>) -> PageResult {
    super::delete_activity(&asker, id, form.version).await?;
    asker.done(PATH, "L’activité est supprimée.")
}

/// A form that says nothing but what it was seen in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

fn saved(asker: &Asker, id: ActivityId, message: &str) -> PageResult {
    asker.done(&format!("{PATH}/{id}"), message)
}
