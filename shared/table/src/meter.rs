//! Counts the round trips to the table that one request makes, so that their number can be shown and held.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

tokio::task_local! {
    static ROUND_TRIPS: Arc<AtomicU32>;
}

/// Runs `work` and tells how often it went to the table.
pub async fn measured<F: Future>(work: F) -> (F::Output, u32) {
    let count = Arc::new(AtomicU32::new(0));
    let output = ROUND_TRIPS.scope(count.clone(), work).await;
    (output, count.load(Ordering::Relaxed))
}

/// Runs two readings side by side: who waits for both waits for the longer one, so that is what counts.
pub async fn side_by_side<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    // On the heap: two readings within two others would be a lot for a stack.
    let ((a, trips_a), (b, trips_b)) = tokio::join!(Box::pin(measured(a)), Box::pin(measured(b)));
    add(trips_a.max(trips_b));
    (a, b)
}

pub(crate) fn count() {
    add(1);
}

fn add(trips: u32) {
    let _ = ROUND_TRIPS.try_with(|sum| sum.fetch_add(trips, Ordering::Relaxed));
}
