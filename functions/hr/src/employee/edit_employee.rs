//! Changing a file. Nobody comes to be above themselves: whoever is above the new manager is held as they were read.

use std::collections::BTreeMap;

use kernel::{Error, Result, Rule, event::Event, id::EmployeeId, text};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{
    Employee, EmployeeInput,
    create_employee::must_be_known,
    list_employees::everybody,
    show_employee::may_read_notes,
    store::{self, EmployeeNumber, EmployeeOf},
};

/// As many levels as a company of this size has, and more.
const LEVELS_MAX: usize = 30;

/// `seen` is the version that the client filled its form in on.
pub async fn edit_employee(
    asker: &Asker,
    id: EmployeeId,
    input: &EmployeeInput,
    seen: Option<u64>,
) -> Result<Stored<Employee>> {
    let scope = &asker.scope;
    let keys = scope.keys();
    scope
        .write(|| async {
            let (user, manager) = input.named();
            let mut wanted = vec![keys.employee(id)];
            wanted.extend(user.map(|user| keys.member(user)));
            wanted.extend(manager.filter(|manager| *manager != id).map(|manager| keys.employee(manager)));
            let (found, all) = side_by_side(scope.get_many(&wanted), everybody(scope)).await;
            let (found, all) = (found?, all?);
            let current = found.get::<Employee>(&wanted[0])?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let mut changed = hired_again(&current, input.parse(&current, asker.today())?)?;
            // Who may not read what is noted of them leaves it.
            if !may_read_notes(asker, &current) {
                changed.notes = current.notes.clone();
            }
            // A member who left the team stays named where they were.
            if changed.user != current.user || changed.manager != current.manager {
                let user = changed.user.filter(|user| Some(*user) != current.user);
                must_be_known(&found, keys, &Employee { user, ..changed.clone() }, "")?;
            }
            let mut transaction = scope.begin("edit_employee", id);
            transaction.update(&current, &changed);
            if changed.manager != current.manager {
                let by_id = all.iter().map(|employee| (employee.id, employee)).collect();
                for above in above(id, changed.manager, &by_id)? {
                    transaction.check(&keys.employee(above.id), above.version);
                }
            }
            let (former, claim) = (current.number_claim().number, changed.number_claim());
            if former != claim.number {
                transaction
                    .claim(&claim, store::number_taken)
                    .forget::<EmployeeNumber>(|keys| keys.employee_number(&former));
            }
            if changed.user != current.user {
                if let Some(claim) = changed.account_claim() {
                    transaction.claim(&claim, store::account_taken);
                }
                if let Some(former) = current.user {
                    transaction.forget::<EmployeeOf>(|keys| keys.employee_of(former));
                }
            }
            if follows_leave(&current, &changed) {
                transaction.emit(Event::LeaveAccountDue { employee: id });
            }
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}

/// The first contract begins on the day of hiring, whichever that is.
fn hired_again(current: &Employee, mut changed: Employee) -> Result<Employee> {
    if changed.hired_on == current.hired_on {
        return Ok(changed);
    }
    if let Some(second) = changed.contracts.get(1).filter(|second| second.from <= changed.hired_on) {
        return Err(Error::field("/hired_on", Rule::After { date: text::short_date(second.from) }));
    }
    if let Some(first) = changed.contracts.first_mut() {
        let ends = [first.ends_on, first.trial_ends_on].into_iter().flatten().min();
        if let Some(end) = ends.filter(|end| *end < changed.hired_on) {
            return Err(Error::field("/hired_on", Rule::After { date: text::short_date(end) }));
        }
        first.from = changed.hired_on;
    }
    Ok(changed)
}

/// Whether balances of leave follow from what changed.
fn follows_leave(before: &Employee, after: &Employee) -> bool {
    before.hired_on != after.hired_on || before.left_on != after.left_on || before.user != after.user
}

/// The manager, theirs, and so on up.
fn above<'a>(
    id: EmployeeId,
    manager: Option<EmployeeId>,
    all: &BTreeMap<EmployeeId, &'a Stored<Employee>>,
) -> Result<Vec<&'a Stored<Employee>>> {
    let mut above = Vec::new();
    let mut next = manager;
    while let Some(read) = next.and_then(|next| all.get(&next)) {
        if read.id == id || above.len() >= LEVELS_MAX {
            return Err(Error::field("/manager_id", Rule::OwnManager));
        }
        above.push(*read);
        next = read.manager;
    }
    Ok(above)
}
