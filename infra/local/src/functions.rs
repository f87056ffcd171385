//! The functions as the host sees them: JSON in, JSON out, as Lambda hands it over.

use std::{collections::HashMap, fmt::Display, sync::Arc, time::Duration};

use axum::Router;
use futures::{FutureExt, future::BoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::gateway::Context;

/// A function that is not asked over HTTP. An error is what Lambda would log of it.
pub type Worker = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// A typed handler as a [`Worker`]: its event is read from JSON and its answer written as JSON, so that what
/// would not fit in Lambda does not fit here.
pub fn worker<E, R, X, F, D>(handle: F) -> Worker
where
    E: DeserializeOwned + Send + 'static,
    R: Serialize,
    X: Display,
    F: Fn(E) -> D + Send + Sync + 'static,
    D: Future<Output = Result<R, X>> + Send + 'static,
{
    Arc::new(move |payload| {
        let event = serde_json::from_value::<E>(payload).map_err(|error| format!("not the event it takes: {error}"));
        let done = event.map(&handle);
        async move {
            let answer = done?.await.map_err(|error| error.to_string())?;
            serde_json::to_value(answer).map_err(|error| format!("its answer is not JSON: {error}"))
        }
        .boxed()
    })
}

/// Who takes the messages of a queue.
pub struct QueueWorker {
    pub queue: &'static str,
    pub worker: Worker,
    /// As the event source mapping in AWS has it.
    pub batch_max: usize,
    /// After which an invocation is given up: the function's timeout.
    pub timeout: Duration,
}

/// Every function of the system.
pub struct Functions {
    pub contexts: HashMap<Context, Router>,
    pub queues: Vec<QueueWorker>,
    /// Takes the events of the table's stream.
    pub relay: Worker,
    /// Takes the "Send" events of SES.
    pub sent: Worker,
    /// Takes the mails that SES takes in.
    pub mail: Worker,
    /// Takes what happens to the sockets of open pages.
    pub socket: Worker,
    /// Takes the ticks of the schedule.
    pub clock: Worker,
}
