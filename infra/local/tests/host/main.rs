//! The host around functions that only note what they are given.

mod demo;
mod gateway;
mod operator;
mod process;
mod sockets;
mod work;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use local::{Functions, Options, QueueWorker, System, Worker, gateway::Context, worker};
use serde_json::{Value, json};

pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the functions were given, by function, and what they are to answer.
#[derive(Clone, Default)]
pub struct Stage {
    seen: Arc<Mutex<Vec<(&'static str, Value)>>>,
    answers: Arc<Mutex<HashMap<&'static str, Answer>>>,
}

/// Given the event and how often the function was called before.
type Answer = Arc<dyn Fn(&Value, usize) -> Result<Value, String> + Send + Sync>;

impl Stage {
    pub fn answer(
        &self,
        function: &'static str,
        answer: impl Fn(&Value, usize) -> Result<Value, String> + Send + Sync + 'static,
    ) {
        self.answers.lock().unwrap().insert(function, Arc::new(answer));
    }

    pub fn seen(&self, function: &str) -> Vec<Value> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(name, _)| *name == function).map(|(_, event)| event.clone()).collect()
    }

    fn worker(&self, function: &'static str) -> Worker {
        let stage = self.clone();
        worker(move |event: Value| {
            let before = stage.seen(function).len();
            stage.seen.lock().unwrap().push((function, event.clone()));
            let answer = stage.answers.lock().unwrap().get(function).cloned();
            async move { answer.map_or(Ok(json!({})), |answer| answer(&event, before)) }
        })
    }

    fn functions(&self, contexts: Vec<(Context, Router)>) -> Functions {
        Functions {
            contexts: contexts.into_iter().collect(),
            queues: ["pdf", "mailer", "crm", "invoicing"]
                .map(|queue| QueueWorker {
                    queue,
                    worker: self.worker(queue),
                    batch_max: 10,
                    timeout: Duration::from_millis(500),
                })
                .into(),
            relay: self.worker("relay"),
            sent: self.worker("sent"),
            mail: self.worker("mail"),
            clock: self.worker("clock"),
            socket: self.worker("socket"),
        }
    }

    pub async fn start(&self, options: Options) -> System {
        System::start_with(options, |_| self.functions(Vec::new())).await.unwrap()
    }
}

pub async fn serving(router: Router) -> System {
    let contexts = vec![(Context::Crm, router)];
    System::start_with(Options::memory(), |_| Stage::default().functions(contexts)).await.unwrap()
}
