//! Statements of the bank: imported once, matched in one act, opened again.

use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, issued};

async fn import(program: &Client, media_type: &str, file: &[u8], account: &str) -> testkit::Reply {
    let announced = json!({ "media_type": media_type, "bytes": file.len() });
    let link = program.post("/api/v1/bank-lines/uploads", &announced).await.expect(201);
    assert_eq!(testkit::send_file(&link.json(), file.to_vec()).await, 200);
    let input = json!({ "upload_id": link.field("/id"), "account": account });
    program.post("/api/v1/bank-lines/import", &input).await
}

async fn csv(program: &Client, rows: &str) -> (String, String) {
    let file = format!("Date;Libelle;Montant\n{rows}");
    let told = import(program, "text/csv", file.as_bytes(), "Compte").await.expect(200);
    (told.field("/imported"), told.field("/known"))
}

async fn lines(program: &Client, state: &str) -> Vec<Value> {
    let found = program.get(&format!("/api/v1/bank-lines?state={state}&limit=100")).await.expect(200).json();
    found["items"].as_array().unwrap().clone()
}

fn id(line: &Value) -> String {
    line["id"].as_str().unwrap().into()
}

async fn balance(program: &Client, invoice: &str) -> String {
    program.get(&format!("/api/v1/invoices/{invoice}")).await.expect(200).field("/balance_minor")
}

#[tokio::test]
async fn a_statement_brings_each_line_once_however_often_it_comes() {
    let app = app().await;
    let program = app.program();
    let first = "20/11/2026;VIR A;10,00\n20/11/2026;VIR A;10,00\n21/11/2026;FRAIS;-3,00\n";
    assert_eq!(csv(&program, first).await, ("3".into(), "0".into()));
    let second = format!("{first}22/11/2026;VIR B;7,00\n");
    assert_eq!(csv(&program, &second).await, ("1".into(), "3".into()));
    let all = lines(&program, "open").await;
    assert_eq!(all.iter().map(|line| line["label"].as_str().unwrap()).collect::<Vec<_>>()[0], "VIR B");
    // Two imports of one file at once.
    let many: String = (0..200).map(|n| format!("19/11/2026;VIR {n};1,00\n")).collect();
    let told = join_all([csv(&program, &many), csv(&program, &many)]).await;
    assert_eq!(told.iter().map(|(new, _)| new.parse::<usize>().unwrap()).sum::<usize>(), 200);
    assert!(app.stranger().get(&format!("/api/v1/bank-lines/{}", id(&all[0]))).await.status == 404);
    assert_eq!(lines(&app.stranger(), "open").await, Vec::<Value>::new());
    program.get("/api/v1/bank-lines?state=x").await.expect(400);
}

