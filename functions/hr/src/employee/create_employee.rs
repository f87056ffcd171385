//! Somebody is hired.

use kernel::{Error, Permission, Result, Rule, Violations, event::Event, id::EmployeeId};
use table::{Items, Stored, TenantKeys};
use web::{Asker, Membership};

use super::{Employee, HiredInput, store};
use crate::settings::HrSettings;

pub async fn create_employee(asker: &Asker, input: &HiredInput) -> Result<Employee> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let id = scope.new_id(EmployeeId::new);
    let blank = Employee::new(id, scope.now());
    scope
        .write(|| async {
            let (user, manager) = input.employee.named();
            let mut wanted = vec![keys.hr_settings()];
            wanted.extend(user.map(|user| keys.member(user)));
            wanted.extend(manager.map(|manager| keys.employee(manager)));
            let found = scope.get_many(&wanted).await?;
            let settings = found.first::<HrSettings>()?.unwrap_or_else(Stored::unwritten);
            let file = input.employee.parse(&blank, asker.today());
            let hired_on = file.as_ref().map(|file| file.hired_on).unwrap_or_default();
            let contract = input.contract.parse(hired_on, &settings, asker.organization.currency, None);
            let (mut file, mut contract) = match (file, contract) {
                (Ok(file), Ok(contract)) => (file, contract),
                (file, contract) => return Err(both(file.err(), contract.err()).into()),
            };
            // Nobody works before they are hired, and not without a contract either.
            contract.from = file.hired_on;
            if !asker.may(Permission::HrReadSecrets) {
                contract.salary_minor = None;
            }
            file = file.with_contract(contract).map_err(|rule| Error::field("/contract/from", rule))?;
            must_be_known(&found, keys, &file, "/employee")?;
            let mut transaction = scope.begin("create_employee", id);
            transaction.create(&file).claim(&file.number_claim(), store::number_taken);
            if let Some(claim) = file.account_claim() {
                transaction.claim(&claim, store::account_taken);
            }
            if let Some(manager) = file.manager
                && let Some(read) = found.get::<Employee>(&keys.employee(manager))?
            {
                transaction.check(&keys.employee(manager), read.version);
            }
            transaction.emit(Event::LeaveAccountDue { employee: id });
            Ok((transaction, file))
        })
        .await
}

fn both(file: Option<Violations>, contract: Option<Violations>) -> Violations {
    let mut wrong = Violations::default();
    for (at, part) in [("/employee", file), ("/contract", contract)] {
        for violation in part.unwrap_or_default().iter() {
            wrong.add(format!("{at}{}", violation.pointer), violation.rule.clone());
        }
    }
    wrong
}

/// The member and the manager who a file names must be there; both were read.
pub(super) fn must_be_known(found: &Items, keys: TenantKeys, file: &Employee, pointer: &str) -> Result<()> {
    let mut wrong = Violations::default();
    if let Some(user) = file.user
        && found.get::<Membership>(&keys.member(user))?.is_none_or(|member| member.visit.is_some())
    {
        wrong.add(format!("{pointer}/user_id"), Rule::NotFound);
    }
    if let Some(manager) = file.manager
        && found.get::<Employee>(&keys.employee(manager))?.is_none()
    {
        wrong.add(format!("{pointer}/manager_id"), Rule::NotFound);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}
