//! What HR tells of expense reports, and the expenses that come of it.

use aws_lambda_events::sqs::SqsEvent;
use kernel::event::{Envelope, Event};
use serde_json::{Value, json};
use table::keys;
use testkit::App;

use crate::{EXPENSES, PDF, app, month, work};

const APPROVED: &str = include_str!("../../../../events/purchases-worker/expense_report_approved.json");
const REIMBURSED: &str = include_str!("../../../../events/purchases-worker/expense_report_reimbursed.json");

/// What Lambda is handed, as it is for our organization; with two lines, one with a receipt.
fn told(sample: &str) -> Event {
    let event: SqsEvent = serde_json::from_str(sample).expect("an event");
    let envelope: Envelope = serde_json::from_str(event.records[0].body.as_deref().unwrap()).expect("an envelope");
    let mut event = serde_json::to_value(envelope.event).unwrap();
    let lines = event["data"]["lines"].as_array_mut().unwrap();
    lines[0]["receipt"] = json!({ "upload": "upl_00000000000000000000000005", "bytes": PDF.len() });
    lines.push(json!({ "line": 3, "on": "2026-11-13", "category": "mileage", "gross_minor": 12_720, "vat_minor": 0,
        "currency": "EUR" }));
    serde_json::from_value(event).unwrap()
}

async fn listed(app: &App) -> Vec<Value> {
    let list = app.program().get(&format!("{EXPENSES}?sort=day")).await.expect(200).json();
    list["items"].as_array().cloned().unwrap_or_default()
}

async fn keep_receipt(app: &App) {
    let report = "exr_01KAN8V3T0000000000000EXR1".parse().unwrap();
    let upload = "upl_00000000000000000000000005".parse().unwrap();
    let key = keys::receipt_s3_key(app.ours.id, report, upload);
    app.deps.files.put(&key, PDF.to_vec(), "application/pdf").await.expect("it is kept");
}

#[tokio::test]
async fn an_approved_report_is_booked_once_with_its_receipt_and_paid_once() {
    let app = app().await;
    keep_receipt(&app).await;
    for _ in 0..3 {
        assert!(work(&app, told(APPROVED)).await);
    }
    let lines = listed(&app).await;
    assert_eq!(lines.len(), 2);
    let (meal, driven) = (&lines[0], &lines[1]);
    assert_eq!(
        (&meal["state"], &meal["paid_on"], &meal["due_on"]),
        (&json!("approved"), &json!(""), &json!("2026-11-30"))
    );
    assert_eq!((&meal["gross_minor"], &meal["recovered_minor"]), (&json!(2_200), &json!(200)));
    assert_eq!((&driven["category"], &driven["has_receipt"]), (&json!("transport"), &json!(false)));
    let (sums, counted) = month(&app).await;
    assert_eq!((sums.map(|sums| sums.count), counted), (Some(2), (2, 14_720, 200, 200)));
    // The receipt is the expense's own; whom it is owed to, its page says.
    let path = format!("{EXPENSES}/{}", meal["id"].as_str().unwrap());
    let link = app.program().get(&format!("{path}/receipt")).await.expect(200).json();
    assert_eq!(link["file_name"], "justificatif-1.pdf");
    let page = format!("/ventes/depenses/{}", meal["id"].as_str().unwrap());
    let shown = app.owner().get(&page).await.expect(200).text();
    assert!(shown.contains("Salarié M-014") && shown.contains("/rh/frais/exr_"), "{shown}");
    assert!(!app.with_role(kernel::permission::Role::Accountant).get(&page).await.text().contains("/rh/frais/exr_"));
    app.program().delete(&path).await.expect(409);
    let mut more = meal.clone();
    let known: Vec<_> = serde_json::to_value(purchases::expense::ExpenseInput::default())
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    more.as_object_mut().unwrap().retain(|field, _| known.contains(field));
    app.program().put(&path, &more).await.expect(200);
    more["lines"][0]["net"] = json!("30");
    more["lines"][0]["tax"] = json!("");
    app.program().put(&path, &more).await.expect(409);
    // Paid back; told again once somebody took it back.
    for _ in 0..2 {
        assert!(work(&app, told(REIMBURSED)).await);
    }
    assert!(
        listed(&app).await.iter().all(|line| line["paid_on"] == "2026-11-22" && line["paid_by"] == "bank_transfer")
    );
    app.program().post(&format!("{path}/unpay"), &json!({})).await.expect(200);
    assert!(work(&app, told(REIMBURSED)).await && work(&app, told(APPROVED)).await);
    assert_eq!(app.program().get(&path).await.expect(200).json()["paid_on"], "");
}

#[tokio::test]
async fn paid_back_before_it_was_approved_comes_to_the_same() {
    let (one, other) = (app().await, app().await);
    for app in [&one, &other] {
        keep_receipt(app).await;
    }
    assert!(work(&one, told(APPROVED)).await && work(&one, told(REIMBURSED)).await);
    assert!(work(&other, told(REIMBURSED)).await && work(&other, told(APPROVED)).await);
    let (one, other) = (listed(&one).await, listed(&other).await);
    assert_eq!((one.len(), one[0]["paid_on"].as_str()), (2, Some("2026-11-22")));
    let told = |mut line: Value| {
        // The instant at which an approval is told is that of its message.
        line["created_at"] = json!("");
        line
    };
    assert_eq!(one.into_iter().map(told).collect::<Vec<_>>(), other.into_iter().map(told).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_receipt_that_is_gone_stops_nobody_and_others_see_nothing() {
    let app = app().await;
    assert!(work(&app, told(APPROVED)).await);
    let lines = listed(&app).await;
    assert_eq!((lines.len(), &lines[0]["has_receipt"]), (2, &json!(false)));
    let stranger = app.stranger();
    stranger.get(&format!("/ventes/depenses/{}", lines[0]["id"].as_str().unwrap())).await.expect(404);
    assert!(!stranger.get("/ventes/depenses").await.expect(200).text().contains("M-014"));
}
