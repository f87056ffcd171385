//! A table with things that are due, and the queue that they go to.

use clock::ClockMark;
use cloud::{Config, Deps, Endpoints};
use emulators::{DynamoDb, Sqs, sqs::Attributes};
use jiff::{Timestamp, civil::Date};
use kernel::{
    Actor, Clock, Result, Tenant,
    event::{DueKind, Envelope, Queue},
    id::{InvoiceId, OrganizationId},
};
use serde::{Deserialize, Serialize};
use table::{Index, Item, Key, Scope, TenantKeys, keys};

/// What invoicing has in the index, as far as the clock can see it.
#[derive(Serialize, Deserialize)]
struct Awaited {
    invoice: InvoiceId,
    look_on: Option<Date>,
    /// At an instant and not before.
    look_at: Option<Timestamp>,
}

impl Item for Awaited {
    const TYPE: &'static str = "invoice";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.invoice(self.invoice)
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        let at = self.look_at.map(|at| keys.due_at(at, DueKind::Invoice, self.invoice.ulid()));
        at.or_else(|| self.look_on.map(|on| keys.due(on, DueKind::Invoice, self.invoice.ulid())))
    }
}

pub fn organization() -> OrganizationId {
    "org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap()
}

pub fn invoice(n: u128) -> InvoiceId {
    InvoiceId::new("2026-10-01T08:00:00Z".parse().unwrap(), n)
}

pub struct Parts {
    pub dynamodb: DynamoDb,
    pub sqs: Sqs,
    pub deps: Deps,
    started: Timestamp,
}

impl Parts {
    pub async fn start(at: &str) -> Self {
        let dynamodb = DynamoDb::start(None).await.unwrap();
        let sqs = Sqs::start(None).await.unwrap();
        sqs.create_queue(Queue::Invoicing.name(), &Attributes::default()).unwrap();
        // The only queue that this function knows, as in the template.
        let config = Config {
            queue_urls: [(Queue::Invoicing, sqs.queue_url(Queue::Invoicing.name()))].into(),
            ..Config::local()
        };
        let endpoints = Endpoints {
            dynamodb: dynamodb.endpoint().into(),
            sqs: sqs.endpoint().into(),
            // The clock never speaks to them.
            s3: "http://127.0.0.1:9".into(),
            ses: "http://127.0.0.1:9".into(),
            cards: "http://127.0.0.1:9".into(),
        };
        let started = at.parse().unwrap();
        let deps = Deps::local(&endpoints, Clock::fixed(started), config);
        deps.table.create_if_absent().await.unwrap();
        Self { dynamodb, sqs, deps, started }
    }

    pub async fn tick(&self) -> Result<()> {
        let tick = serde_json::from_str(include_str!("../../../../events/clock/tick.json")).unwrap();
        clock::handle(self.deps.clone(), tick).await
    }

    pub fn move_to(&self, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        self.deps.clock.set_offset_ms(at.as_millisecond() - self.started.as_millisecond());
    }

    fn scope(&self) -> Scope {
        self.deps.table.scope(Tenant::proven(organization(), Actor::System { name: "test".into() }))
    }

    pub async fn due(&self, due: &[(Date, u128)]) {
        let scope = self.scope();
        for some in due.chunks(90) {
            scope
                .write(|| async {
                    let mut transaction = scope.begin("test", "due");
                    for (on, n) in some {
                        transaction.create(&Awaited { invoice: invoice(*n), look_on: Some(*on), look_at: None });
                    }
                    Ok((transaction, ()))
                })
                .await
                .unwrap();
        }
    }

    pub async fn due_at(&self, at: &str, n: u128) {
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "due");
                let look_at = Some(at.parse().unwrap());
                transaction.create(&Awaited { invoice: invoice(n), look_on: None, look_at });
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    /// As the worker of invoicing leaves it.
    pub async fn handled(&self, n: u128) {
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "due");
                transaction.replace(&Awaited { invoice: invoice(n), look_on: None, look_at: None });
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    /// What was put on the queue so far.
    pub fn found(&self) -> Vec<Envelope> {
        let messages = self.sqs.messages(Queue::Invoicing.name(), 10_000).unwrap();
        messages.iter().map(|message| serde_json::from_str(&message.body).unwrap()).collect()
    }

    pub async fn mark(&self) -> Option<ClockMark> {
        self.deps.table.get(&keys::clock_mark()).await.unwrap().map(|mark| mark.value)
    }
}
