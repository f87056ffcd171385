//! Finds what is due and hands it to the queues. It decides nothing: the worker looks at each thing afresh.
//!
//! # What one run reads
//!
//! Every date from a week before the last run up to today (UTC), in each of the [`keys::DUE_SHARDS`] partitions
//! of the due index. What was handled leaves the index, so a date that was swept before is an empty query. A
//! run is one read of the mark, 8 dates × 8 partitions = 64 queries (and one more for every further page of 500
//! that is due), and on the first run of a day one write. After a pause of n days it is 8 × (n + 8), at most
//! 8 × 401; the first run ever, without a mark, looks back [`FIRST_LOOK_BACK`] days: 256.
//!
//! The week is for what was found and not handled: a worker that was away, a message that was lost. An
//! organization east of UTC has its new day a few hours before the clock looks at it, one west of UTC is found
//! a few hours early, when its worker decides that it is not time yet and the next runs find it again. What is due at an
//! instant stands behind the rest of its day, in their order, and is found by the first run after it.
//!
//! Where a message cannot be sent the run fails, the mark stays, and the schedule's next run does it again.

use std::collections::BTreeMap;

use cloud::{BATCH_MAX, Deps};
use futures::{StreamExt, stream};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Error, Result,
    event::{DueKind, Envelope, Queue},
    id::EventId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use table::{Due, Item, Key, Stored, TenantKeys, keys};
use ulid::Ulid;

/// Days that are looked at again although they were swept.
const LOOK_AGAIN: i64 = 7;
/// Days that the first run looks back.
const FIRST_LOOK_BACK: i64 = 31;
/// No pause is made up for beyond this.
const LOOK_BACK_MAX: i64 = 400;
/// Partitions that are read at the same time.
const AT_ONCE: usize = keys::DUE_SHARDS as usize;

/// How far the clock has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMark {
    pub swept_on: Date,
}

impl Item for ClockMark {
    const TYPE: &'static str = "clock_mark";

    fn key(&self, _: TenantKeys) -> Key {
        keys::clock_mark()
    }
}

/// One tick; what the schedule says of itself is not needed.
pub async fn handle(deps: Deps, _tick: Value) -> Result<()> {
    let now = deps.clock.now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let mark: Option<Stored<ClockMark>> = deps.table.get(&keys::clock_mark()).await?;

    let from = first_day(mark.as_ref().map(|mark| mark.swept_on), today);
    let partitions = days(from, today).flat_map(|on| (0..keys::DUE_SHARDS).map(move |shard| (on, shard)));
    let swept: Vec<Result<usize>> = stream::iter(partitions)
        .map(|(on, shard)| sweep(&deps, now, on, shard))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    // One partition that fails does not keep the others from being read.
    let found = swept.into_iter().sum::<Result<usize>>()?;
    if found > 0 {
        tracing::info!(found, %from, %today, "due");
    }
    if mark.as_ref().is_none_or(|mark| mark.swept_on != today) {
        // Where another run was faster, its mark says the same.
        deps.table.put_mark(mark.as_ref(), &ClockMark { swept_on: today }).await?;
    }
    Ok(())
}

/// The first date to look at. A mark in the future (somebody moved the clock back) counts as today's.
fn first_day(swept_on: Option<Date>, today: Date) -> Date {
    let oldest = today.saturating_sub(LOOK_BACK_MAX.days());
    match swept_on {
        Some(swept_on) => swept_on.min(today).saturating_sub(LOOK_AGAIN.days()).max(oldest),
        None => today.saturating_sub(FIRST_LOOK_BACK.days()),
    }
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).take_while(move |on| *on <= to)
}

/// Reads one partition of the index and sends what it finds; gives how much that was. Of today's, what is due at an
/// instant waits for it.
async fn sweep(deps: &Deps, now: Timestamp, on: Date, shard: u8) -> Result<usize> {
    let is_today = on == now.to_zoned(TimeZone::UTC).date();
    let list = if is_today { keys::due_until(on, shard, now) } else { keys::due_list(on, shard) };
    let mut found = 0;
    let mut start = None;
    loop {
        let (due, next) = deps.table.due(&list, start).await?;
        let mut bodies: BTreeMap<Queue, Vec<String>> = BTreeMap::new();
        for envelope in due.iter().filter_map(|due| envelope(due, on, now)) {
            found += 1;
            for queue in envelope.event.queues() {
                let body = serde_json::to_string(&envelope).map_err(Error::internal)?;
                bodies.entry(queue).or_default().push(body);
            }
        }
        for (queue, bodies) in bodies {
            for batch in bodies.chunks(BATCH_MAX) {
                let refused = deps.queues.send(queue, batch).await?;
                if !refused.is_empty() {
                    return Err(Error::unavailable(format!("{} messages were refused", refused.len())));
                }
            }
        }
        match next {
            Some(cursor) => start = Some(cursor),
            None => return Ok(found),
        }
    }
}

/// What is to be said about a due thing. A kind that this clock does not know is of a newer version: its own
/// clock will find it.
fn envelope(due: &Due, on: Date, now: Timestamp) -> Option<Envelope> {
    let Due { organization, kind, id } = due;
    let Some(kind) = DueKind::named(kind) else {
        tracing::error!(kind, %organization, %on, "a due thing of an unknown kind");
        return None;
    };
    let event = kind.event(*id);
    Some(Envelope { id: event_id(*id, on), organization: *organization, at: now, event })
}

/// The same thing due on the same date is the same event, however often it is found.
fn event_id(id: Ulid, on: Date) -> EventId {
    // The date takes the place of the ULID's own time, which is mixed into its random part instead.
    let mixed = id.random() ^ (u128::from(id.timestamp_ms()) << 32);
    let midnight = on.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp());
    EventId::new(midnight, mixed)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::id::OrganizationId;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn a_run_looks_back_a_week_before_the_last_one() {
        assert_eq!(first_day(Some(TODAY), TODAY), date(2026, 11, 15));
        assert_eq!(first_day(Some(date(2026, 11, 1)), TODAY), date(2026, 10, 25));
    }

    #[test]
    fn the_first_run_looks_back_a_month_and_none_more_than_400_days() {
        assert_eq!(first_day(None, TODAY), date(2026, 10, 22));
        assert_eq!(first_day(Some(date(2020, 1, 1)), TODAY), date(2025, 10, 18));
    }

    #[test]
    fn a_clock_that_was_moved_back_still_looks_at_a_week() {
        assert_eq!(first_day(Some(date(2027, 3, 1)), TODAY), date(2026, 11, 15));
        assert_eq!(days(date(2026, 11, 15), TODAY).count(), 8);
    }

    #[test]
    fn an_unknown_kind_is_passed_over() {
        let due = |kind: &str| Due {
            organization: OrganizationId::new(Timestamp::UNIX_EPOCH, 1),
            kind: kind.into(),
            id: Ulid::from_parts(2, 3),
        };
        assert!(envelope(&due("TEAPOT"), TODAY, Timestamp::UNIX_EPOCH).is_none());
        assert!(envelope(&due("INVOICE"), TODAY, Timestamp::UNIX_EPOCH).is_some());
    }

    #[test]
    fn an_event_is_the_same_for_the_same_thing_and_date_only() {
        let id = Ulid::from_parts(1_795_338_000_000, 42);
        assert_eq!(event_id(id, TODAY), event_id(id, TODAY));
        assert_ne!(event_id(id, TODAY), event_id(id, date(2026, 11, 23)));
        assert_ne!(event_id(id, TODAY), event_id(Ulid::from_parts(1_795_338_000_001, 42), TODAY));
    }
}
