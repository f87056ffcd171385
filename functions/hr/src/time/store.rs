//! The items of time: they stand with the file of the employee, weeks in one list of everybody's as well.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kernel::{Error, Permission, Result, id::EmployeeId, page::PageRequest};
use table::{Audit, Index, Item, Items, Key, List, Order, Scope, Stored, TenantKeys, meter::side_by_side};
use web::Asker;

use super::{
    absence::{Absent, absences},
    calendar::IsoWeek,
    law::TimeSettings,
    model::{By, TimeChange, TimeWeek},
};
use crate::{
    employee::{Employee, EmployeeOf},
    settings::HrSettings,
};

impl Item for TimeWeek {
    const TYPE: &'static str = "time_week";
    // Who may read the log may not read what somebody worked: that they find with the week, with its own history.
    const AUDIT: Audit = Audit::Masked(&["spans", "steps", "user", "is_disputed"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.time_week(self.employee, &self.week.to_string())
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_time_weeks(&self.week.to_string(), self.employee))
    }

    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        self.is_undecided().then(|| keys.in_undecided_time_weeks(&self.week.to_string(), self.employee))
    }
}

impl Item for TimeChange {
    const TYPE: &'static str = "time_change";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.time_change(self.employee, &self.week.to_string(), self.id)
    }
}

impl Item for TimeSettings {
    const TYPE: &'static str = "time_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.time_settings()
    }
}

/// What somebody may do with the time of somebody. An employee fills in their own; who is above them corrects and decides,
/// and so does whoever may do that for everybody. Nobody decides on their own, unless nobody is above them and they decide for
/// everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    pub is_own: bool,
    pub may_view: bool,
    pub may_edit: bool,
    pub may_decide: bool,
}

impl Rights {
    /// `own` is the file of who asks.
    pub fn of(asker: &Asker, employee: &Employee, own: Option<EmployeeId>) -> Self {
        let is_own = employee.user == Some(asker.user);
        let is_above = own.is_some() && employee.manager == own && !is_own;
        let may = |permission| asker.may(permission);
        let decides = may(Permission::HrApprove);
        Self {
            is_own,
            may_view: is_own || is_above || may(Permission::HrView),
            may_edit: is_own || is_above || may(Permission::HrEdit),
            may_decide: if is_own { decides && employee.manager.is_none() } else { is_above || decides },
        }
    }

