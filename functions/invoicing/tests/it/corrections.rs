//! An issued invoice that is wrong is replaced by a corrective one, or cancelled.

use kernel::{
    document::{Kind, Snapshot},
    event::Owner,
    id::InvoiceId,
};
use serde_json::{Value, json};
use table::shared::FrozenDocument;
use testkit::{App, Client};

use crate::{app, invoice, issued, quote};

async fn act(program: &Client, id: &str, act: &str) -> testkit::Reply {
    program.post(&format!("/api/v1/invoices/{id}/{act}"), &json!({})).await
}

async fn shown(program: &Client, id: &str) -> Value {
    program.get(&format!("/api/v1/invoices/{id}")).await.expect(200).json()
}

async fn pay(program: &Client, id: &str, amount: &str) {
    let payment = json!({ "amount": amount, "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(201);
}

async fn snapshot(app: &App, id: &str) -> Snapshot {
    let (scope, id): (_, InvoiceId) = (app.scope(), id.parse().unwrap());
    scope.get::<FrozenDocument>(&scope.keys().snapshot(Owner::Invoice(id))).await.unwrap().unwrap().value.snapshot
}

/// A corrective draft of the invoice with another price.
async fn corrected(program: &Client, id: &str, price: &str) -> String {
    let draft = act(program, id, "correct").await.expect(201);
    let mut body = invoice(&draft.field("/client_id"));
    body["lines"][0]["unit_price"] = json!(price);
    program.put(&format!("/api/v1/invoices/{}", draft.field("/id")), &body).await.expect(200);
    draft.field("/id")
}

#[tokio::test]
async fn a_corrective_invoice_takes_the_place_of_one_in_full() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let draft = corrected(&program, &id, "900").await;
    let before = shown(&program, &id).await;
    assert_eq!((before["balance_minor"].as_i64(), before["is_cancelled"].as_bool()), (Some(120_000), Some(false)));

    let done = act(&program, &draft, "issue").await.expect(200).json();
    assert_eq!((done["number"].as_str(), done["kind"].as_str()), (Some("FAC-2026-0002"), Some("corrective")));
    assert_eq!((done["balance_minor"].as_i64(), &done["corrects"]), (Some(108_000), &json!(id)));
    let after = shown(&program, &id).await;
    assert_eq!((after["balance_minor"].as_i64(), after["is_cancelled"].as_bool()), (Some(0), Some(true)));
    assert_eq!((&after["replaced_by"], after["is_overdue"].as_bool()), (&json!(draft), Some(false)));

    let frozen = snapshot(&app, &draft).await;
    assert_eq!(frozen.kind, Kind::Corrective);
    let named: Vec<_> = frozen.preceding.iter().map(|one| (one.number.as_str(), one.deducted_minor)).collect();
    assert_eq!(named, [("FAC-2026-0001", None)]);
    // What the client owes is what the corrective asks for, and no more.
    let client = after["client_id"].as_str().unwrap();
    let panel = app.owner().get(&format!("/facturation/panneaux/clients/{client}")).await.expect(200).text();
    assert!(panel.contains("1\u{202f}080,00\u{a0}€") && panel.contains("Annulée"), "{panel}");
    let ledger = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!((ledger.field("/entries"), ledger.json()["faults"].clone()), ("3".into(), json!([])));
    let pages = app.owner();
    let page = pages.get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(page.contains("Annulée") && page.contains("annulée et remplacée par") && page.contains("FAC-2026-0002"));
    let page = pages.get(&format!("/facturation/factures/{draft}")).await.expect(200).text();
    assert!(page.contains("Facture rectificative FAC-2026-0002") && page.contains("annule et remplace"));
}

#[tokio::test]
async fn what_was_replaced_takes_no_act_any_more() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let first = corrected(&program, &id, "900").await;
    let second = corrected(&program, &id, "800").await;
    act(&program, &first, "issue").await.expect(200);
    // Of two corrective drafts one takes the place.
    assert_eq!(act(&program, &second, "issue").await.expect(409).field("/code"), "invoice_replaced");
    assert_eq!(act(&program, &id, "correct").await.expect(409).field("/code"), "invoice_replaced");
    for (path, body) in [
        ("payments", json!({ "amount": "1", "paid_on": "2026-11-22" })),
        ("credit-notes", json!({ "reason": "Erreur" })),
    ] {
        let refused = program.post(&format!("/api/v1/invoices/{id}/{path}"), &body).await.expect(409);
        assert_eq!(refused.field("/code"), "invoice_replaced", "{path}");
    }
    // The corrective is an invoice like others: it is corrected in its turn, and no number is lost.
    let third = corrected(&program, &first, "700").await;
    assert_eq!(act(&program, &third, "issue").await.expect(200).field("/number"), "FAC-2026-0003");
    assert_eq!(shown(&program, &first).await["balance_minor"], 0);
    app.stranger().post(&format!("/api/v1/invoices/{third}/correct"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn what_was_paid_is_told_by_the_corrective() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let draft = corrected(&program, &id, "900").await;
    // Paid while the draft was written: it is read when it leaves.
    pay(&program, &id, "500").await;
    act(&program, &draft, "issue").await.expect(200);
    let frozen = snapshot(&app, &draft).await;
    assert_eq!((frozen.deducted_minor().0, frozen.due_minor().0), (50_000, 58_000));
    // It is the client's, wherever it stands.
    let balance = |invoice: Value| invoice["balance_minor"].as_i64().unwrap();
    let both = async || (balance(shown(&program, &id).await), balance(shown(&program, &draft).await));
    assert_eq!(both().await, (-50_000, 108_000));
    // The worker carries it over, once.
    let (scope, original, corrective) = (app.scope(), id.parse().unwrap(), draft.parse::<InvoiceId>().unwrap());
    for _ in 0..2 {
        invoicing::receipt::carry_over(&scope, original, corrective).await.unwrap();
        assert_eq!(both().await, (0, 58_000));
    }
    assert_eq!(program.get("/api/v1/ledger/verification").await.json()["faults"], json!([]));
    // What was no payment is taken back where it came in, after what was carried over.
    let payments = program.get(&format!("/api/v1/invoices/{id}/payments")).await.expect(200).json();
    let received =
        payments["items"].as_array().unwrap().iter().find(|payment| payment["receipt_id"].is_null()).unwrap();
    let reversal = format!("/api/v1/invoices/{id}/payments/{}/reversal", received["id"].as_str().unwrap());
    let refused = program.post(&reversal, &json!({ "reason": "Chèque impayé" })).await.expect(409);
    assert_eq!(refused.field("/code"), "invoice_replaced");
    let receipt = kernel::id::ReceiptId::from_ulid(corrective.ulid());
    let back = json!({ "reason": "Chèque impayé", "invoice_ids": [id, draft] });
    program.post(&format!("/api/v1/receipts/{receipt}/reversal"), &back).await.expect(201);
    program.post(&reversal, &json!({ "reason": "Chèque impayé" })).await.expect(201);
    assert_eq!(both().await, (0, 108_000));
}

#[tokio::test]
async fn deposits_and_what_was_credited_are_corrected_by_credit_notes() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let part = json!({ "reason": "Geste", "lines": [{ "line": 1, "amount": "10" }] });
    let late = corrected(&program, &id, "900").await;
    program.post(&format!("/api/v1/invoices/{id}/credit-notes"), &part).await.expect(201);
    for refused in [act(&program, &id, "correct").await, act(&program, &late, "issue").await] {
        assert_eq!(refused.expect(409).field("/code"), "invoice_credited");
    }
    let client = app.publish_client("Client SA").await.id.to_string();
    let path =
        format!("/api/v1/quotes/{}", program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id"));
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    program.post(&format!("{path}/accept"), &json!({})).await.expect(200);
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "percent": "30" })).await.expect(201).field("/id");
    assert_eq!(act(&program, &deposit, "correct").await.expect(409).field("/code"), "not_issued");
    act(&program, &deposit, "issue").await.expect(200);
    assert_eq!(act(&program, &deposit, "correct").await.expect(409).field("/code"), "deposit_not_correctable");
}

