//! The table's stream to the relay, as the event source mapping does it: in order, from a checkpoint that moves
//! once the relay has dealt with what is before it.

use std::{sync::Arc, time::Duration};

use emulators::dynamodb::{Checkpoint, position};
use kernel::search::category_of;
use serde_json::{Value, json};

use crate::{
    Result,
    host::{CHECKPOINT, Host, stopped},
};

const BATCH_MAX: usize = 100;
const TIMEOUT: Duration = Duration::from_secs(30);

/// Writes of the engine itself (expiry) notify nobody; they are passed over at the latest after this.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Everything waits behind a batch that fails, so it is tried again soon.
const RETRY_MAX: Duration = Duration::from_secs(5);

/// After so many tries a record is put aside, as the event source mapping of template.yaml does.
const TRIES_MAX: u32 = 100;

/// Where it waits for somebody to look at it.
pub(crate) const DEAD_LETTERS: &str = "relay-dead";

pub(super) async fn run(host: Arc<Host>) {
    let mut failures = 0;
    while !*host.stopping.borrow() {
        // Registered before reading, so that no write falls between.
        let written = host.dynamodb.written().notified();
        let wait = match pump(&host, failures).await {
            Ok(Step::More) => {
                failures = 0;
                continue;
            }
            Ok(Step::Drained) => {
                failures = 0;
                LOOK_EVERY
            }
            Ok(step @ (Step::Advanced | Step::Failed)) => {
                failures = if matches!(step, Step::Advanced) { 1 } else { failures + 1 };
                tokio::select! {
                    () = tokio::time::sleep(super::backoff(host.retry_after, failures).min(RETRY_MAX)) => {}
                    () = stopped(&host) => {}
                }
                continue;
            }
            Err(error) => {
                tracing::error!(%error, "the stream cannot be read");
                LOOK_EVERY
            }
        };
        tokio::select! {
            _ = tokio::time::timeout(wait, written) => {}
            () = stopped(&host) => {}
        }
    }
}

enum Step {
    More,
    Drained,
    /// Some of a batch passed; what is first now fails for the first time.
    Advanced,
    Failed,
}

/// `failures`: how often in a row the first record of what is left has failed.
async fn pump(host: &Arc<Host>, failures: u32) -> Result<Step> {
    let table = &host.deps.config.table_name;
    let records = host.dynamodb.records(table, &host.checkpoint()?, BATCH_MAX)?;
    let Some(last) = records.last() else { return Ok(Step::Drained) };
    let last = position(last);
    let events: Vec<Value> = records.into_iter().filter(is_wanted).collect();
    let first = events.first().cloned();
    if events.is_empty() {
        keep(host, &last)?;
        return Ok(Step::More);
    }
    let numbers: Vec<Checkpoint> = events.iter().map(position).collect();
    let answer = host.invoke("relay", TIMEOUT, (host.functions.relay)(json!({ "Records": events }))).await;
    let failed = match answer.as_ref().map(|answer| first_failure(answer, &numbers)) {
        Ok(None) => {
            keep(host, &last)?;
            return Ok(Step::More);
        }
        Ok(Some(failed)) => failed,
        Err(_) => 0,
    };
    // What is before the first failure is done; the rest comes again.
    if let Some(before) = failed.checked_sub(1) {
        keep(host, &numbers[before])?;
        return Ok(Step::Advanced);
    }
    if failures >= TRIES_MAX
        && let Some(record) = first
    {
        tracing::error!(queue = DEAD_LETTERS, "a record of the stream was given up");
        host.sqs.send(DEAD_LETTERS, &record.to_string(), Duration::ZERO)?;
        keep(host, &numbers[0])?;
        return Ok(Step::More);
    }
    Ok(Step::Failed)
}

fn keep(host: &Host, checkpoint: &Checkpoint) -> Result<()> {
    host.state.put(CHECKPOINT, checkpoint)
}

/// The filter of the event source mapping: new items of the outbox, and whatever happens to what can be found.
fn is_wanted(record: &Value) -> bool {
    let kind = |image: &str| record["dynamodb"][image]["type"]["S"].as_str().unwrap_or_default().to_owned();
    let (new, old) = (kind("NewImage"), kind("OldImage"));
    let is_event = record["eventName"] == "INSERT" && new == "event";
    let is_removed = record["eventName"] == "REMOVE" && category_of(&old).is_some();
    is_event || is_removed || category_of(&new).is_some()
}

/// The place of the first record that the relay says has failed. An id that is none of them means all, as in
/// Lambda.
fn first_failure(answer: &Value, numbers: &[Checkpoint]) -> Option<usize> {
    let failures = answer["batchItemFailures"].as_array()?;
    failures
        .iter()
        .map(|failure| {
            let failed = failure["itemIdentifier"].as_str();
            numbers.iter().position(|number| number.as_deref() == failed).unwrap_or(0)
        })
        .min()
}

#[cfg(test)]
mod tests {
    use kernel::search::ITEMS;

    use super::*;

    #[test]
    fn the_deployed_filter_lets_through_what_this_one_does() {
        let template = include_str!("../../../../template.yaml");
        let kinds: Vec<_> = ITEMS.iter().map(|(kind, _)| *kind).collect();
        let kinds = json!(kinds);
        let written = json!({ "dynamodb": { "NewImage": { "type": { "S": kinds } } } });
        let gone = json!({ "eventName": ["REMOVE"], "dynamodb": { "OldImage": { "type": { "S": kinds } } } });
        let patterns: Vec<Value> = template
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- Pattern: '")?.strip_suffix('\''))
            .filter_map(|pattern| serde_json::from_str(pattern).ok())
            .collect();
        for wanted in [written, gone] {
            assert!(patterns.contains(&wanted), "{wanted}");
        }
        let record = |name: &str, image: &str, kind: &str| {
            let mut record = json!({ "eventName": name });
            record["dynamodb"][image]["type"]["S"] = kind.into();
            record
        };
        assert!(is_wanted(&record("MODIFY", "NewImage", "contact")));
        assert!(is_wanted(&record("REMOVE", "OldImage", "quote")));
        assert!(!is_wanted(&record("MODIFY", "NewImage", "event")));
        assert!(!is_wanted(&record("REMOVE", "OldImage", "event")));
        assert!(!is_wanted(&record("INSERT", "NewImage", "search_entry")));
    }
}
