//! The schedule of reminders: each level once, the highest that is due, and nothing once there is nothing to be paid.

use jiff::SignedDuration;
use kernel::id::InvoiceId;
use serde_json::{Value, json};
use table::shared::OwnedMail;
use testkit::App;

use crate::{app, invoice, issued};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The clock looks, twice at once, which must do what one look does.
async fn look(app: &App, id: InvoiceId) {
    let scope = app.scope();
    let (first, second) =
        tokio::join!(invoicing::reminder::remind_invoice(&scope, id), invoicing::reminder::remind_invoice(&scope, id));
    first.unwrap();
    second.unwrap();
}

/// Subjects of the reminders so far.
async fn sent(app: &App, id: InvoiceId) -> Vec<String> {
    let items = app.scope().collection(&app.scope().keys().invoice(id).collection()).await.unwrap();
    let mails = items.all::<OwnedMail>().unwrap().into_iter().skip(1);
    mails.map(|mail| mail.value.mail.subject.split(" : ").next().unwrap().to_owned()).collect()
}

async fn shown(app: &App, id: InvoiceId) -> Value {
    app.program().get(&format!("/api/v1/invoices/{id}/reminders")).await.expect(200).json()
}

fn levels(days: [&str; 5]) -> Vec<Value> {
    days.map(|days| json!({ "days": days, "tone": "friendly", "is_on": "true" })).into()
}

#[tokio::test]
async fn each_level_leaves_once_on_its_day() {
    let app = app().await;
    let id: InvoiceId = issued(&app, &app.program()).await.parse().unwrap();
    let mut days = Vec::new();
    for day in 1..=120 {
        app.advance(DAY);
        let before = sent(&app, id).await.len();
        look(&app, id).await;
        if sent(&app, id).await.len() > before {
            days.push(day);
        }
    }
    assert_eq!(days, [27, 33, 45, 60]);
    let expected = ["Échéance prochaine", "Rappel", "Deuxième rappel", "Dernier rappel avant mise en demeure"];
    assert_eq!(sent(&app, id).await, expected);
    // The formal notice leaves by hand, and then nothing is left.
    let path = format!("/api/v1/invoices/{id}/reminders");
    app.program().post(&path, &json!({ "level": "3" })).await.expect(422);
    app.program().post(&path, &json!({ "level": "5" })).await.expect(200);
    app.program().post(&path, &json!({ "level": "5" })).await.expect(422);
    assert_eq!(shown(&app, id).await["levels"], json!([]));
    assert_eq!(sent(&app, id).await.len(), 5);
}

#[tokio::test]
async fn a_clock_that_was_away_sends_the_highest_level_only() {
    let app = app().await;
    let id: InvoiceId = issued(&app, &app.program()).await.parse().unwrap();
    app.advance(DAY * 50);
    look(&app, id).await;
    assert_eq!(sent(&app, id).await, ["Deuxième rappel"]);
    app.advance(DAY);
    look(&app, id).await;
    assert_eq!(sent(&app, id).await.len(), 1);
    assert_eq!(shown(&app, id).await["look_on"], "2027-01-21");
}

