//! Direct debits: mandates whose IBANs nobody reads, remittances that hold their invoices, and what the bank sends back; and
//! refunds by transfer. Files are checked against their schemas where `shared/documents/checks/install.sh` installed them.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use jiff::SignedDuration;
use kernel::Permission::{CrmView, InvoicingView};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};

use crate::{app, invoice};

/// Of a client; our organization has another.
const IBAN: &str = "DE89370400440532013000";

/// A client with a mandate and two issued invoices of 1 200.00 €.
async fn ready(app: &App, program: &Client) -> (String, String, Vec<String>) {
    let client = app.publish_client("Client SA").await.id.to_string();
    let creditor = json!({ "creditor_id": "FR72ZZZ123456", "notice_days": "2" });
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
    json!({ "client_id": client, "iban": "DE89 3704 0044 0532 0130 00", "signed_on": "2026-11-01",
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
    app.advance(SignedDuration::from_mins(10));
    let again = program.get(&format!("/api/v1/remittances/{id}/file")).await.expect(200);
    assert_eq!(again.text(), file.text());
    let newer = program.get(&format!("/api/v1/remittances/{id}/file?version=08")).await.expect(200);
    assert!(newer.text().contains("pain.008.001.08"));
    for file in [file.text(), newer.text()] {
        must_fit_its_schema(&file);
    }
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
async fn a_client_that_is_not_for_these_eyes_is_named_without_a_link() {
    let app = app().await;
    let program = app.program();
    let (client, mandate, _) = ready(&app, &program).await;
    let (_, salesperson) = app.with_new_member(own_records([InvoicingView, CrmView])).await;
    let link = format!("/crm/entreprises/{client}");
    for path in ["/facturation/prelevements".to_owned(), format!("/facturation/mandats/{mandate}")] {
        assert!(app.owner().get(&path).await.expect(200).text().contains(&link), "{path}");
        let page = salesperson.get(&path).await.expect(200);
        assert!(page.round_trips() <= Some(2), "{path}");
        assert!(page.text().contains("Client SA") && !page.text().contains(&link), "{path}");
    }
}

#[tokio::test]
async fn an_iban_is_sealed_and_told_to_nobody() {
    let app = app().await;
    let program = app.program();
    let (client, ..) = ready(&app, &program).await;
    let listed = program.get("/api/v1/mandates").await.expect(200);
    assert_eq!(listed.field("/items/0/iban"), "DE•• •••• 3000");
    let page = app.owner().get("/facturation/prelevements").await.expect(200);
    for told in [listed.text(), page.text(), app.written_under("MANDATE"), app.written_under("AUDIT")] {
        assert!(!told.contains(IBAN) && !told.contains("70400440532013000"), "{told}");
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
    for wrong in ["0", "61", "x"] {
        let body = json!({ "creditor_id": "FR72ZZZ123456", "notice_days": wrong });
        assert_eq!(program.put("/api/v1/sepa-creditor", &body).await.expect(422).violations(), ["/notice_days"]);
    }
    // A reference is one mandate's, in whichever case it is typed.
    let mut again = mandate(&client);
    again["reference"] = json!("rum-7");
    assert_eq!(program.post("/api/v1/mandates", &again).await.expect(422).violations(), ["/reference"]);
    let mut of_other = mandate(&other);
    of_other["reference"] = json!("");
    let theirs = program.post("/api/v1/mandates", &of_other).await.expect(201).field("/id");
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
async fn the_pages_lead_from_a_mandate_to_money() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    let owner = app.owner();
    let page = owner.get("/facturation/prelevements").await.expect(200).text();
    assert!(page.contains("RUM-7") && page.contains(&format!("{}/{mandate}", ids[0])));
    let debit = format!("{}/{mandate}", ids[0]);
    // What is ticked is debited once it is due, and who says an earlier day is told.
    let ticked = owner.get(&format!("/facturation/prelevements?debit={debit}")).await.expect(200).text();
    assert!(ticked.contains("value=\"2026-12-22\"") && !ticked.contains("serait prélevée"), "{ticked}");
    let early = format!("/facturation/prelevements?debit={debit}&debit_on=2026-11-27");
    assert!(owner.get(&early).await.expect(200).text().contains("Une facture cochée serait prélevée avant"));
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
}

#[tokio::test]
async fn a_client_is_told_in_time_of_what_is_debited() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    // Where nothing else was agreed: fourteen days, which end on a Sunday.
    program.put("/api/v1/sepa-creditor", &json!({ "creditor_id": "FR72ZZZ123456" })).await.expect(200);
    assert_eq!(program.get("/api/v1/sepa-creditor").await.field("/notice_days"), "14");
    let mut body = remittance(&[(&ids[0], &mandate)]);
    for (on, status) in [("2026-12-04", 422), ("2026-12-07", 201)] {
        body["debit_on"] = json!(on);
        program.post("/api/v1/remittances", &body).await.expect(status);
    }
    let mails: Vec<_> = app.items().into_iter().filter(|item| item["type"]["S"] == "mail").collect();
    let told = mails.iter().filter(|mail| mail.to_string().contains("RUM-7")).collect::<Vec<_>>();
    assert_eq!(told.len(), 1);
    let told = told[0].to_string();
    for words in ["7\u{a0}décembre\u{a0}2026", "1\u{202f}200,00", "FR72ZZZ123456", "DE•• •••• 3000", "huit semaines"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains(IBAN));
    // Who has no address is to be told by hand.
    let mut silent = app.publish_client("Sans adresse").await;
    silent.email = None;
    app.republish_client(&silent).await;
    let client = silent.id.to_string();
    let invoice = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    let mut theirs = self::mandate(&client);
    theirs["reference"] = json!("RUM-8");
    let theirs = program.post("/api/v1/mandates", &theirs).await.expect(201).field("/id");
    let mut body = remittance(&[(&invoice, &theirs)]);
    body["debit_on"] = json!("2026-12-07");
    let made = program.post("/api/v1/remittances", &body).await.expect(201);
    assert_eq!(made.field("/lines/0/is_announced"), "false");
    let page = app.owner().get(&format!("/facturation/prelevements/{}", made.field("/id"))).await.expect(200).text();
    assert!(page.contains("prévenez-les vous-même"));
}

#[tokio::test]
async fn of_two_remittances_of_an_invoice_one_wins() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    let body = remittance(&[(&ids[0], &mandate)]);
    let (one, other) =
        tokio::join!(program.post("/api/v1/remittances", &body), program.post("/api/v1/remittances", &body));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
    let listed = program.get("/api/v1/remittances").await.expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    for path in [format!("/api/v1/remittances/{id}"), format!("/api/v1/mandates/{mandate}")] {
        program.get(&path).await.expect(200);
        app.stranger().get(&path).await.expect(404);
    }
    for path in [format!("/facturation/prelevements/{id}"), format!("/facturation/mandats/{mandate}")] {
        app.owner().get(&path).await.expect(200);
        app.stranger().get(&path).await.expect(404);
    }
    let input = json!({ "invoice_ids": [ids[0]], "mandate_ids": [mandate] });
    for act in ["confirm", "cancel"] {
        app.stranger().post(&format!("/api/v1/remittances/{id}/{act}"), &input).await.expect(404);
    }
}

#[tokio::test]
async fn after_its_last_debit_a_mandate_serves_no_more() {
    let app = app().await;
    let program = app.program();
    let (_, mandate, ids) = ready(&app, &program).await;
    let mut body = remittance(&[(&ids[0], &mandate), (&ids[1], &mandate)]);
    body["lines"][1]["is_last"] = json!("true");
    let made = program.post("/api/v1/remittances", &body).await.expect(201);
    assert_eq!(made.field("/lines/1/sequence"), "final");
    let file = program.get(&format!("/api/v1/remittances/{}/file", made.field("/id"))).await.expect(200).text();
    assert!(file.contains("<SeqTp>FRST</SeqTp>") && file.contains("<SeqTp>FNAL</SeqTp>"));
    must_fit_its_schema(&file);
    let page = app.owner().get(&format!("/facturation/mandats/{mandate}")).await.expect(200).text();
    assert!(page.contains("Terminé"));
}

#[tokio::test]
async fn a_mandate_is_printed_to_be_signed() {
    let app = app().await;
    let program = app.program();
    let (client, ..) = ready(&app, &program).await;
    let path = format!("/facturation/mandats/a-signer?client={client}");
    let page = app.owner().get(&path).await.expect(200).text();
    for words in ["FR72ZZZ123456", "Client SA", "12 rue des Lilas", "huit semaines", "RUM-"] {
        assert!(page.contains(words), "{words}");
    }
    let page = app.owner().get(&format!("{path}&scheme=b2b")).await.expect(200).text();
    assert!(page.contains("entre professionnels") && !page.contains("huit semaines"));
    app.stranger().get(&path).await.expect(404);
}

#[tokio::test]
async fn a_refund_by_transfer_is_recorded_once_and_its_file_is_the_same_each_time() {
    let app = app().await;
    let program = app.program();
    let (_, _, ids) = ready(&app, &program).await;
    let invoice = &ids[0];
    let over = json!({ "amount": "1250", "paid_on": "2026-11-22", "allow_overpayment": "true" });
    program.post(&format!("/api/v1/invoices/{invoice}/payments"), &over).await.expect(201);
    let path = format!("/api/v1/invoices/{invoice}/refund-transfers");
    let to = json!({ "iban": IBAN, "beneficiary": "Hélène & Cie" });
    for (field, value) in [("iban", "FR76"), ("bic", "X"), ("amount", "50,001")] {
        let mut body = to.clone();
        body[field] = json!(value);
        let refused = program.post(&path, &body).await.expect(422);
        assert_eq!(refused.violations(), [format!("/{field}")]);
    }
    app.stranger().post(&path, &to).await.expect(404);
    let (one, other) = tokio::join!(program.post(&path, &to), program.post(&path, &to));
    let (made, refused) = if one.status == 201 { (one, other) } else { (other, one) };
    assert_eq!(refused.expect(409).field("/code"), "nothing_to_refund");
    let refund = made.expect(201).field("/payment/id");
    assert_eq!(balance(&program, invoice).await, "0");

    let file = format!("{path}/{refund}/file");
    let first = program.get(&file).await.expect(200).text();
    app.advance(SignedDuration::from_hours(30));
    assert_eq!(program.get(&file).await.expect(200).text(), first);
    assert!(first.contains("<CtrlSum>50.00</CtrlSum>") && first.contains(&format!("<IBAN>{IBAN}</IBAN>")));
    assert!(first.contains("<Nm>HELENE + CIE</Nm>"));
    let newer = program.get(&format!("{file}?version=09")).await.expect(200).text();
    for file in [&first, &newer] {
        must_fit_its_schema(file);
    }
    app.stranger().get(&file).await.expect(404);
    let page = app.owner().get(&format!("/facturation/factures/{invoice}")).await.expect(200).text();
    assert!(page.contains("Fichier du virement") && !page.contains(IBAN));
    for told in [app.written_under("TRANSFER"), app.written_under("AUDIT")] {
        assert!(!told.contains(IBAN) && !told.contains("70400440532013000"), "{told}");
    }
    // A transfer that came back is not to be sent again.
    let reversal = format!("/api/v1/invoices/{invoice}/payments/{refund}/reversal");
    program.post(&reversal, &json!({ "reason": "Compte clôturé" })).await.expect(201);
    program.get(&file).await.expect(409);
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");

    let owner = app.owner();
    let form = format!("/facturation/factures/{invoice}/virement");
    let refused = owner.form(&form, &[("iban", "FR7630006000011234567890188")]).await.expect(422).text();
    assert!(refused.contains("IBAN n’est pas valide") && !refused.contains("0188"));
    let fields = [("_key", "once"), ("iban", IBAN), ("amount", "20")];
    let (first, second) = tokio::join!(owner.form(&form, &fields), owner.form(&form, &fields));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(balance(&program, invoice).await, "-3000");
}

/// Says aloud where the schemas are not installed.
fn must_fit_its_schema(xml: &str) {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache =
        cache.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"))).unwrap_or_default();
    let installed = cache.join("abservice-einvoice/pain");
    if !installed.join("ready").exists() {
        eprintln!("SKIPPED: the schemas are not installed; run shared/documents/checks/install.sh");
        return;
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/checks/pain_check.py");
    let mut check = Command::new(installed.join("bin/python"));
    let mut check = check.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the check runs");
    check.stdin.take().expect("its input").write_all(xml.as_bytes()).expect("is read");
    let said = check.wait_with_output().expect("the check ends");
    assert!(said.status.success(), "{}\n{xml}", String::from_utf8_lossy(&said.stdout));
}
