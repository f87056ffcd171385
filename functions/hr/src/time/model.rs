//! An employee's week: what they worked, what was decided of it, and what is accepted as typed. Pure.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{CompanyId, EmployeeId, SpanId, TimeChangeId, UserId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use super::calendar::IsoWeek;

/// More than a week has, however often somebody comes and goes.
pub const SPANS_MAX: usize = 80;
/// How many clients a week may name: what one reading holds beside the weeks of a year.
pub const CLIENTS_MAX: usize = 20;
const STEPS_MAX: usize = 200;
const NOTE_MAX: usize = 200;
const REASON_MAX: usize = 500;
/// Who came longer ago has left, and nobody noted when.
const CLOCKING_MAX: SignedDuration = SignedDuration::from_hours(24);
/// A second press on the same button.
const DOUBLE_CLICK: SignedDuration = SignedDuration::from_secs(60);

/// What somebody worked in one go, breaks within it included. To the minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    pub id: SpanId,
    pub from: Timestamp,
    /// None while they are clocked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub break_minutes: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// For whom it is to be invoiced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<CompanyId>,
    /// Whether it came from a clocking and is as it was clocked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clocked: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(minutes: &u16) -> bool {
    *minutes == 0
}

/// Minutes from one instant to another.
pub fn minutes_between(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from(to.duration_since(from).as_mins()).unwrap_or_default()
}

/// An instant without its seconds.
pub fn to_the_minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap_or(at)
}

impl Span {
    /// What was worked of it; of one that goes on nothing yet.
    pub fn minutes(&self) -> u32 {
        self.to.map_or(0, |to| minutes_between(self.from, to).saturating_sub(self.break_minutes.into()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeekState {
    Draft,
    /// Handed in, and waiting for a decision.
    Submitted,
    /// Decided, and locked.
    Approved,
    /// To be corrected, for a reason.
    Reopened,
}

impl WeekState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Reopened => "reopened",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Draft => "En cours de saisie",
            Self::Submitted => "À valider",
            Self::Approved => "Approuvée",
            Self::Reopened => "Rouverte",
        }
    }

    /// How a page colours it.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Draft => "neutral",
            Self::Submitted => "info",
            Self::Approved => "success",
            Self::Reopened => "warning",
        }
    }
}

/// What was decided or said of a week, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    pub by: By,
    pub what: StepKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Who did something, as they were called then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct By {
    pub user: UserId,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Submitted,
    Approved,
    Reopened,
    /// The employee says that what was approved is wrong.
    Disputed,
    Answered,
}

impl StepKind {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Submitted => "Soumise",
            Self::Approved => "Approuvée",
            Self::Reopened => "Rouverte",
            Self::Disputed => "Contestée",
            Self::Answered => "Réponse à la contestation",
        }
    }

    pub const fn badge(self) -> &'static str {
        match self {
            Self::Submitted => "info",
            Self::Approved => "success",
            Self::Reopened | Self::Disputed => "warning",
            Self::Answered => "neutral",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeWeek {
    pub employee: EmployeeId,
    pub week: IsoWeek,
    /// The member who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    pub state: WeekState,
    /// In their order; of one that goes past midnight on Sunday, the week in which it began.
    #[serde(default)]
    pub spans: Vec<Span>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Whether the employee contests it, and nobody has answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_disputed: bool,
}

/// What one act changed of a week's time: who, when, why, and what stood there before (C. trav. D3171-8, D3171-15).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeChange {
    pub id: TimeChangeId,
    pub employee: EmployeeId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    pub week: IsoWeek,
    pub at: Timestamp,
    pub by: By,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is not there any more, or is otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Span>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Span>,
}

/// What of the spans differs: as they were, as they are.
pub fn differing(before: &[Span], after: &[Span]) -> (Vec<Span>, Vec<Span>) {
    let only = |these: &[Span], those: &[Span]| these.iter().filter(|one| !those.contains(one)).cloned().collect();
    (only(before, after), only(after, before))
}

