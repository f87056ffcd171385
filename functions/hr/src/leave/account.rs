//! Balances of leave. Pure.
//!
//! A balance is a fold over facts: contracts, requests, corrections by hand, and which months the clock has counted at which
//! rate. What is stored of it (`sums`) repeats that, so that two requests at once meet; it is written anew with each of
//! them, and a test holds both equal.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Rule, Violations,
    id::{EmployeeId, LeaveRequestId, LeaveTypeId, UserId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use super::{
    Counting, Halves,
    quantity::Quantity,
    request::{HalfDay, LeaveRequest, RequestState, Span, Taken, schedule, taken},
    types::{Accrual, Earning, LeaveSettings, LeaveType, Nature, Unit, legal_year},
    words,
};
use crate::{
    employee::{ContractKind, Employee},
    settings::HrSettings,
};

/// How far back balances are counted: what was earned before can no longer be taken.
const YEARS: i64 = 5;
/// How many corrections somebody's leave has at most.
const ADJUSTMENTS_MAX: usize = 300;
/// For how long leave that sickness kept somebody from is taken, once they were told of it (C. trav. L3141-19-1).
const CARRIED_MONTHS: i64 = 15;
/// How long before it is lost somebody is told of their leave: they can still take it, which their employer has to have let them
/// (CJUE, 6 November 2018, C-684/16; Cass. soc., 13 September 2023, n° 22-10.529).
const TERM_MONTHS: i64 = 2;

/// Beside an employee: how far their leave was counted, and what no contract and no request says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveAccount {
    pub employee: EmployeeId,
    /// The member who they are.
    pub user: Option<UserId>,
    /// The first day of the first month that was not counted yet.
    pub through: Date,
    /// What was counted, each month once, at the rate of its time.
    pub months: Vec<CountedMonth>,
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
    #[serde(default)]
    pub informed: Vec<Informed>,
    /// The balances, as they were when it was written.
    pub sums: Vec<PeriodSum>,
    /// When the clock looks at it again.
    pub look_on: Option<Date>,
    /// The version of the file by which absences were counted.
    #[serde(default)]
    pub file_version: u64,
    /// The same of the settings.
    #[serde(default)]
    pub settings_version: u64,
    /// The last return from illness of which who keeps the files was told to inform the employee (C. trav. L3141-19-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_told: Option<Date>,
    /// The last term before which the employee was told what they have to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_told: Option<Date>,
}

/// One month of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedMonth {
    #[serde(rename = "leave_type")]
    pub kind: LeaveTypeId,
    /// Its first day.
    pub month: Date,
    /// The first day of the year in which it is earned.
    pub year: Date,
    /// The day until which it is taken.
    pub usable_until: Date,
    /// What a whole month gave then.
    pub rate: Quantity,
    /// What it gave.
    pub earned: Quantity,
    /// From how many days on an absence lowered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_from: Option<u16>,
}

/// A correction by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    #[serde(rename = "leave_type")]
    pub kind: LeaveTypeId,
    pub year: Date,
    pub quantity: Quantity,
    pub why: Why,
    pub reason: Option<String>,
    pub on: Date,
    pub by: UserId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Correction,
    /// Days for leave that was split (C. trav. L3141-23).
    Split,
}

/// The employer told somebody what leave sickness kept them from, and until when it may be taken (C. trav. L3141-19-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Informed {
    #[serde(rename = "leave_type")]
    pub kind: LeaveTypeId,
    pub year: Date,
    pub on: Date,
    /// Whether the mail that says so was written.
    #[serde(default)]
    pub is_told: bool,
    /// Whether it may still be taken in its time, so that nothing is carried over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_term: bool,
}

/// What there is of one type and one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodSum {
    #[serde(rename = "leave_type")]
    pub kind: LeaveTypeId,
    pub year: Date,
    pub usable_until: Date,
    pub acquired: Quantity,
    pub taken: Quantity,
    pub pending: Quantity,
    /// What was not taken in time.
    pub lost: Quantity,
}

impl PeriodSum {
    pub fn left(&self) -> Quantity {
        self.acquired - self.taken - self.pending - self.lost
    }
}

/// All that balances follow from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub employee: &'a Employee,
    pub settings: &'a HrSettings,
    pub leave: &'a LeaveSettings,
    pub account: &'a LeaveAccount,
    pub requests: &'a [LeaveRequest],
}

/// Why a balance is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub on: Date,
    pub quantity: Quantity,
    pub cause: Cause,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// A month, and of how many half days of it whole and reduced.
    Month {
        worked: u16,
        sick: u16,
        of: u16,
    },
    /// A month of what follows from presence, and on how many half days of its work somebody was there.
    Presence {
        worked: u16,
        of: u16,
    },
    /// Days are counted otherwise from here on: what was left before, and what is after.
    Converted {
        before: Quantity,
        after: Quantity,
        to: Counting,
    },
    /// The year is over, and what it began is a whole day (C. trav. L3141-7).
    RoundedUp,
    Adjusted {
        why: Why,
        reason: Option<String>,
    },
    Taken {
        request: LeaveRequestId,
        span: Span,
    },
    Pending {
        request: LeaveRequestId,
        span: Span,
    },
    /// Days of leave on which somebody was ill.
    GivenBack {
        request: LeaveRequestId,
        span: Span,
    },
    Lost,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    pub sum: PeriodSum,
    pub ends_on: Date,
    pub lines: Vec<Line>,
    /// Jours of its main leave that were taken from May to October of the year it was earned for.
    in_season: Quantity,
}

/// Balances, by type and year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Balances(BTreeMap<(LeaveTypeId, Date), Period>);

/// The first day of the year of a type in which a day is.
pub fn year_of(accrual: Accrual, day: Date) -> Date {
    let year = if day.month() >= accrual.first_month { day.year() } else { day.year() - 1 };
    Date::new(year, accrual.first_month, 1).unwrap_or(day)
}

/// The last day of the year that begins on a day.
pub fn ends_on(year: Date) -> Date {
    plus_months(year, 12).yesterday().unwrap_or(year)
}

fn plus_months(day: Date, months: i64) -> Date {
    day.checked_add(months.months()).unwrap_or(day)
}

/// Whether somebody's contract earns leave on a day: interns have their own law, who is sent by an agency or invoices is
/// nobody's employee here.
pub fn is_employed(employee: &Employee, day: Date) -> bool {
    let is_there = employee.hired_on <= day && employee.left_on.is_none_or(|left_on| day <= left_on);
    let contract = employee.contract_on(day).filter(|contract| contract.ends_on.is_none_or(|ends_on| day <= ends_on));
    let earns = contract.is_some_and(|contract| {
        matches!(contract.kind, ContractKind::Permanent | ContractKind::FixedTerm | ContractKind::Apprenticeship)
    });
    is_there && earns
}

impl Facts<'_> {
    /// Days as they were counted on a day, in those of now.
    fn told_now(&self, kind: LeaveTypeId, quantity: Quantity, on: Date) -> Quantity {
        let (from, to) = (self.settings.counting_on(on), self.settings.counting);
        self.leave.find(kind).map_or(quantity, |kind| kind.converted(quantity, from, to))
    }
}

/// Of the half days of a month on which somebody would work, those on which they were there: what is absence, an agreement
/// says by its length.
fn attendance(facts: &Facts<'_>, month: Date, from_days: u16) -> (u16, u16) {
    let is_long = |span: &Span| (span.to - span.from).get_days() + 1 >= i32::from(from_days);
    let away: Vec<Span> = facts
        .requests
        .iter()
        .filter(|request| request.state == RequestState::Approved && is_long(&request.span))
        .filter(|request| facts.leave.find(request.kind).is_some_and(|kind| !kind.is_presence()))
        .map(|request| request.span)
        .collect();
    let agreed = schedule(facts.employee, facts.settings);
    let whole = Span { from: month, starts_at_noon: false, to: month.last_of_month(), ends_at_noon: false };
    let (mut worked, mut of) = (0, 0);
    for half in whole.half_days().filter(|(date, _)| agreed(*date).week.has(date.weekday())) {
        of += 1;
        if is_employed(facts.employee, half.0) && !away.iter().any(|span| span.has(half)) {
            worked += 1;
        }
    }
    (worked, of)
}

/// Of a month: half days of it, those that earn whole and those that earn as sickness does.
struct Presence {
    worked: u16,
    sick: u16,
    of: u16,
}

fn presence(facts: &Facts<'_>, month: Date) -> Presence {
    let absences: Vec<(Span, Earning)> = facts
        .requests
        .iter()
        .filter(|request| request.state == RequestState::Approved)
        .filter_map(|request| {
            let kind = facts.leave.find(request.kind)?;
            let earning = if kind.unit == Unit::Hours { Earning::Whole } else { kind.nature.earning() };
            (earning != Earning::Whole).then_some((request.span, earning))
        })
        .collect();
    let mut presence = Presence { worked: 0, sick: 0, of: 0 };
    for half in
        (Span { from: month, starts_at_noon: false, to: month.last_of_month(), ends_at_noon: false }).half_days()
    {
        presence.of += 1;
        if !is_employed(facts.employee, half.0) {
            continue;
        }
        match absences.iter().find(|(span, _)| span.has(half)).map(|(_, earning)| *earning) {
            None | Some(Earning::Whole) => presence.worked += 1,
            Some(Earning::Sickness) => presence.sick += 1,
            Some(Earning::Nothing) => {}
        }
    }
    presence
}

