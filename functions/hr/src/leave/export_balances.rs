//! Everybody's balances as a table, as they were counted last.

use std::collections::BTreeMap;

use kernel::{Result, id::EmployeeId, text};
use web::{Asker, spreadsheet::Spreadsheet};

use super::{account::ends_on, words};

const HEADER: [&str; 13] = [
    "Matricule",
    "Nom",
    "Prénom",
    "Type",
    "Acquis du",
    "Acquis au",
    "Unité",
    "Acquis",
    "Pris",
    "En attente",
    "Perdu",
    "Solde",
    "À prendre jusqu’au",
];

/// A row for each type and year that somebody who is here may still take, took too much of, or lost within the year.
pub async fn export_balances(asker: &Asker) -> Result<Vec<u8>> {
    let (staff, accounts) = super::list_balances(asker).await?;
    let today = asker.today();
    let accounts: BTreeMap<EmployeeId, _> = accounts.iter().map(|account| (account.employee, account)).collect();
    let mut sheet = Spreadsheet::new(Vec::new(), &HEADER)?;
    for employee in staff.employees.iter().filter(|employee| !employee.has_left(today)) {
        let sums = accounts.get(&employee.id).into_iter().flat_map(|account| &account.sums);
        for sum in sums.filter(|sum| words::is_shown(sum, employee, today)) {
            let kind = staff.leave.find(sum.kind);
            let who = [employee.number.clone(), employee.last_name.clone(), employee.first_name.clone()];
            let what = [
                kind.map(|kind| kind.name.clone()).unwrap_or_default(),
                text::short_date(sum.year),
                text::short_date(ends_on(sum.year)),
                words::unit(kind, staff.settings.counting).to_owned(),
            ];
            let amounts =
                [sum.acquired, sum.taken, sum.pending, sum.lost, sum.left()].map(|one| one.plain().replace('.', ","));
            sheet.row(who.into_iter().chain(what).chain(amounts).chain([text::short_date(sum.usable_until)]))?;
        }
    }
    sheet.finish()
}
