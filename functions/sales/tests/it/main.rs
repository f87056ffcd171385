//! Sales through its worker and its router, on a table in memory. What invoicing enters into the ledger is entered here as it
//! does.

mod ageing;
mod capacity;
mod cash;
mod expenses;
mod fixture;
mod histories;
mod killed;
mod latency;
mod lines;
mod pages;
mod plans;
mod targets;

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lambda_events::sqs::SqsEvent;
use jiff::civil::Date;
use kernel::{
    Currency, Minor,
    event::{Envelope, Event, Owner, QuoteFacts, QuoteStage, QuoteStanding},
    id::{CompanyId, CreditNoteId, EventId, InvoiceId, OrganizationId, QuoteId, UserId},
};
use serde_json::{Value, json};
use table::{
    Scope,
    ledger::{LedgerHead, LedgerKind},
    shared::FrozenDocument,
};
use testkit::App;
use ulid::Ulid;

pub async fn app() -> App {
    App::new(sales::router).await
}

pub fn invoice(number: u64) -> InvoiceId {
    InvoiceId::from_ulid(Ulid(u128::from(number)))
}

pub fn company(number: u64) -> CompanyId {
    CompanyId::from_ulid(Ulid(u128::from(number)))
}

pub fn quote(number: u64) -> QuoteId {
    QuoteId::from_ulid(Ulid(u128::from(number)))
}

/// An entry of the ledger, and the document that says at what rate.
pub struct Entry {
    pub kind: LedgerKind,
    pub number: String,
    pub content: Value,
    pub document: Option<FrozenDocument>,
}

/// An invoice as it is issued. `deducted`: what deposits asked for before.
pub struct Issue {
    pub invoice: u64,
    pub client: u64,
    pub assigned_to: Option<UserId>,
    pub currency: Currency,
    pub on: Date,
    pub due_on: Date,
    pub net: i64,
    pub gross: i64,
    pub deducted: i64,
    pub euro: Option<&'static str>,
}

impl Issue {
    pub fn entry(&self) -> Entry {
        let (id, number) = (invoice(self.invoice), format!("FAC-{:04}", self.invoice));
        let mut content = json!({
            "invoice": id, "client": company(self.client), "currency": self.currency, "issued_on": self.on,
            "due_on": self.due_on, "net_minor": self.net, "tax_minor": self.gross - self.net, "gross_minor": self.gross,
            "vat": [], "kind": "invoice", "deducted_minor": self.deducted,
        });
        if let Some(user) = self.assigned_to {
            content["assigned_to"] = json!(user);
        }
        let document = self.euro.map(|euro| frozen(id, &number, self.on, self.currency, euro));
        Entry { kind: LedgerKind::InvoiceIssued, number, content, document }
    }
}

fn frozen(id: InvoiceId, number: &str, on: Date, currency: Currency, euro: &str) -> FrozenDocument {
    let address = json!({ "street": "1 rue A", "postal_code": "69001", "city": "Lyon", "country": "FR" });
    let snapshot = json!({
        "kind": "invoice", "number": number, "issued_on": on, "currency": currency,
        "seller": { "name": "Atelier", "address": address, "siren": "732829320", "siret": "73282932000074" },
        "buyer": { "name": "Client", "address": address, "is_business": true },
        "lines": [], "vat": [],
        "totals": { "lines_minor": 0, "net_minor": 0, "tax_minor": 0, "gross_minor": 0 },
        "exchange": { "euro": euro, "on": on }, "operations": "services", "mentions": [],
        "brand": { "primary_color": "#1E40AF", "secondary_color": "#0F766E" },
    });
    FrozenDocument { owner: Owner::Invoice(id), snapshot: serde_json::from_value(snapshot).expect("a document") }
}

pub fn credited(of: u64, currency: Currency, on: Date, net: i64, gross: i64) -> Entry {
    // Each credit note is one of its own.
    static NOTES: AtomicU64 = AtomicU64::new(1);
    let note = CreditNoteId::from_ulid(Ulid(u128::from(NOTES.fetch_add(1, Ordering::Relaxed))));
    let content = json!({
        "credit_note": note, "invoice": invoice(of), "invoice_number": format!("FAC-{of:04}"),
        "client": company(1), "currency": currency, "issued_on": on, "net_minor": net, "tax_minor": gross - net,
        "gross_minor": gross, "vat": [],
    });
    Entry { kind: LedgerKind::CreditNoteIssued, number: "AV-0001".into(), content, document: None }
}