/// What a month gives of its rate: in proportion to its days, those of sickness at four fifths (2 of 2.5, C. trav. L3141-5-1),
/// of which a year gives no more than `sick_left`.
fn earned(rate: Quantity, presence: &Presence, sick_left: Quantity) -> (Quantity, Quantity) {
    let of = i64::from(presence.of);
    let worked = rate.part(presence.worked.into(), of);
    let sick = rate.part(4 * i64::from(presence.sick), 5 * of).min(sick_left);
    (worked, sick)
}

impl LeaveAccount {
    /// Of somebody of whom nothing was counted.
    pub fn new(employee: &Employee, today: Date) -> Self {
        let begins_on = employee.hired_on.max(back(today)).first_of_month();
        Self {
            employee: employee.id,
            user: employee.user,
            through: begins_on,
            months: Vec::new(),
            adjustments: Vec::new(),
            informed: Vec::new(),
            sums: Vec::new(),
            look_on: None,
            file_version: 0,
            settings_version: 0,
            return_told: None,
            term_told: None,
        }
    }

    /// With every month that is over counted, once each, however long nobody looked: at the rates of now.
    #[must_use]
    pub fn counted_until(
        &self,
        employee: &Employee,
        settings: &HrSettings,
        leave: &LeaveSettings,
        today: Date,
    ) -> Self {
        let mut changed = self.clone();
        let this_month = today.first_of_month();
        let mut month = changed.through;
        while month < this_month {
            let is_there = [month, month.last_of_month()].into_iter().any(|day| is_employed(employee, day))
                || employee.contracts.iter().any(|contract| contract.from.first_of_month() == month)
                || employee.left_on.is_some_and(|left_on| left_on.first_of_month() == month);
            let counting = settings.counting_on(month.last_of_month());
            let types = leave.active().filter(|_| is_there);
            for (kind, accrual) in types.filter_map(|kind| Some((kind.id, kind.accrual(counting)?))) {
                let year = year_of(accrual, month);
                changed.months.push(CountedMonth {
                    kind,
                    month,
                    year,
                    usable_until: plus_months(ends_on(year).tomorrow().unwrap_or(year), accrual.months_after.into())
                        .yesterday()
                        .unwrap_or(year),
                    rate: accrual.per_month,
                    earned: Quantity::ZERO,
                    presence_from: accrual.presence_from,
                });
            }
            month = plus_months(month, 1);
        }
        changed.through = changed.through.max(this_month);
        let oldest = back(changed.through);
        changed.months.retain(|counted| counted.year >= oldest);
        changed.adjustments.retain(|adjustment| adjustment.year >= oldest);
        changed.informed.retain(|informed| informed.year >= oldest);
        changed
    }

    /// As it is stored beside these requests: its months and its sums say what they follow from.
    #[must_use]
    pub fn settled(&self, facts: Facts<'_>) -> Self {
        let facts = Facts { account: self, ..facts };
        let mut changed = Self { user: facts.employee.user, ..self.clone() };
        let balances = Balances::of(&facts);
        changed.months = months_of(&facts).into_iter().map(|(counted, _)| counted).collect();
        changed.sums = balances.0.values().map(|period| period.sum).collect();
        changed
    }

    /// With a correction more.
    pub fn adjusted(&self, adjustment: Adjustment) -> Result<Self, Rule> {
        if self.adjustments.len() >= ADJUSTMENTS_MAX {
            return Err(Rule::TooMany { max: ADJUSTMENTS_MAX });
        }
        let mut changed = self.clone();
        changed.adjustments.push(adjustment);
        Ok(changed)
    }

    /// Since when the leave of a year that sickness kept somebody from may be taken for 15 months.
    #[must_use]
    pub fn with_informed(&self, informed: Informed) -> Self {
        let mut changed = self.clone();
        // What was carried over once stays so, whatever they are told later.
        let is_same = |one: &Informed| (one.kind, one.year) == (informed.kind, informed.year);
        changed.informed.retain(|one| !is_same(one) || (informed.keeps_term && !one.keeps_term));
        changed.informed.push(informed);
        changed
    }
}

/// The first day that still counts.
fn back(today: Date) -> Date {
    today.checked_sub(YEARS.years()).unwrap_or(today).first_of_month()
}

/// The months that were counted, with what they give by what is known now, in days of now, and why.
fn months_of(facts: &Facts<'_>) -> Vec<(CountedMonth, Cause)> {
    let mut months = facts.account.months.clone();
    months.sort_by_key(|counted| (counted.kind, counted.month));
    let mut told = Vec::new();
    let mut presences: BTreeMap<Date, Presence> = BTreeMap::new();
    let (mut sick, mut total): (BTreeMap<_, Quantity>, BTreeMap<_, Quantity>) = Default::default();
    for mut counted in months {
        let presence = presences.entry(counted.month).or_insert_with(|| presence(facts, counted.month));
        let kind = facts.leave.find(counted.kind);
        let accrual = kind.and_then(|kind| kind.accrual(facts.settings.counting));
        let by_law = kind.is_some_and(|kind| kind.nature.accrues_by_law());
        let counted_on = counted.month.last_of_month();
        let rate = facts.told_now(counted.kind, counted.rate, counted_on);
        let cap = accrual.and_then(|accrual| accrual.cap);
        let cap = if by_law { cap } else { cap.map(|cap| facts.told_now(counted.kind, cap, counted_on)) };
        let period = (counted.kind, counted.year);
        let (sick, total) = (sick.entry(period).or_default(), total.entry(period).or_default());
        // 24 jours ouvrables of 30 (C. trav. L3141-5-1).
        let sick_most = if by_law { legal_year(facts.settings.counting).part(4, 5) } else { Quantity::days(366) };
        let (earned, cause) = match counted.presence_from {
            Some(from_days) => {
                let (worked, of) = attendance(facts, counted.month, from_days);
                let earned = if of == 0 { rate } else { rate.part(worked.into(), of.into()) };
                (earned, Cause::Presence { worked, of })
            }
            None => {
                let (of_work, of_sickness) = earned(rate, presence, (sick_most - *sick).max(Quantity::ZERO));
                *sick += of_sickness;
                let Presence { worked, sick, of } = *presence;
                (of_work + of_sickness, Cause::Month { worked, sick, of })
            }
        };
        let room = cap.map_or(earned, |cap| (cap - *total).max(Quantity::ZERO));
        counted.earned = earned.min(room);
        *total += counted.earned;
        told.push((counted, cause));
    }
    told
}

/// The half days on which somebody was ill.
fn ill(facts: &Facts<'_>) -> Vec<Span> {
    let is_illness = |request: &&LeaveRequest| {
        request.state == RequestState::Approved
            && facts.leave.find(request.kind).is_some_and(|kind| kind.nature.gives_back())
    };
    facts.requests.iter().filter(is_illness).map(|request| request.span).collect()
}

/// What a change of the counting gave, so that nobody has less by it: in days as they are counted since.
#[derive(Debug, Clone, Copy)]
struct Conversion {
    on: Date,
    kind: LeaveTypeId,
    year: Date,
    before: Quantity,
    after: Quantity,
    to: Counting,
    /// What of it is beyond what facts come to in the new days.
    more: Quantity,
}

/// The changes of the counting until now: what was left of each year is told in the new days, at 30 for 25, and half a day that
/// it begins is whole, since no rule lets a change of words take part of a day from anybody. What lies ahead is counted anew.
fn conversions(facts: &Facts<'_>) -> Vec<Conversion> {
    let mut found: Vec<Conversion> = Vec::new();
    let formers = &facts.settings.former_countings;
    for (at, former) in formers.iter().enumerate() {
        let Ok(on) = former.until.tomorrow() else { continue };
        let to = formers.get(at + 1).map_or(facts.settings.counting, |next| next.value);
        let mut account = facts.account.clone();
        account.through = account.through.min(on);
        account.months.retain(|counted| counted.month.last_of_month() < on);
        account.adjustments.retain(|one| one.on < on);
        account.informed.retain(|one| one.on < on);
        let requests: Vec<_> = facts.requests.iter().filter(|request| request.span.from < on).cloned().collect();
        let settings = |counting, until: usize| HrSettings {
            counting,
            former_countings: formers[..until].to_vec(),
            ..facts.settings.clone()
        };
        let (old, new) = (settings(former.value, at), settings(to, at + 1));
        let upon = Facts { account: &account, requests: &requests, ..*facts };
        let before = Balances::folded(&Facts { settings: &old, ..upon }, &found);
        let after = Balances::folded(&Facts { settings: &new, ..upon }, &found);
        for period in before.periods() {
            let PeriodSum { kind, year, .. } = period.sum;
            let Some(known) = facts.leave.find(kind) else { continue };
            let left = period.sum.left();
            let told = known.converted(left, former.value, to);
            if left <= Quantity::ZERO || (told == left && !known.nature.accrues_by_law()) {
                continue;
            }
            let raw = after.0.get(&(kind, year)).map_or(Quantity::ZERO, |period| period.sum.left());
            // What a year that goes on begins, its end rounds up (C. trav. L3141-7).
            let wanted = if period.ends_on < on { told.rounded_up_to_halves() } else { told };
            let wanted = wanted.max(raw);
            found.push(Conversion { on, kind, year, before: left, after: wanted, to, more: wanted - raw });
        }
    }
    found
}

