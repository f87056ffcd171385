//! Time that is worked for clients, and invoiced once.

use std::sync::Arc;

use futures::future::join_all;
use kernel::{
    Permission::{InvoicingCreate, InvoicingView},
    id::{EmployeeId, SpanId},
    permission::Role,
    reference::{Billable, BillableWeek},
};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};
use ulid::Ulid;

use crate::app;

fn worked(client: &str, duration: &str, description: &str, price: &str) -> Value {
    json!({
        "client_id": client, "worked_on": "2026-11-20", "duration": duration, "description": description,
        "hourly_price": price, "vat_percent": "20",
    })
}

async fn recorded(program: &Client, body: &Value) -> String {
    program.post("/api/v1/time-entries", body).await.expect(201).field("/id")
}

fn invoicing(client: &str, ids: &[&str], grouping: &str) -> Value {
    json!({ "client_id": client, "entry_ids": ids, "grouping": grouping })
}

async fn state(program: &Client, id: &str) -> String {
    program.get(&format!("/api/v1/time-entries/{id}")).await.expect(200).field("/state")
}

#[tokio::test]
async fn time_becomes_lines_of_a_draft_and_comes_back_when_that_is_deleted() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let meeting = recorded(&program, &worked(&client, "1h30", "Réunion", "80")).await;
    let plans = recorded(&program, &worked(&client, "2,5", "Plans", "80")).await;
    let listed = program.get(&format!("/api/v1/time-entries?client_id={client}")).await.expect(200).json();
    let nets: Vec<_> = listed["items"].as_array().unwrap().iter().map(|entry| entry["net_minor"].clone()).collect();
    assert_eq!(nets.len(), 2);
    assert!(nets.contains(&json!(12_000)) && nets.contains(&json!(20_000)));

    let body = invoicing(&client, &[&meeting, &plans], "total");
    let invoice = program.post("/api/v1/time-entries/invoice", &body).await.expect(201);
    let lines = invoice.json()["lines"].as_array().unwrap().clone();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["quantity"], &lines[0]["unit"]), (&json!("4"), &json!("hour")));
    assert_eq!((invoice.field("/gross_minor"), invoice.field("/supplied_on")), ("38400".into(), "2026-11-20".into()));
    assert_eq!(state(&program, &meeting).await, "invoiced");

    // Neither once more nor otherwise while it stands on an invoice.
    let again = program.post("/api/v1/time-entries/invoice", &invoicing(&client, &[&plans], "")).await.expect(409);
    assert_eq!(again.field("/code"), "time_invoiced");
    let path = format!("/api/v1/time-entries/{plans}");
    program.put(&path, &worked(&client, "1h", "Plans", "80")).await.expect(409);
    program.delete(&path).await.expect(409);

    // Words of the draft are its own: the time stays with it.
    let draft = format!("/api/v1/invoices/{}", invoice.field("/id"));
    program.put(&draft, &crate::invoice(&client)).await.expect(200);
    program.delete(&draft).await.expect(204);
    assert_eq!((state(&program, &meeting).await, state(&program, &plans).await), ("open".into(), "open".into()));
    program.put(&path, &worked(&client, "1h", "Plans", "80")).await.expect(200);
    program.delete(&path).await.expect(204);
    program.get(&path).await.expect(404);
}

#[tokio::test]
async fn time_comes_back_when_its_invoice_is_credited_whole_and_not_before() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let meeting = recorded(&program, &worked(&client, "1h30", "Réunion", "80")).await;
    let plans = recorded(&program, &worked(&client, "2h", "Plans", "80")).await;
    let body = invoicing(&client, &[&meeting, &plans], "entry");
    let invoice = program.post("/api/v1/time-entries/invoice", &body).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    let credits = format!("/api/v1/invoices/{invoice}/credit-notes");
    let part = json!({ "reason": "Geste", "lines": [{ "line": 1, "amount": "50" }] });
    program.post(&credits, &part).await.expect(201);
    assert_eq!(
        (state(&program, &meeting).await, state(&program, &plans).await),
        ("invoiced".into(), "invoiced".into())
    );
    let rest = program.clone().idempotency_key("rest");
    for _ in 0..2 {
        rest.post(&credits, &json!({ "reason": "Erreur" })).await.expect(201);
    }
    assert_eq!((state(&program, &meeting).await, state(&program, &plans).await), ("open".into(), "open".into()));
    // Once more, and it is the other invoice's: crediting the first one again takes nothing from it.
    let again = program.post("/api/v1/time-entries/invoice", &body).await.expect(201).field("/id");
    assert_ne!(again, invoice);
    program.post(&credits, &json!({ "reason": "Encore" })).await.expect(409);
    assert_eq!(state(&program, &meeting).await, "invoiced");
}

