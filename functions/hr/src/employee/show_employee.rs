//! One file, for who may read files, or for whose it is.

use kernel::{Error, Permission, Result, id::EmployeeId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Employee, list_employees::everybody};
use crate::settings::{HrSettings, SETTINGS};

/// A file as somebody sees it.
pub struct Sight {
    pub employee: Stored<Employee>,
    pub settings: HrSettings,
    /// Whether they see the salary.
    pub with_salary: bool,
}

/// What is noted of somebody is for those who keep the files, and never for whom it is about: they ask for it (RGPD art. 15).
pub fn may_read_notes(asker: &Asker, employee: &Employee) -> bool {
    asker.may(Permission::HrEdit) && employee.user != Some(asker.user)
}

impl Sight {
    fn of(asker: &Asker, employee: Stored<Employee>, settings: HrSettings) -> Self {
        let is_own = employee.user == Some(asker.user);
        Self { employee, settings, with_salary: is_own || asker.may(Permission::HrReadSecrets) }
    }
}

pub async fn show_employee(asker: &Asker, id: EmployeeId) -> Result<Sight> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.employee(id), keys.hr_settings()]).await?;
    let employee = found.first::<Employee>()?.ok_or(Error::NotFound)?;
    let settings = found.first::<HrSettings>()?.unwrap_or_else(Stored::unwritten).value;
    Ok(Sight::of(asker, employee, settings))
}

/// The file of who asks; none for a member who is no employee. It is found among everybody's, which is one reading.
pub async fn own_file(asker: &Asker) -> Result<Option<Sight>> {
    let (all, settings) = side_by_side(everybody(&asker.scope), SETTINGS.shown(&asker.scope)).await;
    let (all, settings) = (all?, settings?);
    let own = all.into_iter().find(|employee| employee.user == Some(asker.user));
    Ok(own.map(|employee| Sight::of(asker, employee, settings.value)))
}
