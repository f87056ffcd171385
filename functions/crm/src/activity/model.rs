//! What an activity is, and what is accepted of it. Pure.

use jiff::{
    SignedDuration, Timestamp, Zoned,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kernel::{
    Color, Error, Rule, Violations,
    error::Conflict,
    id::{ActivityId, CompanyId, ContactId, NotAnId, OpportunityId, UserId},
    legal,
};
use serde::{Deserialize, Serialize};

use crate::{opportunity::Named, record::Record};

const SUBJECT_MAX: usize = 200;
const DESCRIPTION_MAX: usize = 5_000;
const PLACE_MAX: usize = 200;
/// No activity is longer than a day.
const MINUTES_MAX: u16 = 24 * 60;
/// Nobody is reminded earlier than four weeks before.
const REMIND_MAX: u16 = 28 * 24 * 60;
/// When a day begins for who is to be reminded of what has no time.
const DAY_BEGINS: Time = Time::constant(9, 0, 0, 0);

/// What a form offers for a reminder: minutes before the beginning.
pub const REMINDERS: [(&str, &str); 9] = [
    ("", "Aucun"),
    ("0", "À l’heure prévue"),
    ("10", "10 minutes avant"),
    ("30", "30 minutes avant"),
    ("60", "1 heure avant"),
    ("120", "2 heures avant"),
    ("1440", "1 jour avant"),
    ("2880", "2 jours avant"),
    ("10080", "1 semaine avant"),
];

/// All fields as a person types them; an empty text is "none". The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActivityInput {
    /// `call`, `email`, `meeting`, `note`, `task`, `demo`, `proposal` or `other`.
    #[serde(rename = "type")]
    pub kind: String,
    pub subject: String,
    pub description: String,
    /// `com_…`. At least one of company, contact and opportunity is named.
    pub company_id: String,
    /// `con_…`
    pub contact_id: String,
    /// `opp_…`
    pub opportunity_id: String,
    /// The day on which it begins, `2026-11-30`. A note, a call or an e-mail without one is of today: done now, unless a time
    /// is named.
    pub on: String,
    /// When it begins on that day, in the organization's time zone: `14:30`; empty for the whole day.
    pub time: String,
    /// How long it takes, 1 to 1440.
    pub minutes: String,
    pub place: String,
    /// `usr_…`, who does it. Where empty: of a new one who creates it, of a changed one as before.
    pub assigned_to: String,
    /// How many minutes before its beginning its member is reminded, 0 to 40320; empty for never. What has no time begins
    /// at 9:00 for that.
    pub remind: String,
    /// `planned` or `completed`. Where empty: of a new one what follows from type and day, of a changed one as before.
    pub status: String,
}

/// Where an activity is moved to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ActivityMoveInput)]
pub struct MoveInput {
    pub on: String,
    /// `14:30`, `none` for the whole day, or empty for the time that it has.
    pub time: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    pub id: ActivityId,
    pub kind: Kind,
    pub status: Status,
    pub subject: String,
    pub description: Option<String>,
    pub company: Option<Named<CompanyId>>,
    pub contact: Option<Named<ContactId>>,
    pub opportunity: Option<Named<OpportunityId>>,
    pub starts: Start,
    pub minutes: Option<u16>,
    pub place: Option<String>,
    pub assigned_to: Option<UserId>,
    /// Minutes before it begins.
    pub remind: Option<u16>,
    /// When its member is to be reminded; none once they were, and while there is nothing to remind of.
    pub remind_at: Option<Timestamp>,
    /// When it was completed or cancelled.
    pub closed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When what a calendar shows of it changed last.
    pub changed_at: Timestamp,
    /// How often that happened (RFC 5545, 3.8.7.4).
    pub sequence: u32,
}

/// An activity where one looks for it: among what is planned, or on a record that it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// None among what is planned.
    pub of: Option<Record>,
    #[serde(flatten)]
    pub activity: Activity,
}

/// When an activity begins, where the organization is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    #[serde(rename = "day")]
    pub on: Date,
    /// None for the whole day.
    #[serde(rename = "time")]
    pub at: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActivityKind)]
pub enum Kind {
    Call,
    Email,
    Meeting,
    Note,
    Task,
    Demo,
    Proposal,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ActivityStatus)]
pub enum Status {
    Planned,
    Completed,
    Cancelled,
}

/// What a list may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Planned,
    /// Planned, and its time is over.
    Overdue,
    Completed,
    Cancelled,
}

