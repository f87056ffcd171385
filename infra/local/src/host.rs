//! What the gateway, the pumps and the operator's pages share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use cloud::Deps;
use emulators::{DynamoDb, S3, Ses, Sqs, Stripe, dynamodb::Checkpoint};
use jiff::{SignedDuration, Timestamp};
use kernel::Clock;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use crate::{Functions, Result, activity::Activity, gateway::socket::Sockets, state::State};

pub(crate) const CHECKPOINT: &str = "stream_checkpoint";
const CLOCK_OFFSET: &str = "clock_offset_ms";
const LAST_TICK: &str = "last_tick";

/// The queue through which the events of SES reach the mailer, as EventBridge's own would.
pub(crate) const SENT_QUEUE: &str = "mailer-events";
/// The mails that SES takes in, each to the function that reads them.
pub(crate) const MAIL_QUEUE: &str = "purchases-mail";

pub(crate) struct Host {
    pub(crate) dynamodb: DynamoDb,
    pub(crate) s3: S3,
    pub(crate) sqs: Sqs,
    pub(crate) ses: Ses,
    pub(crate) stripe: Stripe,
    pub(crate) deps: Deps,
    pub(crate) state: State,
    pub(crate) functions: Functions,
    pub(crate) activity: Activity,
    pub(crate) retry_after: Duration,
    pub(crate) tick_every: Duration,
    pub(crate) ticks: Ticks,
    /// The pages that listen.
    pub(crate) sockets: Sockets,
    /// Held while the demo company is written, so that two visitors do not write it twice.
    pub(crate) demo: tokio::sync::Mutex<()>,
    /// True once the system is to end.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Ticks of the schedule that are wanted, and those that were carried out.
pub(crate) struct Ticks {
    asked: AtomicU64,
    done: AtomicU64,
    pub(crate) wanted: Notify,
}

impl Ticks {
    /// With the first one wanted, so that a system that has just started is not at rest before it.
    pub(crate) fn new() -> Self {
        Self { asked: AtomicU64::new(1), done: AtomicU64::new(0), wanted: Notify::new() }
    }

    /// Wants one now.
    pub(crate) fn ask(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.wanted.notify_one();
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn done(&self, asked: u64) {
        self.done.store(asked, Ordering::SeqCst);
    }

    fn is_waiting(&self) -> bool {
        self.asked() != self.done.load(Ordering::SeqCst)
    }
}

/// How the last tick of the schedule went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LastTick {
    /// By the movable clock.
    pub(crate) at: Timestamp,
    pub(crate) took_ms: u64,
    pub(crate) error: Option<String>,
}

impl Host {
    pub(crate) fn clock(&self) -> &Clock {
        &self.deps.clock
    }

    /// Carries out one invocation as a task of its own, so that neither a panic nor a caller that goes away
    /// reaches beyond it.
    pub(crate) async fn invoke<T: Send + 'static>(
        &self,
        function: &'static str,
        timeout: Duration,
        work: impl Future<Output = Result<T, String>> + Send + 'static,
    ) -> Result<T, String> {
        let running = self.activity.begin();
        let started = Instant::now();
        let mut task = tokio::spawn(async move {
            let done = work.await;
            drop(running);
            done
        });
        let done = match tokio::time::timeout(timeout, &mut task).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err("it panicked".to_owned()),
            Err(_) => {
                task.abort();
                Err(format!("it did not end within {timeout:?}"))
            }
        };
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &done {
            Ok(_) => tracing::debug!(function, ms, "ran"),
            Err(error) => tracing::warn!(function, ms, error, "failed"),
        }
        done
    }

    pub(crate) fn checkpoint(&self) -> Result<Checkpoint> {
        self.state.get::<String>(CHECKPOINT)
    }

    pub(crate) fn last_tick(&self) -> Result<Option<LastTick>> {
        self.state.get(LAST_TICK)
    }

    pub(crate) fn keep_last_tick(&self, tick: &LastTick) -> Result<()> {
        self.state.put(LAST_TICK, tick)
    }

    /// Moves the clock, remembers it, and lets the schedule look at the new day at once.
    pub(crate) fn move_clock(&self, offset: SignedDuration) -> Result<()> {
        let offset_ms = i64::try_from(offset.as_millis()).unwrap_or(i64::MAX);
        self.clock().set_offset_ms(offset_ms);
        self.state.put(CLOCK_OFFSET, &offset_ms)?;
        self.ticks.ask();
        self.activity.touch();
        Ok(())
    }

    pub(crate) fn offset(&self) -> SignedDuration {
        SignedDuration::from_millis(self.clock().offset_ms())
    }

    /// Puts the clock where it was when the process ended.
    pub(crate) fn restore_clock(state: &State, clock: &Clock) -> Result<()> {
        if let Some(offset_ms) = state.get(CLOCK_OFFSET)? {
            clock.set_offset_ms(offset_ms);
        }
        Ok(())
    }

    /// What is still to be done, in words; `None` when nothing is.
    pub(crate) fn work_left(&self) -> Result<Option<String>> {
        let Some(before) = self.activity.at_rest() else { return Ok(Some("a function is running".into())) };
        if self.ticks.is_waiting() {
            return Ok(Some("the schedule is about to tick".into()));
        }
        // Upstream first: an event that leaves SES while we look is then seen in its queue.
        let events = self.ses.pending_events()?;
        if events > 0 {
            return Ok(Some(format!("{events} events of SES")));
        }
        let told = self.stripe.pending_events()?;
        if told > 0 {
            return Ok(Some(format!("{told} events of payments by card")));
        }
        for QueueState { name, counts, .. } in self.work_queues()? {
            if counts.total() > 0 {
                return Ok(Some(format!("queue {name}: {counts:?}")));
            }
        }
        let table = &self.deps.config.table_name;
        if !self.dynamodb.records(table, &self.checkpoint()?, 1)?.is_empty() {
            return Ok(Some("the stream has records".into()));
        }
        // Whatever moved while we looked may have put something where we had already been.
        Ok((self.activity.at_rest() != Some(before)).then(|| "something has just run".into()))
    }

    /// The queues that somebody takes from, with their dead letters' name.
    pub(crate) fn work_queues(&self) -> Result<Vec<QueueState>> {
        let queues = self.sqs.queues()?;
        queues
            .into_iter()
            .filter_map(|(name, attributes)| Some((name, attributes.redrive?.dead_letters)))
            .map(|(name, dead_letters)| {
                let counts = self.sqs.counts(&name)?;
                Ok(QueueState { name, counts, dead_letters })
            })
            .collect()
    }

    pub(crate) async fn idle(&self, timeout: Duration) -> Result<()> {
        let give_up = tokio::time::Instant::now() + timeout;
        loop {
            // Registered before looking. Deletions from queues and acknowledgements do not pass through `activity`,
            // so a look every few milliseconds stands beside the notification.
            let changed = self.activity.changed().notified();
            let Some(left) = self.work_left()? else { return Ok(()) };
            if tokio::time::Instant::now() >= give_up {
                return Err(crate::Error::NotIdle(left));
            }
            _ = tokio::time::timeout(Duration::from_millis(5), changed).await;
        }
    }
}

pub(crate) struct QueueState {
    pub(crate) name: String,
    pub(crate) counts: emulators::sqs::Counts,
    pub(crate) dead_letters: String,
}

/// Resolves when the system is to end.
pub(crate) async fn stopped(host: &Arc<Host>) {
    let mut stopping = host.stopping.clone();
    // An error means that the system was dropped: the same wish.
    _ = stopping.wait_for(|stop| *stop).await;
}
