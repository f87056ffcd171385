//! The lines of a month, and what differs from them once they were told. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule,
    error::Conflict,
    expense::ReimbursementMethod,
    id::{EmployeeId, ExpenseReportId},
    text,
};
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
    /// What was approved of their reports of expenses in the month, by currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expenses: Vec<Expenses>,
}

/// What reports of expenses come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expenses {
    pub currency: Currency,
    pub approved_minor: Minor,
    /// What of it was paid back already, and not with the wages.
    pub reimbursed_minor: Minor,
}

/// A report of expenses that was approved in a month, as far as pay is concerned: written with the approval, and again when it is
/// paid back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayrollExpenses {
    pub month: Month,
    pub report: ExpenseReportId,
    pub employee: EmployeeId,
    pub totals: Vec<(Currency, Minor)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reimbursed: Option<ReimbursementMethod>,
}

/// What those of an employee add up to.
fn expenses(all: &[PayrollExpenses], of: EmployeeId) -> Vec<Expenses> {
    let mut sums: Vec<Expenses> = Vec::new();
    for one in all.iter().filter(|one| one.employee == of) {
        let is_paid = one.reimbursed.is_some_and(|method| method != ReimbursementMethod::Payroll);
        for (currency, total) in &one.totals {
            let at = sums.iter().position(|sum| sum.currency == *currency).unwrap_or_else(|| {
                sums.push(Expenses { currency: *currency, approved_minor: Minor::ZERO, reimbursed_minor: Minor::ZERO });
                sums.len() - 1
            });
            if let Some(sum) = sums.get_mut(at) {
                sum.approved_minor.0 += total.0;
                sum.reimbursed_minor.0 += if is_paid { total.0 } else { 0 };
            }
        }
    }
    sums.sort_by_key(|sum| sum.currency.code());
    sums
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

/// Everybody who is staff in a month, or left and is owed expenses, by name, with what was approved of their weeks.
pub fn lines(
    month: Month,
    everybody: &[&Employee],
    weeks: &[&TimeWeek],
    absences: &[Absent],
    spent: &[PayrollExpenses],
    zone: &jiff::tz::TimeZone,
) -> Vec<Line> {
    let is_staff = |employee: &&&Employee| {
        let on = employee.left_on.map_or(month.last(), |left_on| left_on.min(month.last()));
        let contract = employee.contract_on(on);
        let is_there = employee.left_on.is_none_or(|left_on| left_on >= month.first());
        employee.hired_on <= month.last()
            && (is_there || spent.iter().any(|one| one.employee == employee.id))
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
            expenses: expenses(spent, employee.id),
        }
    };
    everybody.iter().filter(is_staff).map(line).collect()
}

/// Where the amounts of expenses stand among [`columns`].
const EXPENSES_AT: usize = 11;

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
        "Absences en heures".to_owned(),
        "Absences".to_owned(),
        "Notes de frais approuvées".to_owned(),
        "Notes de frais remboursées hors paie".to_owned(),
        "Semaines à valider".to_owned(),
    ]
    .into()
}

impl Line {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// As a spreadsheet reads them, `123,45`; what is in another currency than the euro with its code.
    fn amounts(&self, part: impl Fn(&Expenses) -> Minor) -> String {
        let told = self.expenses.iter().filter(|expenses| !part(expenses).is_zero()).map(|expenses| {
            let amount = part(expenses).plain(expenses.currency).replace('.', ",");
            if expenses.currency == Currency::Eur { amount } else { format!("{amount} {}", expenses.currency.code()) }
        });
        let told: Vec<_> = told.collect();
        if told.is_empty() { "0".into() } else { told.join(" + ") }
    }

    fn days(&self, of: AbsenceKind) -> u32 {
        self.tally.absences.iter().filter(|(kind, ..)| *kind == of).map(|(.., halves)| halves).sum()
    }

    /// The same as people read them: `117,08 € + 10,00 $`.
    fn amounts_in_words(&self, part: impl Fn(&Expenses) -> Minor) -> String {
        let told = self.expenses.iter().filter(|expenses| !part(expenses).is_zero());
        let told: Vec<_> = told.map(|expenses| part(expenses).french(expenses.currency)).collect();
        if told.is_empty() { "0".into() } else { told.join(" + ") }
    }

    /// As pages show them: [`Self::cells`], with amounts in their currencies.
    pub fn shown(&self) -> Vec<String> {
        let mut cells = self.cells();
        let amounts: [fn(&Expenses) -> Minor; 2] =
            [|expenses| expenses.approved_minor, |expenses| expenses.reimbursed_minor];
        for (cell, part) in cells.iter_mut().skip(EXPENSES_AT).zip(amounts) {
            *cell = self.amounts_in_words(part);
        }
        cells
    }

