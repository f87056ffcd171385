//! Types of leave: those of the law, and the organization's own. Pure.

use jiff::civil::{Date, date};
use kernel::{
    Rule, Violations,
    color::Color,
    id::{EmployeeId, LeaveTypeId},
    legal, text,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::{Counting, model::flag, quantity::Quantity};

const NAME_MAX: usize = 60;
/// How many types there are at most.
const TYPES_MAX: usize = 60;
/// How many members hand over at once.
const DELEGATIONS_MAX: usize = 200;

/// All of it is one item, so that a page reads it beside its own. An organization that changed nothing has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveSettings {
    pub types: Vec<LeaveType>,
    /// Whether who has `hr:approve` decides once more after the manager.
    pub is_decided_twice: bool,
    /// After how many days who is to decide is reminded.
    pub remind_after_days: u8,
    /// Who decides for whom while they are away.
    #[serde(default)]
    pub delegations: Vec<Delegation>,
}

/// One manager's decisions, handed over for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    pub of: EmployeeId,
    pub to: EmployeeId,
    pub from: Date,
    pub until: Date,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveType {
    pub id: LeaveTypeId,
    pub nature: Nature,
    pub name: String,
    pub color: Color,
    pub is_paid: bool,
    pub needs_approval: bool,
    pub takes_halves: bool,
    pub unit: Unit,
    /// Of what is earned month by month, save paid leave, of which the law says it.
    pub accrual: Option<Accrual>,
    /// The longest that one of these is, where neither a balance nor the law says it.
    pub days_max: Option<u16>,
    /// How many days may be taken before they are earned.
    pub advance: Quantity,
    pub is_active: bool,
}

/// What the law makes of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// C. trav. L3141-1.
    PaidLeave,
    Rtt,
    Sickness,
    /// Or an occupational disease.
    WorkAccident,
    Marriage,
    ChildMarriage,
    Birth,
    Adoption,
    ChildDeath,
    FamilyDeath,
    ChildIllness,
    /// C. trav. L3142-1-1.
    Mourning,
    Maternity,
    Paternity,
    /// Congé supplémentaire de naissance (loi n° 2025-1403).
    BirthSupplement,
    Unpaid,
    Training,
    /// The organization's own.
    Own,
}

/// In what it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LeaveUnit)]
pub enum Unit {
    /// Days as the organization counts them: ouvrables or ouvrés.
    Days,
    /// Every day from the first to the last.
    CalendarDays,
    /// Hours of one day.
    Hours,
}

/// What is earned, and until when it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accrual {
    pub per_month: Quantity,
    /// The month in which its year begins, 1 to 12.
    pub first_month: i8,
    /// The most that a year gives.
    pub cap: Option<Quantity>,
    /// For how many months after its year it may still be taken.
    pub months_after: u8,
    /// From how many days on (of the calendar) an absence lowers what its months give, by the days of work that it takes of
    /// them, as an agreement on working time may say; none where a month gives what it gives whoever is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_from: Option<u16>,
}

/// What days of an absence earn of paid leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earning {
    /// As days of work (C. trav. L3141-5, L3142-2, L6323-18…).
    Whole,
    /// Two jours ouvrables a month, 24 a year (C. trav. L3141-5-1).
    Sickness,
    Nothing,
}

impl Nature {
    pub const ALL: [Self; 18] = [
        Self::PaidLeave,
        Self::Rtt,
        Self::Sickness,
        Self::WorkAccident,
        Self::Marriage,
        Self::ChildMarriage,
        Self::Birth,
        Self::Adoption,
        Self::ChildDeath,
        Self::FamilyDeath,
        Self::ChildIllness,
        Self::Mourning,
        Self::Maternity,
        Self::Paternity,
        Self::BirthSupplement,
        Self::Unpaid,
        Self::Training,
        Self::Own,
    ];

    /// What absence for work accidents, motherhood, family events, training earns is the same as work (C. trav. L3141-5, 2° to
    /// 7°, L3142-2, L1225-16); leave without pay earns nothing.
    pub const fn earning(self) -> Earning {
        match self {
            Self::Sickness => Earning::Sickness,
            Self::Unpaid => Earning::Nothing,
            _ => Earning::Whole,
        }
    }

    /// Whether who is absent for it counts as present where what is earned follows from presence: paid leave and what is earned
    /// itself are reckoned with by whoever agrees on it, and training is work (C. trav. L6321-2).
    const fn is_presence(self, is_paid: bool) -> bool {
        match self {
            Self::PaidLeave | Self::Rtt | Self::Training => true,
            Self::Own => is_paid,
            _ => false,
        }
    }

