use kernel::{
    document::Snapshot,
    event::Owner,
    id::InvoiceId,
    reference::{OrganizationReference, VatRegime},
};
use serde_json::json;
use table::{ledger::verify, shared::FrozenDocument};

use crate::{app, invoice, issued};

async fn snapshot(app: &testkit::App, id: &str) -> Snapshot {
    let scope = app.scope();
    let owner = Owner::Invoice(id.parse::<InvoiceId>().unwrap());
    scope.get::<FrozenDocument>(&scope.keys().snapshot(owner)).await.unwrap().unwrap().value.snapshot
}

#[tokio::test]
async fn a_draft_has_no_number_and_issuing_gives_the_next_one() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let first = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    let second = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    assert_eq!(first.field("/number"), "null");
    // The number is given in the order of issue, not of drafting.
    for (draft, number) in [(&second, "FAC-2026-0001"), (&first, "FAC-2026-0002")] {
        let path = format!("/api/v1/invoices/{}/issue", draft.field("/id"));
        let issued = program.post(&path, &json!({})).await.expect(200);
        assert_eq!(issued.field("/number"), number);
        assert_eq!(issued.field("/due_on"), "2026-12-22");
        assert_eq!(issued.field("/payment_status"), "unpaid");
    }
    let ledger = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!((ledger.field("/entries"), ledger.field("/is_intact")), ("2".into(), "true".into()));
}

#[tokio::test]
async fn an_issued_invoice_is_final() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let path = format!("/api/v1/invoices/{id}");
    let client = program.get(&path).await.field("/client_id");
    program.put(&path, &invoice(&client)).await.expect(409);
    program.post(&format!("{path}/issue"), &json!({})).await.expect(409);
    assert_eq!(program.delete(&path).await.expect(409).field("/code"), "already_issued");
}

#[tokio::test]
async fn a_draft_is_deleted_and_leaves_its_clients_page() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let path = format!("/api/v1/invoices/{id}");
    app.stranger().delete(&path).await.expect(404);
    program.delete(&path).await.expect(204);
    program.get(&path).await.expect(404);
    program.delete(&path).await.expect(404);
    let panel = app.owner().get(&format!("/facturation/panneaux/clients/{client}")).await.expect(200).text();
    assert!(panel.contains("Aucun document"));
    // The next one issued is still the first.
    let issued = issued(&app, &program).await;
    assert_eq!(program.get(&format!("/api/v1/invoices/{issued}")).await.field("/number"), "FAC-2026-0001");
}

#[tokio::test]
async fn issuing_twice_with_one_key_gives_one_number() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = app.program().post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let path = format!("/api/v1/invoices/{id}/issue");
    let program = app.program().idempotency_key("issue-1");
    let first = program.post(&path, &json!({})).await.expect(200);
    let again = program.post(&path, &json!({})).await.expect(200);
    assert_eq!(first.json(), again.json());
    program.post(&path, &json!({ "other": 1 })).await.expect(422);
}

#[tokio::test]
async fn the_frozen_document_carries_what_the_law_wants_between_businesses() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let snapshot = snapshot(&app, &id).await;
    assert_eq!(snapshot.number, "FAC-2026-0001");
    assert_eq!(snapshot.seller.siret, "73282932000074");
    assert_eq!(snapshot.seller.vat_number.as_deref(), Some("FR44732829320"));
    assert_eq!(snapshot.buyer.siren.as_deref(), Some("356000000"));
    assert!(snapshot.payment_terms.is_some_and(|terms| terms.contains("30 jours")));
    let late = snapshot.late_payment.expect("the clauses of C. com. L441-9");
    assert!(late.indemnity.contains("40"), "{}", late.indemnity);
}

#[tokio::test]
async fn a_consumer_is_not_threatened_with_the_clauses_between_businesses() {
    let app = app().await;
    let program = app.program();
    let mut client = app.publish_client("Camille Petit").await;
    client.is_business = false;
    client.siret = None;
    app.republish_client(&client).await;
    let id = program.post("/api/v1/invoices", &invoice(&client.id.to_string())).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    assert_eq!(snapshot(&app, &id).await.late_payment, None);
}

#[tokio::test]
async fn an_edit_on_an_old_version_is_refused() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let created = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    let path = format!("/api/v1/invoices/{}", created.field("/id"));
    assert_eq!(created.header("etag"), Some("\"1\""));
    let first = program.clone().header("if-match", "\"1\"");
    let edited = first.put(&path, &invoice(&client)).await.expect(200);
    assert_eq!(edited.header("etag"), Some("\"2\""));
    first.put(&path, &invoice(&client)).await.expect(412);
    first.post(&format!("{path}/issue"), &json!({})).await.expect(412);
}

#[tokio::test]
async fn another_tenants_invoice_does_not_exist() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let stranger = app.stranger();
    for path in [format!("/api/v1/invoices/{id}"), format!("/api/v1/invoices/{id}/document")] {
        stranger.get(&path).await.expect(404);
    }
    stranger.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(404);
    let payment = json!({ "amount": "1", "paid_on": "2026-11-22" });
    stranger.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(404);
    // Nor can a stranger write to our client.
    let client = app.publish_client("Client SA").await.id.to_string();
    let refused = stranger.post("/api/v1/invoices", &invoice(&client)).await.expect(422);
    assert_eq!(refused.violations(), ["/client_id"]);
}

