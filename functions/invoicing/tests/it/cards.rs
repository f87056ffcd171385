//! Payment by card, with a stand-in that speaks the provider's protocol.

use aws_lambda_events::sqs::SqsEvent;
use axum::body::Body;
use emulators::stripe::sign;
use http::Method;
use jiff::SignedDuration;
use kernel::{Minor, permission::Role};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{App, Client, Reply};

use crate::{
    app, issued,
    portal::{link, plain},
};

const KEY: &str = "sk_test_atelier0001";

/// Our organization takes cards; the secret by which its webhooks are signed. No webhook leaves by itself.
async fn connected(app: &App) -> String {
    app.stripe.hold_events(true);
    let secret = app.stripe.send_events_to(KEY, "http://127.0.0.1:9/").unwrap();
    let keys = json!({ "secret_key": KEY, "webhook_secret": secret });
    app.program().put("/api/v1/portal/cards", &keys).await.expect(200);
    secret
}

/// An invoice of 1 200.00 € that is to be paid, with what its client's link says.
async fn payable(app: &App) -> (String, String) {
    let id = issued(app, &app.program()).await;
    let (query, _) = link(app, &id).await;
    (id, query.strip_prefix("lien=").unwrap().to_owned())
}

async fn press(app: &App, link: &str) -> Reply {
    app.anyone().form("/portail/carte", &[("lien", link)]).await.expect(303)
}

