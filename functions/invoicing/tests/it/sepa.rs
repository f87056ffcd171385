//! Direct debits: mandates whose IBANs nobody reads, remittances that hold their invoices, and what the bank sends back.

use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, invoice};

const IBAN: &str = "FR7630006000011234567890189";

/// A client with a mandate and two issued invoices of 1 200.00 €.
async fn ready(app: &App, program: &Client) -> (String, String, Vec<String>) {
    let client = app.publish_client("Client SA").await.id.to_string();
    let creditor = json!({ "creditor_id": "FR72ZZZ123456" });
    program.put("/api/v1/sepa-creditor", &creditor).await.expect(200);
    let mandate = program.post("/api/v1/mandates", &mandate(&client)).await.expect(201).field("/id");
    let mut invoices = Vec::new();
    for _ in 0..2 {
        let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
        program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
        invoices.push(id);
    }
    (client, mandate, invoices)
}

fn mandate(client: &str) -> Value {
    json!({ "client_id": client, "iban": "FR76 3000 6000 0112 3456 7890 189", "signed_on": "2026-11-01",
            "scheme": "core", "reference": "RUM-7" })
}

fn remittance(lines: &[(&str, &str)]) -> Value {
    let lines: Vec<_> =
        lines.iter().map(|(invoice, mandate)| json!({ "invoice_id": invoice, "mandate_id": mandate })).collect();
    json!({ "debit_on": "2026-11-27", "lines": lines })
}

async fn balance(program: &Client, invoice: &str) -> String {
    program.get(&format!("/api/v1/invoices/{invoice}")).await.expect(200).field("/balance_minor")
}

#[tokio::test]
async fn what_is_due_is_debited_confirmed_and_sent_back() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    let lines = [(ids[0].as_str(), mandate.as_str()), (ids[1].as_str(), mandate.as_str())];
    let made = program.post("/api/v1/remittances", &remittance(&lines)).await.expect(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    let sequences: Vec<_> = made["lines"].as_array().unwrap().iter().map(|line| line["sequence"].clone()).collect();
    assert_eq!(sequences, ["first", "recurrent"]);
    let shown = program.get(&format!("/api/v1/invoices/{}", ids[0])).await;
    assert_eq!(shown.field("/debit_on"), "2026-11-27");
    let page = app.owner().get(&format!("/facturation/factures/{}", ids[0])).await.expect(200).text();
    assert!(page.contains("Prélèvement prévu"));
    // Nobody debits it twice.
    let again = program.post("/api/v1/remittances", &remittance(&lines[..1])).await.expect(422);
    assert_eq!(again.violations(), ["/lines/0/invoice_id"]);

    let file = program.get(&format!("/api/v1/remittances/{id}/file")).await.expect(200);
    assert!(
        file.text().contains(&format!("<IBAN>{IBAN}</IBAN>")) && file.text().contains("<CtrlSum>2400.00</CtrlSum>")
    );
    assert_eq!(file.header("content-type"), Some("application/xml; charset=utf-8"));
    let newer = program.get(&format!("/api/v1/remittances/{id}/file?version=08")).await.expect(200);
    assert!(newer.text().contains("pain.008.001.08"));
    program.get(&format!("/api/v1/remittances/{id}/file?version=1")).await.expect(400);
    app.stranger().get(&format!("/api/v1/remittances/{id}/file")).await.expect(404);

    let confirm = format!("/api/v1/remittances/{id}/confirm");
    let body = json!({ "invoice_ids": ids });
    assert_eq!(program.post(&confirm, &body).await.expect(409).field("/code"), "remittance_too_early");
    app.advance(SignedDuration::from_hours(5 * 24));
    let wrong = json!({ "invoice_ids": [ids[1], ids[0]] });
    assert_eq!(program.post(&confirm, &wrong).await.expect(422).violations(), ["/invoice_ids"]);
    let (one, other) = tokio::join!(program.post(&confirm, &body), program.post(&confirm, &body));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let paid = program.get(&format!("/api/v1/invoices/{}", ids[0])).await;
    assert_eq!((paid.field("/payment_status"), paid.field("/debit_on")), ("paid".into(), "null".into()));
    let payments = program.get(&format!("/api/v1/invoices/{}/payments", ids[0])).await.json();
    assert_eq!(payments["items"][0]["method"], "direct_debit");

    let reject = format!("/api/v1/remittances/{id}/reject");
    let rejection = json!({ "invoice_id": ids[0], "line": 1, "reason": "AM04" });
    for (field, value, told) in [
        ("reason", json!("XX99"), "/reason"),
        ("line", json!(2), "/invoice_id"),
        ("line", json!(0), "/line"),
        ("invoice_id", json!("x"), "/invoice_id"),
    ] {
        let mut body = rejection.clone();
        body[field] = value;
        assert_eq!(program.post(&reject, &body).await.expect(422).violations(), [told]);
    }
    app.stranger().post(&reject, &rejection).await.expect(404);
    program.post(&reject, &rejection).await.expect(200);
    program.post(&reject, &rejection).await.expect(409);
    assert_eq!((balance(&program, &ids[0]).await, balance(&program, &ids[1]).await), ("120000".into(), "0".into()));
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");
}

