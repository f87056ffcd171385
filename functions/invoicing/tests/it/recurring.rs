//! Recurring invoices: made by the clock's message, once each, in order.

use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use futures::future::join_all;
use invoicing::recurring::make_recurring_invoices;
use jiff::SignedDuration;
use kernel::{
    id::RecurringInvoiceId,
    permission::Role,
    reference::{Deletion, OrganizationReference},
};
use serde_json::{Value, json};
use table::ledger::verify;
use testkit::App;

use crate::{app, invoice};

/// Each month on the last day, from today on.
fn monthly(client: &str, then: &str) -> Value {
    let mut content = invoice(client);
    content["subject"] = json!("Entretien – {période}");
    json!({ "invoice": content, "rhythm": "monthly", "first_on": "2026-11-22", "day_of_month": "31", "then": then })
}

async fn planned(app: &App, then: &str) -> String {
    let client = app.publish_client("Client SA").await.id.to_string();
    app.program().post("/api/v1/recurring-invoices", &monthly(&client, then)).await.expect(201).field("/id")
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn make(app: &App, id: &str) {
    make_recurring_invoices(&app.scope(), id.parse::<RecurringInvoiceId>().unwrap()).await.unwrap();
}

async fn occurrences(app: &App, id: &str) -> Vec<Value> {
    let listed = app.program().get(&format!("/api/v1/recurring-invoices/{id}/occurrences")).await.expect(200).json();
    listed["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_due_is_issued_and_sent_with_its_period_in_its_words() {
    let app = app().await;
    let id = planned(&app, "issue").await;
    // Too early: nothing.
    make(&app, &id).await;
    assert_eq!(occurrences(&app, &id).await.len(), 0);
    app.advance(days(8));
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/invoicing-worker/recurring_invoice_due.json")).unwrap();
    let body = json!({
        "id": "evt_01KAN8V3T0000000000EVT0009", "organization": app.ours.id, "at": "2026-11-30T09:00:00Z",
        "event": { "name": "recurring_invoice.due.v1", "data": { "recurring": id } },
    });
    event["Records"][0]["body"] = json!(body.to_string());
    let event: SqsEvent = serde_json::from_value(event).unwrap();
    for _ in 0..2 {
        let answer = invoicing::worker::handle(app.deps.clone(), event.clone()).await.unwrap();
        assert_eq!(answer.batch_item_failures.len(), 0);
    }
    let made = occurrences(&app, &id).await;
    assert_eq!(made.len(), 1);
    assert_eq!(
        (&made[0]["invoice_number"], &made[0]["due_on"], &made[0]["period_from"]),
        (&json!("FAC-2026-0001"), &json!("2026-11-30"), &json!("2026-11-01"))
    );
    let path = format!("/api/v1/invoices/{}", made[0]["invoice_id"].as_str().unwrap());
    let invoice = app.program().get(&path).await.expect(200);
    assert_eq!(invoice.field("/subject").replace('\u{a0}', " "), "Entretien – novembre 2026");
    assert_eq!((invoice.field("/status"), invoice.field("/issued_on")), ("issued".into(), "2026-11-30".into()));
    let shown = app.program().get(&format!("/api/v1/recurring-invoices/{id}")).await.expect(200);
    assert_eq!((shown.field("/next_on"), shown.field("/made")), ("2026-12-31".into(), "1".into()));
}

#[tokio::test]
async fn late_and_many_times_at_once_each_is_made_once_in_order_and_dated_today() {
    let app = Arc::new(app().await);
    let id = planned(&app, "issue").await;
    // The clock was away for four months.
    app.advance(days(130));
    join_all((0..6).map(|_| {
        let (app, id) = (app.clone(), id.clone());
        tokio::spawn(async move { make(&app, &id).await })
    }))
    .await
    .into_iter()
    .for_each(|done| done.unwrap());
    let made = occurrences(&app, &id).await;
    let told: Vec<_> = made
        .iter()
        .rev()
        .map(|one| {
            (one["due_on"].as_str().unwrap(), one["invoice_number"].as_str().unwrap(), one["made_on"].as_str().unwrap())
        })
        .collect();
    let wanted = [
        ("2026-11-30", "FAC-2027-0001", "2027-04-01"),
        ("2026-12-31", "FAC-2027-0002", "2027-04-01"),
        ("2027-01-31", "FAC-2027-0003", "2027-04-01"),
        ("2027-02-28", "FAC-2027-0004", "2027-04-01"),
        ("2027-03-31", "FAC-2027-0005", "2027-04-01"),
    ];
    assert_eq!(told, wanted);
    let listed = app.program().get("/api/v1/invoices?limit=100").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 5);
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 5);
}

