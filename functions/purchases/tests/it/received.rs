//! `/api/v1/received-invoices` and its pages: what we write ourselves is dropped and seen as an expense.

#[path = "../../../../shared/documents/tests/documents/samples.rs"]
mod samples;

use kernel::{document::Snapshot, event::Event, permission::Role};
use serde_json::{Value, json};
use table::keys;
use testkit::{App, Client, Reply};

use crate::{EXPENSES, PDF, SUPPLIERS, app, events, sent};

const RECEIVED: &str = "/api/v1/received-invoices";
const UBL: &str = include_str!("invoice.xml");

async fn dropped(client: &Client, name: &str, media_type: &str, bytes: &[u8]) -> Reply {
    let upload = sent(client, &format!("{RECEIVED}/uploads"), media_type, bytes).await;
    client.post(RECEIVED, &json!({ "upload_id": upload, "name": name })).await
}

/// An invoice as our own product writes it, addressed to whom the tests are.
fn to_us(app: &App) -> Snapshot {
    let mut snapshot = samples::invoice();
    let siret = app.ours.legal.siret.clone().expect("a SIRET");
    snapshot.buyer.name = app.ours.name.clone();
    snapshot.buyer.siren = Some(siret[..9].to_owned());
    snapshot.buyer.vat_number = app.ours.legal.vat_number.clone();
    snapshot
}

/// The invoice written by hand, to us.
pub fn ubl(app: &App) -> String {
    let siret = app.ours.legal.siret.clone().expect("a SIRET");
    UBL.replace("732829320", &siret[..9])
}

