//! A request for leave: what it says, what becomes of it, and the days that it takes. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    holiday::Region,
    id::{EmployeeId, LeaveRequestId, LeaveTypeId, UserId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use super::{
    Absence, Halves, Schedule, Week, counted_by,
    model::{DAYS_MAX, flag},
    quantity::Quantity,
    types::{LeaveType, Unit},
};
use crate::{employee::Employee, settings::HrSettings};

const COMMENT_MAX: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveRequest {
    pub id: LeaveRequestId,
    pub employee: EmployeeId,
    /// The member who they were then: by whom it is found that it is about them.
    pub user: Option<UserId>,
    #[serde(rename = "leave_type")]
    pub kind: LeaveTypeId,
    #[serde(flatten)]
    pub span: Span,
    /// Of a type that is taken by hours.
    pub minutes: Option<u16>,
    /// What the employee says of it.
    pub comment: Option<String>,
    pub state: RequestState,
    /// Since when somebody is to decide.
    pub asked_at: Option<Timestamp>,
    /// When they were told.
    pub told_at: Option<Timestamp>,
    pub reminded_at: Option<Timestamp>,
    /// The manager's yes, where another follows.
    pub first: Option<Decision>,
    pub decision: Option<Decision>,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

/// From when to when somebody is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: Date,
    /// Whether the morning of the first day is worked.
    pub starts_at_noon: bool,
    /// The last day, included.
    pub to: Date,
    /// Whether the afternoon of the last day is worked.
    pub ends_at_noon: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    Draft,
    /// Somebody is to decide; its days are reserved.
    Pending,
    Approved,
    Refused,
    /// Taken back before it was decided.
    Withdrawn,
    /// Taken back after it was approved.
    Cancelled,
}

impl RequestState {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Draft => "Brouillon",
            Self::Pending => "En attente",
            Self::Approved => "Approuvée",
            Self::Refused => "Refusée",
            Self::Withdrawn => "Retirée",
            Self::Cancelled => "Annulée",
        }
    }

    /// Whether its days are taken or reserved.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Pending | Self::Approved)
    }
}

/// Who said yes or no, and what they said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub by: UserId,
    pub name: String,
    pub at: Timestamp,
    pub comment: Option<String>,
}

/// Half a day: its date and whether it is the afternoon.
pub type HalfDay = (Date, bool);

impl Span {
    /// The half days from the first to the last.
    pub fn half_days(&self) -> impl Iterator<Item = HalfDay> + use<> {
        let span = *self;
        let days = span.from.series(1.day()).take_while(move |date| *date <= span.to);
        days.flat_map(|date| [(date, false), (date, true)])
            .filter(move |(date, is_afternoon)| !(span.starts_at_noon && *date == span.from && !is_afternoon))
            .filter(move |(date, is_afternoon)| !(span.ends_at_noon && *date == span.to && *is_afternoon))
    }

    pub fn has(&self, (date, is_afternoon): HalfDay) -> bool {
        self.from <= date
            && date <= self.to
            && !(self.starts_at_noon && date == self.from && !is_afternoon)
            && !(self.ends_at_noon && date == self.to && is_afternoon)
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        if self.to < other.from || other.to < self.from {
            return false;
        }
        self.half_days().any(|half| other.has(half))
    }

    /// `du 4 mai au 7 mai 2026`, `le 4 mai 2026 (après-midi)`.
    pub fn french(&self) -> String {
        let half = |is_half: bool, which: &str| if is_half { format!(" ({which})") } else { String::new() };
        let (from, to) = (text::french_date(self.from), text::french_date(self.to));
        if self.from == self.to {
            let which = if self.starts_at_noon { "après-midi" } else { "matin" };
            return format!("le {from}{}", half(self.starts_at_noon || self.ends_at_noon, which));
        }
        let (noon, end) = (half(self.starts_at_noon, "après-midi"), half(self.ends_at_noon, "matin"));
        format!("du {from}{noon} au {to}{end}")
    }
}

