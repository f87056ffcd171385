//! The lines of a month, and what differs from them once they were told. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{Error, Result, Rule, error::Conflict, id::EmployeeId, text};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    employee::{ContractKind, Employee},
    time::{
        IsoWeek, Month, TimeSettings, TimeWeek, WeekState,
        absence::{AbsenceKind, Absent},
        measure::{self, MonthTally, Timeline},
        model::By,
        recap::{french_days, french_hours},
    },
};

/// What one item holds with ease.
pub const LINES_MAX: usize = 500;
const STEPS_MAX: usize = 100;

/// One employee's month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub employee: EmployeeId,
    pub number: String,
    pub last_name: String,
    pub first_name: String,
    pub tally: MonthTally,
    /// Weeks of the month with time in them that nobody has approved: they count for nothing here.
    #[serde(default)]
    pub unapproved: u16,
}

/// What overtime is worth more, as the lines are told with it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    pub first_percent: Decimal,
    pub second_percent: Decimal,
}

impl Rates {
    pub fn of(settings: &TimeSettings, month: Month) -> Self {
        let agreement = settings.on(month.last());
        Self { first_percent: agreement.first_percent, second_percent: agreement.second_percent }
    }
}

/// A month, and whether what it says is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payroll {
    pub month: Month,
    pub is_closed: bool,
    /// How often it was closed; each of them is kept.
    pub closings: u16,
    /// Who closed and reopened it, when and why.
    #[serde(default)]
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    pub by: By,
    /// Else it was reopened.
    pub closes: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a month said when it was closed. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    pub month: Month,
    pub number: u16,
    pub at: Timestamp,
    pub by: By,
    pub rates: Rates,
    pub lines: Vec<Line>,
}

impl Payroll {
    pub const fn new(month: Month) -> Self {
        Self { month, is_closed: false, closings: 0, steps: Vec::new() }
    }

    fn step(&self, step: Step) -> Result<Self> {
        if self.steps.len() >= STEPS_MAX {
            return Err(Error::field("/reason", Rule::TooMany { max: STEPS_MAX }));
        }
        let closings = self.closings + u16::from(step.closes);
        let is_closed = step.closes;
        let steps = self.steps.iter().cloned().chain([step]).collect();
        Ok(Self { month: self.month, is_closed, closings, steps })
    }

    /// With what it says now.
    pub fn closed(
        &self,
        lines: Vec<Line>,
        rates: Rates,
        by: By,
        at: Timestamp,
        today: Date,
    ) -> Result<(Self, Closing)> {
        if self.is_closed {
            return Err(Error::Conflict(Conflict::PayrollClosed));
        }
        if self.month.first() > today {
            return Err(Error::field("/month", Rule::After { date: text::short_date(today) }));
        }
        if lines.len() > LINES_MAX {
            return Err(Error::field("/lines", Rule::TooMany { max: LINES_MAX }));
        }
        let changed = self.step(Step { at, by: by.clone(), closes: true, reason: None })?;
        let closing = Closing { month: self.month, number: changed.closings, at, by, rates, lines };
        Ok((changed, closing))
    }

    pub fn reopened(&self, by: By, at: Timestamp, reason: String) -> Result<Self> {
        if !self.is_closed {
            return Err(Error::Conflict(Conflict::PayrollOpen));
        }
        self.step(Step { at, by, closes: false, reason: Some(reason) })
    }
}

