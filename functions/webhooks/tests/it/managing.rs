//! `/api/v1/webhooks` and its pages.

use jiff::SignedDuration;
use kernel::permission::Role;
use serde_json::{Value, json};
use webhooks::delivery::signature;

use crate::{API, Program, app, deliver, deliveries, due, envelope, paid, webhook};

#[tokio::test]
async fn a_secret_is_shown_once_and_stands_nowhere() {
    let (app, program) = (app().await, Program::start().await);
    let owner = app.owner().idempotency_key("one");
    let input = json!({ "url": program.url, "description": "Comptabilité", "events": ["invoice.paid.v1"] });
    let made = owner.post(API, &input).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    let secret = made.field("/secret");
    assert!(secret.starts_with("whsec_") && secret.len() > 40);
    let again = owner.post(API, &input).await.expect(201).json();
    assert!(again.get("secret").is_none() && again["id"] == made.json()["id"]);
    let path = format!("{API}/{}", made.field("/id"));
    for path in [API, path.as_str()] {
        assert!(!app.owner().get(path).await.expect(200).text().contains(&secret));
    }
    assert!(!app.written_under("ORG#").contains(&secret));
    // Nor what it is sealed as, in the log.
    assert!(!app.written_under("#AUDIT#").contains("\"secret\":{\"S\":\"A"));
}

#[tokio::test]
async fn another_secret_signs_beside_the_former_one_for_a_day() {
    let (app, program) = (app().await, Program::start().await);
    let (id, first) = webhook(&app, &program).await;
    let second = app.owner().post(&format!("{API}/{id}/secret"), &json!({})).await.expect(200).field("/secret");
    assert_ne!(first, second);
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    app.advance(SignedDuration::from_hours(25));
    deliver(&app, &[envelope(&app, 2, paid(2))]).await;
    let sent = program.sent();
    let at = |n: usize| sent[n].json()["created"].as_str().map(str::to_owned).expect("when");
    let signed = |n: usize, secrets: &[&str]| {
        let second = at(n).parse::<jiff::Timestamp>().expect("an instant").as_second();
        signature(secrets.iter().map(|secret| secret.as_bytes()), second, &sent[n].body).expect("a signature")
    };
    assert_eq!(sent[0].signature, signed(0, &[&second, &first]));
    assert_eq!(sent[1].signature, signed(1, &[&second]));
}

#[tokio::test]
async fn who_may_not_edit_settings_sees_none_and_a_stranger_finds_none() {
    let (app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    for role in [Role::Manager, Role::Member, Role::Reader, Role::Hr] {
        app.with_role(role).get(API).await.expect(403);
        app.with_role(role).get("/organisation/webhooks").await.expect(403);
    }
    let stranger = app.stranger();
    assert_eq!(stranger.get(API).await.expect(200).json()["items"], json!([]));
    stranger.get(&format!("{API}/{id}")).await.expect(404);
    stranger.delete(&format!("{API}/{id}")).await.expect(404);
    stranger.post(&format!("{API}/{id}/test"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn what_is_wrong_is_told_field_by_field() {
    let app = app().await;
    let input = json!({ "url": "https://10.0.0.1/", "events": ["x"], "paused": "maybe" });
    let refused = app.owner().post(API, &input).await.expect(422);
    let mut pointers = refused.violations();
    pointers.sort();
    assert_eq!(pointers.len(), 3, "{pointers:?}");
    let page = app.owner().form("/organisation/webhooks", &[("url", "http://example.fr/")]).await.expect(422).text();
    for part in ["url-error", "events-error", "value=\"http://example.fr/\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[tokio::test]
async fn no_more_than_twenty_and_each_goes_by_itself() {
    let (app, program) = (app().await, Program::start().await);
    let mut last = String::new();
    for _ in 0..20 {
        last = webhook(&app, &program).await.0;
    }
    let input = json!({ "url": program.url, "events": ["invoice.paid.v1"] });
    app.owner().post(API, &input).await.expect(422);
    app.owner().delete(&format!("{API}/{last}")).await.expect(204);
    app.owner().delete(&format!("{API}/{last}")).await.expect(404);
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    assert_eq!(program.sent().len(), 19);
}

#[tokio::test]
async fn a_paused_webhook_is_sent_nothing() {
    let (app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    let input = json!({ "url": program.url, "events": ["invoice.paid.v1"], "paused": "true" });
    let path = format!("{API}/{id}");
    let version = app.owner().get(&path).await.header("etag").map(str::to_owned).expect("a version");
    app.owner().header("if-match", &version).put(&path, &input).await.expect(200);
    app.owner().header("if-match", &version).put(&path, &input).await.expect(412);
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    assert!(program.sent().is_empty() && deliveries(&app, &id).await.is_empty());
    app.owner().post(&format!("{path}/test"), &json!({})).await.expect(409);
}

#[tokio::test]
async fn pages_show_what_was_sent_and_send_it_again() {
    let (app, program) = (app().await, Program::start().await);
    let owner = app.owner();
    assert!(owner.get("/organisation/webhooks").await.expect(200).text().contains("Aucun webhook"));
    let form =
        [("_key", "one"), ("url", program.url.as_str()), ("events", "invoice.paid.v1"), ("events", "quote.sent.v1")];
    let made = owner.form("/organisation/webhooks", &form).await.expect(200).text();
    assert!(made.contains("whsec_") && made.contains("plus jamais"), "{made}");
    let id = owner.get(API).await.field("/items/0/id");
    let path = format!("/organisation/webhooks/{id}");
    owner.form(&format!("{path}/essai"), &[("_key", "two")]).await.expect(303);
    let one = deliveries(&app, &id).await.remove(0);
    program.answer(500, "<b>Erreur</b>");
    due(&app, &one).await;
    let page = owner.get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    for part in ["Essai", "En attente", "500", "Actif", "En échec"].into_iter().filter(|part| *part != "Actif") {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let delivery = format!("{path}/envois/{}", one["id"].as_str().expect("an id"));
    let shown = owner.get(&delivery).await.expect(200).text();
    assert!(shown.contains("&#60;b&#62;Erreur") && shown.contains("webhook.test.v1"), "{shown}");
    owner.form(&format!("{delivery}/renvoyer"), &[("_key", "three")]).await.expect(303);
    program.answer(204, "");
    due(&app, &one).await;
    assert_eq!(deliveries(&app, &id).await[0]["state"], "delivered");
    let rotated = owner.form(&format!("{path}/secret"), &[("_key", "four")]).await.expect(200).text();
    assert!(rotated.contains("whsec_") && rotated.contains("signe aussi"));
    owner.form(&format!("{path}/supprimer"), &[("_key", "five")]).await.expect(303);
    owner.get(&path).await.expect(404);
}

#[test]
fn operations_are_named_as_their_use_cases() {
    let document = serde_json::to_value(webhooks::routes().openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let mut names: Vec<&str> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(|methods| methods.values().filter_map(|operation| operation["operationId"].as_str()))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names.join(" "),
        "create_webhook delete_webhook edit_webhook list_deliveries list_webhooks replay_delivery rotate_webhook_secret \
         show_delivery show_webhook test_webhook"
    );
}