/// What somebody agreed to work on a day, and where: of before the first contract as of it.
pub fn schedule<'a>(employee: &'a Employee, settings: &'a HrSettings) -> impl Fn(Date) -> Schedule + use<'a> {
    move |date| {
        let contract = employee.contract_on(date).or_else(|| employee.contracts.first());
        let site = contract.and_then(|contract| contract.site).and_then(|site| settings.site(site));
        Schedule {
            week: contract.map_or(Week::FULL, |contract| contract.week),
            region: site.map_or(Region::Mainland, |site| site.region_on(date)),
            works_whit_monday: settings.works_whit_monday_on(date),
        }
    }
}

/// What an absence takes, day by day, and when work goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub days: Vec<(Date, Halves)>,
    pub return_on: Date,
}

impl Taken {
    pub fn total(&self) -> Halves {
        Halves(self.days.iter().map(|(_, halves)| halves.0).sum())
    }
}

/// The days that an absence of a type takes.
pub fn taken(span: Span, kind: &LeaveType, employee: &Employee, settings: &HrSettings) -> Taken {
    let absence = Absence {
        from: span.from,
        starts_at_noon: span.starts_at_noon,
        to: span.to,
        ends_at_noon: span.ends_at_noon,
        counting: settings.counting_on(span.from),
        week: Week::FULL,
        region: Region::Mainland,
        works_whit_monday: false,
    };
    let counted = counted_by(&absence, schedule(employee, settings));
    let days = match kind.unit {
        Unit::Days => {
            counted.days.iter().map(|day| (day.date, day.halves)).filter(|(_, halves)| halves.0 > 0).collect()
        }
        Unit::CalendarDays => {
            let mut days: Vec<(Date, Halves)> = Vec::new();
            for (date, _) in span.half_days() {
                match days.last_mut().filter(|(last, _)| *last == date) {
                    Some((_, halves)) => halves.0 += 1,
                    None => days.push((date, Halves::HALF)),
                }
            }
            days
        }
        Unit::Hours => Vec::new(),
    };
    Taken { days, return_on: counted.return_on }
}

/// A request as it is typed; the same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeaveRequestInput {
    /// `lty_…`
    pub type_id: String,
    /// `2026-05-04`
    pub from: String,
    /// The last day, included; `from` where empty.
    pub to: String,
    /// `true` where the morning of the first day is worked.
    pub starts_at_noon: String,
    /// `true` where the afternoon of the last day is worked.
    pub ends_at_noon: String,
    /// `1:30` or `1h30`, of a type that is taken by hours, on one day.
    pub hours: String,
    /// For who decides.
    pub comment: String,
    /// `true` where it stays a draft.
    pub is_draft: String,
}

/// What was typed, checked in itself: not yet against balances and other absences.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub kind: LeaveTypeId,
    pub span: Span,
    pub minutes: Option<u16>,
    pub comment: Option<String>,
    pub is_draft: bool,
}

impl LeaveRequestInput {
    pub fn of(request: &LeaveRequest) -> Self {
        Self {
            type_id: request.kind.to_string(),
            from: request.span.from.to_string(),
            to: request.span.to.to_string(),
            starts_at_noon: request.span.starts_at_noon.to_string(),
            ends_at_noon: request.span.ends_at_noon.to_string(),
            hours: request.minutes.map(|minutes| format!("{}:{:02}", minutes / 60, minutes % 60)).unwrap_or_default(),
            comment: request.comment.clone().unwrap_or_default(),
            is_draft: (request.state == RequestState::Draft).to_string(),
        }
    }

