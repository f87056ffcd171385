//! An export: how far it is, how long it is kept. Of everything that an organization has, or of all that there is on one
//! person. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{ExportId, UserId};

/// How long the file is kept. As template.yaml has it, a day more there.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// One that is not ready by then was given up.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(6);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    pub id: ExportId,
    pub requested_at: Timestamp,
    pub requested_by: Requester,
    pub progress: Progress,
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
        Self { id, requested_at: now, requested_by: by, progress: Progress::Requested }
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
