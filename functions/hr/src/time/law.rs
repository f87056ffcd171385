//! What the law says of working time: limits, rates and quotas, each since a day and with its article; and what an agreement
//! of the organization says instead where the law lets it. Pure.

use jiff::civil::{Date, Time};
use kernel::{
    Rule, Violations,
    legal::{self, Dated},
    text,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

const HOUR: u32 = 60;

/// The law of 8 August 2016, which gave most articles the number that they have.
const LAW_OF_2016: Date = jiff::civil::date(2016, 8, 10);

const fn since_2016<T>(value: T, source: &'static str) -> Dated<T> {
    Dated { valid_from: LAW_OF_2016, value, source }
}

/// What is checked of what somebody worked. It is told, and nothing is refused: what was worked is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeRule {
    DailyMaximum,
    WeeklyMaximum,
    AverageMaximum,
    DailyRest,
    WeeklyRest,
    WorkingDays,
    Break,
    MinorDailyMaximum,
    MinorWeeklyMaximum,
    MinorDailyRest,
    MinorWeeklyRest,
    MinorBreak,
    MinorNight,
    /// More than a part-time contract lets be added to it.
    AdditionalHours,
    /// As many hours as a full-time contract, of one that is none.
    FullTime,
    Quota,
    /// A day on which somebody is away.
    Absence,
    Holiday,
}

impl TimeRule {
    /// The limit in minutes (of [`Self::WorkingDays`] in days), and the article that sets it.
    pub fn limit(self, on: Date) -> &'static Dated<u32> {
        let table = match self {
            Self::DailyMaximum => DAILY_MAXIMUM,
            Self::WeeklyMaximum => WEEKLY_MAXIMUM,
            Self::AverageMaximum => AVERAGE_MAXIMUM,
            Self::DailyRest => DAILY_REST,
            Self::WeeklyRest => WEEKLY_REST,
            Self::WorkingDays => WORKING_DAYS,
            Self::Break => BREAK,
            Self::MinorDailyMaximum => MINOR_DAILY_MAXIMUM,
            Self::MinorWeeklyMaximum => MINOR_WEEKLY_MAXIMUM,
            Self::MinorDailyRest => MINOR_DAILY_REST,
            Self::MinorWeeklyRest => MINOR_WEEKLY_REST,
            Self::MinorBreak => MINOR_BREAK,
            Self::MinorNight => MINOR_NIGHT,
            Self::AdditionalHours => ADDITIONAL_HOURS,
            Self::FullTime => FULL_TIME,
            Self::Quota => QUOTA,
            Self::Absence => ABSENCE,
            Self::Holiday => HOLIDAY,
        };
        in_force(table, on)
    }
}