#[tokio::test]
async fn an_iban_is_sealed_and_told_to_nobody() {
    let app = app().await;
    let program = app.program();
    let (client, ..) = ready(&app, &program).await;
    let listed = program.get("/api/v1/mandates").await.expect(200);
    assert_eq!(listed.field("/items/0/iban"), "FR•• •••• 0189");
    let page = app.owner().get("/facturation/prelevements").await.expect(200);
    for told in [listed.text(), page.text(), app.written_under("MANDATE"), app.written_under("AUDIT")] {
        assert!(!told.contains(IBAN) && !told.contains("1234567890189"), "{told}");
    }
    let owner = app.owner();
    let fields = [("client_id", client.as_str()), ("iban", "FR7630006000011234567890188"), ("scheme", "core")];
    let refused = owner.form("/facturation/mandats/nouveau", &fields).await.expect(422);
    assert!(refused.text().contains("IBAN n’est pas valide") && !refused.text().contains("0188"));
}

#[tokio::test]
async fn what_cannot_be_debited_is_told_field_by_field() {
    let app = app().await;
    let program = app.program();
    let (client, mandate_id, ids) = ready(&app, &program).await;
    let other = app.publish_client("Autre SARL").await.id.to_string();
    for (field, value) in [
        ("iban", json!("FR76")),
        ("bic", json!("X")),
        ("signed_on", json!("2026-11-23")),
        ("scheme", json!("x")),
        ("reference", json!("a b")),
        ("client_id", json!("com_00000000000000000000000000")),
    ] {
        let mut body = mandate(&client);
        body[field] = value;
        let refused = program.post("/api/v1/mandates", &body).await.expect(422);
        assert_eq!(refused.violations(), [format!("/{field}")]);
    }
    for wrong in ["", "FR72ZZZ12345", "FR73ZZZ123456", "FR76"] {
        let body = json!({ "creditor_id": wrong });
        assert_eq!(program.put("/api/v1/sepa-creditor", &body).await.expect(422).violations(), ["/creditor_id"]);
    }
    let theirs = program.post("/api/v1/mandates", &mandate(&other)).await.expect(201).field("/id");
    let (invoice, own) = (ids[0].as_str(), mandate_id.as_str());
    let unknown = "inv_00000000000000000000000000";
    for (lines, told) in [
        (vec![], "/lines"),
        (vec![(invoice, theirs.as_str())], "/lines/0/mandate_id"),
        (vec![(unknown, own)], "/lines/0/invoice_id"),
        (vec![(invoice, own), (invoice, own)], "/lines/1/invoice_id"),
        (vec![(invoice, "x")], "/lines/0/mandate_id"),
    ] {
        let refused = program.post("/api/v1/remittances", &remittance(&lines)).await.expect(422);
        assert_eq!(refused.violations(), [told]);
    }
    // Too early, on a Saturday, on Christmas Day.
    for on in ["2026-11-23", "2026-11-28", "2026-12-25"] {
        let mut body = remittance(&[(invoice, own)]);
        body["debit_on"] = json!(on);
        assert_eq!(program.post("/api/v1/remittances", &body).await.expect(422).violations(), ["/debit_on"], "{on}");
    }
    program.post(&format!("/api/v1/mandates/{own}/revoke"), &json!({})).await.expect(200);
    program.post(&format!("/api/v1/mandates/{own}/revoke"), &json!({})).await.expect(200);
    app.stranger().post(&format!("/api/v1/mandates/{own}/revoke"), &json!({})).await.expect(404);
    let revoked = program.post("/api/v1/remittances", &remittance(&[(invoice, own)])).await.expect(422);
    assert_eq!(revoked.violations(), ["/lines/0/mandate_id"]);
}