impl TimeWeek {
    pub const fn new(employee: EmployeeId, user: Option<UserId>, week: IsoWeek) -> Self {
        Self { employee, week, user, state: WeekState::Draft, spans: Vec::new(), steps: Vec::new(), is_disputed: false }
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.state, WeekState::Draft | WeekState::Reopened)
    }

    pub fn must_be_open(&self) -> Result<()> {
        if self.is_open() { Ok(()) } else { Err(Error::Conflict(Conflict::WeekLocked)) }
    }

    /// Whether somebody is to decide on it.
    pub const fn is_undecided(&self) -> bool {
        matches!(self.state, WeekState::Submitted) || self.is_disputed
    }

    pub fn with_spans(&self, mut spans: Vec<Span>) -> Result<Self> {
        self.must_be_open()?;
        spans.sort_by_key(|span| (span.from, span.id));
        Ok(Self { spans, ..self.clone() })
    }

    /// The clocking that goes on.
    pub fn clocking(&self) -> Option<&Span> {
        self.spans.iter().rev().find(|span| span.to.is_none())
    }

    fn step(&self, state: WeekState, what: StepKind, by: By, at: Timestamp, text: Option<String>) -> Result<Self> {
        if self.steps.len() >= STEPS_MAX {
            return Err(Error::field("/reason", Rule::TooMany { max: STEPS_MAX }));
        }
        let mut steps = self.steps.clone();
        steps.push(Step { at, by, what, text });
        Ok(Self { state, steps, is_disputed: what == StepKind::Disputed, ..self.clone() })
    }

    /// Handed in, by whoever fills it in.
    pub fn submitted(&self, by: By, at: Timestamp) -> Result<Self> {
        self.must_be_open()?;
        if self.spans.is_empty() {
            return Err(Error::Conflict(Conflict::WeekEmpty));
        }
        if self.clocking().is_some() {
            return Err(Error::Conflict(Conflict::ClockedIn));
        }
        self.step(WeekState::Submitted, StepKind::Submitted, by, at, None)
    }

    pub fn approved(&self, by: By, at: Timestamp) -> Result<Self> {
        if self.state != WeekState::Submitted {
            return Err(Error::Conflict(Conflict::WeekNotSubmitted));
        }
        self.step(WeekState::Approved, StepKind::Approved, by, at, None)
    }

    /// Given back to be corrected: whether it waits for a decision, or was decided.
    pub fn reopened(&self, by: By, at: Timestamp, reason: String) -> Result<Self> {
        if self.is_open() {
            return Err(Error::Conflict(Conflict::WeekNotSubmitted));
        }
        self.step(WeekState::Reopened, StepKind::Reopened, by, at, Some(reason))
    }

    /// The employee says that what was approved is wrong: it stays approved, and somebody is to answer.
    pub fn disputed(&self, by: By, at: Timestamp, comment: String) -> Result<Self> {
        if self.state != WeekState::Approved {
            return Err(Error::Conflict(Conflict::WeekNotApproved));
        }
        self.step(WeekState::Approved, StepKind::Disputed, by, at, Some(comment))
    }

    /// It stays as it was approved, and the employee is told why.
    pub fn answered(&self, by: By, at: Timestamp, answer: String) -> Result<Self> {
        if !self.is_disputed {
            return Err(Error::Conflict(Conflict::WeekNotDisputed));
        }
        self.step(WeekState::Approved, StepKind::Answered, by, at, Some(answer))
    }
}

/// What pressing "I come" and "I leave" does to the spans of a week.
#[derive(Debug, PartialEq)]
pub enum Clocked {
    /// Pressed twice.
    Nothing,
    Changed(Vec<Span>),
}

/// Somebody comes. Pressed again, nothing changes; what was never ended stays for them to end.
pub fn clocked_in(week: &TimeWeek, before: Option<&TimeWeek>, id: SpanId, now: Timestamp) -> Result<Clocked> {
    let open = week.clocking().or_else(|| before.and_then(TimeWeek::clocking));
    if open.is_some_and(|open| !is_forgotten(open, now)) {
        return Ok(Clocked::Nothing);
    }
    week.must_be_open()?;
    let from = to_the_minute(now);
    if week.spans.len() >= SPANS_MAX {
        return Err(Error::field("/spans", Rule::TooMany { max: SPANS_MAX }));
    }
    // Typed ahead, or left within this minute.
    if week.spans.iter().any(|span| span.to.is_some_and(|to| to > from)) {
        return Err(Error::field("/spans", Rule::Overlaps));
    }
    let mut spans = week.spans.clone();
    spans.push(Span { id, from, to: None, break_minutes: 0, note: None, client: None, clocked: true });
    Ok(Clocked::Changed(spans))
}