impl Balances {
    /// What there is on the first day that was not counted.
    pub fn of(facts: &Facts<'_>) -> Self {
        Self::folded(facts, &conversions(facts))
    }

    fn folded(facts: &Facts<'_>, conversions: &[Conversion]) -> Self {
        let mut balances = Self::default();
        let (account, through) = (facts.account, facts.account.through);
        for (counted, cause) in months_of(facts) {
            let period = balances.period(facts, counted.kind, counted.year);
            period.sum.usable_until = period.sum.usable_until.max(counted.usable_until);
            period.sum.acquired += counted.earned;
            period.lines.push(Line { on: counted.month.last_of_month(), quantity: counted.earned, cause });
        }
        for period in balances.0.values_mut() {
            let left_on = facts.employee.left_on.filter(|left_on| *left_on < through);
            let over_on = left_on.map_or(period.ends_on, |left_on| left_on.min(period.ends_on));
            let by_law = facts.leave.find(period.sum.kind).is_some_and(|kind| kind.nature.accrues_by_law());
            let rest = period.sum.acquired.rounded_up() - period.sum.acquired;
            if by_law && over_on < through && !rest.is_zero() {
                period.sum.acquired += rest;
                period.lines.push(Line { on: over_on, quantity: rest, cause: Cause::RoundedUp });
            }
        }
        for one in &account.adjustments {
            let period = balances.period(facts, one.kind, one.year);
            let quantity = facts.told_now(one.kind, one.quantity, one.on);
            period.sum.acquired += quantity;
            let cause = Cause::Adjusted { why: one.why, reason: one.reason.clone() };
            period.lines.push(Line { on: one.on, quantity, cause });
        }
        for one in conversions {
            let period = balances.period(facts, one.kind, one.year);
            let quantity = facts.told_now(one.kind, one.more, one.on);
            period.sum.acquired += quantity;
            let cause = Cause::Converted { before: one.before, after: one.after, to: one.to };
            period.lines.push(Line { on: one.on, quantity, cause });
        }
        for informed in account.informed.iter().filter(|informed| !informed.keeps_term) {
            let period = balances.period(facts, informed.kind, informed.year);
            period.sum.usable_until = period.sum.usable_until.max(plus_months(informed.on, CARRIED_MONTHS));
        }
        balances.take(facts);
        for period in balances.0.values_mut() {
            let left = period.sum.left();
            if period.sum.usable_until < through && left > Quantity::ZERO {
                period.sum.lost = left;
                period.lines.push(Line { on: period.sum.usable_until, quantity: -left, cause: Cause::Lost });
            }
            period.lines.sort_by_key(|line| line.on);
        }
        balances
    }

    fn period(&mut self, facts: &Facts<'_>, kind: LeaveTypeId, year: Date) -> &mut Period {
        self.0.entry((kind, year)).or_insert_with(|| {
            let accrual = facts.leave.find(kind).and_then(|kind| kind.accrual(facts.settings.counting));
            let months_after = accrual.map_or(0, |accrual| accrual.months_after);
            let usable_until = plus_months(year, 12 + i64::from(months_after)).yesterday().unwrap_or(year);
            let none = Quantity::ZERO;
            let sum = PeriodSum { kind, year, usable_until, acquired: none, taken: none, pending: none, lost: none };
            Period { sum, ends_on: ends_on(year), lines: Vec::new(), in_season: none }
        })
    }

    /// Takes what absences take, the first day first, of what can be taken longest ago.
    fn take(&mut self, facts: &Facts<'_>) {
        let ill = ill(facts);
        let oldest = back(facts.account.through);
        let mut absences: Vec<&LeaveRequest> =
            facts.requests.iter().filter(|request| request.state.holds() && request.span.from >= oldest).collect();
        absences.sort_by_key(|request| (request.span.from, request.id));
        for request in absences {
            let Some(kind) = facts.leave.find(request.kind) else { continue };
            let Some(accrual) = kind.accrual(facts.settings.counting) else { continue };
            let taken = taken(request.span, kind, facts.employee, facts.settings);
            let mut by_year: BTreeMap<Date, Quantity> = BTreeMap::new();
            let mut given_back = Quantity::ZERO;
            for (day, halves) in taken.days {
                let healthy = healthy(day, halves, &ill);
                given_back += Quantity::from(Halves(halves.0 - healthy.0));
                let quantity = facts.told_now(kind.id, healthy.into(), request.span.from);
                self.take_day(facts, kind, accrual, day, quantity, &mut by_year);
            }
            if let Some(minutes) = request.minutes.filter(|_| kind.unit == Unit::Hours) {
                self.take_day(facts, kind, accrual, request.span.from, Quantity::minutes(minutes), &mut by_year);
            }
            let (id, span) = (request.id, request.span);
            let first = by_year.keys().next().copied();
            let is_pending = request.state == RequestState::Pending;
            for (year, quantity) in by_year {
                let period = self.period(facts, kind.id, year);
                let cause = match is_pending {
                    true => Cause::Pending { request: id, span },
                    false => Cause::Taken { request: id, span },
                };
                match is_pending {
                    true => period.sum.pending += quantity,
                    false => period.sum.taken += quantity,
                }
                period.lines.push(Line { on: span.from, quantity: -quantity, cause });
            }
            if !given_back.is_zero() {
                let year = first.unwrap_or_else(|| self.newest(facts, kind.id, accrual, span.from));
                let period = self.period(facts, kind.id, year);
                let cause = Cause::GivenBack { request: id, span };
                period.lines.push(Line { on: span.to, quantity: Quantity::ZERO, cause });
            }
        }
    }

    fn take_day(
        &mut self,
        facts: &Facts<'_>,
        kind: &LeaveType,
        accrual: Accrual,
        day: Date,
        mut wanted: Quantity,
        by_year: &mut BTreeMap<Date, Quantity>,
    ) {
        let usable: Vec<Date> = self
            .of_type(kind.id)
            .filter(|period| period.sum.year <= day && day <= period.sum.usable_until)
            .map(|period| period.sum.year)
            .collect();
        for year in usable {
            let before = by_year.get(&year).copied().unwrap_or_default();
            let period = self.period(facts, kind.id, year);
            let part = (period.sum.left() - before).min(wanted).max(Quantity::ZERO);
            if part.is_zero() {
                continue;
            }
            wanted = wanted - part;
            *by_year.entry(year).or_default() += part;
            self.note_season(facts, kind.id, year, day, part);
        }
        if !wanted.is_zero() {
            let year = self.newest(facts, kind.id, accrual, day);
            *by_year.entry(year).or_default() += wanted;
            self.note_season(facts, kind.id, year, day, wanted);
        }
    }

    /// The period of May to October in which the main leave is taken (C. trav. L3141-13, L3141-19).
    fn note_season(&mut self, facts: &Facts<'_>, kind: LeaveTypeId, year: Date, day: Date, quantity: Quantity) {
        let period = self.period(facts, kind, year);
        if day.year() == period.ends_on.year() && (5..=10).contains(&day.month()) {
            period.in_season += quantity;
        }
    }

    /// Of what is taken beyond what there is: the year that is being earned, or the one of the day.
    fn newest(&self, facts: &Facts<'_>, kind: LeaveTypeId, accrual: Accrual, day: Date) -> Date {
        let current = year_of(accrual, facts.account.through.min(day));
        let usable = |period: &&Period| period.sum.year <= current && day <= period.sum.usable_until;
        self.of_type(kind).filter(usable).map(|period| period.sum.year).last().unwrap_or_else(|| year_of(accrual, day))
    }

    pub fn of_type(&self, kind: LeaveTypeId) -> impl Iterator<Item = &Period> {
        self.0.values().filter(move |period| period.sum.kind == kind)
    }

    pub fn periods(&self) -> impl Iterator<Item = &Period> {
        self.0.values()
    }

    /// What may still be taken of a type on a day.
    pub fn left_on(&self, kind: LeaveTypeId, day: Date) -> Quantity {
        let usable = |period: &&Period| period.sum.year <= day && day <= period.sum.usable_until;
        self.of_type(kind).filter(usable).map(|period| period.sum.left()).sum()
    }

    /// What is taken or reserved of a type beyond what there is.
    pub fn short(&self, kind: LeaveTypeId) -> Quantity {
        self.of_type(kind).map(|period| (-period.sum.left()).max(Quantity::ZERO)).sum()
    }
}

/// Illness, with what follows it without a day between, and the day of the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Illness {
    pub from: Date,
    pub returned_on: Date,
}

