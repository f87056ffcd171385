//! Types of leave and how they are decided on; who decides for a manager who is away.

use jiff::civil::Date;
use kernel::{
    Error, Result, Rule, Violations,
    id::{EmployeeId, LeaveTypeId},
    legal, text,
};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::Asker;

use super::{
    store::leave_settings,
    types::{Delegation, LeaveSettings, LeaveSettingsInput},
};
use crate::employee::{Employee, EmployeeOf};

/// `seen` is the version that the client filled its form in on.
pub async fn edit_leave_settings(
    asker: &Asker,
    input: &LeaveSettingsInput,
    seen: Option<u64>,
) -> Result<Stored<LeaveSettings>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = leave_settings(scope).await?;
            let current = read.clone().unwrap_or_else(none).expect_version(seen)?;
            let changed = input.parse(&current, || scope.new_id(LeaveTypeId::new))?;
            let mut transaction = scope.begin("edit_leave_settings", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}

/// What there is before anything was written; no `If-Match` names its version.
pub fn none() -> Stored<LeaveSettings> {
    Stored { value: LeaveSettings::default(), version: 0 }
}

/// Who decides for who asks, and when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DelegationInput {
    /// `emp_…`; empty to take it back.
    pub to: String,
    /// `2026-07-06`
    pub from: String,
    /// The last day, included.
    pub until: String,
}

impl DelegationInput {
    fn parse(&self, of: EmployeeId, today: Date) -> Result<Option<Delegation>, Violations> {
        if self.to.trim().is_empty() {
            return Ok(None);
        }
        let mut wrong = Violations::default();
        let to = wrong.take("/to", self.to.trim().parse::<EmployeeId>().map_err(|_| Rule::NotAnId));
        if to == Some(of) {
            wrong.add("/to", Rule::OwnManager);
        }
        let from = wrong.take("/from", legal::date(&self.from));
        let until = wrong.take("/until", legal::date(&self.until));
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            wrong.add("/until", Rule::Before { date: text::short_date(from) });
        } else if until.is_some_and(|until| until < today) {
            wrong.add("/until", Rule::Before { date: text::short_date(today) });
        }
        match (to, from, until) {
            (Some(to), Some(from), Some(until)) if wrong.is_empty() => Ok(Some(Delegation { of, to, from, until })),
            _ => Err(wrong),
        }
    }
}

/// Hands one's decisions over for some days, or takes that back. One who is no employee decides on nobody.
pub async fn delegate_leave(asker: &Asker, input: &DelegationInput) -> Result<Option<Delegation>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let keys = scope.keys();
            let named = input.to.trim().parse::<EmployeeId>().ok().map(|to| keys.employee(to));
            let mut wanted = vec![keys.employee_of(asker.user), keys.leave_settings()];
            wanted.extend(named.clone());
            let found = scope.get_many(&wanted).await?;
            let own = found.first::<EmployeeOf>()?.ok_or(Error::NotFound)?.employee;
            let read = found.first::<LeaveSettings>()?;
            let today: Date = asker.today();
            let delegation = input.parse(own, today)?;
            let current = read.clone().unwrap_or_else(none);
            let changed = current.delegated(own, delegation, today).map_err(|rule| Error::field("/to", rule))?;
            let mut transaction = scope.begin("delegate_leave", own);
            if delegation.is_some() && found.first::<Employee>()?.is_none() {
                return Err(Error::field("/to", Rule::NotFound));
            }
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, delegation))
        })
        .await
}