/// The entry in force; before the first one, the first.
fn in_force<T>(table: &'static [Dated<T>], on: Date) -> &'static Dated<T> {
    table.iter().rev().find(|entry| entry.valid_from <= on).unwrap_or(&table[0])
}

static DAILY_MAXIMUM: &[Dated<u32>] = &[since_2016(10 * HOUR, "C. trav., art. L3121-18")];
static WEEKLY_MAXIMUM: &[Dated<u32>] = &[since_2016(48 * HOUR, "C. trav., art. L3121-20")];
/// Over twelve weeks in a row.
static AVERAGE_MAXIMUM: &[Dated<u32>] = &[since_2016(44 * HOUR, "C. trav., art. L3121-22")];
static DAILY_REST: &[Dated<u32>] = &[since_2016(11 * HOUR, "C. trav., art. L3131-1")];
/// A day, and the rest of a day beside it.
static WEEKLY_REST: &[Dated<u32>] = &[since_2016(35 * HOUR, "C. trav., art. L3132-2")];
static WORKING_DAYS: &[Dated<u32>] = &[since_2016(6, "C. trav., art. L3132-1")];
/// At the latest once this has been worked without one.
static BREAK: &[Dated<u32>] = &[since_2016(6 * HOUR, "C. trav., art. L3121-16")];
static BREAK_MINUTES: &[Dated<u32>] = &[since_2016(20, "C. trav., art. L3121-16")];
static MINOR_DAILY_MAXIMUM: &[Dated<u32>] = &[since_2016(8 * HOUR, "C. trav., art. L3162-1")];
static MINOR_WEEKLY_MAXIMUM: &[Dated<u32>] = &[since_2016(35 * HOUR, "C. trav., art. L3162-1")];
static MINOR_DAILY_REST: &[Dated<u32>] = &[since_2016(12 * HOUR, "C. trav., art. L3164-1")];
/// Of who is not sixteen yet.
static CHILD_DAILY_REST: &[Dated<u32>] = &[since_2016(14 * HOUR, "C. trav., art. L3164-1")];
/// Two days in a row.
static MINOR_WEEKLY_REST: &[Dated<u32>] = &[since_2016(48 * HOUR, "C. trav., art. L3164-2")];
static MINOR_BREAK: &[Dated<u32>] = &[since_2016(4 * HOUR + 30, "C. trav., art. L3162-3")];
static MINOR_BREAK_MINUTES: &[Dated<u32>] = &[since_2016(30, "C. trav., art. L3162-3")];
static MINOR_NIGHT: &[Dated<u32>] = &[since_2016(0, "C. trav., art. L3163-1 et L3163-2")];
/// The tenth of what was agreed, which an agreement makes a third (L3123-20).
static ADDITIONAL_HOURS: &[Dated<u32>] = &[since_2016(0, "C. trav., art. L3123-28")];
static FULL_TIME: &[Dated<u32>] = &[since_2016(35 * HOUR, "C. trav., art. L3123-9")];
static QUOTA: &[Dated<u32>] = &[since_2016(220 * HOUR, "C. trav., art. D3121-24")];
/// Whoever has somebody work during their leave has not given it; other absences have articles of their own.
static ABSENCE: &[Dated<u32>] = &[since_2016(0, "C. trav., art. D3141-1")];
static HOLIDAY: &[Dated<u32>] = &[since_2016(0, "C. trav., art. L3133-1")];
/// The weekly time of the law, from which overtime counts.
static LEGAL_WEEK: &[Dated<u32>] = &[since_2016(35 * HOUR, "C. trav., art. L3121-27 et L3121-28")];
/// How many hours of overtime have the first rate; the others have the second.
static FIRST_OVERTIME: &[Dated<u32>] = &[since_2016(8 * HOUR, "C. trav., art. L3121-36")];
/// Whether days of paid leave count towards the weekly time from which overtime does. Judged of who is paid by the week's
/// hours; nobody has judged it of the additional hours of who works part of the time.
static LEAVE_COUNTS: &[Dated<bool>] = &[
    since_2016(false, "C. trav., art. L3121-28"),
    Dated {
        valid_from: jiff::civil::date(2025, 9, 10),
        value: true,
        source: "Cass. soc., 10 septembre 2025, n°\u{a0}23-14.455",
    },
];
/// For how long what was worked is kept for the labour inspection, in months.
static KEPT_MONTHS: &[Dated<i32>] = &[since_2016(12, "C. trav., art. D3171-16")];

pub fn legal_week(on: Date) -> u32 {
    in_force(LEGAL_WEEK, on).value
}

pub fn first_overtime(on: Date) -> u32 {
    in_force(FIRST_OVERTIME, on).value
}

pub fn leave_counts(on: Date) -> bool {
    in_force(LEAVE_COUNTS, on).value
}

pub fn kept_months(on: Date) -> &'static Dated<i32> {
    in_force(KEPT_MONTHS, on)
}

/// How long a break is at least, of a minor or not.
pub fn break_minutes(is_minor: bool, on: Date) -> u32 {
    in_force(if is_minor { MINOR_BREAK_MINUTES } else { BREAK_MINUTES }, on).value
}

