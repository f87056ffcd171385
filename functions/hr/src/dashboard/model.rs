//! Figures of the people at work, from the list of them alone. Pure.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use kernel::{
    holiday::{Region, holidays},
    id::EmployeeId,
};

use crate::employee::{ContractKind, Employee};

/// How many days ahead ends and birthdays are told.
const AHEAD_DAYS: i64 = 30;
/// How far ahead contracts that end are told: there is time to renew or to let go.
const CONTRACT_AHEAD_DAYS: i64 = 60;

/// Everybody but who works here without being employed; trainees are with us and not employed (C. éduc. L124-1, C. trav. L1111-2).
fn is_staff(employee: &Employee) -> bool {
    let last = employee.contracts.last();
    last.is_some_and(|contract| !matches!(contract.kind, ContractKind::Freelance | ContractKind::Internship))
}

/// Everybody of whom ends and birthdays are told.
fn is_with_us(employee: &Employee) -> bool {
    employee.contracts.last().is_some_and(|contract| contract.kind != ContractKind::Freelance)
}

#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub headcount: usize,
    /// In full-time equivalents, in hundredths: the week of each over 35 hours, at most one (INSEE).
    pub full_time_hundredths: u32,
    pub entries: usize,
    pub exits: usize,
    /// Per mille: half of entries and exits of twelve months, over the headcount when they began.
    pub turnover_permille: Option<u32>,
    /// The last twelve months, the oldest first.
    pub months: Vec<Month>,
    /// How many have been here for less than a year, 1 to 3, 3 to 5, 5 to 10, and longer.
    pub seniority: [usize; 5],
    pub birthdays: Vec<Coming>,
    /// Terms that passed and of which nobody said what followed, and those that come.
    pub contract_ends: Vec<Coming>,
    pub trial_ends: Vec<Coming>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    pub entries: usize,
    pub exits: usize,
    /// On its last day, or today.
    pub headcount: usize,
}

/// Something of somebody's on a day that comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    pub employee: EmployeeId,
    pub name: String,
    pub on: Date,
}

/// The words of [`Figures::seniority`].
pub const SENIORITY: [&str; 5] = ["Moins d’un an", "1 à 3 ans", "3 à 5 ans", "5 à 10 ans", "10 ans et plus"];

impl Figures {
    pub fn of(employees: &[&Employee], today: Date) -> Self {
        let staff: Vec<&Employee> = employees.iter().copied().filter(|one| is_staff(one)).collect();
        let headcount_on = |on: Date| staff.iter().filter(|one| one.is_employed_on(on)).count();
        let here: Vec<&Employee> = staff.iter().copied().filter(|one| one.is_employed_on(today)).collect();
        let with_us: Vec<&Employee> = employees.iter().copied().filter(|one| is_with_us(one)).collect();
        let (present, beyond_term): (Vec<&Employee>, Vec<&Employee>) = with_us
            .into_iter()
            .filter(|one| one.is_employed_on(today) || one.is_beyond_term(today))
            .partition(|one| one.is_employed_on(today));
        // What a term that passed makes of somebody, an employer is to say: it stays until they do.
        let mut contract_ends = coming(&beyond_term, Employee::employed_until);
        contract_ends
            .extend(coming(&present, |one| within_days(one.contract_on(today)?.ends_on?, today, CONTRACT_AHEAD_DAYS)));
        let first = today.first_of_month().saturating_sub(11.months());
        let within = |from: Date, to: Date| {
            let between = |on: Date| from <= on && on <= to;
            let entries = staff.iter().filter(|one| between(one.hired_on)).count();
            // Who leaves in the future is still here.
            let exits = staff
                .iter()
                .filter(|one| one.employed_until().is_some_and(|last| between(last) && last < today))
                .count();
            (entries, exits)
        };
        let months = (0..12).map(|n: i64| {
            let first = first.saturating_add(n.months());
            let last = first.last_of_month().min(today);
            let (entries, exits) = within(first, last);
            Month { first, entries, exits, headcount: headcount_on(last) }
        });
        let year_ago = today.saturating_sub(1.years()).saturating_add(1.days());
        let (entries, exits) = within(year_ago, today);
        Self {
            headcount: here.len(),
            full_time_hundredths: here.iter().map(|one| full_time(one, today)).sum(),
            entries,
            exits,
            turnover_permille: turnover(entries, exits, headcount_on(year_ago.saturating_sub(1.days()))),
            months: months.collect(),
            seniority: seniority(&here, today),
            birthdays: coming(&present, |one| birthday(one.born_on?, today, AHEAD_DAYS)),
            contract_ends,
            trial_ends: coming(&present, |one| within_days(one.contract_on(today)?.trial_ends_on?, today, AHEAD_DAYS)),
        }
    }
}

