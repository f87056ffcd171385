//! What the bank says went, from its statement to the expense that it paid and back: invoicing and purchases tell each other.

use kernel::event::{Envelope, Event};
use serde_json::{Value, json};
use testkit::App;

use crate::round_trips::all_contexts;

/// The events that were emitted and not carried yet, each carried to whom it concerns, twice.
async fn carry(app: &App, carried: &mut Vec<String>) {
    let items = app.items_of(app.ours.id);
    let texts =
        items.values().filter(|item| item["type"]["S"] == "event").filter_map(|item| item["envelope"]["S"].as_str());
    let told: Vec<Envelope> = texts.map(|text| serde_json::from_str(text).expect("an envelope")).collect();
    let scope = app.scope();
    for envelope in told {
        let id = envelope.id.to_string();
        if carried.contains(&id) {
            continue;
        }
        carried.push(id);
        for _ in 0..2 {
            match &envelope.event {
                told @ Event::BankLineImported { .. } => purchases::spending::store::take_line(&scope, told).await,
                Event::BankLineChanged { line, v, is_open } => {
                    purchases::spending::store::change_line(&scope, *line, *v, *is_open).await
                }
                Event::BankLineSpent { line, expense, v, is_spent } => {
                    let spent = invoicing::bank::store::spend_line(&scope, *line, *expense, *v, *is_spent).await;
                    spent.expect("invoicing hears of it");
                    if *is_spent {
                        Ok(())
                    } else {
                        purchases::spending::store::free_line(&scope, *line, *expense).await
                    }
                }
                _ => Ok(()),
            }
            .expect("it is heard of");
        }
    }
}

async fn listed(app: &App, path: &str) -> Vec<Value> {
    app.program().get(path).await.expect(200).json()["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_debit_is_told_matched_with_its_expense_and_free_again_once_that_is_taken_back() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let mut carried = Vec::new();
    let file = "Date;Libelle;Montant\n20/11/2026;PRLV PAPETERIE;-120,00\n20/11/2026;VIR CLIENT;10,00\n".as_bytes();
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let link = program.post("/api/v1/bank-lines/uploads", &announced).await.expect(201);
    assert_eq!(testkit::send_file(&link.json(), file.to_vec()).await, 200);
    let statement = json!({ "upload_id": link.field("/id"), "account": "Compte" });
    program.post("/api/v1/bank-lines/import", &statement).await.expect(200);
    carry(&app, &mut carried).await;
    // Only what went is purchases' affair.
    let lines = listed(&app, "/api/v1/spending-lines").await;
    assert_eq!(lines.len(), 1);
    let line = lines[0]["id"].as_str().unwrap().to_owned();
    let paper = json!({ "description": "Papier", "lines": [{ "gross": "120" }], "supplier": "Papeterie" });
    let expense = program.post("/api/v1/expenses", &paper).await.expect(201).field("/id");
    let told = listed(&app, "/api/v1/spending-lines").await;
    assert_eq!(told[0]["suggestions"][0]["expense_id"], json!(expense));
    let said = json!({ "expense_id": expense });
    program.post(&format!("/api/v1/spending-lines/{line}/match"), &said).await.expect(200);
    carry(&app, &mut carried).await;
    let matched = listed(&app, "/api/v1/bank-lines?state=matched").await;
    assert_eq!((matched.len(), &matched[0]["expense_id"]), (1, &json!(expense)));
    program.post(&format!("/api/v1/bank-lines/{line}/ignore"), &json!({})).await.expect(409);
    program.post(&format!("/api/v1/expenses/{expense}/unpay"), &json!({})).await.expect(200);
    carry(&app, &mut carried).await;
    assert_eq!(listed(&app, "/api/v1/spending-lines").await.len(), 1);
    // Set aside there, it is offered here no more; opened again, it is.
    program.post(&format!("/api/v1/bank-lines/{line}/ignore"), &json!({})).await.expect(200);
    carry(&app, &mut carried).await;
    assert!(listed(&app, "/api/v1/spending-lines").await.is_empty());
    program.post(&format!("/api/v1/spending-lines/{line}/match"), &said).await.expect(409);
    program.post(&format!("/api/v1/bank-lines/{line}/reopen"), &json!({})).await.expect(200);
    carry(&app, &mut carried).await;
    assert_eq!(listed(&app, "/api/v1/spending-lines").await.len(), 1);
}
