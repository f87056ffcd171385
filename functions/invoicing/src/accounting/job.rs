//! What the worker is asked for: files for accountants, archives, verifications. How far it is, how long its file is kept.
//! Pure.

use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{Error, Result, Rule, Violations, error::Conflict, id::JobId, legal};
use serde::{Deserialize, Serialize};

use super::{AccountPlan, formats::Format};
use crate::ledger::{
    check::Report,
    closing::{year_end, year_start},
};

/// How long a file is kept. As template.yaml has it of everything under `exports/`, a day more there.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// One that is not done by then was given up.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(6);
/// How many are remembered.
const REMEMBERED: usize = 12;

/// The newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Jobs {
    pub recent: Vec<Job>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub requested_at: Timestamp,
    pub requested_by: String,
    pub task: Task,
    pub progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Entries of a period.
    Entries {
        format: Format,
        from: Date,
        to: Date,
    },
    /// The whole ledger, with the documents of a period.
    Archive {
        from: Option<Date>,
        to: Date,
    },
    Verification,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    Requested,
    /// `done` entries of about `of`.
    Running {
        done: u64,
        of: u64,
    },
    Ready {
        at: Timestamp,
        bytes: u64,
        file_name: String,
        expires_at: Timestamp,
    },
    Verified {
        at: Timestamp,
        report: Report,
    },
    Failed {
        at: Timestamp,
        reason: String,
    },
}

/// What a job is at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Requested,
    Running,
    Ready,
    Expired,
    Verified,
    Failed,
    Interrupted,
}

impl Standing {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Expired => "expired",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Requested => "Demandé",
            Self::Running => "En cours",
            Self::Ready => "Prêt",
            Self::Expired => "Expiré",
            Self::Verified => "Terminé",
            Self::Failed => "Échec",
            Self::Interrupted => "Interrompu",
        }
    }

    pub const fn badge(self) -> &'static str {
        match self {
            Self::Requested | Self::Running => "info",
            Self::Ready | Self::Verified => "success",
            Self::Expired => "neutral",
            Self::Failed | Self::Interrupted => "warning",
        }
    }

    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Requested | Self::Running)
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JobInput {
    /// `fec`, `entries`, `archive` or `verification`.
    pub task: String,
    /// Of `entries`: `csv`, `quadra` or `ciel`.
    pub format: String,
    /// Of `entries`: `YYYY-MM-DD`, both days included.
    pub from: String,
    pub to: String,
    /// Of `fec`, and of `archive` where it is not of everything: the year in which the financial year ends.
    pub year: String,
}

impl JobInput {
    pub fn parse(&self, plan: &AccountPlan, today: Date) -> Result<Task> {
        let mut wrong = Violations::default();
        let task = match self.task.as_str() {
            "fec" => wrong
                .take("/year", financial_year(&self.year, plan.year_end_month))
                .map(|(from, to)| Task::Entries { format: Format::Fec, from, to }),
            "archive" if self.year.trim().is_empty() => Some(Task::Archive { from: None, to: today }),
            "archive" => wrong
                .take("/year", financial_year(&self.year, plan.year_end_month))
                .map(|(from, to)| Task::Archive { from: Some(from), to }),
            "verification" => Some(Task::Verification),
            "entries" => {
                let format = Format::ALL.into_iter().find(|format| format.name() == self.format);
                let format = wrong.take("/format", format.filter(|f| *f != Format::Fec).ok_or(Rule::NotAChoice));
                let from = wrong.take("/from", legal::date(self.from.trim()));
                let to = wrong.take("/to", legal::date(self.to.trim()));
                if let (Some(from), Some(to)) = (from, to)
                    && to < from
                {
                    wrong.add("/to", Rule::NotAChoice);
                }
                match (format, from, to) {
                    (Some(format), Some(from), Some(to)) => Some(Task::Entries { format, from, to }),
                    _ => None,
                }
            }
            _ => {
                wrong.add("/task", Rule::NotAChoice);
                None
            }
        };
        match task {
            Some(task) if wrong.is_empty() => Ok(task),
            _ => Err(wrong.into()),
        }
    }
}

/// First and last day of the financial year that ends in this year.
fn financial_year(text: &str, month: i8) -> Result<(Date, Date), Rule> {
    let year = text.trim().parse().ok().filter(|year| (2000..=2200).contains(year)).ok_or(Rule::NotAChoice)?;
    let to = Date::new(year, month, 1).ok().and_then(|on| year_end(on, month).ok()).ok_or(Rule::NotAChoice)?;
    Ok((year_start(to).map_err(|_| Rule::NotAChoice)?, to))
}

impl Task {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entries { format: Format::Fec, .. } => "fec",
            Self::Entries { .. } => "entries",
            Self::Archive { .. } => "archive",
            Self::Verification => "verification",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Entries { format, .. } => format.french(),
            Self::Archive { .. } => "Archive",
            Self::Verification => "Vérification du journal",
        }
    }

    /// The days that it is about.
    pub const fn period(self) -> Option<(Date, Date)> {
        match self {
            Self::Entries { from, to, .. } | Self::Archive { from: Some(from), to } => Some((from, to)),
            Self::Archive { from: None, .. } | Self::Verification => None,
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Entries { format, .. } => format.media_type(),
            Self::Archive { .. } | Self::Verification => cloud::archive::MEDIA_TYPE,
        }
    }

    /// `siren` is that of the organization.
    pub fn file_name(self, siren: &str) -> String {
        let day = |on: Date| on.strftime("%Y%m%d").to_string();
        match self {
            Self::Entries { format: Format::Fec, to, .. } => format!("{siren}FEC{}.txt", day(to)),
            // The name under which Ciel looks for it.
            Self::Entries { format: Format::Ciel, .. } => "XIMPORT.TXT".into(),
            Self::Entries { format, from, to } => {
                format!("ecritures-{}-{}-{}.{}", format.name(), day(from), day(to), format.ending())
            }
            Self::Archive { to, .. } => format!("archive-{siren}-{}.zip", day(to)),
            Self::Verification => String::new(),
        }
    }
}

