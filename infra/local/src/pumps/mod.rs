//! What carries work from one place to the next: each pump is a task that waits for something, hands it to a
//! function and only then lets go of it.

mod queue;
mod schedule;
mod sent;
mod stream;

pub(crate) use stream::DEAD_LETTERS as RELAY_DEAD_LETTERS;

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;

use crate::host::Host;

/// No wait between tries is longer than this.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Starts every pump. Each ends by itself, between two pieces of work, once the system is to end.
pub(crate) fn start(host: &Arc<Host>, tasks: &mut JoinSet<()>) {
    tasks.spawn(stream::run(host.clone()));
    tasks.spawn(sent::run(host.clone()));
    tasks.spawn(schedule::run(host.clone()));
    for index in 0..host.functions.queues.len() {
        tasks.spawn(queue::run(host.clone(), index));
    }
    tasks.spawn(queue::run_sent(host.clone()));
    tasks.spawn(queue::run_mail(host.clone()));
}

/// How long to wait after the given number of failed tries.
fn backoff(first: Duration, tries: u32) -> Duration {
    first.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        let waits = [1, 2, 3, 40].map(|tries| backoff(Duration::from_secs(1), tries).as_secs());
        assert_eq!(waits, [1, 2, 4, 60]);
    }
}