/// The session on whose page the browser is now.
fn session(app: &App, pressed: &Reply) -> String {
    let page = pressed.header("location").unwrap();
    let pages = format!("{}/pay/", app.stripe.endpoint());
    page.strip_prefix(&pages).unwrap_or_else(|| panic!("{page} is none of {pages}")).to_owned()
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

/// The page that follows a redirection, with its message.
async fn followed(app: &App, reply: &Reply) -> String {
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    let flash = cookies.iter().find(|cookie| cookie.starts_with("flash=")).expect("a message");
    let client = app.anyone().header("cookie", flash.split(';').next().unwrap());
    plain(&client.get(reply.header("location").unwrap()).await.expect(200))
}

async fn send(app: &App, organization: &str, signature: &str, body: &str) -> Reply {
    let client = app.anyone().header("stripe-signature", signature);
    let path = format!("/webhooks/stripe/{organization}");
    client.send(Method::POST, &path, Some("application/json; charset=utf-8"), Body::from(body.to_owned())).await
}

/// The last event of a kind, as the provider sends it.
async fn tell(app: &App, secret: &str, kind: &str) -> Reply {
    let events = app.stripe.events().unwrap();
    let event = events.iter().rev().find(|event| event["type"] == kind).expect("an event").to_string();
    let signature = sign(secret, event.as_bytes(), app.clock.now());
    send(app, &app.ours.id.to_string(), &signature, &event).await
}

const COMPLETED: &str = "checkout.session.completed";

/// What the clock, or a payment of another kind, has the worker do.
async fn look(app: &App, invoice: &str) {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/invoicing-worker/checkout_due.json")).unwrap();
    let mut body: Value = serde_json::from_str(event["Records"][0]["body"].as_str().unwrap()).unwrap();
    body["organization"] = json!(app.ours.id);
    body["event"]["data"]["invoice"] = json!(invoice);
    event["Records"][0]["body"] = json!(body.to_string());
    let event: SqsEvent = serde_json::from_value(event).unwrap();
    let answer = invoicing::worker::handle(app.deps.clone(), event).await.unwrap();
    assert_eq!(answer.batch_item_failures.len(), 0);
}

/// Of one instant they are in no order, so by what they are.
async fn payments(program: &Client, id: &str) -> Vec<(String, i64)> {
    let listed = program.get(&format!("/api/v1/invoices/{id}/payments")).await.expect(200).json();
    let told = |payment: &Value| {
        assert_eq!(payment["method"], "card");
        (payment["kind"].as_str().unwrap().to_owned(), payment["amount_minor"].as_i64().unwrap())
    };
    let mut payments: Vec<_> = listed["items"].as_array().unwrap().iter().map(told).collect();
    payments.sort();
    payments
}

async fn status(app: &App, id: &str) -> String {
    let program = app.program();
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");
    program.get(&format!("/api/v1/invoices/{id}")).await.field("/payment_status")
}

fn received(amount: i64) -> Vec<(String, i64)> {
    vec![("received".into(), amount)]
}

#[tokio::test]
async fn a_client_pays_by_card_and_it_is_entered_once_whoever_tells_it() {
    let app = app().await;
    let (id, lien) = payable(&app).await;
    let page = app.anyone().get(&format!("/portail?lien={lien}")).await.expect(200);
    assert!(!plain(&page).contains("par carte"), "no account, no offer");
    app.anyone().form("/portail/carte", &[("lien", &lien)]).await.expect(303);
    assert_eq!(app.stripe.sessions().unwrap().len(), 0);

    let secret = connected(&app).await;
    let page = app.anyone().get(&format!("/portail?lien={lien}")).await.expect(200);
    assert!(plain(&page).contains("Payer 1 200,00 € par carte"), "{}", plain(&page));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(&format!("form-action 'self' {};", app.stripe.endpoint())), "{policy}");
    let elsewhere = app.owner().get("/facturation").await.expect(200);
    assert!(elsewhere.header("content-security-policy").unwrap().contains("form-action 'self';"));

    let pressed = press(&app, &lien).await;
    assert_eq!(pressed.header("referrer-policy"), Some("no-referrer"));
    let session = session(&app, &pressed);
    let made = app.stripe.sessions().unwrap();
    assert_eq!((made[0]["amount_total"].as_i64(), made[0]["currency"].as_str()), (Some(120_000), Some("eur")));
    assert_eq!(made[0]["metadata"], json!({ "organization": app.ours.id, "invoice": id }));
    // The provider learns no link.
    let secret_of_link = lien.rsplit('_').next().unwrap();
    assert!(!made[0].to_string().contains(secret_of_link));
    // Pressed again, it is the same page.
    assert_eq!(press(&app, &lien).await.header("location"), pressed.header("location"));
    assert_eq!(app.stripe.sessions().unwrap().len(), 1);

    app.stripe.pay(&session).unwrap();
    // Before the browser is back, and again.
    tell(&app, &secret, COMPLETED).await.expect(200);
    tell(&app, &secret, COMPLETED).await.expect(200);
    let back = app.anyone().header("cookie", &cookie(&pressed)).get("/portail/carte/retour").await.expect(303);
    assert_eq!(back.header("location"), Some(format!("/portail?lien={lien}").as_str()));
    let page = followed(&app, &back).await;
    assert!(page.contains("votre paiement de 1 200,00 € par carte est reçu") && page.contains("Payée"), "{page}");
    look(&app, &id).await;
    assert_eq!(payments(&app.program(), &id).await, received(120_000));
    assert_eq!(status(&app, &id).await, "paid");
    assert_eq!(app.written_under("#OUTBOX#").matches("invoice.paid.v1").count(), 1);
    // Nothing is left to pay.
    let again = press(&app, &lien).await;
    assert!(followed(&app, &again).await.contains("déjà entièrement payée"));
    assert_eq!(app.stripe.sessions().unwrap().len(), 1);
    // Who comes back in another browser is told to close the page.
    let elsewhere = app.anyone().get("/portail/carte/retour").await.expect(200);
    assert!(plain(&elsewhere).contains("Vous pouvez fermer cette page"));
}

#[tokio::test]
async fn the_browser_is_back_before_the_webhook() {
    let app = app().await;
    let secret = connected(&app).await;
    let (id, lien) = payable(&app).await;
    let pressed = press(&app, &lien).await;
    app.stripe.pay(&session(&app, &pressed)).unwrap();
    app.anyone().header("cookie", &cookie(&pressed)).get("/portail/carte/retour").await.expect(303);
    assert_eq!(payments(&app.program(), &id).await, received(120_000));
    tell(&app, &secret, COMPLETED).await.expect(200);
    assert_eq!(payments(&app.program(), &id).await, received(120_000));
}