#[tokio::test]
async fn what_is_no_statement_is_refused_and_unknown_columns_are_asked_for() {
    let app = app().await;
    let program = app.program();
    let bomb = br#"<!DOCTYPE a [<!ENTITY b "bb">]><Document>&b;</Document>"#;
    let refused = import(&program, "text/xml", bomb, "").await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    let announced = json!({ "media_type": "application/pdf", "bytes": 3_000_000 });
    let refused = program.post("/api/v1/bank-lines/uploads", &announced).await.expect(422);
    assert_eq!(refused.violations(), ["/media_type", "/bytes"]);
    let none = json!({ "upload_id": "upl_00000000000000000000000000", "account": "Compte" });
    assert_eq!(program.post("/api/v1/bank-lines/import", &none).await.expect(422).violations(), ["/upload_id"]);
    let nameless = import(&program, "text/csv", b"Date;Libelle;Montant\n20/11/2026;A;1\n", " ").await.expect(422);
    assert_eq!(nameless.violations(), ["/account"]);

    let file = b"20/11/2026;CLIENT;EUR;12,00\n";
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let link = program.post("/api/v1/bank-lines/uploads", &announced).await.expect(201);
    assert_eq!(testkit::send_file(&link.json(), file.to_vec()).await, 200);
    let mut input = json!({ "upload_id": link.field("/id"), "account": "Compte" });
    let asked = program.post("/api/v1/bank-lines/import", &input).await.expect(200);
    assert_eq!(asked.json()["unknown_columns"], json!(["20/11/2026", "CLIENT", "EUR", "12,00"]));
    // Another's file is none.
    app.stranger().post("/api/v1/bank-lines/import", &input).await.expect(422);
    for (name, column) in [("date", "1"), ("label", "2"), ("amount", "4")] {
        input[name] = json!(column);
    }
    assert_eq!(program.post("/api/v1/bank-lines/import", &input).await.expect(200).field("/imported"), "1");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_by_its_number() {
    let app = app().await;
    let file = b"Date;Libelle;Montant\n20/11/2026;VIR A;10,00\nhier;VIR B;12,00\n\n21/11/2026;VIR C;x\n";
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let link = app.program().post("/api/v1/bank-lines/uploads", &announced).await.expect(201);
    assert_eq!(testkit::send_file(&link.json(), file.to_vec()).await, 200);
    let upload = link.field("/id");
    let fields = [("upload_id", upload.as_str()), ("account", "Compte")];
    let owner = app.owner();
    let told = owner.header("hx-request", "true").form("/facturation/banque/import", &fields).await.expect(200).text();
    assert!(told.contains("1 ligne importée, 2 lignes illisibles (lignes 3, 5)."), "{told}");
}

#[tokio::test]
async fn a_line_that_names_its_invoice_settles_it_and_opens_again_with_its_receipt() {
    let app = app().await;
    let program = app.program();
    let invoice = issued(&app, &program).await;
    csv(&program, "20/11/2026;VIR SEPA CLIENT FAC-2026-0001;1200,00\n").await;
    let line = id(&lines(&program, "open").await[0]);
    let shown = program.get(&format!("/api/v1/bank-lines/{line}")).await.expect(200).json();
    let suggestion = &shown["suggestions"][0];
    assert_eq!((suggestion["why"].as_str(), suggestion["excess_minor"].as_i64()), (Some("number_and_amount"), Some(0)));
    let body = json!({ "parts": suggestion["parts"].as_array().unwrap().iter().map(|part| {
        json!({ "invoice_id": part["invoice_id"], "amount": part["amount"] })
    }).collect::<Vec<_>>() });
    let path = format!("/api/v1/bank-lines/{line}/match");
    app.stranger().post(&path, &body).await.expect(404);
    // Two at once: one settles.
    let (one, other) = tokio::join!(program.post(&path, &body), program.post(&path, &body));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(balance(&program, &invoice).await, "0");
    let matched = lines(&program, "matched").await;
    let receipt = matched[0]["receipt_id"].as_str().unwrap().to_owned();
    let shown = program.get(&format!("/api/v1/receipts/{receipt}")).await.expect(200).json();
    assert_eq!((&shown["bank_line_id"], shown["method"].as_str()), (&json!(line), Some("bank_transfer")));
    assert_eq!(shown["reference"], "VIR SEPA CLIENT FAC-2026-0001");

    let path = format!("/api/v1/receipts/{receipt}/reversal");
    let mut back = json!({ "reason": "Erreur", "invoice_ids": [invoice] });
    assert_eq!(program.post(&path, &back).await.expect(422).violations(), ["/bank_line_id"]);
    back["bank_line_id"] = json!(line);
    program.post(&path, &back).await.expect(201);
    assert_eq!(balance(&program, &invoice).await, "120000");
    assert_eq!(id(&lines(&program, "open").await[0]), line);
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");
}

#[tokio::test]
async fn a_line_that_went_gives_a_credit_back() {
    let app = app().await;
    let program = app.program();
    let invoice = issued(&app, &program).await;
    let paid = json!({ "amount": "1250", "paid_on": "2026-11-20", "allow_overpayment": "true" });
    program.post(&format!("/api/v1/invoices/{invoice}/payments"), &paid).await.expect(201);
    csv(&program, "21/11/2026;REMB FAC-2026-0001;-50,00\n21/11/2026;REMB AUTRE;-60,00\n").await;
    let open = lines(&program, "open").await;
    let of = |amount: i64| id(open.iter().find(|line| line["amount_minor"] == json!(amount)).unwrap());
    let body = |amount: &str| json!({ "parts": [{ "invoice_id": invoice, "amount": amount }] });
    let too_much = program.post(&format!("/api/v1/bank-lines/{}/match", of(-6_000)), &body("60")).await;
    assert_eq!(too_much.expect(422).violations(), ["/parts/0/amount"]);
    let too_little = program.post(&format!("/api/v1/bank-lines/{}/match", of(-5_000)), &body("40")).await;
    assert_eq!(too_little.expect(422).violations(), ["/amount"]);
    let refunded = program.post(&format!("/api/v1/bank-lines/{}/match", of(-5_000)), &body("50")).await.expect(201);
    assert_eq!((refunded.field("/kind"), balance(&program, &invoice).await), ("refunded".into(), "0".into()));
    let back = json!({ "reason": "Virement revenu", "invoice_ids": [invoice], "bank_line_id": of(-5_000) });
    program.post(&format!("/api/v1/receipts/{}/reversal", refunded.field("/id")), &back).await.expect(201);
    assert_eq!(balance(&program, &invoice).await, "-5000");
}

#[tokio::test]
async fn the_page_matches_sets_aside_and_opens_again() {
    let app = app().await;
    let program = app.program();
    let invoice = issued(&app, &program).await;
    csv(&program, "20/11/2026;VIR SEPA CLIENT FAC-2026-0001;1300,00\n21/11/2026;FRAIS;-3,00\n").await;
    let owner = app.owner();
    let page = owner.get("/facturation/banque").await.expect(200).text();
    assert!(page.contains("Numéro cité, autre montant") && page.contains("au crédit du client"));
    let open = lines(&program, "open").await;
    let of = |came: bool| id(open.iter().find(|line| (line["amount_minor"].as_i64() > Some(0)) == came).unwrap());
    let fee = format!("/facturation/banque/{}", of(false));
    owner.form(&format!("{fee}/ignorer"), &[("_version", "1")]).await.expect(303);
    owner.form(&format!("{fee}/ignorer"), &[]).await.expect(409);
    assert!(owner.get("/facturation/banque?etat=ignored").await.text().contains("FRAIS"));
    owner.form(&format!("{fee}/rouvrir"), &[]).await.expect(303);
    let line = format!("/facturation/banque/{}", of(true));
    let page = owner.get(&line).await.expect(200).text();
    assert!(page.contains(r#"value="1200,00""#), "the client is guessed and the split proposed");
    let fields = [("part_invoice", invoice.as_str()), ("part_amount", "1200,00"), ("client", "")];
    let refused = owner.form(&format!("{line}/rapprocher"), &fields).await.expect(422);
    assert!(refused.text().contains("à répartir"));
    let fields = [("part_invoice", invoice.as_str()), ("part_amount", "1200,00"), ("keep_excess", "true")];
    owner.form(&format!("{line}/rapprocher"), &fields).await.expect(303);
    assert_eq!(balance(&program, &invoice).await, "-10000");
    let reader = app.with_role(kernel::permission::Role::Reader);
    assert!(!reader.get("/facturation/banque").await.expect(200).text().contains("Mettre de côté"));
}

#[tokio::test]
async fn a_file_of_many_lines_is_kept_in_steps() {
    let app: App = app().await;
    let program = app.program();
    let many: String = (0..1_000).map(|n| format!("19/11/2026;VIR {n};{n},50\n")).collect();
    assert_eq!(csv(&program, &many).await, ("1000".into(), "0".into()));
    assert_eq!(csv(&program, &many).await, ("0".into(), "1000".into()));
}
