//! How often a route goes to the table, one after the other: at most 2 for a read and 3 for a write, the check of
//! who asks included.

use http::Method;
use serde_json::{Value, json};

use crate::{app, invoice, issued, quote};

#[tokio::test]
async fn a_read_takes_two_round_trips_and_a_write_three() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let issued = issued(&app, &program).await;
    let draft = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let q = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    let payment = json!({ "amount": "10", "paid_on": "2026-11-22" });
    let none = json!({});
    let calls: Vec<(Method, String, Value)> = vec![
        (Method::GET, "/api/v1/quotes".into(), none.clone()),
        (Method::GET, format!("/api/v1/quotes/{q}"), none.clone()),
        (Method::POST, "/api/v1/quotes".into(), quote(&client)),
        (Method::PUT, format!("/api/v1/quotes/{q}"), quote(&client)),
        (Method::POST, format!("/api/v1/quotes/{q}/send"), none.clone()),
        (Method::POST, format!("/api/v1/quotes/{q}/accept"), none.clone()),
        (Method::POST, format!("/api/v1/quotes/{q}/invoice"), none.clone()),
        (Method::GET, "/api/v1/invoices".into(), none.clone()),
        (Method::GET, format!("/api/v1/invoices/{issued}"), none.clone()),
        (Method::POST, "/api/v1/invoices".into(), invoice(&client)),
        (Method::PUT, format!("/api/v1/invoices/{draft}"), invoice(&client)),
        (Method::POST, format!("/api/v1/invoices/{draft}/issue"), none.clone()),
        (Method::POST, format!("/api/v1/invoices/{issued}/payments"), payment),
        (Method::GET, format!("/api/v1/invoices/{issued}/payments"), none.clone()),
        (Method::GET, "/facturation".into(), none.clone()),
        (Method::GET, "/facturation/devis".into(), none.clone()),
        (Method::GET, "/facturation/devis/nouveau".into(), none.clone()),
        (Method::GET, format!("/facturation/devis/{q}"), none.clone()),
        (Method::GET, "/facturation/factures".into(), none.clone()),
        (Method::GET, format!("/facturation/factures/{issued}"), none.clone()),
        (Method::GET, "/facturation/panneaux/synthese".into(), none.clone()),
        (Method::GET, format!("/facturation/panneaux/clients/{client}"), none),
    ];
    println!("{:<6} {:<58} trips", "method", "route");
    for (method, path, body) in calls {
        let reply = program.json(method.clone(), &path, &body).await;
        assert!(reply.status.is_success(), "{method} {path}: {}", reply.text());
        let trips = reply.round_trips().expect("the answer tells");
        println!("{:<6} {:<58} {trips}", method.as_str(), path);
        let most = if method == Method::GET { 2 } else { 3 };
        assert!(trips <= most, "{method} {path} took {trips} round trips");
    }
}