/// Per mille, half up, of the days that would have been worked in the twelve months until `today`, how many somebody was ill,
/// hurt at work or with a child who was; none where nobody would have worked. `absent` are days with how many of their halves
/// (two a day).
pub fn absence_permille(employees: &[&Employee], absent: &[(EmployeeId, Date, u16)], today: Date) -> Option<u32> {
    let first = today.saturating_sub(1.years()).saturating_add(1.days());
    let off: Vec<Date> = [first.year(), today.year()]
        .into_iter()
        .flat_map(|year| holidays(year, Region::Mainland))
        .map(|holiday| holiday.date)
        .collect();
    let would_work = |employee: &Employee, on: Date| {
        employee.is_employed_on(on)
            && !off.contains(&on)
            && employee.contract_on(on).is_some_and(|contract| contract.week.has(on.weekday()))
    };
    let staff: Vec<&Employee> = employees.iter().copied().filter(|one| is_staff(one)).collect();
    let worked: usize = staff
        .iter()
        .map(|one| first.series(1.day()).take_while(|on| *on <= today).filter(|on| would_work(one, *on)).count())
        .sum();
    let halves: u32 = absent
        .iter()
        .filter(|(id, on, _)| {
            first <= *on && *on <= today && staff.iter().any(|one| one.id == *id && would_work(one, *on))
        })
        .map(|(_, _, halves)| u32::from(*halves))
        .sum();
    let worked = u32::try_from(worked).ok().filter(|days| *days > 0)?;
    Some((halves * 1_000 + worked) / (2 * worked))
}

fn full_time(employee: &Employee, today: Date) -> u32 {
    let minutes = employee.contract_on(today).map_or(0, |contract| u32::from(contract.week_minutes));
    (minutes * 100 / 2_100).min(100)
}

fn turnover(entries: usize, exits: usize, at_first: usize) -> Option<u32> {
    let moves = u32::try_from(entries + exits).ok()?;
    let at_first = u32::try_from(at_first).ok().filter(|count| *count > 0)?;
    Some((moves * 1_000 + at_first) / (2 * at_first))
}

fn seniority(here: &[&Employee], today: Date) -> [usize; 5] {
    let mut buckets = [0; 5];
    for employee in here {
        let has_been = |years: i64| employee.hired_on.saturating_add(years.years()) <= today;
        let at = [1, 3, 5, 10].into_iter().filter(|years| has_been(*years)).count();
        buckets[at] += 1;
    }
    buckets
}

fn coming(here: &[&Employee], tell: impl Fn(&Employee) -> Option<Date>) -> Vec<Coming> {
    let one = |employee: &&Employee| Some(Coming { employee: employee.id, name: employee.name(), on: tell(employee)? });
    let mut coming: Vec<_> = here.iter().filter_map(one).collect();
    coming.sort_by(|one, other| (one.on, &one.name).cmp(&(other.on, &other.name)));
    coming
}

fn within_days(on: Date, today: Date, days: i64) -> Option<Date> {
    (on >= today && on <= today.saturating_add(days.days())).then_some(on)
}

/// The next birthday, where it is not far; of who was born on 29 February, on 1 March in other years.
pub fn birthday(born_on: Date, today: Date, days: i64) -> Option<Date> {
    let in_year = |year: i16| {
        let same = Date::new(year, born_on.month(), born_on.day());
        same.or_else(|_| Date::new(year, 3, 1)).ok()
    };
    let this = in_year(today.year())?;
    let next = if this >= today { this } else { in_year(today.year() + 1)? };
    within_days(next, today, days)
}

/// An entretien de parcours professionnel as the law wants it of every employee (C. trav. L6315-1, loi 2025-989 of 24 October
/// 2025): dated, for the years that it named before were others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InterviewRule {
    pub from: Date,
    /// Within so many months of being hired.
    pub first_months: i64,
    /// Then every so many years.
    pub every_years: i64,
    /// And a summary of all of it (état des lieux récapitulatif) every so many.
    pub summary_years: i64,
    pub source: &'static str,
}

pub static INTERVIEW_RULES: &[InterviewRule] = &[
    InterviewRule {
        from: jiff::civil::date(2014, 3, 7),
        first_months: 24,
        every_years: 2,
        summary_years: 6,
        source: "C. trav., art. L6315-1 (loi 2014-288)",
    },
    InterviewRule {
        from: jiff::civil::date(2025, 10, 26),
        first_months: 12,
        every_years: 4,
        summary_years: 8,
        source: "C. trav., art. L6315-1 (loi 2025-989)",
    },
];

pub fn interview_rule(today: Date) -> &'static InterviewRule {
    INTERVIEW_RULES.iter().rev().find(|rule| rule.from <= today).unwrap_or(&INTERVIEW_RULES[0])
}

