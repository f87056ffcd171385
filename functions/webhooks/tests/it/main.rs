//! Webhooks through their worker and their router, on a table in memory, with a program that listens on this machine.

mod delivering;
mod managing;

use std::sync::{Arc, Mutex};

use aws_lambda_events::sqs::SqsEvent;
use axum::{Router, extract::State, routing::post};
use cloud::{Config, Deps, Outbound};
use http::{HeaderMap, StatusCode};
use kernel::{
    Currency, Minor,
    event::{About, Envelope, Event},
    id::{EventId, InvoiceId},
};
use serde_json::{Value, json};
use testkit::App;
use ulid::Ulid;

pub const API: &str = "/api/v1/webhooks";

/// What a program was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    pub signature: String,
    pub event: String,
    pub body: String,
}

impl Sent {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// A program that listens, and what it answers from now on.
#[derive(Clone)]
pub struct Program {
    pub url: String,
    answers: Arc<Mutex<(u16, String)>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Program {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/in", listener.local_addr().expect("an address"));
        let program = Self { url, answers: Arc::new(Mutex::new((204, String::new()))), sent: Arc::default() };
        let router = Router::new().route("/in", post(hear)).with_state(program.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        program
    }

    pub fn answer(&self, status: u16, text: &str) {
        *self.answers.lock().expect("answers") = (status, text.into());
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().expect("what was sent").clone()
    }
}

async fn hear(State(program): State<Program>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let sent = Sent { signature: header("abservice-signature"), event: header("abservice-event"), body };
    program.sent.lock().expect("what was sent").push(sent);
    let (status, text) = program.answers.lock().expect("answers").clone();
    (StatusCode::from_u16(status).expect("a status"), text)
}

/// An application whose webhooks may lead to this machine.
pub async fn app() -> App {
    let mut app = App::new(|deps| webhooks::router(reaching(deps))).await;
    app.deps = reaching(app.deps.clone());
    app
}

fn reaching(deps: Deps) -> Deps {
    let config = Config { reaches_this_machine: true, ..(*deps.config).clone() };
    Deps { config: config.into(), outbound: Outbound::new(true), ..deps }
}

/// A webhook for paid invoices; its id and its secret.
pub async fn webhook(app: &App, program: &Program) -> (String, String) {
    let input = json!({ "url": program.url, "events": ["invoice.paid.v1"] });
    let made = app.owner().post(API, &input).await.expect(201);
    (made.field("/id"), made.field("/secret"))
}

pub fn paid(number: u128) -> Event {
    let about = About { label: Some(format!("F-2026-{number:04}")), ..About::default() };
    let about = about.worth(Minor(120_000), Currency::Eur);
    Event::InvoicePaid { invoice: InvoiceId::from_ulid(Ulid(number)), about }
}

pub fn envelope(app: &App, number: u128, event: Event) -> Envelope {
    let at = app.clock.now();
    Envelope { id: EventId::new(at, number), organization: app.ours.id, at, event }
}

fn batch(envelopes: &[Envelope]) -> SqsEvent {
    let records: Vec<_> = envelopes
        .iter()
        .enumerate()
        .map(|(place, envelope)| {
            let body = serde_json::to_string(envelope).expect("an envelope");
            json!({ "messageId": place.to_string(), "body": body })
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).expect("a batch")
}

/// Brings events to the worker, and sees them done.
pub async fn deliver(app: &App, envelopes: &[Envelope]) {
    let done = webhooks::worker::handle(app.deps.clone(), batch(envelopes)).await.expect("the worker answers");
    assert!(done.batch_item_failures.is_empty(), "{done:?}");
}

/// What was sent to one, the newest first.
pub async fn deliveries(app: &App, webhook: &str) -> Vec<Value> {
    let list = app.owner().get(&format!("{API}/{webhook}/deliveries")).await.expect(200).json();
    list["items"].as_array().expect("a list").clone()
}

/// As the clock says that one is due.
pub async fn due(app: &App, delivery: &Value) {
    let delivery = delivery["id"].as_str().expect("an id").parse().expect("an id");
    deliver(app, &[envelope(app, 999, Event::WebhookDeliveryDue { delivery })]).await;
}