#[tokio::test]
async fn who_never_comes_back_and_is_never_told_of_is_found_by_the_clock() {
    let app = app().await;
    connected(&app).await;
    let (id, lien) = payable(&app).await;
    let pressed = press(&app, &lien).await;
    look(&app, &id).await;
    assert_eq!(app.stripe.sessions().unwrap()[0]["status"], "open", "there is time to pay");
    app.stripe.pay(&session(&app, &pressed)).unwrap();
    // The provider does not answer: later.
    app.stripe.faults().fail_next(1);
    let back = app.anyone().header("cookie", &cookie(&pressed)).get("/portail/carte/retour").await.expect(303);
    assert!(followed(&app, &back).await.contains("en cours de confirmation"));
    assert_eq!(status(&app, &id).await, "unpaid");
    futures::join!(look(&app, &id), look(&app, &id));
    assert_eq!(payments(&app.program(), &id).await, received(120_000));

    // Given up: after two hours nobody pays by it any more.
    let (other, lien) = payable(&app).await;
    let pressed = press(&app, &lien).await;
    app.advance(SignedDuration::from_hours(3));
    look(&app, &other).await;
    assert_eq!(app.stripe.sessions().unwrap()[1]["status"], "expired");
    let back = app.anyone().header("cookie", &cookie(&pressed)).get("/portail/carte/retour?abandon=1").await;
    assert!(followed(&app, &back.expect(303)).await.contains("n’a pas été effectué"));
    assert_ne!(press(&app, &lien).await.header("location"), pressed.header("location"));
}

#[tokio::test]
async fn nobody_is_charged_for_what_was_paid_otherwise() {
    let app = app().await;
    let secret = connected(&app).await;
    let (id, lien) = payable(&app).await;
    let first = session(&app, &press(&app, &lien).await);
    let path = format!("/api/v1/invoices/{id}/payments");
    let part = json!({ "amount": "200", "paid_on": "2026-11-22" });
    app.program().post(&path, &part).await.expect(201);
    assert_eq!(app.written_under("#OUTBOX#").matches("checkout.due.v1").count(), 1);
    // Before the worker looked: another amount is due, so the former page is ended.
    let second = session(&app, &press(&app, &lien).await);
    assert_ne!(first, second);
    let sessions = app.stripe.sessions().unwrap();
    assert_eq!((&sessions[0]["status"], &sessions[1]["amount_total"]), (&json!("expired"), &json!(100_000)));
    // A late word of the former one ends nothing.
    tell(&app, &secret, "checkout.session.expired").await.expect(200);
    // Cancelled by a credit note while somebody is paying.
    let credit = json!({ "reason": "Commande annulée" });
    app.program().post(&format!("/api/v1/invoices/{id}/credit-notes"), &credit).await.expect(201);
    look(&app, &id).await;
    assert_eq!(app.stripe.sessions().unwrap()[1]["status"], "expired");
    assert!(app.stripe.pay(&second).is_ok());
    assert_eq!(app.stripe.sessions().unwrap()[1]["payment_status"], "unpaid");

    // Who was faster than the worker has a credit.
    let (id, lien) = payable(&app).await;
    let session = session(&app, &press(&app, &lien).await);
    let whole = json!({ "amount": "1200", "paid_on": "2026-11-22" });
    app.program().post(&format!("/api/v1/invoices/{id}/payments"), &whole).await.expect(201);
    app.stripe.pay(&session).unwrap();
    look(&app, &id).await;
    tell(&app, &secret, COMPLETED).await.expect(200);
    let shown = app.program().get(&format!("/api/v1/invoices/{id}")).await.json();
    assert_eq!(shown["paid_minor"], 240_000);
    assert_eq!(status(&app, &id).await, "paid");
}

#[tokio::test]
async fn two_links_pressed_at_once_lead_to_one_page() {
    let app = app().await;
    connected(&app).await;
    let (id, lien) = payable(&app).await;
    let (other, _) = link(&app, &id).await;
    let other = other.strip_prefix("lien=").unwrap();
    let (a, b, c) = futures::join!(press(&app, &lien), press(&app, other), press(&app, &lien));
    assert_eq!(app.stripe.sessions().unwrap().len(), 1);
    for pressed in [a, b, c] {
        session(&app, &pressed);
    }
    // As when we were killed after the provider had made it: it is found again.
    let (scope, key) = (app.scope(), app.scope().keys().checkout(id.parse().unwrap()));
    let kept = scope.get::<invoicing::card::Checkout>(&key).await.unwrap().unwrap();
    assert_eq!(kept.amount_minor, Minor(120_000));
}