    pub const fn must_edit(self) -> Result<()> {
        if self.may_edit { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub const fn must_decide(self) -> Result<()> {
        if self.may_decide { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub const fn must_be_own(self) -> Result<()> {
        if self.is_own { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// The time of one employee, as far as it was read.
pub struct Read {
    pub employee: Stored<Employee>,
    pub rights: Rights,
    pub settings: TimeSettings,
    /// Where they work, whose holidays are theirs.
    pub hr: HrSettings,
    pub weeks: BTreeMap<IsoWeek, Stored<TimeWeek>>,
    pub absences: Vec<Absent>,
    pub zone: TimeZone,
    /// What else was asked for.
    pub found: Items,
}

/// Weeks of an employee, both included, and what they are judged by: one round trip. Whose time is not for these eyes is not
/// there.
pub async fn read(asker: &Asker, id: EmployeeId, first: IsoWeek, last: IsoWeek, beside: &[Key]) -> Result<Read> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let mut wanted = vec![keys.employee(id), keys.employee_of(asker.user), keys.time_settings(), keys.hr_settings()];
    wanted.extend(IsoWeek::series(first, last).map(|week| keys.time_week(id, &week.to_string())));
    wanted.extend_from_slice(beside);
    let away = absences(scope, Some(id), first.monday(), last.sunday());
    let (found, absences) = side_by_side(scope.get_many(&wanted), away).await;
    let (found, absences) = (found?, absences?);
    let employee = found.get::<Employee>(&wanted[0])?.ok_or(Error::NotFound)?;
    let own = found.get::<EmployeeOf>(&wanted[1])?.map(|own| own.employee);
    let rights = Rights::of(asker, &employee, own);
    if !rights.may_view {
        return Err(Error::NotFound);
    }
    Ok(Read {
        rights,
        settings: found.get::<TimeSettings>(&wanted[2])?.map(|settings| settings.value).unwrap_or_default(),
        hr: found.first::<HrSettings>()?.map(|settings| settings.value).unwrap_or_default(),
        weeks: found.all::<TimeWeek>()?.into_iter().map(|week| (week.week, week)).collect(),
        employee,
        absences,
        zone: asker.organization.zone(),
        found,
    })
}

impl Read {
    /// A week as it is stored, or as it begins.
    pub fn week(&self, week: IsoWeek) -> Stored<TimeWeek> {
        let blank = || Stored { value: TimeWeek::new(self.employee.id, self.employee.user, week), version: 0 };
        self.weeks.get(&week).cloned().unwrap_or_else(blank)
    }

    /// What the transaction that writes it goes by.
    pub fn stored(&self, week: IsoWeek) -> Option<&Stored<TimeWeek>> {
        self.weeks.get(&week)
    }
}

/// The weeks that a week is judged by: those of its year, for the quota, and twelve for the average.
pub fn around(week: IsoWeek) -> (IsoWeek, IsoWeek) {
    (week.first_of_year().min(week.plus(-super::checks::AVERAGE_WEEKS)), week.plus(1))
}

/// Who asks, as what they do is remembered.
pub fn by(asker: &Asker) -> By {
    By { user: asker.user, name: asker.name.clone() }
}

/// How many items one reading of a list asks for.
const PAGE: u16 = 1_000;

/// All of a list that is bounded by the weeks that are asked for.
pub async fn all_of(scope: &Scope, list: &List) -> Result<Vec<Stored<TimeWeek>>> {
    let mut page = PageRequest { limit: PAGE, cursor: None };
    let mut all = Vec::new();
    loop {
        let read = scope.list::<TimeWeek>(list, &page, Order::Ascending).await?;
        all.extend(read.items);
        match read.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(all),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{OrganizationId, TimeChangeId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::time::{
        law,
        model::tests::{row, spans_of, week},
    };

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_week_as_it_is_stored() {
        let by = By { user: UserId::from_ulid(Ulid(4)), name: "Inès Moreau".into() };
        let now = "2026-11-27T17:00:00Z".parse().unwrap();
        let filled = week().with_spans(spans_of(vec![row("2026-11-23", "8:00", "12:00")], &week()).unwrap()).unwrap();
        let submitted = TimeWeek { user: Some(by.user), ..filled.submitted(by.clone(), now).unwrap() };
        let span = json!({ "id": "spn_00000000000000000000000035", "from": "2026-11-23T07:00:00Z", "to": "2026-11-23T11:00:00Z" });
        let by_json = json!({ "user": "usr_00000000000000000000000004", "name": "Inès Moreau" });
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "WEEK#2026-W48",
            "gsi1pk": "ORG#00000000000000000000000001#TIME_WEEKS",
            "gsi1sk": "2026-W48#00000000000000000000000005",
            "gsi3pk": "ORG#00000000000000000000000001#UNDECIDED_TIME_WEEKS",
            "gsi3sk": "2026-W48#00000000000000000000000005",
            "type": "time_week",
            "v": 1,
            "employee": "emp_00000000000000000000000005",
            "week": "2026-W48",
            "user": "usr_00000000000000000000000004",
            "state": "submitted",
            "spans": [span],
            "steps": [{ "at": "2026-11-27T17:00:00Z", "by": by_json, "what": "submitted" }],
        });
        assert_eq!(golden(&submitted, KEYS).ok(), Some(expected));
        let change = TimeChange {
            id: TimeChangeId::from_ulid(Ulid(6)),
            employee: filled.employee,
            user: None,
            week: filled.week,
            at: now,
            by,
            reason: Some("Oubli".into()),
            before: Vec::new(),
            after: filled.spans,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "WEEK_CHANGE#2026-W48#00000000000000000000000006",
            "type": "time_change",
            "v": 1,
            "id": "tch_00000000000000000000000006",
            "employee": "emp_00000000000000000000000005",
            "week": "2026-W48",
            "at": "2026-11-27T17:00:00Z",
            "by": by_json,
            "reason": "Oubli",
            "after": [span],
        });
        assert_eq!(golden(&change, KEYS).ok(), Some(expected));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#HR",
            "sk": "TIME_SETTINGS",
            "type": "time_settings",
            "v": 1,
            "agreements": [{
                "from": "2026-06-01", "average_minutes": 2760, "first_percent": "15", "second_percent": "50",
                "quota_minutes": 10800, "extends_part_time": true,
            }],
            "hourly_price": "65",
        });
        let mut settings = law::tests::agreed();
        settings.agreements.remove(0);
        assert_eq!(golden(&settings, KEYS).ok(), Some(expected));
    }
}