#[tokio::test]
async fn what_is_paid_or_paused_is_not_reminded_of() {
    let app = app().await;
    let program = app.program();
    let ids = [issued(&app, &program).await, issued(&app, &program).await];
    let [paid, paused]: [InvoiceId; 2] = ids.map(|id| id.parse().unwrap());
    let payment = json!({ "amount": "1200", "paid_on": "2026-11-22" });
    let recorded = program.post(&format!("/api/v1/invoices/{paid}/payments"), &payment).await.expect(201);
    let pause = format!("/api/v1/invoices/{paused}/reminders");
    program.post(&format!("{pause}/pause"), &json!({ "reason": "" })).await.expect(422);
    program.post(&format!("{pause}/pause"), &json!({ "until": "2026-11-22", "reason": "Litige" })).await.expect(422);
    program.post(&format!("{pause}/pause"), &json!({ "until": "2027-01-15", "reason": "Litige" })).await.expect(200);
    for _ in 0..50 {
        app.advance(DAY);
        look(&app, paid).await;
        look(&app, paused).await;
    }
    assert!(sent(&app, paid).await.is_empty() && sent(&app, paused).await.is_empty());
    assert_eq!(program.get(&format!("/api/v1/invoices/{paused}")).await.field("/is_overdue"), "true");
    app.advance(DAY * 5);
    look(&app, paused).await;
    assert_eq!(sent(&app, paused).await, ["Deuxième rappel"]);
    // A payment that was not one: due again, and reminded of again.
    let payment = recorded.field("/payment/id");
    let reversal = format!("/api/v1/invoices/{paid}/payments/{payment}/reversal");
    program.post(&reversal, &json!({ "reason": "Chèque impayé" })).await.expect(201);
    app.advance(DAY);
    look(&app, paid).await;
    assert_eq!(sent(&app, paid).await, ["Deuxième rappel"]);
}

#[tokio::test]
async fn who_is_debited_is_not_reminded() {
    let app = app().await;
    let program = app.program();
    let id: InvoiceId = issued(&app, &program).await.parse().unwrap();
    let client = program.get(&format!("/api/v1/invoices/{id}")).await.field("/client_id");
    let creditor = json!({ "creditor_id": "FR72ZZZ123456", "notice_days": "2" });
    program.put("/api/v1/sepa-creditor", &creditor).await.expect(200);
    let mandate = json!({ "client_id": client, "iban": "DE89370400440532013000", "signed_on": "2026-11-01",
                          "scheme": "core" });
    let mandate = program.post("/api/v1/mandates", &mandate).await.expect(201).field("/id");
    let debit = json!({ "debit_on": "2026-12-28", "lines": [{ "invoice_id": id, "mandate_id": mandate }] });
    let remittance = program.post("/api/v1/remittances", &debit).await.expect(201).field("/id");
    for _ in 0..35 {
        app.advance(DAY);
        look(&app, id).await;
    }
    // The notice of the debit alone.
    assert_eq!(sent(&app, id).await.len(), 1);
    let seen = json!({ "invoice_ids": [id], "mandate_ids": [mandate] });
    program.post(&format!("/api/v1/remittances/{remittance}/cancel"), &seen).await.expect(200);
    app.advance(DAY * 10);
    look(&app, id).await;
    assert_eq!(sent(&app, id).await.len(), 2);
}

#[tokio::test]
async fn where_somebody_says_yes_first_nothing_leaves_before() {
    let app = app().await;
    let program = app.program();
    let settings = json!({ "levels": levels(["-3", "3", "15", "30", "45"]), "asks_first": "true" });
    program.put("/api/v1/reminder-settings", &settings).await.expect(200);
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(issued(&app, &program).await);
    }
    // A stranger finds nothing of ours.
    let answered = app.stranger().post("/api/v1/reminders/send", &json!({ "invoices": ids })).await.expect(200);
    assert_eq!(answered.field("/answered"), "0");
    app.advance(DAY * 33);
    for id in &ids {
        look(&app, id.parse().unwrap()).await;
        assert!(sent(&app, id.parse().unwrap()).await.is_empty());
    }
    let listed = program.get("/api/v1/reminders").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    assert_eq!(listed["items"][0]["level"], 2);
    // Who says yes is told of each, once.
    assert_eq!(app.written_under("#OUTBOX#").matches("reminder.proposed.v1").count(), 4);
    // One is paid meanwhile, one is set aside, one is sent.
    let payment = json!({ "amount": "1200", "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{}/payments", ids[0]), &payment).await.expect(201);
    let answered = program.post("/api/v1/reminders/dismiss", &json!({ "invoices": [&ids[1]] })).await.expect(200);
    assert_eq!(answered.field("/answered"), "1");
    for expected in ["1", "0"] {
        let chosen = json!({ "invoices": &ids[..3] });
        let answered = program.post("/api/v1/reminders/send", &chosen).await.expect(200);
        assert_eq!(answered.field("/answered"), expected);
    }
    for (id, expected) in ids.iter().zip([0, 0, 1, 0]) {
        assert_eq!(sent(&app, id.parse().unwrap()).await.len(), expected);
    }
    let listed = program.get("/api/v1/reminders").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    program.post("/api/v1/reminders/send", &json!({ "invoices": [] })).await.expect(422);
}

