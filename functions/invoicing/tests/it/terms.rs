//! When invoices are due, and how late the law lets them be.

use kernel::{
    document::Address,
    event::Owner,
    id::InvoiceId,
    reference::ClientReference,
    terms::{DayCount, Terms},
};
use serde_json::json;
use table::shared::FrozenDocument;

use crate::{app, invoice, quote};

#[tokio::test]
async fn the_document_says_when_it_is_due_or_the_client_or_the_organization() {
    let app = app().await;
    let program = app.program();
    let own = app.publish_client("Client SA").await;
    let mut body = invoice(&own.id.to_string());
    let issued = async |body: &serde_json::Value| {
        let id = program.post("/api/v1/invoices", body).await.expect(201).field("/id");
        program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200)
    };
    // It is 22 November 2026.
    assert_eq!(issued(&body).await.field("/due_on"), "2026-12-22");
    body["payment_days"] = json!("45");
    body["day_count"] = json!("then_end_of_month");
    let first = issued(&body).await;
    assert_eq!((first.field("/due_on"), first.field("/day_count")), ("2027-01-31".into(), "then_end_of_month".into()));
    body["day_count"] = json!("from_end_of_month");
    assert_eq!(issued(&body).await.field("/due_on"), "2027-01-14");
    body["payment_days"] = json!("0");
    body["day_count"] = json!("");
    assert_eq!(issued(&body).await.field("/due_on"), "2026-11-22");

    let terms = Some(Terms { payment_days: 30, day_count: DayCount::ThenEndOfMonth });
    app.republish_client(&ClientReference { terms, ..own.clone() }).await;
    body["payment_days"] = json!("");
    assert_eq!(issued(&body).await.field("/due_on"), "2026-12-31");
    // What is made of a quote takes them as well.
    let path =
        format!("/api/v1/quotes/{}", program.post("/api/v1/quotes", &quote(&own.id.to_string())).await.field("/id"));
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    program.post(&format!("{path}/accept"), &json!({})).await.expect(200);
    let draft = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!((draft.field("/payment_days"), draft.field("/day_count")), ("30".into(), "then_end_of_month".into()));

    let id: InvoiceId = first.field("/id").parse().unwrap();
    let scope = app.scope();
    let frozen = scope.get::<FrozenDocument>(&scope.keys().snapshot(Owner::Invoice(id))).await.unwrap().unwrap();
    assert!(frozen.value.snapshot.payment_terms.as_deref().is_some_and(|said| said.contains("45 jours fin de mois")));
}

#[tokio::test]
async fn terms_beyond_the_law_are_refused_with_its_article_unless_the_client_is_abroad() {
    let app = app().await;
    let program = app.program();
    let own = app.publish_client("Client SA").await;
    let mut body = invoice(&own.id.to_string());
    for (days, count) in [("61", "from_issue"), ("46", "then_end_of_month"), ("46", "from_end_of_month")] {
        body["payment_days"] = json!(days);
        body["day_count"] = json!(count);
        let refused = program.post("/api/v1/invoices", &body).await.expect(422);
        assert_eq!(refused.violations(), ["/payment_days"], "{days} {count}");
        assert!(refused.text().contains("L441-10"));
    }
    let fields = [
        ("client", own.id.to_string()),
        ("operations", "services".into()),
        ("payment_days", "61".into()),
        ("line_description", "Pose".into()),
        ("line_quantity", "1".into()),
        ("line_unit_price", "10".into()),
        ("line_vat", "20".into()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = app.owner().form("/facturation/factures/nouvelle", &fields).await.expect(422).text();
    assert!(page.contains("L441-10"));

    let address = Some(Address { country: "DE".into(), ..own.address.clone().unwrap() });
    app.republish_client(&ClientReference { address, ..own.clone() }).await;
    body["payment_days"] = json!("90");
    body["day_count"] = json!("");
    let id = program.post("/api/v1/invoices", &body).await.expect(201).field("/id");
    // A client who comes to France before it leaves is protected as well.
    app.republish_client(&own).await;
    let refused = program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "terms_unlawful");
    body["payment_days"] = json!("366");
    assert_eq!(program.post("/api/v1/invoices", &body).await.expect(422).violations(), ["/payment_days"]);
    body["day_count"] = json!("never");
    assert_eq!(program.post("/api/v1/invoices", &body).await.expect(422).violations().len(), 2);
}
