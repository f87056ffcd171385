//! A quote that was sent is revised by versions, expires, and is copied.

use jiff::SignedDuration;
use kernel::id::QuoteId;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, quote};

/// A quote that was sent; its path in the API.
async fn sent(app: &App, program: &Client) -> String {
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    let path = format!("/api/v1/quotes/{id}");
    program.post(&format!("{path}/send"), &json!({})).await.expect(200);
    path
}

async fn revise(program: &Client, path: &str) -> String {
    let draft = program.post(&format!("{path}/revise"), &json!({})).await.expect(201);
    format!("/api/v1/quotes/{}", draft.field("/id"))
}

fn numbers(quote: &Value) -> Vec<&str> {
    quote["versions"].as_array().unwrap().iter().map(|version| version["number"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_version_takes_the_place_of_the_former_once_it_is_sent() {
    let app = app().await;
    let program = app.program();
    let first = sent(&app, &program).await;
    let second = revise(&program, &first).await;
    let draft = program.get(&second).await.expect(200).json();
    assert_eq!((draft["status"].as_str(), draft["version"].as_u64()), (Some("draft"), Some(2)));
    assert_eq!(draft["number"], Value::Null);
    // Nothing of it counts yet.
    assert_eq!(program.get(&first).await.field("/status"), "sent");
    assert_eq!(
        program.post(&format!("{first}/revise"), &json!({})).await.expect(409).field("/code"),
        "quote_under_revision"
    );

    let now = program.post(&format!("{second}/send"), &json!({})).await.expect(200);
    assert_eq!(now.field("/number"), "DEV-2026-0001-V2");
    let replaced = program.get(&first).await.expect(200).json();
    assert_eq!(replaced["status"], "replaced");
    for act in ["accept", "refuse", "revise"] {
        let refused = program.post(&format!("{first}/{act}"), &json!({})).await.expect(409);
        assert_eq!(refused.field("/code"), "quote_replaced", "{act}");
    }

    let third = revise(&program, &second).await;
    program.post(&format!("{third}/send"), &json!({})).await.expect(200);
    let chain = ["DEV-2026-0001", "DEV-2026-0001-V2", "DEV-2026-0001-V3"];
    for path in [&first, &second, &third] {
        assert_eq!(numbers(&program.get(path).await.json()), chain, "{path}");
    }
    program.post(&format!("{third}/accept"), &json!({})).await.expect(200);
    // The next quote goes on where the first one was.
    let other = sent(&app, &program).await;
    assert_eq!(program.get(&other).await.field("/number"), "DEV-2026-0002");

    let page = app.owner().get(&first.replace("/api/v1/quotes", "/facturation/devis")).await.expect(200).text();
    assert!(page.contains("Remplacé") && page.contains("a été remplacé par") && page.contains("DEV-2026-0001-V3"));
    let client = program.get(&first).await.field("/client_id");
    let panel = app.owner().get(&format!("/facturation/panneaux/clients/{client}")).await.expect(200).text();
    assert_eq!(panel.matches("Remplacé").count(), 2);
}

#[tokio::test]
async fn a_version_that_is_deleted_leaves_the_former_to_be_revised_again() {
    let app = app().await;
    let program = app.program();
    let first = sent(&app, &program).await;
    let draft = revise(&program, &first).await;
    program.delete(&draft).await.expect(204);
    let again = revise(&program, &first).await;
    let done = program.post(&format!("{again}/send"), &json!({})).await.expect(200);
    assert_eq!(done.field("/number"), "DEV-2026-0001-V2");
}

#[tokio::test]
async fn a_version_comes_too_late_once_the_former_is_accepted() {
    let app = app().await;
    let program = app.program();
    let first = sent(&app, &program).await;
    let draft = revise(&program, &first).await;
    program.post(&format!("{first}/accept"), &json!({})).await.expect(200);
    let refused = program.post(&format!("{draft}/send"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "former_version_accepted");
    // An edit does not forget it.
    let client = program.get(&draft).await.field("/client_id");
    program.put(&draft, &quote(&client)).await.expect(200);
    program.post(&format!("{draft}/send"), &json!({})).await.expect(409);
    let page = app.owner().get(&draft.replace("/api/v1/quotes", "/facturation/devis")).await.expect(200).text();
    assert!(page.contains("ne peut plus être envoyée"));
    program.delete(&draft).await.expect(204);
    let invoiced = program.post(&format!("{first}/invoice"), &json!({})).await.expect(201);
    assert_eq!(invoiced.field("/gross_minor"), "119869");
    assert_eq!(
        program.post(&format!("{first}/revise"), &json!({})).await.expect(409).field("/code"),
        "quote_not_revisable"
    );
}

#[tokio::test]
async fn of_who_accepts_the_former_and_who_sends_the_next_at_once_one_succeeds() {
    for _ in 0..4 {
        let app = app().await;
        let program = app.program();
        let first = sent(&app, &program).await;
        let draft = revise(&program, &first).await;
        let (accept, send, nothing) = (format!("{first}/accept"), format!("{draft}/send"), json!({}));
        let (accepted, sent) = tokio::join!(program.post(&accept, &nothing), program.post(&send, &nothing));
        let codes = [accepted.status.as_u16(), sent.status.as_u16()];
        assert!(codes == [200, 409] || codes == [409, 200], "{codes:?}");
        let was_accepted = codes[0] == 200;
        let status = program.get(&first).await.field("/status");
        assert_eq!(status, if was_accepted { "accepted" } else { "replaced" });
    }
}

#[tokio::test]
async fn a_version_stays_with_its_client() {
    let app = app().await;
    let program = app.program();
    let first = sent(&app, &program).await;
    let draft = revise(&program, &first).await;
    let other = app.publish_client("Autre SA").await.id.to_string();
    assert_eq!(program.put(&draft, &quote(&other)).await.expect(422).violations(), ["/client_id"]);
    app.stranger().post(&format!("{first}/revise"), &json!({})).await.expect(404);
    app.stranger().post(&format!("{first}/duplicate"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn what_is_duplicated_begins_as_a_draft_of_its_own() {
    let app = app().await;
    let program = app.program();
    let first = sent(&app, &program).await;
    let copy = program.post(&format!("{first}/duplicate"), &json!({})).await.expect(201);
    assert_eq!((copy.field("/status"), copy.field("/gross_minor")), ("draft".into(), "119869".into()));
    assert_eq!(copy.json()["versions"], json!([]));
    program.post(&format!("{first}/accept"), &json!({})).await.expect(200);

    let invoice = program.post(&format!("{first}/invoice"), &json!({})).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    let copy = program.post(&format!("/api/v1/invoices/{invoice}/duplicate"), &json!({})).await.expect(201);
    assert_eq!((copy.field("/quote_id"), copy.field("/gross_minor")), ("null".into(), "119869".into()));
    app.stranger().post(&format!("/api/v1/invoices/{invoice}/duplicate"), &json!({})).await.expect(404);

    let other = sent(&app, &program).await;
    program.post(&format!("{other}/accept"), &json!({})).await.expect(200);
    let deposit = program.post(&format!("{other}/deposit"), &json!({ "percent": "30" })).await.expect(201).field("/id");
    let refused = program.post(&format!("/api/v1/invoices/{deposit}/duplicate"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "deposit_from_quote");
    let page = app.owner().get(&format!("/facturation/factures/{deposit}")).await.expect(200).text();
    assert!(!page.contains("Dupliquer"));
}

#[tokio::test]
async fn the_pages_revise_and_duplicate() {
    let app = app().await;
    let path = sent(&app, &app.program()).await.replace("/api/v1/quotes", "/facturation/devis");
    let owner = app.owner();
    let draft = owner.form(&format!("{path}/reviser"), &[]).await.expect(303).header("location").unwrap().to_owned();
    let page = owner.get(&draft).await.expect(200).text();
    assert!(page.contains("cette version remplacera") && page.contains("DEV-2026-0001-V2"));
    let again = owner.form(&format!("{path}/reviser"), &[]).await.expect(409).text();
    assert!(again.contains("déjà en préparation"));
    owner.form(&format!("{draft}/envoyer"), &[]).await.expect(303);
    let copy = owner.form(&format!("{path}/dupliquer"), &[]).await.expect(303).header("location").unwrap().to_owned();
    assert!(owner.get(&copy).await.expect(200).text().contains("Devis (brouillon)"));
}

/// How often it was told that a quote expired.
fn expirations(app: &App) -> usize {
    app.items().iter().filter(|item| item.to_string().contains("quote.expired.v1")).count()
}

#[tokio::test]
async fn an_offer_that_ended_is_told_once_and_can_be_revised() {
    let app = app().await;
    let program = app.program();
    let path = sent(&app, &program).await;
    let id: QuoteId = path.rsplit('/').next().unwrap().parse().unwrap();
    let scope = app.scope();
    let is_watched = |app: &App| app.items().iter().any(|item| item.to_string().contains("DUE#20"));
    // The clock may be early: the offer stands on its last day.
    app.advance(SignedDuration::from_hours(24 * 30));
    invoicing::quote::expire_quote(&scope, id).await.unwrap();
    assert_eq!((expirations(&app), is_watched(&app)), (0, true));
    app.advance(SignedDuration::from_hours(24));
    for _ in 0..2 {
        invoicing::quote::expire_quote(&scope, id).await.unwrap();
    }
    assert_eq!((expirations(&app), is_watched(&app)), (1, false));
    let draft = revise(&program, &path).await;
    let sent = program.post(&format!("{draft}/send"), &json!({})).await.expect(200);
    assert_eq!((sent.field("/status"), sent.field("/valid_until")), ("sent".into(), "2027-01-22".into()));
}

#[tokio::test]
async fn an_offer_that_was_answered_or_replaced_does_not_expire() {
    let app = app().await;
    let program = app.program();
    let accepted = sent(&app, &program).await;
    program.post(&format!("{accepted}/accept"), &json!({})).await.expect(200);
    let refused = sent(&app, &program).await;
    program.post(&format!("{refused}/refuse"), &json!({})).await.expect(200);
    let replaced = sent(&app, &program).await;
    let draft = revise(&program, &replaced).await;
    program.post(&format!("{draft}/send"), &json!({})).await.expect(200);
    app.advance(SignedDuration::from_hours(24 * 31));
    for path in [accepted, refused, replaced] {
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        invoicing::quote::expire_quote(&app.scope(), id).await.unwrap();
    }
    assert_eq!(expirations(&app), 0);
}
