//! The CRM through its router, on a table in memory.

mod activities;
mod assigned;
mod board;
mod calendar;
mod companies;
mod contacts;
mod duplicates;
mod exchange;
mod fields;
mod files;
mod groups;
mod imports;
mod lists;
mod merges;
mod opportunities;
mod pages;
mod pipelines;
mod reminders;
mod removal;
mod retention;
mod segments;
mod sums;
mod web_forms;
mod widgets;
mod work;

use serde_json::{Value, json};
use testkit::{App, Client, Reply};

pub const COMPANIES: &str = "/api/v1/companies";
pub const CONTACTS: &str = "/api/v1/contacts";
pub const OPPORTUNITIES: &str = "/api/v1/opportunities";

/// A stage of the pipeline that every organization begins with, from 1: four that are open, won, lost.
pub fn stage(number: usize) -> String {
    format!("stg_{number:026}")
}
pub const ACTIVITIES: &str = "/api/v1/activities";

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
    let expected = "add_file_version archive_company attach_file begin_file_upload begin_import begin_record_upload \
         cancel_activity cancel_import check_duplicates check_import complete_activity create_activity \
         create_calendar_feed create_company create_contact create_crm_field create_crm_tag create_opportunity \
         create_pipeline create_segment create_web_form delete_activity delete_company delete_crm_field \
         delete_crm_tag delete_file delete_opportunity delete_pipeline delete_segment delete_web_form \
         dismiss_duplicate download_client_export download_contact_export download_file download_import_report \
         download_record_export edit_activity edit_company edit_contact edit_crm_field edit_crm_tag edit_file \
         edit_opportunity edit_pipeline edit_segment edit_web_form erase_client erase_contact keep_contact \
         list_activities list_calendar_feeds list_client_exports list_companies list_company_relations \
         list_contact_exports list_contacts list_crm_fields list_crm_tags list_due_contacts list_due_prospects \
         list_duplicates list_files list_import_errors list_imports list_merges list_opportunities \
         list_overdue_activities list_pipelines list_record_exports list_segments list_web_forms merge_records \
         move_opportunity reassign_records reopen_activity request_client_export request_contact_export \
         request_record_export reschedule_activity restore_company revoke_calendar_feed rotate_calendar_feed \
         show_activity show_client_erasure show_company show_contact show_erasure show_file show_import show_merge \
         show_opportunity show_pipeline show_sales_figures show_search show_web_form start_import start_search \
         undo_merge";
    assert_eq!(names.join(" "), expected);
}