/// Which of them is due, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    First(Date),
    Next(Date),
    Summary(Date),
}

impl Due {
    pub const fn on(self) -> Date {
        match self {
            Self::First(on) | Self::Next(on) | Self::Summary(on) => on,
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::First(_) => "Premier entretien",
            Self::Next(_) => "Entretien",
            Self::Summary(_) => "État des lieux récapitulatif",
        }
    }
}

/// The next interview that somebody is to be given; `held` are the days of those they were, and `summaries` of those that took
/// stock of all. Interns, temporary workers and who is not employed have none of us.
pub fn next_interview(employee: &Employee, held: &[Date], summaries: &[Date], today: Date) -> Option<Due> {
    let rule = interview_rule(today);
    let kind = employee.contract_on(today)?.kind;
    let is_due_one = matches!(kind, ContractKind::Permanent | ContractKind::FixedTerm | ContractKind::Apprenticeship);
    if !is_due_one || !employee.is_employed_on(today) {
        return None;
    }
    let last = held.iter().chain(summaries).max().copied();
    let interview = match last {
        None => Due::First(employee.hired_on.saturating_add(rule.first_months.months())),
        Some(last) => Due::Next(last.saturating_add(rule.every_years.years())),
    };
    let stock = summaries.iter().max().copied().unwrap_or(employee.hired_on);
    let summary = Due::Summary(stock.saturating_add(rule.summary_years.years()));
    Some(if summary.on() <= interview.on() { summary } else { interview })
}

