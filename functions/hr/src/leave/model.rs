//! How many days an absence takes, day by day and with the reason of each. Pure.
//!
//! Days are counted from the first day on which somebody would have worked to the eve of their return (Cass. soc. on
//! C. trav. L3141-3; the same for who works part of the week, C. trav. L3123-5): of what lies between, those days count that
//! are days of leave for everybody, worked or not: all but the weekly day of rest, or two. That is Sunday, unless somebody
//! works on it and rests on another day (C. trav. L3132-3, L3132-12). A holiday counts for nothing (C. trav. L3133-1).

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use kernel::{
    Rule, Violations,
    holiday::{Region, holidays},
    legal, text,
};
use serde::{Deserialize, Serialize};

use crate::holiday::region;

/// The longest absence that is counted, in days of the calendar.
pub(crate) const DAYS_MAX: i64 = 366;

/// Which days of a week are days of leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Jours ouvrables: all but one day of rest a week, 30 a year (C. trav. L3141-3).
    #[default]
    Ouvrables,
    /// Jours ouvrés: all but two days of rest a week, as far as there are two, 25 a year.
    Ouvres,
}

impl Counting {
    pub const ALL: [Self; 2] = [Self::Ouvrables, Self::Ouvres];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ouvrables => "ouvrables",
            Self::Ouvres => "ouvres",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Ouvrables => "Jours ouvrables (en général, du lundi au samedi)",
            Self::Ouvres => "Jours ouvrés (en général, du lundi au vendredi)",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|counting| counting.name() == name).ok_or(Rule::NotAChoice),
        }
    }

    /// The days of rest of who works this week: those on which they do not work, in the order in which enterprises close.
    /// What else a week of part time leaves free counts before the return.
    fn rest(self, week: Week) -> Week {
        let wanted = match self {
            Self::Ouvrables => 1,
            Self::Ouvres => 2,
        };
        let free: Vec<u8> = [7, 6, 1, 2, 3, 4, 5].into_iter().filter(|day| !week.0[usize::from(day - 1)]).collect();
        Week::of(&free[..free.len().min(wanted)])
    }
}

/// The days of a week on which somebody works, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week([bool; 7]);

impl Week {
    /// Monday to Friday.
    pub const FULL: Self = Self([true, true, true, true, true, false, false]);

    /// Those of the numbers 1 (Monday) to 7 (Sunday).
    pub fn of(days: &[u8]) -> Self {
        let mut week = [false; 7];
        for day in days {
            if let Some(worked) = usize::from(*day).checked_sub(1).and_then(|at| week.get_mut(at)) {
                *worked = true;
            }
        }
        Self(week)
    }

    /// Those that an input names by number; Monday to Friday where it names none. A form says by an empty text that it was asked:
    /// then one is to be chosen.
    pub fn parse(typed: &[String]) -> Result<Self, Rule> {
        if !typed.is_empty() && typed.iter().all(String::is_empty) {
            return Err(Rule::NothingChosen);
        }
        let typed = typed.iter().filter(|text| !text.is_empty());
        let day = |text: &String| text.parse::<u8>().ok().filter(|day| (1..=7).contains(day)).ok_or(Rule::NotAChoice);
        let days = typed.map(day).collect::<Result<Vec<_>, _>>()?;
        Ok(if days.is_empty() { Self::FULL } else { Self::of(&days) })
    }

    /// Their numbers, as an input has them.
    pub fn numbers(self) -> Vec<String> {
        (1..=7).filter(|day: &usize| self.0[day - 1]).map(|day| day.to_string()).collect()
    }

    pub fn has(self, day: Weekday) -> bool {
        self.0[day.to_monday_zero_offset() as usize % 7]
    }
}

/// Half days, two a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Halves(pub u16);

impl Halves {
    pub const DAY: Self = Self(2);
    pub const HALF: Self = Self(1);

    /// `2,5`.
    pub fn french(self) -> String {
        let half = if self.0.is_multiple_of(2) { "" } else { ",5" };
        format!("{}{half}", self.0 / 2)
    }

    /// `2.5`.
    pub fn plain(self) -> String {
        self.french().replace(',', ".")
    }
}

/// An absence for which days are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    pub from: Date,
    /// Whether the morning of the first day is worked.
    pub starts_at_noon: bool,
    /// The last day, included.
    pub to: Date,
    /// Whether the afternoon of the last day is worked.
    pub ends_at_noon: bool,
    pub counting: Counting,
    pub week: Week,
    pub region: Region,
    pub works_whit_monday: bool,
}