/// The illnesses of somebody, the first one first.
pub fn illnesses(facts: &Facts<'_>) -> Vec<Illness> {
    let mut spans = ill(facts);
    spans.sort_by_key(|span| span.from);
    let mut merged: Vec<Illness> = Vec::new();
    for span in spans {
        let returned_on = span.to.tomorrow().unwrap_or(span.to);
        match merged.last_mut().filter(|last| span.from <= last.returned_on) {
            Some(last) => last.returned_on = last.returned_on.max(returned_on),
            None => merged.push(Illness { from: span.from, returned_on }),
        }
    }
    merged
}

/// Leave of which an employer is to tell somebody who is back from illness, within a month of the return (C. trav. L3141-19-3).
#[derive(Debug, Clone, PartialEq)]
pub struct InformationDue {
    pub kind: LeaveTypeId,
    pub year: Date,
    pub returned_on: Date,
    /// The last day on which they are told in time.
    pub by: Date,
    pub left: Quantity,
    /// Until when it is taken, where they are told today.
    pub usable_until: Date,
    /// Whether the illness kept them from it, so that 15 months begin when they are told (L3141-19-1).
    pub is_carried: bool,
}

/// Leave that somebody has who is back from illness, of the year that goes on too: what of it is left, or was lost while they were
/// ill.
pub fn information_due(facts: &Facts<'_>, today: Date) -> Vec<InformationDue> {
    let Some(illness) = illnesses(facts).into_iter().rfind(|illness| illness.returned_on <= today) else {
        return Vec::new();
    };
    let Illness { from, returned_on } = illness;
    let is_told = |period: &Period| {
        let of = (period.sum.kind, period.sum.year);
        facts.account.informed.iter().any(|one| (one.kind, one.year) == of && one.on >= returned_on)
    };
    let balances = Balances::of(facts);
    let due = balances.periods().filter(|period| period.sum.year <= returned_on && !is_told(period));
    due.filter(|period| facts.leave.find(period.sum.kind).is_some_and(is_paid_leave))
        .filter_map(|period| {
            let sum = &period.sum;
            let left = match sum.usable_until {
                until if until < from => return None,
                until if until < today => sum.left() + sum.lost,
                _ => sum.left(),
            };
            // Five days a week are the fewest that leave takes, and a week more to agree on it.
            let weeks = left.whole_halves() / 10 + 1;
            let in_time = returned_on.checked_add(weeks.weeks()).unwrap_or(returned_on) <= sum.usable_until;
            let carried_until = plus_months(today, CARRIED_MONTHS);
            (left > Quantity::ZERO).then(|| InformationDue {
                kind: sum.kind,
                year: sum.year,
                returned_on,
                by: plus_months(returned_on, 1),
                left,
                usable_until: if in_time { sum.usable_until } else { sum.usable_until.max(carried_until) },
                is_carried: !in_time,
            })
        })
        .collect()
}

/// Whether more of the main leave is taken in one go than one may have: 24 jours ouvrables (C. trav. L3141-17).
pub fn is_too_long_at_once(kind: &LeaveType, taken: &Taken, counting: Counting) -> bool {
    let most = legal_year(counting).part(24, 30);
    is_paid_leave(kind) && Quantity::from(taken.total()) > most
}

/// Paid leave that is lost soon, the first of it of which nobody told them.
pub fn term_due(facts: &Facts<'_>, today: Date) -> Option<PeriodSum> {
    let is_near = |sum: &PeriodSum| {
        let told_from = sum.usable_until.saturating_sub(TERM_MONTHS.months());
        let is_untold = facts.account.term_told.is_none_or(|told| told < sum.usable_until);
        (told_from..=sum.usable_until).contains(&today) && is_untold && sum.left() > Quantity::ZERO
    };
    let balances = Balances::of(facts);
    let paid = balances.periods().filter(|period| facts.leave.find(period.sum.kind).is_some_and(is_paid_leave));
    paid.map(|period| period.sum).filter(is_near).min_by_key(|sum| sum.usable_until)
}

/// What of a day's leave somebody was not ill on.
fn healthy(day: Date, halves: Halves, ill: &[Span]) -> Halves {
    let is_ill = |half: HalfDay| ill.iter().any(|span| span.has(half));
    let sick = u16::from(is_ill((day, false))) + u16::from(is_ill((day, true)));
    Halves(halves.0.min(2 - sick))
}

impl Period {
    /// The days that are due for leave that was split (C. trav. L3141-23), none where they were given: two where 6 jours ouvrables
    /// of the main leave, which is 24 at most, are left after October, one from 3 on. Known once October is over.
    ///
    /// Nor any where a correction took days away: when those were taken, before who they work for kept their leave here, nobody
    /// knows.
    pub fn split_days(&self, counting: Counting, adjustments: &[Adjustment], today: Date) -> i64 {
        let mut own = adjustments.iter().filter(|one| (one.kind, one.year) == (self.sum.kind, self.sum.year));
        let is_given = own.any(|one| one.why == Why::Split || one.quantity.is_negative());
        let season_is_over = today.first_of_month() > Date::new(self.ends_on.year(), 10, 1).unwrap_or(today);
        if is_given || !season_is_over || today > self.sum.usable_until {
            return 0;
        }
        split_days(self.sum.acquired, self.in_season, counting)
    }
}

/// The rule of [`Period::split_days`]: of what was acquired and what of it was taken from May to October. In jours ouvrés a
/// week has five days instead of six.
pub fn split_days(acquired: Quantity, in_season: Quantity, counting: Counting) -> i64 {
    let ouvrables = |quantity: Quantity| match counting {
        Counting::Ouvrables => quantity,
        Counting::Ouvres => quantity.part(6, 5),
    };
    let main = ouvrables(acquired).min(Quantity::days(24));
    let outside = main - ouvrables(in_season);
    match outside {
        outside if outside >= Quantity::days(6) => 2,
        outside if outside >= Quantity::days(3) => 1,
        _ => 0,
    }
}

/// What is wrong with a request beside the others and the balances; `before` of the same one is not counted.
pub fn check(facts: &Facts<'_>, wanted: &LeaveRequest) -> Result<(), Violations> {
    let mut wrong = Violations::default();
    let Some(kind) = facts.leave.find(wanted.kind) else {
        wrong.add("/type_id", Rule::NotFound);
        return Err(wrong);
    };
    let (employee, span) = (facts.employee, wanted.span);
    let day = text::short_date;
    if span.from < employee.hired_on {
        wrong.add("/from", Rule::Before { date: day(employee.hired_on) });
    }
    if let Some(last) = employee.employed_until().filter(|last| span.to > *last) {
        wrong.add(if span.from > last { "/from" } else { "/to" }, Rule::After { date: day(last) });
    }
    let oldest = back(facts.account.through);
    // What is older is no longer counted: it would cost nothing.
    if span.from < oldest && span.from >= employee.hired_on && kind.accrual(facts.settings.counting).is_some() {
        wrong.add("/from", Rule::Before { date: day(oldest) });
    }
    let days = taken(span, kind, employee, facts.settings);
    if kind.unit == Unit::Days && days.total() == Halves(0) {
        wrong.add("/to", Rule::NothingCounted);
    }
    let others: Vec<LeaveRequest> = facts.requests.iter().filter(|other| other.id != wanted.id).cloned().collect();
    let is_illness = kind.nature.gives_back();
    let is_by_hours = kind.unit == Unit::Hours;
    let meets = |other: &&LeaveRequest| {
        let other_kind = facts.leave.find(other.kind);
        let other_is = |test: fn(&LeaveType) -> bool| other_kind.is_some_and(test);
        // Illness falls into leave (Cass. soc. 10 September 2025, n° 23-22.732); hours stand beside hours.
        let may = (is_illness && !other_is(|kind| kind.nature.gives_back()))
            || (is_by_hours && other_is(|kind| kind.unit == Unit::Hours));
        other.state.holds() && !may && other.span.overlaps(&wanted.span)
    };
    if others.iter().any(|other| meets(&other)) {
        wrong.add("/from", Rule::LeaveOverlaps);
    }
    if let Some(max) = kind.days_max_on(wanted.span.from).filter(|max| days.total().0 > max.saturating_mul(2)) {
        wrong.add("/to", Rule::LeaveTooLong { max });
    }
    if kind.accrual(facts.settings.counting).is_some() {
        let without = Balances::of(&Facts { requests: &others, ..*facts });
        let mut all = others.clone();
        all.push(LeaveRequest { state: RequestState::Pending, ..wanted.clone() });
        let with = Balances::of(&Facts { requests: &all, ..*facts });
        if with.short(kind.id) > kind.advance && with.short(kind.id) > without.short(kind.id) {
            let left = without.left_on(kind.id, wanted.span.from) + kind.advance;
            let left = if is_by_hours { left } else { Quantity::halves(left.whole_halves()) };
            let left = words::amount(left.max(Quantity::ZERO), Some(kind));
            wrong.add(if is_by_hours { "/hours" } else { "/to" }, Rule::LeaveShort { left });
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A correction as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = LeaveAdjustmentInput)]
pub struct AdjustmentInput {
    /// `lty_…`, of a type of which days are earned.
    pub type_id: String,
    /// A day of the year that it corrects, `2026-06-01`.
    pub year: String,
    /// `-2.5`; of `split` whatever is due, and nothing is said.
    pub days: String,
    /// `correction` (which an empty text means too) or `split`, the days for leave that was split, once a year.
    pub why: String,
    pub reason: String,
}

impl AdjustmentInput {
    pub fn parse(
        &self,
        leave: &LeaveSettings,
        counting: Counting,
        by: UserId,
        today: Date,
    ) -> Result<Adjustment, Violations> {
        let mut wrong = Violations::default();
        let accrual = wrong.take("/type_id", accrual_of(&self.type_id, leave, counting));
        let day = wrong.take("/year", legal::date(&self.year));
        let why = match self.why.trim() {
            "" | "correction" => Some(Why::Correction),
            "split" => Some(Why::Split),
            _ => wrong.take("/why", Err(Rule::NotAChoice)),
        };
        let quantity = match why {
            Some(Why::Split) => Some(Quantity::ZERO),
            _ => wrong.take("/days", Quantity::parse(&self.days, -366, 366)),
        };
        if why == Some(Why::Correction) && quantity.is_some_and(Quantity::is_zero) {
            wrong.add("/days", Rule::Required);
        }
        let reason = wrong.take("/reason", legal::optional(&self.reason, |text| legal::text(text, 200))).flatten();
        if reason.is_none() && why == Some(Why::Correction) {
            wrong.add("/reason", Rule::Required);
        }
        let year = accrual.zip(day).map(|((_, accrual), day)| year_of(accrual, day));
        if year.is_some_and(|year| year > today || year < back(today)) {
            wrong.add("/year", Rule::NotAChoice);
        }
        match (accrual, year, quantity, why) {
            (Some((kind, _)), Some(year), Some(quantity), Some(why)) if wrong.is_empty() => {
                Ok(Adjustment { kind, year, quantity, why, reason, on: today, by })
            }
            _ => Err(wrong),
        }
    }
}

/// That somebody was told of leave that sickness kept them from, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InformedInput {
    /// `lty_…`, of paid leave.
    pub type_id: String,
    /// A day of the year in which it was earned.
    pub year: String,
    /// The day on which they were told; today where empty.
    pub on: String,
}