/// They leave; `week` is the one in which they came. What lasted less than a minute was nothing.
pub fn clocked_out(week: &TimeWeek, now: Timestamp) -> Result<Clocked> {
    let Some(open) = week.clocking() else {
        let last = week.spans.iter().filter(|span| span.clocked).filter_map(|span| span.to).max();
        let again = last.is_some_and(|to| now.duration_since(to) < DOUBLE_CLICK + SignedDuration::from_secs(60));
        return if again { Ok(Clocked::Nothing) } else { Err(Error::Conflict(Conflict::NotClockedIn)) };
    };
    if is_forgotten(open, now) {
        return Err(Error::Conflict(Conflict::ClockingForgotten));
    }
    week.must_be_open()?;
    let to = to_the_minute(now);
    let ended = |span: &Span| match span.id == open.id {
        true => (to > span.from).then(|| Span { to: Some(to), ..span.clone() }),
        false => Some(span.clone()),
    };
    Ok(Clocked::Changed(week.spans.iter().filter_map(ended).collect()))
}

pub fn is_forgotten(open: &Span, now: Timestamp) -> bool {
    now.duration_since(open.from) > CLOCKING_MAX
}

/// A week as it is typed: all of it, for what is not named is gone. The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WeekInput {
    /// At most 80. A row in which nothing is typed is none.
    pub spans: Vec<SpanInput>,
    /// Why it is corrected: needed of somebody else's time, of a week that was reopened, and of what was clocked.
    pub reason: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpanInput {
    /// `spn_…`; empty for a new one.
    pub id: String,
    /// The day on which it began, in the week and not after today.
    pub on: String,
    /// `08:30`, in the organization's time zone.
    pub from: String,
    /// `17:00`; where it is not after `from`, on the next day. Empty only of a clocking that goes on.
    pub to: String,
    /// Breaks within it, in minutes.
    pub break_minutes: String,
    pub note: String,
    /// `com_…`, for whom it is to be invoiced; then the note says what was done.
    pub client_id: String,
}

/// `09:05`
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let time = at.to_zoned(zone.clone()).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

pub fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

impl SpanInput {
    pub fn of(span: &Span, zone: &TimeZone) -> Self {
        Self {
            id: span.id.to_string(),
            on: day(span.from, zone).to_string(),
            from: clock(span.from, zone),
            to: span.to.map(|to| clock(to, zone)).unwrap_or_default(),
            break_minutes: if span.break_minutes == 0 { String::new() } else { span.break_minutes.to_string() },
            note: span.note.clone().unwrap_or_default(),
            client_id: span.client.map(|client| client.to_string()).unwrap_or_default(),
        }
    }

    fn is_empty(&self) -> bool {
        let is_empty = |text: &String| text.trim().is_empty();
        [&self.from, &self.to, &self.break_minutes, &self.note, &self.client_id].into_iter().all(is_empty)
    }
}

/// On what a week is read.
pub struct Reading<'a> {
    pub current: &'a TimeWeek,
    /// What was worked the week before and after, as far as it reaches into this one.
    pub beside: Vec<&'a Span>,
    pub zone: TimeZone,
    /// Hours of its day, and of those before, are told.
    pub now: Timestamp,
    /// Since when somebody works here, and until when.
    pub employed: (Date, Option<Date>),
    /// Whether the client may be named by who asks.
    pub knows: &'a dyn Fn(CompanyId) -> bool,
    pub is_own: bool,
}

impl WeekInput {
    pub fn of(week: &TimeWeek, zone: &TimeZone) -> Self {
        Self { spans: week.spans.iter().map(|span| SpanInput::of(span, zone)).collect(), reason: String::new() }
    }

    /// The clients that it names.
    pub fn clients(&self) -> Vec<CompanyId> {
        let mut clients: Vec<CompanyId> =
            self.spans.iter().filter_map(|span| span.client_id.trim().parse().ok()).collect();
        clients.sort_unstable();
        clients.dedup();
        clients
    }

