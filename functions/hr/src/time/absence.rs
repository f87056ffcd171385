//! The days on which somebody was away, as far as time and pay are concerned.

use jiff::civil::Date;
use kernel::{Result, id::EmployeeId};
use serde::{Deserialize, Serialize};
use table::Scope;

/// Half a day or a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    pub employee: EmployeeId,
    pub on: Date,
    /// Two are a day.
    pub halves: u8,
    pub kind: AbsenceKind,
    /// What the organization calls it.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceKind {
    PaidLeave,
    Sickness,
    Other,
}

impl AbsenceKind {
    pub const fn is_paid_leave(self) -> bool {
        matches!(self, Self::PaidLeave)
    }
}

/// Of one employee, or of all; both days included.
#[allow(clippy::unused_async, reason = "requests for leave are to come")]
pub async fn absences(_scope: &Scope, _of: Option<EmployeeId>, _from: Date, _to: Date) -> Result<Vec<Absent>> {
    Ok(Vec::new())
}