impl Kind {
    pub const ALL: [Self; 8] =
        [Self::Call, Self::Email, Self::Meeting, Self::Note, Self::Task, Self::Demo, Self::Proposal, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Email => "email",
            Self::Meeting => "meeting",
            Self::Note => "note",
            Self::Task => "task",
            Self::Demo => "demo",
            Self::Proposal => "proposal",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Call => "Appel",
            Self::Email => "E-mail",
            Self::Meeting => "Rendez-vous",
            Self::Note => "Note",
            Self::Task => "Tâche",
            Self::Demo => "Démonstration",
            Self::Proposal => "Proposition",
            Self::Other => "Autre",
        }
    }

    pub const fn color(self) -> Color {
        match self {
            Self::Call => Color::Blue,
            Self::Email => Color::Teal,
            Self::Meeting => Color::Violet,
            Self::Note => Color::Grey,
            Self::Task => Color::Orange,
            Self::Demo => Color::Pink,
            Self::Proposal => Color::Green,
            Self::Other => Color::Yellow,
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What is noted once it is done.
    const fn is_logged(self) -> bool {
        matches!(self, Self::Call | Self::Email | Self::Note)
    }
}

impl Status {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    fn typed(name: &str) -> Result<Option<Self>, Rule> {
        match name {
            "" => Ok(None),
            "planned" => Ok(Some(Self::Planned)),
            "completed" => Ok(Some(Self::Completed)),
            _ => Err(Rule::NotAChoice),
        }
    }
}

impl Shown {
    pub const ALL: [Self; 4] = [Self::Planned, Self::Overdue, Self::Completed, Self::Cancelled];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Overdue => "overdue",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Of several.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Planned => "Prévues",
            Self::Overdue => "En retard",
            Self::Completed => "Terminées",
            Self::Cancelled => "Annulées",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shown| shown.name() == name)
    }
}

impl Start {
    pub fn of(now: &Zoned) -> Self {
        let time = now.time();
        Self { on: now.date(), at: Time::new(time.hour(), time.minute(), 0, 0).ok() }
    }

    fn parse(on: &str, time: &str, wrong: &mut Violations) -> Option<Self> {
        let on = match on.trim() {
            "" => Err(Rule::Required),
            on => legal::date(on),
        };
        let (on, at) = (wrong.take("/on", on), wrong.take("/time", self::time(time)));
        Some(Self { on: on?, at: at? })
    }

    fn local(self) -> DateTime {
        self.on.to_datetime(self.at.unwrap_or(DAY_BEGINS))
    }

    /// When it begins. A time that a clock change leaves out is the one after it, one that comes twice the first.
    pub fn instant(self, zone: &TimeZone) -> Timestamp {
        zone.to_ambiguous_timestamp(self.local()).compatible().unwrap_or(Timestamp::MAX)
    }

    /// When it ends where the organization is, perhaps on another day; none for the whole day, or where nobody said how long
    /// it takes.
    pub fn end(self, minutes: Option<u16>) -> Option<DateTime> {
        let (at, minutes) = self.at.zip(minutes)?;
        Some(self.on.to_datetime(at).saturating_add(SignedDuration::from_mins(minutes.into())))
    }

    /// As lists are sorted by it: of a day what takes all of it comes first.
    pub fn key(self) -> String {
        format!("{}T{}", self.on, self.at.map(clock).unwrap_or_default())
    }

    /// As what is to be done is sorted by it: what has no time has until the end of its day.
    pub fn due_key(self) -> String {
        format!("{}T{}", self.on, self.at.map_or_else(|| "24:00".into(), clock))
    }

    /// `14:30`; empty for the whole day.
    pub fn time(self) -> String {
        self.at.map(clock).unwrap_or_default()
    }
}

/// `09:05`
fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A time of day as it is typed: `14:30`, `9:05`, `9h05`, `14h`. None where nothing is.
fn time(text: &str) -> Result<Option<Time>, Rule> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = |digits: &str| match digits.len() {
        1 | 2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().map_err(|_| Rule::NotATime),
        _ => Err(Rule::NotATime),
    };
    let (hour, minute) = text.split_once([':', 'h', 'H']).ok_or(Rule::NotATime)?;
    let minute = if minute.is_empty() && !text.ends_with(':') { "0" } else { minute };
    Time::new(number(hour.trim())?, number(minute.trim())?, 0, 0).map(Some).map_err(|_| Rule::NotATime)
}