    /// Whether leave that it falls into is given back (Cass. soc. 10 September 2025, n° 23-22.732).
    pub const fn gives_back(self) -> bool {
        matches!(self, Self::Sickness | Self::WorkAccident)
    }

    /// The days that the law gives right to, with the day since when; the last that had begun counts.
    const fn days(self) -> &'static [(Date, u16)] {
        // C. trav. L3142-4 by law n° 2016-1088, n° 2020-692, n° 2021-1678 and n° 2023-622.
        const SINCE_2016: Date = date(2016, 8, 10);
        const SINCE_2020: Date = date(2020, 7, 1);
        const SINCE_2023: Date = date(2023, 7, 21);
        const ALWAYS: Date = date(1980, 1, 1);
        const SINCE_2002: Date = date(2002, 1, 1);
        const SINCE_2021: Date = date(2021, 7, 1);
        const SINCE_2026: Date = date(2026, 1, 1);
        match self {
            Self::Marriage => &[(SINCE_2016, 4)],
            Self::ChildMarriage => &[(SINCE_2016, 1)],
            Self::Birth | Self::Adoption | Self::FamilyDeath => &[(SINCE_2016, 3)],
            // 14 where the child was under 25 or had children: the longer of both, which HR looks at.
            Self::ChildDeath => &[(SINCE_2016, 5), (SINCE_2020, 7), (SINCE_2023, 14)],
            Self::ChildIllness => &[(SINCE_2016, 2), (SINCE_2023, 5)],
            Self::Mourning => &[(SINCE_2020, 8)],
            // C. trav. L1225-17 and L1225-18: 16 weeks, 46 at most with twins and more, the third child, illness.
            Self::Maternity => &[(ALWAYS, 46 * 7)],
            // C. trav. L1225-35: 25 days, 32 of several children; 11 and 18 before law n° 2020-1576.
            Self::Paternity => &[(SINCE_2002, 18), (SINCE_2021, 32)],
            // Two months, of 31 days at most.
            Self::BirthSupplement => &[(SINCE_2026, 62)],
            _ => &[],
        }
    }

    /// How long it is at most on a day, in the unit of its type; no law says it of the others.
    pub fn days_on(self, on: Date) -> Option<u16> {
        let begun = self.days().iter().rev().find(|(since, _)| *since <= on);
        begun.or(self.days().first()).map(|(_, days)| *days)
    }

    /// What the organization may not set otherwise: the law does.
    pub const fn accrues_by_law(self) -> bool {
        matches!(self, Self::PaidLeave)
    }

    const fn seed(self) -> (&'static str, Color, Unit) {
        match self {
            Self::PaidLeave => ("Congés payés", Color::Green, Unit::Days),
            Self::Rtt => ("RTT", Color::Teal, Unit::Days),
            Self::Sickness => ("Maladie", Color::Red, Unit::CalendarDays),
            Self::WorkAccident => ("Accident du travail ou maladie professionnelle", Color::Red, Unit::CalendarDays),
            Self::Marriage => ("Mariage ou PACS", Color::Pink, Unit::Days),
            Self::ChildMarriage => ("Mariage d’un enfant", Color::Pink, Unit::Days),
            Self::Birth => ("Naissance", Color::Pink, Unit::Days),
            Self::Adoption => ("Adoption", Color::Pink, Unit::Days),
            Self::ChildDeath => ("Décès d’un enfant", Color::Grey, Unit::Days),
            Self::FamilyDeath => ("Décès d’un proche", Color::Grey, Unit::Days),
            Self::ChildIllness => ("Annonce du handicap ou d’une maladie grave d’un enfant", Color::Grey, Unit::Days),
            Self::Mourning => ("Congé de deuil", Color::Grey, Unit::Days),
            Self::Maternity => ("Maternité", Color::Violet, Unit::CalendarDays),
            Self::Paternity => ("Paternité et accueil de l’enfant", Color::Violet, Unit::CalendarDays),
            Self::BirthSupplement => ("Congé supplémentaire de naissance", Color::Violet, Unit::CalendarDays),
            Self::Unpaid => ("Congé sans solde", Color::Orange, Unit::CalendarDays),
            Self::Training => ("Formation", Color::Blue, Unit::Days),
            Self::Own => ("Autre absence", Color::Yellow, Unit::Hours),
        }
    }
}