    /// The spans as they will be, and the reason; `new_id` gives ids.
    pub fn parse(
        &self,
        upon: &Reading<'_>,
        mut new_id: impl FnMut() -> SpanId,
    ) -> std::result::Result<(Vec<Span>, Option<String>), Violations> {
        let mut wrong = Violations::default();
        let mut spans: Vec<(usize, Span)> = Vec::new();
        for (at, typed) in self.spans.iter().enumerate().filter(|(_, typed)| !typed.is_empty()) {
            let span = typed.parse(at, upon, &mut wrong, &mut new_id);
            if let Some(span) = &span
                && spans.iter().any(|(_, other)| other.id == span.id)
            {
                wrong.add(format!("/spans/{at}/id"), Rule::Repeated);
            }
            spans.extend(span.map(|span| (at, span)));
        }
        if spans.len() > SPANS_MAX {
            wrong.add("/spans", Rule::TooMany { max: SPANS_MAX });
        }
        if self.clients().len() > CLIENTS_MAX {
            wrong.add("/spans", Rule::TooMany { max: CLIENTS_MAX });
        }
        let ends = |span: &Span| span.to.unwrap_or(Timestamp::MAX);
        spans.sort_by_key(|(_, span)| span.from);
        for (before, after) in spans.iter().zip(spans.iter().skip(1)) {
            if ends(&before.1) > after.1.from {
                wrong.add(format!("/spans/{}/from", after.0), Rule::Overlaps);
            }
        }
        for (at, span) in &spans {
            let over = |other: &&&Span| other.from < ends(span) && span.from < other.to.unwrap_or(other.from);
            if upon.beside.iter().find(over).is_some() {
                wrong.add(format!("/spans/{at}/from"), Rule::Overlaps);
            }
        }
        let spans: Vec<Span> = spans.into_iter().map(|(_, span)| span).collect();
        let reason =
            wrong.take("/reason", legal::optional(&self.reason, |text| legal::text(text, REASON_MAX))).flatten();
        if reason.is_none() && wrong.is_empty() && needs_reason(upon, &spans) {
            wrong.add("/reason", Rule::Required);
        }
        if wrong.is_empty() { Ok((spans, reason)) } else { Err(wrong) }
    }
}

/// Whether what changes is a correction that one owes a word for.
fn needs_reason(upon: &Reading<'_>, spans: &[Span]) -> bool {
    let (before, after) = differing(&upon.current.spans, spans);
    let is_changed = !before.is_empty() || !after.is_empty();
    let of_clocking = before.iter().any(|span| {
        let kept = after.iter().find(|other| other.id == span.id);
        span.clocked && kept.is_none_or(|kept| (kept.from, kept.to) != (span.from, span.to))
    });
    is_changed && (!upon.is_own || upon.current.state == WeekState::Reopened || of_clocking)
}

impl SpanInput {
    fn parse(
        &self,
        at: usize,
        upon: &Reading<'_>,
        wrong: &mut Violations,
        new_id: &mut impl FnMut() -> SpanId,
    ) -> Option<Span> {
        let place = |field: &str| format!("/spans/{at}/{field}");
        let known = match self.id.trim() {
            "" => None,
            id => {
                let own = upon.current.spans.iter().find(|span| span.id.to_string() == id);
                Some(wrong.take(place("id"), own.ok_or(Rule::NotFound))?)
            }
        };
        let on = wrong.take(place("on"), self.day(upon))?;
        let shown = known.map(|span| Self::of(span, &upon.zone));
        let same = |get: fn(&Self) -> &String| shown.as_ref().is_some_and(|shown| get(shown) == get(self));
        let as_shown = same(|one| &one.on) && same(|one| &one.from);
        let begins = wrong.take(place("from"), time(&self.from));
        // What is shown unchanged stays the instant that it was, in the hour that comes twice as well.
        let from = match known.filter(|_| as_shown) {
            Some(span) => span.from,
            None => instant(on.to_datetime(begins?), &upon.zone),
        };
        let to = match (self.to.trim(), known) {
            ("", Some(span)) if span.to.is_none() && as_shown => None,
            (_, Some(span)) if as_shown && same(|one| &one.to) => span.to,
            ("", _) => {
                wrong.add(place("to"), Rule::Required);
                return None;
            }
            (typed, _) => {
                let ends = wrong.take(place("to"), time(typed))?;
                let begins = begins?;
                let last_on = if ends > begins { on } else { on.saturating_add(1.day()) };
                Some(instant(last_on.to_datetime(ends), &upon.zone))
            }
        };
        let is_new = |get: fn(&Self) -> &String| !(as_shown && same(get));
        // A day is told before its evening, and none that is still to come.
        let midnight = instant(day(upon.now, &upon.zone).saturating_add(1.day()).into(), &upon.zone);
        if is_new(|one| &one.from) && from > midnight {
            wrong.add(place("from"), Rule::NotYet);
        } else if is_new(|one| &one.to) && to.is_some_and(|to| to > midnight) {
            wrong.add(place("to"), Rule::NotYet);
        }
        let lasts = to.map(|to| minutes_between(from, to));
        if lasts.is_some_and(|minutes| minutes == 0 || minutes >= 24 * 60) {
            wrong.add(place("to"), Rule::NotADuration);
            return None;
        }
        let break_minutes = wrong.take(place("break_minutes"), break_of(&self.break_minutes, lasts));
        let note = wrong.take(place("note"), legal::optional(&self.note, |text| legal::text(text, NOTE_MAX)));
        let client = match self.client_id.trim() {
            "" => Some(None),
            id => {
                let known_before = known.and_then(|span| span.client);
                let named = id.parse::<CompanyId>().ok();
                let named = named.filter(|id| Some(*id) == known_before || (upon.knows)(*id));
                wrong.take(place("client_id"), named.ok_or(Rule::NotFound)).map(Some)
            }
        };
        if client.is_some_and(|client| client.is_some()) && note.as_ref().is_some_and(Option::is_none) {
            wrong.add(place("note"), Rule::Required);
        }
        let id = known.map(|span| span.id);
        let clocked =
            known.is_some_and(|span| span.clocked && span.from == from && (span.to.is_none() || span.to == to));
        // An end that somebody typed is none that was clocked.
        let clocked = clocked && !(known.is_some_and(|span| span.to.is_none()) && to.is_some());
        Some(Span {
            id: id.unwrap_or_else(new_id),
            from,
            to,
            break_minutes: break_minutes?,
            note: note?,
            client: client?,
            clocked,
        })
    }

