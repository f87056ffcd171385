//! Exports of everything that an organization has, or of all that there is on one person: how far each is, how long it is
//! kept, how often one may ask. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    error::Conflict,
    id::{ExportId, UserId},
};

/// How long the file is kept. As template.yaml has it, a day more there.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many may be asked for within a day.
const PER_DAY: usize = 3;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How many are remembered.
const REMEMBERED: usize = 10;
/// One that is not ready by then was given up.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(6);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    pub id: ExportId,
    pub requested_at: Timestamp,
    pub requested_by: Requester,
    pub progress: Progress,
    /// Whether the files of employees stay out, which who asked may not read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_staff: bool,
}

/// Who is told when it is ready.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requester {
    pub user: UserId,
    pub name: String,
    pub email: String,
    /// Whether they ask as an administrator of the platform.
    pub platform: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    Requested,
    Preparing { since: Timestamp },
    Ready { at: Timestamp, bytes: u64, expires_at: Timestamp },
}

/// What an export is at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Requested,
    Preparing,
    Ready,
    Expired,
    /// Given up; one may ask for another.
    Interrupted,
}

impl Standing {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Expired => "expired",
            Self::Interrupted => "interrupted",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Requested => "Demandé",
            Self::Preparing => "En préparation",
            Self::Ready => "Prêt",
            Self::Expired => "Expiré",
            Self::Interrupted => "Interrompu",
        }
    }

    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Requested | Self::Preparing)
    }
}

impl Export {
    pub fn standing(&self, now: Timestamp) -> Standing {
        let given_up = now.duration_since(self.requested_at) > GIVEN_UP;
        match self.progress {
            Progress::Ready { expires_at, .. } if expires_at <= now => Standing::Expired,
            Progress::Ready { .. } => Standing::Ready,
            _ if given_up => Standing::Interrupted,
            Progress::Requested => Standing::Requested,
            Progress::Preparing { .. } => Standing::Preparing,
        }
    }

    pub const fn new(id: ExportId, by: Requester, now: Timestamp) -> Self {
        Self { id, requested_at: now, requested_by: by, progress: Progress::Requested, without_staff: false }
    }

    /// None where there is nothing to prepare: it is ready.
    pub fn prepared(&self, now: Timestamp) -> Option<Self> {
        self.moved(Progress::Preparing { since: now })
    }

    /// None where somebody else was faster.
    pub fn finished(&self, bytes: u64, now: Timestamp) -> Option<Self> {
        let expires_at = now.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        self.moved(Progress::Ready { at: now, bytes, expires_at })
    }

    fn moved(&self, progress: Progress) -> Option<Self> {
        let is_ready = matches!(self.progress, Progress::Ready { .. });
        (!is_ready).then(|| Self { progress, ..self.clone() })
    }

    /// The length of its file and when it ends, while it can be downloaded.
    pub fn file(&self, now: Timestamp) -> Option<(u64, Timestamp)> {
        match self.progress {
            Progress::Ready { bytes, expires_at, .. } if expires_at > now => Some((bytes, expires_at)),
            _ => None,
        }
    }
}

/// Those of one organization, or of one person, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Exports {
    pub recent: Vec<Export>,
}

impl Exports {
    pub fn find(&self, id: ExportId) -> Option<&Export> {
        self.recent.iter().find(|export| export.id == id)
    }

    /// The newest that can be downloaded and has everything.
    pub fn ready(&self, now: Timestamp) -> Option<&Export> {
        self.recent.iter().find(|export| export.standing(now) == Standing::Ready && !export.without_staff)
    }

    pub fn is_under_way(&self, now: Timestamp) -> bool {
        self.recent.iter().any(|export| export.standing(now).is_under_way())
    }

    /// With another one: one at a time, and some a day.
    pub fn requested(&self, id: ExportId, by: Requester, now: Timestamp) -> Result<Self> {
        if self.is_under_way(now) {
            return Err(Error::Conflict(Conflict::ExportUnderWay));
        }
        if self.recent.iter().filter(|export| now.duration_since(export.requested_at) < DAY).count() >= PER_DAY {
            return Err(Error::Conflict(Conflict::TooManyExports));
        }
        Ok(Self {
            recent: [Export::new(id, by, now)]
                .into_iter()
                .chain(self.recent.iter().cloned())
                .take(REMEMBERED)
                .collect(),
        })
    }