#[tokio::test]
async fn what_the_account_has_not_signed_counts_for_nothing() {
    let app = app().await;
    let secret = connected(&app).await;
    let (id, lien) = payable(&app).await;
    app.stripe.pay(&session(&app, &press(&app, &lien).await)).unwrap();
    let event = app.stripe.events().unwrap().pop().unwrap().to_string();
    let ours = app.ours.id.to_string();
    let now = app.clock.now();
    let good = sign(&secret, event.as_bytes(), now);
    for (signature, body) in [
        (String::new(), event.clone()),
        (sign("whsec_other", event.as_bytes(), now), event.clone()),
        (good.clone(), event.replace("120000", "120001")),
        (sign(&secret, event.as_bytes(), now - SignedDuration::from_mins(6)), event.clone()),
        (sign(&secret, b"{", now), "{".into()),
    ] {
        send(&app, &ours, &signature, &body).await.expect(400);
    }
    // Of another organization, of none, and of one that takes no cards.
    send(&app, &app.theirs.id.to_string(), &good, &event).await.expect(404);
    send(&app, "org_00000000000000000000000000", &good, &event).await.expect(404);
    send(&app, "inv_00000000000000000000000000", &good, &event).await.expect(404);
    // Signed, but made for something else: for the other tenant, for nobody of ours, for an invoice that is not here.
    let theirs = event.replace(&ours, &app.theirs.id.to_string());
    let foreign = event.replace("\"metadata\"", "\"others\"");
    let unknown = event.replace(&id, "inv_00000000000000000000000000");
    for body in [theirs, foreign, unknown] {
        send(&app, &ours, &sign(&secret, body.as_bytes(), now), &body).await.expect(200);
    }
    let in_francs = event.replace("\"eur\"", "\"chf\"");
    send(&app, &ours, &sign(&secret, in_francs.as_bytes(), now), &in_francs).await.expect(200);
    assert_eq!(payments(&app.program(), &id).await, []);
    send(&app, &ours, &good, &event).await.expect(200);
    assert_eq!(payments(&app.program(), &id).await, received(120_000));
}

/// A paid invoice of which half is given back by a credit note; with the payment.
async fn overpaid(app: &App) -> (String, String) {
    let (id, lien) = payable(app).await;
    let pressed = press(app, &lien).await;
    app.stripe.pay(&session(app, &pressed)).unwrap();
    app.anyone().header("cookie", &cookie(&pressed)).get("/portail/carte/retour").await.expect(303);
    let credit = json!({ "reason": "Rendu", "lines": [{ "line": 1, "amount": "500" }] });
    app.program().post(&format!("/api/v1/invoices/{id}/credit-notes"), &credit).await.expect(201);
    let payment = app.program().get(&format!("/api/v1/invoices/{id}/payments")).await.field("/items/0/id");
    (id, payment)
}