#[tokio::test]
async fn the_document_is_not_there_until_it_is_rendered() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let answer = program.get(&format!("/api/v1/invoices/{id}/document")).await.expect(409);
    assert_eq!(answer.field("/code"), "document_not_ready");
}

/// Replaces our organization's settings.
async fn resettle(app: &testkit::App, change: impl Fn(&mut OrganizationReference) + Copy) {
    let scope = &app.scope();
    scope
        .write(|| async {
            let read = scope.get::<OrganizationReference>(&scope.keys().organization()).await?.unwrap();
            let mut settled = read.value.clone();
            change(&mut settled);
            let mut transaction = scope.begin("test", settled.id);
            transaction.update(&read, &settled);
            Ok((transaction, ()))
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn an_organization_without_legal_identity_cannot_issue() {
    let app = app().await;
    resettle(&app, |organization| organization.legal.siret = None).await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let refused = program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "seller_incomplete");
    // No number was lost to the refusal.
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 0);
}

#[tokio::test]
async fn a_draft_with_vat_cannot_be_issued_under_the_franchise() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    resettle(&app, |organization| organization.vat_regime = VatRegime::Franchise).await;
    let refused = program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "vat_outdated");
    let mut without = invoice(&client);
    without["lines"][0]["vat_percent"] = json!("0");
    program.put(&format!("/api/v1/invoices/{id}"), &without).await.expect(200);
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let snapshot = snapshot(&app, &id).await;
    assert!(snapshot.mentions.iter().any(|mention| mention.contains("293 B")), "{:?}", snapshot.mentions);
}

#[tokio::test]
async fn an_invoice_in_another_currency_tells_its_vat_in_euro() {
    use kernel::Currency;
    let app = app().await;
    let program = app.program();
    app.replace_organization(&OrganizationReference { currency: Currency::Usd, ..app.ours.clone() }).await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut body = invoice(&client);
    for (rate, on, wrong) in [
        ("0.92", "", "/exchange_on"),
        ("", "2026-11-20", "/exchange_rate"),
        ("0", "2026-11-20", "/exchange_rate"),
        ("0.92", "2026-11-23", "/exchange_on"),
    ] {
        body["exchange_rate"] = json!(rate);
        body["exchange_on"] = json!(on);
        assert_eq!(program.post("/api/v1/invoices", &body).await.expect(422).violations(), [wrong], "{rate} {on}");
    }
    body["exchange_rate"] = json!("");
    body["exchange_on"] = json!("");
    let id = program.post("/api/v1/invoices", &body).await.expect(201).field("/id");
    let issue = format!("/api/v1/invoices/{id}/issue");
    assert_eq!(program.post(&issue, &json!({})).await.expect(409).field("/code"), "exchange_rate_missing");
    let page = app.owner().get(&format!("/facturation/factures/{id}/modifier")).await.expect(200).text();
    assert!(page.contains("Taux de change : 1\u{a0}USD ="), "the form asks for it");
    body["exchange_rate"] = json!("0,92155");
    body["exchange_on"] = json!("2026-11-20");
    program.put(&format!("/api/v1/invoices/{id}"), &body).await.expect(200);
    let done = program.post(&issue, &json!({})).await.expect(200);
    assert_eq!((done.field("/tax_euro_minor"), done.field("/exchange_rate")), ("18431".into(), "0.92155".into()));
    // Everybody who reads it reads the rate.
    let rate = "Taux de change : </dt><dd class=\"text-ink inline\">1\u{a0}USD = 0,92155\u{a0}€ (BCE, 20/11/2026)";
    let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(page.contains(rate), "{page}");
    let (query, _) = crate::portal::link(&app, &id).await;
    assert!(app.anyone().get(&format!("/portail?{query}")).await.expect(200).text().contains(rate));
    let note = json!({ "reason": "Erreur" });
    let note = program.post(&format!("/api/v1/invoices/{id}/credit-notes"), &note).await.expect(201);
    let scope = app.scope();
    for owner in
        [Owner::Invoice(id.parse().unwrap()), Owner::CreditNote(note.field("/credit_note/id").parse().unwrap())]
    {
        let frozen = scope.get::<table::shared::FrozenDocument>(&scope.keys().snapshot(owner)).await.unwrap().unwrap();
        assert_eq!(frozen.value.snapshot.vat_in_euro(), Some(kernel::Minor(18_431)), "{owner}");
    }
    // Where there is no VAT, nothing is to be converted; where there is a parity, no rate is asked for.
    let mut export = invoice(&client);
    let abroad = app.publish_client("Client suisse").await;
    let address = kernel::document::Address { country: "CH".into(), ..abroad.address.clone().unwrap() };
    app.republish_client(&kernel::reference::ClientReference { address: Some(address), ..abroad.clone() }).await;
    export["client_id"] = json!(abroad.id);
    export["vat_treatment"] = json!("export");
    let id = program.post("/api/v1/invoices", &export).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    app.replace_organization(&app.ours.clone()).await;
    assert_eq!(program.post("/api/v1/invoices", &body).await.expect(422).violations(), ["/exchange_rate"]);
}