    fn day(&self, upon: &Reading<'_>) -> std::result::Result<Date, Rule> {
        let on = legal::date(&self.on)?;
        let week = upon.current.week;
        let (hired_on, left_on) = upon.employed;
        let first = week.monday().max(hired_on);
        if on < first {
            return Err(Rule::Before { date: text::short_date(first) });
        }
        let last = week.sunday().min(day(upon.now, &upon.zone)).min(left_on.unwrap_or(Date::MAX));
        if on > last { Err(Rule::After { date: text::short_date(last) }) } else { Ok(on) }
    }
}

/// An hour that a clock skips is the one after it, one that comes twice the first (RFC 5545).
fn instant(at: DateTime, zone: &TimeZone) -> Timestamp {
    at.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).unwrap_or_default()
}

/// `14:30`, `9:05`, `9h05`, `14h`.
fn time(text: &str) -> std::result::Result<Time, Rule> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Rule::Required);
    }
    let number = |digits: &str| match digits.len() {
        1 | 2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().map_err(|_| Rule::NotATime),
        _ => Err(Rule::NotATime),
    };
    let (hour, minute) = text.split_once([':', 'h', 'H']).ok_or(Rule::NotATime)?;
    let minute = if minute.is_empty() && !text.ends_with(':') { "0" } else { minute };
    Time::new(number(hour.trim())?, number(minute.trim())?, 0, 0).map_err(|_| Rule::NotATime)
}

/// Less than what it is a break of.
fn break_of(typed: &str, lasts: Option<u32>) -> std::result::Result<u16, Rule> {
    let most = lasts.map_or(24 * 60, |minutes| minutes.saturating_sub(1));
    match typed.trim() {
        "" => Ok(0),
        digits => {
            let minutes = digits.parse::<u32>().map_err(|_| Rule::NotAWholeNumber)?;
            let fits = u16::try_from(minutes).ok().filter(|_| minutes <= most);
            fits.ok_or_else(|| Rule::OutOfRange { min: "0".into(), max: most.to_string() })
        }
    }
}

/// A word that an act wants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = TimeReasonInput)]
pub struct ReasonInput {
    /// At most 500 characters.
    pub reason: String,
}

impl ReasonInput {
    pub fn parse(&self) -> Result<String> {
        legal::required(&self.reason, REASON_MAX).map_err(|rule| Error::field("/reason", rule))
    }
}

