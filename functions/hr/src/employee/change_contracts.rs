//! The history of somebody's contracts: an amendment, a correction, one that never was.

use jiff::civil::Date;
use kernel::{Error, Permission, Result, Rule, event::Event, id::EmployeeId, text};
use table::Stored;
use web::Asker;

use super::{Contract, ContractInput, Employee};
use crate::settings::HrSettings;

struct Read {
    employee: Stored<Employee>,
    settings: HrSettings,
}

async fn read(asker: &Asker, id: EmployeeId, seen: Option<u64>) -> Result<Read> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.employee(id), keys.hr_settings()]).await?;
    let employee = found.first::<Employee>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
    let settings = found.first::<HrSettings>()?.unwrap_or_else(Stored::unwritten).value;
    Ok(Read { employee, settings })
}

impl Read {
    fn parse(&self, asker: &Asker, input: &ContractInput, before: Option<&Contract>) -> Result<Contract> {
        let currency = asker.organization.currency;
        let contract = input.parse(self.employee.hired_on, &self.settings, currency, before)?;
        if let Some(left_on) = self.employee.left_on.filter(|left_on| contract.from > *left_on) {
            return Err(Error::field("/from", Rule::After { date: text::short_date(left_on) }));
        }
        if asker.may(Permission::HrReadSecrets) {
            return Ok(contract);
        }
        Ok(Contract { salary_minor: before.and_then(|before| before.salary_minor), ..contract })
    }

    /// The first contract begins when they were hired.
    fn changed(&self, employee: Option<Employee>) -> Result<Stored<Employee>> {
        let employee = employee.ok_or_else(|| Error::field("/from", Rule::Required))?;
        match employee.contracts.first() {
            Some(first) if first.from == employee.hired_on => {
                Ok(Stored { value: employee, version: self.employee.version + 1 })
            }
            _ => Err(Error::field("/from", Rule::FromHiring)),
        }
    }
}

/// What holds from a day on.
pub async fn add_contract(
    asker: &Asker,
    id: EmployeeId,
    input: &ContractInput,
    seen: Option<u64>,
) -> Result<Stored<Employee>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = read(asker, id, seen).await?;
            let from = input.from.trim().parse().unwrap_or(read.employee.hired_on);
            let contract = read.parse(asker, input, read.employee.contract_on(from))?;
            let employee = read.employee.value.clone().with_contract(contract);
            let changed = read.changed(Some(employee.map_err(|rule| Error::field("/from", rule))?))?;
            let mut transaction = scope.begin("add_contract", id);
            transaction.update(&read.employee, &changed.value).emit(Event::LeaveAccountDue { employee: id });
            Ok((transaction, changed))
        })
        .await
}

/// Corrects what began on the day `from`.
pub async fn edit_contract(
    asker: &Asker,
    id: EmployeeId,
    from: Date,
    input: &ContractInput,
    seen: Option<u64>,
) -> Result<Stored<Employee>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = read(asker, id, seen).await?;
            let at = read.employee.contracts.iter().position(|contract| contract.from == from);
            let at = at.ok_or(Error::NotFound)?;
            let contract = read.parse(asker, input, read.employee.contracts.get(at))?;
            let mut employee = read.employee.value.clone();
            employee.contracts.remove(at);
            let employee = employee.with_contract(contract).map_err(|rule| Error::field("/from", rule))?;
            let changed = read.changed(Some(employee))?;
            let mut transaction = scope.begin("edit_contract", id);
            transaction.update(&read.employee, &changed.value).emit(Event::LeaveAccountDue { employee: id });
            Ok((transaction, changed))
        })
        .await
}

/// Takes away what began on the day `from`: the one before goes on. The first one stays.
pub async fn remove_contract(asker: &Asker, id: EmployeeId, from: Date, seen: Option<u64>) -> Result<Stored<Employee>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = read(asker, id, seen).await?;
            if read.employee.contracts.iter().all(|contract| contract.from != from) {
                return Err(Error::NotFound);
            }
            let changed = read.changed(read.employee.value.clone().without_contract(from))?;
            let mut transaction = scope.begin("remove_contract", id);
            transaction.update(&read.employee, &changed.value).emit(Event::LeaveAccountDue { employee: id });
            Ok((transaction, changed))
        })
        .await
}