fn minutes(text: &str, least: u16, most: u16) -> Result<Option<u16>, Rule> {
    match text.trim() {
        "" => Ok(None),
        digits => {
            let count = digits.parse::<u32>().map_err(|_| Rule::NotAWholeNumber)?;
            let count = u16::try_from(count).ok().filter(|count| (least..=most).contains(count));
            count.map(Some).ok_or_else(|| Rule::OutOfRange { min: least.to_string(), max: most.to_string() })
        }
    }
}

fn id<T: std::str::FromStr<Err = NotAnId>>(text: &str) -> Result<Option<T>, Rule> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Rule::NotAnId),
    }
}

/// The records that an input names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About {
    pub company: Option<CompanyId>,
    pub contact: Option<ContactId>,
    pub opportunity: Option<OpportunityId>,
}

impl About {
    pub fn records(self) -> impl Iterator<Item = Record> {
        let company = self.company.map(Record::Company);
        let contact = self.contact.map(Record::Contact);
        company.into_iter().chain(contact).chain(self.opportunity.map(Record::Opportunity))
    }
}

/// An input whose fields are right. Whether the records exist, and whether who is named can do it, the table knows.
#[derive(Debug, Clone, PartialEq)]
pub struct NewActivity {
    pub kind: Kind,
    /// None where nothing was said.
    status: Option<Status>,
    pub subject: String,
    pub description: Option<String>,
    pub about: About,
    pub starts: Start,
    pub minutes: Option<u16>,
    pub place: Option<String>,
    pub assigned_to: Option<UserId>,
    pub remind: Option<u16>,
}

/// The records by their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamedRecords {
    pub company: Option<Named<CompanyId>>,
    pub contact: Option<Named<ContactId>>,
    pub opportunity: Option<Named<OpportunityId>>,
}

impl ActivityInput {
    pub fn of(activity: &Activity) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = |value: Option<u16>| value.map(|number| number.to_string()).unwrap_or_default();
        Self {
            kind: activity.kind.name().into(),
            subject: activity.subject.clone(),
            description: text(&activity.description),
            company_id: activity.company.as_ref().map(|named| named.id.to_string()).unwrap_or_default(),
            contact_id: activity.contact.as_ref().map(|named| named.id.to_string()).unwrap_or_default(),
            opportunity_id: activity.opportunity.as_ref().map(|named| named.id.to_string()).unwrap_or_default(),
            on: activity.starts.on.to_string(),
            time: activity.starts.time(),
            minutes: number(activity.minutes),
            place: text(&activity.place),
            assigned_to: activity.assigned_to.map(|user| user.to_string()).unwrap_or_default(),
            remind: number(activity.remind),
            status: String::new(),
        }
    }

    /// The same, about a record.
    pub fn about(mut self, record: Record) -> Self {
        match record {
            Record::Company(id) => self.company_id = id.to_string(),
            Record::Contact(id) => self.contact_id = id.to_string(),
            Record::Opportunity(id) => self.opportunity_id = id.to_string(),
        }
        self
    }

    /// Which records it names, as far as they can be read.
    pub fn named(&self) -> About {
        About {
            company: id(&self.company_id).unwrap_or_default(),
            contact: id(&self.contact_id).unwrap_or_default(),
            opportunity: id(&self.opportunity_id).unwrap_or_default(),
        }
    }

    pub fn assignee(&self) -> Option<UserId> {
        id(&self.assigned_to).unwrap_or_default()
    }

    /// A new activity, or all that is wrong. `now` is where the organization is.
    pub fn parse(&self, now: &Zoned) -> Result<NewActivity, Violations> {
        self.parse_upon(now, None)
    }

    /// What an activity of this status becomes; the same otherwise.
    pub fn parse_change(&self, now: &Zoned, current: &Activity) -> Result<NewActivity, Violations> {
        self.parse_upon(now, Some(current.status))
    }

    fn parse_upon(&self, now: &Zoned, before: Option<Status>) -> Result<NewActivity, Violations> {
        let mut wrong = Violations::default();
        let kind = match self.kind.as_str() {
            "" => Err(Rule::Required),
            name => Kind::named(name).ok_or(Rule::NotAChoice),
        };
        let kind = wrong.take("/type", kind);
        let subject = wrong.take("/subject", legal::required(&self.subject, SUBJECT_MAX).and_then(one_line));
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let description = text("/description", &self.description, DESCRIPTION_MAX);
        let place = text("/place", &self.place, PLACE_MAX);
        let company = wrong.take("/company_id", id(&self.company_id)).flatten();
        let contact = wrong.take("/contact_id", id(&self.contact_id)).flatten();
        let opportunity = wrong.take("/opportunity_id", id(&self.opportunity_id)).flatten();
        let about = About { company, contact, opportunity };
        if [&self.company_id, &self.contact_id, &self.opportunity_id].iter().all(|id| id.trim().is_empty()) {
            wrong.add("/company_id", Rule::AboutNothing);
        }
        let status = wrong.take("/status", Status::typed(&self.status)).flatten();
        let is_dated = !self.on.trim().is_empty();
        let is_done = status == Some(Status::Completed) || (status.is_none() && kind.is_some_and(Kind::is_logged));
        let is_of_today = before.is_none() && !is_dated && is_done;
        let starts = match (is_of_today, self.time.trim()) {
            (true, "") => Some(Start::of(now)),
            (true, time) => wrong.take("/time", self::time(time)).map(|at| Start { on: now.date(), at }),
            (false, _) => Start::parse(&self.on, &self.time, &mut wrong),
        };
        let is_over = |starts: Start| starts.instant(now.time_zone()) <= now.timestamp();
        let was_done_today = is_of_today && (status.is_some() || starts.is_some_and(is_over));
        let minutes = wrong.take("/minutes", self::minutes(&self.minutes, 1, MINUTES_MAX)).flatten();
        let assigned_to = wrong.take("/assigned_to", id(&self.assigned_to)).flatten();
        let remind = wrong.take("/remind", self::minutes(&self.remind, 0, REMIND_MAX)).flatten();
        let (Some(kind), Some(subject), Some(starts), true) = (kind, subject, starts, wrong.is_empty()) else {
            return Err(wrong);
        };
        // A note is no plan, unless it is for later.
        let is_noted = kind == Kind::Note && is_over(starts);
        let status = match before {
            None if was_done_today || (status.is_none() && is_noted) => Some(Status::Completed),
            _ => status,
        };
        Ok(NewActivity { kind, status, subject, description, about, starts, minutes, place, assigned_to, remind })
    }
}

