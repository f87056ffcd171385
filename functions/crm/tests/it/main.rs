//! The CRM through its router, on a table in memory.

mod assigned;
mod companies;
mod contacts;
mod pages;
mod retention;

use serde_json::{Value, json};
use testkit::{App, Client, Reply};

pub const COMPANIES: &str = "/api/v1/companies";
pub const CONTACTS: &str = "/api/v1/contacts";

pub async fn app() -> App {
    App::new(crm::router).await
}

/// A company whose every field is right.
pub fn bakery() -> Value {
    json!({
        "name": "Boulangerie Dupré",
        "category": "client",
        "is_business": "true",
        "siret": "732 829 320 00074",
        "vat_number": "FR44 732829320",
        "street": "3 rue du Four",
        "postal_code": "69003",
        "city": "Lyon",
        "email": "compta@dupre.example",
    })
}

/// The same with some fields replaced.
pub fn with(mut body: Value, fields: Value) -> Value {
    if let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) {
        body.extend(fields);
    }
    body
}

/// Adds something and gives its id.
pub async fn added(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201).field("/id")
}

/// The values of one field of a list.
pub fn column(list: &Reply, field: &str) -> Vec<String> {
    let json = list.json();
    let rows = json["items"].as_array().expect("a list");
    rows.iter().map(|row| row[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn operations_are_named_as_their_use_cases() {
    let document = serde_json::to_value(crm::routes().openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let mut names: Vec<&str> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(|methods| methods.values().filter_map(|operation| operation["operationId"].as_str()))
        .collect();
    names.sort_unstable();
    let expected = "create_company create_contact download_client_export download_contact_export edit_company \
         edit_contact erase_client erase_contact keep_contact list_client_exports list_companies list_contact_exports \
         list_contacts list_due_contacts list_due_prospects reassign_records request_client_export \
         request_contact_export show_client_erasure show_company show_contact show_erasure";
    assert_eq!(names.join(" "), expected);
}