/// Everybody who is staff in a month, by name, with what was approved of their weeks.
pub fn lines(
    month: Month,
    everybody: &[&Employee],
    weeks: &[&TimeWeek],
    absences: &[Absent],
    zone: &jiff::tz::TimeZone,
) -> Vec<Line> {
    let is_staff = |employee: &&&Employee| {
        let on = employee.left_on.map_or(month.last(), |left_on| left_on.min(month.last()));
        let contract = employee.contract_on(on);
        employee.hired_on <= month.last()
            && employee.left_on.is_none_or(|left_on| left_on >= month.first())
            && contract.is_none_or(|contract| contract.kind != ContractKind::Freelance)
    };
    let line = |employee: &&Employee| {
        let own = || weeks.iter().filter(|week| week.employee == employee.id);
        let approved = own().filter(|week| week.state == WeekState::Approved);
        let timeline = Timeline::of(approved.flat_map(|week| &week.spans), zone);
        let absences: Vec<Absent> = absences.iter().filter(|one| one.employee == employee.id).cloned().collect();
        let of_month = |week: IsoWeek| Month::of(week.monday()) == month || Month::of(week.sunday()) == month;
        let unapproved =
            own().filter(|week| of_month(week.week) && week.state != WeekState::Approved && !week.spans.is_empty());
        Line {
            employee: employee.id,
            number: employee.number.clone(),
            last_name: employee.last_name.clone(),
            first_name: employee.first_name.clone(),
            tally: measure::month(employee, month, &timeline, &absences),
            unapproved: u16::try_from(unapproved.count()).unwrap_or(u16::MAX),
        }
    };
    everybody.iter().filter(is_staff).map(line).collect()
}

/// What a column is called, and what a line says in it.
pub fn columns(rates: Rates) -> Vec<String> {
    let percent = |percent: Decimal| percent.normalize().to_string().replace('.', ",");
    [
        "Heures travaillées".to_owned(),
        "Heures de nuit".to_owned(),
        "Heures complémentaires à 10 %".to_owned(),
        "Heures complémentaires à 25 %".to_owned(),
        format!("Heures supplémentaires à {} %", percent(rates.first_percent)),
        format!("Heures supplémentaires à {} %, dès la 44e", percent(rates.second_percent)),
        "Congés payés (jours)".to_owned(),
        "Maladie (jours)".to_owned(),
        "Autres absences (jours)".to_owned(),
        "Absences".to_owned(),
        "Semaines à valider".to_owned(),
    ]
    .into()
}

impl Line {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    fn days(&self, of: AbsenceKind) -> u32 {
        self.tally.absences.iter().filter(|(kind, ..)| *kind == of).map(|(.., halves)| halves).sum()
    }

    /// As [`columns`] are called.
    pub fn cells(&self) -> Vec<String> {
        let (tally, paid) = (&self.tally, &self.tally.paid);
        let away = tally.absences.iter().map(|(_, name, halves)| format!("{name} {} j", french_days(*halves)));
        vec![
            french_hours(tally.worked),
            french_hours(tally.night),
            french_hours(paid.additional_first),
            french_hours(paid.additional_second),
            french_hours(paid.overtime_first),
            french_hours(paid.overtime_second),
            french_days(self.days(AbsenceKind::PaidLeave)),
            french_days(self.days(AbsenceKind::Sickness)),
            french_days(self.days(AbsenceKind::Other)),
            away.collect::<Vec<_>>().join(", "),
            self.unapproved.to_string(),
        ]
    }
}

/// What a month would say now and did not when it was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub name: String,
    pub column: String,
    pub closed: String,
    pub now: String,
}

pub fn differences(closing: &Closing, now: &[Line]) -> Vec<Difference> {
    let columns = columns(closing.rates);
    let nothing = vec![String::new(); columns.len()];
    let mut all = Vec::new();
    let by_id = |lines: &[Line], id: EmployeeId| lines.iter().find(|line| line.employee == id).map(Line::cells);
    let gone = closing.lines.iter().filter(|line| now.iter().all(|other| other.employee != line.employee));
    for line in now.iter().chain(gone) {
        let before = by_id(&closing.lines, line.employee).unwrap_or_else(|| nothing.clone());
        let after = by_id(now, line.employee).unwrap_or_else(|| nothing.clone());
        for ((column, closed), now) in columns.iter().zip(before).zip(after) {
            if closed != now {
                all.push(Difference { name: line.name(), column: column.clone(), closed, now });
            }
        }
    }
    all
}