#[tokio::test]
async fn what_cannot_be_issued_stays_a_draft_and_the_page_says_why() {
    let app = app().await;
    let id = planned(&app, "issue").await;
    let mut incomplete = app.ours.clone();
    incomplete.legal.siret = None;
    app.replace_organization(&incomplete).await;
    app.advance(days(8));
    make(&app, &id).await;
    let made = occurrences(&app, &id).await;
    assert_eq!((&made[0]["held_back"], &made[0]["invoice_number"]), (&json!("seller_incomplete"), &Value::Null));
    let path = format!("/facturation/recurrentes/{id}");
    let page = app.owner().get(&path).await.expect(200).text();
    assert!(page.contains("restée en brouillon") && page.contains("Complétez d’abord l’identité"), "{page}");
    assert!(app.owner().get("/facturation/recurrentes").await.expect(200).text().contains("À vérifier"));

    // Completed, it is issued by hand, and the line says so.
    app.replace_organization(&app.ours).await;
    let draft = made[0]["invoice_id"].as_str().unwrap();
    app.program().post(&format!("/api/v1/invoices/{draft}/issue"), &json!({})).await.expect(200);
    let made = occurrences(&app, &id).await;
    assert_eq!((&made[0]["held_back"], &made[0]["invoice_number"]), (&Value::Null, &json!("FAC-2026-0001")));
    // The next one leaves by itself again.
    app.advance(days(31));
    make(&app, &id).await;
    assert_eq!(occurrences(&app, &id).await[0]["invoice_number"], "FAC-2026-0002");
    let shown = app.program().get(&format!("/api/v1/recurring-invoices/{id}")).await.expect(200);
    assert_eq!((shown.field("/held_back"), shown.field("/made")), ("null".into(), "2".into()));
}

#[tokio::test]
async fn nothing_leaves_by_itself_for_a_client_without_address() {
    let app = app().await;
    let mut client = app.publish_client("Client SA").await;
    let program = app.program();
    let id = program.post("/api/v1/recurring-invoices", &monthly(&client.id.to_string(), "issue")).await;
    let id = id.expect(201).field("/id");
    client.email = None;
    app.republish_client(&client).await;
    app.advance(days(8));
    make(&app, &id).await;
    client.address = None;
    app.republish_client(&client).await;
    app.advance(days(31));
    make(&app, &id).await;
    let reasons: Vec<_> = occurrences(&app, &id).await.into_iter().map(|one| one["held_back"].clone()).collect();
    assert_eq!(reasons, [json!("client_address_missing"), json!("client_email_missing")]);
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 0);
}

#[tokio::test]
async fn a_draft_of_one_that_is_deleted_is_not_made_again() {
    let app = app().await;
    let id = planned(&app, "draft").await;
    app.advance(days(8));
    make(&app, &id).await;
    let draft = occurrences(&app, &id).await[0]["invoice_id"].as_str().unwrap().to_owned();
    app.program().delete(&format!("/api/v1/invoices/{draft}")).await.expect(204);
    make(&app, &id).await;
    let made = occurrences(&app, &id).await;
    assert_eq!((made.len(), &made[0]["is_deleted"]), (1, &json!(true)));
    app.program().get(&format!("/api/v1/invoices/{draft}")).await.expect(404);
}

#[tokio::test]
async fn a_paused_one_makes_nothing_and_a_stopped_one_changes_no_more() {
    let app = app().await;
    let id = planned(&app, "issue").await;
    let (program, path) = (app.program(), format!("/api/v1/recurring-invoices/{id}"));
    program.post(&format!("{path}/pause"), &json!({})).await.expect(200);
    assert_eq!(
        program.post(&format!("{path}/pause"), &json!({})).await.expect(409).field("/code"),
        "recurring_not_active"
    );
    app.advance(days(60));
    make(&app, &id).await;
    assert_eq!(occurrences(&app, &id).await.len(), 0);
    assert_eq!(program.post(&format!("{path}/resume"), &json!({})).await.expect(200).field("/next_on"), "2027-01-31");
    program.post(&format!("{path}/stop"), &json!({})).await.expect(200);
    app.advance(days(60));
    make(&app, &id).await;
    assert_eq!(occurrences(&app, &id).await.len(), 0);
    let client = program.get(&path).await.field("/client_id");
    assert_eq!(program.put(&path, &monthly(&client, "draft")).await.expect(409).field("/code"), "recurring_stopped");
}

#[tokio::test]
async fn another_tenants_does_not_exist_and_its_client_cannot_be_invoiced() {
    let app = app().await;
    let id = planned(&app, "draft").await;
    let path = format!("/api/v1/recurring-invoices/{id}");
    let (stranger, client) = (app.stranger(), app.program().get(&path).await.field("/client_id"));
    stranger.get(&path).await.expect(404);
    stranger.get(&format!("{path}/occurrences")).await.expect(404);
    stranger.put(&path, &monthly(&client, "draft")).await.expect(404);
    for turn in ["pause", "resume", "stop"] {
        stranger.post(&format!("{path}/{turn}"), &json!({})).await.expect(404);
    }
    let refused = stranger.post("/api/v1/recurring-invoices", &monthly(&client, "draft")).await.expect(422);
    assert_eq!(refused.violations(), ["/invoice/client_id"]);
}