/// What the relay brings once an invoice is credited whole and not all of its time is free yet.
async fn release(app: &App, invoice: &str) {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/invoicing-worker/time_released.json")).unwrap();
    let mut body: Value = serde_json::from_str(event["Records"][0]["body"].as_str().unwrap()).unwrap();
    body["organization"] = json!(app.ours.id);
    body["event"]["data"]["invoice"] = json!(invoice);
    event["Records"][0]["body"] = json!(body.to_string());
    let answer = invoicing::worker::handle(app.deps.clone(), serde_json::from_value(event).unwrap()).await.unwrap();
    assert_eq!(answer.batch_item_failures.len(), 0);
}

async fn invoiced(program: &Client) -> usize {
    let listed = program.get("/api/v1/time-entries?state=invoiced&limit=100").await.expect(200).json();
    listed["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn more_time_and_products_than_one_transaction_takes_are_given_back_in_steps() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut ids = Vec::new();
    for _ in 0..80 {
        ids.push(recorded(&program, &worked(&client, "1h", "Réunion", "80")).await);
    }
    let mut lines = Vec::new();
    for n in 0..30 {
        let lamp = crate::stocks::stocked(&program, &format!("L{n}"), "10").await;
        lines.push(json!({ "product_id": lamp, "quantity": "1" }));
    }
    let named: Vec<_> = ids.iter().map(String::as_str).collect();
    let draft = program.post("/api/v1/time-entries/invoice", &invoicing(&client, &named, "total")).await.expect(201);
    let invoice = draft.field("/id");
    let path = format!("/api/v1/invoices/{invoice}");
    program.put(&path, &json!({ "client_id": client, "lines": lines })).await.expect(200);
    program.post(&format!("{path}/issue"), &json!({})).await.expect(200);
    // Before it is credited there is nothing to free.
    release(&app, &invoice).await;
    assert_eq!(invoiced(&program).await, 80);
    program.post(&format!("{path}/credit-notes"), &json!({ "reason": "Erreur" })).await.expect(201);
    let left = invoiced(&program).await;
    assert!((1..80).contains(&left), "{left}");
    assert!(app.written_under("OUTBOX").contains("time.released.v1"));
    for _ in 0..2 {
        release(&app, &invoice).await;
        assert_eq!(invoiced(&program).await, 0);
    }
    // On another invoice by now: it stays there.
    program.post("/api/v1/time-entries/invoice", &invoicing(&client, &named[..3], "total")).await.expect(201);
    release(&app, &invoice).await;
    assert_eq!(invoiced(&program).await, 3);
}

#[tokio::test]
async fn of_many_who_invoice_the_same_time_one_does() {
    let app = Arc::new(app().await);
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = recorded(&app.program(), &worked(&client, "1h", "Réunion", "80")).await;
    let many = (0..6).map(|_| {
        let (app, body) = (app.clone(), invoicing(&client, &[&id], "entry"));
        tokio::spawn(async move { app.program().post("/api/v1/time-entries/invoice", &body).await.status })
    });
    let answers: Vec<_> = join_all(many).await.into_iter().map(|answer| answer.unwrap().as_u16()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 5, "{answers:?}");
    let drafts = app.program().get("/api/v1/invoices").await.json();
    assert_eq!(drafts["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_another_clients_or_another_tenants_is_not_invoiced() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let other = app.publish_client("Autre client").await.id.to_string();
    let id = recorded(&program, &worked(&client, "1h", "Réunion", "80")).await;
    let path = "/api/v1/time-entries/invoice";
    for wrong in [
        invoicing(&other, &[&id], ""),
        invoicing(&client, &[], ""),
        invoicing(&client, &["tim_00000000000000000000000000"], ""),
        invoicing(&client, &vec![id.as_str(); 81], ""),
    ] {
        assert_eq!(program.post(path, &wrong).await.expect(422).violations(), ["/entry_ids"]);
    }
    let stranger = app.stranger();
    stranger.get(&format!("/api/v1/time-entries/{id}")).await.expect(404);
    stranger.get(&format!("/facturation/temps/{id}/modifier")).await.expect(404);
    stranger.delete(&format!("/api/v1/time-entries/{id}")).await.expect(404);
    let wrong = stranger.post(path, &invoicing(&client, &[&id], "")).await.expect(422).violations();
    assert!(!wrong.is_empty());
    assert_eq!(state(&program, &id).await, "open");
    let tomorrow = json!({ "worked_on": "2026-11-23" });
    let mut body = worked(&client, "1h", "Réunion", "80");
    body["worked_on"] = tomorrow["worked_on"].clone();
    assert_eq!(program.post("/api/v1/time-entries", &body).await.expect(422).violations(), ["/worked_on"]);
}

#[tokio::test]
async fn who_sees_only_their_own_sees_and_invoices_only_their_own_time() {
    let app = app().await;
    let (user, salesperson) = app.with_new_member(own_records([InvoicingView, InvoicingCreate])).await;
    let own = app.publish_client("Client à soi").await;
    app.republish_client(&kernel::reference::ClientReference { assigned_to: Some(user), ..own.clone() }).await;
    let client = own.id.to_string();
    let mine = recorded(&salesperson, &worked(&client, "1h", "Visite à moi", "80")).await;
    let theirs = recorded(&app.program(), &worked(&client, "2h", "Visite d’un autre", "80")).await;
    let page = salesperson.get("/facturation/temps").await.expect(200);
    assert!(page.text().contains("Visite à moi") && !page.text().contains("Visite d’un autre"));
    salesperson.get(&format!("/api/v1/time-entries/{theirs}")).await.expect(404);
    let path = "/api/v1/time-entries/invoice";
    let refused = salesperson.post(path, &invoicing(&client, &[&mine, &theirs], "")).await.expect(422);
    assert_eq!(refused.violations(), ["/entry_ids"]);
    salesperson.post(path, &invoicing(&client, &[&mine], "")).await.expect(201);
    assert_eq!(state(&app.program(), &theirs).await, "open");
}

#[tokio::test]
async fn by_the_pages_time_is_noted_changed_and_invoiced() {
    let app = app().await;
    let owner = app.owner();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut fields = vec![
        ("client_id", client.as_str()),
        ("worked_on", "2026-11-20"),
        ("duration", "demain"),
        ("description", "Réunion"),
        ("hourly_price", "80"),
        ("vat_percent", "20"),
    ];
    let wrong = owner.form("/facturation/temps", &fields).await.expect(422);
    assert!(wrong.text().contains("Indiquez une durée"));
    fields[2].1 = "1h15";
    let noted = owner.form("/facturation/temps", &fields).await.expect(303);
    let again = owner.get(noted.header("location").unwrap()).await.expect(200);
    // The next one begins as this one was.
    assert!(again.text().contains("1\u{a0}h\u{a0}15") && again.text().contains(r#"value="80""#));
    let listed = app.program().get("/api/v1/time-entries").await.json();
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let chosen = owner.get(&format!("/facturation/temps/facturer?client={client}")).await.expect(200);
    assert!(chosen.text().contains(&id));
    let empty = owner.form("/facturation/temps/facturer", &[("client", &client)]).await.expect(422);
    assert!(empty.text().contains("Choisissez au moins un élément."));
    let fields = [("client", client.as_str()), ("entry", &id), ("grouping", "description")];
    let draft =
        owner.form("/facturation/temps/facturer", &fields).await.expect(303).header("location").unwrap().to_owned();
    assert!(owner.get(&draft).await.expect(200).text().contains("temps passé"));
    let invoiced = owner.get("/facturation/temps?etat=invoiced").await.expect(200);
    assert!(invoiced.text().contains(&draft));
}

/// What an employee's week has for clients, as HR publishes it once it is approved.
async fn published(app: &App, entries: &[(u128, &str, u16)], withdrawn: &[u128]) {
    let scope = &app.scope();
    let employee = EmployeeId::from_ulid(Ulid(5));
    let span = |number: &u128| SpanId::from_ulid(Ulid(*number));
    let week = BillableWeek {
        employee,
        week: "2026-W47".into(),
        user: Some(app.user_with_role(Role::Member)),
        entries: entries
            .iter()
            .map(|(number, client, minutes)| Billable {
                id: span(number),
                client: client.parse().unwrap(),
                worked_on: "2026-11-16".parse().unwrap(),
                minutes: *minutes,
                description: "Étude d’éclairage".into(),
                hourly_price: Some(65.into()),
            })
            .collect(),
        withdrawn: withdrawn.iter().map(span).collect(),
    };
    scope
        .write(|| async {
            let key = scope.keys().billable_week(employee, &week.week);
            let read = scope.get::<BillableWeek>(&key).await?;
            let mut transaction = scope.begin("test", employee);
            transaction.save(read.as_ref(), &week);
            Ok((transaction, ()))
        })
        .await
        .unwrap();
}

async fn take_over(app: &App) {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/invoicing-worker/time_week_approved.json")).unwrap();
    let mut body: Value = serde_json::from_str(event["Records"][0]["body"].as_str().unwrap()).unwrap();
    body["organization"] = json!(app.ours.id);
    body["event"]["data"]["employee"] = json!(EmployeeId::from_ulid(Ulid(5)));
    event["Records"][0]["body"] = json!(body.to_string());
    let answer = invoicing::worker::handle(app.deps.clone(), serde_json::from_value(event).unwrap()).await.unwrap();
    assert_eq!(answer.batch_item_failures.len(), 0);
}

#[tokio::test]
async fn what_employees_worked_for_clients_is_taken_over_once_and_follows_what_is_approved() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let listed = || async {
        let listed = program.get("/api/v1/time-entries?limit=100").await.expect(200).json();
        listed["items"].as_array().unwrap().clone()
    };
    // Nothing is published yet: the event came first.
    take_over(&app).await;
    assert!(listed().await.is_empty());
    let many: Vec<_> = (1..=70).map(|number| (number, client.as_str(), 60)).collect();
    published(&app, &many, &[]).await;
    for _ in 0..2 {
        take_over(&app).await;
        assert_eq!(listed().await.len(), 70);
    }
    let entry = listed().await.into_iter().find(|entry| entry["id"] == "tim_00000000000000000000000001").unwrap();
    assert_eq!((&entry["net_minor"], &entry["assigned_to"]), (&json!(6_500), &json!(app.user_with_role(Role::Member))));
    // One of them is invoiced, another gets another price; then the week is corrected and approved again.
    let first = "tim_00000000000000000000000001";
    program.post("/api/v1/time-entries/invoice", &invoicing(&client, &[first], "total")).await.expect(201);
    let mut second = worked(&client, "1h", "Étude d’éclairage", "90");
    second["worked_on"] = json!("2026-11-16");
    program.put("/api/v1/time-entries/tim_00000000000000000000000002", &second).await.expect(200);
    let gone: Vec<u128> = (3..=70).chain([1]).collect();
    published(&app, &[(2, &client, 90)], &gone).await;
    for _ in 0..2 {
        take_over(&app).await;
        let left = listed().await;
        let prices: Vec<_> = left.iter().map(|entry| (&entry["id"], &entry["net_minor"])).collect();
        assert_eq!(prices, [(&json!("tim_00000000000000000000000002"), &json!(13_500))]);
        assert_eq!(state(&program, first).await, "invoiced");
    }
    // A client who is not there has none.
    published(&app, &[(2, &client, 90), (99, "com_00000000000000000000000000", 60)], &gone).await;
    take_over(&app).await;
    assert_eq!(listed().await.len(), 1);
}
