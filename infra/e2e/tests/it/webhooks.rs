//! A program is told of an invoice, through the whole system; and again once it answers.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, routing::post};
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use local::{Options, System};
use serde_json::{Value, json};

use crate::company::{Company, PATIENCE, text};

/// What a program heard, and whether it answers.
#[derive(Clone, Default)]
struct Program(Arc<Mutex<(Vec<Value>, bool)>>);

async fn hear(State(program): State<Program>, headers: HeaderMap, body: String) -> StatusCode {
    assert!(headers.contains_key("abservice-signature"));
    let mut program = program.0.lock().unwrap();
    program.0.push(serde_json::from_str(&body).unwrap());
    if program.1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_hears_of_an_invoice_however_long_it_was_away() {
    let program = Program::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let router = Router::new().route("/in", post(hear)).with_state(program.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let heard = || -> Vec<String> {
        let program = program.0.lock().unwrap();
        program.0.iter().map(|event| text(event, "/type")).collect()
    };

    let system = System::start(Options { reaches_this_machine: true, ..Options::memory() }).await.unwrap();
    let company = Company::sign_up(&system).await;
    let events = json!(["invoice.issued.v1", "payment.recorded.v1", "invoice.paid.v1"]);
    let hook = company.post("/api/v1/webhooks", &json!({ "url": url, "events": events })).await;
    let path = format!("/api/v1/webhooks/{}", text(&hook, "/id"));
    let id = company.issued().await;
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(heard(), ["invoice.issued.v1"]);

    program.0.lock().unwrap().1 = true;
    let paid_on = system.clock().today(&jiff::tz::TimeZone::UTC);
    company.post(&format!("/api/v1/invoices/{id}/payments"), &json!({ "amount": "200", "paid_on": paid_on })).await;
    system.idle(PATIENCE).await.unwrap();
    program.0.lock().unwrap().1 = false;
    company.post(&format!("/api/v1/invoices/{id}/payments"), &json!({ "amount": "1000", "paid_on": paid_on })).await;
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(heard(), ["invoice.issued.v1", "payment.recorded.v1", "invoice.paid.v1"]);
    system.advance(SignedDuration::from_mins(6)).unwrap();
    system.idle(PATIENCE).await.unwrap();
    // Again, with its own id; and once it is taken no more.
    system.advance(SignedDuration::from_hours(24)).unwrap();
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(heard().last().map(String::as_str), Some("payment.recorded.v1"));
    assert_eq!(heard().len(), 4);
    let same = |n: usize| text(&program.0.lock().unwrap().0[n], "/id");
    assert_eq!(same(1), same(3));
    let log = company.get(&format!("{path}/deliveries")).await;
    let states: Vec<_> = log["items"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["delivered", "delivered", "delivered"]);
    system.stop().await;
}