impl MoveInput {
    pub fn parse(&self, current: Start) -> Result<Start, Violations> {
        let mut wrong = Violations::default();
        let moved = match self.time.trim() {
            "" => Start::parse(&self.on, "", &mut wrong).map(|moved| Start { at: current.at, ..moved }),
            "none" => Start::parse(&self.on, "", &mut wrong),
            time => Start::parse(&self.on, time, &mut wrong),
        };
        moved.ok_or(wrong)
    }
}

fn one_line(text: String) -> Result<String, Rule> {
    if text.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(text) }
}

impl NewActivity {
    pub fn created(self, id: ActivityId, records: NamedRecords, assigned_to: Option<UserId>, now: &Zoned) -> Activity {
        let at = now.timestamp();
        let status = self.status.unwrap_or(Status::Planned);
        let activity = Activity {
            id,
            kind: self.kind,
            status,
            subject: self.subject,
            description: self.description,
            company: records.company,
            contact: records.contact,
            opportunity: records.opportunity,
            starts: self.starts,
            minutes: self.minutes,
            place: self.place,
            assigned_to,
            remind: self.remind,
            remind_at: None,
            closed_at: None,
            created_at: at,
            changed_at: at,
            sequence: 0,
        };
        let closed_at = (status == Status::Completed).then(|| activity.starts.instant(now.time_zone()).min(at));
        Activity { closed_at, ..activity }.armed(None, now)
    }

    /// What `before` becomes.
    pub fn changed(
        self,
        before: &Activity,
        records: NamedRecords,
        assigned_to: Option<UserId>,
        now: &Zoned,
    ) -> Activity {
        let status = self.status.unwrap_or(before.status);
        let closed_at = match status {
            Status::Planned => None,
            status if status == before.status => before.closed_at,
            _ => Some(self.starts.instant(now.time_zone()).min(now.timestamp())),
        };
        let changed = Activity {
            kind: self.kind,
            status,
            subject: self.subject,
            description: self.description,
            company: records.company,
            contact: records.contact,
            opportunity: records.opportunity,
            starts: self.starts,
            minutes: self.minutes,
            place: self.place,
            assigned_to,
            remind: self.remind,
            closed_at,
            ..before.clone()
        };
        changed.armed(Some(before), now).revised(before, now.timestamp())
    }
}

impl Activity {
    pub fn records(&self) -> impl Iterator<Item = Record> {
        let company = self.company.as_ref().map(|named| Record::Company(named.id));
        let contact = self.contact.as_ref().map(|named| Record::Contact(named.id));
        let opportunity = self.opportunity.as_ref().map(|named| Record::Opportunity(named.id));
        company.into_iter().chain(contact).chain(opportunity)
    }