impl InformedInput {
    pub fn parse(&self, leave: &LeaveSettings, counting: Counting, today: Date) -> Result<Informed, Violations> {
        let mut wrong = Violations::default();
        let accrual = wrong.take("/type_id", accrual_of(&self.type_id, leave, counting));
        let day = wrong.take("/year", legal::date(&self.year));
        let on = match self.on.trim() {
            "" => Some(today),
            text => wrong.take("/on", legal::date(text)),
        };
        if on.is_some_and(|on| on > today) {
            wrong.add("/on", Rule::After { date: text::short_date(today) });
        }
        match (accrual, day, on) {
            (Some((kind, accrual)), Some(day), Some(on)) if wrong.is_empty() => {
                Ok(Informed { kind, year: year_of(accrual, day), on, is_told: false, keeps_term: false })
            }
            _ => Err(wrong),
        }
    }
}

/// What is due of an adjustment for leave that was split, as the law counts it: none where it was given, or nothing is due.
pub fn split_due(facts: &Facts<'_>, asked: Adjustment, today: Date) -> Result<Adjustment, Rule> {
    let balances = Balances::of(facts);
    let of_law = facts.leave.find(asked.kind).is_some_and(is_paid_leave);
    let period = balances.of_type(asked.kind).find(|period| of_law && period.sum.year == asked.year);
    let days = period.map_or(0, |period| period.split_days(facts.settings.counting, &facts.account.adjustments, today));
    if days > 0 { Ok(Adjustment { quantity: Quantity::days(days), ..asked }) } else { Err(Rule::NoSplitDays) }
}