    /// `find` knows the type, if it may be asked for.
    pub fn parse<'a>(
        &self,
        find: impl FnOnce(LeaveTypeId) -> Option<&'a LeaveType>,
    ) -> std::result::Result<Asked, Violations> {
        let mut wrong = Violations::default();
        let named = match self.type_id.trim() {
            "" => Err(Rule::Required),
            id => id.parse().ok().and_then(find).ok_or(Rule::NotFound),
        };
        let kind = wrong.take("/type_id", named);
        let from = wrong.take("/from", legal::date(&self.from));
        let is_by_hours = kind.is_some_and(|kind| kind.unit == Unit::Hours);
        let to = match self.to.trim() {
            "" => from,
            _ if is_by_hours => from,
            text => wrong.take("/to", legal::date(text)),
        };
        if let (Some(from), Some(to)) = (from, to) {
            if to < from {
                wrong.add("/to", Rule::Before { date: text::short_date(from) });
            } else if from.checked_add(DAYS_MAX.days()).is_ok_and(|last| to >= last) {
                wrong.add("/to", Rule::TooManyDays { max: DAYS_MAX as usize });
            }
        }
        let starts_at_noon = wrong.take("/starts_at_noon", flag(&self.starts_at_noon)).unwrap_or_default();
        let ends_at_noon = wrong.take("/ends_at_noon", flag(&self.ends_at_noon)).unwrap_or_default();
        if starts_at_noon && ends_at_noon && from == to {
            wrong.add("/ends_at_noon", Rule::OneHalf);
        }
        if (starts_at_noon || ends_at_noon) && kind.is_some_and(|kind| !kind.takes_halves) {
            wrong.add(if starts_at_noon { "/starts_at_noon" } else { "/ends_at_noon" }, Rule::WholeDaysOnly);
        }
        let minutes = if is_by_hours { wrong.take("/hours", legal::duration(&self.hours)) } else { None };
        let comment =
            wrong.take("/comment", legal::optional(&self.comment, |text| legal::text(text, COMMENT_MAX))).flatten();
        let is_draft = wrong.take("/is_draft", flag(&self.is_draft)).unwrap_or_default();
        match (kind, from, to) {
            (Some(kind), Some(from), Some(to)) if wrong.is_empty() => Ok(Asked {
                kind: kind.id,
                span: Span { from, starts_at_noon, to, ends_at_noon },
                minutes,
                comment,
                is_draft,
            }),
            _ => Err(wrong),
        }
    }
}

impl LeaveRequest {
    /// A draft of what is asked.
    pub fn new(id: LeaveRequestId, employee: &Employee, asked: &Asked, by: UserId, now: Timestamp) -> Self {
        Self {
            id,
            employee: employee.id,
            user: employee.user,
            kind: asked.kind,
            span: asked.span,
            minutes: asked.minutes,
            comment: asked.comment.clone(),
            state: RequestState::Draft,
            asked_at: None,
            told_at: None,
            reminded_at: None,
            first: None,
            decision: None,
            created_by: by,
            created_at: now,
        }
    }

    fn must_be(&self, states: &[RequestState]) -> Result<()> {
        if states.contains(&self.state) { Ok(()) } else { Err(Error::Conflict(Conflict::LeaveClosed)) }
    }

    /// A draft that says something else.
    pub fn edited(&self, asked: &Asked) -> Result<Self> {
        self.must_be(&[RequestState::Draft])?;
        Ok(Self {
            kind: asked.kind,
            span: asked.span,
            minutes: asked.minutes,
            comment: asked.comment.clone(),
            ..self.clone()
        })
    }

    /// Asked for. What needs nobody's yes is approved at once.
    pub fn submitted(&self, kind: &LeaveType, now: Timestamp) -> Result<Self> {
        self.must_be(&[RequestState::Draft])?;
        let state = if kind.needs_approval { RequestState::Pending } else { RequestState::Approved };
        Ok(Self { state, asked_at: Some(now), ..self.clone() })
    }

    /// A yes: the last one, or one that another follows.
    pub fn approved(&self, decision: Decision, is_last: bool) -> Result<Self> {
        self.must_be(&[RequestState::Pending])?;
        if is_last {
            return Ok(Self { state: RequestState::Approved, decision: Some(decision), ..self.clone() });
        }
        if self.first.is_some() {
            return Err(Error::Conflict(Conflict::LeaveClosed));
        }
        Ok(Self {
            asked_at: Some(decision.at),
            told_at: None,
            reminded_at: None,
            first: Some(decision),
            ..self.clone()
        })
    }

    pub fn refused(&self, decision: Decision) -> Result<Self> {
        self.must_be(&[RequestState::Pending])?;
        Ok(Self { state: RequestState::Refused, decision: Some(decision), ..self.clone() })
    }

    pub fn withdrawn(&self) -> Result<Self> {
        self.must_be(&[RequestState::Draft, RequestState::Pending])?;
        Ok(Self { state: RequestState::Withdrawn, ..self.clone() })
    }

