//! Counts the round trips to the table that one request makes, so that their number can be shown and held; and, where a test
//! wants it, what its readings are charged.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};

tokio::task_local! {
    static ROUND_TRIPS: Arc<AtomicU32>;
    static CAPACITY: Arc<AtomicU64>;
}

/// Runs `work` and tells what its readings are charged, in thousandths of a capacity unit. Nobody else asks the table for it.
pub async fn charged<F: Future>(work: F) -> (F::Output, u64) {
    let charged = Arc::new(AtomicU64::new(0));
    let output = CAPACITY.scope(charged.clone(), work).await;
    (output, charged.load(Ordering::Relaxed))
}

/// Whether a reading is to tell what it is charged.
pub(crate) fn asked() -> Option<ReturnConsumedCapacity> {
    CAPACITY.try_with(|_| ReturnConsumedCapacity::Total).ok()
}

pub(crate) fn charge<'a>(consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) {
    let _ = CAPACITY.try_with(|sum| {
        for units in consumed.into_iter().filter_map(ConsumedCapacity::capacity_units) {
            sum.fetch_add((units * 1_000.0).round() as u64, Ordering::Relaxed);
        }
    });
}

/// Runs `work` and tells how often it went to the table.
pub async fn measured<F: Future>(work: F) -> (F::Output, u32) {
    let count = Arc::new(AtomicU32::new(0));
    let output = ROUND_TRIPS.scope(count.clone(), work).await;
    (output, count.load(Ordering::Relaxed))
}

/// Runs two readings side by side: who waits for both waits for the longer one, so that is what counts.
pub async fn side_by_side<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    // On the heap: a reading is large, and these nest.
    let ((a, trips_a), (b, trips_b)) = tokio::join!(Box::pin(measured(a)), Box::pin(measured(b)));
    add(trips_a.max(trips_b));
    (a, b)
}

/// As [`side_by_side`], for any number of one kind.
pub async fn all_at_once<F: Future>(work: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let done = futures::future::join_all(work.into_iter().map(measured)).await;
    add(done.iter().map(|(_, trips)| *trips).max().unwrap_or_default());
    done.into_iter().map(|(output, _)| output).collect()
}

pub(crate) fn count() {
    add(1);
}

fn add(trips: u32) {
    let _ = ROUND_TRIPS.try_with(|sum| sum.fetch_add(trips, Ordering::Relaxed));
}
