//! Whose time somebody sees, of one week, and on which weeks they are to decide.

use kernel::{Result, id::EmployeeId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{
    calendar::IsoWeek,
    measure::{Tally, Timeline, tally},
    model::{TimeWeek, WeekState},
    store::{Rights, all_of},
};
use crate::employee::{Employee, EmployeeOf, everybody};

/// Somebody's week in a list.
pub struct TeamWeek {
    pub employee: Stored<Employee>,
    pub rights: Rights,
    pub week: TimeWeek,
    pub tally: Tally,
}

impl TeamWeek {
    pub const fn state(&self) -> WeekState {
        self.week.state
    }
}

struct Team {
    everybody: Vec<(Stored<Employee>, Rights)>,
    weeks: Vec<Stored<TimeWeek>>,
}

/// Everybody whose time is for these eyes, and the weeks of a list.
async fn team(asker: &Asker, list: &table::List) -> Result<Team> {
    let scope = &asker.scope;
    let own = scope.keys().employee_of(asker.user);
    let own = scope.get::<EmployeeOf>(&own);
    let (all, (own, weeks)) = side_by_side(everybody(scope), side_by_side(own, all_of(scope, list))).await;
    let own = own?.map(|own| own.employee);
    let with_rights = |employee: Stored<Employee>| {
        let rights = Rights::of(asker, &employee, own);
        (employee, rights)
    };
    let all = all?.into_iter().map(with_rights).filter(|(_, rights)| rights.may_view);
    Ok(Team { everybody: all.collect(), weeks: weeks? })
}

fn of(employee: EmployeeId, week: IsoWeek, weeks: &[Stored<TimeWeek>]) -> Option<&Stored<TimeWeek>> {
    weeks.iter().find(|one| one.employee == employee && one.week == week)
}

/// Everybody who works here in a week, by name, with what they worked; whoever filled in nothing among them.
pub async fn list_time_weeks(asker: &Asker, week: IsoWeek) -> Result<Vec<TeamWeek>> {
    let keys = asker.scope.keys();
    let list = keys.time_weeks_between(&week.plus(-1).to_string(), &week.to_string());
    let Team { everybody, weeks } = team(asker, &list).await?;
    let zone = asker.organization.zone();
    let works = |employee: &Employee| {
        employee.hired_on <= week.sunday() && employee.employed_until().is_none_or(|last| last >= week.monday())
    };
    let rows = everybody.into_iter().filter_map(|(employee, rights)| {
        let stored = of(employee.id, week, &weeks);
        if stored.is_none() && !works(&employee) {
            return None;
        }
        let spans = [of(employee.id, week.plus(-1), &weeks), stored].into_iter().flatten().flat_map(|one| &one.spans);
        let timeline = Timeline::of(spans, &zone);
        let tally = tally(&employee, week, &timeline, &[]);
        let own = stored.map(|stored| stored.value.clone());
        let week = own.unwrap_or_else(|| TimeWeek::new(employee.id, employee.user, week));
        Some(TeamWeek { employee, rights, week, tally })
    });
    Ok(rows.collect())
}

/// The weeks on which who asks is to decide, the oldest first.
pub async fn list_undecided_time_weeks(asker: &Asker) -> Result<Vec<TeamWeek>> {
    let Team { everybody, weeks } = team(asker, &asker.scope.keys().undecided_time_weeks()).await?;
    let zone = asker.organization.zone();
    let rows = weeks.into_iter().filter_map(|week| {
        let (employee, rights) = everybody.iter().find(|(employee, _)| employee.id == week.employee)?;
        let timeline = Timeline::of(week.spans.iter(), &zone);
        let tally = tally(employee, week.week, &timeline, &[]);
        rights.may_decide.then(|| TeamWeek { employee: employee.clone(), rights: *rights, week: week.value, tally })
    });
    Ok(rows.collect())
}
