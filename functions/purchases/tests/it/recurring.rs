//! `/api/v1/recurring-expenses`, its pages, and what the clock makes of them.

use jiff::SignedDuration;
use kernel::{event::Event, id::RecurringExpenseId};
use serde_json::{Value, json};
use testkit::App;

use crate::{EXPENSES, app, work};

const RECURRING: &str = "/api/v1/recurring-expenses";

fn rent() -> Value {
    json!({
        "description": "Loyer", "category": "rent", "lines": [{ "net": "900", "vat_percent": "20" }],
        "supplier": "Bailleur", "first_on": "2026-11-22", "due_days": "5",
    })
}

async fn due(app: &App, id: &str) {
    let recurring: RecurringExpenseId = id.parse().expect("an id");
    assert!(work(app, Event::RecurringExpenseDue { recurring }).await);
}

async fn days(app: &App) -> Vec<String> {
    let list = app.program().get(&format!("{EXPENSES}?sort=day")).await.expect(200).json();
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["spent_on"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn its_page_says_how_many_it_made() {
    let app = app().await;
    let id = app.program().post(RECURRING, &rent()).await.expect(201).field("/id");
    let said = async |expected: &str| {
        let page = app.owner().get(&format!("/ventes/depenses/recurrentes/{id}")).await.expect(200).text();
        assert!(page.contains(expected), "{expected}: {page}");
    };
    said("aucune dépense enregistrée").await;
    due(&app, &id).await;
    said("1 dépense enregistrée<").await;
    app.advance(SignedDuration::from_hours(24 * 35));
    due(&app, &id).await;
    said("2 dépenses enregistrées").await;
}

#[tokio::test]
async fn each_is_entered_once_however_often_and_however_late_the_clock_asks() {
    let app = app().await;
    let program = app.program();
    let id = program.post(RECURRING, &rent()).await.expect(201).field("/id");
    let told: Value =
        serde_json::from_str(include_str!("../../../../events/purchases-worker/recurring_expense_due.json")).unwrap();
    assert!(told["Records"][0]["body"].as_str().is_some_and(|body| body.contains("recurring_expense.due.v1")));
    tokio::join!(due(&app, &id), due(&app, &id));
    due(&app, &id).await;
    assert_eq!(days(&app).await, ["2026-11-22"]);
    app.advance(SignedDuration::from_hours(24 * 65));
    due(&app, &id).await;
    due(&app, &id).await;
    assert_eq!(days(&app).await, ["2026-11-22", "2026-12-22", "2027-01-22"]);
    let read = program.get(&format!("{RECURRING}/{id}")).await.expect(200).json();
    assert_eq!((&read["made"], &read["next_on"]), (&json!(3), &json!("2027-02-22")));
    let first = program.get(&format!("{EXPENSES}?q=loyer&sort=day&limit=1")).await.expect(200).json();
    assert_eq!((&first["items"][0]["due_on"], &first["items"][0]["state"]), (&json!("2026-11-27"), &json!("approved")));
    // Nothing comes of one that is not there.
    due(&app, "rxp_00000000000000000000000001").await;
}

#[tokio::test]
async fn what_is_paused_or_stopped_enters_nothing() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let id = program.post(RECURRING, &rent()).await.expect(201).field("/id");
    let path = format!("{RECURRING}/{id}");
    program.post(&format!("{path}/pause"), &json!({})).await.expect(200);
    due(&app, &id).await;
    assert!(days(&app).await.is_empty());
    program.post(&format!("{path}/resume"), &json!({})).await.expect(200);
    program.post(&format!("{path}/resume"), &json!({})).await.expect(409);
    program.put(&path, &rent()).await.expect(200);
    let page = format!("/ventes/depenses/recurrentes/{id}");
    owner.form(&format!("{page}/arreter"), &[]).await.expect(303);
    due(&app, &id).await;
    assert!(days(&app).await.is_empty());
    owner.form(&format!("{page}/suspendre"), &[]).await.expect(409);
    program.put(&path, &rent()).await.expect(409);
    app.stranger().get(&path).await.expect(404);
    for path in ["/ventes/depenses/recurrentes", "/ventes/depenses/recurrentes/nouvelle", page.as_str()] {
        owner.get(path).await.expect(200);
    }
    let fields =
        [("description", "Assurance"), ("lines.0.gross", "120"), ("first_on", "2026-12-01"), ("rhythm", "yearly")];
    owner.form("/ventes/depenses/recurrentes/nouvelle", &fields).await.expect(303);
    owner.form("/ventes/depenses/recurrentes/nouvelle", &[("description", "")]).await.expect(422);
    assert!(owner.get("/ventes/depenses/recurrentes").await.expect(200).text().contains("Assurance"));
}