/// The daily rest of who is this old.
pub fn daily_rest(age: Age, on: Date) -> &'static Dated<u32> {
    in_force(
        match age {
            Age::Child => CHILD_DAILY_REST,
            Age::Minor => MINOR_DAILY_REST,
            Age::Adult => DAILY_REST,
        },
        on,
    )
}

/// When the night begins and ends, where no agreement says otherwise (C. trav. L3122-20); for who is under 18, L3163-1.
pub const fn night(age: Age) -> (Time, Time) {
    match age {
        Age::Adult => (Time::constant(21, 0, 0, 0), Time::constant(6, 0, 0, 0)),
        Age::Minor => (Time::constant(22, 0, 0, 0), Time::constant(6, 0, 0, 0)),
        Age::Child => (Time::constant(20, 0, 0, 0), Time::constant(6, 0, 0, 0)),
    }
}

/// As far as the rules of work tell ages apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Not sixteen yet.
    Child,
    Minor,
    Adult,
}

impl Age {
    /// Of whom nobody knows when they were born is an adult.
    pub fn on(born_on: Option<Date>, day: Date) -> Self {
        let years = |years: i16| born_on.is_some_and(|born| born.saturating_add(jiff::Span::new().years(years)) > day);
        match (years(16), years(18)) {
            (true, _) => Self::Child,
            (_, true) => Self::Minor,
            _ => Self::Adult,
        }
    }

    pub const fn is_minor(self) -> bool {
        !matches!(self, Self::Adult)
    }
}

/// What an agreement of the organization or of its trade says from a day on, where the law lets it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    pub from: Date,
    /// The most that is worked a week on average over twelve: up to 46 hours (C. trav. L3121-23).
    pub average_minutes: u32,
    /// What overtime is worth more, in per cent: at least 10 (C. trav. L3121-33).
    pub first_percent: Decimal,
    pub second_percent: Decimal,
    pub quota_minutes: u32,
    /// Whether who works part of the time may be asked for a third more, instead of a tenth (C. trav. L3123-20).
    pub extends_part_time: bool,
}

impl Agreement {
    /// What the law says where there is none (C. trav. L3121-22, L3121-36, D3121-24, L3123-28).
    pub fn none(on: Date) -> Self {
        Self {
            from: LAW_OF_2016,
            average_minutes: TimeRule::AverageMaximum.limit(on).value,
            first_percent: Decimal::from(25),
            second_percent: Decimal::from(50),
            quota_minutes: TimeRule::Quota.limit(on).value,
            extends_part_time: false,
        }
    }
}

/// How the organization counts time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeSettings {
    /// In their order; what holds on a day is the last that began by then.
    #[serde(default)]
    pub agreements: Vec<Agreement>,
    /// What an hour for a client costs them, net of VAT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hourly_price: Option<Decimal>,
}

/// How many agreements there are at most.
const AGREEMENTS_MAX: usize = 30;
/// No agreement makes the quota more than there are hours in a year of work.
const QUOTA_HOURS_MAX: u32 = 1_607;

impl TimeSettings {
    pub fn on(&self, day: Date) -> Agreement {
        let agreed = self.agreements.iter().rev().find(|agreement| agreement.from <= day);
        agreed.copied().unwrap_or_else(|| Agreement::none(day))
    }
}

/// All of it as it is typed: the same for the form and the API. An agreement without a day is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TimeSettingsInput {
    pub agreements: Vec<AgreementInput>,
    /// Net of VAT, in the organization's currency; empty where each client has their own.
    pub hourly_price: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementInput {
    /// The first day on which it holds.
    pub from: String,
    /// Hours a week on average over twelve, 44 to 46; 44 where empty.
    pub average_hours: String,
    /// Per cent, at least 10; 25 where empty.
    pub first_percent: String,
    /// Per cent, at least 10; 50 where empty.
    pub second_percent: String,
    /// Hours a year; 220 where empty.
    pub quota_hours: String,
    /// `true` where who works part of the time may be asked for a third more.
    pub extends_part_time: String,
}

