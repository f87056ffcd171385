//! A month as it would be told now, and as it was when it was closed.

use kernel::{Error, Result};
use table::{Stored, meter::side_by_side};
use web::{Asker, spreadsheet::Spreadsheet};

use super::{
    Closing, Line, Payroll, PayrollExpenses,
    model::{self, Difference, Rates},
};
use crate::{
    employee::{Employee, everybody},
    time::{IsoWeek, Month, TimeSettings, TimeWeek, absence::absences, store::all_of},
};

pub struct Sight {
    pub month: Month,
    pub payroll: Stored<Payroll>,
    /// None of a month that nobody has closed or reopened yet.
    pub is_stored: bool,
    /// As it is now.
    pub lines: Vec<Line>,
    pub rates: Rates,
    /// In the order in which it was closed.
    pub closings: Vec<Closing>,
}

pub async fn show_payroll(asker: &Asker, month: Month) -> Result<Sight> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let (first, last) = (IsoWeek::of(month.first()).plus(-1), IsoWeek::of(month.last()));
    let list = keys.time_weeks_between(&first.to_string(), &last.to_string());
    let partition = keys.payroll(&month.to_string()).collection();
    let wanted = [keys.time_settings()];
    let away = absences(scope, None, first.monday(), last.sunday());
    let people = side_by_side(everybody(scope), side_by_side(all_of(scope, &list), away));
    let stored = side_by_side(scope.collection(&partition), scope.get_many(&wanted));
    let ((stored, found), (all, (weeks, away))) = side_by_side(stored, people).await;
    let (stored, found, all, weeks, away) = (stored?, found?, all?, weeks?, away?);
    let settings = found.first::<TimeSettings>()?.map(|settings| settings.value).unwrap_or_default();
    let all: Vec<&Employee> = all.iter().map(|employee| &employee.value).collect();
    let weeks: Vec<&TimeWeek> = weeks.iter().map(|week| &week.value).collect();
    let payroll = stored.first::<Payroll>()?;
    let spent: Vec<_> = stored.all::<PayrollExpenses>()?.into_iter().map(|read| read.value).collect();
    Ok(Sight {
        month,
        is_stored: payroll.is_some(),
        payroll: payroll.unwrap_or_else(|| Stored { value: Payroll::new(month), version: 0 }),
        lines: model::lines(month, &all, &weeks, &away, &spent, &asker.organization.zone()),
        rates: Rates::of(&settings, month),
        closings: stored.all::<Closing>()?.into_iter().map(|closing| closing.value).collect(),
    })
}

impl Sight {
    /// What it said when it was closed last, while it is.
    pub fn closed(&self) -> Option<&Closing> {
        self.closings.last().filter(|_| self.payroll.is_closed)
    }

    /// What changed since, of a month that is closed.
    pub fn differences(&self, cells: fn(&Line) -> Vec<String>) -> Vec<Difference> {
        self.closed().map(|closing| model::differences(closing, &self.lines, cells)).unwrap_or_default()
    }

    /// As a file: what was closed for the `number`th time, or what is closed, or what there is now.
    pub fn to_csv(&self, number: Option<u16>) -> Result<Vec<u8>> {
        let (rates, lines) = match number {
            Some(number) => {
                let closing = self.closings.iter().find(|closing| closing.number == number).ok_or(Error::NotFound)?;
                (closing.rates, &closing.lines)
            }
            None => self.closed().map_or((self.rates, &self.lines), |closing| (closing.rates, &closing.lines)),
        };
        let columns = model::columns(rates);
        let header: Vec<&str> =
            ["Mois", "Matricule", "Nom", "Prénom"].into_iter().chain(columns.iter().map(String::as_str)).collect();
        let mut sheet = Spreadsheet::new(Vec::new(), &header)?;
        for line in lines {
            let own = [self.month.to_string(), line.number.clone(), line.last_name.clone(), line.first_name.clone()];
            sheet.row(own.into_iter().chain(line.cells()))?;
        }
        sheet.finish()
    }
}
