//! The days on which somebody was away, as far as time and pay are concerned.

use jiff::civil::Date;
use kernel::{Result, id::EmployeeId};
use serde::{Deserialize, Serialize};
use table::{Scope, meter::side_by_side};

use super::recap::{french_days, french_hours};
use crate::leave::{Halves, Nature, absences_between, leave_settings};

/// Half a day or a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    pub employee: EmployeeId,
    pub on: Date,
    /// Two are a day; none of what is taken by hours.
    pub halves: u8,
    /// What is taken by hours.
    pub minutes: u16,
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

impl AbsenceKind {
    const fn of(nature: Nature) -> Self {
        match nature {
            Nature::PaidLeave => Self::PaidLeave,
            Nature::Sickness | Nature::WorkAccident => Self::Sickness,
            _ => Self::Other,
        }
    }
}

impl Absent {
    /// `Maladie (0,5 j)`, `Délégation (1,5 h)`
    pub fn french(&self) -> String {
        let length = match self.minutes {
            0 => format!("{} j", french_days(self.halves.into())),
            minutes => format!("{} h", french_hours(minutes.into())),
        };
        format!("{} ({length})", self.name)
    }
}

/// What was approved, of one employee or of all; both days included. What is taken by hours is of its one day, and takes none.
pub async fn absences(scope: &Scope, of: Option<EmployeeId>, from: Date, to: Date) -> Result<Vec<Absent>> {
    let (absent, settings) = side_by_side(absences_between(scope, from, to), leave_settings(scope)).await;
    let settings = settings?.map(|settings| settings.value).unwrap_or_default();
    let wanted = absent?.into_iter().filter(|one| one.is_approved && of.is_none_or(|of| of == one.employee));
    let days = wanted.flat_map(|one| {
        let known = settings.find(one.kind);
        let kind = known.map_or(AbsenceKind::Other, |known| AbsenceKind::of(known.nature));
        let name = known.map_or_else(|| "Absence".to_owned(), |known| known.name.clone());
        let hours = one.minutes.map(|minutes| (one.span.from, Halves(0), minutes));
        let days = one.days.into_iter().map(|(on, halves)| (on, halves, 0)).chain(hours);
        let within = days.filter(move |(on, ..)| (from..=to).contains(on));
        within.map(move |(on, halves, minutes)| Absent {
            employee: one.employee,
            on,
            halves: u8::try_from(halves.0).unwrap_or(2),
            minutes,
            kind,
            name: name.clone(),
        })
    });
    Ok(days.collect())
}
