//! A table with its stream, queues, and the records of the events.

use aws_lambda_events::streams::DynamoDbEventResponse;
use cloud::{Config, Deps, Endpoints};
use emulators::{DynamoDb, Sqs, sqs::Attributes};
use kernel::{
    Actor, Clock, Tenant,
    event::{Event, Queue},
    id::OrganizationId,
};
use serde_json::{Value, json};

pub fn inserts() -> Value {
    serde_json::from_str(include_str!("../../../../events/relay/outbox_insert.json")).unwrap()
}

pub fn poison() -> Value {
    serde_json::from_str(include_str!("../../../../events/relay/poison.json")).unwrap()
}

/// A further record like this one, of another event.
pub fn record(like: Value, n: usize) -> Value {
    let number = format!("1000000000000000001{n:02}");
    let mut record = like;
    record["dynamodb"]["SequenceNumber"] = number.into();
    let envelope = &mut record["dynamodb"]["NewImage"]["envelope"]["S"];
    *envelope = envelope.as_str().unwrap().replace("EVT0001", &format!("EVT01{n:02}")).into();
    record
}

pub fn bodies(event: &Value) -> Vec<String> {
    let body = |record: &Value| record["dynamodb"]["NewImage"]["envelope"]["S"].as_str().unwrap().to_owned();
    event["Records"].as_array().unwrap().iter().map(body).collect()
}

/// The one number that a response reports.
pub fn failed(response: &DynamoDbEventResponse) -> Option<String> {
    assert!(response.batch_item_failures.len() <= 1);
    response.batch_item_failures.first().map(|failure| failure.item_identifier.clone().unwrap())
}

pub struct Parts {
    pub sqs: Sqs,
    dynamodb: DynamoDb,
    deps: Deps,
}

impl Parts {
    /// Addresses are known of all queues; only those given exist.
    pub async fn start(queues: &[Queue]) -> Self {
        let dynamodb = DynamoDb::start(None).await.unwrap();
        let sqs = Sqs::start(None).await.unwrap();
        for queue in queues {
            sqs.create_queue(queue.name(), &Attributes::default()).unwrap();
        }
        let config = Config {
            queue_urls: Queue::ALL.map(|queue| (queue, sqs.queue_url(queue.name()))).into(),
            ..Config::local()
        };
        let endpoints = Endpoints {
            dynamodb: dynamodb.endpoint().into(),
            sqs: sqs.endpoint().into(),
            // The relay never speaks to them.
            s3: "http://127.0.0.1:9".into(),
            ses: "http://127.0.0.1:9".into(),
            cards: "http://127.0.0.1:9".into(),
        };
        let clock = Clock::fixed("2026-11-22T09:00:01Z".parse().unwrap());
        let deps = Deps::local(&endpoints, clock, config);
        deps.table.create_if_absent().await.unwrap();
        Self { sqs, dynamodb, deps }
    }

    pub async fn deliver(&self, event: Value) -> DynamoDbEventResponse {
        relay::handle(self.deps.clone(), serde_json::from_value(event).unwrap()).await.unwrap()
    }

    /// The bodies on a queue, oldest first.
    pub fn messages(&self, queue: Queue) -> Vec<String> {
        self.sqs.messages(queue.name(), 100).unwrap().into_iter().map(|message| message.body).collect()
    }

    pub async fn emit(&self, event: Event) {
        let organization: OrganizationId = "org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap();
        let scope = self.deps.table.scope(Tenant::proven(organization, Actor::System { name: "test".into() }));
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "event");
                transaction.emit(event.clone());
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    /// Everything in the stream, unfiltered.
    pub fn stream(&self) -> Value {
        json!({ "Records": self.dynamodb.records(&self.deps.config.table_name, &None, 1000).unwrap() })
    }
}