impl Absence {
    /// Of every day of it.
    const fn schedule(&self) -> Schedule {
        Schedule { week: self.week, region: self.region, works_whit_monday: self.works_whit_monday }
    }
}

/// Why a day counts, or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LeaveDayReason)]
pub enum Reason {
    Counted,
    /// The other half of it is worked.
    Half,
    /// Before the first day that would have been worked.
    NotBegun,
    /// Not worked, but before the return, and a day of leave for everybody.
    BeforeReturn,
    /// A weekly day of rest.
    NotOfLeave,
    Holiday,
}

impl Reason {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Counted => "jour de congé",
            Self::Half => "demi-journée",
            Self::NotBegun => "avant le premier jour qui aurait été travaillé",
            Self::BeforeReturn => "non travaillé, mais compris avant la reprise",
            Self::NotOfLeave => "repos hebdomadaire",
            Self::Holiday => "jour férié",
        }
    }
}

/// One day of an absence, or one between it and the return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountedDay {
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    pub halves: Halves,
    pub reason: Reason,
    /// Of a holiday.
    pub holiday: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub total: Halves,
    pub days: Vec<CountedDay>,
    /// The day on which work goes on: the last one of the absence where its afternoon is worked.
    pub return_on: Date,
}

/// How somebody works on a day, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub week: Week,
    pub region: Region,
    /// Whether Whit Monday is worked as the day of solidarity (C. trav. L3133-7): it is then a day like others.
    pub works_whit_monday: bool,
}

/// An absence with what was agreed for each of its days.
struct Scheduled<'a, S> {
    absence: &'a Absence,
    schedule: S,
}

impl<S: Fn(Date) -> Schedule> Scheduled<'_, S> {
    fn holiday(&self, date: Date) -> Option<&'static str> {
        let schedule = (self.schedule)(date);
        let is_worked = |name: &str| schedule.works_whit_monday && name == kernel::holiday::WHIT_MONDAY;
        // Of two on one day the other stays a holiday.
        let found = holidays(date.year(), schedule.region).into_iter();
        found.filter(|holiday| holiday.date == date).map(|holiday| holiday.name).find(|name| !is_worked(name))
    }

    /// Whether somebody would have worked on this day.
    fn is_worked(&self, date: Date) -> bool {
        (self.schedule)(date).week.has(date.weekday()) && self.holiday(date).is_none()
    }

    fn is_rest(&self, date: Date) -> bool {
        self.absence.counting.rest((self.schedule)(date).week).has(date.weekday())
    }

    /// The first day after the absence on which there is work: within a year, or the day after it for who never works.
    fn return_on(&self) -> Date {
        let to = self.absence.to;
        if self.absence.ends_at_noon && self.is_worked(to) {
            return to;
        }
        let next = |days: i64| to.checked_add(days.days()).ok();
        let after = (1..=DAYS_MAX).map_while(next).find(|date| self.is_worked(*date));
        after.or_else(|| next(1)).unwrap_or(to)
    }
}

/// What an absence takes. Nothing where nobody would have worked on any of its days.
pub fn counted(absence: &Absence) -> Counted {
    counted_by(absence, |_| absence.schedule())
}

/// The same where the contract, or where one works, changes on the way: each day counts as was agreed for it.
pub fn counted_by(absence: &Absence, schedule: impl Fn(Date) -> Schedule) -> Counted {
    let scheduled = Scheduled { absence, schedule };
    let return_on = scheduled.return_on();
    let last = if return_on == absence.to { absence.to } else { return_on.yesterday().unwrap_or(absence.to) };
    let dates = || absence.from.series(1.day()).take_while(move |date| *date <= last.max(absence.to));
    let first = dates().take_while(|date| *date <= absence.to).find(|date| scheduled.is_worked(*date));
    let days: Vec<CountedDay> = dates()
        .map(|date| {
            let holiday = scheduled.holiday(date);
            let is_half =
                (date == absence.from && absence.starts_at_noon) || (date == absence.to && absence.ends_at_noon);
            let (halves, reason) = match first {
                _ if holiday.is_some() => (Halves::default(), Reason::Holiday),
                _ if scheduled.is_rest(date) => (Halves::default(), Reason::NotOfLeave),
                Some(first) if date >= first => match scheduled.is_worked(date) {
                    true if is_half => (Halves::HALF, Reason::Half),
                    true => (Halves::DAY, Reason::Counted),
                    false => (Halves::DAY, Reason::BeforeReturn),
                },
                _ => (Halves::default(), Reason::NotBegun),
            };
            CountedDay { date, halves, reason, holiday }
        })
        .collect();
    Counted { total: Halves(days.iter().map(|day| day.halves.0).sum()), days, return_on }
}

