use futures::future::join_all;
use kernel::{
    document::{Kind, Snapshot},
    event::Owner,
    id::CreditNoteId,
};
use serde_json::{Value, json};
use table::{ledger::verify, shared::FrozenDocument};
use testkit::{App, Reply};

use crate::{app, issued};

async fn snapshot(app: &App, id: &str) -> Snapshot {
    let scope = app.scope();
    let owner = Owner::CreditNote(id.parse::<CreditNoteId>().unwrap());
    scope.get::<FrozenDocument>(&scope.keys().snapshot(owner)).await.unwrap().unwrap().value.snapshot
}

async fn credit(app: &App, invoice: &str, body: Value) -> Reply {
    app.program().post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &body).await
}

#[tokio::test]
async fn what_a_discount_on_the_whole_takes_off_is_told_wherever_lines_are() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut body = crate::quote(&client);
    body["discount_percent"] = json!("5");
    let path = format!("/api/v1/quotes/{}", program.post("/api/v1/quotes", &body).await.expect(201).field("/id"));
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    program.post(&format!("{path}/accept"), &json!({})).await.expect(200);
    let id = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201).field("/id");
    let owner = app.owner();
    let page = owner.get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(page.contains("<dt>Total HT avant remise</dt>") && page.contains("<dt>Remise</dt>"), "{page}");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let form = owner.get(&format!("/facturation/factures/{id}/avoir")).await.expect(200).text();
    assert!(form.contains("Montant HT avant remise"), "{form}");
}

#[tokio::test]
async fn a_whole_credit_cancels_the_invoice_and_names_it() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let credited = credit(&app, &id, json!({ "reason": "Erreur de destinataire" })).await.expect(201);
    assert_eq!(credited.field("/credit_note/number"), "AV-2026-0001");
    assert_eq!(credited.field("/credit_note/gross_minor"), "120000");
    assert_eq!(
        (credited.field("/invoice/balance_minor"), credited.field("/invoice/is_overdue")),
        ("0".into(), "false".into())
    );

    let note = credited.field("/credit_note/id");
    let frozen = snapshot(&app, &note).await;
    assert_eq!(frozen.kind, Kind::CreditNote);
    assert_eq!(frozen.preceding.len(), 1);
    assert_eq!(frozen.preceding[0].number, "FAC-2026-0001");
    assert_eq!((frozen.late_payment, frozen.due_on), (None, None), "nobody owes a credit note");
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 2);

    let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(page.contains("Annulée") && page.contains("AV-2026-0001"));
    let again = credit(&app, &id, json!({ "reason": "Encore" })).await.expect(409);
    assert_eq!(again.field("/code"), "already_credited");
    // Nothing is left to pay.
    let payment = json!({ "amount": "1", "paid_on": "2026-11-22" });
    app.program().post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(409);
}

#[tokio::test]
async fn parts_are_credited_one_after_the_other_and_never_more_than_there_is() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let part = |quantity: &str, amount: &str| json!({ "reason": "Geste commercial", "lines": [{ "line": 1, "quantity": quantity, "amount": amount }] });
    let first = credit(&app, &id, part("0.25", "")).await.expect(201);
    assert_eq!(first.field("/credit_note/gross_minor"), "30000");
    let second = credit(&app, &id, part("", "50")).await.expect(201);
    assert_eq!(
        (second.field("/credit_note/number"), second.field("/credit_note/gross_minor")),
        ("AV-2026-0002".into(), "6000".into())
    );
    assert_eq!(second.field("/invoice/balance_minor"), "84000");
    assert_eq!(credit(&app, &id, part("0.76", "")).await.expect(422).violations(), ["/lines/0/quantity"]);
    assert_eq!(credit(&app, &id, part("", "700.01")).await.expect(422).violations(), ["/lines/0/amount"]);
    assert_eq!(credit(&app, &id, json!({ "reason": " " })).await.expect(422).violations(), ["/reason"]);
    let rest = credit(&app, &id, json!({ "reason": "Solde" })).await.expect(201);
    assert_eq!(
        (rest.field("/credit_note/gross_minor"), rest.field("/invoice/balance_minor")),
        ("84000".into(), "0".into())
    );
}

#[tokio::test]
async fn a_credit_beyond_what_is_unpaid_is_owed_to_the_client() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let payment = json!({ "amount": "1000", "paid_on": "2026-11-22" });
    app.program().post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(201);
    let credited = credit(&app, &id, json!({ "reason": "Retour" })).await.expect(201);
    assert_eq!(credited.field("/invoice/balance_minor"), "-100000");
    let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(page.contains("Trop-perçu"));
}

#[tokio::test]
async fn a_draft_and_another_tenants_invoice_are_not_credited() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let draft = app.program().post("/api/v1/invoices", &crate::invoice(&client)).await.expect(201).field("/id");
    let refused = credit(&app, &draft, json!({ "reason": "Erreur" })).await.expect(409);
    assert_eq!(refused.field("/code"), "not_issued");
    let id = issued(&app, &app.program()).await;
    let stranger = app.stranger();
    stranger.post(&format!("/api/v1/invoices/{id}/credit-notes"), &json!({ "reason": "x" })).await.expect(404);
    let note = credit(&app, &id, json!({ "reason": "Erreur" })).await.expect(201).field("/credit_note/id");
    for path in ["/api/v1/credit-notes/{id}", "/api/v1/credit-notes/{id}/document", "/facturation/avoirs/{id}"] {
        stranger.get(&path.replace("{id}", &note)).await.expect(404);
    }
}

#[tokio::test]
async fn credited_twice_at_once_and_twice_with_one_key_it_is_credited_once() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let path = format!("/api/v1/invoices/{id}/credit-notes");
    let programs: Vec<_> = (0..4).map(|at| app.program().idempotency_key(&format!("credit-{at}"))).collect();
    let body = json!({ "reason": "Erreur" });
    let replies = join_all(programs.iter().map(|program| program.post(&path, &body))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    let done = replies.iter().position(|reply| reply.status == 201).unwrap();
    let again = programs[done].post(&path, &body).await.expect(201);
    assert_eq!(again.json(), replies[done].json());
    let notes = app.program().get("/api/v1/credit-notes").await.expect(200).json();
    assert_eq!(notes["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_form_credits_a_part_and_tells_what_is_wrong() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let owner = app.owner();
    let path = format!("/facturation/factures/{id}/avoir");
    let form = owner.get(&path).await.expect(200).text();
    assert!(form.contains("1\u{202f}200,00\u{a0}€") && form.contains("Émettre l’avoir"));
    let nothing = [("reason", "Erreur"), ("extent", "part"), ("line_quantity", ""), ("line_amount", "")];
    assert!(owner.form(&path, &nothing).await.expect(422).text().contains("Ce champ est obligatoire"));
    let beyond = [("reason", "Erreur"), ("extent", "part"), ("line_quantity", "2"), ("line_amount", "")];
    assert!(owner.form(&path, &beyond).await.expect(422).text().contains("entre 0,0001 et 1"));
    let half = [("reason", "Erreur"), ("extent", "part"), ("line_quantity", "0,5"), ("line_amount", "")];
    let done = owner.form(&path, &half).await.expect(303);
    let note = owner.get(done.header("location").unwrap()).await.expect(200).text();
    assert!(note.contains("AV-2026-0001") && note.contains("600,00"));
    assert!(owner.get("/facturation/avoirs").await.expect(200).text().contains("AV-2026-0001"));
}
