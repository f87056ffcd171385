//! SQS: queues in SQLite behind the JSON protocol of the SDK, with the host's own side beside it.
//!
//! Standard queues: at least once, roughly in order. Visibility and delays pass in real time.

mod api;
mod queues;

use std::{path::Path, sync::Arc, time::Duration};

use axum::{Router, routing::post};
use tokio::sync::Notify;

use self::queues::Queues;
pub use self::queues::{Attributes, Counts, Listed, Message, MessageAttribute, Redrive};
use crate::{Faults, Result, serve::Server};

/// 1 MiB, of one message and of a batch.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

pub struct Sqs {
    server: Server,
    queues: Arc<Queues>,
    faults: Faults,
}

impl Sqs {
    /// Over the SQLite file at `path`, made if absent; without a path, in memory.
    pub async fn start(path: Option<&Path>) -> Result<Self> {
        let queues = Arc::new(Queues::open(path)?);
        let faults = Faults::default();
        let (listener, address) = crate::serve::listener().await?;
        let endpoint = format!("http://{address}");
        let state = api::Api { queues: queues.clone(), faults: faults.clone(), endpoint: endpoint.into() };
        // A batch of 1 MiB grows when its bodies are JSON in JSON: the limit that counts is checked by the action.
        let router = Router::new()
            .route("/", post(api::answer))
            .layer(axum::extract::DefaultBodyLimit::max(8 * MESSAGE_BYTES_MAX))
            .with_state(state);
        Ok(Self { server: Server::on(listener, address, router), queues, faults })
    }

    pub fn endpoint(&self) -> &str {
        &self.server.endpoint
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    pub fn queue_url(&self, queue: &str) -> String {
        api::queue_url(self.endpoint(), queue)
    }

    /// Makes a queue, or gives an existing one these attributes.
    pub fn create_queue(&self, queue: &str, attributes: &Attributes) -> Result<()> {
        self.queues.create(queue, attributes)
    }

    /// Every queue, by name.
    pub fn queues(&self) -> Result<Vec<(String, Attributes)>> {
        self.queues.all()
    }

    pub fn send(&self, queue: &str, body: &str, delay: Duration) -> Result<String> {
        self.queues.send(queue, body, Default::default(), Some(delay)).map(|(id, _)| id)
    }

    /// Takes up to `max` messages that are visible now, hiding them for `visibility`. Messages that were taken as
    /// often as the redrive policy allows go to the dead-letter queue instead.
    pub fn receive(&self, queue: &str, max: usize, visibility: Duration) -> Result<Vec<Message>> {
        self.queues.receive(queue, max, visibility)
    }

    /// Deletes the message that was received under this handle. One received again since stays.
    pub fn delete(&self, queue: &str, receipt: &str) -> Result<bool> {
        self.queues.delete(queue, receipt)
    }

    /// Hides the message for this long from now; zero shows it at once.
    pub fn change_visibility(&self, queue: &str, receipt: &str, visibility: Duration) -> Result<bool> {
        self.queues.change_visibility(queue, receipt, visibility)
    }

    pub fn counts(&self, queue: &str) -> Result<Counts> {
        self.queues.counts(queue)
    }

    /// The oldest messages of a queue, whatever their state, without taking them.
    pub fn messages(&self, queue: &str, limit: usize) -> Result<Vec<Listed>> {
        self.queues.list(queue, limit)
    }

    /// Moves every visible message of a dead-letter queue back to `to`, as if newly sent. Returns how many.
    pub fn redrive(&self, dead_letters: &str, to: &str) -> Result<usize> {
        self.queues.redrive(dead_letters, to)
    }

    pub fn purge(&self, queue: &str) -> Result<usize> {
        self.queues.purge(queue)
    }

    /// Shows every message that is in flight, since whoever held it is dead; that receive does not count, or
    /// a few kills would make dead letters of what never failed. For the start of the host, when nobody else can
    /// hold any.
    pub fn release_in_flight(&self) -> Result<usize> {
        self.queues.release_in_flight()
    }

    /// How long until the next hidden or delayed message of the queue shows; `None` when there is none.
    pub fn next_visible_in(&self, queue: &str) -> Result<Option<Duration>> {
        self.queues.next_visible_in(queue)
    }

    /// Wakes whoever waits on it whenever a message may have become visible or has gone, in any queue.
    pub fn changed(&self) -> &Notify {
        &self.queues.changed
    }
}
