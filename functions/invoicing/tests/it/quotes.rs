use jiff::SignedDuration;
use serde_json::json;
use testkit::App;

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
    assert_eq!(program.get(&path).await.json()["invoice_ids"], json!([invoice.field("/id")]));
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

/// A quote that the client accepted; its path in the API.
async fn accepted(app: &App, body: &serde_json::Value, acceptance: &serde_json::Value) -> String {
    let program = app.program();
    let id = program.post("/api/v1/quotes", body).await.expect(201).field("/id");
    let path = format!("/api/v1/quotes/{id}");
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    program.post(&format!("{path}/accept"), acceptance).await.expect(200);
    path
}

#[tokio::test]
async fn a_quote_is_invoiced_in_parts_that_never_exceed_it() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = accepted(&app, &quote(&client), &json!({})).await;
    let part = |line: usize, quantity: &str| json!({ "lines": [{ "line": line, "quantity": quantity }] });
    let first = program.post(&format!("{path}/invoice"), &part(1, "0.5")).await.expect(201);
    assert_eq!(first.field("/net_minor"), "22500");
    assert_eq!(program.get(&path).await.field("/left_net_minor"), "78750");
    let beyond = program.post(&format!("{path}/invoice"), &part(1, "1.6")).await.expect(422);
    assert_eq!(beyond.violations(), ["/lines/0/quantity"]);
    // Its lines are those of the quote.
    let invoice = format!("/api/v1/invoices/{}", first.field("/id"));
    let mut edited = crate::invoice(&client);
    assert_eq!(program.put(&invoice, &edited).await.expect(422).violations(), ["/lines"]);
    edited["lines"] = json!([]);
    assert_eq!(program.put(&invoice, &edited).await.expect(200).field("/net_minor"), "22500");
    let rest = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    let sum = |field: &str| first.field(field).parse::<i64>().unwrap() + rest.field(field).parse::<i64>().unwrap();
    assert_eq!((sum("/net_minor"), sum("/gross_minor")), (101_250, 119_869));
    assert_eq!(program.get(&path).await.field("/status"), "invoiced");
    let page = app.owner().get(&path.replace("/api/v1/quotes", "/facturation/devis")).await.expect(200).text();
    assert!(page.contains("Facture n° 1") && page.contains("Facture n° 2"));
}

#[tokio::test]
async fn a_deposit_has_its_own_series_and_the_last_invoice_deducts_it() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = accepted(&app, &quote(&client), &json!({})).await;
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "percent": "30" })).await.expect(201);
    assert_eq!(deposit.field("/kind"), "deposit");
    // 30 % of 1 198.69, shared between both rates.
    assert_eq!(deposit.field("/gross_minor"), "35961");
    let deposit_path = format!("/api/v1/invoices/{}", deposit.field("/id"));
    let issued = program.post(&format!("{deposit_path}/issue"), &json!({})).await.expect(200);
    assert_eq!(issued.field("/number"), "ACO-2026-0001");

    let last = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!((last.field("/gross_minor"), last.field("/deducted_minor")), ("119869".into(), "35961".into()));
    let last_path = format!("/api/v1/invoices/{}", last.field("/id"));
    let issued = program.post(&format!("{last_path}/issue"), &json!({})).await.expect(200);
    assert_eq!((issued.field("/number"), issued.field("/balance_minor")), ("FAC-2026-0001".into(), "83908".into()));
    // What the last invoice deducts is given back there.
    let refused =
        program.post(&format!("{deposit_path}/credit-notes"), &json!({ "reason": "Erreur" })).await.expect(409);
    assert_eq!(refused.field("/code"), "deposit_deducted");
    let payment = json!({ "amount": "839.08", "paid_on": "2026-11-22" });
    let paid = program.post(&format!("{last_path}/payments"), &payment).await.expect(201);
    assert_eq!(paid.field("/invoice/payment_status"), "paid");
}

#[tokio::test]
async fn a_deposit_that_was_given_back_is_not_deducted() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = accepted(&app, &quote(&client), &json!({})).await;
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "amount": "200" })).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{deposit}/issue"), &json!({})).await.expect(200);
    let reason = json!({ "reason": "Acompte rendu" });
    program.post(&format!("/api/v1/invoices/{deposit}/credit-notes"), &reason).await.expect(201);
    let last = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!(last.field("/deducted_minor"), "0");
}

#[tokio::test]
async fn a_deposit_is_a_share_or_an_amount_and_no_more_than_the_quote() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = format!("{}/deposit", accepted(&app, &quote(&client), &json!({})).await);
    for (body, pointer) in [
        (json!({}), "/percent"),
        (json!({ "percent": "101" }), "/percent"),
        (json!({ "percent": "10", "amount": "5" }), "/amount"),
        (json!({ "amount": "1198.70" }), "/amount"),
        (json!({ "amount": "0" }), "/amount"),
    ] {
        assert_eq!(program.post(&path, &body).await.expect(422).violations(), [pointer], "{body}");
    }
    app.stranger().post(&path, &json!({ "percent": "10" })).await.expect(404);
}

