//! The register of staff (registre unique du personnel): everybody in the order in which they were hired, those who left
//! too; interns in a part of their own, at the end (C. trav. L1221-13, D1221-23). Freelancers are no staff. Kept five years
//! after somebody left (R1221-26).

use jiff::civil::Date;
use kernel::{Result, text};
use table::{Stored, meter::side_by_side};
use web::{Asker, spreadsheet::Spreadsheet};

use super::{Contract, ContractKind, Employee, list_employees::everybody};
use crate::settings::SETTINGS;

/// A full week (C. trav. L3121-27): who works less works part of the time, on however many days.
const FULL_WEEK_MINUTES: u16 = 35 * 60;

const HEADER: [&str; 12] = [
    "Matricule",
    "Nom",
    "Prénoms",
    "Nationalité",
    "Date de naissance",
    "Sexe",
    "Emploi",
    "Contrat",
    "Temps partiel",
    "Entrée",
    "Sortie",
    "Catégorie",
];

pub async fn export_register(asker: &Asker) -> Result<Vec<u8>> {
    let (all, settings) = side_by_side(everybody(&asker.scope), SETTINGS.shown(&asker.scope)).await;
    let (all, settings, today) = (all?, settings?, asker.today());
    let mut rows: Vec<(&Stored<Employee>, &Contract)> =
        all.iter().filter_map(|employee| Some((employee, registered(employee, today)?))).collect();
    rows.sort_by_key(|(employee, contract)| (is_intern(contract), employee.hired_on));
    let mut sheet = Spreadsheet::new(Vec::new(), &HEADER)?;
    for (employee, contract) in rows {
        let position = contract.position.and_then(|position| settings.position(position));
        let is_part = contract.week_minutes < FULL_WEEK_MINUTES;
        let day = |day: Option<Date>| day.map(text::short_date).unwrap_or_default();
        sheet.row([
            employee.number.clone(),
            employee.last_name.clone(),
            employee.first_name.clone(),
            employee.nationality.clone().unwrap_or_default(),
            day(employee.born_on),
            employee.gender.map(|gender| gender.french().to_owned()).unwrap_or_default(),
            position.map(|position| position.name.clone()).unwrap_or_default(),
            contract.kind.french().to_owned(),
            if is_part { "Oui".into() } else { String::new() },
            day(Some(employee.hired_on)),
            day(employee.left_on),
            if is_intern(contract) { "Stagiaire".into() } else { "Salarié".into() },
        ])?;
    }
    sheet.finish()
}

fn is_intern(contract: &Contract) -> bool {
    contract.kind == ContractKind::Internship
}

/// By which contract somebody stands in the register: the one of today, or of their last day; of who has not begun yet the
/// first. None of who was never but a freelancer.
fn registered(employee: &Employee, today: Date) -> Option<&Contract> {
    let on = employee.left_on.map_or(today, |left_on| left_on.min(today));
    let staff = || employee.contracts.iter().filter(|contract| contract.kind != ContractKind::Freelance);
    staff().rfind(|contract| contract.from <= on).or_else(|| staff().next())
}
