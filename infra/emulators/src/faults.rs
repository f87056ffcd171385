//! Failing on demand, because what happens when a service is away is the part that is never seen otherwise.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

/// A switch that the emulator's HTTP side asks before each request. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<State>);

#[derive(Debug, Default)]
struct State {
    next: AtomicU32,
    always: AtomicBool,
}

impl Faults {
    /// The next `count` requests get a 500. An SDK client retries, so each call of it may use up several.
    pub fn fail_next(&self, count: u32) {
        self.0.next.store(count, Ordering::SeqCst);
    }

    /// Every request gets a 500 until this is called again with `false`.
    pub fn set_failing(&self, failing: bool) {
        self.0.always.store(failing, Ordering::SeqCst);
    }

    pub fn is_failing(&self) -> bool {
        self.0.always.load(Ordering::SeqCst)
    }

    /// Whether this request is to fail; uses up one of those asked for.
    pub(crate) fn strike(&self) -> bool {
        self.0.always.load(Ordering::SeqCst)
            || self.0.next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Faults;

    #[test]
    fn exactly_the_asked_number_of_requests_fails() {
        let faults = Faults::default();
        faults.fail_next(2);
        assert_eq!([(); 4].map(|()| faults.strike()), [true, true, false, false]);
    }
}