#[tokio::test]
async fn a_remittance_that_is_not_sent_leaves_things_as_they_were() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    let lines = [(ids[0].as_str(), mandate.as_str()), (ids[1].as_str(), mandate.as_str())];
    let id = program.post("/api/v1/remittances", &remittance(&lines)).await.expect(201).field("/id");
    // One was sent back before.
    let rejection = json!({ "invoice_id": ids[1], "line": 2, "reason": "AC04" });
    program.post(&format!("/api/v1/remittances/{id}/reject"), &rejection).await.expect(200);
    assert_eq!(program.get(&format!("/api/v1/invoices/{}", ids[1])).await.field("/debit_on"), "null");
    let cancel = format!("/api/v1/remittances/{id}/cancel");
    let body = json!({ "invoice_ids": [ids[0]], "mandate_ids": [mandate] });
    program.post(&cancel, &body).await.expect(200);
    program.post(&cancel, &body).await.expect(409);
    program.get(&format!("/api/v1/remittances/{id}/file")).await.expect(409);
    let made = program.post("/api/v1/remittances", &remittance(&lines)).await.expect(201).json();
    assert_eq!(made["lines"][0]["sequence"], "first");
}

#[tokio::test]
async fn the_pages_lead_from_a_mandate_to_money_and_show_a_code_for_transfers() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    let owner = app.owner();
    let page = owner.get(&format!("/facturation/factures/{}", ids[0])).await.expect(200).text();
    assert!(page.contains("Virement par QR code") && page.contains("<svg"));
    let page = owner.get("/facturation/prelevements").await.expect(200).text();
    assert!(page.contains("RUM-7") && page.contains(&format!("{}/{mandate}", ids[0])));
    let debit = format!("{}/{mandate}", ids[0]);
    let refused = owner.form("/facturation/prelevements", &[("debit_on", "2026-11-22"), ("debit", &debit)]).await;
    assert!(refused.expect(422).text().contains("ne peut pas précéder"));
    let fields = [("_key", "once"), ("debit_on", "2026-11-27"), ("debit", debit.as_str())];
    let (first, second) = tokio::join!(
        owner.form("/facturation/prelevements", &fields),
        owner.form("/facturation/prelevements", &fields)
    );
    let (first, second) = (first.expect(303), second.expect(303));
    assert_eq!(first.header("location"), second.header("location"));
    let path = first.header("location").unwrap().to_owned();
    assert!(owner.get(&path).await.expect(200).text().contains("Fichier SEPA"));
    app.advance(SignedDuration::from_hours(6 * 24));
    owner.form(&format!("{path}/confirmer"), &[("invoice", &ids[0])]).await.expect(303);
    assert_eq!(balance(&program, &ids[0]).await, "0");
    let over = json!({ "amount": "50", "paid_on": "2026-11-22", "allow_overpayment": "true" });
    program.post(&format!("/api/v1/invoices/{}/payments", ids[0]), &over).await.expect(409);
    let twice = json!({ "amount": "50", "paid_on": "2026-11-22", "method": "bank_transfer", "keep_excess": "true",
                        "parts": [{ "invoice_id": ids[0], "amount": "0" }] });
    program.post("/api/v1/receipts", &twice).await.expect(201);
    let file = owner.form(&format!("/facturation/factures/{}/virement", ids[0]), &[("iban", IBAN)]).await.expect(200);
    assert!(file.text().contains("pain.001.001.03") && file.text().contains("<CtrlSum>50.00</CtrlSum>"));
    owner.form(&format!("/facturation/factures/{}/virement", ids[0]), &[("iban", "x")]).await.expect(422);
}