    /// As [`columns`] are called.
    pub fn cells(&self) -> Vec<String> {
        let (tally, paid) = (&self.tally, &self.tally.paid);
        let away = tally.absences.iter().map(|(_, name, halves)| format!("{name} {} j", french_days(*halves)));
        let hours = tally.hours.iter().map(|(_, name, minutes)| format!("{name} {} h", french_hours(*minutes)));
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
            french_hours(tally.hours.iter().map(|(.., minutes)| minutes).sum()),
            away.chain(hours).collect::<Vec<_>>().join(", "),
            self.amounts(|expenses| expenses.approved_minor),
            self.amounts(|expenses| expenses.reimbursed_minor),
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

/// By the cells of a line, as they are told.
pub fn differences(closing: &Closing, now: &[Line], cells: fn(&Line) -> Vec<String>) -> Vec<Difference> {
    let columns = columns(closing.rates);
    let nothing = vec![String::new(); columns.len()];
    let mut all = Vec::new();
    let by_id = |lines: &[Line], id: EmployeeId| lines.iter().find(|line| line.employee == id).map(cells);
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
            minutes: 0,
            kind: AbsenceKind::Sickness,
            name: "Maladie".into(),
        };
        let hours = |day: i8, minutes: u16| Absent {
            on: jiff::civil::date(2026, 11, day),
            halves: 0,
            minutes,
            kind: AbsenceKind::Other,
            name: "Délégation".into(),
            ..sick.clone()
        };
        let away = [sick.clone(), hours(18, 90), hours(19, 60)];
        lines(month(), &[&employee], &[&october, &approved, &open], &away, &spent(employee.id), &paris())
    }

    pub fn spent(employee: EmployeeId) -> [PayrollExpenses; 4] {
        let one =
            |n: u128, employee: EmployeeId, minor: i64, reimbursed: Option<ReimbursementMethod>| PayrollExpenses {
                month: month(),
                report: ExpenseReportId::from_ulid(Ulid(n)),
                employee,
                totals: vec![(Currency::Eur, Minor(minor))],
                reimbursed,
            };
        [
            one(1, employee, 12_050, None),
            one(2, employee, 2_200, Some(ReimbursementMethod::Transfer)),
            one(3, employee, 1_000, Some(ReimbursementMethod::Payroll)),
            one(4, EmployeeId::from_ulid(Ulid(77)), 99_900, None),
        ]
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
                own("Absences en heures", "2,5"),
                own("Absences", "Maladie 0,5 j, Délégation 2,5 h"),
                own("Notes de frais approuvées", "152,50"),
                own("Notes de frais remboursées hors paie", "22,00"),
                own("Semaines à valider", "1"),
            ]
        );
    }

    #[test]
    fn who_left_is_owed_what_they_spent_and_other_currencies_are_named() {
        let employee = crate::employee::model::tests::employee();
        let employee = Employee { left_on: Some(jiff::civil::date(2026, 10, 15)), ..employee };
        assert!(lines(month(), &[&employee], &[], &[], &[], &paris()).is_empty());
        let mut spent = spent(employee.id);
        spent[1].totals = vec![(Currency::Xof, Minor(4_500))];
        let lines = lines(month(), &[&employee], &[], &[], &spent, &paris());
        assert_eq!(lines[0].amounts(|one| one.approved_minor), "130,50 + 4500 XOF");
        assert_eq!(lines[0].amounts(|one| one.reimbursed_minor), "4500 XOF");
        // On a page they read as everywhere; the file is for a spreadsheet.
        let [approved, reimbursed] = [lines[0].shown(), lines[0].cells()].map(|cells| cells[EXPENSES_AT].clone());
        let xof = Minor(4_500).french(Currency::Xof);
        assert_eq!((approved, reimbursed), (format!("130,50\u{a0}€ + {xof}"), "130,50 + 4500 XOF".into()));
        assert_eq!(columns(RATES)[EXPENSES_AT], "Notes de frais approuvées");
    }

    #[test]
    fn a_month_is_closed_once_and_keeps_what_it_said() {
        let now = Timestamp::UNIX_EPOCH;
        let payroll = Payroll::new(month());
        let (closed, closing) = payroll.closed(told(), RATES, by(), now, TODAY).unwrap();
        assert_eq!((closed.is_closed, closing.number), (true, 1));
        assert_eq!(refused(closed.closed(told(), RATES, by(), now, TODAY)), Some(Conflict::PayrollClosed));
        assert_eq!(differences(&closing, &told(), Line::cells), []);
        let mut later = told();
        later[0].tally.worked += 90;
        let found = differences(&closing, &later, Line::cells);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].closed.as_str(), found[0].now.as_str()), ("36", "37,5"));
        assert!(differences(&closing, &[], Line::cells).iter().all(|one| one.now.is_empty()));
        let reopened = closed.reopened(by(), now, "Oubli".into()).unwrap();
        assert_eq!(refused(reopened.reopened(by(), now, "Oubli".into())), Some(Conflict::PayrollOpen));
        let (again, second) = reopened.closed(later, RATES, by(), now, TODAY).unwrap();
        assert_eq!((again.closings, second.number, again.steps.len()), (2, 2, 3));
        assert!(Payroll::new("2026-12".parse().unwrap()).closed(told(), RATES, by(), now, TODAY).is_err());
    }
}