impl Unit {
    pub const ALL: [Self; 3] = [Self::Days, Self::CalendarDays, Self::Hours];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::CalendarDays => "calendar_days",
            Self::Hours => "hours",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Days => "Jours de congé",
            Self::CalendarDays => "Jours calendaires",
            Self::Hours => "Heures",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::Days),
            name => Self::ALL.into_iter().find(|unit| unit.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

impl LeaveType {
    fn seeded(nature: Nature, id: u128) -> Self {
        let (name, color, unit) = nature.seed();
        Self {
            id: LeaveTypeId::from_ulid(Ulid(id)),
            nature,
            name: name.into(),
            color,
            is_paid: !matches!(nature, Nature::Sickness | Nature::WorkAccident | Nature::Unpaid),
            needs_approval: true,
            takes_halves: matches!(nature, Nature::PaidLeave | Nature::Rtt | Nature::Training | Nature::Sickness),
            unit,
            // No law gives days of RTT: an agreement does, which the organization enters. Ten a year to begin with.
            accrual: (nature == Nature::Rtt).then(|| Accrual {
                per_month: Quantity::days(10).part(1, 12),
                first_month: 1,
                cap: None,
                months_after: 0,
                presence_from: None,
            }),
            days_max: None,
            advance: Quantity::ZERO,
            is_active: nature != Nature::Rtt,
        }
    }

    /// What it earns. Of paid leave 30 jours ouvrables a year, 2.5 a month (C. trav. L3141-3), which are 25 jours ouvrés, from
    /// June to May (R3141-4), taken until the May after.
    pub fn accrual(&self, counting: Counting) -> Option<Accrual> {
        if !self.nature.accrues_by_law() {
            return self.accrual;
        }
        let year = legal_year(counting);
        Some(Accrual {
            per_month: year.part(1, 12),
            first_month: 6,
            cap: Some(year),
            months_after: 12,
            presence_from: None,
        })
    }

    /// Whether somebody who is absent for it counts as present.
    pub const fn is_presence(&self) -> bool {
        matches!(self.unit, Unit::Hours) || self.nature.is_presence(self.is_paid)
    }

    /// Days of one counting in those of another: a week has six jours ouvrables and five jours ouvrés, a year 30 and 25 (C. trav.
    /// L3141-3). What an agreement or the organization gives is so many days whatever they are called, and is never less for it.
    pub fn converted(&self, quantity: Quantity, from: Counting, to: Counting) -> Quantity {
        match (from, to) {
            _ if self.unit != Unit::Days => quantity,
            (Counting::Ouvrables, Counting::Ouvres) if self.nature.accrues_by_law() => quantity.part(5, 6),
            (Counting::Ouvres, Counting::Ouvrables) => quantity.part(6, 5),
            _ => quantity,
        }
    }

    /// The longest that one is which begins on a day.
    pub fn days_max_on(&self, on: Date) -> Option<u16> {
        self.nature.days_on(on).or(self.days_max)
    }
}

/// What a year of work gives (C. trav. L3141-3).
pub fn legal_year(counting: Counting) -> Quantity {
    match counting {
        Counting::Ouvrables => Quantity::days(30),
        Counting::Ouvres => Quantity::days(25),
    }
}

impl Default for LeaveSettings {
    /// What every organization begins with.
    fn default() -> Self {
        let seeded = Nature::ALL.into_iter().zip(1_u128..).map(|(nature, id)| LeaveType::seeded(nature, id));
        Self { types: seeded.collect(), is_decided_twice: false, remind_after_days: 3, delegations: Vec::new() }
    }
}

impl LeaveSettings {
    pub fn find(&self, id: LeaveTypeId) -> Option<&LeaveType> {
        self.types.iter().find(|one| one.id == id)
    }

    /// What may be asked for.
    pub fn active(&self) -> impl Iterator<Item = &LeaveType> {
        self.types.iter().filter(|one| one.is_active)
    }

    /// Who decides for a manager on a day, beside themselves.
    pub fn delegates(&self, manager: EmployeeId, on: Date) -> impl Iterator<Item = EmployeeId> {
        let holds = move |one: &&Delegation| one.of == manager && one.from <= on && on <= one.until;
        self.delegations.iter().filter(holds).map(|one| one.to)
    }

    /// With what a manager hands over, in the place of what they handed over before; what is over is forgotten.
    pub fn delegated(&self, of: EmployeeId, new: Option<Delegation>, today: Date) -> Result<Self, Rule> {
        let mut delegations: Vec<_> =
            self.delegations.iter().copied().filter(|one| one.of != of && one.until >= today).collect();
        delegations.extend(new);
        if delegations.len() > DELEGATIONS_MAX {
            return Err(Rule::TooMany { max: DELEGATIONS_MAX });
        }
        Ok(Self { delegations, ..self.clone() })
    }
}

/// The settings as they are typed; the same for the form and the API. A type that is not named stays: absences name it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeaveSettingsInput {
    /// `true` where who has `hr:approve` decides once more after the manager.
    pub is_decided_twice: String,
    /// After how many days who is to decide is reminded; 3 where empty.
    pub remind_after_days: String,
    pub types: Vec<LeaveTypeInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeaveTypeInput {
    /// `lty_…`; empty for a new one.
    pub id: String,
    /// A new one without a name is none.
    pub name: String,
    /// `grey` (which an empty text means too), `red`, `orange`, `yellow`, `green`, `teal`, `blue`, `violet` or `pink`.
    pub color: String,
    pub is_paid: String,
    pub needs_approval: String,
    pub takes_halves: String,
    /// `days` (which an empty text means too), `calendar_days` or `hours`.
    pub unit: String,
    /// Days earned in a month, or hours of what is taken by hours; empty where none are. Of paid leave the law says it.
    pub per_month: String,
    /// 1 to 12; 1 where empty.
    pub first_month: String,
    /// Days that a year gives at most.
    pub cap: String,
    /// Months after its year in which it may still be taken; none where empty.
    pub months_after: String,
    /// From how many days on an absence lowers what its months give, by the days of work that it takes; never where empty.
    pub presence_from: String,
    /// The longest that one is, where nothing is earned.
    pub days_max: String,
    /// Days that may be taken before they are earned; none where empty.
    pub advance: String,
    pub is_active: String,
}

impl LeaveTypeInput {
    pub fn of(one: &LeaveType) -> Self {
        let accrual = one.accrual;
        let quantity = |one: Option<Quantity>| one.map(Quantity::plain).unwrap_or_default();
        Self {
            id: one.id.to_string(),
            name: one.name.clone(),
            color: one.color.name().into(),
            is_paid: one.is_paid.to_string(),
            needs_approval: one.needs_approval.to_string(),
            takes_halves: one.takes_halves.to_string(),
            unit: one.unit.name().into(),
            per_month: quantity(accrual.map(|accrual| accrual.per_month)),
            first_month: accrual.map(|accrual| accrual.first_month.to_string()).unwrap_or_default(),
            cap: quantity(accrual.and_then(|accrual| accrual.cap)),
            months_after: accrual.map(|accrual| accrual.months_after.to_string()).unwrap_or_default(),
            presence_from: accrual
                .and_then(|accrual| accrual.presence_from)
                .map(|days| days.to_string())
                .unwrap_or_default(),
            days_max: one.days_max.map(|days| days.to_string()).unwrap_or_default(),
            advance: one.advance.plain(),
            is_active: one.is_active.to_string(),
        }
    }

    /// `before` is what it changes; `at` where it stands.
    fn parse(
        &self,
        at: usize,
        before: Option<&LeaveType>,
        id: LeaveTypeId,
        wrong: &mut Violations,
    ) -> Option<LeaveType> {
        let pointer = |field: &str| format!("/types/{at}/{field}");
        let nature = before.map_or(Nature::Own, |before| before.nature);
        let name = wrong.take(pointer("name"), legal::required(&self.name, NAME_MAX));
        let color = wrong.take(pointer("color"), Color::parse(&self.color));
        let is_paid = wrong.take(pointer("is_paid"), flag(&self.is_paid));
        let needs_approval = wrong.take(pointer("needs_approval"), flag(&self.needs_approval));
        let takes_halves = wrong.take(pointer("takes_halves"), flag(&self.takes_halves));
        let unit = wrong.take(pointer("unit"), Unit::named(&self.unit));
        let is_active = wrong.take(pointer("is_active"), flag(&self.is_active));
        let days_max = wrong.take(pointer("days_max"), optional(&self.days_max, |text| whole(text, 1, 366)));
        let advance = wrong.take(pointer("advance"), optional(&self.advance, |text| Quantity::parse(text, 0, 60)));
        let accrual = self.accrual(at, before, unit == Some(Unit::Hours), wrong);
        let unit = unit?;
        Some(LeaveType {
            id,
            nature,
            name: name?,
            color: color?,
            is_paid: is_paid?,
            needs_approval: needs_approval?,
            takes_halves: takes_halves?,
            unit: if nature.accrues_by_law() { Unit::Days } else { unit },
            accrual: if nature.accrues_by_law() { None } else { accrual },
            days_max: days_max?,
            advance: advance?.unwrap_or_default(),
            is_active: is_active?,
        })
    }

    fn accrual(
        &self,
        at: usize,
        before: Option<&LeaveType>,
        is_by_hours: bool,
        wrong: &mut Violations,
    ) -> Option<Accrual> {
        // A month of days, and a month and a year of hours.
        let (month_max, year_max) = if is_by_hours { (200, 2_400) } else { (31, 366) };
        let pointer = |field: &str| format!("/types/{at}/{field}");
        let before = before.and_then(|before| before.accrual);
        let per_month = wrong
            .take(pointer("per_month"), optional(&self.per_month, |text| Quantity::parse(text, 0, month_max)))
            .flatten();
        let first_month = wrong.take(pointer("first_month"), optional(&self.first_month, |text| whole(text, 1, 12)));
        let cap = wrong.take(pointer("cap"), optional(&self.cap, |text| Quantity::parse(text, 0, year_max)));
        let months_after = wrong.take(pointer("months_after"), optional(&self.months_after, |text| whole(text, 0, 60)));
        let presence_from =
            wrong.take(pointer("presence_from"), optional(&self.presence_from, |text| whole(text, 1, 366)));
        let per_month = per_month?;
        Some(Accrual {
            // A twelfth that is shown with two decimals stays what it is.
            per_month: match before {
                Some(before) if before.per_month.plain() == per_month.plain() => before.per_month,
                _ => per_month,
            },
            first_month: first_month?.and_then(|month: u16| i8::try_from(month).ok()).unwrap_or(1),
            cap: cap?,
            months_after: months_after?.and_then(|months: u16| u8::try_from(months).ok()).unwrap_or_default(),
            presence_from: presence_from?,
        })
    }
}

fn optional<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Rule>) -> Result<Option<T>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { parse(text.trim()).map(Some) }
}