#[tokio::test]
async fn a_client_is_reminded_as_was_agreed_with_them() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id;
    let path = format!("/api/v1/clients/{client}/reminders");
    app.stranger().get(&path).await.expect(404);
    program.put(&path, &json!({ "choice": "sometimes" })).await.expect(422);
    program.put(&path, &json!({ "choice": "gentle" })).await.expect(200);
    let id = program.post("/api/v1/invoices", &invoice(&client.to_string())).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let id: InvoiceId = id.parse().unwrap();
    for _ in 0..60 {
        app.advance(DAY);
        look(&app, id).await;
    }
    assert_eq!(sent(&app, id).await, ["Échéance prochaine", "Rappel", "Deuxième rappel"]);
}

#[tokio::test]
async fn a_schedule_rises_and_names_only_what_there_is() {
    let app = app().await;
    let program = app.program();
    let refused = |levels: Vec<Value>| {
        let program = &program;
        async move { program.put("/api/v1/reminder-settings", &json!({ "levels": levels })).await.expect(422) }
    };
    refused(Vec::new()).await;
    for days in [["0", "3", "15", "30", "45"], ["-3", "3", "3", "30", "45"], ["-16", "3", "15", "30", "45"]] {
        refused(levels(days)).await;
    }
    for text in ["Bonjour {prenom}", "Reste {reste"] {
        let mut levels = levels(["-3", "3", "15", "30", "45"]);
        levels[1]["text"] = json!(text);
        let told = refused(levels).await;
        assert_eq!(told.field("/violations/0/pointer"), "/levels/1/text");
    }
    let mut levels = levels(["-3", "3", "15", "30", "45"]);
    levels[1]["subject"] = json!("{client}, {reste} !");
    program.put("/api/v1/reminder-settings", &json!({ "levels": levels })).await.expect(200);
    let id: InvoiceId = issued(&app, &program).await.parse().unwrap();
    app.advance(DAY * 33);
    look(&app, id).await;
    assert_eq!(sent(&app, id).await, ["Client SA, 1\u{202f}200,00\u{a0}€ !"]);
}

#[tokio::test]
async fn a_yes_sends_nothing_to_a_client_who_was_paused_since() {
    let app = app().await;
    let program = app.program();
    let settings = json!({ "levels": levels(["-3", "3", "15", "30", "45"]), "asks_first": "true" });
    program.put("/api/v1/reminder-settings", &settings).await.expect(200);
    let client = app.publish_client("Client SA").await.id;
    let id = program.post("/api/v1/invoices", &invoice(&client.to_string())).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    app.advance(DAY * 33);
    look(&app, id.parse().unwrap()).await;
    let pause = json!({ "choice": "usual", "paused_until": "2027-01-15" });
    program.put(&format!("/api/v1/clients/{client}/reminders"), &pause).await.expect(200);
    let answered = program.post("/api/v1/reminders/send", &json!({ "invoices": [&id] })).await.expect(200);
    assert_eq!(answered.field("/answered"), "0");
    assert!(sent(&app, id.parse().unwrap()).await.is_empty());
    // It waits no more; the clock proposes it again once the pause is over.
    assert_eq!(program.get("/api/v1/reminders").await.expect(200).json()["items"], json!([]));
    app.advance(DAY * 25);
    look(&app, id.parse().unwrap()).await;
    let listed = program.get("/api/v1/reminders").await.expect(200).json();
    assert_eq!(listed["items"][0]["level"], 3);
}