#[tokio::test]
async fn what_deducts_a_deposit_is_replaced_by_what_deducts_it() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path =
        format!("/api/v1/quotes/{}", program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id"));
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    program.post(&format!("{path}/accept"), &json!({})).await.expect(200);
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "percent": "30" })).await.expect(201).field("/id");
    act(&program, &deposit, "issue").await.expect(200);
    let last = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201).field("/id");
    act(&program, &last, "issue").await.expect(200);

    let draft = act(&program, &last, "correct").await.expect(201);
    assert_eq!((draft.field("/gross_minor"), draft.field("/quote_id")), ("119869".into(), "null".into()));
    // A draft that is given up leaves the quote as it was.
    program.delete(&format!("/api/v1/invoices/{}", draft.field("/id"))).await.expect(204);
    assert_eq!(program.get(&path).await.field("/status"), "invoiced");
    let draft = act(&program, &last, "correct").await.expect(201).field("/id");
    let done = act(&program, &draft, "issue").await.expect(200);
    assert_eq!((done.field("/deducted_minor"), done.field("/balance_minor")), ("35961".into(), "83908".into()));
    assert_eq!(shown(&program, &last).await["balance_minor"], 0);
    assert_eq!(snapshot(&app, &draft).await.preceding.len(), 2);
}

