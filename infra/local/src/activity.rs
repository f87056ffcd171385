//! Whether anything is running, so that "everything is done" can be said for sure.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use tokio::sync::Notify;

/// Counts running invocations and, ever rising, beginnings and ends.
#[derive(Clone, Default)]
pub(crate) struct Activity(Arc<Counters>);

#[derive(Default)]
struct Counters {
    running: AtomicUsize,
    generation: AtomicU64,
    changed: Notify,
}

/// One invocation; it ends when this is dropped.
pub(crate) struct Running(Activity);

impl Activity {
    pub(crate) fn begin(&self) -> Running {
        self.0.running.fetch_add(1, Ordering::SeqCst);
        self.0.generation.fetch_add(1, Ordering::SeqCst);
        Running(self.clone())
    }

    /// The generation, when nothing is running. Equal ones before and after a look at the queues mean that nothing
    /// moved while they were looked at.
    pub(crate) fn at_rest(&self) -> Option<u64> {
        let generation = self.0.generation.load(Ordering::SeqCst);
        (self.0.running.load(Ordering::SeqCst) == 0).then_some(generation)
    }

    pub(crate) fn changed(&self) -> &Notify {
        &self.0.changed
    }

    pub(crate) fn touch(&self) {
        self.0.generation.fetch_add(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.fetch_sub(1, Ordering::SeqCst);
        self.0.touch();
    }
}
