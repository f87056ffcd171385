//! Who sees somebody's leave, and who decides on it.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Permission, Result,
    id::{EmployeeId, UserId},
};
use table::Scope;
use web::Asker;

use super::{
    store::{self, Read},
    types::LeaveSettings,
};
use crate::employee::{Employee, EmployeeOf};

/// What whoever asks is to somebody whose leave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub is_own: bool,
    /// Manager of theirs, or who decides for that manager these days.
    pub is_manager: bool,
    /// Decides on everybody's.
    pub decides_all: bool,
    /// Keeps the files.
    pub keeps_files: bool,
    /// Reads everybody's.
    pub reads_all: bool,
    decides: bool,
}

impl Standing {
    /// `own` is the employee who asks, where they are one.
    pub fn of(asker: &Asker, employee: &Employee, own: Option<EmployeeId>, leave: &LeaveSettings, today: Date) -> Self {
        let is_own = employee.user == Some(asker.user);
        let is_manager = !is_own
            && own.zip(employee.manager).is_some_and(|(own, manager)| {
                own == manager || leave.delegates(manager, today).any(|delegate| delegate == own)
            });
        let decides_all = asker.may(Permission::HrApprove);
        Self {
            is_own,
            is_manager,
            decides_all,
            keeps_files: asker.may(Permission::HrEdit),
            reads_all: asker.may(Permission::HrView),
            // Nobody says yes to themselves, save who has nobody above them.
            decides: is_manager || (decides_all && (!is_own || employee.manager.is_none())),
        }
    }

    pub const fn sees(self) -> bool {
        self.is_own || self.is_manager || self.decides_all || self.reads_all
    }

    pub const fn decides(self) -> bool {
        self.decides
    }

    /// For oneself, or as who keeps the files.
    pub const fn asks(self) -> bool {
        self.is_own || self.keeps_files
    }

    /// Whether a yes of theirs is the last one.
    pub const fn decides_last(self, leave: &LeaveSettings) -> bool {
        self.decides_all || !leave.is_decided_twice
    }
}

/// Somebody's leave, for who may see it; for all others there is none.
pub async fn read(asker: &Asker, employee: EmployeeId) -> Result<(Read, Standing)> {
    let today = asker.today();
    let own = asker.scope.keys().employee_of(asker.user);
    let (read, found) = store::read_with(&asker.scope, employee, today, &[own]).await?;
    let own = found.first::<EmployeeOf>()?.map(|own| own.employee);
    let standing = Standing::of(asker, &read.employee, own, &read.leave, today);
    if standing.sees() { Ok((read, standing)) } else { Err(Error::NotFound) }
}

/// The day of an instant, where the organization is.
pub fn day_of(asker: &Asker) -> impl Fn(Timestamp) -> Date + use<> {
    let zone = asker.organization.zone();
    move |at| at.to_zoned(zone.clone()).date()
}

/// Whose file a member's is.
pub async fn employee_of(scope: &Scope, user: UserId) -> Result<Option<EmployeeId>> {
    let found = scope.get::<EmployeeOf>(&scope.keys().employee_of(user)).await?;
    Ok(found.map(|found| found.employee))
}
