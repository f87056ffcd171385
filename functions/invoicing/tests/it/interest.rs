//! Late-payment interest: shown per day, told by reminders, invoiced once.

use jiff::SignedDuration;
use kernel::{event::Owner, id::InvoiceId};
use serde_json::{Value, json};
use table::shared::{FrozenDocument, OwnedMail};
use testkit::App;

use crate::{app, issued};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn interest(app: &App, id: &str) -> Value {
    app.program().get(&format!("/api/v1/invoices/{id}/interest")).await.expect(200).json()
}

async fn last_mail(app: &App, id: &str) -> String {
    let id: InvoiceId = id.parse().unwrap();
    let items = app.scope().collection(&app.scope().keys().invoice(id).collection()).await.unwrap();
    items.all::<OwnedMail>().unwrap().pop().unwrap().value.mail.text
}

// The clock of the tests begins on 22 November 2026: an invoice of 30 days is due on 22 December.

#[tokio::test]
async fn interest_runs_per_day_and_what_is_paid_bears_none() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    assert_eq!(interest(&app, &id).await["total_minor"], 0);
    app.stranger().get(&format!("/api/v1/invoices/{id}/interest")).await.expect(404);
    app.advance(DAY * 40);
    let payment = json!({ "amount": "700", "paid_on": "2026-12-28" });
    app.program().post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(201);
    let told = interest(&app, &id).await;
    // 5 days on 1 200 €, and 5 on 500 € until 1 January: 12.15 % of each, the last rate that is known.
    let rows = told["stretches"].as_array().unwrap();
    let row =
        |at: usize| (rows[at]["from"].as_str().unwrap(), rows[at]["days"].as_i64(), rows[at]["base_minor"].as_i64());
    assert_eq!(row(0), ("2026-12-23", Some(5), Some(120_000)));
    assert_eq!(row(1), ("2026-12-28", Some(4), Some(50_000)));
    assert_eq!(row(2), ("2027-01-01", Some(1), Some(50_000)));
    assert_eq!((rows.len(), rows[0]["percent"].as_str()), (3, Some("12.15")));
    assert_eq!(told["interest_minor"], 200 + 67 + 17);
    assert_eq!((&told["indemnity_minor"], &told["are_rates_known"]), (&json!(4_000), &json!(false)));
}

#[tokio::test]
async fn an_organization_enters_the_rates_of_a_semester() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    app.advance(DAY * 35);
    let mut settings = program.get("/api/v1/reminder-settings").await.expect(200).json();
    settings["rates"] = json!([{ "from": "2026-08-01", "refinancing": "2", "legal": "2" }]);
    let refused = program.put("/api/v1/reminder-settings", &settings).await.expect(422);
    assert_eq!(refused.field("/violations/0/pointer"), "/rates/0/from");
    settings["rates"] = json!([{ "from": "2026-07-01", "refinancing": "2.40", "legal": "2.70" }]);
    program.put("/api/v1/reminder-settings", &settings).await.expect(200);
    let told = interest(&app, &id).await;
    assert_eq!((&told["stretches"][0]["percent"], &told["are_rates_known"]), (&json!("12.4"), &json!(true)));
}

#[tokio::test]
async fn interest_is_invoiced_once_for_the_same_days() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let path = format!("/api/v1/invoices/{id}/interest");
    program.post(&path, &json!({})).await.expect(409);
    app.stranger().post(&path, &json!({})).await.expect(404);
    app.advance(DAY * 40);
    // The same button twice at once: one draft.
    let (first, second) = (program.clone().idempotency_key("once"), program.clone().idempotency_key("once"));
    let none = json!({});
    let (first, second) = tokio::join!(first.post(&path, &none), second.post(&path, &none));
    let ids: Vec<_> = [first, second].into_iter().filter(|one| one.status == 201).map(|one| one.field("/id")).collect();
    assert!(!ids.is_empty() && ids.iter().all(|one| *one == ids[0]));
    let draft = ids[0].clone();
    program.post(&path, &json!({})).await.expect(409);
    let shown = program.get(&format!("/api/v1/invoices/{draft}")).await.expect(200).json();
    assert_eq!((&shown["interest_of"], &shown["tax_minor"]), (&json!(id), &json!(0)));
    // 9 days and one in the next semester, and 40 €.
    assert_eq!(shown["balance_minor"], 360 + 40 + 4_000);
    // Its lines are what was computed.
    let mut body = crate::invoice(&shown["client_id"].to_string().replace('"', ""));
    program.put(&format!("/api/v1/invoices/{draft}"), &body).await.expect(422);
    body["lines"] = json!([]);
    body["introduction"] = json!("Conformément à nos conditions.");
    program.put(&format!("/api/v1/invoices/{draft}"), &body).await.expect(200);
    for act in ["duplicate", "correct"] {
        program.post(&format!("/api/v1/invoices/{draft}/{act}"), &json!({})).await.expect(409);
    }
    // A draft that is deleted asks for nothing.
    program.delete(&format!("/api/v1/invoices/{draft}")).await.expect(204);
    assert_eq!(interest(&app, &id).await["total_minor"], 4_400);
    let again = program.post(&path, &json!({})).await.expect(201).field("/id");
    let sent = program.post(&format!("/api/v1/invoices/{again}/issue"), &json!({})).await.expect(200);
    assert_eq!(sent.field("/number"), "FAC-2027-0001");
    let (scope, owner) = (app.scope(), Owner::Invoice(again.parse().unwrap()));
    let frozen = scope.get::<FrozenDocument>(&scope.keys().snapshot(owner)).await.unwrap().unwrap().value.snapshot;
    assert!(frozen.mentions.iter().any(|mention| mention.contains("hors du champ")), "{:?}", frozen.mentions);
    assert_eq!(frozen.lines.len(), 3);
    // The days after are asked for later, and 40 € no more.
    app.advance(DAY * 10);
    let told = interest(&app, &id).await;
    assert_eq!((&told["stretches"][0]["from"], &told["indemnity_minor"]), (&json!("2027-01-02"), &json!(0)));
    // Nor does interest bear interest.
    assert_eq!(interest(&app, &again).await["total_minor"], 0);
    // What is given back whole is asked for anew.
    let later = told["total_minor"].as_i64().unwrap();
    let credit = json!({ "reason": "Accord trouvé" });
    program.post(&format!("/api/v1/invoices/{again}/credit-notes"), &credit).await.expect(201);
    assert_eq!(interest(&app, &id).await["total_minor"], later + 4_400);
}

#[tokio::test]
async fn a_level_that_wants_it_tells_what_the_delay_came_to() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    app.advance(DAY * 40);
    let path = format!("/api/v1/invoices/{id}/reminders");
    program.post(&path, &json!({ "level": "3" })).await.expect(200);
    assert!(!last_mail(&app, &id).await.contains("Intérêts de retard"));
    app.advance(SignedDuration::from_secs(1));
    program.post(&path, &json!({ "level": "4" })).await.expect(200);
    let mail = last_mail(&app, &id).await;
    for told in [
        "Intérêts de retard au 1er\u{a0}janvier\u{a0}2027",
        "Du 23/12/2026 au 31/12/2026",
        "12,15",
        "40,00",
        "1\u{202f}244,00",
    ] {
        assert!(mail.contains(told), "{told}: {mail}");
    }
}
