//! Reports: one's own, those in a state for who decides, and one of them as somebody sees it.

use std::collections::BTreeSet;

use kernel::{
    Error, Permission, Result,
    id::{EmployeeId, ExpenseReportId},
    page::{Page, PageRequest},
};
use table::{Order, Stored, meter::side_by_side};
use web::Asker;

use super::{ExpenseReport, ReportState};
use crate::employee::{Employee, EmployeeOf, everybody};

/// A report, with whose it is and what who asks may do with it.
pub struct Sight {
    pub report: Stored<ExpenseReport>,
    pub employee: Stored<Employee>,
    pub is_own: bool,
    /// Whether they decide on it: who is above the employee, or may decide on all; nobody on their own, unless they own or
    /// administer the organization, above whom there may be nobody.
    pub decides: bool,
    pub reimburses: bool,
}

impl Sight {
    /// As it was found among everybody; none of what is neither theirs nor theirs to decide.
    pub fn of(asker: &Asker, report: Stored<ExpenseReport>, all: &[Stored<Employee>]) -> Option<Self> {
        let known = all.iter().find(|employee| employee.id == report.employee).cloned();
        // What was approved outlives the file.
        let employee = known.unwrap_or_else(|| former(&report));
        let is_own = employee.user == Some(asker.user);
        let is_above = is_above(asker, &employee, all);
        let may = asker.may(Permission::HrApprove);
        let is_handed_in = report.state != ReportState::Draft;
        let sees = is_own || (is_handed_in && (is_above || may));
        sees.then(|| Self {
            decides: (is_above || may) && (!is_own || asker.administers()),
            reimburses: may,
            is_own,
            employee,
            report,
        })
    }
}

/// Of whom nothing is left but the number that the report has.
fn former(report: &ExpenseReport) -> Stored<Employee> {
    let nobody = Employee::new(report.employee, report.created_at);
    let (first_name, last_name) = ("Ancien".into(), "salarié".into());
    let value = Employee { number: report.employee_number.clone(), first_name, last_name, ..nobody };
    Stored { value, version: 0 }
}

/// Whether who asks is the manager of this employee.
fn is_above(asker: &Asker, employee: &Employee, all: &[Stored<Employee>]) -> bool {
    let manager = employee.manager.and_then(|manager| all.iter().find(|other| other.id == manager));
    manager.is_some_and(|manager| manager.user == Some(asker.user))
}

/// One that who asks may see.
pub async fn show_report(asker: &Asker, id: ExpenseReportId) -> Result<Sight> {
    let scope = &asker.scope;
    let key = scope.keys().expense_report(id);
    let (report, all) = side_by_side(scope.get::<ExpenseReport>(&key), everybody(scope)).await;
    Sight::of(asker, report?.ok_or(Error::NotFound)?, &all?).ok_or(Error::NotFound)
}

/// Whose file is that of who asks; none for a member who is no employee.
pub async fn own_employee(asker: &Asker) -> Result<Option<EmployeeId>> {
    let own = asker.scope.get::<EmployeeOf>(&asker.scope.keys().employee_of(asker.user)).await?;
    Ok(own.map(|own| own.value.employee))
}

/// One's own, the newest first; none for a member who is no employee. Whose file it is, is read first: a trip more than a page
/// should take.
pub async fn list_own_reports(asker: &Asker, page: &PageRequest) -> Result<Option<Page<Stored<ExpenseReport>>>> {
    let Some(own) = own_employee(asker).await? else { return Ok(None) };
    let list = asker.scope.keys().expense_reports(Some(own));
    asker.scope.list(&list, page, Order::Descending).await.map(Some)
}

/// Those in a state that who asks decides on or pays back, the oldest first, with whose they are. A page may have fewer than
/// there is room for: who is above some sees theirs alone.
pub async fn list_reports(asker: &Asker, state: ReportState, page: &PageRequest) -> Result<Page<Sight>> {
    let scope = &asker.scope;
    let list = scope.keys().expense_reports_in(state.listed());
    let order = if state == ReportState::Reimbursed { Order::Descending } else { Order::Ascending };
    let (found, all) = side_by_side(scope.list::<ExpenseReport>(&list, page, order), everybody(scope)).await;
    let (found, all) = (found?, all?);
    let mine: BTreeSet<_> = all.iter().filter(|one| one.user == Some(asker.user)).map(|one| one.id).collect();
    let others =
        found.items.into_iter().filter(|report| asker.may(Permission::HrApprove) || !mine.contains(&report.employee));
    let seen =
        others.filter_map(|report| Sight::of(asker, report, &all)).filter(|sight| sight.decides || sight.reimburses);
    Ok(Page { items: seen.collect(), next_cursor: found.next_cursor })
}
