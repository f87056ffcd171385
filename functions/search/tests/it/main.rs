//! The search through its worker and its router, on a table in memory. Items stand for those of the contexts that write them:
//! the same kinds, keys and fields.

mod following;
mod pages;
mod rebuilding;
mod searching;

use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use kernel::{
    event::{Envelope, Event},
    id::{CompanyId, ContactId, EmployeeId, EventId, InvoiceId, OrganizationId, UserId},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use table::{Index, Item, Key, Scope, TenantKeys};
use testkit::{App, Client};

pub const API: &str = "/api/v1/search";

pub async fn app() -> App {
    App::new(search::router).await
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    pub created_at: Timestamp,
    pub assigned_to: Option<UserId>,
}

impl Item for Company {
    const TYPE: &'static str = "company";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.company(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_companies(&kernel::text::sorted(&self.name), self.id))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub person: Value,
    pub created_at: Timestamp,
    pub assigned_to: Option<UserId>,
}

impl Item for Contact {
    const TYPE: &'static str = "contact";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.contact(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_contacts("x", self.id))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub id: kernel::id::AttachedId,
    pub name: String,
    pub audience: String,
    pub author: UserId,
    pub created_at: Timestamp,
    pub of: CompanyId,
}

impl Item for File {
    const TYPE: &'static str = "attached_file";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.attached_file(&keys.company(self.of), self.id)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub id: InvoiceId,
    pub created_at: Timestamp,
    pub client: Value,
    pub words: Value,
    pub priced: Value,
    pub issued: Option<Value>,
}

impl Item for Invoice {
    const TYPE: &'static str = "invoice";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.invoice(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_invoices(self.id))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Employee {
    pub id: EmployeeId,
    pub number: String,
    pub first_name: String,
    pub last_name: String,
    pub nir: String,
    pub notes: String,
    pub created_at: Timestamp,
}

impl Item for Employee {
    const TYPE: &'static str = "employee";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.employee(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_employees("x", self.id))
    }
}

/// Writes an item as its context would.
pub async fn write<T: Item + Clone>(scope: &Scope, item: &T) {
    let key = item.key(scope.keys());
    scope
        .write(|| async {
            let read = scope.get::<T>(&key).await?;
            let mut transaction = scope.begin("test", "item");
            transaction.save(read.as_ref(), item);
            Ok((transaction, ()))
        })
        .await
        .expect("an item is written");
}

pub async fn remove<T: Item + DeserializeOwned>(scope: &Scope, key: &Key) {
    scope
        .write(|| async {
            let read = scope.get::<T>(key).await?;
            let mut transaction = scope.begin("test", "item");
            match &read {
                Some(read) => transaction.delete(read),
                None => return Ok((transaction.nothing(), ())),
            };
            Ok((transaction, ()))
        })
        .await
        .expect("an item is removed");
}

pub fn envelope(organization: OrganizationId, event: Event) -> Envelope {
    Envelope { id: EventId::new(Timestamp::UNIX_EPOCH, 1), organization, at: Timestamp::UNIX_EPOCH, event }
}

/// Brings a message to the worker, and sees it done.
pub async fn deliver(app: &App, organization: OrganizationId, event: Event) {
    let body = serde_json::to_string(&envelope(organization, event)).expect("an envelope");
    let batch: SqsEvent =
        serde_json::from_value(json!({ "Records": [{ "messageId": "1", "body": body }] })).expect("a batch");
    let done = search::worker::handle(app.deps.clone(), batch).await.expect("the worker answers");
    assert!(done.batch_item_failures.is_empty(), "{done:?}");
}

pub fn changed(scope: &Scope, key: &Key) -> Event {
    Event::ItemChanged { item: scope.keys().item_name(key).expect("of this tenant") }
}

/// Writes an item and tells the worker.
pub async fn put<T: Item + Clone>(app: &App, item: &T) {
    let scope = app.scope();
    write(&scope, item).await;
    deliver(app, app.ours.id, changed(&scope, &item.key(scope.keys()))).await;
}

pub fn company(app: &App, name: &str) -> Company {
    let scope = app.scope();
    Company { id: scope.new_id(CompanyId::new), name: name.into(), created_at: scope.now(), assigned_to: None }
}

pub fn contact(app: &App, first: &str, last: &str) -> Contact {
    let scope = app.scope();
    let person = json!({ "first_name": first, "last_name": last });
    Contact { id: scope.new_id(ContactId::new), person, created_at: scope.now(), assigned_to: None }
}

pub fn invoice(app: &App, number: &str, client: &str, gross_minor: i64) -> Invoice {
    let scope = app.scope();
    Invoice {
        id: scope.new_id(InvoiceId::new),
        created_at: scope.now(),
        client: json!({ "reference": { "name": client } }),
        words: json!({}),
        priced: json!({ "currency": "EUR", "totals": { "gross_minor": gross_minor } }),
        issued: Some(json!({ "number": number, "on": "2026-11-01" })),
    }
}

/// Titles of what somebody finds, category by category.
pub async fn titles(client: &Client, q: &str) -> Vec<String> {
    let found = find(client, q).await;
    let categories = found["categories"].as_array().expect("categories");
    let items = categories.iter().flat_map(|category| category["items"].as_array().expect("items"));
    items.map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

pub async fn find(client: &Client, q: &str) -> Value {
    let query = q.replace('+', "%2B").replace(' ', "+");
    client.get(&format!("{API}?q={query}&limit=100")).await.expect(200).json()
}

#[test]
fn operations_are_named_as_their_use_cases() {
    let document = serde_json::to_value(search::routes().openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let mut names: Vec<&str> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(|methods| methods.values().filter_map(|operation| operation["operationId"].as_str()))
        .collect();
    names.sort_unstable();
    assert_eq!(names.join(" "), "search_records show_search_rebuild start_search_rebuild");
}