#[tokio::test]
async fn the_client_chooses_among_what_is_offered_beside_the_rest() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut body = quote(&client);
    let option = json!({ "description": "Peinture", "quantity": "1", "unit_price": "100", "vat_percent": "20",
        "is_optional": "true" });
    body["lines"].as_array_mut().unwrap().push(option);
    let created = program.post("/api/v1/quotes", &body).await.expect(201);
    assert_eq!(created.field("/net_minor"), "101250", "an option is not part of the total");
    let without = accepted(&app, &body, &json!({})).await;
    assert_eq!(program.post(&format!("{without}/invoice"), &json!({})).await.expect(201).field("/net_minor"), "101250");
    let with = accepted(&app, &body, &json!({ "options": [3] })).await;
    assert_eq!(program.post(&format!("{with}/invoice"), &json!({})).await.expect(201).field("/net_minor"), "111250");
    let page = app.owner().get(&with.replace("/api/v1/quotes", "/facturation/devis")).await.expect(200).text();
    let page = page.replace(['\u{202f}', '\u{a0}'], " ");
    assert_eq!(page.matches("1 318,69 €").count(), 2, "in short, and under what was offered: {page}");
    assert!(page.contains("Retenue") && page.contains("Total TTC accepté"), "{page}");
    let page = app.owner().get(&without.replace("/api/v1/quotes", "/facturation/devis")).await.expect(200).text();
    assert!(page.contains("Non retenue") && !page.contains("En option"), "{page}");
    let list = app.owner().get("/facturation/devis").await.expect(200).text().replace(['\u{202f}', '\u{a0}'], " ");
    assert!(list.contains("1 318,69 €") && list.contains("1 198,69 €"), "{list}");
    let id = program.post("/api/v1/quotes", &body).await.expect(201).field("/id");
    program.post(&format!("/api/v1/quotes/{id}/send"), &json!({})).await.expect(200);
    let wrong = program.post(&format!("/api/v1/quotes/{id}/accept"), &json!({ "options": [1] })).await.expect(422);
    assert_eq!(wrong.violations(), ["/options/0"]);
}

#[tokio::test]
async fn the_form_invoices_a_part_and_says_when_nothing_was_typed() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = accepted(&app, &quote(&client), &json!({})).await.replace("/api/v1/quotes", "/facturation/devis");
    let owner = app.owner();
    let form = owner.get(&format!("{path}/facturer")).await.expect(200).text();
    assert!(form.contains("Reste à facturer") && form.contains("1\u{202f}012,50\u{a0}€"));
    let typed = |quantity| {
        [
            ("extent", "part"),
            ("line_quantity", quantity),
            ("line_quantity", ""),
            ("line_amount", ""),
            ("line_amount", ""),
        ]
    };
    owner.form(&format!("{path}/facturer"), &typed("")).await.expect(422);
    let done = owner.form(&format!("{path}/facturer"), &typed("1")).await.expect(303);
    let draft = done.header("location").unwrap().to_owned();
    assert!(owner.get(&draft).await.expect(200).text().contains("450,00"));
    let edit = owner.get(&format!("{draft}/modifier")).await.expect(200).text();
    assert!(edit.contains("Ces lignes viennent du devis"));
    let fields =
        [("client", client.as_str()), ("operations", "services"), ("payment_days", "45"), ("subject", "Lot 1")];
    owner.form(&format!("{draft}/modifier"), &fields).await.expect(303);
    owner.form(&format!("{path}/acompte"), &[("percent", "0")]).await.expect(422);
    owner.form(&format!("{path}/acompte"), &[("percent", "10")]).await.expect(303);
}

#[tokio::test]
async fn what_a_deleted_draft_took_is_left_to_be_invoiced_again() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = accepted(&app, &quote(&client), &json!({})).await;
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "percent": "50" })).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{deposit}/issue"), &json!({})).await.expect(200);
    let last = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201).field("/id");
    assert_eq!(program.get(&path).await.field("/status"), "invoiced");
    app.owner().form(&format!("/facturation/factures/{last}/supprimer"), &[]).await.expect(303);
    let left = program.get(&path).await.expect(200);
    assert_eq!((left.field("/status"), left.field("/left_net_minor")), ("accepted".into(), "101250".into()));
    let again = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!(again.field("/deducted_minor"), "59935", "the deposit is deducted by the one that stays");
}

#[tokio::test]
async fn a_draft_quote_is_deleted_and_one_that_was_sent_stays() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    app.owner().form(&format!("/facturation/devis/{id}/supprimer"), &[]).await.expect(303);
    program.get(&format!("/api/v1/quotes/{id}")).await.expect(404);
    let path = accepted(&app, &quote(&client), &json!({})).await;
    assert_eq!(program.delete(&path).await.expect(409).field("/code"), "quote_not_draft");
}