pub fn replaced(of: u64, currency: Currency, on: Date, net: i64, gross: i64, deducted: i64) -> Entry {
    let content = json!({
        "invoice": invoice(of), "by": invoice(of + 1_000_000), "by_number": "FAC-X", "client": company(1),
        "currency": currency, "issued_on": on, "net_minor": net, "tax_minor": gross - net, "gross_minor": gross, "vat": [],
        "deducted_minor": deducted,
    });
    Entry { kind: LedgerKind::InvoiceReplaced, number: format!("FAC-{of:04}"), content, document: None }
}

pub fn money(kind: LedgerKind, of: u64, currency: Currency, on: Date, amount: i64, method: &str) -> Entry {
    let content = json!({
        "invoice": invoice(of), "payment": "pay_00000000000000000000000001", "currency": currency, "amount_minor": amount,
        "paid_on": on, "method": method,
    });
    Entry { kind, number: format!("FAC-{of:04}"), content, document: None }
}

/// Enters all of it into the ledger, each in a transaction of its own.
pub async fn enter(scope: &Scope, entries: Vec<Entry>) {
    for entry in entries {
        let entry = &entry;
        scope
            .write(|| async move {
                let head = scope.get::<LedgerHead>(&scope.keys().ledger_head()).await?;
                let mut transaction = scope.begin("test", "ledger");
                if let Some(document) = &entry.document {
                    transaction.create(document);
                }
                transaction.append_to_ledger(head.as_ref(), entry.kind, &entry.number, entry.content.clone());
                Ok((transaction, ()))
            })
            .await
            .expect("an entry is written");
    }
}

pub fn batch(app: &App, organization: OrganizationId, events: &[Event]) -> SqsEvent {
    let records: Vec<_> = events
        .iter()
        .enumerate()
        .map(|(place, event)| {
            let at = app.clock.now();
            let envelope = Envelope { id: EventId::new(at, place as u128), organization, at, event: event.clone() };
            json!({ "messageId": place.to_string(), "body": serde_json::to_string(&envelope).expect("an envelope") })
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).expect("a batch")
}

/// Brings events of ours to the worker, and sees them done.
pub async fn deliver(app: &App, events: &[Event]) {
    deliver_to(app, app.ours.id, events).await;
}

pub async fn deliver_to(app: &App, organization: OrganizationId, events: &[Event]) {
    let done = sales::worker::handle(app.deps.clone(), batch(app, organization, events)).await.expect("an answer");
    assert!(done.batch_item_failures.is_empty(), "{done:?}");
}

pub fn appended() -> Event {
    Event::LedgerAppended { position: 0 }
}

pub fn stated(number: u64, stage: QuoteStage, on: Date, facts: &QuoteFacts) -> Event {
    let facts = (stage != QuoteStage::Replaced).then(|| facts.clone());
    Event::QuoteStated { quote: quote(number), standing: QuoteStanding { stage, on, facts } }
}

pub fn offer(number: u64, assigned_to: Option<UserId>, currency: Currency, net: i64, sent_on: Date) -> QuoteFacts {
    QuoteFacts {
        number: format!("DEV-{number:04}"),
        client: company(1),
        assigned_to,
        currency,
        net_minor: Minor(net),
        gross_minor: Minor(net * 6 / 5),
        sent_on,
        valid_until: sent_on,
    }
}

#[test]
fn operations_are_named_as_their_use_cases() {
    let document = serde_json::to_value(sales::routes().openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let mut names: Vec<&str> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(|methods| methods.values().filter_map(|operation| operation["operationId"].as_str()))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names.join(" "),
        "create_target delete_target edit_target list_receivables list_sale_lines list_sales list_targets list_top_clients \
         rebuild_figures show_cash_week show_figures show_projection show_receivables show_target"
    );
}