#[cfg(test)]
pub mod tests {
    use kernel::id::UserId;
    use ulid::Ulid;

    use super::*;
    use crate::time::model::tests::{paris, refused, row, spans_of};

    pub fn by() -> By {
        By { user: UserId::from_ulid(Ulid(4)), name: "Inès Moreau".into() }
    }

    const RATES: Rates = Rates { first_percent: Decimal::TEN, second_percent: Decimal::ONE_HUNDRED };
    const TODAY: Date = jiff::civil::date(2026, 11, 30);

    fn month() -> Month {
        "2026-11".parse().unwrap()
    }

    fn week(name: &str, state: WeekState, days: &[&str]) -> TimeWeek {
        let blank = TimeWeek::new(
            Employee::new(EmployeeId::from_ulid(Ulid(5)), Timestamp::UNIX_EPOCH).id,
            None,
            name.parse().unwrap(),
        );
        let rows = days.iter().map(|day| row(day, "8:00", "17:00")).collect();
        TimeWeek { state, spans: spans_of(rows, &blank).unwrap(), ..blank }
    }

    pub fn told() -> Vec<Line> {
        let employee = crate::employee::model::tests::employee();
        // The week of the 31st of October ends in November, and so its overtime is paid there; the hours are of their days.
        let october = week("2026-W44", WeekState::Approved, &["2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29"]);
        let approved = week("2026-W47", WeekState::Approved, &["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"]);
        let open = week("2026-W48", WeekState::Submitted, &["2026-11-23"]);
        let sick = Absent {
            employee: employee.id,
            on: jiff::civil::date(2026, 11, 20),
            halves: 1,
            kind: AbsenceKind::Sickness,
            name: "Maladie".into(),
        };
        lines(month(), &[&employee], &[&october, &approved, &open], &[sick], &paris())
    }

    #[test]
    fn a_month_says_what_was_approved_of_it() {
        let lines = told();
        let cells: Vec<_> = columns(RATES).into_iter().zip(lines[0].cells()).filter(|(_, cell)| cell != "0").collect();
        let own = |column: &str, cell: &str| (column.to_owned(), cell.to_owned());
        assert_eq!(
            cells,
            [
                own("Heures travaillées", "36"),
                own("Heures supplémentaires à 10 %", "2"),
                own("Maladie (jours)", "0,5"),
                own("Absences", "Maladie 0,5 j"),
                own("Semaines à valider", "1"),
            ]
        );
    }

    #[test]
    fn a_month_is_closed_once_and_keeps_what_it_said() {
        let now = Timestamp::UNIX_EPOCH;
        let payroll = Payroll::new(month());
        let (closed, closing) = payroll.closed(told(), RATES, by(), now, TODAY).unwrap();
        assert_eq!((closed.is_closed, closing.number), (true, 1));
        assert_eq!(refused(closed.closed(told(), RATES, by(), now, TODAY)), Some(Conflict::PayrollClosed));
        assert_eq!(differences(&closing, &told()), []);
        let mut later = told();
        later[0].tally.worked += 90;
        let found = differences(&closing, &later);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].closed.as_str(), found[0].now.as_str()), ("36", "37,5"));
        assert!(differences(&closing, &[]).iter().all(|one| one.now.is_empty()));
        let reopened = closed.reopened(by(), now, "Oubli".into()).unwrap();
        assert_eq!(refused(reopened.reopened(by(), now, "Oubli".into())), Some(Conflict::PayrollOpen));
        let (again, second) = reopened.closed(later, RATES, by(), now, TODAY).unwrap();
        assert_eq!((again.closings, second.number, again.steps.len()), (2, 2, 3));
        assert!(Payroll::new("2026-12".parse().unwrap()).closed(told(), RATES, by(), now, TODAY).is_err());
    }
}