fn whole(text: &str, min: u16, max: u16) -> Result<u16, Rule> {
    let outside = || Rule::OutOfRange { min: min.to_string(), max: max.to_string() };
    let number: u16 = text.parse().map_err(|_| Rule::NotAWholeNumber)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(outside()) }
}

impl LeaveSettingsInput {
    pub fn of(settings: &LeaveSettings) -> Self {
        Self {
            is_decided_twice: settings.is_decided_twice.to_string(),
            remind_after_days: settings.remind_after_days.to_string(),
            types: settings.types.iter().map(LeaveTypeInput::of).collect(),
        }
    }

    /// The settings as they will be; `new_id` gives new types theirs.
    pub fn parse(
        &self,
        current: &LeaveSettings,
        mut new_id: impl FnMut() -> LeaveTypeId,
    ) -> Result<LeaveSettings, Violations> {
        let mut wrong = Violations::default();
        let is_decided_twice = wrong.take("/is_decided_twice", flag(&self.is_decided_twice));
        let remind_after_days =
            wrong.take("/remind_after_days", optional(&self.remind_after_days, |text| whole(text, 1, 60)));
        let mut types = current.types.clone();
        for (at, row) in self.types.iter().enumerate() {
            let place = match row.id.trim() {
                "" if row.name.trim().is_empty() => continue,
                "" => None,
                id => match types.iter().position(|one| one.id.to_string() == id) {
                    Some(place) => Some(place),
                    None => {
                        wrong.add(format!("/types/{at}/id"), Rule::NotFound);
                        continue;
                    }
                },
            };
            let before = place.and_then(|place| types.get(place)).cloned();
            let id = before.as_ref().map_or_else(&mut new_id, |before| before.id);
            let Some(parsed) = row.parse(at, before.as_ref(), id, &mut wrong) else { continue };
            let is_same = |other: &LeaveType| other.id != id && text::folded(&other.name) == text::folded(&parsed.name);
            if types.iter().any(is_same) {
                wrong.add(format!("/types/{at}/name"), Rule::Repeated);
            }
            match place.and_then(|place| types.get_mut(place)) {
                Some(place) => *place = parsed,
                None => types.push(parsed),
            }
        }
        if types.len() > TYPES_MAX {
            wrong.add("/types", Rule::TooMany { max: TYPES_MAX });
        }
        match (is_decided_twice, remind_after_days) {
            (Some(is_decided_twice), Some(days)) if wrong.is_empty() => Ok(LeaveSettings {
                types,
                is_decided_twice,
                remind_after_days: days.and_then(|days: u16| u8::try_from(days).ok()).unwrap_or(3),
                delegations: current.delegations.clone(),
            }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_each_family_event_at_their_time() {
        // Nature, the day, the days, the article.
        let rows = [
            (Nature::Marriage, date(2026, 6, 1), 4, "L3142-4, 1°"),
            (Nature::ChildMarriage, date(2026, 6, 1), 1, "L3142-4, 2°"),
            (Nature::Birth, date(2026, 6, 1), 3, "L3142-4, 3°"),
            (Nature::Adoption, date(2026, 6, 1), 3, "L3142-4, 3° bis"),
            (Nature::ChildDeath, date(2023, 7, 20), 7, "L3142-4, 4°, before law n° 2023-622"),
            (Nature::ChildDeath, date(2023, 7, 21), 14, "L3142-4, 4°"),
            (Nature::FamilyDeath, date(2026, 6, 1), 3, "L3142-4, 5°"),
            (Nature::ChildIllness, date(2023, 7, 20), 2, "L3142-4, 6°, before law n° 2023-622"),
            (Nature::ChildIllness, date(2026, 6, 1), 5, "L3142-4, 6°"),
            (Nature::Mourning, date(2026, 6, 1), 8, "L3142-1-1"),
            (Nature::Paternity, date(2021, 6, 30), 18, "L1225-35, before law n° 2020-1576"),
            (Nature::Paternity, date(2026, 6, 1), 32, "L1225-35"),
        ];
        for (nature, on, days, article) in rows {
            assert_eq!(nature.days_on(on), Some(days), "{article}");
        }
        assert_eq!(Nature::PaidLeave.days_on(date(2026, 6, 1)), None);
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let settings = LeaveSettings::default();
        let new = || LeaveTypeId::from_ulid(Ulid(99));
        let input = LeaveSettingsInput::of(&settings);
        assert_eq!(input.parse(&settings, new), Ok(settings.clone()), "ten days a year stay ten");
        let own = LeaveTypeInput { name: "Ancienneté".into(), per_month: "0,25".into(), ..LeaveTypeInput::default() };
        let changed = LeaveSettingsInput { types: vec![own.clone()], ..input.clone() }.parse(&settings, new).unwrap();
        assert_eq!((changed.types.len(), changed.types.last().unwrap().nature), (19, Nature::Own));
        let wrong = LeaveTypeInput {
            name: "rtt".into(),
            first_month: "13".into(),
            per_month: "32".into(),
            unit: "weeks".into(),
            ..own
        };
        let other = LeaveTypeId::from_ulid(Ulid(98));
        let unknown = LeaveTypeInput { id: other.to_string(), ..LeaveTypeInput::default() };
        let types = vec![LeaveTypeInput { unit: String::new(), ..wrong.clone() }, wrong, unknown];
        let wrong = LeaveSettingsInput { types, remind_after_days: "0".into(), ..input }.parse(&settings, new);
        let wrong = wrong.unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = "/remind_after_days /types/0/first_month /types/0/name /types/0/per_month \
                        /types/1/first_month /types/1/per_month /types/1/unit /types/2/id";
        assert_eq!(pointers.join(" "), expected);
    }

    #[test]
    fn who_decides_for_whom_while_they_are_away() {
        let employee = |id| EmployeeId::from_ulid(Ulid(id));
        let (from, until) = (date(2026, 7, 6), date(2026, 7, 24));
        let handed = Delegation { of: employee(1), to: employee(2), from, until };
        let settings = LeaveSettings::default().delegated(employee(1), Some(handed), date(2026, 6, 1)).unwrap();
        let delegates = |on| settings.delegates(employee(1), on).collect::<Vec<_>>();
        assert_eq!(delegates(date(2026, 7, 5)), []);
        assert_eq!(delegates(until), [employee(2)]);
        let other = Delegation { of: employee(3), ..handed };
        let later = settings.delegated(employee(3), Some(other), date(2026, 7, 25)).unwrap();
        assert_eq!(later.delegations, [other], "what is over is forgotten");
    }
}
