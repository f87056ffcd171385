use jiff::SignedDuration;
use serde_json::json;

use crate::{app, quote};

#[tokio::test]
async fn a_quote_goes_from_draft_to_invoice() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await;
    let created = program.post("/api/v1/quotes", &quote(&client.id.to_string())).await.expect(201);
    assert_eq!(created.field("/status"), "draft");
    assert_eq!(created.field("/number"), "null");
    assert_eq!(created.field("/net_minor"), "101250");
    assert_eq!(created.field("/tax_minor"), "18619");
    assert_eq!(created.field("/gross_minor"), "119869");
    let path = format!("/api/v1/quotes/{}", created.field("/id"));

    let sent = program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    assert_eq!(sent.field("/number"), "DEV-2026-0001");
    assert_eq!(sent.field("/valid_until"), "2026-12-22");
    program.put(&path, &quote(&client.id.to_string())).await.expect(409);

    let accepted = program.post(&format!("{path}/accept"), &json!({})).await.expect(200);
    assert_eq!(accepted.field("/status"), "accepted");
    program.post(&format!("{path}/accept"), &json!({})).await.expect(409);

    let invoice = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!(invoice.field("/status"), "draft");
    assert_eq!(invoice.field("/gross_minor"), "119869");
    let again = program.post(&format!("{path}/invoice"), &json!({})).await.expect(409);
    assert_eq!(again.field("/code"), "quote_already_invoiced");
    assert_eq!(program.get(&path).await.field("/invoice_id"), invoice.field("/id"));
}

#[tokio::test]
async fn an_expired_quote_cannot_be_accepted() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await;
    let id = program.post("/api/v1/quotes", &quote(&client.id.to_string())).await.expect(201).field("/id");
    let path = format!("/api/v1/quotes/{id}");
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    app.advance(SignedDuration::from_hours(24 * 31));
    assert_eq!(program.get(&path).await.expect(200).field("/status"), "expired");
    let refused = program.post(&format!("{path}/accept"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "quote_expired");
    program.post(&format!("{path}/refuse"), &json!({ "reason": "Trop tard" })).await.expect(200);
}

#[tokio::test]
async fn a_quote_leaves_with_the_client_as_it_is_when_sent() {
    let app = app().await;
    let program = app.program();
    let mut client = app.publish_client("Client SA").await;
    let id = program.post("/api/v1/quotes", &quote(&client.id.to_string())).await.expect(201).field("/id");
    client.name = "Client SAS".into();
    app.republish_client(&client).await;
    let sent = program.post(&format!("/api/v1/quotes/{id}/send"), &json!({})).await.expect(200);
    assert_eq!(sent.field("/client_name"), "Client SAS");
}

#[tokio::test]
async fn quotes_are_listed_newest_first_in_pages() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        app.advance(SignedDuration::from_secs(1));
        ids.push(program.post("/api/v1/quotes", &quote(&client.id.to_string())).await.expect(201).field("/id"));
    }
    ids.reverse();
    let mut found = Vec::new();
    let mut path = "/api/v1/quotes?limit=2".to_owned();
    loop {
        let page = program.get(&path).await.expect(200).json();
        found.extend(page["items"].as_array().unwrap().iter().map(|q| q["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/quotes?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, ids);
}
