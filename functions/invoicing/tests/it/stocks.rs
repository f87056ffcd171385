//! Stock: taken by invoices, given back by credit notes, never below what the organization allows.

use futures::future::join_all;
use jiff::SignedDuration;
use kernel::id::{InvoiceId, ProductId};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, products::product};

/// A product that is counted, with so much of it.
pub async fn stocked(program: &Client, reference: &str, quantity: &str) -> String {
    let mut body = product(reference, &format!("Lampe {reference}"));
    body["track_stock"] = "true".into();
    body["stock_threshold"] = "2".into();
    let id = program.post("/api/v1/products", &body).await.expect(201).field("/id");
    let counted = json!({ "counted": quantity, "reason": "Inventaire" });
    program.post(&format!("/api/v1/products/{id}/stock/moves"), &counted).await.expect(201);
    id
}

async fn quantity(app: &App, product: &str) -> String {
    app.program().get(&format!("/api/v1/products/{product}/stock")).await.expect(200).field("/quantity")
}

async fn draft(app: &App, client: &str, lines: Value) -> String {
    let body = json!({ "client_id": client, "lines": lines });
    app.program().post("/api/v1/invoices", &body).await.expect(201).field("/id")
}

#[tokio::test]
async fn an_invoice_takes_out_and_its_credit_notes_give_back_what_it_took() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let lamp = stocked(&program, "A", "10").await;
    let free = program.post("/api/v1/products", &product("B", "Sans suivi")).await.expect(201).field("/id");
    let lines = json!([
        { "product_id": lamp, "quantity": "3" }, { "product_id": lamp, "quantity": "1.5" }, { "product_id": free },
    ]);
    let invoice = draft(&app, &client, lines).await;
    assert_eq!(quantity(&app, &lamp).await, "10", "a draft takes nothing");
    // Moves of one instant stand in no order.
    app.advance(SignedDuration::from_secs(1));
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    assert_eq!(quantity(&app, &lamp).await, "5.5");

    let credits = format!("/api/v1/invoices/{invoice}/credit-notes");
    let part = json!({ "reason": "Retour", "lines": [{ "line": 1, "quantity": "1" }] });
    app.advance(SignedDuration::from_secs(1));
    program.post(&credits, &part).await.expect(201);
    assert_eq!(quantity(&app, &lamp).await, "6.5");
    // A reduction brings nothing back.
    let reduction = json!({ "reason": "Geste", "lines": [{ "line": 2, "amount": "10" }] });
    program.post(&credits, &reduction).await.expect(201);
    assert_eq!(quantity(&app, &lamp).await, "6.5");
    app.advance(SignedDuration::from_secs(1));
    program.post(&credits, &json!({ "reason": "Annulation" })).await.expect(201);
    assert_eq!(quantity(&app, &lamp).await, "10");
    let moves = program.get(&format!("/api/v1/products/{lamp}/stock/moves")).await.expect(200).json();
    let told: Vec<_> =
        moves["items"].as_array().unwrap().iter().map(|one| (one["quantity"].clone(), one["left"].clone())).collect();
    let expected = [("3.5", "10"), ("1", "6.5"), ("-4.5", "5.5"), ("10", "10")];
    assert_eq!(told, expected.map(|(by, left)| (json!(by), json!(left))));
    let page = app.owner().get(&format!("/facturation/catalogue/produits/{lamp}/stock")).await.expect(200).text();
    assert!(page.contains("FAC-2026-0001") && page.contains("AV-2026-0003") && page.contains("Inventaire"));
}

#[tokio::test]
async fn what_was_sold_before_it_was_counted_is_not_given_back() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/products", &product("A", "Lampe")).await.expect(201).field("/id");
    let invoice = draft(&app, &client, json!([{ "product_id": id, "quantity": "3" }])).await;
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    let mut tracked = product("A", "Lampe");
    tracked["track_stock"] = "true".into();
    program.put(&format!("/api/v1/products/{id}"), &tracked).await.expect(200);
    program.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &json!({ "reason": "x" })).await.expect(201);
    assert_eq!(quantity(&app, &id).await, "0");
}