    /// The names of what it is about, in the order in which pages tell them.
    pub fn names(&self) -> String {
        let names = [
            self.contact.as_ref().map(|named| named.name.as_str()),
            self.company.as_ref().map(|named| named.name.as_str()),
            self.opportunity.as_ref().map(|named| named.name.as_str()),
        ];
        names.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    pub fn lines(&self) -> impl Iterator<Item = ActivityLine> {
        let planned = (self.status == Status::Planned).then_some(None);
        self.records()
            .map(Some)
            .chain(planned)
            .map(|of| ActivityLine { of, activity: self.clone() })
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Planned, and its time is over.
    pub fn is_overdue(&self, now: &Zoned) -> bool {
        self.status == Status::Planned
            && match self.starts.at {
                Some(_) => self.starts.local() < now.datetime(),
                None => self.starts.on < now.date(),
            }
    }

    pub fn is_shown(&self, shown: Shown, now: &Zoned) -> bool {
        match shown {
            Shown::Planned => self.status == Status::Planned,
            Shown::Overdue => self.is_overdue(now),
            Shown::Completed => self.status == Status::Completed,
            Shown::Cancelled => self.status == Status::Cancelled,
        }
    }

    /// When it was completed; none of one that was not.
    pub fn completed_at(&self) -> Option<Timestamp> {
        self.closed_at.filter(|_| self.status == Status::Completed)
    }

    /// Nothing to do where it is already.
    pub fn completed(&self, now: &Zoned) -> Result<Option<Self>, Error> {
        self.closed(Status::Completed, now)
    }

    /// As [`Self::completed`].
    pub fn cancelled(&self, now: &Zoned) -> Result<Option<Self>, Error> {
        self.closed(Status::Cancelled, now)
    }

    fn closed(&self, status: Status, now: &Zoned) -> Result<Option<Self>, Error> {
        if self.status == status {
            return Ok(None);
        }
        self.must_be_planned()?;
        let closed = Self { status, closed_at: Some(now.timestamp()), ..self.clone() };
        Ok(Some(closed.armed(Some(self), now).revised(self, now.timestamp())))
    }

    /// As [`Self::completed`].
    pub fn reopened(&self, now: &Zoned) -> Option<Self> {
        let reopened = Self { status: Status::Planned, closed_at: None, ..self.clone() };
        let is_open = self.status == Status::Planned;
        (!is_open).then(|| reopened.armed(Some(self), now).revised(self, now.timestamp()))
    }

    pub fn moved(&self, starts: Start, now: &Zoned) -> Result<Option<Self>, Error> {
        self.must_be_planned()?;
        if starts == self.starts {
            return Ok(None);
        }
        let moved = Self { starts, ..self.clone() };
        Ok(Some(moved.armed(Some(self), now).revised(self, now.timestamp())))
    }

    fn must_be_planned(&self) -> Result<(), Error> {
        match self.status {
            Status::Planned => Ok(()),
            Status::Completed | Status::Cancelled => Err(Error::Conflict(Conflict::ActivityClosed)),
        }
    }

    /// Its member was reminded, or there is nobody to be.
    pub fn disarmed(&self) -> Self {
        Self { remind_at: None, ..self.clone() }
    }

    /// Its reminder waits until another instant.
    pub fn rearmed(&self, at: Timestamp) -> Self {
        Self { remind_at: Some(at), ..self.clone() }
    }

    /// When its member wants to be reminded, as clocks are set where the organization is.
    pub fn reminder(&self, zone: &TimeZone) -> Option<Timestamp> {
        let before = SignedDuration::from_mins(self.remind?.into());
        Some(self.starts.instant(zone).saturating_sub(before).unwrap_or(Timestamp::MIN))
    }

    /// With the instant of its reminder, if that is to come. One that was moved is reminded of anew.
    fn armed(mut self, before: Option<&Self>, now: &Zoned) -> Self {
        let is_as_before = before.is_some_and(|before| {
            (before.status, before.starts, before.remind) == (self.status, self.starts, self.remind)
        });
        if !is_as_before {
            let is_planned = self.status == Status::Planned;
            self.remind_at = self.reminder(now.time_zone()).filter(|at| is_planned && *at > now.timestamp());
        }
        self
    }

    /// Whether a calendar shows it otherwise, noted for those who subscribe to it.
    fn revised(mut self, before: &Self, at: Timestamp) -> Self {
        let shown = |activity: &Self| {
            let Self { kind, status, subject, description, starts, minutes, place, .. } = activity.clone();
            (kind, status, subject, description, starts, minutes, place, activity.names())
        };
        if shown(&self) != shown(before) {
            self.changed_at = at;
            self.sequence = before.sequence.saturating_add(1);
        }
        self
    }

    /// With another name of one of its records; none where it is called so already, or is about another.
    pub fn with_name(&self, record: Record, name: &str, at: Timestamp) -> Option<Self> {
        let mut renamed = self.clone();
        match record {
            Record::Company(id) => rename(&mut renamed.company, id, name),
            Record::Contact(id) => rename(&mut renamed.contact, id, name),
            Record::Opportunity(id) => rename(&mut renamed.opportunity, id, name),
        }
        (renamed != *self).then(|| renamed.revised(self, at))
    }

    /// About another record of the same kind; none where it was about a third one.
    pub fn about_other(&self, from: Record, to: Record, name: &str, at: Timestamp) -> Option<Self> {
        let mut moved = self.clone();
        match (from, to) {
            (Record::Company(from), Record::Company(to)) => repoint(&mut moved.company, from, to, name),
            (Record::Contact(from), Record::Contact(to)) => repoint(&mut moved.contact, from, to, name),
            (Record::Opportunity(from), Record::Opportunity(to)) => repoint(&mut moved.opportunity, from, to, name),
            _ => {}
        }
        (moved != *self).then(|| moved.revised(self, at))
    }

    /// Without one of its records; what is left of it may be about nothing.
    pub fn without(&self, record: Record, at: Timestamp) -> Option<Self> {
        let mut left = self.clone();
        match record {
            Record::Company(id) => drop(left.company.take_if(|named| named.id == id)),
            Record::Contact(id) => drop(left.contact.take_if(|named| named.id == id)),
            Record::Opportunity(id) => drop(left.opportunity.take_if(|named| named.id == id)),
        }
        (left != *self).then(|| left.revised(self, at))
    }

    pub fn is_about_nothing(&self) -> bool {
        self.records().next().is_none()
    }
}

fn rename<T: PartialEq>(named: &mut Option<Named<T>>, id: T, name: &str) {
    if let Some(named) = named.as_mut().filter(|named| named.id == id) {
        named.name = name.into();
    }
}

fn repoint<T: PartialEq>(named: &mut Option<Named<T>>, from: T, to: T, name: &str) {
    if let Some(named) = named.as_mut().filter(|named| named.id == from) {
        *named = Named { id: to, name: name.into() };
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn now() -> Zoned {
        "2026-11-30T10:00[Europe/Paris]".parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn input() -> ActivityInput {
        ActivityInput {
            kind: "meeting".into(),
            subject: "Visite du site".into(),
            description: "Prévoir les plans.".into(),
            company_id: CompanyId::from_ulid(Ulid(2)).to_string(),
            on: "2026-12-01".into(),
            time: "14:30".into(),
            minutes: "90".into(),
            place: "Lyon".into(),
            assigned_to: UserId::from_ulid(Ulid(4)).to_string(),
            remind: "60".into(),
            ..ActivityInput::default()
        }
    }

    fn activity(input: &ActivityInput) -> Activity {
        let new = input.parse(&now()).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let assigned_to = new.assigned_to;
        let company = new.about.company.map(|id| Named { id, name: "Boulangerie Dupré".into() });
        let records = NamedRecords { company, ..NamedRecords::default() };
        new.created(ActivityId::from_ulid(Ulid(9)), records, assigned_to, &now())
    }

    fn pointers(input: &ActivityInput) -> String {
        match input.parse(&now()) {
            Ok(_) => String::new(),
            Err(wrong) => wrong.iter().map(|wrong| wrong.pointer.clone()).collect::<Vec<_>>().join(" "),
        }
    }

    fn at(text: &str) -> Option<Timestamp> {
        text.parse().ok()
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let activity = activity(&input());
        assert_eq!(ActivityInput::of(&activity), input());
        assert_eq!((activity.status, activity.remind_at), (Status::Planned, at("2026-12-01T12:30:00Z")));
        assert_eq!(activity.starts.key(), "2026-12-01T14:30");
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = ActivityInput {
            kind: "dance".into(),
            subject: "x".repeat(201),
            description: "x".repeat(5_001),
            company_id: "con_1".into(),
            contact_id: "com_1".into(),
            opportunity_id: "moi".into(),
            on: "demain".into(),
            time: "25:00".into(),
            minutes: "0".into(),
            place: "x".repeat(201),
            assigned_to: "moi".into(),
            remind: "-1".into(),
            status: "cancelled".into(),
        };
        let expected = "/type /subject /description /place /company_id /contact_id /opportunity_id /status /on /time \
             /minutes /assigned_to /remind";
        assert_eq!(pointers(&wrong), expected);
        assert_eq!(pointers(&ActivityInput::default()), "/type /subject /company_id /on");
    }

    #[test]
    fn what_is_logged_without_a_day_was_done_now_and_what_is_planned_needs_one() {
        let logged = |kind: &str, status: &str| {
            let about = ActivityInput { kind: kind.into(), status: status.into(), ..input() };
            ActivityInput { on: String::new(), time: String::new(), ..about }
        };
        for kind in ["note", "call", "email"] {
            let done = activity(&logged(kind, ""));
            assert_eq!((done.status, done.closed_at), (Status::Completed, Some(now().timestamp())));
            assert_eq!((done.starts.key().as_str(), done.remind_at), ("2026-11-30T10:00", None));
        }
        assert_eq!(activity(&logged("meeting", "completed")).status, Status::Completed);
        for (kind, status) in [("meeting", ""), ("task", ""), ("call", "planned")] {
            assert_eq!(pointers(&logged(kind, status)), "/on");
        }
        let dated = |kind: &str, on: &str| ActivityInput { kind: kind.into(), on: on.into(), ..input() };
        assert_eq!(activity(&dated("call", "2026-11-29")).status, Status::Planned);
        let note = activity(&dated("note", "2026-11-29"));
        assert_eq!((note.status, note.closed_at), (Status::Completed, at("2026-11-29T13:30:00Z")));
        assert_eq!(activity(&dated("note", "2026-12-24")).status, Status::Planned);
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let read = |text: &str| time(text).map(|time| time.map(clock));
        for (text, expected) in [("9:05", "09:05"), ("14h30", "14:30"), ("9h", "09:00"), (" 23:59 ", "23:59")] {
            assert_eq!(read(text), Ok(Some(expected.into())));
        }
        assert_eq!(read(" "), Ok(None));
        for wrong in ["24:00", "9:60", "9", "midi", "9:5:1", "9:", "１:00", "+1:00"] {
            assert_eq!(read(wrong), Err(Rule::NotATime), "{wrong}");
        }
    }

    #[test]
    fn overdue_is_what_is_planned_and_over() {
        let on = |on: &str, time: &str| activity(&ActivityInput { on: on.into(), time: time.into(), ..input() });
        for (activity, is_overdue) in [
            (on("2026-11-30", "09:59"), true),
            (on("2026-11-30", "10:00"), false),
            (on("2026-11-30", ""), false),
            (on("2026-11-29", ""), true),
            (on("2026-12-01", "08:00"), false),
        ] {
            assert_eq!(activity.is_overdue(&now()), is_overdue, "{:?}", activity.starts);
            let sorts_before = activity.starts.due_key().as_str() < "2026-11-30T10:00";
            assert_eq!(sorts_before, is_overdue, "{:?}", activity.starts);
        }
        let done = on("2026-11-29", "").completed(&now()).ok().flatten();
        assert_eq!(done.map(|done| done.is_overdue(&now())), Some(false));
    }

    #[test]
    fn what_was_done_today_at_a_time_is_of_that_time() {
        let at = |time: &str, status: &str| {
            let (on, time, status) = (String::new(), time.into(), status.into());
            ActivityInput { kind: "call".into(), on, time, status, remind: String::new(), ..input() }
        };
        let now = now();
        let today = |time: &str, status: &str| {
            let new = at(time, status).parse(&now).unwrap();
            (new.starts.key(), new.status)
        };
        let day = now.date();
        assert_eq!(today("0:05", ""), (format!("{day}T00:05"), Some(Status::Completed)));
        assert_eq!(today("23:55", ""), (format!("{day}T23:55"), None));
        assert_eq!(today("23:55", "completed"), (format!("{day}T23:55"), Some(Status::Completed)));
        let wrong = at("25:00", "").parse(&now).unwrap_err();
        assert_eq!(wrong.iter().map(|wrong| wrong.pointer.as_str()).collect::<Vec<_>>(), ["/time"]);
        let late = Start { on: day, at: Some(Time::constant(23, 30, 0, 0)) };
        assert_eq!(
            late.end(Some(60)).map(|end| (end.date(), end.hour(), end.minute())),
            Some((day.tomorrow().unwrap(), 0, 30))
        );
    }

    #[test]
    fn a_reminder_is_armed_once_for_each_time_that_is_to_come() {
        let planned = activity(&input());
        let reminded = planned.disarmed();
        let edited = |before: &Activity, input: &ActivityInput| {
            let new = input.parse_change(&now(), before).unwrap_or_else(|wrong| panic!("{wrong:?}"));
            let company = before.company.clone();
            new.changed(before, NamedRecords { company, ..NamedRecords::default() }, before.assigned_to, &now())
        };
        let other_words = ActivityInput { subject: "Visite".into(), ..input() };
        assert_eq!(edited(&reminded, &other_words).remind_at, None);
        let later = ActivityInput { time: "16:30".into(), ..input() };
        assert_eq!(edited(&reminded, &later).remind_at, at("2026-12-01T14:30:00Z"));
        let past = ActivityInput { on: "2026-11-30".into(), time: "10:30".into(), ..input() };
        assert_eq!(edited(&planned, &past).remind_at, None);
        let all_day = ActivityInput { time: String::new(), remind: "0".into(), ..input() };
        assert_eq!(activity(&all_day).remind_at, at("2026-12-01T08:00:00Z"));
        let cancelled = planned.cancelled(&now()).ok().flatten();
        assert_eq!(cancelled.as_ref().map(|it| it.remind_at), Some(None));
        let reopened = cancelled.and_then(|cancelled| cancelled.reopened(&now()));
        assert_eq!(reopened.and_then(|it| it.remind_at), planned.remind_at);
    }

    #[test]
    fn what_is_closed_is_neither_moved_nor_closed_otherwise() {
        let planned = activity(&input());
        let done = planned.completed(&now()).ok().flatten().unwrap_or_else(|| panic!("not completed"));
        assert_eq!(done.completed_at(), Some(now().timestamp()));
        assert!(matches!(done.completed(&now()), Ok(None)));
        assert!(done.cancelled(&now()).is_err());
        assert!(done.moved(Start { on: planned.starts.on, at: None }, &now()).is_err());
        assert!(matches!(planned.moved(planned.starts, &now()), Ok(None)));
    }

    #[test]
    fn a_move_keeps_the_time_unless_another_is_named() {
        let current = activity(&input()).starts;
        let moved = |on: &str, time: &str| {
            MoveInput { on: on.into(), time: time.into() }
                .parse(current)
                .map(Start::key)
                .map_err(|wrong| wrong.iter().map(|wrong| wrong.pointer.clone()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(moved("2026-12-24", ""), Ok("2026-12-24T14:30".into()));
        assert_eq!(moved("2026-12-24", "none"), Ok("2026-12-24T".into()));
        assert_eq!(moved("2026-12-24", "8:00"), Ok("2026-12-24T08:00".into()));
        assert_eq!(moved("", "8"), Err("/on /time".into()));
    }

    #[test]
    fn a_sequence_rises_with_what_a_calendar_shows() {
        let planned = activity(&input());
        let Ok(Some(moved)) = planned.moved(Start { at: None, ..planned.starts }, &now()) else { panic!("not moved") };
        assert_eq!((planned.sequence, moved.sequence), (0, 1));
        let given = Activity { assigned_to: None, ..moved.clone() }.revised(&moved, now().timestamp());
        assert_eq!(given.sequence, 1);
    }

    #[test]
    fn a_record_is_renamed_replaced_and_forgotten() {
        let planned = activity(&input());
        let [two, three] = [2, 3].map(|n| Record::Company(CompanyId::from_ulid(Ulid(n))));
        let at = now().timestamp();
        assert_eq!(planned.with_name(two, "Boulangerie Dupré", at), None);
        assert_eq!(planned.with_name(three, "Garnier", at), None);
        let renamed = planned.with_name(two, "Maison Dupré", at);
        assert_eq!(renamed.map(|it| it.names()), Some("Maison Dupré".into()));
        let other = planned.about_other(two, three, "Garnier", at);
        assert_eq!(other.map(|it| it.records().collect::<Vec<_>>()), Some(vec![three]));
        assert_eq!(planned.about_other(two, Record::Contact(ContactId::from_ulid(Ulid(3))), "X", at), None);
        assert_eq!(planned.without(three, at), None);
        assert_eq!(planned.without(two, at).map(|it| it.is_about_nothing()), Some(true));
    }

    #[test]
    fn a_time_that_a_clock_change_leaves_out_is_the_one_after_it() {
        let Some(zone) = TimeZone::get("Europe/Paris").ok() else { panic!("no zone") };
        let start = Start { on: jiff::civil::date(2027, 3, 28), at: Time::new(2, 30, 0, 0).ok() };
        assert_eq!(Some(start.instant(&zone)), at("2027-03-28T01:30:00Z"));
    }
}