#[tokio::test]
async fn who_pays_the_original_and_who_replaces_it_at_once_lose_nothing() {
    for _ in 0..4 {
        let app = app().await;
        let program = app.program();
        let id = issued(&app, &program).await;
        let draft = corrected(&program, &id, "1000").await;
        let payment = json!({ "amount": "500", "paid_on": "2026-11-22" });
        let path = format!("/api/v1/invoices/{id}/payments");
        let (paid, done) = tokio::join!(program.post(&path, &payment), act(&program, &draft, "issue"));
        done.expect(200);
        let expected = if paid.status == 201 { 70_000 } else { 120_000 };
        let balance = |invoice: Value| invoice["balance_minor"].as_i64().unwrap();
        assert_eq!(balance(shown(&program, &id).await) + balance(shown(&program, &draft).await), expected);
        assert_eq!(program.get("/api/v1/ledger/verification").await.json()["faults"], json!([]));
    }
}

#[tokio::test]
async fn the_page_cancels_an_invoice_and_prepares_its_correction() {
    let app = app().await;
    let owner = app.owner();
    let id = issued(&app, &app.program()).await;
    let path = format!("/facturation/factures/{id}");
    let page = owner.get(&path).await.expect(200).text();
    assert!(page.contains("Facture rectificative") && page.contains("Annuler la facture"));
    let draft = owner.form(&format!("{path}/rectifier"), &[]).await.expect(303).header("location").unwrap().to_owned();
    let page = owner.get(&draft).await.expect(200).text();
    assert!(page.contains("annulera et remplacera") && page.contains("FAC-2026-0001"));
    let edit = owner.get(&format!("{draft}/modifier")).await.expect(200).text();
    assert!(edit.contains("Forfait"));
    // Without a reason nothing is cancelled.
    owner.form(&format!("{path}/avoir"), &[("extent", "all")]).await.expect(422);
    owner.form(&format!("{path}/avoir"), &[("extent", "all"), ("reason", "Doublon")]).await.expect(303);
    let page = owner.get(&path).await.expect(200).text();
    assert!(page.contains("Annulée") && !page.contains("Annuler la facture") && !page.contains("rectifier"));
}
