//! A quote is invoiced by its progress.

use kernel::{event::Owner, id::InvoiceId};
use serde_json::{Value, json};
use table::shared::FrozenDocument;
use testkit::App;

use crate::{app, quote};

/// An accepted quote; its path in the API.
async fn accepted(app: &App) -> String {
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let path =
        format!("/api/v1/quotes/{}", program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id"));
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    program.post(&format!("{path}/accept"), &json!({})).await.expect(200);
    path
}

fn progress(first: &str, second: &str) -> Value {
    json!({ "lines": [{ "line": 1, "percent": first }, { "line": 2, "percent": second }] })
}

#[tokio::test]
async fn situations_follow_each_other_to_the_whole_quote() {
    let app = app().await;
    let program = app.program();
    let path = accepted(&app).await;
    let first = program.post(&format!("{path}/situation"), &progress("30", "0")).await.expect(201);
    assert_eq!((first.field("/net_minor"), first.field("/situation/number")), ("27000".into(), "1".into()));
    let back = program.post(&format!("{path}/situation"), &progress("20", "50")).await.expect(422);
    assert_eq!(back.violations(), ["/lines/0/percent"]);
    assert_eq!(
        program.post(&format!("{path}/situation"), &progress("30", "0")).await.expect(422).violations(),
        ["/lines"]
    );
    let second = program.post(&format!("{path}/situation"), &progress("80", "100")).await.expect(201);
    assert_eq!(
        (second.field("/situation/number"), second.field("/situation/before_minor")),
        ("2".into(), "27000".into())
    );
    let id: InvoiceId = second.field("/id").parse().unwrap();
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let scope = app.scope();
    let frozen = scope.get::<FrozenDocument>(&scope.keys().snapshot(Owner::Invoice(id))).await.unwrap().unwrap();
    let situation = frozen.value.snapshot.situation.unwrap();
    assert_eq!((situation.number, situation.agreed_minor.0, situation.before_minor.0), (2, 101_250, 27_000));
    let last = program.post(&format!("{path}/situation"), &progress("100", "100")).await.expect(201);
    assert_eq!(program.get(&path).await.field("/status"), "invoiced");
    let gross = |reply: &testkit::Reply| reply.field("/gross_minor").parse::<i64>().unwrap();
    assert_eq!(gross(&first) + gross(&second) + gross(&last), 119_869);
    app.stranger().post(&format!("{path}/situation"), &progress("100", "100")).await.expect(404);
}

#[tokio::test]
async fn deposits_are_deducted_in_proportion_and_given_free_with_a_draft() {
    let app = app().await;
    let program = app.program();
    let path = accepted(&app).await;
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "percent": "30" })).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{deposit}/issue"), &json!({})).await.expect(200);
    let half = program.post(&format!("{path}/situation"), &progress("50", "50")).await.expect(201);
    // Half of 359.61, to the cent.
    let deducted: i64 = half.field("/deducted_minor").parse().unwrap();
    assert!((17_980..=17_982).contains(&deducted), "{deducted}");
    let page = app.owner().get(&format!("/facturation/factures/{}", half.field("/id"))).await.expect(200).text();
    assert!(page.contains("<dt>Acomptes déduits</dt><dd>−17"), "{page}");
    // Neither a deposit nor a situation comes again every month.
    for id in [&deposit, &half.field("/id")] {
        let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200).text();
        assert!(!page.contains("Créer une facture récurrente"), "{page}");
    }
    let refused =
        program.post(&format!("/api/v1/invoices/{deposit}/credit-notes"), &json!({ "reason": "Erreur" })).await;
    assert_eq!(refused.expect(409).field("/code"), "deposit_deducted");
    // A draft that is given up deducts nothing, and the deposit can be given back.
    program.delete(&format!("/api/v1/invoices/{}", half.field("/id"))).await.expect(204);
    let mut full = progress("50", "50");
    full["deposits"] = json!("in_full");
    let half = program.post(&format!("{path}/situation"), &full).await.expect(201);
    assert_eq!(half.field("/deducted_minor"), "35961");
    program.delete(&format!("/api/v1/invoices/{}", half.field("/id"))).await.expect(204);
    full["deposits"] = json!("last");
    let half = program.post(&format!("{path}/situation"), &full).await.expect(201);
    assert_eq!(half.field("/deducted_minor"), "0");
    full["deposits"] = json!("never");
    assert_eq!(program.post(&format!("{path}/situation"), &full).await.expect(422).violations(), ["/deposits"]);
    let last = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!(last.field("/deducted_minor"), "35961");
}

#[tokio::test]
async fn a_deposit_beyond_the_last_invoice_is_owed_to_the_client() {
    let app = app().await;
    let program = app.program();
    let path = accepted(&app).await;
    let deposit = program.post(&format!("{path}/deposit"), &json!({ "percent": "50" })).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{deposit}/issue"), &json!({})).await.expect(200);
    // Nine tenths leave without it.
    let mut most = progress("90", "90");
    most["deposits"] = json!("last");
    program.post(&format!("{path}/situation"), &most).await.expect(201);
    let last = program.post(&format!("{path}/invoice"), &json!({})).await.expect(201);
    assert_eq!(last.field("/deducted_minor"), "59935");
    let issued = program.post(&format!("/api/v1/invoices/{}/issue", last.field("/id")), &json!({})).await.expect(200);
    assert!(issued.field("/balance_minor").starts_with('-'), "{}", issued.field("/balance_minor"));
    let refund = json!({ "amount": "100", "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{}/refunds", last.field("/id")), &refund).await.expect(201);
}

#[tokio::test]
async fn the_page_tells_what_is_typed_makes() {
    let app = app().await;
    let path = accepted(&app).await.replace("/api/v1/quotes", "/facturation/devis");
    let owner = app.owner();
    assert!(owner.get(&path).await.expect(200).text().contains("Facturer une situation"));
    let form = format!("{path}/situation");
    let page = owner.get(&form).await.expect(200).text();
    assert!(page.contains("situation n° 1") && page.contains("1\u{202f}012,50\u{a0}€"));
    let typed = owner.get(&format!("{form}?progress=30&progress=0")).await.expect(200).text();
    assert!(typed.contains("270,00\u{a0}€") && typed.contains("742,50\u{a0}€"));
    owner.get(&format!("{form}?progress=x&progress=%00")).await.expect(200);
    let wrong = owner.form(&form, &[("progress", "130"), ("progress", "0")]).await.expect(422).text();
    assert!(wrong.contains("line-1-error"));
    let done = owner.form(&form, &[("progress", "30"), ("progress", "0")]).await.expect(303);
    let draft = owner.get(done.header("location").unwrap()).await.expect(200).text();
    assert!(draft.contains("Cette situation, HT") && draft.contains("270,00"));
    assert!(owner.get(&path).await.expect(200).text().contains("Situation n° 1"));
}