/// Minutes as hours are typed: `44.5`.
pub fn hours(minutes: u32) -> String {
    let hours = Decimal::from(minutes) / Decimal::from(HOUR);
    hours.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

impl TimeSettingsInput {
    pub fn of(settings: &TimeSettings) -> Self {
        Self {
            agreements: settings
                .agreements
                .iter()
                .map(|one| AgreementInput {
                    from: one.from.to_string(),
                    average_hours: hours(one.average_minutes),
                    first_percent: one.first_percent.normalize().to_string(),
                    second_percent: one.second_percent.normalize().to_string(),
                    quota_hours: hours(one.quota_minutes),
                    extends_part_time: one.extends_part_time.to_string(),
                })
                .collect(),
            hourly_price: settings.hourly_price.map(|price| price.normalize().to_string()).unwrap_or_default(),
        }
    }

    pub fn parse(&self) -> Result<TimeSettings, Violations> {
        let mut wrong = Violations::default();
        let hourly_price = match self.hourly_price.trim() {
            "" => None,
            text => wrong.take("/hourly_price", legal::decimal(text, 4, Decimal::ZERO, Decimal::from(1_000_000))),
        };
        let mut agreements: Vec<Agreement> = Vec::new();
        for (at, typed) in self.agreements.iter().enumerate().filter(|(_, typed)| !typed.from.trim().is_empty()) {
            let place = |field: &str| format!("/agreements/{at}/{field}");
            let from = wrong.take(place("from"), legal::date(&typed.from));
            let law = Agreement::none(from.unwrap_or_default());
            let average = minutes(&typed.average_hours, law.average_minutes, law.average_minutes, 46 * HOUR);
            let average = wrong.take(place("average_hours"), average);
            let first = wrong.take(place("first_percent"), percent(&typed.first_percent, law.first_percent));
            let second = wrong.take(place("second_percent"), percent(&typed.second_percent, law.second_percent));
            let quota = minutes(&typed.quota_hours, law.quota_minutes, 0, QUOTA_HOURS_MAX * HOUR);
            let quota = wrong.take(place("quota_hours"), quota);
            let extends = wrong.take(place("extends_part_time"), crate::leave::model::flag(&typed.extends_part_time));
            if from.is_some_and(|from| agreements.iter().any(|other| other.from == from)) {
                wrong.add(place("from"), Rule::Repeated);
            }
            if let (
                Some(from),
                Some(average_minutes),
                Some(first_percent),
                Some(second_percent),
                Some(quota_minutes),
                Some(extends_part_time),
            ) = (from, average, first, second, quota, extends)
            {
                agreements.push(Agreement {
                    from,
                    average_minutes,
                    first_percent,
                    second_percent,
                    quota_minutes,
                    extends_part_time,
                });
            }
        }
        if agreements.len() > AGREEMENTS_MAX {
            wrong.add("/agreements", Rule::TooMany { max: AGREEMENTS_MAX });
        }
        agreements.sort_by_key(|agreement| agreement.from);
        if wrong.is_empty() { Ok(TimeSettings { agreements, hourly_price }) } else { Err(wrong) }
    }
}

fn minutes(typed: &str, otherwise: u32, least: u32, most: u32) -> Result<u32, Rule> {
    if typed.trim().is_empty() {
        return Ok(otherwise);
    }
    let bound = |minutes: u32| Decimal::from(minutes) / Decimal::from(HOUR);
    let hours = legal::decimal(typed, 2, bound(least), bound(most))?;
    let minutes = (hours * Decimal::from(HOUR)).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    u32::try_from(minutes.mantissa()).map_err(|_| Rule::NotANumber)
}

fn percent(typed: &str, otherwise: Decimal) -> Result<Decimal, Rule> {
    match typed.trim() {
        "" => Ok(otherwise),
        typed => legal::decimal(typed, 2, Decimal::from(10), Decimal::from(200)),
    }
}

/// As a warning tells minutes: `10 h 15`.
pub fn told(minutes: u32) -> String {
    text::french_duration(minutes)
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_tables_are_in_order_of_date() {
        let dates: Vec<_> = LEAVE_COUNTS.iter().map(|entry| entry.valid_from).collect();
        assert!(dates.is_sorted());
        assert!(!leave_counts(date(2025, 9, 9)) && leave_counts(date(2025, 9, 10)));
    }

    #[test]
    fn who_is_under_age_is_so_until_the_day_before_their_birthday() {
        let born = Some(date(2010, 3, 1));
        for (day, age) in [
            (date(2026, 2, 28), Age::Child),
            (date(2026, 3, 1), Age::Minor),
            (date(2028, 2, 29), Age::Minor),
            (date(2028, 3, 1), Age::Adult),
        ] {
            assert_eq!(Age::on(born, day), age, "{day}");
        }
        assert_eq!(Age::on(None, date(2026, 1, 1)), Age::Adult);
    }

    pub fn agreed() -> TimeSettings {
        let agreement = |from: &str, average: &str, first: &str| AgreementInput {
            from: from.into(),
            average_hours: average.into(),
            first_percent: first.into(),
            quota_hours: "180".into(),
            extends_part_time: "true".into(),
            ..AgreementInput::default()
        };
        TimeSettingsInput {
            agreements: vec![
                agreement("2026-06-01", "46", "15"),
                agreement("2025-01-01", "45,5", "10"),
                AgreementInput::default(),
            ],
            hourly_price: "65".into(),
        }
        .parse()
        .unwrap()
    }

    #[test]
    fn a_question_about_last_march_is_answered_with_last_march_s_agreement() {
        let settings = agreed();
        let told = |on: Date| {
            let agreement = settings.on(on);
            (agreement.average_minutes, agreement.first_percent.to_string(), agreement.quota_minutes)
        };
        assert_eq!(told(date(2024, 12, 31)), (2_640, "25".into(), 13_200));
        assert_eq!(told(date(2026, 3, 15)), (2_730, "10".into(), 10_800));
        assert_eq!(told(date(2026, 6, 1)), (2_760, "15".into(), 10_800));
        assert_eq!(TimeSettingsInput::of(&settings).parse(), Ok(settings));
    }

    #[test]
    fn an_agreement_goes_no_further_than_the_law_lets_it() {
        for (field, article, value) in [
            ("average_hours", "L3121-23", "46.01"),
            ("average_hours", "L3121-22", "43"),
            ("first_percent", "L3121-33", "9.99"),
            ("second_percent", "L3121-33", "9"),
            ("quota_hours", "L3121-33", "-1"),
            ("from", "", "demain"),
            ("extends_part_time", "L3123-20", "oui"),
        ] {
            let mut input = AgreementInput { from: "2026-01-01".into(), ..AgreementInput::default() };
            match field {
                "average_hours" => input.average_hours = value.into(),
                "first_percent" => input.first_percent = value.into(),
                "second_percent" => input.second_percent = value.into(),
                "quota_hours" => input.quota_hours = value.into(),
                "from" => input.from = value.into(),
                _ => input.extends_part_time = value.into(),
            }
            let wrong =
                TimeSettingsInput { agreements: vec![input], ..TimeSettingsInput::default() }.parse().unwrap_err();
            let pointers: Vec<_> = wrong.iter().map(|one| one.pointer.clone()).collect();
            assert_eq!(pointers, [format!("/agreements/0/{field}")], "{article}");
        }
        let twice = vec![AgreementInput { from: "2026-01-01".into(), ..AgreementInput::default() }; 2];
        assert!(TimeSettingsInput { agreements: twice, ..TimeSettingsInput::default() }.parse().is_err());
    }
}
