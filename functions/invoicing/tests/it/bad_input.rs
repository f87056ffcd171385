//! Whatever is sent, the answer is clear and nothing is half-done.

use axum::body::Body;
use http::Method;
use serde_json::json;

use crate::{app, invoice, issued};

#[tokio::test]
async fn a_body_that_cannot_be_read_is_malformed() {
    let app = app().await;
    let program = app.program();
    let json_body = |text: &str| Body::from(text.to_owned());
    let send = |body| program.send(Method::POST, "/api/v1/invoices", Some("application/json"), body);
    send(json_body("{")).await.expect(400);
    send(json_body("")).await.expect(400);
    send(json_body("[]")).await.expect(400);
    let unknown = send(json_body(r#"{"client_id":"x","lines":[],"colour":"red"}"#)).await.expect(400);
    assert!(unknown.field("/detail").contains("colour"));
    let wrong = send(json_body(r#"{"client_id":"x","lines":[{"description":5}]}"#)).await.expect(400);
    assert!(wrong.field("/detail").contains("lines[0].description"), "{}", wrong.text());
    assert_eq!(wrong.header("content-type"), Some("application/problem+json"));
    program.send(Method::POST, "/api/v1/invoices", Some("text/plain"), json_body("{}")).await.expect(400);
}

#[tokio::test]
async fn a_body_of_two_megabytes_is_too_large() {
    let app = app().await;
    let body = Body::from(vec![b' '; 2 * 1024 * 1024]);
    app.program().send(Method::POST, "/api/v1/invoices", Some("application/json"), body).await.expect(413);
}

#[tokio::test]
async fn impossible_lines_are_told_one_by_one() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let line = |quantity: &str, price: &str, vat: &str| json!({ "description": "x", "quantity": quantity, "unit_price": price, "vat_percent": vat });
    let body = json!({ "client_id": client, "lines": [
        line("-1", "10", "20"), line("1", "10", "200"), line("1", "1e9", "20"), line("", "10", "20"),
        line("1000000", "100000000", "20"),
    ]});
    let refused = app.program().post("/api/v1/invoices", &body).await.expect(422);
    assert_eq!(
        refused.violations(),
        [
            "/lines/0/quantity",
            "/lines/1/vat_percent",
            "/lines/2/unit_price",
            "/lines/3/quantity",
            "/lines/4/unit_price",
        ]
    );
    // As many lines as a body of 1 MB holds is far below 10⁹, and still too many.
    let many = json!({ "client_id": client, "lines": vec![line("1", "1", "20"); 501] });
    assert_eq!(app.program().post("/api/v1/invoices", &many).await.expect(422).violations(), ["/lines"]);
}

#[tokio::test]
async fn the_largest_document_that_is_accepted_fits_the_table_and_a_larger_one_is_refused() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    // Quotation marks take two bytes in the answer that is kept for a repetition.
    let body = |length: usize| {
        let line = json!({
            "description": format!("x{}", "\"".repeat(length - 1)), "quantity": "999999.9999", "unit": "square_metre",
            "unit_price": "99.9999", "discount_percent": "99.99", "vat_percent": "5.5",
        });
        json!({ "client_id": client, "lines": vec![line; 500] })
    };
    let program = app.program().idempotency_key("largest");
    let id = program.post("/api/v1/invoices", &body(160)).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(422);
    let issue = app.program().idempotency_key("largest-issue");
    issue.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let refused = app.program().post("/api/v1/invoices", &body(161)).await.expect(422);
    assert_eq!(refused.violations(), ["/lines"]);
}

#[tokio::test]
async fn an_unknown_or_foreign_kind_of_id_is_not_found() {
    let app = app().await;
    let program = app.program();
    for id in ["inv_00000000000000000000000000", "quo_00000000000000000000000000", "x", "inv_%F0%9F%92%A5"] {
        program.get(&format!("/api/v1/invoices/{id}")).await.expect(404);
    }
    program.get("/api/v1/invoices?cursor=00").await.expect(400);
    program.get("/api/v1/invoices?limit=0").await.expect(400);
    program.get("/api/v1/invoices?limit=101").await.expect(400);
}

#[tokio::test]
async fn a_key_that_comes_with_another_body_is_refused() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let program = app.program().idempotency_key("k1");
    let first = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    let again = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    assert_eq!(first.field("/id"), again.field("/id"));
    let mut other = invoice(&client);
    other["subject"] = json!("Autre");
    program.post("/api/v1/invoices", &other).await.expect(422);
    app.program().idempotency_key("a#b").post("/api/v1/invoices", &invoice(&client)).await.expect(400);
}

#[tokio::test]
async fn without_a_valid_session_nothing_is_told() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    app.anyone().get(&format!("/api/v1/invoices/{id}")).await.expect(401);
    app.anyone().bearer("abs_nonsense").get("/api/v1/invoices").await.expect(401);
    let page = app.anyone().get(&format!("/facturation/factures/{id}")).await.expect(303);
    assert!(page.header("location").is_some_and(|to| to.starts_with("/connexion?suite=")));
    // An expired session is none.
    app.advance(jiff::SignedDuration::from_hours(24 * 401));
    app.owner().get(&format!("/api/v1/invoices/{id}")).await.expect(401);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let path = format!("/facturation/factures/{id}/paiements");
    let owner = app.owner();
    let body = || Body::from("amount=1&paid_on=2026-11-22");
    let kind = Some("application/x-www-form-urlencoded");
    owner.clone().header("sec-fetch-site", "cross-site").send(Method::POST, &path, kind, body()).await.expect(403);
    owner
        .header("host", "abservice.example")
        .header("origin", "https://evil.example")
        .send(Method::POST, &path, kind, body())
        .await
        .expect(403);
}

#[tokio::test]
async fn a_member_cannot_issue() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let member = app.with_role(kernel::permission::Role::Member);
    member.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(403);
    let page = member.form(&format!("/facturation/factures/{id}/emettre"), &[]).await.expect(403);
    assert!(page.text().contains("Accès refusé"));
}