    /// The same, and the files of employees stay out of this one.
    #[must_use]
    pub fn without_staff(mut self, id: ExportId) -> Self {
        for export in self.recent.iter_mut().filter(|export| export.id == id) {
            export.without_staff = true;
        }
        self
    }

    /// None where there is nothing to prepare: it is ready, or forgotten.
    pub fn prepared(&self, id: ExportId, now: Timestamp) -> Option<Self> {
        self.moved(id, |export| export.prepared(now))
    }

    /// None where somebody else was faster.
    pub fn finished(&self, id: ExportId, bytes: u64, now: Timestamp) -> Option<Self> {
        self.moved(id, |export| export.finished(bytes, now))
    }

    fn moved(&self, id: ExportId, to: impl FnOnce(&Export) -> Option<Export>) -> Option<Self> {
        let mut moved = self.clone();
        let export = moved.recent.iter_mut().find(|export| export.id == id)?;
        *export = to(export)?;
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_795_338_000 + hours * 3_600).unwrap()
    }

    fn id(n: u128) -> ExportId {
        ExportId::from_ulid(Ulid(n))
    }

    fn by() -> Requester {
        Requester {
            user: UserId::from_ulid(Ulid(1)),
            name: "Camille".into(),
            email: "c@a.example".into(),
            platform: false,
        }
    }

    fn refusal(exports: &Exports, hours: i64) -> Option<Conflict> {
        match exports.requested(id(99), by(), at(hours)) {
            Err(Error::Conflict(conflict)) => Some(conflict),
            _ => None,
        }
    }

    #[test]
    fn one_at_a_time_and_three_a_day() {
        let mut exports = Exports::default();
        for n in 1..=3 {
            let hour = i64::try_from(n).unwrap();
            exports = exports.requested(id(n), by(), at(hour)).unwrap();
            assert_eq!(refusal(&exports, hour), Some(Conflict::ExportUnderWay));
            exports = exports.prepared(id(n), at(hour)).unwrap();
            assert_eq!(refusal(&exports, hour), Some(Conflict::ExportUnderWay));
            exports = exports.finished(id(n), 5, at(hour)).unwrap();
        }
        assert_eq!(refusal(&exports, 24), Some(Conflict::TooManyExports));
        assert_eq!(refusal(&exports, 25), None);
    }

    #[test]
    fn one_that_was_given_up_holds_nobody_off() {
        let exports = Exports::default().requested(id(1), by(), at(0)).unwrap();
        assert_eq!(exports.recent[0].standing(at(6)), Standing::Requested);
        assert_eq!(exports.recent[0].standing(at(7)), Standing::Interrupted);
        assert_eq!(refusal(&exports, 7), None);
    }

    #[test]
    fn one_without_the_files_of_employees_is_not_everything() {
        let exports = Exports::default().requested(id(1), by(), at(0)).unwrap().without_staff(id(1));
        let ready = exports.finished(id(1), 5, at(1)).unwrap();
        assert!(ready.recent[0].without_staff && ready.recent[0].file(at(2)).is_some());
        assert_eq!(ready.ready(at(2)), None);
        let whole = ready.requested(id(2), by(), at(2)).unwrap().finished(id(2), 5, at(3)).unwrap();
        assert_eq!(whole.ready(at(4)).map(|export| export.id), Some(id(2)));
    }

    #[test]
    fn it_is_ready_once_and_for_seven_days() {
        let exports = Exports::default().requested(id(1), by(), at(0)).unwrap();
        let ready = exports.finished(id(1), 5, at(1)).unwrap();
        assert!(ready.finished(id(1), 6, at(2)).is_none() && ready.prepared(id(1), at(2)).is_none());
        assert_eq!(ready.ready(at(7 * 24)).map(|export| export.id), Some(id(1)));
        assert_eq!(ready.ready(at(7 * 24 + 1)), None);
        assert_eq!(ready.recent[0].standing(at(7 * 24 + 1)), Standing::Expired);
        assert!(ready.prepared(id(2), at(1)).is_none(), "unknown");
    }
}