#[tokio::test]
async fn what_is_not_there_is_not_invoiced_unless_the_organization_lets_it() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let (one, two) = (stocked(&program, "A", "1").await, stocked(&program, "B", "5").await);
    let lines = json!([{ "product_id": two, "quantity": "5" }, { "product_id": one, "quantity": "2" }]);
    let invoice = draft(&app, &client, lines).await;
    let issue = format!("/api/v1/invoices/{invoice}/issue");
    let refused = program.post(&issue, &json!({})).await.expect(422);
    assert_eq!(refused.violations(), ["/lines/1/quantity"]);
    let page = app.owner().form(&format!("/facturation/factures/{invoice}/emettre"), &[]).await.expect(409).text();
    assert!(page.contains("Stock insuffisant pour «\u{a0}Lampe A\u{a0}»\u{a0}: il en reste 1\u{a0}unité"), "{page}");
    assert_eq!((quantity(&app, &one).await, quantity(&app, &two).await), ("1".into(), "5".into()));
    let gone = json!({ "quantity": "-2", "reason": "Casse" });
    let moves = format!("/api/v1/products/{one}/stock/moves");
    assert_eq!(program.post(&moves, &gone).await.expect(422).violations(), ["/quantity"]);

    program.put("/api/v1/catalogue/stock-policy", &json!({ "allows_negative": "true" })).await.expect(200);
    let issued = program.post(&issue, &json!({})).await.expect(200);
    assert_eq!(issued.field("/number"), "FAC-2026-0001", "what was refused took no number");
    assert_eq!(quantity(&app, &one).await, "-1");
    let low = program.get("/api/v1/catalogue/stocks?low=true").await.expect(200).json();
    assert_eq!(low["items"].as_array().map(Vec::len), Some(2));
    let page = app.owner().get("/facturation/catalogue/stock?etat=bas").await.expect(200).text();
    assert!(page.contains("À réapprovisionner (2)") && page.contains("Épuisé"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_issuers_of_the_last_units_never_sell_more_than_there_is() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let lamp = stocked(&program, "A", "5").await;
    let mut drafts = Vec::new();
    for _ in 0..16 {
        drafts.push(draft(&app, &client, json!([{ "product_id": lamp }])).await);
    }
    let issued = join_all(drafts.iter().enumerate().map(|(at, id)| {
        let program = program.clone().idempotency_key(&format!("issue-{at}"));
        async move { program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.status.as_u16() }
    }))
    .await;
    assert_eq!(issued.iter().filter(|status| **status == 200).count(), 5, "{issued:?}");
    assert!(issued.iter().all(|status| [200, 422].contains(status)), "{issued:?}");
    assert_eq!(quantity(&app, &lamp).await, "0");
    let moves = program.get(&format!("/api/v1/products/{lamp}/stock/moves")).await.expect(200).json();
    assert_eq!(moves["items"].as_array().map(Vec::len), Some(6));
    // Numbers have no gap: who was refused took none.
    let ledger = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!((ledger.field("/entries"), ledger.field("/is_intact")), ("5".into(), "true".into()));
}

#[tokio::test]
async fn forty_counted_products_leave_in_one_invoice_and_more_are_refused() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let scope = &app.scope();
    let first: ProductId = stocked(&program, "A", "5").await.parse().unwrap();
    let keys = scope.keys();
    let found = scope.get_many(&[keys.product(first), keys.stock(first)]).await.unwrap();
    let stored = found.first::<invoicing::product::Product>().unwrap().unwrap().value;
    let stock = found.first::<invoicing::stock::Stock>().unwrap().unwrap().value;
    let mut ids = vec![first];
    let products: Vec<_> = (0..40).map(|_| scope.new_id(ProductId::new)).collect();
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", "products");
            for id in &products {
                transaction.create(&invoicing::product::Product { id: *id, ..stored.clone() });
                transaction.create(&invoicing::stock::Stock { product: *id, quantity: Decimal::TWO, ..stock.clone() });
            }
            Ok((transaction, ()))
        })
        .await
        .unwrap();
    ids.extend(products);
    let lines = |ids: &[ProductId]| {
        Value::from(ids.iter().map(|id| json!({ "product_id": id.to_string() })).collect::<Vec<_>>())
    };
    let refused = draft(&app, &client, lines(&ids)).await;
    let answer = program.post(&format!("/api/v1/invoices/{refused}/issue"), &json!({})).await.expect(409);
    assert_eq!(answer.field("/code"), "too_many_stocked");
    let invoice: InvoiceId = draft(&app, &client, lines(&ids[..40])).await.parse().unwrap();
    let keyed = app.program().idempotency_key("forty");
    keyed.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    assert_eq!(quantity(&app, &ids[39].to_string()).await, "1");
    let credit = json!({ "reason": "Tout" });
    let keyed = app.program().idempotency_key("forty-back");
    keyed.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &credit).await.expect(201);
    assert_eq!(quantity(&app, &ids[39].to_string()).await, "2");
}

#[tokio::test]
async fn stock_is_counted_from_the_pages_and_by_nobody_else() {
    let app = app().await;
    let owner = app.owner();
    let lamp = stocked(&app.program(), "A", "5").await;
    let path = format!("/facturation/catalogue/produits/{lamp}/stock");
    let wrong = owner.form(&path, &[("quantity", "1"), ("counted", "2"), ("reason", "")]).await.expect(422).text();
    assert!(wrong.contains("pas les deux") && wrong.contains("Ce champ est obligatoire"));
    owner.form(&path, &[("quantity", "−2"), ("counted", ""), ("reason", "Casse")]).await.expect(303);
    assert_eq!(quantity(&app, &lamp).await, "3");
    owner.form(&path, &[("quantity", ""), ("counted", "3"), ("reason", "Inventaire")]).await.expect(303);
    let key = app.program().idempotency_key("delivery");
    let delivery = json!({ "quantity": "4", "reason": "Livraison" });
    for _ in 0..2 {
        key.post(&format!("/api/v1/products/{lamp}/stock/moves"), &delivery).await.expect(201);
    }
    assert_eq!(quantity(&app, &lamp).await, "7", "a repetition changes nothing");
    app.stranger().get(&path).await.expect(404);
    app.stranger().post(&format!("/api/v1/products/{lamp}/stock/moves"), &delivery).await.expect(404);
    // What was counted stays in the catalogue; archived, nobody counts it any more.
    let api = format!("/api/v1/products/{lamp}");
    app.program().delete(&api).await.expect(409);
    app.program().post(&format!("{api}/archive"), &json!({})).await.expect(200);
    let refused = app.program().post(&format!("{api}/stock/moves"), &delivery).await.expect(409);
    assert_eq!(refused.field("/code"), "stock_not_tracked");
    app.program().post(&format!("{api}/restore"), &json!({})).await.expect(200);
    assert_eq!(quantity(&app, &lamp).await, "7");
}