#[tokio::test]
async fn a_refund_goes_back_to_the_card_once() {
    let app = app().await;
    let secret = connected(&app).await;
    let (id, payment) = overpaid(&app).await;
    let path = format!("/api/v1/invoices/{id}/payments/{payment}/card-refund");
    let program = app.program();
    for wrong in ["", "0", "abc", "600.01"] {
        assert_eq!(program.post(&path, &json!({ "amount": wrong })).await.expect(422).violations(), ["/amount"]);
    }
    app.stranger().post(&path, &json!({ "amount": "10" })).await.expect(404);
    // The provider had it already when we were killed: asked again, it is the same one.
    let listed = program.get(&format!("/api/v1/invoices/{id}/payments")).await;
    let intent = listed.field("/items/0/reference");
    let request = hex::encode(Sha256::digest(format!("{}-twice", app.user_with_role(Role::Owner))));
    app.deps.cards.refund(&KEY.into(), &intent, Minor(25_000), &request[..32], "once").await.unwrap();
    let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200);
    assert!(plain(&page).contains("Rembourser sur la carte"));
    let form = format!("/facturation/factures/{id}/paiements/{payment}/rembourser");
    let owner = app.owner();
    let fields = [("_key", "twice"), ("amount", "250,00")];
    let (a, b) = futures::join!(owner.form(&form, &fields), owner.form(&form, &fields));
    for done in [a, b, owner.form(&form, &fields).await] {
        done.expect(303);
    }
    assert_eq!(app.stripe.refunds().unwrap().len(), 1);
    tell(&app, &secret, "charge.refunded").await.expect(200);
    let both = [("received".to_owned(), 120_000), ("refunded".to_owned(), 25_000)];
    assert_eq!(payments(&program, &id).await, both);
    // The rest, and not more.
    program.post(&path, &json!({ "amount": "350.01" })).await.expect(422);
    program.clone().idempotency_key("rest").post(&path, &json!({ "amount": "350" })).await.expect(201);
    program.clone().idempotency_key("rest").post(&path, &json!({ "amount": "350" })).await.expect(201);
    program.post(&path, &json!({ "amount": "1" })).await.expect(409);
    assert_eq!(app.stripe.refunds().unwrap().len(), 2);
    assert_eq!(status(&app, &id).await, "paid");
}

#[tokio::test]
async fn two_who_give_the_same_money_back_at_once_do_it_once() {
    for round in 0..8 {
        let app = app().await;
        connected(&app).await;
        let (id, payment) = overpaid(&app).await;
        let path = format!("/api/v1/invoices/{id}/payments/{payment}/card-refund");
        let form = format!("/facturation/factures/{id}/paiements/{payment}/rembourser");
        let (owner, program) = (app.owner(), app.program().idempotency_key("theirs"));
        // All of the excess; and shares of it that do not fit together.
        let (amount, typed) = if round % 2 == 0 { ("600", "600,00") } else { ("400", "350,00") };
        let (fields, body) = ([("_key", "mine"), ("amount", typed)], json!({ "amount": amount }));
        let (a, b) = futures::join!(owner.form(&form, &fields), program.post(&path, &body));
        let refunds = app.stripe.refunds().unwrap();
        let back: i64 = refunds.iter().map(|refund| refund["amount"].as_i64().unwrap()).sum();
        assert!(back <= 60_000 && back > 0, "{refunds:?}: {} {}", a.status, b.status);
        let done = [a.status == 303, b.status == 201].into_iter().filter(|done| *done).count();
        assert_eq!((done, refunds.len()), (1, 1), "{} {}", a.status, b.status);
        // Whoever comes back finds what is left.
        let again = program.post(&path, &body).await;
        assert!(!again.status.is_server_error(), "{}", again.text());
        let back: i64 = app.stripe.refunds().unwrap().iter().map(|refund| refund["amount"].as_i64().unwrap()).sum();
        assert!(back <= 60_000);
    }
}