/// By employee, the days of the interviews that were held, and of those that took stock.
pub type Held = BTreeMap<EmployeeId, (Vec<Date>, Vec<Date>)>;

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::employee::tests::employee;

    const TODAY: Date = date(2026, 11, 30);

    fn one(id: u128, hired_on: Date, left_on: Option<Date>) -> Employee {
        let mut one = Employee { id: EmployeeId::from_ulid(Ulid(id)), hired_on, left_on, ..employee() };
        one.contracts[0].from = hired_on;
        one
    }

    #[test]
    fn who_is_here_who_came_and_who_left() {
        let mut freelance = one(9, date(2026, 1, 5), None);
        freelance.contracts[0].kind = ContractKind::Freelance;
        let mut half = one(3, date(2026, 11, 2), None);
        half.contracts[0].week_minutes = 1_050;
        let all = [
            one(1, date(2015, 1, 5), None),
            one(2, date(2024, 3, 4), Some(date(2026, 5, 29))),
            half,
            one(4, date(2020, 6, 1), Some(date(2025, 6, 30))),
            one(5, date(2027, 1, 4), None),
            one(6, date(2023, 9, 1), Some(TODAY)),
            freelance,
        ];
        let figures = Figures::of(&all.iter().collect::<Vec<_>>(), TODAY);
        assert_eq!((figures.headcount, figures.full_time_hundredths), (3, 250), "who leaves today is here");
        assert_eq!((figures.entries, figures.exits), (1, 1));
        // Three when the year began: (1 + 1) / 2 of them.
        assert_eq!(figures.turnover_permille, Some(333));
        let months: Vec<_> =
            figures.months.iter().map(|one| (one.first, one.entries, one.exits, one.headcount)).collect();
        assert_eq!(months.len(), 12);
        assert_eq!(months[0], (date(2025, 12, 1), 0, 0, 3));
        assert_eq!(months[5], (date(2026, 5, 1), 0, 1, 2));
        assert_eq!(months[11], (date(2026, 11, 1), 1, 0, 3));
        assert_eq!(figures.seniority, [1, 0, 1, 0, 1]);
    }

    #[test]
    fn absence_is_told_of_the_days_that_would_have_been_worked() {
        let here = one(1, date(2015, 1, 5), None);
        let id = here.id;
        let share = |absent: &[(EmployeeId, Date, u16)]| absence_permille(&[&here], absent, TODAY);
        // 261 days from Monday to Friday, of which nine are holidays.
        let ten: Vec<_> = (0..14).map(|n: i64| (id, date(2026, 2, 2).saturating_add(n.days()), 2)).collect();
        assert_eq!(share(&ten), Some(40), "weekends are no days of work");
        assert_eq!(
            share(&[(id, date(2026, 5, 1), 2), (id, date(2025, 11, 28), 2)]),
            Some(0),
            "a holiday; too long ago"
        );
        assert_eq!(share(&[(id, date(2026, 2, 2), 1)]), Some(2), "half a day is 1.98, and not cut");
        assert_eq!(absence_permille(&[], &[], TODAY), None);
    }

    #[test]
    fn turnover_is_rounded_half_up() {
        assert_eq!([turnover(1, 0, 3), turnover(1, 3, 3), turnover(1, 0, 80)], [Some(167), Some(667), Some(6)]);
    }

    #[test]
    fn nobody_makes_no_figures() {
        let figures = Figures::of(&[], TODAY);
        assert_eq!((figures.headcount, figures.turnover_permille, figures.months.len()), (0, None, 12));
    }

    #[test]
    fn ends_and_birthdays_that_come() {
        for (born_on, today, next) in [
            (date(1990, 12, 30), TODAY, Some(date(2026, 12, 30))),
            (date(1990, 12, 31), TODAY, None),
            (date(1990, 11, 30), TODAY, Some(TODAY)),
            (date(1990, 11, 29), TODAY, None),
            (date(1990, 1, 5), date(2026, 12, 20), Some(date(2027, 1, 5))),
            (date(1992, 2, 29), date(2027, 2, 10), Some(date(2027, 3, 1))),
            (date(1992, 2, 29), date(2028, 2, 10), Some(date(2028, 2, 29))),
        ] {
            assert_eq!(birthday(born_on, today, 30), next, "{born_on} on {today}");
        }
        let mut fixed = one(1, date(2026, 9, 1), None);
        fixed.contracts[0].ends_on = Some(date(2027, 1, 29));
        fixed.contracts[0].trial_ends_on = Some(date(2026, 12, 30));
        let mut later = one(2, date(2026, 9, 1), None);
        later.contracts[0].ends_on = Some(date(2027, 1, 30));
        later.contracts[0].trial_ends_on = Some(date(2026, 12, 31));
        let figures = Figures::of(&[&fixed, &later], TODAY);
        let days = |coming: &[Coming]| coming.iter().map(|one| one.on).collect::<Vec<_>>();
        assert_eq!(days(&figures.contract_ends), [date(2027, 1, 29)]);
        assert_eq!(days(&figures.trial_ends), [date(2026, 12, 30)]);
    }

    #[test]
    fn a_term_that_passed_is_told_until_somebody_says_what_followed() {
        let mut over = one(1, date(2026, 1, 5), None);
        over.contracts[0].kind = ContractKind::FixedTerm;
        over.contracts[0].ends_on = Some(date(2026, 10, 30));
        let figures = Figures::of(&[&over], TODAY);
        assert_eq!((figures.headcount, figures.entries, figures.exits), (0, 1, 1));
        assert_eq!(figures.contract_ends.iter().map(|one| one.on).collect::<Vec<_>>(), [date(2026, 10, 30)]);
        let left = Employee { left_on: Some(date(2026, 10, 30)), ..over };
        assert_eq!(Figures::of(&[&left], TODAY).contract_ends, []);
    }

    #[test]
    fn a_trainee_is_no_employee() {
        let mut trainee = one(1, date(2026, 9, 1), None);
        trainee.contracts[0].kind = ContractKind::Internship;
        trainee.contracts[0].ends_on = Some(date(2026, 12, 18));
        let figures = Figures::of(&[&trainee], TODAY);
        assert_eq!((figures.headcount, figures.entries, figures.full_time_hundredths), (0, 0, 0));
        assert_eq!(figures.contract_ends.len(), 1, "their end is told all the same");
    }

    #[test]
    fn interviews_are_due_as_the_law_of_the_day_wants_them() {
        let hired = one(1, date(2026, 2, 2), None);
        let old = one(2, date(2019, 1, 7), None);
        for (employee, held, summaries, today, due, why) in [
            (&hired, vec![], vec![], TODAY, Due::First(date(2027, 2, 2)), "L6315-1, I: within the year"),
            (&hired, vec![date(2026, 10, 1)], vec![], TODAY, Due::Next(date(2030, 10, 1)), "then every four years"),
            (&old, vec![], vec![], TODAY, Due::First(date(2020, 1, 7)), "long due"),
            (&old, vec![date(2025, 1, 10)], vec![], TODAY, Due::Summary(date(2027, 1, 7)), "L6315-1, II: eight years"),
            (&old, vec![], vec![date(2025, 1, 10)], TODAY, Due::Next(date(2029, 1, 10)), "a summary is one of them"),
        ] {
            assert_eq!(next_interview(employee, &held, &summaries, today), Some(due), "{why}");
        }
        // The law before: within two years.
        let then = one(4, date(2025, 1, 6), None);
        assert_eq!(next_interview(&then, &[], &[], date(2025, 10, 25)), Some(Due::First(date(2027, 1, 6))));
        let mut intern = hired.clone();
        intern.contracts[0].kind = ContractKind::Internship;
        let gone = one(3, date(2020, 1, 6), Some(date(2026, 1, 30)));
        assert_eq!(next_interview(&intern, &[], &[], TODAY), None);
        assert_eq!(next_interview(&gone, &[], &[], TODAY), None);
    }
}