/// An absence as it is typed; the same for the page and the API, in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LeaveInput {
    /// `2026-05-04`
    pub from: String,
    /// The last day, included; `from` where empty.
    pub to: String,
    /// `true` where the morning of the first day is worked.
    pub starts_at_noon: String,
    /// `true` where the afternoon of the last day is worked.
    pub ends_at_noon: String,
    /// `ouvrables` (which an empty text means too) or `ouvres`.
    pub counting: String,
    /// 1 (Monday) to 7 (Sunday), repeated; Monday to Friday where none is named.
    pub works_on: Vec<String>,
    /// As for holidays.
    pub region: String,
    /// `true` where Whit Monday is worked as the day of solidarity.
    pub works_whit_monday: String,
}

impl LeaveInput {
    pub fn parse(&self) -> Result<Absence, Violations> {
        let mut wrong = Violations::default();
        let from = wrong.take("/from", legal::date(&self.from));
        let to = match self.to.trim() {
            "" => from,
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
        let counting = wrong.take("/counting", Counting::named(&self.counting));
        let region = wrong.take("/region", region(&self.region));
        let works_whit_monday = wrong.take("/works_whit_monday", flag(&self.works_whit_monday)).unwrap_or_default();
        let week = wrong.take("/works_on", Week::parse(&self.works_on));
        match (from, to, counting, region, week) {
            (Some(from), Some(to), Some(counting), Some(region), Some(week)) if wrong.is_empty() => {
                Ok(Absence { from, starts_at_noon, to, ends_at_noon, counting, week, region, works_whit_monday })
            }
            _ => Err(wrong),
        }
    }
}

pub(crate) fn flag(text: &str) -> Result<bool, Rule> {
    match text {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        _ => Err(Rule::NotAChoice),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A whole absence of 2026 in mainland France; other things by hand.
    fn absence(from: (i8, i8), to: (i8, i8), counting: Counting) -> Absence {
        Absence {
            from: date(2026, from.0, from.1),
            starts_at_noon: false,
            to: date(2026, to.0, to.1),
            ends_at_noon: false,
            counting,
            week: Week::FULL,
            region: Region::Mainland,
            works_whit_monday: false,
        }
    }

    const OUVRABLES: Counting = Counting::Ouvrables;
    const OUVRES: Counting = Counting::Ouvres;

    fn total(absence: Absence) -> String {
        counted(&absence).total.french()
    }

    #[test]
    fn whole_weeks_and_holidays_within() {
        // From, to, jours ouvrables, jours ouvrés; the article beside each.
        let rows = [
            // A week: 6 ouvrables, 5 ouvrés (C. trav. L3141-3), Saturday before the return counted.
            ((6, 1), (6, 5), "6", "5"),
            // Five weeks of summer with the national holiday, a Tuesday (L3133-1).
            ((7, 6), (8, 7), "29", "24"),
            // The week of Ascension, Thursday 14 May (L3133-1).
            ((5, 11), (5, 15), "5", "4"),
            // The week of Whit Monday, 25 May.
            ((5, 25), (5, 29), "5", "4"),
            // The week whose Saturday is 15 August: a holiday on a day of leave is not counted either.
            ((8, 10), (8, 14), "5", "5"),
            // A Friday alone: the Saturday before the return is a jour ouvrable.
            ((6, 5), (6, 5), "2", "1"),
            // A Monday alone.
            ((6, 1), (6, 1), "1", "1"),
            // A weekend takes nothing: nobody would have worked.
            ((6, 6), (6, 7), "0", "0"),
            // From Saturday: counted from the first day that would have been worked.
            ((6, 6), (6, 12), "6", "5"),
            // To a Wednesday before Ascension: back on Friday, and the holiday between counts for nothing.
            ((5, 11), (5, 13), "3", "3"),
        ];
        for (from, to, ouvrables, ouvres) in rows {
            assert_eq!(total(absence(from, to, OUVRABLES)), ouvrables, "{from:?} {to:?} ouvrables");
            assert_eq!(total(absence(from, to, OUVRES)), ouvres, "{from:?} {to:?} ouvrés");
        }
    }

    #[test]
    fn part_of_the_week_is_counted_to_the_eve_of_the_return() {
        // Works Monday, Tuesday, Thursday and Friday (L3123-5: the same number of days, counted the same way).
        let week = Week::of(&[1, 2, 4, 5]);
        let part = |from, to, counting| total(Absence { week, ..absence(from, to, counting) });
        // Tuesday off: Wednesday, which is not worked, comes before the return.
        assert_eq!((part((6, 2), (6, 2), OUVRABLES), part((6, 2), (6, 2), OUVRES)), ("2".into(), "2".into()));
        // From Wednesday: counted from Thursday on.
        assert_eq!((part((6, 3), (6, 5), OUVRABLES), part((6, 3), (6, 5), OUVRES)), ("3".into(), "2".into()));
        // A week takes as many days as of who works all of it.
        assert_eq!((part((6, 1), (6, 5), OUVRABLES), part((6, 1), (6, 5), OUVRES)), ("6".into(), "5".into()));
        // Works Monday to Wednesday: Monday to Wednesday off is a whole week.
        let week = Week::of(&[1, 2, 3]);
        assert_eq!(total(Absence { week, ..absence((6, 1), (6, 3), OUVRABLES) }), "6");
    }

    #[test]
    fn the_day_of_rest_is_one_on_which_nobody_works() {
        let of = |works_on: &[u8], from, to, counting| {
            total(Absence { week: Week::of(works_on), ..absence(from, to, counting) })
        };
        // Monday to Saturday: there is one day of rest, however days are counted.
        let shop = [1, 2, 3, 4, 5, 6];
        assert_eq!(of(&shop, (6, 6), (6, 6), OUVRES), "1");
        assert_eq!(of(&shop, (6, 1), (6, 6), OUVRES), "6");
        assert_eq!(of(&shop, (6, 1), (6, 6), OUVRABLES), "6");
        // Thursday to Monday, as in a restaurant: Tuesday is what Sunday is elsewhere.
        let restaurant = [4, 5, 6, 7, 1];
        assert_eq!(of(&restaurant, (6, 7), (6, 7), OUVRABLES), "1");
        assert_eq!(of(&restaurant, (6, 8), (6, 8), OUVRABLES), "2");
        assert_eq!(of(&restaurant, (6, 8), (6, 8), OUVRES), "1");
        assert_eq!(of(&restaurant, (6, 4), (6, 8), OUVRABLES), "6");
        assert_eq!(of(&restaurant, (6, 4), (6, 8), OUVRES), "5");
        // Tuesday to Saturday: Sunday, and Monday where two days do not count.
        assert_eq!(of(&[2, 3, 4, 5, 6], (6, 6), (6, 6), OUVRABLES), "2");
        assert_eq!(of(&[2, 3, 4, 5, 6], (6, 6), (6, 6), OUVRES), "1");
        // Every day: nothing is rest.
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7], (6, 1), (6, 7), OUVRES), "7");
    }

    #[test]
    fn halves_of_days() {
        let half = |starts_at_noon, ends_at_noon, from, to| {
            counted(&Absence { starts_at_noon, ends_at_noon, ..absence(from, to, OUVRES) })
        };
        let afternoon = half(true, false, (6, 2), (6, 2));
        assert_eq!((afternoon.total, afternoon.return_on), (Halves(1), date(2026, 6, 3)));
        let morning = half(false, true, (6, 2), (6, 2));
        assert_eq!((morning.total, morning.return_on), (Halves(1), date(2026, 6, 2)));
        assert_eq!(half(true, true, (6, 2), (6, 4)).total, Halves(4));
        // A half of a holiday is nothing.
        assert_eq!(half(true, false, (7, 14), (7, 14)).total, Halves(0));
        assert_eq!((Halves(5).french(), Halves(4).plain()), ("2,5".into(), "2".into()));
    }

    #[test]
    fn where_one_works_and_the_day_of_solidarity() {
        // Good Friday, 3 April, and Saint Stephen's, 26 December, a Saturday (L3134-13).
        let there = |region, from, to, counting| total(Absence { region, ..absence(from, to, counting) });
        assert_eq!(there(Region::AlsaceMoselle, (3, 30), (4, 3), OUVRES), "4");
        assert_eq!(there(Region::AlsaceMoselleWithoutChurch, (3, 30), (4, 3), OUVRES), "5");
        assert_eq!(there(Region::Mainland, (12, 21), (12, 24), OUVRABLES), "5");
        assert_eq!(there(Region::AlsaceMoselle, (12, 21), (12, 24), OUVRABLES), "4");
        assert_eq!(there(Region::Reunion, (12, 14), (12, 20), OUVRABLES), "6");
        // Whit Monday worked as the day of solidarity is a day of leave like another (L3133-7).
        let worked = Absence { works_whit_monday: true, ..absence((5, 25), (5, 29), OUVRES) };
        assert_eq!(total(worked), "5");
        // Which is the day of the abolition too in Guyane in 2030.
        let day = date(2030, 6, 10);
        let both = Absence { from: day, to: day, region: Region::Guyane, ..worked };
        let there = Scheduled { absence: &both, schedule: |_| both.schedule() };
        assert_eq!((total(both), there.holiday(day)), ("0".into(), Some("Abolition de l’esclavage")));
    }

    #[test]
    fn each_day_counts_by_the_contract_and_the_place_of_that_day() {
        // Monday to Friday in Paris, then Monday, Tuesday, Thursday in Strasbourg: L3123-5 and L3134-13, Good Friday 3 April.
        let schedule = |date: Date| match date < jiff::civil::date(2026, 4, 1) {
            true => Schedule { week: Week::FULL, region: Region::Mainland, works_whit_monday: false },
            false => Schedule { week: Week::of(&[1, 2, 4]), region: Region::AlsaceMoselle, works_whit_monday: false },
        };
        let told = counted_by(&absence((3, 30), (4, 3), OUVRES), schedule);
        let halves: Vec<_> = told.days.iter().map(|day| (day.date.day(), day.halves.0)).collect();
        assert_eq!(halves, [(30, 2), (31, 2), (1, 2), (2, 2), (3, 0), (4, 0), (5, 0), (6, 0)]);
        assert_eq!(told.return_on, date(2026, 4, 7), "after Easter Monday");
    }

    #[test]
    fn every_day_says_why() {
        let told = counted(&absence((5, 9), (5, 15), OUVRABLES));
        let reasons: Vec<_> = told.days.iter().map(|day| (day.date.day(), day.halves.0, day.reason)).collect();
        let expected = [
            (9, 0, Reason::NotBegun),
            (10, 0, Reason::NotOfLeave),
            (11, 2, Reason::Counted),
            (12, 2, Reason::Counted),
            (13, 2, Reason::Counted),
            (14, 0, Reason::Holiday),
            (15, 2, Reason::Counted),
            (16, 2, Reason::BeforeReturn),
            (17, 0, Reason::NotOfLeave),
        ];
        assert_eq!(reasons, expected);
        assert_eq!((told.return_on, told.days[5].holiday), (date(2026, 5, 18), Some("Ascension")));
    }

    #[test]
    fn the_days_add_up_whatever_is_asked() {
        for day in 1..=28 {
            for length in 0..40_i64 {
                for (counting, works_on) in [(OUVRABLES, 0b001_1111_u8), (OUVRES, 0b001_1011), (OUVRABLES, 0b100_0100)]
                {
                    let week: Vec<u8> = (0..7).filter(|at| works_on & (1 << at) != 0).map(|at| at + 1).collect();
                    let from = date(2026, 5, day);
                    let to = from.checked_add(length.days()).unwrap();
                    let asked = Absence { from, to, week: Week::of(&week), ..absence((5, 1), (5, 1), counting) };
                    let told = counted(&asked);
                    assert_eq!(told.total.0, told.days.iter().map(|day| day.halves.0).sum::<u16>());
                    // One day more never takes less.
                    let longer = Absence { to: to.tomorrow().unwrap(), ..asked };
                    assert!(counted(&longer).total >= told.total, "{from} {to}");
                    let schedule = |_| asked.schedule();
                    let there = Scheduled { absence: &asked, schedule };
                    assert!(told.return_on > to && there.is_worked(told.return_on));
                }
            }
        }
    }

    #[test]
    fn what_is_typed_is_read_or_told_wrong() {
        let input = LeaveInput { from: "2026-06-01".into(), to: "2026-06-05".into(), ..LeaveInput::default() };
        assert_eq!(input.parse().map(total), Ok("6".into()));
        let wrong = |change: &dyn Fn(&mut LeaveInput)| {
            let mut input = input.clone();
            change(&mut input);
            input.parse().err().and_then(|wrong| wrong.iter().next().map(|violation| violation.pointer.clone()))
        };
        assert_eq!(wrong(&|input| input.from = String::new()).as_deref(), Some("/from"));
        assert_eq!(wrong(&|input| input.to = "2026-05-31".into()).as_deref(), Some("/to"));
        assert_eq!(wrong(&|input| input.to = "2027-06-02".into()).as_deref(), Some("/to"));
        assert_eq!(wrong(&|input| input.works_on = vec!["8".into()]).as_deref(), Some("/works_on"));
        assert_eq!(wrong(&|input| input.counting = "calendaires".into()).as_deref(), Some("/counting"));
        let nothing = |input: &mut LeaveInput| {
            input.to = input.from.clone();
            (input.starts_at_noon, input.ends_at_noon) = ("true".into(), "true".into());
        };
        assert_eq!(wrong(&nothing).as_deref(), Some("/ends_at_noon"));
    }
}
