//! Purchases over HTTP, on a table of their own.

mod bank;
mod expenses;
mod files;
mod mails;
mod received;
mod recurring;
mod reports;
mod suppliers;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use jiff::civil::date;
use kernel::{
    event::{Envelope, Event},
    id::EventId,
};
use serde_json::{Value, json};
use table::Item;
use testkit::{App, Client, send_file};

pub const EXPENSES: &str = "/api/v1/expenses";
pub const SUPPLIERS: &str = "/api/v1/suppliers";
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n";

pub async fn app() -> App {
    App::new(purchases::router).await
}

pub fn paper() -> Value {
    json!({
        "description": "Papier et encre",
        "category": "supplies",
        "spent_on": "2026-11-20",
        "lines": [{ "net": "100", "vat_percent": "20" }, { "gross": "10.55", "vat_percent": "5.5" }],
        "supplier": "Papeterie Œuvre",
        "reference": "T-17",
        "due_on": "2026-12-20",
    })
}

pub async fn entered(client: &Client, expense: &Value) -> String {
    client.post(EXPENSES, expense).await.expect(201).field("/id")
}

/// The events that were emitted, by their instant: a test that asks for their order moves the clock between its acts.
pub fn events(app: &App) -> Vec<Event> {
    let items = app.items_of(app.ours.id);
    let texts =
        items.values().filter(|item| item["type"]["S"] == "event").filter_map(|item| item["envelope"]["S"].as_str());
    let mut told: Vec<Envelope> = texts.map(|text| serde_json::from_str(text).expect("an envelope")).collect();
    told.sort_by_key(|envelope| envelope.at);
    told.into_iter().map(|envelope| envelope.event).collect()
}

/// What the worker makes of an event, whether it is content or not.
pub async fn work(app: &App, event: Event) -> bool {
    let envelope = Envelope {
        id: EventId::new(app.clock.now(), app.deps.table.random()),
        organization: app.ours.id,
        at: app.clock.now(),
        event,
    };
    let mut message = SqsMessage::default();
    message.message_id = Some("1".into());
    message.body = Some(serde_json::to_string(&envelope).expect("an envelope"));
    let mut event = SqsEvent::default();
    event.records = vec![message];
    let answer = purchases::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
    answer.batch_item_failures.is_empty()
}

/// Sends a file to the bucket; the upload's id.
pub async fn sent(client: &Client, begin: &str, media_type: &str, bytes: &[u8]) -> String {
    let link = client.post(begin, &json!({ "media_type": media_type, "bytes": bytes.len() })).await.expect(201);
    assert_eq!(send_file(&link.json(), bytes.to_vec()).await, 200);
    link.field("/id")
}

/// The sums of a month, and the same counted anew from every expense.
pub async fn month(app: &App) -> (Option<purchases::expense::PurchaseMonth>, (i64, i64, i64, i64)) {
    let scope = app.scope();
    let key = scope.keys().purchase_month(date(2026, 11, 1), kernel::Currency::Eur);
    let sums = scope.get::<purchases::expense::PurchaseMonth>(&key).await.expect("a reading");
    let list = scope.keys().expenses();
    let page = kernel::page::PageRequest { limit: 100, cursor: None };
    let all = scope.list::<purchases::expense::Expense>(&list, &page, table::Order::Ascending).await.expect("a list");
    let mut counted = (0, 0, 0, 0);
    for expense in all.items.iter().filter(|expense| expense.counts() && expense.spent_on.month() == 11) {
        let sums = expense.sums();
        counted = (counted.0 + 1, counted.1 + sums.net.0, counted.2 + sums.tax.0, counted.3 + sums.recovered.0);
    }
    assert_eq!(purchases::expense::Expense::TYPE, "expense");
    (sums.map(|read| read.value), counted)
}