#[tokio::test]
async fn who_may_not_issue_plans_drafts_only() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let member = app.with_role(Role::Sales);
    member.post("/api/v1/recurring-invoices", &monthly(&client, "draft")).await.expect(201);
    let refused = member.post("/api/v1/recurring-invoices", &monthly(&client, "issue")).await.expect(422);
    assert_eq!(refused.violations(), ["/then"]);
}

#[tokio::test]
async fn a_deleted_organization_invoices_nobody() {
    let app = app().await;
    let id = planned(&app, "issue").await;
    let deletion = Deletion { at: app.deps.clock.now(), erased_at: None };
    app.replace_organization(&OrganizationReference { deletion: Some(deletion), ..app.ours.clone() }).await;
    app.advance(days(60));
    make(&app, &id).await;
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 0);
}

#[tokio::test]
async fn the_form_repeats_an_invoice_and_gives_back_what_is_wrong() {
    let app = app().await;
    let owner = app.owner();
    let client = app.publish_client("Client SA").await.id.to_string();
    let source = app.program().post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let form = owner.get(&format!("/facturation/recurrentes/nouvelle?facture={source}")).await.expect(200).text();
    assert!(form.contains("Intervention") && form.contains("Forfait") && form.contains("selected>Client SA"), "{form}");
    let mut fields = vec![
        ("_key", "k1"),
        ("client", client.as_str()),
        ("subject", "Loyer {moi}"),
        ("payment_days", "30"),
        ("operations", "services"),
        ("rhythm", "quarterly"),
        ("every", "1"),
        ("first_on", "2026-12-31"),
        ("period", "ending"),
        ("then", "draft"),
        ("yearly_percent", "2,5"),
        ("line_description", "Loyer"),
        ("line_quantity", "1"),
        ("line_unit", "flat"),
        ("line_unit_price", "900"),
        ("line_discount", ""),
        ("line_vat", "20"),
    ];
    let refused = owner.form("/facturation/recurrentes/nouvelle", &fields).await.expect(422).text();
    assert!(refused.contains("« {moi} » n’est pas reconnu"), "{refused}");
    fields[0] = ("_key", "k2");
    fields[2] = ("subject", "Loyer {période}");
    let done = owner.form("/facturation/recurrentes/nouvelle", &fields).await.expect(303);
    let path = done.header("location").unwrap().to_owned();
    let page = owner.get(&path).await.expect(200).text().replace('\u{a0}', " ");
    for wanted in
        ["Loyer 4e trimestre 2026", "31/12/2026", "Tous les trimestres, le dernier jour du mois", "2,5 % par an"]
    {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    let prices = [("_key", "k3"), ("from", "2027-06-01"), ("unit_price", "950")];
    owner.form(&format!("{path}/prix"), &prices).await.expect(303);
    assert!(owner.get(&path).await.expect(200).text().contains("Nouveaux prix prévus à partir du 01/06/2027"));
    let half = [("_key", "k4"), ("from", "2027-06-01"), ("unit_price", "")];
    owner.form(&format!("{path}/prix"), &half).await.expect(422);
}

#[tokio::test]
async fn its_lines_name_products_as_those_of_other_documents_do() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let lamp = crate::products::created(&program, "LAM", "Lampe").await;
    let mut plan = monthly(&client, "draft");
    plan["invoice"]["lines"] = json!([{ "product_id": lamp, "quantity": "2" }]);
    let path = "/api/v1/recurring-invoices";
    let planned = program.post(path, &plan).await.expect(201);
    assert_eq!(planned.field("/lines/0/unit_price"), "189.005");
    let refused = program.delete(&format!("/api/v1/products/{lamp}")).await.expect(409);
    assert_eq!(refused.field("/code"), "product_used");

    let other = crate::products::created(&program, "SUS", "Suspension").await;
    plan["invoice"]["lines"] = json!([{ "product_id": other, "quantity": "1" }]);
    let edited = program.put(&format!("{path}/{}", planned.field("/id")), &plan).await.expect(200);
    assert_eq!(edited.field("/lines/0/description"), "Suspension\nBras articulé");
    program.delete(&format!("/api/v1/products/{other}")).await.expect(409);

    plan["invoice"]["lines"] = json!([{ "product_id": "prd_00000000000000000000000009", "quantity": "1" }]);
    let refused = program.post(path, &plan).await.expect(422);
    assert_eq!(refused.field("/violations/0/pointer"), "/invoice/lines/0/product_id");
}

#[tokio::test]
async fn terms_beyond_the_law_are_refused_when_they_are_planned() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut plan = monthly(&client, "issue");
    plan["invoice"]["payment_days"] = json!("60");
    plan["invoice"]["day_count"] = json!("from_end_of_month");
    let refused = app.program().post("/api/v1/recurring-invoices", &plan).await.expect(422);
    assert_eq!(refused.field("/violations/0/pointer"), "/invoice/payment_days");
}
