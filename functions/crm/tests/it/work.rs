//! The worker as the relay and its queue have it work: each event once it is written, again where it was killed.

use std::{
    collections::HashSet,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use aws_lambda_events::sqs::SqsEvent;
use kernel::event::{Envelope, Queue};
use serde_json::{Value, json};
use testkit::App;

/// The queue of the worker.
#[derive(Default)]
pub struct Work {
    done: HashSet<String>,
}

impl Work {
    /// All that there is to do, and what comes of it.
    pub async fn do_all(&mut self, app: &App) {
        while let Some(envelope) = self.next(app) {
            assert!(deliver(app, &envelope).await, "{envelope:?}");
            self.done.insert(envelope.id.to_string());
        }
    }

    /// The same, killed over and over after a few steps; `dice` says after how many.
    pub async fn do_all_killed(&mut self, app: &App, dice: &mut Dice) {
        while let Some(envelope) = self.next(app) {
            let steps = dice.below(120) as usize + 1;
            if let Some(fine) = (Killed { work: Box::pin(deliver(app, &envelope)), steps }).await {
                assert!(fine, "{envelope:?}");
                // Some are delivered twice.
                if dice.below(4) > 0 {
                    self.done.insert(envelope.id.to_string());
                }
            }
        }
    }

    /// As if what there is to do had been lost.
    pub fn skip(&mut self, app: &App) {
        while let Some(envelope) = self.next(app) {
            self.done.insert(envelope.id.to_string());
        }
    }

    fn next(&self, app: &App) -> Option<Envelope> {
        let events = app.items().into_iter().filter(|item| item["type"]["S"] == "event");
        let text = |item: Value| item["envelope"]["S"].as_str().unwrap_or_default().to_owned();
        let mut envelopes: Vec<Envelope> =
            events.map(|item| serde_json::from_str(&text(item)).expect("an envelope")).collect();
        envelopes.retain(|envelope| envelope.event.queues().contains(&Queue::Crm));
        envelopes.retain(|envelope| !self.done.contains(&envelope.id.to_string()));
        envelopes.into_iter().min_by_key(|envelope| envelope.id)
    }
}

/// Whether it was taken.
async fn deliver(app: &App, envelope: &Envelope) -> bool {
    let body = serde_json::to_string(envelope).expect("JSON");
    let event: SqsEvent =
        serde_json::from_value(json!({ "Records": [{ "messageId": "1", "body": body }] })).expect("a message");
    let answer = crm::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
    answer.batch_item_failures.is_empty()
}

/// Work that ends after so many steps, whatever it is at: what was sent to the table may or may not be done.
struct Killed<F> {
    work: Pin<Box<F>>,
    steps: usize,
}

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.steps == 0 {
            return Poll::Ready(None);
        }
        self.steps -= 1;
        self.work.as_mut().poll(context).map(Some)
    }
}

/// Chance that comes again with its seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}
