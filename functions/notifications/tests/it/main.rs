//! Notifications through their worker and their router, on a table in memory.

mod digests;
mod lists;
mod pages;
mod sockets;
mod telling;

use aws_lambda_events::sqs::SqsEvent;
use kernel::{
    event::{About, Envelope, Event, Owner},
    id::{EventId, InvoiceId, OrganizationId, UserId},
    permission::Role,
};
use serde_json::{Value, json};
use table::shared::OwnedMail;
use testkit::{App, Client};
use ulid::Ulid;

pub const LIST: &str = "/api/v1/notifications";
pub const PREFERENCES: &str = "/api/v1/notification-preferences";

pub async fn app() -> App {
    App::new(notifications::router).await
}

/// An event of now, of ours, that tells itself from others by a number.
pub fn envelope(app: &App, number: u128, event: Event) -> Envelope {
    of(app, app.ours.id, number, event)
}

pub fn of(app: &App, organization: OrganizationId, number: u128, event: Event) -> Envelope {
    let at = app.clock.now();
    Envelope { id: EventId::new(at, number), organization, at, event }
}

pub fn batch(envelopes: &[Envelope]) -> SqsEvent {
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
    let done = notifications::worker::handle(app.deps.clone(), batch(envelopes)).await.expect("the worker answers");
    assert!(done.batch_item_failures.is_empty(), "{done:?}");
}

/// An invoice was paid.
pub fn paid(number: u128) -> Event {
    let about = About { label: Some(format!("F-2026-{number:04}")), ..About::default() };
    Event::InvoicePaid { invoice: InvoiceId::from_ulid(Ulid(number)), about }
}

/// A reminder waits for a yes.
pub fn proposed(number: u128) -> Event {
    let about = About { label: Some(format!("F-2026-{number:04}")), ..About::default() };
    Event::ReminderProposed { invoice: InvoiceId::from_ulid(Ulid(number)), about }
}

pub async fn tell(app: &App, number: u128, event: Event) {
    deliver(app, &[envelope(app, number, event)]).await;
}

/// Titles of somebody's notifications, the newest first.
pub async fn titles(client: &Client) -> Vec<String> {
    titles_at(client, LIST).await
}

pub async fn titles_at(client: &Client, path: &str) -> Vec<String> {
    let list = client.get(path).await.expect(200).json();
    let items = list["items"].as_array().expect("a list");
    items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

pub async fn unread(client: &Client) -> u64 {
    let count = client.get("/api/v1/notifications/unread-count").await.expect(200).json();
    count["unread"].as_u64().expect("a number")
}

/// Ids of somebody's notifications, the newest first.
pub async fn ids(client: &Client) -> Vec<String> {
    let list = client.get(LIST).await.expect(200).json();
    let items = list["items"].as_array().expect("a list");
    items.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The mails that somebody was written.
pub async fn mails(app: &App, user: UserId) -> Vec<OwnedMail> {
    let scope = app.scope();
    let mails = scope.collection(&scope.keys().mails(Owner::User(user))).await.expect("a reading");
    mails.all::<OwnedMail>().expect("mails").into_iter().map(|stored| stored.value).collect()
}

/// Who approves invoices, in the order of the roles.
pub const APPROVERS: [Role; 4] = [Role::Owner, Role::Admin, Role::Manager, Role::Accountant];

#[test]
fn operations_are_named_as_their_use_cases() {
    let document = serde_json::to_value(notifications::routes().openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let mut names: Vec<&str> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(|methods| methods.values().filter_map(|operation| operation["operationId"].as_str()))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names.join(" "),
        "count_unread create_ticket edit_preferences list_notifications read_all read_notification show_preferences"
    );
}
