//! What is issued, paid and offered reaches the figures through the whole system, and how long that takes (`--nocapture`).

use std::time::Instant;

use local::{Options, System};
use serde_json::{Value, json};

use crate::company::{Company, PATIENCE, text};

async fn figures(company: &Company) -> Value {
    company.get("/api/v1/sales/figures").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sold_is_in_the_figures() {
    let system = System::start(Options::memory()).await.unwrap();
    let company = Company::sign_up(&system).await;
    // A quote that was accepted and invoiced.
    let id = company.draft_by_quote().await;
    let issued = company.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await;
    let begun = Instant::now();
    while figures(&company).await["current"]["invoices"] != 1 {
        assert!(begun.elapsed() < PATIENCE, "it is not counted");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    println!("issued → in the figures, through stream, relay and queue: {:?}", begun.elapsed());
    system.idle(PATIENCE).await.unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
    let paid_on = system.clock().today(&zone);
    let payment = json!({ "amount": "500.00", "paid_on": paid_on });
    company.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await;
    system.idle(PATIENCE).await.unwrap();
    let found = figures(&company).await;
    let current = &found["current"];
    assert_eq!(current["revenue_gross_minor"], issued["gross_minor"]);
    assert_eq!(current["revenue_net_minor"], 101_250);
    assert_eq!((&current["cash_gross_minor"], &found["behind"]), (&json!(50_000), &json!(0)));
    assert_eq!((&current["quotes"]["sent"], &current["quotes"]["accepted"]), (&json!(1), &json!(1)));
    let receivables = company.get("/api/v1/sales/receivables").await;
    assert_eq!(receivables["not_due"]["open_minor"], json!(issued["gross_minor"].as_i64().unwrap() - 50_000));
    let listed = company.get("/api/v1/sales/invoices").await;
    assert_eq!(text(&listed, "/items/0/number"), text(&issued, "/number"));

    // Made anew by the whole system, it is the same; a credit note takes all of it back.
    company.post("/api/v1/sales/projection/rebuild", &json!({})).await;
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(figures(&company).await, found);
    company.post(&format!("/api/v1/invoices/{id}/credit-notes"), &json!({ "reason": "Erreur" })).await;
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(figures(&company).await["current"]["revenue_net_minor"], 0);
    system.stop().await;
}
