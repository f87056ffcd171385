//! How often something may be tried: per account and per address, counted in the table so that it holds across
//! processes. An attempt counts before it is judged, so that many at once are not more than one by one; what
//! succeeds is taken off again.

use std::net::IpAddr;

use cloud::Deps;
use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Result};
use table::{Key, keys, meter};

/// At most so many within one window of time.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Apart from every other limit of the product.
    pub what: &'static str,
    pub most: i64,
    pub window: SignedDuration,
}

/// One attempt, counted.
#[derive(Debug)]
pub struct Attempt(Vec<(Key, Timestamp)>);

impl Attempt {
    /// Counts it for each subject; refused where one of them has tried too often.
    pub async fn count(deps: &Deps, subjects: &[(Limit, String)]) -> Result<Self> {
        let mut counted = Vec::with_capacity(subjects.len());
        let mut counting = Vec::with_capacity(subjects.len());
        for (limit, subject) in subjects {
            let (key, until) = window(deps, *limit, subject).await?;
            counted.push((key, until));
        }
        for (key, until) in &counted {
            counting.push(deps.table.count(key, 1, *until));
        }
        let counts = meter::all_at_once(counting).await;
        for (count, (limit, _)) in counts.into_iter().zip(subjects) {
            if count? > limit.most {
                return Err(Error::TooManyAttempts);
            }
        }
        Ok(Self(counted))
    }

    /// It was right: it does not count.
    pub async fn forgive(&self, deps: &Deps) {
        for taken_off in meter::all_at_once(self.0.iter().map(|(key, until)| deps.table.count(key, -1, *until))).await {
            if let Err(error) = taken_off {
                tracing::warn!(%error, "an attempt that succeeded still counts");
            }
        }
    }
}

/// The subject of what comes from somewhere.
pub fn address(address: Option<IpAddr>) -> String {
    match address {
        // One household or one server has a whole /64.
        Some(IpAddr::V6(v6)) => v6.segments()[..4].iter().map(|part| format!("{part:x}:")).collect(),
        Some(IpAddr::V4(v4)) => v4.to_string(),
        None => "unknown".into(),
    }
}

/// Forgets what was tried in the present window: the owner of a locked account proved to be it.
pub async fn forget(deps: &Deps, limit: Limit, subject: &str) -> Result<()> {
    let (key, _) = window(deps, limit, subject).await?;
    deps.table.forget_count(&key).await
}

async fn window(deps: &Deps, limit: Limit, subject: &str) -> Result<(Key, Timestamp)> {
    let length = limit.window.as_secs().max(1);
    let window = deps.clock.now().as_second().div_euclid(length);
    let until = Timestamp::from_second((window + 2) * length).map_err(Error::internal)?;
    let subject = deps.vault.mac("attempts", subject.as_bytes()).await?;
    Ok((keys::attempts(limit.what, &subject, window), until))
}
