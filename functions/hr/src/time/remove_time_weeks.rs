//! Weeks that the law lets one remove, and should: what was worked is kept a year for the labour inspection (C. trav.
//! D3171-16), longer only for a reason. They are listed, and never removed by themselves.

use jiff::ToSpan;
use kernel::{Error, Result, Rule, id::EmployeeId, reference::BillableWeek};
use serde::{Deserialize, Serialize};
use table::{
    Stored,
    idempotency::Idempotency,
    meter::{all_at_once, side_by_side},
};
use web::Asker;

use super::{
    calendar::IsoWeek,
    law,
    model::{TimeChange, TimeWeek},
    store::all_of,
};
use crate::employee::{Employee, everybody};

/// How many are removed at once.
pub const REMOVED_MAX: usize = 50;

/// The weeks that are to be removed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DueSelection {
    /// `emp_…/2025-W40`, at most 50.
    #[serde(deserialize_with = "web::form::column")]
    pub weeks: Vec<String>,
}

impl DueSelection {
    fn parse(&self) -> Result<Vec<(EmployeeId, IsoWeek)>> {
        let wrong = |rule| Error::field("/weeks", rule);
        if self.weeks.is_empty() {
            return Err(wrong(Rule::NothingChosen));
        }
        if self.weeks.len() > REMOVED_MAX {
            return Err(wrong(Rule::TooMany { max: REMOVED_MAX }));
        }
        let named = |text: &String| {
            let (employee, week) = text.split_once('/')?;
            Some((employee.parse().ok()?, week.parse().ok()?))
        };
        self.weeks.iter().map(|text| named(text).ok_or_else(|| wrong(Rule::NotFound))).collect()
    }
}

/// The last week that need not be kept any more.
fn last_due(asker: &Asker) -> IsoWeek {
    let today = asker.today();
    let kept_since = today.saturating_sub(law::kept_months(today).value.months());
    // All of its days are older than that.
    IsoWeek::of(kept_since).plus(-1)
}

/// By how long ago they were, with whose they are; who is not there any more has no name.
pub async fn list_due_time_weeks(asker: &Asker) -> Result<Vec<(Stored<TimeWeek>, Option<Stored<Employee>>)>> {
    let scope = &asker.scope;
    let list = scope.keys().time_weeks_between("0", &last_due(asker).to_string());
    let (weeks, all) = side_by_side(all_of(scope, &list), everybody(scope)).await;
    let (weeks, all) = (weeks?, all?);
    let with_name = weeks.into_iter().map(|week| {
        let employee = all.iter().find(|employee| employee.id == week.employee).cloned();
        (week, employee)
    });
    Ok(with_name.collect())
}

/// How many of the chosen are removed now, with their history and what was published of them. Each is an act of its own; done
/// twice, it changes nothing more.
pub async fn remove_due_time_weeks(asker: &Asker, selection: &DueSelection) -> Result<usize> {
    let (chosen, last) = (selection.parse()?, last_due(asker));
    let scope = &asker.scope.clone().with_idempotency(Idempotency::None);
    let removing = chosen.into_iter().filter(|(_, week)| *week <= last).map(|(employee, week)| async move {
        scope
            .write(|| async {
                let keys = scope.keys();
                let name = week.to_string();
                let wanted = [keys.time_week(employee, &name), keys.billable_week(employee, &name)];
                let changes = keys.time_changes(employee, &name);
                let (found, changes) =
                    side_by_side(scope.get_many(&wanted), scope.collection_page(&changes, None)).await;
                let (found, (changes, more)) = (found?, changes?);
                let mut transaction = scope.begin("remove_time_week", employee);
                let Some(stored) = found.get::<TimeWeek>(&wanted[0])? else {
                    return Ok((transaction.nothing(), 0));
                };
                // Of a long history what there is room for; the week goes with the last of it.
                let changes = changes.all::<TimeChange>()?;
                let room = transaction.room().saturating_sub(2);
                let is_last = changes.len() <= room && more.is_none();
                for change in changes.iter().take(room) {
                    transaction.erase(change);
                }
                if is_last {
                    transaction.erase(&stored);
                    if let Some(billable) = found.get::<BillableWeek>(&wanted[1])? {
                        transaction.erase(&billable);
                    }
                }
                Ok((transaction, usize::from(is_last)))
            })
            .await
    });
    all_at_once(removing).await.into_iter().sum()
}