#[tokio::test]
async fn what_the_provider_refused_somebody_is_not_refused_to_the_next() {
    let app = app().await;
    connected(&app).await;
    let (id, payment) = overpaid(&app).await;
    let program = app.program();
    let intent = program.get(&format!("/api/v1/invoices/{id}/payments")).await.field("/items/0/reference");
    let once = format!("refund-{payment}-0-0");
    app.deps.cards.refund(&KEY.into(), &intent, Minor(9_999_999), "theirs", &once).await.unwrap_err();
    let path = format!("/api/v1/invoices/{id}/payments/{payment}/card-refund");
    program.post(&path, &json!({ "amount": "600" })).await.expect(201);
    assert_eq!(app.stripe.refunds().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_given_back_at_the_providers_own_page_is_due_again() {
    let app = app().await;
    let secret = connected(&app).await;
    let (id, lien) = payable(&app).await;
    app.stripe.pay(&session(&app, &press(&app, &lien).await)).unwrap();
    let completed = app.stripe.events().unwrap();
    let intent = completed[0]["data"]["object"]["payment_intent"].as_str().unwrap().to_owned();
    app.deps.cards.refund(&KEY.into(), &intent, Minor(20_000), "", "").await.unwrap();
    // Events in the wrong order: told again later.
    tell(&app, &secret, "charge.refunded").await.expect(503);
    tell(&app, &secret, COMPLETED).await.expect(200);
    for _ in 0..2 {
        tell(&app, &secret, "charge.refunded").await.expect(200);
    }
    let both = [("received".to_owned(), 120_000), ("refunded".to_owned(), 20_000)];
    assert_eq!(payments(&app.program(), &id).await, both);
    assert_eq!(status(&app, &id).await, "partly_paid");
}

#[tokio::test]
async fn a_payment_that_was_not_made_online_does_not_go_back_to_a_card() {
    let app = app().await;
    connected(&app).await;
    let id = issued(&app, &app.program()).await;
    let whole = json!({ "amount": "1300", "paid_on": "2026-11-22", "method": "card", "allow_overpayment": "true" });
    let path = format!("/api/v1/invoices/{id}/payments");
    let payment = app.program().post(&path, &whole).await.expect(201).field("/payment/id");
    app.program().post(&format!("{path}/{payment}/card-refund"), &json!({ "amount": "10" })).await.expect(409);
    assert!(!plain(&app.owner().get(&format!("/facturation/factures/{id}")).await).contains("Rembourser sur la carte"));
}

#[tokio::test]
async fn keys_are_taken_once_and_shown_to_nobody() {
    let app = app().await;
    let owner = app.owner();
    let page = "/facturation/espace-client";
    assert!(plain(&owner.get(page).await.expect(200)).contains(&format!("/webhooks/stripe/{}", app.ours.id)));
    let webhook = "whsec_0123456789abcdef";
    for (key, secret, wrong) in [
        ("", "", "obligatoire"),
        ("pk_test_atelier0001", webhook, "n’a pas la forme attendue"),
        // The provider knows no such key.
        ("sk_live_inconnue0001", webhook, "Stripe refuse cette clé"),
    ] {
        let fields = [("secret_key", key), ("webhook_secret", secret)];
        let answer = owner.form(&format!("{page}/carte"), &fields).await.expect(422);
        assert!(plain(&answer).contains(wrong), "{}", plain(&answer));
        assert!(key.is_empty() || !answer.text().contains(key));
    }
    app.stripe.faults().fail_next(1);
    let fields = [("secret_key", KEY), ("webhook_secret", webhook)];
    owner.form(&format!("{page}/carte"), &fields).await.expect(503);
    owner.form(&format!("{page}/carte"), &fields).await.expect(303);
    let shown = owner.get(page).await.expect(200).text();
    let told = app.program().get("/api/v1/portal/settings").await.expect(200);
    assert_eq!((told.field("/cards/key_ending"), told.field("/cards/is_live")), ("0001".into(), "false".into()));
    let written = app.written_under("ORG#");
    for secret in [KEY, webhook] {
        for place in [&shown, &told.text(), &written] {
            assert!(!place.contains(secret), "{secret} in {place}");
        }
    }
    // The log says that they changed, and not to what they were sealed.
    let log = app.written_under("#AUDIT#");
    let entry = log.lines().find(|line| line.contains("connect_cards")).unwrap();
    assert!(entry.contains("•••") && entry.contains("secret_key"), "{entry}");
    let sealed = app.scope().get::<invoicing::card::PortalSettings>(&app.scope().keys().portal_settings()).await;
    let sealed = serde_json::to_value(&sealed.unwrap().unwrap().value.cards.unwrap().secret_key).unwrap();
    assert!(!entry.contains(sealed.as_str().unwrap()));
    assert_eq!(app.stranger().get("/api/v1/portal/settings").await.expect(200).json()["cards"], Value::Null);

    // Held back for a while, then forgotten.
    let (_, lien) = payable(&app).await;
    owner.form(page, &[("lists_documents", "true")]).await.expect(303);
    let offers = || async { plain(&app.anyone().get(&format!("/portail?lien={lien}")).await.expect(200)) };
    assert!(!offers().await.contains("par carte"));
    owner.form(page, &[("lists_documents", "true"), ("offers_cards", "true")]).await.expect(303);
    assert!(offers().await.contains("par carte"));
    owner.form(&format!("{page}/carte/retirer"), &[]).await.expect(303);
    assert!(!offers().await.contains("par carte"));
    let kept = app.program().delete("/api/v1/portal/cards").await.expect(200);
    assert_eq!(kept.json()["cards"], Value::Null);
}

#[tokio::test]
async fn where_the_organization_does_not_allow_it_there_is_no_list_of_documents() {
    let app = app().await;
    let (_, lien) = payable(&app).await;
    let page = || async { plain(&app.anyone().get(&format!("/portail?lien={lien}")).await.expect(200)) };
    assert!(page().await.contains("Tous vos documents"));
    let program = app.program();
    let settings = json!({ "lists_documents": "", "offers_cards": "true" });
    program.put("/api/v1/portal/settings", &settings).await.expect(200);
    assert!(!page().await.contains("Tous vos documents"));
    app.anyone().form("/portail/acces", &[("lien", &lien)]).await.expect(404);
}

#[tokio::test]
async fn a_provider_that_is_away_leaves_everything_as_it_was() {
    let app = app().await;
    connected(&app).await;
    let (id, lien) = payable(&app).await;
    app.stripe.faults().set_failing(true);
    let pressed = press(&app, &lien).await;
    assert!(followed(&app, &pressed).await.contains("n’est pas possible en ce moment"));
    app.stripe.faults().set_failing(false);
    let checkout = app.scope().keys().checkout(id.parse().unwrap());
    assert_eq!(app.scope().get::<invoicing::card::Checkout>(&checkout).await.unwrap(), None);
    app.stripe.pay(&session(&app, &press(&app, &lien).await)).unwrap();
    // A link that opens nothing pays nothing, and a quote is not paid by card.
    app.anyone().form("/portail/carte", &[("lien", "nothing")]).await.expect(404);
    let quote = crate::portal::sent(&app).await;
    let (query, _) = link(&app, &quote).await;
    app.anyone().form("/portail/carte", &[("lien", query.strip_prefix("lien=").unwrap())]).await.expect(404);
}

#[tokio::test]
async fn what_is_debited_is_not_paid_by_card_too() {
    let app = app().await;
    connected(&app).await;
    let (id, lien) = payable(&app).await;
    let program = app.program();
    let client = program.get(&format!("/api/v1/invoices/{id}")).await.field("/client_id");
    let creditor = json!({ "creditor_id": "FR72ZZZ123456", "notice_days": "2" });
    program.put("/api/v1/sepa-creditor", &creditor).await.expect(200);
    let mandate = json!({ "client_id": client, "iban": "DE89370400440532013000", "signed_on": "2026-11-01",
                          "scheme": "core" });
    let mandate = program.post("/api/v1/mandates", &mandate).await.expect(201).field("/id");
    let remittance = json!({ "debit_on": "2026-11-27", "lines": [{ "invoice_id": id, "mandate_id": mandate }] });
    // While somebody may be paying it by card, nobody debits it.
    press(&app, &lien).await;
    let refused = program.post("/api/v1/remittances", &remittance).await.expect(422);
    assert_eq!(refused.violations(), ["/lines/0/invoice_id"]);
    app.advance(SignedDuration::from_hours(3));
    look(&app, &id).await;
    let made = program.post("/api/v1/remittances", &remittance).await.expect(201).field("/id");
    // Nor the other way round.
    let page = plain(&app.anyone().get(&format!("/portail?lien={lien}")).await.expect(200));
    assert!(page.contains("Prélèvement prévu le"), "{page}");
    assert!(!page.contains("par carte") && !page.contains("Payer par virement"), "{page}");
    press(&app, &lien).await;
    assert_eq!(app.stripe.sessions().unwrap().len(), 1);
    let seen = json!({ "invoice_ids": [id], "mandate_ids": [mandate] });
    program.post(&format!("/api/v1/remittances/{made}/cancel"), &seen).await.expect(200);
    let page = plain(&app.anyone().get(&format!("/portail?lien={lien}")).await.expect(200));
    assert!(page.contains("Payer 1 200,00 € par carte"), "{page}");
}