#[tokio::test]
async fn a_factur_x_of_our_own_is_dropped_and_seen_as_an_expense() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let snapshot = to_us(&app);
    let pdf = documents::render(&snapshot, None).expect("a document").pdf;
    let page = owner.get("/ventes/factures-recues").await.expect(200).text();
    assert!(page.contains("Aucune facture reçue") && page.contains("data-dropzone"));
    let upload = sent(&program, &format!("{RECEIVED}/uploads"), "application/pdf", &pdf).await;
    let fields = [("upload_id", upload.as_str()), ("name", "Facture.pdf")];
    let fragment =
        owner.clone().header("hx-request", "true").form("/ventes/factures-recues", &fields).await.expect(200);
    assert!(fragment.text().contains(&snapshot.number), "{}", fragment.text());
    let list = program.get(RECEIVED).await.expect(200).json();
    let invoice = &list["items"][0];
    assert_eq!(invoice["gross_minor"], json!(snapshot.totals.gross_minor.0));
    assert_eq!(
        (&invoice["state"], &invoice["state_code"], &invoice["syntax"]),
        (&json!("received"), &json!(202), &json!("factur_x"))
    );
    let id = invoice["expense_id"].as_str().expect("an id");
    let expense = program.get(&format!("{EXPENSES}/{id}")).await.expect(200).json();
    assert_eq!(expense["gross_minor"], json!(snapshot.totals.gross_minor.0));
    assert_eq!(expense["tax_minor"], json!(snapshot.totals.tax_minor.0));
    assert_eq!((&expense["reference"], &expense["state"]), (&json!(snapshot.number), &json!("approved")));
    let supplier =
        program.get(&format!("{SUPPLIERS}/{}", expense["supplier_id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&supplier["siren"], &supplier["name"]), (&json!(snapshot.seller.siren), &json!(snapshot.seller.name)));
    // No account is believed because an invoice says it.
    assert!(supplier.get("iban_end").is_none());
    let link = program.get(&format!("{EXPENSES}/{id}/receipt")).await.expect(200);
    assert_eq!(link.field("/file_name"), "Facture.pdf");
    let kept = reqwest::get(link.field("/url")).await.expect("S3 answers").bytes().await.expect("a file");
    assert!(kept == pdf, "the file is as it came");
    let key = keys::expense_s3_key(app.ours.id, id.parse().unwrap(), upload.parse().unwrap());
    assert!(keys::outlives_organization(app.ours.id, &key));
    program.delete(&format!("{EXPENSES}/{id}")).await.expect(409);
    program.delete(&format!("{EXPENSES}/{id}/receipt")).await.expect(409);
    let page = owner.get(&format!("/ventes/factures-recues/{}", invoice["id"].as_str().unwrap())).await.expect(200);
    assert!(page.round_trips() <= Some(2) && page.text().contains("Reçue"));
    assert!(events(&app).iter().any(|event| matches!(event, Event::ReceivedInvoiceArrived { .. })));
}

#[tokio::test]
async fn the_same_number_of_the_same_seller_is_taken_in_once() {
    let app = app().await;
    let program = app.program();
    let xml = ubl(&app);
    let (one, other) = tokio::join!(
        dropped(&program, "a.xml", "text/xml", xml.as_bytes()),
        dropped(&program, "b.xml", "text/xml", xml.as_bytes())
    );
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
    // Whatever else it says, and however its number is written.
    let again = xml.replace("2026/117", "2026/117 ").replace("Papeterie Œuvre SARL", "PAPETERIE");
    dropped(&program, "c.xml", "application/xml", again.as_bytes()).await.expect(409);
    let next = xml.replace("2026/117", "2026/118");
    let second = dropped(&program, "d.xml", "application/xml", next.as_bytes()).await.expect(201).json();
    let list = program.get(RECEIVED).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(list["items"][0]["supplier_id"], list["items"][1]["supplier_id"]);
    assert_eq!(second["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        program.get(&format!("{RECEIVED}?q=pape+2026/118")).await.expect(200).json()["items"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn what_is_hostile_false_or_somebody_elses_is_refused_in_french_and_leaves_nothing() {
    let app = app().await;
    let program = app.program();
    let xml = ubl(&app);
    let laughs =
        format!("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>{}", &xml[xml.find("<Invoice").unwrap()..]);
    let deep = "<a>".repeat(1_000);
    for (bytes, told) in [
        (laughs.as_bytes(), "déclaration de type de document"),
        (deep.as_bytes(), "imbriqué trop profondément"),
        (b"<html></html>".as_slice(), "ni une facture CII"),
        (PDF, "ne contient pas les données"),
        (b"GIF89a", "n’est pas une facture électronique"),
        (&xml.as_bytes()[..900], "mal formé"),
        (xml.replace(">142.55<", ">999.99<").as_bytes(), "BR-CO-15"),
        (UBL.replace("732829320", "552100554").as_bytes(), "pas à votre entreprise"),
        (xml.replace("2026-11-02", "2099-01-01").as_bytes(), "datée du 01/01/2099"),
        (xml.replace("2026-11-02", "1999-01-01").as_bytes(), "datée du 01/01/1999"),
    ] {
        let refused = dropped(&program, "a.xml", "application/xml", bytes).await.expect(422);
        assert!(refused.text().contains("/upload_id"), "{}", refused.text());
        let upload = sent(&program, &format!("{RECEIVED}/uploads"), "application/xml", bytes).await;
        let owner = app.owner().header("hx-request", "true");
        let page =
            owner.form("/ventes/factures-recues", &[("upload_id", &upload), ("name", "a.xml")]).await.expect(422);
        assert!(page.text().contains(told), "{told}: {}", page.text());
    }
    let large = json!({ "media_type": "application/xml", "bytes": 11 * 1024 * 1024 });
    program.post(&format!("{RECEIVED}/uploads"), &large).await.expect(422);
    assert_eq!(program.get(EXPENSES).await.expect(200).json()["items"], json!([]));
    assert_eq!(program.get(SUPPLIERS).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn a_credit_note_says_what_is_to_be_received() {
    let app = app().await;
    let xml = ubl(&app).replace(">380<", ">381<").replace("2026/117", "CC-12");
    let upload = sent(&app.program(), &format!("{RECEIVED}/uploads"), "text/xml", xml.as_bytes()).await;
    let owner = app.owner().header("hx-request", "true");
    let fields = [("upload_id", upload.as_str()), ("name", "a.xml")];
    let fragment = owner.form("/ventes/factures-recues", &fields).await.expect(200).text();
    assert!(fragment.contains("Avoir CC-12 (Papeterie Œuvre SARL) reçu."), "{fragment}");
    let credit = &app.program().get(RECEIVED).await.expect(200).json()["items"][0];
    let page = app.owner().get(&format!("/ventes/factures-recues/{}", credit["id"].as_str().unwrap())).await;
    let page = page.expect(200).text();
    assert!(page.contains("Avoir CC-12") && page.contains("À recevoir"), "{page}");
    assert!(!page.contains("Facture CC-12") && !page.contains("À payer"), "{page}");
    // Nothing is paid to whom we are owed.
    assert!(page.contains("IBAN indiqué") && !page.contains("vérifiez cet IBAN"), "{page}");
    assert!(!page.contains("Confirmer l’IBAN"), "{page}");
    let path = format!("/ventes/factures-recues/{}", credit["id"].as_str().unwrap());
    app.owner().form(&format!("{path}/prendre-en-charge"), &[]).await.expect(303);
    let expense = credit["expense_id"].as_str().unwrap();
    app.program().post(&format!("{EXPENSES}/{expense}/pay"), &json!({})).await.expect(200);
    let page = app.owner().get(&path).await.expect(200).text();
    for told in ["Remboursé<", "Pris en charge<", "Reçu<", "Reçu le"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("Paiement transmis") && !page.contains("Noter l’encaissement"), "{page}");
}

#[tokio::test]
async fn an_invoice_that_was_due_before_it_was_made_out_is_not_late_at_once() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let xml = ubl(&app).replace("2026-12-02", "2020-01-01");
    let invoice = dropped(&program, "a.xml", "text/xml", xml.as_bytes()).await.expect(201).json();
    let expense = invoice["expense_id"].as_str().unwrap();
    assert_eq!(program.get(&format!("{EXPENSES}/{expense}")).await.expect(200).field("/due_on"), "2026-12-02");
    let page = owner.get(&format!("/ventes/depenses/{expense}")).await.expect(200).text();
    assert!(page.contains("À payer") && !page.contains("En retard"), "{page}");
    let page = owner.get(&format!("/ventes/factures-recues/{}", invoice["id"].as_str().unwrap())).await.expect(200);
    assert!(page.text().contains("L’échéance indiquée, le 01/01/2020, précède"), "{}", page.text());
}

#[tokio::test]
async fn what_was_paid_before_an_invoice_is_asked_for_no_more() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let payable = "<cbc:PayableAmount currencyID=\"EUR\">142.55<";
    let partly =
        "<cbc:PrepaidAmount currencyID=\"EUR\">100.00</cbc:PrepaidAmount><cbc:PayableAmount currencyID=\"EUR\">42.55<";
    let xml = ubl(&app).replace(payable, partly);
    let invoice = dropped(&program, "a.xml", "text/xml", xml.as_bytes()).await.expect(201).json();
    let path = format!("{EXPENSES}/{}", invoice["expense_id"].as_str().unwrap());
    let expense = program.get(&path).await.expect(200).json();
    assert_eq!((&expense["gross_minor"], &expense["payable_minor"]), (&json!(14_255), &json!(4_255)));
    let page = owner.get("/ventes/depenses").await.expect(200).text();
    assert!(page.contains("142,55\u{a0}€ <span") && page.contains("reste 42,55\u{a0}€"), "{page}");
    let told = events(&app);
    let facts = told.iter().find_map(|event| match event {
        Event::ExpenseRecorded { facts } => Some(facts),
        _ => None,
    });
    assert_eq!(facts.map(|facts| (facts.gross_minor.0, facts.prepaid_minor.0)), Some((14_255, 10_000)));
    // It says what is owed, and nobody else does.
    let mut other = json!({ "description": "Papier", "lines": [{ "net": "10" }], "spent_on": "2026-11-02" });
    program.put(&path, &other).await.expect(409);
    other["lines"] = json!([{ "net": "142.55" }]);
    program.put(&path, &other).await.expect(200);
    other["currency"] = json!("USD");
    program.put(&path, &other).await.expect(409);
    assert_eq!(program.get(&path).await.expect(200).json()["payable_minor"], 4_255);
}

async fn taken(app: &App) -> Value {
    dropped(&app.program(), "a.xml", "text/xml", ubl(app).as_bytes()).await.expect(201).json()
}

#[tokio::test]
async fn an_invoice_and_its_expense_go_together() {
    let app = app().await;
    let program = app.program();
    program.put("/api/v1/purchase-settings", &json!({ "approval_from": "100" })).await.expect(200);
    let invoice = taken(&app).await;
    let path = format!("{RECEIVED}/{}", invoice["id"].as_str().unwrap());
    let expense = format!("{EXPENSES}/{}", invoice["expense_id"].as_str().unwrap());
    assert_eq!(program.get(&expense).await.expect(200).field("/state"), "submitted");
    assert_eq!(program.post(&format!("{path}/take"), &json!({})).await.expect(200).json()["state_code"], json!(204));
    program.post(&format!("{path}/take"), &json!({})).await.expect(409);
    program.post(&format!("{path}/dispute"), &json!({})).await.expect(422);
    for unnamed in [json!({ "code": "QUANTITE" }), json!({ "code": "AUTRE" })] {
        program.post(&format!("{path}/dispute"), &unnamed).await.expect(422);
    }
    let why = json!({ "code": "QTE_ERR", "comment": "Dix au lieu de douze" });
    let disputed = program.post(&format!("{path}/dispute"), &why).await.expect(200).json();
    assert_eq!(disputed["state_code"], json!(207));
    let step = &disputed["steps"][2];
    assert_eq!((&step["code"], &step["reason"]), (&json!("QTE_ERR"), &json!("Dix au lieu de douze")));
    // The expense has no other door to a refusal, which would give no reason that its sender knows.
    program.post(&format!("{expense}/refuse"), &json!({ "reason": "Non" })).await.expect(409);
    let manager = app.program_of(app.user_with_role(Role::Manager)).await;
    manager.post(&format!("{path}/approve"), &json!({})).await.expect(403);
    let approved = program.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert!(approved.round_trips() <= Some(3));
    assert_eq!(program.get(&expense).await.expect(200).field("/state"), "approved");
    program.post(&format!("{expense}/pay"), &json!({})).await.expect(200);
    assert_eq!(program.get(&path).await.expect(200).json()["state_code"], json!(211));
    program.post(&format!("{path}/refuse"), &json!({ "code": "DOUBLON" })).await.expect(409);
    program.post(&format!("{path}/payment-received"), &json!({})).await.expect(200);
    program.post(&format!("{path}/payment-received"), &json!({})).await.expect(409);
    assert!(
        app.owner()
            .get(&format!("/ventes/factures-recues/{}", invoice["id"].as_str().unwrap()))
            .await
            .text()
            .contains("Encaissée")
    );
    program.post(&format!("{expense}/unpay"), &json!({})).await.expect(200);
    let states: Vec<_> = program.get(&path).await.expect(200).json()["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["state_code"].as_u64().unwrap())
        .collect();
    assert_eq!(states, [202, 204, 207, 205, 211, 212, 205]);
    // Nobody received what nobody paid; who debits has the money.
    program.post(&format!("{path}/payment-received"), &json!({})).await.expect(409);
    program.post(&format!("{expense}/pay"), &json!({ "paid_by": "direct_debit" })).await.expect(200);
    assert_eq!(program.get(&path).await.expect(200).json()["state_code"], json!(212));
}

#[tokio::test]
async fn what_is_refused_counts_no_more_and_stays_refused() {
    let app = app().await;
    let program = app.program();
    let invoice = taken(&app).await;
    let path = format!("/ventes/factures-recues/{}", invoice["id"].as_str().unwrap());
    let owner = app.owner();
    owner.form(&format!("{path}/refuser"), &[("code", "")]).await.expect(422);
    // A quantity is disputed, not refused.
    let shown = owner.form(&format!("{path}/refuser"), &[("code", "QTE_ERR"), ("comment", "Deux")]).await.expect(422);
    assert!(shown.text().contains("refusal-error"), "{}", shown.text());
    let why = [("code", "TRANSAC_INC"), ("comment", "Jamais commandé")];
    owner.form(&format!("{path}/refuser"), &why).await.expect(303);
    let page = owner.get(&path).await.expect(200).text();
    assert!(page.contains("Transaction inconnue (TRANSAC_INC)") && page.contains("Jamais commandé"), "{page}");
    let expense = format!("{EXPENSES}/{}", invoice["expense_id"].as_str().unwrap());
    assert_eq!(program.get(&expense).await.expect(200).field("/state"), "refused");
    assert!(events(&app).iter().any(|event| matches!(event, Event::ExpenseRemoved { .. })));
    owner.form(&format!("{path}/approuver"), &[]).await.expect(409);
    app.stranger().get(&path).await.expect(404);
    owner.get(&format!("{path}/fichier")).await.expect(303);
    // The expense is not brought back by the other door.
    program.post(&format!("{expense}/submit"), &json!({})).await.expect(409);
}

#[tokio::test]
async fn an_account_of_an_invoice_is_a_suppliers_once_somebody_checked_it() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let invoice = taken(&app).await;
    let page = format!("/ventes/factures-recues/{}", invoice["id"].as_str().unwrap());
    let supplier = format!("{SUPPLIERS}/{}", invoice["supplier_id"].as_str().unwrap());
    let shown = owner.get(&page).await.expect(200);
    assert!(shown.round_trips() <= Some(2) && shown.text().contains("J’ai vérifié cet IBAN"), "{}", shown.text());
    assert_eq!(program.get(&supplier).await.expect(200).json()["confirmed_accounts"], 0);
    app.with_role(Role::Reader).form(&format!("{page}/compte"), &[]).await.expect(403);
    app.stranger().form(&format!("{page}/compte"), &[]).await.expect(404);
    for _ in 0..2 {
        owner.form(&format!("{page}/compte"), &[]).await.expect(303);
    }
    let told = program.get(&supplier).await.expect(200).json();
    assert_eq!((&told["confirmed_accounts"], told["iban_end"].is_string()), (&json!(1), true));
    let shown = owner.get(&page).await.expect(200).text();
    assert!(shown.contains("Confirmé") && !shown.contains("J’ai vérifié cet IBAN"));
    // The next one names another account.
    let xml = ubl(&app).replace("2026/117", "2026/118");
    let start = xml.find("<cbc:ID>FR76").expect("an IBAN") + "<cbc:ID>".len();
    let end = start + xml[start..].find('<').unwrap();
    let forged = format!("{}DE89370400440532013000{}", &xml[..start], &xml[end..]);
    let second = dropped(&program, "b.xml", "text/xml", forged.as_bytes()).await.expect(201).json();
    let shown = owner.get(&format!("/ventes/factures-recues/{}", second["id"].as_str().unwrap())).await.expect(200);
    assert!(shown.text().contains("n’est pas celui que vous avez confirmé"), "{}", shown.text());
    assert_eq!(program.get(&supplier).await.expect(200).json()["iban_end"], told["iban_end"]);
}