    /// `today` where it is the employee who cancels: until the leave begins.
    pub fn cancelled(&self, today: Option<Date>) -> Result<Self> {
        self.must_be(&[RequestState::Approved])?;
        if today.is_some_and(|today| self.span.from <= today) {
            return Err(Error::Conflict(Conflict::LeaveBegun));
        }
        Ok(Self { state: RequestState::Cancelled, ..self.clone() })
    }

    /// The day on which who is to decide is reminded.
    pub fn remind_on(&self, after_days: u8, day: impl Fn(Timestamp) -> Date) -> Option<Date> {
        let since = self.asked_at.filter(|_| self.state == RequestState::Pending && self.reminded_at.is_none())?;
        day(since).checked_add(i64::from(after_days).days()).ok()
    }

    pub fn quantity(&self, taken: &Taken) -> Quantity {
        taken.total().into()
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::{
        employee::model::tests::employee,
        leave::{
            Counting,
            types::{LeaveSettings, Nature},
        },
        settings::WorkSite,
    };

    pub fn whole(from: Date, to: Date) -> Span {
        Span { from, starts_at_noon: false, to, ends_at_noon: false }
    }

    pub fn asked(kind: LeaveTypeId, span: Span) -> LeaveRequest {
        let asked = Asked { kind, span, minutes: None, comment: None, is_draft: false };
        LeaveRequest::new(
            LeaveRequestId::from_ulid(Ulid(1)),
            &employee(),
            &asked,
            UserId::from_ulid(Ulid(4)),
            Timestamp::UNIX_EPOCH,
        )
    }

    pub fn of_nature(settings: &LeaveSettings, nature: Nature) -> &LeaveType {
        settings.types.iter().find(|one| one.nature == nature).unwrap()
    }

    fn decision(at: i64) -> Decision {
        let at = Timestamp::from_second(at).unwrap();
        Decision { by: UserId::from_ulid(Ulid(9)), name: "Ada".into(), at, comment: None }
    }

    #[test]
    fn one_decision_and_no_other() {
        let settings = LeaveSettings::default();
        let kind = of_nature(&settings, Nature::PaidLeave);
        let day = date(2026, 6, 2);
        let pending = asked(kind.id, whole(day, day)).submitted(kind, Timestamp::UNIX_EPOCH).unwrap();
        assert!(pending.submitted(kind, Timestamp::UNIX_EPOCH).is_err());
        let first = pending.approved(decision(1), false).unwrap();
        assert_eq!((first.state, first.asked_at), (RequestState::Pending, Some(decision(1).at)));
        assert!(first.approved(decision(2), false).is_err(), "the second yes is another's");
        let approved = first.approved(decision(2), true).unwrap();
        for again in [approved.approved(decision(3), true), approved.refused(decision(3)), approved.withdrawn()] {
            assert!(matches!(again, Err(Error::Conflict(Conflict::LeaveClosed))));
        }
        assert!(approved.cancelled(Some(date(2026, 6, 1))).is_ok());
        assert!(matches!(approved.cancelled(Some(day)), Err(Error::Conflict(Conflict::LeaveBegun))));
        assert!(approved.cancelled(None).is_ok(), "who decides may");
        let free = LeaveType { needs_approval: false, ..kind.clone() };
        let at_once = asked(kind.id, whole(day, day)).submitted(&free, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(at_once.state, RequestState::Approved);
        let utc = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
        assert_eq!(pending.remind_on(3, utc), Some(date(1970, 1, 4)));
        assert_eq!(approved.remind_on(3, utc), None);
    }

    #[test]
    fn halves_of_days_overlap_or_do_not() {
        let (monday, tuesday) = (date(2026, 6, 1), date(2026, 6, 2));
        let morning = Span { ends_at_noon: true, ..whole(tuesday, tuesday) };
        let afternoon = Span { starts_at_noon: true, ..whole(tuesday, tuesday) };
        assert!(!morning.overlaps(&afternoon) && morning.overlaps(&morning));
        let until_noon = Span { ends_at_noon: true, ..whole(monday, tuesday) };
        assert!(until_noon.overlaps(&morning) && !afternoon.overlaps(&until_noon));
        assert_eq!(until_noon.half_days().count(), 3);
        assert_eq!(until_noon.french(), "du 1er\u{a0}juin\u{a0}2026 au 2\u{a0}juin\u{a0}2026 (matin)");
        assert_eq!(afternoon.french(), "le 2\u{a0}juin\u{a0}2026 (après-midi)");
    }

    #[test]
    fn what_an_absence_takes_of_whom() {
        let types = LeaveSettings::default();
        let [paid, sick] = [Nature::PaidLeave, Nature::Sickness].map(|nature| of_nature(&types, nature));
        let full = employee();
        let mut part = full.clone();
        part.contracts[0].week = Week::of(&[1, 2, 4]);
        let strasbourg = WorkSite {
            id: kernel::id::WorkSiteId::from_ulid(Ulid(3)),
            name: "Strasbourg".into(),
            region: Region::AlsaceMoselle,
            former_regions: Vec::new(),
        };
        let mut there = full.clone();
        there.contracts[0].site = Some(strasbourg.id);
        let sites = vec![strasbourg];
        let ouvrables = HrSettings { sites, ..HrSettings::default() };
        let ouvres = HrSettings { counting: Counting::Ouvres, ..ouvrables.clone() };
        let (may, august) = (|day| date(2026, 5, day), |day| date(2026, 8, day));
        // Who, from, to, jours ouvrables, jours ouvrés, the article.
        let rows = [
            (&full, may(11), may(15), "5", "4", "Ascension, 14 May: L3133-1"),
            (&full, may(25), may(29), "5", "4", "Whit Monday, 25 May: L3133-1"),
            (&full, august(10), august(14), "5", "5", "15 August, a Saturday: L3133-1"),
            (&part, may(18), may(21), "6", "5", "part time, to the eve of the return: L3123-5"),
            (&part, may(20), may(20), "0", "0", "a day off of part time takes nothing: L3141-3"),
            (&full, date(2026, 3, 30), date(2026, 4, 3), "6", "5", "Good Friday is worked in Paris"),
            (&there, date(2026, 3, 30), date(2026, 4, 3), "5", "4", "Good Friday in Strasbourg: L3134-13"),
        ];
        for (who, from, to, in_ouvrables, in_ouvres, article) in rows {
            for (settings, expected) in [(&ouvrables, in_ouvrables), (&ouvres, in_ouvres)] {
                assert_eq!(taken(whole(from, to), paid, who, settings).total().french(), expected, "{article}");
            }
        }
        let half = Span { starts_at_noon: true, ..whole(may(11), may(12)) };
        assert_eq!(taken(half, paid, &full, &ouvres).total().french(), "1,5");
        let ill = taken(whole(may(9), may(17)), sick, &full, &ouvres);
        assert_eq!((ill.total().french(), ill.return_on), ("9".into(), may(18)), "every day of the calendar");
    }

    #[test]
    fn what_is_typed_is_read_or_told_wrong() {
        let types = LeaveSettings::default();
        let id = |nature| of_nature(&types, nature).id.to_string();
        let read = |input: &LeaveRequestInput| input.parse(|id| types.find(id));
        let input = LeaveRequestInput {
            type_id: id(Nature::PaidLeave),
            from: "2026-06-01".into(),
            starts_at_noon: "true".into(),
            ..LeaveRequestInput::default()
        };
        assert_eq!(read(&input).unwrap().span.to, date(2026, 6, 1));
        let hours = LeaveRequestInput {
            type_id: id(Nature::Own),
            starts_at_noon: String::new(),
            hours: "1:30".into(),
            to: "2026-06-30".into(),
            ..input.clone()
        };
        let asked = read(&hours).unwrap();
        assert_eq!((asked.minutes, asked.span.to), (Some(90), date(2026, 6, 1)));
        let pointer = |input: LeaveRequestInput| read(&input).unwrap_err().iter().next().unwrap().pointer.clone();
        assert_eq!(pointer(LeaveRequestInput { type_id: id(Nature::Birth), ..input.clone() }), "/starts_at_noon");
        assert_eq!(pointer(LeaveRequestInput { type_id: String::new(), ..input.clone() }), "/type_id");
        assert_eq!(pointer(LeaveRequestInput { to: "2026-05-31".into(), ..input.clone() }), "/to");
        assert_eq!(pointer(LeaveRequestInput { ends_at_noon: "true".into(), ..input }), "/ends_at_noon");
        assert_eq!(pointer(LeaveRequestInput { hours: String::new(), ..hours }), "/hours");
    }
}