/// What of a week's spans is for clients, by the day on which it began.
pub fn for_clients(week: &TimeWeek, zone: &TimeZone) -> BTreeMap<SpanId, (CompanyId, Date, u16, String)> {
    let of = |span: &Span| {
        let minutes = u16::try_from(span.minutes()).ok().filter(|minutes| *minutes > 0)?;
        Some((span.id, (span.client?, day(span.from, zone), minutes, span.note.clone().unwrap_or_default())))
    };
    week.spans.iter().filter_map(of).collect()
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;

    pub const EMPLOYEE: EmployeeId = EmployeeId::from_ulid(Ulid(5));
    const TODAY: Date = date(2026, 11, 27);

    pub fn paris() -> TimeZone {
        TimeZone::get("Europe/Paris").unwrap()
    }

    pub fn week() -> TimeWeek {
        TimeWeek::new(EMPLOYEE, None, "2026-W48".parse().unwrap())
    }

    pub fn row(on: &str, from: &str, to: &str) -> SpanInput {
        SpanInput { on: on.into(), from: from.into(), to: to.into(), ..SpanInput::default() }
    }

    pub fn spans_of(rows: Vec<SpanInput>, upon: &TimeWeek) -> std::result::Result<Vec<Span>, Violations> {
        let mut count = 100 + upon.spans.len() as u128;
        let reading = Reading {
            current: upon,
            beside: Vec::new(),
            zone: paris(),
            now: TODAY.max(upon.week.sunday()).tomorrow().unwrap().to_zoned(paris()).unwrap().timestamp(),
            employed: (date(2020, 1, 1), None),
            knows: &|client| client == CompanyId::from_ulid(Ulid(2)),
            is_own: true,
        };
        let input = WeekInput { spans: rows, reason: String::new() };
        let parsed = input.parse(&reading, || {
            count += 1;
            SpanId::from_ulid(Ulid(count))
        });
        parsed.map(|(spans, _)| spans)
    }

    fn pointers(wrong: &Violations) -> String {
        let mut pointers: Vec<_> = wrong.iter().map(|one| one.pointer.as_str()).collect();
        pointers.sort_unstable();
        pointers.join(" ")
    }

    fn by() -> By {
        By { user: UserId::from_ulid(Ulid(4)), name: "Inès Moreau".into() }
    }

    pub fn refused<T>(result: Result<T>) -> Option<Conflict> {
        match result {
            Err(Error::Conflict(conflict)) => Some(conflict),
            _ => None,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_shown_is_accepted_again_and_changes_nothing() {
        let spans = spans_of(
            vec![
                row("2026-11-23", "8h30", "12:00"),
                SpanInput { break_minutes: "20".into(), ..row("2026-11-23", "13:00", "17:00") },
                SpanInput {
                    note: "Chantier".into(),
                    client_id: "com_00000000000000000000000002".into(),
                    ..row("2026-11-24", "22:00", "5h")
                },
                row("2026-11-25", "", ""),
            ],
            &week(),
        )
        .unwrap();
        assert_eq!(spans.iter().map(Span::minutes).collect::<Vec<_>>(), [210, 220, 420]);
        let filled = week().with_spans(spans.clone()).unwrap();
        assert_eq!(spans_of(WeekInput::of(&filled, &paris()).spans, &filled), Ok(spans.clone()));
        assert_eq!(for_clients(&filled, &paris()).into_values().next().unwrap().2, 420);
        assert_eq!(differing(&filled.spans, &spans), (Vec::new(), Vec::new()));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = spans_of(
            vec![
                row("2026-11-22", "8:00", "9:00"),
                row("2026-11-30", "8:00", "9:00"),
                row("2026-11-23", "huit", "9:00"),
                row("2026-11-23", "25:00", "9:00"),
                row("2026-11-24", "8:00", ""),
                row("2026-11-25", "8:00", "8:00"),
                SpanInput {
                    break_minutes: "60".into(),
                    client_id: "com_x".into(),
                    ..row("2026-11-26", "8:00", "9:00")
                },
                SpanInput { id: "spn_00000000000000000000000009".into(), ..row("2026-11-26", "10:00", "11:00") },
                SpanInput { client_id: "com_00000000000000000000000002".into(), ..row("2026-11-27", "8:00", "9:00") },
                row("2026-11-27", "8:30", "9:30"),
            ],
            &week(),
        )
        .unwrap_err();
        let expected = "/spans/0/on /spans/1/on /spans/2/from /spans/3/from /spans/4/to /spans/5/to \
            /spans/6/break_minutes /spans/6/client_id /spans/7/id /spans/8/note /spans/9/from";
        assert_eq!(pointers(&wrong), expected);
    }

    #[test]
    fn nobody_works_twice_at_once_not_even_past_midnight_between_two_weeks() {
        let before = TimeWeek::new(EMPLOYEE, None, "2026-W47".parse().unwrap());
        let night = spans_of(vec![row("2026-11-22", "22:00", "6:00")], &before).unwrap();
        let week = week();
        let reading = |from: &str| {
            let upon = Reading {
                current: &week,
                beside: night.iter().collect(),
                zone: paris(),
                now: at("2026-11-27T23:00:00Z"),
                employed: (date(2020, 1, 1), None),
                knows: &|_| false,
                is_own: true,
            };
            WeekInput { spans: vec![row("2026-11-23", from, "12:00")], reason: String::new() }
                .parse(&upon, || SpanId::from_ulid(Ulid(1)))
        };
        assert!(reading("6:00").is_ok());
        assert_eq!(pointers(&reading("5:59").unwrap_err()), "/spans/0/from");
    }

    #[test]
    fn nothing_was_worked_that_is_still_to_come() {
        let week = week();
        let reading = |now: &str, row: SpanInput| {
            let upon = Reading {
                current: &week,
                beside: Vec::new(),
                zone: paris(),
                now: at(now),
                employed: (date(2020, 1, 1), None),
                knows: &|_| false,
                is_own: true,
            };
            let read =
                WeekInput { spans: vec![row], reason: String::new() }.parse(&upon, || SpanId::from_ulid(Ulid(1)));
            read.err().map(|wrong| pointers(&wrong)).unwrap_or_default()
        };
        // 02:23 in Paris.
        let night = "2026-11-27T01:23:00Z";
        assert_eq!(reading(night, row("2026-11-27", "08:00", "07:00")), "/spans/0/to");
        assert_eq!(reading(night, row("2026-11-27", "08:00", "17:30")), "", "the day is told in its morning");
        assert_eq!(reading(night, row("2026-11-26", "22:00", "06:00")), "");
    }

    #[test]
    fn the_hours_of_the_days_on_which_the_clock_changes() {
        for (week, on, minutes) in [
            ("2026-W12", "2026-03-28", 7),
            ("2026-W13", "2026-03-28", 7),
            ("2026-W43", "2026-10-24", 9),
            ("2026-W44", "2026-10-31", 8),
        ] {
            let week = TimeWeek::new(EMPLOYEE, None, week.parse().unwrap());
            if let Ok(spans) = spans_of(vec![row(on, "22:00", "06:00")], &week) {
                assert_eq!(spans[0].minutes(), minutes * 60, "{on}");
            } else {
                assert_eq!(week.week.to_string(), "2026-W12", "the 28th is of the week after");
            }
        }
        // From the first 02:30 to the second, as it was clocked.
        let week = TimeWeek::new(EMPLOYEE, None, "2026-W43".parse().unwrap());
        let clocked = Span {
            id: SpanId::from_ulid(Ulid(1)),
            from: at("2026-10-25T00:30:00Z"),
            to: Some(at("2026-10-25T01:30:00Z")),
            break_minutes: 0,
            note: None,
            client: None,
            clocked: true,
        };
        let week = week.with_spans(vec![clocked.clone()]).unwrap();
        let shown = WeekInput::of(&week, &paris());
        assert_eq!((shown.spans[0].from.as_str(), shown.spans[0].to.as_str()), ("02:30", "02:30"));
        assert_eq!(spans_of(shown.spans, &week), Ok(vec![clocked]));
    }

    #[test]
    fn pressing_twice_comes_and_leaves_once() {
        let (in_at, out_at) = (at("2026-11-23T07:30:42Z"), at("2026-11-23T11:02:10Z"));
        let id = |n| SpanId::from_ulid(Ulid(n));
        let Ok(Clocked::Changed(spans)) = clocked_in(&week(), None, id(1), in_at) else { panic!("they came") };
        let came = week().with_spans(spans).unwrap();
        assert_eq!(came.clocking().map(|open| open.from), Some(at("2026-11-23T07:30:00Z")));
        assert!(matches!(clocked_in(&came, None, id(2), at("2026-11-23T07:30:43Z")), Ok(Clocked::Nothing)));
        let Ok(Clocked::Changed(spans)) = clocked_out(&came, out_at) else { panic!("they left") };
        let left = came.with_spans(spans).unwrap();
        assert_eq!(left.spans[0].minutes(), 212);
        assert!(matches!(clocked_out(&left, at("2026-11-23T11:02:11Z")), Ok(Clocked::Nothing)));
        assert_eq!(refused(clocked_out(&left, at("2026-11-23T12:00:00Z"))), Some(Conflict::NotClockedIn));
        // Over midnight on Sunday, it is in the week in which they came that they leave.
        let next = TimeWeek::new(EMPLOYEE, None, "2026-W49".parse().unwrap());
        assert!(matches!(clocked_in(&next, Some(&came), id(3), at("2026-11-23T23:30:00Z")), Ok(Clocked::Nothing)));
        // Who came the day before yesterday has left meanwhile.
        let later = at("2026-11-24T07:30:01Z");
        assert_eq!(refused(clocked_out(&came, later)), Some(Conflict::ClockingForgotten));
        assert!(matches!(clocked_in(&came, None, id(4), later), Ok(Clocked::Changed(spans)) if spans.len() == 2));
        // Less than a minute is nothing.
        assert!(
            matches!(clocked_out(&came, at("2026-11-23T07:30:59Z")), Ok(Clocked::Changed(spans)) if spans.is_empty())
        );
    }

    #[test]
    fn a_clocked_time_is_changed_with_a_word_and_is_none_that_was_clocked_then() {
        let span = Span {
            id: SpanId::from_ulid(Ulid(1)),
            from: at("2026-11-23T07:30:00Z"),
            to: Some(at("2026-11-23T11:00:00Z")),
            break_minutes: 0,
            note: None,
            client: None,
            clocked: true,
        };
        let week = week().with_spans(vec![span.clone()]).unwrap();
        let mut rows = WeekInput::of(&week, &paris()).spans;
        rows[0].note = "Atelier".into();
        assert!(spans_of(rows.clone(), &week).unwrap()[0].clocked, "a note is no correction");
        rows[0].to = "13:00".into();
        assert_eq!(pointers(&spans_of(rows.clone(), &week).unwrap_err()), "/reason");
        assert_eq!(pointers(&spans_of(Vec::new(), &week).unwrap_err()), "/reason");
        // So is the end that nobody clocked.
        let open = week.with_spans(vec![Span { to: None, ..span }]).unwrap();
        let mut rows = WeekInput::of(&open, &paris()).spans;
        assert_eq!(spans_of(rows.clone(), &open).map(|spans| spans[0].to), Ok(None));
        rows[0].to = "12:00".into();
        assert_eq!(pointers(&spans_of(rows, &open).unwrap_err()), "/reason");
    }

    #[test]
    fn a_week_is_handed_in_decided_contested_and_reopened() {
        let empty = week();
        let now = at("2026-11-27T17:00:00Z");
        assert_eq!(refused(empty.submitted(by(), now)), Some(Conflict::WeekEmpty));
        let filled = empty.with_spans(spans_of(vec![row("2026-11-23", "8:00", "12:00")], &empty).unwrap()).unwrap();
        assert_eq!(refused(filled.approved(by(), now)), Some(Conflict::WeekNotSubmitted));
        assert_eq!(refused(filled.reopened(by(), now, "x".into())), Some(Conflict::WeekNotSubmitted));
        let submitted = filled.submitted(by(), now).unwrap();
        assert!(submitted.is_undecided());
        assert_eq!(refused(submitted.submitted(by(), now)), Some(Conflict::WeekLocked));
        assert_eq!(refused(submitted.with_spans(Vec::new())), Some(Conflict::WeekLocked));
        let approved = submitted.approved(by(), now).unwrap();
        assert!(!approved.is_undecided());
        assert_eq!(refused(approved.approved(by(), now)), Some(Conflict::WeekNotSubmitted));
        assert_eq!(refused(approved.answered(by(), now, "x".into())), Some(Conflict::WeekNotDisputed));
        let disputed = approved.disputed(by(), now, "Il manque lundi soir.".into()).unwrap();
        assert!(disputed.is_undecided() && disputed.state == WeekState::Approved);
        assert!(!disputed.answered(by(), now, "Payé en octobre.".into()).unwrap().is_undecided());
        let reopened = disputed.reopened(by(), now, "Lundi soir oublié.".into()).unwrap();
        assert!(reopened.is_open() && !reopened.is_undecided());
        assert_eq!(reopened.steps.len(), 4);
        assert_eq!(refused(reopened.disputed(by(), now, "x".into())), Some(Conflict::WeekNotApproved));
        assert!(reopened.submitted(by(), now).is_ok());
    }
}