/// Whether leave of a year can be carried over by what somebody was told on a day: after an illness or an accident that ended
/// within the year before, where something of it is left or was lost while they were away (C. trav. L3141-19-1, L3141-19-3).
/// `balances` are those of the facts.
pub fn check_informed(facts: &Facts<'_>, balances: &Balances, informed: &Informed) -> Result<(), Violations> {
    let mut wrong = Violations::default();
    let on = informed.on;
    let is_recent = |illness: &Illness| {
        let ended = illness.returned_on.yesterday().unwrap_or(illness.returned_on);
        ended <= on && on <= plus_months(ended, 12)
    };
    let illness = illnesses(facts).into_iter().rfind(is_recent);
    if on < facts.employee.hired_on {
        wrong.add("/on", Rule::Before { date: text::short_date(facts.employee.hired_on) });
    } else if let Some(illness) = illness {
        let period = balances.of_type(informed.kind).find(|period| period.sum.year == informed.year);
        let sum = period.map(|period| period.sum).filter(|sum| sum.usable_until >= illness.from);
        if sum.is_none_or(|sum| sum.left() + sum.lost <= Quantity::ZERO) {
            wrong.add("/year", Rule::NothingToCarry);
        }
    } else {
        wrong.add("/on", Rule::NoIllnessThen);
    }
    let is_same =
        |one: &Informed| (one.kind, one.year, one.on) == (informed.kind, informed.year, on) && !one.keeps_term;
    if facts.account.informed.iter().any(is_same) {
        wrong.add("/on", Rule::NotedAlready);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn accrual_of(id: &str, leave: &LeaveSettings, counting: Counting) -> Result<(LeaveTypeId, Accrual), Rule> {
    let kind = id.trim().parse().ok().and_then(|id| leave.find(id)).ok_or(Rule::NotFound)?;
    kind.accrual(counting).map(|accrual| (kind.id, accrual)).ok_or(Rule::NotAChoice)
}

/// When the clock is to look at an account: the first of the next month, the first day on which somebody is reminded, or that of
/// a return from illness.
pub fn look_on(facts: &Facts<'_>, today: Date, day: impl Fn(Timestamp) -> Date) -> Option<Date> {
    let Facts { employee, leave, account, requests, .. } = facts;
    let reminders = requests.iter().filter_map(|request| request.remind_on(leave.remind_after_days, &day)).min();
    let is_over = employee.left_on.is_some_and(|left_on| left_on < account.through);
    let next_month = (!is_over).then(|| plus_months(account.through, 1));
    let untold = |illness: &Illness| account.return_told.is_none_or(|told| told < illness.returned_on);
    let returns = illnesses(facts).into_iter().filter(untold).map(|illness| illness.returned_on);
    // One that was entered later than it was is told of by the next look.
    let tomorrow = today.tomorrow().unwrap_or(today);
    let returns = returns.filter(|on| *on >= account.through).map(|on| on.max(tomorrow)).min();
    [reminders, next_month, returns.filter(|_| !is_over)].into_iter().flatten().min()
}

/// Whether a type is the paid leave of the law.
pub fn is_paid_leave(kind: &LeaveType) -> bool {
    kind.nature == Nature::PaidLeave
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::{
        employee::model::tests::employee,
        leave::request::tests::{asked, of_nature, whole},
    };

    /// Somebody, what is set up, and what they asked for; today is the first of `through`.
    struct Case {
        employee: Employee,
        settings: HrSettings,
        leave: LeaveSettings,
        account: LeaveAccount,
        requests: Vec<LeaveRequest>,
    }

    impl Case {
        /// Hired on a day, counted until another.
        fn new(hired_on: Date, counting: Counting) -> Self {
            let mut employee = employee();
            employee.hired_on = hired_on;
            employee.contracts[0].from = hired_on;
            let settings = HrSettings { counting, ..HrSettings::default() };
            let account = LeaveAccount::new(&employee, hired_on);
            Self { employee, settings, leave: LeaveSettings::default(), account, requests: Vec::new() }
        }

        fn absent(mut self, nature: Nature, from: Date, to: Date, state: RequestState) -> Self {
            let id = LeaveRequestId::from_ulid(Ulid(self.requests.len() as u128 + 1));
            let kind = of_nature(&self.leave, nature).id;
            self.requests.push(LeaveRequest { id, state, ..asked(kind, whole(from, to)) });
            self
        }

        fn counted(mut self, today: Date) -> Self {
            self.account = self.account.counted_until(&self.employee, &self.settings, &self.leave, today);
            self
        }

        fn facts(&self) -> Facts<'_> {
            Facts {
                employee: &self.employee,
                settings: &self.settings,
                leave: &self.leave,
                account: &self.account,
                requests: &self.requests,
            }
        }

        fn paid(&self) -> LeaveTypeId {
            of_nature(&self.leave, Nature::PaidLeave).id
        }

        fn period(&self, year: Date) -> Period {
            Balances::of(&self.facts()).0.get(&(self.paid(), year)).cloned().expect("a period")
        }

        fn acquired(&self, year: Date) -> String {
            self.period(year).sum.acquired.plain()
        }
    }

    const JUNE: Date = date(2025, 6, 1);

    #[test]
    fn a_year_of_work_and_what_shortens_it() {
        use Counting::{Ouvrables, Ouvres};
        let year = |counting| Case::new(JUNE, counting).counted(date(2026, 6, 1));
        // A whole year (C. trav. L3141-3).
        assert_eq!((year(Ouvrables).acquired(JUNE), year(Ouvres).acquired(JUNE)), ("30".into(), "25".into()));
        // Five months (L3141-3): 12.5, which is rounded only once the year is over (L3141-7).
        let five = Case::new(JUNE, Ouvrables).counted(date(2025, 11, 30));
        assert_eq!(five.acquired(JUNE), "12.5");
        assert_eq!(Case::new(JUNE, Ouvres).counted(date(2025, 8, 5)).acquired(JUNE), "4.17");
        // Hired on 16 January: 16 days of 31 of January, four months; 11.29, rounded up to 12 (L3141-7).
        let middle = Case::new(date(2026, 1, 16), Ouvrables);
        assert_eq!(middle.counted(date(2026, 6, 1)).acquired(JUNE), "12");
        let middle = Case::new(date(2026, 1, 16), Ouvrables).counted(date(2026, 2, 1));
        assert_eq!(middle.acquired(JUNE), "1.29");
        // Ill from September to November: 9 months at 2.5 and 3 at 2 (L3141-5-1), 28.5, rounded up.
        let ill = |counting| {
            let case = Case::new(JUNE, counting);
            case.absent(Nature::Sickness, date(2025, 9, 1), date(2025, 11, 30), RequestState::Approved)
        };
        let months = ill(Ouvrables).counted(date(2025, 12, 1));
        assert_eq!(months.acquired(JUNE), "13.5");
        assert_eq!(ill(Ouvrables).counted(date(2026, 6, 1)).acquired(JUNE), "29");
        // In jours ouvrés 9 × 25/12 + 3 × 20/12 = 23.75.
        assert_eq!(ill(Ouvres).counted(date(2026, 6, 1)).acquired(JUNE), "24");
        // The same of an accident at work: as if they had worked (L3141-5, 5°).
        let accident = Case::new(JUNE, Ouvrables)
            .absent(Nature::WorkAccident, date(2025, 9, 1), date(2025, 11, 30), RequestState::Approved)
            .counted(date(2026, 6, 1));
        assert_eq!(accident.acquired(JUNE), "30");
        // Ill for the whole year: 24 (L3141-5-1).
        let whole_year = Case::new(JUNE, Ouvrables)
            .absent(Nature::Sickness, JUNE, date(2026, 5, 31), RequestState::Approved)
            .counted(date(2026, 6, 1));
        assert_eq!(whole_year.acquired(JUNE), "24");
        // Leave without pay is no work: 30 days of November earn nothing.
        let unpaid = Case::new(JUNE, Ouvrables)
            .absent(Nature::Unpaid, date(2025, 11, 1), date(2025, 11, 30), RequestState::Approved)
            .counted(date(2025, 12, 1));
        assert_eq!(unpaid.acquired(JUNE), "12.5");
        // What is only asked for changes nothing.
        let pending = Case::new(JUNE, Ouvrables)
            .absent(Nature::Unpaid, date(2025, 11, 1), date(2025, 11, 30), RequestState::Pending)
            .counted(date(2025, 12, 1));
        assert_eq!(pending.acquired(JUNE), "15");
        // Gone on 10 March: 9 months and 10 days of 31, 23.31, rounded up at once (L3141-7).
        let mut gone = Case::new(JUNE, Ouvrables);
        gone.employee.left_on = Some(date(2026, 3, 10));
        let gone = gone.counted(date(2026, 8, 1));
        assert_eq!(gone.acquired(JUNE), "24");
        assert_eq!(gone.account.months.len(), 10, "nothing is counted of who is gone");
        // An intern earns none of it.
        let mut intern = Case::new(JUNE, Ouvrables);
        intern.employee.contracts[0].kind = ContractKind::Internship;
        let balances = Balances::of(&intern.counted(date(2026, 6, 1)).facts());
        assert!(balances.periods().all(|period| period.sum.acquired.is_zero()));
    }

    #[test]
    fn the_oldest_days_are_taken_first_and_lost_last() {
        let case = Case::new(date(2024, 6, 1), Counting::Ouvrables)
            .absent(Nature::PaidLeave, date(2026, 5, 18), date(2026, 6, 6), RequestState::Approved)
            .counted(date(2026, 7, 1));
        let old = case.period(date(2024, 6, 1));
        // 18 to 31 May: twelve jours ouvrables less Whit Monday of what is lost after May, the others of the next year.
        assert_eq!((old.sum.taken.plain(), old.sum.lost.plain()), ("11".into(), "19".into()));
        assert_eq!(case.period(JUNE).sum.taken.plain(), "6");
        assert_eq!(old.lines.last().map(|line| line.cause.clone()), Some(Cause::Lost));
        // Told on 10 June of what sickness kept them from: for 15 months more (L3141-19-1).
        let informed = Informed {
            kind: case.paid(),
            year: date(2024, 6, 1),
            on: date(2026, 6, 10),
            is_told: false,
            keeps_term: false,
        };
        let told = Case { account: case.account.with_informed(informed), ..case };
        let old = told.period(date(2024, 6, 1));
        assert_eq!((old.sum.usable_until, old.sum.lost), (date(2027, 9, 10), Quantity::ZERO));
    }

    #[test]
    fn who_is_ill_on_leave_gets_it_back() {
        // Cass. soc. 10 September 2025, n° 23-22.732.
        let leave = Case::new(JUNE, Counting::Ouvrables).absent(
            Nature::PaidLeave,
            date(2026, 7, 6),
            date(2026, 7, 18),
            RequestState::Approved,
        );
        let taken = |case: &Case| case.period(JUNE).sum.taken.plain();
        let healthy = leave.counted(date(2026, 8, 1));
        assert_eq!(taken(&healthy), "11", "two weeks, less 14 July");
        let ill = healthy.absent(Nature::Sickness, date(2026, 7, 8), date(2026, 7, 11), RequestState::Approved);
        assert_eq!(taken(&ill), "7");
        let told = ill.period(JUNE).lines;
        assert!(told.iter().any(|line| matches!(line.cause, Cause::GivenBack { .. })));
        // Nothing is said against it, where two leaves would meet.
        assert!(check(&ill.facts(), &ill.requests[1]).is_ok());
        let twice = LeaveRequest { id: LeaveRequestId::from_ulid(Ulid(9)), ..ill.requests[0].clone() };
        let wrong = check(&ill.facts(), &twice).unwrap_err();
        assert!(wrong.iter().any(|violation| violation.rule == Rule::LeaveOverlaps));
    }

    #[test]
    fn leave_that_was_split_gives_days() {
        use Counting::{Ouvrables, Ouvres};
        // Acquired, taken from May to October, days of L3141-23.
        let rows = [
            (30, 24, Ouvrables, 0),
            (30, 22, Ouvrables, 0),
            (30, 21, Ouvrables, 1),
            (30, 19, Ouvrables, 1),
            (30, 18, Ouvrables, 2),
            (30, 0, Ouvrables, 2),
            (12, 12, Ouvrables, 0),
            (25, 20, Ouvres, 0),
            (25, 15, Ouvres, 2),
        ];
        for (acquired, in_season, counting, expected) in rows {
            let days = split_days(Quantity::days(acquired), Quantity::days(in_season), counting);
            assert_eq!(days, expected, "{acquired} {in_season}");
        }
        let case = Case::new(JUNE, Ouvrables)
            .absent(Nature::PaidLeave, date(2026, 7, 6), date(2026, 7, 25), RequestState::Approved)
            .counted(date(2026, 11, 1));
        let period = case.period(JUNE);
        assert_eq!(period.sum.taken.plain(), "17");
        assert_eq!(period.split_days(Ouvrables, &[], date(2026, 10, 31)), 0, "October is not over");
        assert_eq!(period.split_days(Ouvrables, &[], date(2026, 11, 1)), 2);
        let given = AdjustmentInput {
            type_id: case.paid().to_string(),
            year: "2025-06-01".into(),
            days: "40".into(),
            why: "split".into(),
            reason: String::new(),
        };
        let by = UserId::from_ulid(Ulid(4));
        let today = date(2026, 11, 2);
        let asked = given.parse(&case.leave, Ouvrables, by, today).unwrap();
        let given = split_due(&case.facts(), asked.clone(), today).unwrap();
        assert_eq!(given.quantity, Quantity::days(2), "whatever was typed");
        let early = split_due(&case.facts(), Adjustment { year: date(2026, 6, 1), ..asked.clone() }, today);
        assert_eq!(early, Err(Rule::NoSplitDays));
        // Of what was taken before somebody's leave was kept here, nobody knows when.
        let before = Adjustment { quantity: Quantity::days(-18), why: Why::Correction, ..asked.clone() };
        assert_eq!(period.split_days(Ouvrables, &[before], today), 0);
        assert_eq!(period.split_days(Ouvrables, std::slice::from_ref(&given), date(2026, 11, 2)), 0);
        let case = Case { account: case.account.adjusted(given).unwrap(), ..case };
        assert_eq!(case.acquired(JUNE), "32");
        assert_eq!(split_due(&case.facts(), asked, today), Err(Rule::NoSplitDays), "once");
    }

    #[test]
    fn leave_is_carried_over_after_an_illness_and_where_there_is_some() {
        let rules = |case: &Case, on: Date, year: Date| {
            let informed = Informed { kind: case.paid(), year, on, is_told: false, keeps_term: false };
            let wrong =
                check_informed(&case.facts(), &Balances::of(&case.facts()), &informed).err().unwrap_or_default();
            wrong.iter().map(|one| one.rule.clone()).collect::<Vec<_>>()
        };
        let healthy = Case::new(JUNE, Counting::Ouvrables).counted(date(2026, 9, 1));
        assert_eq!(rules(&healthy, date(2026, 8, 3), JUNE), [Rule::NoIllnessThen]);
        let before = date(1990, 1, 1);
        assert_eq!(rules(&healthy, before, JUNE), [Rule::Before { date: text::short_date(JUNE) }]);
        let ill = healthy.absent(Nature::Sickness, date(2026, 6, 1), date(2026, 7, 31), RequestState::Approved);
        assert_eq!(rules(&ill, date(2026, 7, 30), JUNE), [Rule::NoIllnessThen], "they are ill");
        assert_eq!(rules(&ill, date(2026, 8, 3), JUNE), []);
        assert_eq!(rules(&ill, date(2027, 8, 3), JUNE), [Rule::NoIllnessThen], "long ago");
        assert_eq!(rules(&ill, date(2026, 8, 3), date(2020, 6, 1)), [Rule::NothingToCarry]);
        let noted = Informed { kind: ill.paid(), year: JUNE, on: date(2026, 8, 3), is_told: true, keeps_term: false };
        let noted = Case { account: ill.account.with_informed(noted), ..ill };
        assert_eq!(rules(&noted, date(2026, 8, 3), JUNE), [Rule::NotedAlready]);
    }

    #[test]
    fn who_has_leave_to_take_is_told_once_two_months_before_it_is_lost() {
        let at = |today: Date| Case::new(JUNE, Counting::Ouvrables).counted(today);
        let due = |case: &Case, today: Date| term_due(&case.facts(), today).map(|sum| (sum.usable_until, sum.left()));
        let term = date(2027, 5, 31);
        let early = date(2027, 3, 30);
        assert_eq!(due(&at(early), early), None);
        let april = date(2027, 4, 1);
        let mut case = at(april);
        assert_eq!(due(&case, april), Some((term, Quantity::days(30))));
        case.account.term_told = Some(term);
        assert_eq!(due(&case, april), None, "once");
        let june = date(2027, 6, 1);
        assert_eq!(due(&at(june), june), None, "it is lost");
    }

    #[test]
    fn leave_ends_with_the_term_of_a_contract() {
        let mut case = Case::new(JUNE, Counting::Ouvrables).counted(date(2026, 7, 1));
        case.employee.contracts[0].kind = ContractKind::FixedTerm;
        case.employee.contracts[0].ends_on = Some(date(2026, 7, 10));
        let sickness = of_nature(&case.leave, Nature::Sickness).id;
        let wrong = check(&case.facts(), &asked(sickness, whole(date(2026, 7, 9), date(2026, 7, 13)))).unwrap_err();
        let wrong: Vec<_> = wrong.iter().map(|one| (one.pointer.as_str(), one.rule.clone())).collect();
        assert_eq!(wrong, [("/to", Rule::After { date: text::short_date(date(2026, 7, 10)) })]);
    }

    /// The settings as somebody changed them on a day.
    fn recounted(settings: &HrSettings, on: Date, counting: Counting) -> HrSettings {
        let input = crate::settings::HrSettingsInput {
            counting: counting.name().into(),
            ..crate::settings::HrSettingsInput::of(settings)
        };
        input.parse(settings, on, crate::settings::model::tests::Counted(0)).unwrap()
    }

    #[test]
    fn days_that_are_counted_otherwise_take_nothing_from_anybody() {
        use Counting::{Ouvrables, Ouvres};
        // Earned from June 2024 on: 30, and five months of the next year; a week of six days was taken.
        let before = Case::new(date(2024, 6, 1), Ouvrables)
            .absent(Nature::PaidLeave, date(2025, 8, 4), date(2025, 8, 9), RequestState::Approved)
            .counted(date(2025, 11, 1));
        let (old, new) = (date(2024, 6, 1), JUNE);
        let left = |case: &Case, year| case.period(year).sum.left().plain();
        assert_eq!((left(&before, old), left(&before, new)), ("24".into(), "12.5".into()));
        let settings = recounted(&before.settings, date(2025, 11, 10), Ouvres);
        let change = Case { settings, ..before };
        // 24 and 12.5 of six days a week are 20 and 10.42 of five.
        assert_eq!((left(&change, old), left(&change, new)), ("20".into(), "10.42".into()));
        assert_eq!(change.period(old).sum.taken.plain(), "5");
        let line = |case: &Case, year| {
            let lines = case.period(year).lines;
            let found =
                lines.iter().find(|line| matches!(line.cause, Cause::Converted { .. })).expect("a line").clone();
            (found.on, found.quantity.plain(), words::cause(&found))
        };
        let (on, more, why) = line(&change, old);
        assert_eq!((on, more.as_str()), (date(2025, 11, 10), "0"));
        assert!(why.starts_with("Passage en jours ouvrés\u{a0}: 24 jours restants deviennent 20 ("), "{why}");
        // What comes later is earned and taken as days are counted then: Monday to Friday are five.
        let later = change
            .absent(Nature::PaidLeave, date(2025, 12, 8), date(2025, 12, 12), RequestState::Approved)
            .counted(date(2026, 6, 1));
        assert_eq!((left(&later, old), later.acquired(JUNE)), ("0".into(), "25".into()), "lost in the end, 15 of them");
        assert_eq!(later.period(old).sum.lost.plain(), "15");

        // Monday to Thursday were four days of six, which are 3.33 of five; half a day that is begun is whole.
        let odd = Case::new(date(2024, 6, 1), Ouvrables)
            .absent(Nature::PaidLeave, date(2025, 8, 4), date(2025, 8, 7), RequestState::Approved)
            .counted(date(2025, 11, 1));
        assert_eq!(left(&odd, old), "26");
        let settings = recounted(&odd.settings, date(2025, 11, 10), Ouvres);
        let odd = Case { settings, ..odd };
        assert_eq!((left(&odd, old), line(&odd, old).1.as_str()), ("22".into(), "0.33"));
        // And back: 22 are 26.4, which begin 26.5; nobody has less than before.
        let settings = recounted(&odd.settings, date(2025, 11, 24), Ouvrables);
        let back = Case { settings, ..odd };
        assert_eq!(left(&back, old), "26.5");
        // Whatever somebody had, it is worth no less.
        for taken in 0..24_i8 {
            for (from, to, of_old, of_new) in [(Ouvrables, Ouvres, 6, 5), (Ouvres, Ouvrables, 5, 6)] {
                let mut case = Case::new(date(2024, 6, 1), from);
                for day in 0..taken {
                    let on = date(2025, 8, 1 + day);
                    case = case.absent(Nature::PaidLeave, on, on, RequestState::Approved);
                }
                let case = case.counted(date(2025, 11, 1));
                let before = case.period(old).sum.left();
                let settings = recounted(&case.settings, date(2025, 11, 10), to);
                let after = Case { settings, ..case }.period(old).sum.left();
                assert!(after >= before.part(of_new, of_old), "{taken}: {} {}", before.plain(), after.plain());
                assert!(after.whole_halves() <= before.part(of_new, of_old).whole_halves() + 1);
            }
        }
    }

    #[test]
    fn days_of_an_agreement_are_not_fewer_because_they_are_called_otherwise() {
        use Counting::{Ouvrables, Ouvres};
        let case = |counting| {
            let mut case = Case::new(date(2025, 1, 1), counting);
            case.leave.types[1].is_active = true;
            case.counted(date(2025, 11, 1))
        };
        let rtt = |case: &Case| {
            let kind = of_nature(&case.leave, Nature::Rtt).id;
            Balances::of(&case.facts()).left_on(kind, date(2025, 11, 2)).plain()
        };
        for (from, to, before, after) in [(Ouvrables, Ouvres, "8.33", "8.33"), (Ouvres, Ouvrables, "8.33", "10")] {
            let case = case(from);
            assert_eq!(rtt(&case), before);
            let settings = recounted(&case.settings, date(2025, 11, 10), to);
            assert_eq!(rtt(&Case { settings, ..case }), after);
        }
    }

    #[test]
    fn where_an_agreement_says_so_a_long_absence_earns_no_rtt() {
        let case = |presence_from| {
            let mut case = Case::new(date(2025, 1, 1), Counting::Ouvres);
            case.leave.types[1].is_active = true;
            case.leave.types[1].accrual = case.leave.types[1].accrual.map(|accrual| Accrual {
                per_month: Quantity::days(1),
                presence_from,
                ..accrual
            });
            // Ill for the first half of March, and three days of June; on leave for a week of May.
            case.absent(Nature::Sickness, date(2025, 3, 3), date(2025, 3, 14), RequestState::Approved)
                .absent(Nature::Sickness, date(2025, 6, 2), date(2025, 6, 4), RequestState::Approved)
                .absent(Nature::PaidLeave, date(2025, 5, 5), date(2025, 5, 9), RequestState::Approved)
                .absent(Nature::Unpaid, date(2025, 7, 1), date(2025, 7, 31), RequestState::Pending)
                .counted(date(2025, 8, 1))
        };
        let period = |case: &Case| {
            let kind = of_nature(&case.leave, Nature::Rtt).id;
            Balances::of(&case.facts()).of_type(kind).next().cloned().expect("a period")
        };
        // From a week on: 10 of the 21 days of work of March are lost, and nothing else.
        let agreed = case(Some(7));
        let lines = period(&agreed).lines;
        let earned: Vec<_> = lines.iter().map(|line| line.quantity.plain()).collect();
        assert_eq!(earned, ["1", "1", "0.52", "1", "1", "1", "1"]);
        assert_eq!(words::cause(&lines[2]), "Acquis en mars\u{a0}2025\u{a0}: présent 11 jours de travail sur 21");
        assert_eq!(words::cause(&lines[4]), "Acquis en mai\u{a0}2025");
        // From the first day on, those of June as well: 18 of 21.
        let strict = period(&case(Some(1))).lines;
        assert_eq!((strict[2].quantity.plain(), strict[5].quantity.plain()), ("0.52".into(), "0.86".into()));
        // Where no agreement says so, as ever.
        assert!(period(&case(None)).lines.iter().all(|line| matches!(line.cause, Cause::Month { .. })));
    }

    #[test]
    fn what_is_taken_by_hours_is_earned_and_left_in_hours() {
        let mut case = Case::new(date(2025, 1, 1), Counting::Ouvrables);
        let own = case.leave.types.len() - 1;
        let accrual = Accrual {
            per_month: Quantity::days(7).part(1, 2),
            first_month: 1,
            cap: Some(Quantity::days(24)),
            months_after: 0,
            presence_from: None,
        };
        case.leave.types[own] = LeaveType { accrual: Some(accrual), ..case.leave.types[own].clone() };
        let kind = case.leave.types[own].clone();
        assert_eq!(kind.unit, Unit::Hours);
        let at = |id, on, minutes, state| LeaveRequest {
            id: LeaveRequestId::from_ulid(Ulid(id)),
            minutes: Some(minutes),
            state,
            ..asked(kind.id, whole(on, on))
        };
        case.requests.push(at(1, date(2025, 2, 10), 90, RequestState::Approved));
        case.requests.push(at(2, date(2025, 3, 17), 45, RequestState::Pending));
        let case = case.counted(date(2025, 4, 1));
        let sum = Balances::of(&case.facts()).of_type(kind.id).next().expect("a period").sum;
        let told = |quantity| words::amount(quantity, Some(&kind));
        assert_eq!(told(sum.acquired), "10\u{a0}h\u{a0}30");
        assert_eq!((told(sum.taken), told(sum.pending)), ("1\u{a0}h\u{a0}30".into(), "45\u{a0}min".into()));
        assert_eq!((told(sum.left()), sum.left().plain()), ("8\u{a0}h\u{a0}15".into(), "8.25".into()));
        let wrong = check(&case.facts(), &at(3, date(2025, 4, 7), 496, RequestState::Draft)).unwrap_err();
        let wrong = wrong.iter().next().unwrap();
        assert_eq!((wrong.pointer.as_str(), &wrong.rule), ("/hours", &Rule::LeaveShort { left: told(sum.left()) }));
        assert!(check(&case.facts(), &at(3, date(2025, 4, 7), 495, RequestState::Draft)).is_ok());
        // 24 hours a year at most.
        let year = case.counted(date(2025, 12, 1));
        let sum = Balances::of(&year.facts()).of_type(kind.id).next().expect("a period").sum;
        assert_eq!(told(sum.acquired), "24\u{a0}h");
    }

    #[test]
    fn a_correction_says_why() {
        let leave = LeaveSettings::default();
        let wrong = AdjustmentInput { year: "2019-06-01".into(), days: "0".into(), ..AdjustmentInput::default() };
        let wrong = AdjustmentInput { type_id: leave.types[0].id.to_string(), ..wrong };
        let by = UserId::from_ulid(Ulid(4));
        let wrong = wrong.parse(&leave, Counting::Ouvrables, by, date(2026, 11, 2)).unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/days", "/reason", "/year"]);
        let sickness = AdjustmentInput { type_id: leave.types[2].id.to_string(), ..AdjustmentInput::default() };
        let wrong = sickness.parse(&leave, Counting::Ouvrables, by, date(2026, 11, 2)).unwrap_err();
        assert!(wrong.iter().any(|violation| violation.pointer == "/type_id"));
    }

    #[test]
    fn no_more_is_taken_than_there_is_save_what_may_be_taken_before() {
        let case = Case::new(JUNE, Counting::Ouvrables).counted(date(2025, 9, 1));
        let kind = case.paid();
        let two_weeks = asked(kind, whole(date(2025, 9, 15), date(2025, 9, 27)));
        let wrong = check(&case.facts(), &two_weeks).unwrap_err();
        assert_eq!(wrong.iter().next().unwrap().rule, Rule::LeaveShort { left: "7,5".into() });
        let week = asked(kind, whole(date(2025, 9, 15), date(2025, 9, 20)));
        assert!(check(&case.facts(), &week).is_ok());
        let mut ahead = case;
        ahead.leave.types[0].advance = Quantity::days(5);
        assert!(check(&ahead.facts(), &two_weeks).is_ok());
        let sunday = asked(kind, whole(date(2025, 9, 14), date(2025, 9, 14)));
        assert_eq!(check(&ahead.facts(), &sunday).unwrap_err().iter().next().unwrap().rule, Rule::NothingCounted);
        let wedding = of_nature(&ahead.leave, Nature::Marriage).id;
        let long = asked(wedding, whole(date(2025, 9, 15), date(2025, 9, 20)));
        let wrong = check(&ahead.facts(), &long).unwrap_err();
        assert_eq!(wrong.iter().next().unwrap().rule, Rule::LeaveTooLong { max: 4 });
    }

    #[test]
    fn nobody_is_absent_before_they_came_after_they_left_or_where_nothing_is_counted_any_more() {
        let mut case = Case::new(date(2015, 6, 1), Counting::Ouvrables).counted(date(2026, 7, 1));
        case.employee.left_on = Some(date(2026, 7, 10));
        let sickness = of_nature(&case.leave, Nature::Sickness).id;
        let wrong = |kind, from, to| match check(&case.facts(), &asked(kind, whole(from, to))) {
            Ok(()) => Vec::new(),
            Err(wrong) => wrong.iter().map(|one| (one.pointer.clone(), one.rule.clone())).collect(),
        };
        let before = |date| vec![("/from".to_owned(), Rule::Before { date: text::short_date(date) })];
        let after =
            |pointer: &str| vec![(pointer.to_owned(), Rule::After { date: text::short_date(date(2026, 7, 10)) })];
        assert_eq!(wrong(sickness, date(2015, 5, 29), date(2015, 6, 2)), before(date(2015, 6, 1)));
        assert_eq!(wrong(sickness, date(2026, 7, 13), date(2026, 7, 13)), after("/from"));
        assert_eq!(wrong(sickness, date(2026, 7, 9), date(2026, 7, 13)), after("/to"));
        assert_eq!(wrong(sickness, date(2026, 7, 9), date(2026, 7, 10)), []);
        // Five years back nothing is counted: it would be for nothing.
        let (first, last) = (date(2021, 6, 28), date(2021, 6, 29));
        assert_eq!(wrong(case.paid(), first, last), before(date(2021, 7, 1)));
        assert_eq!(wrong(sickness, first, last), []);
    }

    /// Chance that comes again with its seed.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, most: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % most
        }
    }

    #[test]
    fn whenever_the_clock_comes_what_is_stored_is_what_facts_say() {
        for seed in 1..40 {
            let mut dice = Dice(seed * 7_919);
            let mut case = Case::new(date(2024, 2, 1 + dice.below(28) as i8), Counting::Ouvres);
            case.leave.types[1].is_active = true;
            let mut today = case.employee.hired_on;
            let end = date(2026, 11, 30);
            while today < end {
                // Twice, late, or after some months.
                today = today.checked_add((1 + dice.below(75) as i64).days()).unwrap().min(end);
                let from = today.checked_add((dice.below(90) as i64 - 20).days()).unwrap();
                let to = from.checked_add((dice.below(12) as i64).days()).unwrap();
                let nature = [Nature::PaidLeave, Nature::Rtt, Nature::Sickness, Nature::Unpaid][dice.below(4) as usize];
                let state = [RequestState::Pending, RequestState::Approved, RequestState::Refused];
                let state = state[dice.below(3) as usize];
                let wanted = case.requests.len();
                case = case.absent(nature, from, to, state);
                if check(&case.facts(), &case.requests[wanted]).is_err() {
                    case.requests.pop();
                }
                for _ in 0..=dice.below(2) {
                    case = case.counted(today);
                    case.account = case.account.settled(case.facts());
                }
            }
            let mut once = Case::new(case.employee.hired_on, Counting::Ouvres);
            once.leave = case.leave.clone();
            once.requests = case.requests.clone();
            let once = once.counted(end);
            let once = once.account.settled(once.facts());
            assert_eq!(once, case.account, "seed {seed}");
            // Nor is one more day taken than there is, but where illness that was told later took some of what was earned.
            let recomputed = case.account.settled(case.facts());
            assert_eq!(recomputed, case.account, "seed {seed}");
        }
    }
}
