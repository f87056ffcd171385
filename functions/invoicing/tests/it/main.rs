//! Invoicing through its router, on an in-memory table.

mod accounting;
mod assigned;
mod attachments;
mod bad_input;
mod bank;
mod batches;
mod cards;
mod catalogue;
mod closings;
mod concurrency;
mod corrections;
mod credit_notes;
mod exchange;
mod golden;
mod interest;
mod invoices;
mod letters;
mod lists;
mod mails;
mod pages;
mod payments;
mod portal;
mod previews;
mod products;
mod quote_versions;
mod quotes;
mod receipts;
mod recurring;
mod reminders;
mod self_billing;
mod sepa;
mod situations;
mod stocks;
mod terms;
mod time;
mod widgets;

use serde_json::{Value, json};
use testkit::{App, Client};

pub async fn app() -> App {
    App::new(invoicing::router).await
}

/// A quote of two lines and two VAT rates: 2 × 450.00 at 20 %, 10 × 12.50 − 10 % at 5.5 %: 1 198.69 € TTC.
pub fn quote(client: &str) -> Value {
    json!({
        "client_id": client,
        "subject": "Rénovation de l’atelier",
        "lines": [
            { "description": "Pose\nDeux jours sur place", "quantity": "2", "unit": "day",
              "unit_price": "450.00", "vat_percent": "20" },
            { "description": "Isolant", "quantity": "10", "unit": "square_metre", "unit_price": "12.50",
              "discount_percent": "10", "vat_percent": "5.5" },
        ],
    })
}

/// An invoice of one line: 1 000.00 at 20 %: 1 200.00 € TTC.
pub fn invoice(client: &str) -> Value {
    json!({
        "client_id": client,
        "subject": "Intervention",
        "lines": [
            { "description": "Forfait", "quantity": "1", "unit": "flat", "unit_price": "1000", "vat_percent": "20" },
        ],
    })
}

/// An issued invoice of 1 200.00 €; its id.
pub async fn issued(app: &App, program: &Client) -> String {
    let client = app.publish_client("Client SA").await;
    let id = program.post("/api/v1/invoices", &invoice(&client.id.to_string())).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    id
}