impl Job {
    pub fn standing(&self, now: Timestamp) -> Standing {
        let given_up = now.duration_since(self.requested_at) > GIVEN_UP;
        match &self.progress {
            Progress::Ready { expires_at, .. } if *expires_at <= now => Standing::Expired,
            Progress::Ready { .. } => Standing::Ready,
            Progress::Verified { .. } => Standing::Verified,
            Progress::Failed { .. } => Standing::Failed,
            _ if given_up => Standing::Interrupted,
            Progress::Requested => Standing::Requested,
            Progress::Running { .. } => Standing::Running,
        }
    }

    /// Name and length of its file, while it can be downloaded.
    pub fn file(&self, now: Timestamp) -> Option<(&str, u64)> {
        match &self.progress {
            Progress::Ready { bytes, file_name, expires_at, .. } if *expires_at > now => Some((file_name, *bytes)),
            _ => None,
        }
    }
}

impl Jobs {
    pub fn find(&self, id: JobId) -> Option<&Job> {
        self.recent.iter().find(|job| job.id == id)
    }

    pub fn is_under_way(&self, now: Timestamp) -> bool {
        self.recent.iter().any(|job| job.standing(now).is_under_way())
    }

    /// The newest verification that came to an end.
    pub fn verified(&self) -> Option<(Timestamp, &Report)> {
        self.recent.iter().find_map(|job| match &job.progress {
            Progress::Verified { at, report } => Some((*at, report)),
            _ => None,
        })
    }

    /// With another one: one of a kind at a time.
    pub fn requested(&self, job: Job, now: Timestamp) -> Result<Self> {
        let same = |other: &&Job| other.task.name() == job.task.name() && other.standing(now).is_under_way();
        if self.recent.iter().find(same).is_some() {
            return Err(Error::Conflict(Conflict::JobUnderWay));
        }
        Ok(Self { recent: std::iter::once(job).chain(self.recent.iter().cloned()).take(REMEMBERED).collect() })
    }

    /// None where it came to its end, or is forgotten.
    pub fn moved(&self, id: JobId, progress: Progress) -> Option<Self> {
        let mut moved = self.clone();
        let job = moved.recent.iter_mut().find(|job| job.id == id)?;
        match job.progress {
            Progress::Requested | Progress::Running { .. } => job.progress = progress,
            Progress::Ready { .. } | Progress::Verified { .. } | Progress::Failed { .. } => return None,
        }
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;

    fn job(n: u128, task: Task) -> Job {
        let requested_at = Timestamp::UNIX_EPOCH;
        Job {
            id: JobId::from_ulid(Ulid(n)),
            requested_at,
            requested_by: "Camille".into(),
            task,
            progress: Progress::Requested,
        }
    }

    fn parsed(input: JobInput, month: i8) -> Result<Task> {
        input.parse(&AccountPlan { year_end_month: month, ..AccountPlan::default() }, date(2026, 11, 25))
    }

    #[test]
    fn a_financial_year_is_named_by_its_end() {
        let fec = |year: &str| JobInput { task: "fec".into(), year: year.into(), ..JobInput::default() };
        let task = parsed(fec("2026"), 6).unwrap();
        assert_eq!(task.period(), Some((date(2025, 7, 1), date(2026, 6, 30))));
        assert_eq!(task.file_name("732829320"), "732829320FEC20260630.txt");
        for year in ["", "26", "x", "99999"] {
            assert!(parsed(fec(year), 12).is_err(), "{year}");
        }
    }

    #[test]
    fn a_period_has_two_days_in_their_order() {
        let of = |format: &str, from: &str, to: &str| {
            let (task, format, from, to) = ("entries".into(), format.into(), from.into(), to.into());
            parsed(JobInput { task, format, from, to, year: String::new() }, 12)
        };
        assert!(of("csv", "2026-01-01", "2026-01-01").is_ok());
        for (format, from, to) in [
            ("fec", "2026-01-01", "2026-01-31"),
            ("csv", "2026-02-01", "2026-01-31"),
            ("csv", "", ""),
            ("x", "2026-01-01", "2026-01-31"),
        ] {
            assert!(of(format, from, to).is_err(), "{format} {from} {to}");
        }
    }

    #[test]
    fn one_of_a_kind_at_a_time_and_what_is_done_stays_done() {
        let (now, done) =
            (Timestamp::UNIX_EPOCH, Progress::Failed { at: Timestamp::UNIX_EPOCH, reason: String::new() });
        let jobs = Jobs::default().requested(job(1, Task::Verification), now).unwrap();
        assert!(jobs.requested(job(2, Task::Verification), now).is_err());
        assert!(jobs.requested(job(2, Task::Archive { from: None, to: Date::MAX }), now).is_ok());
        let jobs = jobs.moved(JobId::from_ulid(Ulid(1)), done.clone()).unwrap();
        assert!(jobs.moved(JobId::from_ulid(Ulid(1)), done).is_none());
        assert!(jobs.requested(job(2, Task::Verification), now).is_ok());
        let later = now + SignedDuration::from_hours(7);
        assert_eq!(job(1, Task::Verification).standing(later), Standing::Interrupted);
    }
}
