//! The schedule to the clock function: at the start, every minute, and whenever the clock was moved.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::host::{Host, LastTick, stopped};

const TIMEOUT: Duration = Duration::from_secs(120);
const TRIES_MAX: u32 = 3;

pub(super) async fn run(host: Arc<Host>) {
    while !*host.stopping.borrow() {
        let asked = host.ticks.asked();
        tick(&host).await;
        host.ticks.done(asked);
        host.activity.touch();
        tokio::select! {
            () = tokio::time::sleep(host.tick_every) => {}
            () = host.ticks.wanted.notified() => {}
            () = stopped(&host) => {}
        }
    }
}

async fn tick(host: &Arc<Host>) {
    let started = Instant::now();
    let at = host.clock().now();
    let mut error = None;
    for tried in 1..=TRIES_MAX {
        let execution = format!("{:032x}", rand::random::<u128>());
        let payload = json!({
            "execution": execution,
            "scheduled_at": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        });
        error = host.invoke("clock", TIMEOUT, (host.functions.clock)(payload)).await.err();
        if error.is_none() || *host.stopping.borrow() {
            break;
        }
        tokio::time::sleep(super::backoff(host.retry_after, tried)).await;
    }
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if let Err(error) = host.keep_last_tick(&LastTick { at, took_ms, error }) {
        tracing::error!(%error, "the last tick could not be kept");
    }
    // DynamoDB deletes what has expired by itself; the engine wants to be asked.
    if let Err(error) = host.dynamodb.sweep_ttl() {
        tracing::warn!(%error, "what has expired was not deleted");
    }
}
