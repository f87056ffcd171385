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

pub(crate) fn count() {
    let _ = ROUND_TRIPS.try_with(|trips| trips.fetch_add(1, Ordering::Relaxed));
}
