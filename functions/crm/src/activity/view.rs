//! An activity as pages show it, and what they read beside it.

use std::collections::BTreeSet;

use jiff::Zoned;
use kernel::{
    Permission, Result,
    id::{ActivityId, UserId},
    page::PageRequest,
    text,
};
use table::{Order, meter::side_by_side};
use ulid::Ulid;
use web::{Asker, Assignee, Colleagues, form::Choice};

use super::{Activity, Kind, Start, Status};
use crate::{company::CompanyCard, contact::Contact, opportunity::Opportunity, record::Record};

/// More than anybody takes care of.
const OWN_MAX: u16 = 1_000;

/// Somebody's records: those to which a page leads.
pub struct Around {
    pub colleagues: Colleagues,
    /// None where all are.
    own: Option<BTreeSet<Ulid>>,
}

impl Around {
    /// One reading, of a few at once.
    pub async fn of(asker: &Asker) -> Result<Self> {
        if asker.sees_all() {
            return Ok(Self { colleagues: Colleagues::of(asker).await?, own: None });
        }
        let (scope, keys, all) = (&asker.scope, asker.scope.keys(), PageRequest { limit: OWN_MAX, cursor: None });
        let (companies, contacts) = (keys.added_companies().of(asker.only()), keys.contacts("").of(asker.only()));
        let deals = keys.opportunities("").of(asker.only());
        let people = side_by_side(
            scope.list::<CompanyCard>(&companies, &all, Order::Descending),
            scope.list::<Contact>(&contacts, &all, Order::Ascending),
        );
        let deals = scope.list::<Opportunity>(&deals, &all, Order::Ascending);
        let ((companies, contacts), deals) = side_by_side(people, deals).await;
        let companies = companies?.items.into_iter().map(|card| card.id.ulid());
        let contacts = contacts?.items.into_iter().map(|contact| contact.id.ulid());
        let deals = deals?.items.into_iter().map(|deal| deal.id.ulid());
        let own = companies.chain(contacts).chain(deals).collect();
        Ok(Self { colleagues: Colleagues::of(asker).await?, own: Some(own) })
    }

    fn link(&self, record: Record, name: &str) -> RecordLink {
        let leads = self.own.as_ref().is_none_or(|own| own.contains(&record.ulid()));
        RecordLink { href: leads.then(|| record.path()), name: name.into() }
    }

    fn links(&self, activity: &Activity, but: Option<Record>) -> Vec<RecordLink> {
        let contact = activity.contact.as_ref().map(|named| (Record::Contact(named.id), &named.name));
        let company = activity.company.as_ref().map(|named| (Record::Company(named.id), &named.name));
        let deal = activity.opportunity.as_ref().map(|named| (Record::Opportunity(named.id), &named.name));
        let records = contact.into_iter().chain(company).chain(deal).filter(|(record, _)| Some(*record) != but);
        records.map(|(record, name)| self.link(record, name)).collect()
    }
}

/// A record that an activity is about; linked for who may see it.
pub struct RecordLink {
    pub href: Option<String>,
    pub name: String,
}

pub struct Badge {
    pub kind: &'static str,
    pub label: &'static str,
}

/// An activity in a list or on its page.
pub struct ActivityRow {
    pub id: ActivityId,
    pub kind: &'static str,
    pub color: &'static str,
    pub icon: &'static str,
    pub subject: String,
    pub description: String,
    pub place: String,
    /// `lundi 30 novembre 2026 à 10:30`
    pub when: String,
    pub duration: String,
    pub status: Badge,
    pub records: Vec<RecordLink>,
    pub assignee: Option<Assignee>,
    pub is_planned: bool,
    pub is_completed: bool,
    pub is_overdue: bool,
}

impl ActivityRow {
    /// `but`: the record on whose page it stands.
    pub fn of(around: &Around, activity: &Activity, but: Option<Record>, now: &Zoned) -> Self {
        let is_overdue = activity.is_overdue(now);
        Self {
            id: activity.id,
            kind: activity.kind.french(),
            color: activity.kind.color().name(),
            icon: icon(activity.kind),
            subject: activity.subject.clone(),
            description: activity.description.clone().unwrap_or_default(),
            place: activity.place.clone().unwrap_or_default(),
            when: when(activity.starts),
            duration: activity.minutes.map(|minutes| text::french_duration(minutes.into())).unwrap_or_default(),
            status: badge(activity.status, is_overdue),
            records: around.links(activity, but),
            assignee: around.colleagues.assignee(activity.assigned_to),
            is_planned: activity.status == Status::Planned,
            is_completed: activity.status == Status::Completed,
            is_overdue,
        }
    }
}

const fn badge(status: Status, is_overdue: bool) -> Badge {
    match (status, is_overdue) {
        (Status::Planned, true) => Badge { kind: "warning", label: "En retard" },
        (Status::Planned, false) => Badge { kind: "info", label: "Prévue" },
        (Status::Completed, _) => Badge { kind: "success", label: "Terminée" },
        (Status::Cancelled, _) => Badge { kind: "neutral", label: "Annulée" },
    }
}

/// In words.
pub fn when(starts: Start) -> String {
    let day = text::french_day(starts.on);
    match starts.time() {
        time if time.is_empty() => day,
        time => format!("{day} à {time}"),
    }
}

pub const fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Call => "phone",
        Kind::Email => "mail",
        Kind::Meeting => "people",
        Kind::Note => "quote",
        Kind::Task => "check",
        Kind::Demo => "view",
        Kind::Proposal => "euro",
        Kind::Other => "more",
    }
}

/// The members over a list or a calendar, one of them chosen or all; nobody to choose for who sees only their own.
pub fn members(asker: &Asker, colleagues: &Colleagues, of: Option<UserId>) -> Vec<Choice> {
    if !asker.sees_all() {
        return Vec::new();
    }
    let typed = of.map(|user| user.to_string()).unwrap_or_default();
    let named = colleagues.choices(&typed, Permission::CrmView).into_iter().filter(|(id, ..)| !id.is_empty());
    [(String::new(), "Toute l’équipe".to_owned(), of.is_none())].into_iter().chain(named).collect()
}

/// The types over a list or a calendar.
pub fn kinds(chosen: Option<Kind>) -> Vec<Choice> {
    let all = (String::new(), "Tous les types".to_owned(), chosen.is_none());
    let named = Kind::ALL.map(|kind| (kind.name().to_owned(), kind.french().to_owned(), Some(kind) == chosen));
    [all].into_iter().chain(named).collect()
}
