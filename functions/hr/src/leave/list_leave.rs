//! Lists: what waits for a decision, who is away, everybody's balances.

use jiff::civil::Date;
use kernel::{Result, id::UserId, page::PageRequest};
use table::{Item, Order, Scope, Stored, keys::List, meter::side_by_side};
use web::Asker;

use super::{
    account::LeaveAccount,
    request::LeaveRequest,
    sight::Standing,
    store::{Absent, absences_between},
    types::LeaveSettings,
};
use crate::{
    employee::{Employee, EmployeeOf, everybody},
    settings::HrSettings,
};

const PAGE: u16 = 1_000;

async fn whole<T: Item>(scope: &Scope, list: &List) -> Result<Vec<Stored<T>>> {
    let mut page = PageRequest { limit: PAGE, cursor: None };
    let mut all = Vec::new();
    loop {
        let read = scope.list::<T>(list, &page, Order::Ascending).await?;
        all.extend(read.items);
        match read.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(all),
        }
    }
}

pub async fn accounts(scope: &Scope) -> Result<Vec<Stored<LeaveAccount>>> {
    whole(scope, &scope.keys().leave_accounts()).await
}

/// Employees, settings, and who of them asks.
pub struct Staff {
    pub employees: Vec<Stored<Employee>>,
    pub own: Option<Stored<Employee>>,
    pub settings: HrSettings,
    pub leave: LeaveSettings,
}

impl Staff {
    pub fn find(&self, id: kernel::id::EmployeeId) -> Option<&Stored<Employee>> {
        self.employees.iter().find(|employee| employee.id == id)
    }

    pub fn standing(&self, asker: &Asker, employee: &Employee) -> Standing {
        Standing::of(asker, employee, self.own.as_ref().map(|own| own.id), &self.leave, asker.today())
    }
}

/// One reading.
pub async fn staff(scope: &Scope, user: UserId) -> Result<Staff> {
    let keys = scope.keys();
    let wanted = [keys.employee_of(user), keys.hr_settings(), keys.leave_settings()];
    let (found, employees) = side_by_side(scope.get_many(&wanted), everybody(scope)).await;
    let (found, employees) = (found?, employees?);
    let own = found.first::<EmployeeOf>()?.map(|own| own.employee);
    Ok(Staff {
        own: employees.iter().find(|employee| Some(employee.id) == own).cloned(),
        employees,
        settings: found.first::<HrSettings>()?.map(|read| read.value).unwrap_or_default(),
        leave: found.first::<LeaveSettings>()?.map(|read| read.value).unwrap_or_default(),
    })
}

/// What waits for who asks, the oldest first.
pub async fn list_awaited(asker: &Asker) -> Result<(Staff, Vec<Stored<LeaveRequest>>)> {
    let scope = &asker.scope;
    let open = scope.keys().leave_requests("OPEN");
    let (staff, open) = side_by_side(staff(&asker.scope, asker.user), whole::<LeaveRequest>(scope, &open)).await;
    let (staff, mut open) = (staff?, open?);
    open.retain(|request| {
        let standing = staff.find(request.employee).map(|employee| staff.standing(asker, employee));
        // The second yes is who has `hr:approve`'s.
        standing.is_some_and(|standing| standing.decides() && (request.first.is_none() || standing.decides_all))
    });
    Ok((staff, open))
}

/// Who is away between two days, with what who asks may know of each.
pub async fn list_absent(asker: &Asker, from: Date, to: Date) -> Result<(Staff, Vec<(Absent, Standing)>)> {
    let (staff, absent) = side_by_side(staff(&asker.scope, asker.user), absences_between(&asker.scope, from, to)).await;
    let (staff, absent) = (staff?, absent?);
    let seen = absent
        .into_iter()
        .filter_map(|one| {
            let standing = staff.standing(asker, staff.find(one.employee)?);
            // What is only asked for is between who asks and who decides.
            (one.is_approved || standing.sees()).then_some((one, standing))
        })
        .collect();
    Ok((staff, seen))
}

/// Everybody's balances, as they were counted last.
pub async fn list_balances(asker: &Asker) -> Result<(Staff, Vec<Stored<LeaveAccount>>)> {
    let (staff, accounts) = side_by_side(staff(&asker.scope, asker.user), accounts(&asker.scope)).await;
    Ok((staff?, accounts?))
}
