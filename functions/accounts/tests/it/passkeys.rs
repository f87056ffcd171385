//! Passkeys through the router, with a device in software.

use std::sync::Arc;

use accounts::account::store::Account;
use cloud::{Config, Deps};
use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{
    Actor, Tenant,
    event::Owner,
    id::{OrganizationId, UserId},
    reference::OrganizationReference,
};
use serde_json::{Value, json};
use table::{TenantKeys, keys, shared::OwnedMail};
use testkit::{App, Client, Device, Reply, SITE};
use web::{Session, credentials::Secret};

use crate::{PASSWORD, app, second_factor::code, session};

const EMAIL: &str = "camille@pont.example";
const MINE: &str = "/api/v1/accounts/me/passkeys";

/// Somebody who has just signed up, and in.
struct Person {
    cookie: String,
    client: Client,
}

impl Person {
    async fn new(app: &App, email: &str) -> Self {
        let cookie = session(app, email).await;
        Self { client: app.anyone().session(&cookie), cookie }
    }

    fn user(&self) -> UserId {
        UserId::from_ulid(self.cookie.split('.').next().unwrap().parse().unwrap())
    }

    fn organization(&self) -> OrganizationId {
        OrganizationId::from_ulid(self.cookie.split('.').nth(1).unwrap().parse().unwrap())
    }

    /// Registers a passkey with the password.
    async fn register(&self, device: &mut Device) -> Reply {
        let begun = begin(&self.client, &format!("{MINE}/start"), json!({ "password": PASSWORD })).await;
        self.client.post(MINE, &created(&begun, device, "Téléphone").await).await.expect(201)
    }

    async fn confirmed(&self, device: &mut Device) -> Value {
        shown(&self.client, &format!("{MINE}/confirm"), device).await
    }

    async fn remove(&self, id: &str, proof: &Value) -> Reply {
        self.client.post(&format!("{MINE}/{id}/remove"), proof).await
    }

    /// The subjects of the mails that they were sent.
    async fn told(&self, app: &App) -> Vec<String> {
        let mails = TenantKeys::of(self.organization()).mails(Owner::User(self.user()));
        let mails = app.deps.table.collection(&mails).await.unwrap().all::<OwnedMail>().unwrap();
        mails.into_iter().map(|mail| mail.value.mail.subject).collect()
    }
}

async fn begin(client: &Client, path: &str, body: Value) -> Value {
    client.post(path, &body).await.expect(201).json()
}

async fn created(begun: &Value, device: &mut Device, name: &str) -> Value {
    let response = device.create(SITE, &begun["options"]).await;
    json!({ "name": name, "ceremony": begun["ceremony"], "response": response })
}

/// The device's answer to what is asked there.
async fn shown(client: &Client, path: &str, device: &mut Device) -> Value {
    let begun = begin(client, path, json!({})).await;
    json!({ "ceremony": begun["ceremony"], "response": device.get(SITE, &begun["options"]).await })
}

async fn to_sign_in(app: &App, device: &mut Device) -> Value {
    shown(&app.anyone(), "/api/v1/sessions/passkey/start", device).await
}

async fn sign_in(app: &App, shown: &Value) -> Reply {
    app.anyone().post("/api/v1/sessions/passkey", shown).await
}

/// The password, and the cookie that waits for more.
async fn challenged(app: &App) -> Client {
    let credentials = json!({ "email": EMAIL, "password": PASSWORD });
    let reply = app.anyone().post("/api/v1/sessions", &credentials).await.expect(202);
    app.anyone().header("cookie", pair(&reply))
}

fn pair(reply: &Reply) -> &str {
    reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie")
}

async fn session_of(app: &App, cookie: &str) -> Session {
    let secret = cookie.rsplit('.').next().expect("a secret");
    app.deps.table.get::<Session>(&keys::session(&Secret::hash_of(secret))).await.unwrap().unwrap().value
}

fn recovery_codes(reply: &Reply) -> Vec<String> {
    let json = reply.json();
    json["recovery_codes"].as_array().expect("codes").iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_passkey_is_added_after_the_password_and_then_signs_in_alone() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::counting();
    let refused = camille.client.post(&format!("{MINE}/start"), &json!({ "password": "faux" })).await.expect(422);
    assert_eq!(refused.violations(), ["/password"]);
    assert!(!session_of(&app, &camille.cookie).await.second_factor);
    let registered = camille.register(&mut device).await;
    assert_eq!(recovery_codes(&registered).len(), 10, "a passkey may be lost too");
    assert!(session_of(&app, &camille.cookie).await.second_factor, "it was shown just now");
    assert_eq!(camille.told(&app).await, ["Une clé d’accès a été ajoutée à votre compte"]);

    app.advance(SignedDuration::from_hours(1));
    let entered = sign_in(&app, &to_sign_in(&app, &mut device).await).await.expect(204);
    assert!(entered.round_trips().is_some_and(|trips| trips <= 3));
    assert!(session_of(&app, pair(&entered)).await.second_factor);
    let client = app.anyone().header("cookie", pair(&entered));
    let listed = client.get(MINE).await.expect(200);
    assert_eq!(listed.field("/items/0/name"), "Téléphone");
    assert_eq!(listed.field("/items/0/last_used_at"), "2026-11-22T10:00:00Z");
    assert_eq!(listed.field("/items/0/is_synchronized"), "true");
    assert!(!listed.text().contains("public_key"));
    let page = client.get("/compte/securite").await.expect(200).text();
    assert!(page.contains("Téléphone") && page.contains("Synchronisée") && page.contains("22/11/2026"), "{page}");

    let path = format!("{MINE}/{}", listed.field("/items/0/id"));
    client.put(&path, &json!({ "name": "  " })).await.expect(422);
    assert_eq!(client.put(&path, &json!({ "name": "Clé USB" })).await.expect(200).field("/name"), "Clé USB");
}

#[tokio::test]
async fn it_is_the_second_step_where_the_password_comes_first() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::new();
    let codes = recovery_codes(&camille.register(&mut device).await);
    let waiting = challenged(&app).await;
    let page = waiting.get("/connexion/verification").await.expect(200).text();
    assert!(page.contains("Utiliser une clé d’accès") && page.contains("Code de secours"));
    let answer = shown(&waiting, "/api/v1/sessions/second-factor/start", &mut device).await;
    let entered = waiting.post("/api/v1/sessions/second-factor", &answer).await.expect(204);
    assert!(session_of(&app, pair(&entered)).await.second_factor);
    // Challenge and answer are spent.
    waiting.post("/api/v1/sessions/second-factor", &answer).await.expect(401);
    let again = challenged(&app).await;
    let refused = again.post("/api/v1/sessions/second-factor", &answer).await.expect(422);
    assert_eq!(refused.violations(), ["/response"]);
    let refused = again.post("/api/v1/sessions/second-factor", &json!({ "code": "123456" })).await.expect(422);
    assert_eq!(refused.violations(), ["/code"], "there is no application");
    // Without the device, a recovery code.
    again.post("/api/v1/sessions/second-factor", &json!({ "code": codes[0] })).await.expect(204);
    let refused = challenged(&app).await.post("/api/v1/sessions/second-factor", &json!({ "code": codes[0] })).await;
    refused.expect(422);
    // Who did not show the password is asked for nothing.
    app.anyone().post("/api/v1/sessions/second-factor/start", &json!({})).await.expect(401);
}

#[tokio::test]
async fn an_answer_counts_once_however_often_it_comes_and_however_fast() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::counting();
    // A double click on the last button.
    let begun = begin(&camille.client, &format!("{MINE}/start"), json!({ "password": PASSWORD })).await;
    let new = created(&begun, &mut device, "Téléphone").await;
    let replies = join_all((0..3).map(|_| camille.client.post(MINE, &new))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    assert!(replies.iter().all(|reply| reply.status == 201 || reply.violations() == ["/response"]));
    assert_eq!(camille.told(&app).await.len(), 1);

    let answer = to_sign_in(&app, &mut device).await;
    let replies = join_all((0..4).map(|_| sign_in(&app, &answer))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 204).count(), 1);
    sign_in(&app, &answer).await.expect(401);
    let account = app.deps.table.get::<Account>(&keys::email(EMAIL)).await.unwrap().unwrap();
    assert_eq!((account.passkeys, account.has_second_factor()), (1, true));

    let late = to_sign_in(&app, &mut device).await;
    app.advance(SignedDuration::from_mins(5));
    sign_in(&app, &late).await.expect(401);
}

#[tokio::test]
async fn what_somebody_else_began_or_holds_proves_nothing() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let dominique = Person::new(&app, "dominique@quai.example").await;
    let (mut hers, mut his) = (Device::new(), Device::new());
    // He ends what she began, and takes it over with what she showed.
    let begun = begin(&camille.client, &format!("{MINE}/start"), json!({ "password": PASSWORD })).await;
    let new = created(&begun, &mut his, "Téléphone").await;
    assert_eq!(dominique.client.post(MINE, &new).await.expect(422).violations(), ["/response"]);
    let id = camille.register(&mut hers).await.field("/passkey/id");
    dominique.register(&mut his).await;
    let her_proof = camille.confirmed(&mut hers).await;
    let refused = dominique.client.post(&format!("{MINE}/start"), &her_proof).await.expect(422);
    assert_eq!(refused.violations(), ["/response"]);
    // Her passkey is none of his, whatever he shows.
    let his_proof = dominique.confirmed(&mut his).await;
    dominique.remove(&id, &his_proof).await.expect(404);
    dominique.client.put(&format!("{MINE}/{id}"), &json!({ "name": "À moi" })).await.expect(404);
    assert_eq!(camille.client.get(MINE).await.expect(200).field("/items/0/name"), "Téléphone");
    // The second step of her sign-in, with his passkey.
    let waiting = challenged(&app).await;
    let mut begun = begin(&waiting, "/api/v1/sessions/second-factor/start", json!({})).await;
    begun["options"]["allowCredentials"] = json!([]);
    let answer = json!({ "ceremony": begun["ceremony"], "response": his.get(SITE, &begun["options"]).await });
    assert_eq!(waiting.post("/api/v1/sessions/second-factor", &answer).await.expect(422).violations(), ["/response"]);
    // What was asked for one thing proves nothing for another.
    let for_sign_in = to_sign_in(&app, &mut hers).await;
    camille.client.post(&format!("{MINE}/start"), &for_sign_in).await.expect(422);
    waiting.post("/api/v1/sessions/second-factor", &for_sign_in).await.expect(422);
    sign_in(&app, &camille.confirmed(&mut hers).await).await.expect(401);
    sign_in(&app, &for_sign_in).await.expect(204);
}

#[tokio::test]
async fn an_unknown_passkey_a_removed_one_and_a_wrong_answer_are_answered_alike() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let (mut device, mut other) = (Device::new(), Device::new());
    let id = camille.register(&mut device).await.field("/passkey/id");
    camille.register(&mut other).await;
    let mut wrong = to_sign_in(&app, &mut device).await;
    wrong["response"]["response"]["signature"] = json!("AAAA");
    let mut unknown = to_sign_in(&app, &mut device).await;
    unknown["response"]["rawId"] = json!("AAAA");
    unknown["response"]["id"] = json!("AAAA");
    let removed = to_sign_in(&app, &mut device).await;
    camille.remove(&id, &json!({ "password": PASSWORD })).await.expect(204);
    for answer in [wrong, unknown, removed] {
        let refused = sign_in(&app, &answer).await.expect(401);
        assert!(refused.field("/type").ends_with(":wrong-credentials"));
        let response = answer["response"].to_string();
        let fields = [("ceremony", answer["ceremony"].as_str().unwrap()), ("response", response.as_str())];
        let page = app.anyone().form("/connexion/cle", &fields).await.expect(422).text();
        assert!(page.contains("Cette clé d’accès n’est pas reconnue"), "{page}");
    }
    assert!(camille.told(&app).await.iter().any(|told| told == "Une clé d’accès a été supprimée de votre compte"));
    // It proves nothing to her own account any more either, and what is no answer at all is said to be none.
    let proof = camille.confirmed(&mut other).await;
    camille.remove(&id, &proof).await.expect(404);
    sign_in(&app, &json!({ "ceremony": "cer_x", "response": { "id": 1 } })).await.expect(401);
    let begun = begin(&app.anyone(), "/api/v1/sessions/passkey/start", json!({})).await;
    sign_in(&app, &json!({ "ceremony": begun["ceremony"], "response": { "id": 1 } })).await.expect(400);
    sign_in(&app, &json!({})).await.expect(400);
}

#[tokio::test]
async fn a_copy_whose_counter_is_behind_is_refused_and_its_owner_is_told() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::counting();
    camille.register(&mut device).await;
    let mut copy = device.copy();
    sign_in(&app, &to_sign_in(&app, &mut device).await).await.expect(204);
    let answer = to_sign_in(&app, &mut copy).await;
    assert_eq!(sign_in(&app, &answer).await.expect(409).field("/code"), "passkey_copied");
    let response = answer["response"].to_string();
    let fields = [("ceremony", answer["ceremony"].as_str().unwrap()), ("response", response.as_str())];
    let page = app.anyone().form("/connexion/cle", &fields).await.expect(422).text();
    assert!(page.contains("elle a peut-être été copiée"), "{page}");
}

#[tokio::test]
async fn where_wrong_passkeys_come_from_is_closed_for_a_while() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::new();
    camille.register(&mut device).await;
    let here = app.anyone().header("x-forwarded-for", "198.51.100.7");
    let mut wrong = to_sign_in(&app, &mut device).await;
    wrong["response"]["response"]["signature"] = json!("AAAA");
    for _ in 0..100 {
        here.post("/api/v1/sessions/passkey", &wrong).await.expect(401);
    }
    let right = to_sign_in(&app, &mut device).await;
    here.post("/api/v1/sessions/passkey", &right).await.expect(429);
    // Nobody is locked out by what others try elsewhere.
    sign_in(&app, &right).await.expect(204);
    for _ in 0..300 {
        here.post("/api/v1/sessions/passkey/start", &json!({})).await.expect(201);
    }
    here.post("/api/v1/sessions/passkey/start", &json!({})).await.expect(429);
    // The second step asks no more often.
    here.post("/api/v1/sessions/second-factor/start", &json!({})).await.expect(429);
}

#[tokio::test]
async fn whichever_factor_is_left_is_asked_for_and_the_last_takes_the_rest_along() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::new();
    let codes = recovery_codes(&camille.register(&mut device).await);
    // The codes are hers, so an application brings no others.
    let seed = camille.client.post("/api/v1/accounts/me/totp", &json!({})).await.expect(201).field("/seed");
    let first = json!({ "code": code(&app, &seed) });
    let confirmed = camille.client.post("/api/v1/accounts/me/totp/confirm", &first).await.expect(200);
    assert!(recovery_codes(&confirmed).is_empty());
    app.advance(SignedDuration::from_mins(1));
    let by_passkey = sign_in(&app, &to_sign_in(&app, &mut device).await).await.expect(204);
    let by_passkey = app.anyone().header("cookie", pair(&by_passkey));
    by_passkey.get(MINE).await.expect(200);
    app.advance(SignedDuration::from_secs(1));
    let page = challenged(&app).await.get("/connexion/verification").await.expect(200).text();
    assert!(page.contains("Utiliser une clé d’accès") && page.contains("De votre application"));

    // Without the application, the passkey; proven by the passkey itself.
    let proof = camille.confirmed(&mut device).await;
    camille.client.post("/api/v1/accounts/me/totp/disable", &proof).await.expect(204);
    // What else was open is over, for whoever had the application may have opened it.
    by_passkey.get(MINE).await.expect(401);
    app.advance(SignedDuration::from_secs(1));
    let by_passkey = sign_in(&app, &to_sign_in(&app, &mut device).await).await.expect(204);
    let by_passkey = app.anyone().header("cookie", pair(&by_passkey));
    by_passkey.get(MINE).await.expect(200);
    app.advance(SignedDuration::from_secs(1));
    let waiting = challenged(&app).await;
    let answer = shown(&waiting, "/api/v1/sessions/second-factor/start", &mut device).await;
    waiting.post("/api/v1/sessions/second-factor", &answer).await.expect(204);

    // With both again, and without the passkey, the application.
    let seed = camille.client.post("/api/v1/accounts/me/totp", &json!({})).await.expect(201).field("/seed");
    let first = json!({ "code": code(&app, &seed) });
    camille.client.post("/api/v1/accounts/me/totp/confirm", &first).await.expect(200);
    let id = camille.client.get(MINE).await.expect(200).field("/items/0/id");
    let proof = camille.confirmed(&mut device).await;
    camille.remove(&id, &proof).await.expect(204);
    by_passkey.get(MINE).await.expect(401);
    camille.client.get(MINE).await.expect(200);
    app.advance(SignedDuration::from_mins(1));
    let waiting = challenged(&app).await;
    waiting.post("/api/v1/sessions/second-factor/start", &json!({})).await.expect(404);
    let elsewhere = waiting.post("/api/v1/sessions/second-factor", &json!({ "code": codes[7] })).await.expect(204);
    let elsewhere = app.anyone().header("cookie", pair(&elsewhere));
    elsewhere.get(MINE).await.expect(200);

    // Without any: no code is left, no other session, and this one is as if begun with the password alone.
    app.advance(SignedDuration::from_mins(1));
    let proof = json!({ "password": PASSWORD });
    camille.client.post("/api/v1/accounts/me/totp/disable", &proof).await.expect(204);
    assert!(!session_of(&app, &camille.cookie).await.second_factor);
    elsewhere.get(MINE).await.expect(401);
    assert!(app.deps.table.collection(&keys::factors(camille.user())).await.unwrap().is_empty());
    camille.client.post("/api/v1/accounts/me/recovery-codes", &proof).await.expect(404);
    let credentials = json!({ "email": EMAIL, "password": PASSWORD });
    app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
    assert_eq!(camille.told(&app).await.len(), 6);

    // The next first one brings new codes.
    assert_eq!(recovery_codes(&camille.register(&mut device).await).len(), 10);
}

/// Two tabs: in one the application is confirmed, in the other the only passkey goes.
#[tokio::test]
async fn acts_on_different_factors_at_once_leave_the_account_right() {
    for _ in 0..8 {
        let app = app().await;
        let camille = Person::new(&app, EMAIL).await;
        let mut device = Device::new();
        let id = camille.register(&mut device).await.field("/passkey/id");
        let seed = camille.client.post("/api/v1/accounts/me/totp", &json!({})).await.expect(201).field("/seed");
        let first = json!({ "code": code(&app, &seed) });
        let proof = camille.confirmed(&mut device).await;
        let removing = camille.remove(&id, &proof);
        let confirming = camille.client.post("/api/v1/accounts/me/totp/confirm", &first);
        let (removed, confirmed) = futures::join!(removing, confirming);
        removed.expect(204);
        let codes = recovery_codes(&confirmed.expect(200));
        let account = app.deps.table.get::<Account>(&keys::email(EMAIL)).await.unwrap().unwrap();
        assert_eq!((account.has_totp, account.passkeys), (true, 0));
        // Whichever was first, there are codes, and those that were shown last count.
        let kept = app.deps.table.collection(&keys::factors(camille.user())).await.unwrap();
        assert_eq!(kept.first::<accounts::two_factor::RecoveryCodes>().unwrap().unwrap().hashes.len(), 10);
        if let Some(code) = codes.first() {
            let shown = json!({ "code": code });
            challenged(&app).await.post("/api/v1/sessions/second-factor", &shown).await.expect(204);
        }
    }
}

#[tokio::test]
async fn an_organization_that_wants_a_second_factor_is_content_with_a_passkey_and_keeps_the_last() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let actor = Actor::System { name: "test".into() };
    let scope = &app.deps.table.scope(Tenant::proven(camille.organization(), actor));
    scope
        .write(|| async {
            let read = scope.get::<OrganizationReference>(&scope.keys().organization()).await?.expect("theirs");
            let mut transaction = scope.begin("test", read.id);
            transaction.update(&read, &OrganizationReference { requires_two_factor: true, ..read.value.clone() });
            Ok((transaction, ()))
        })
        .await
        .unwrap();
    camille.client.get("/equipe").await.expect(303);
    let mut device = Device::new();
    let id = camille.register(&mut device).await.field("/passkey/id");
    camille.client.get("/equipe").await.expect(200);
    let entered = sign_in(&app, &to_sign_in(&app, &mut device).await).await.expect(204);
    app.anyone().header("cookie", pair(&entered)).get("/equipe").await.expect(200);

    let proof = camille.confirmed(&mut device).await;
    assert_eq!(camille.remove(&id, &proof).await.expect(409).field("/code"), "last_factor");
    let fields = [("password", PASSWORD)];
    let page = camille.client.form(&format!("/compte/securite/cles/{id}/supprimer"), &fields).await.expect(422).text();
    assert!(page.contains("Ajoutez d’abord un autre moyen"), "{page}");
    let mut other = Device::new();
    camille.register(&mut other).await;
    camille.remove(&id, &proof).await.expect(204);
}

#[tokio::test]
async fn a_passkey_makes_an_administrator_of_the_platform_one() {
    let named = |deps: Deps| {
        let config = Config { platform_admins: vec![EMAIL.into()], ..Config::clone(&deps.config) };
        accounts::router(Deps { config: Arc::new(config), ..deps })
    };
    let app = App::new(named).await;
    let camille = Person::new(&app, EMAIL).await;
    let scope = &app.scope();
    scope
        .write(|| async {
            let read = app.deps.table.get::<Account>(&keys::email(EMAIL)).await?.expect("hers");
            let mut transaction = scope.begin("test", camille.user());
            transaction.update(&read, &Account { email_verified_at: Some(scope.now()), ..read.value.clone() });
            Ok((transaction, ()))
        })
        .await
        .unwrap();
    let mut device = Device::new();
    camille.register(&mut device).await;
    let entered = sign_in(&app, &to_sign_in(&app, &mut device).await).await.expect(204);
    app.anyone().header("cookie", pair(&entered)).get("/plateforme/entreprises/nouvelle").await.expect(200);
}

#[tokio::test]
async fn a_program_changes_nothing_of_it() {
    let app = app().await;
    let program = app.program();
    let password = json!({ "password": PASSWORD });
    program.post(&format!("{MINE}/start"), &password).await.expect(403);
    program.post(&format!("{MINE}/confirm"), &json!({})).await.expect(403);
    let id = "psk_00000000000000000000000001";
    program.post(&format!("{MINE}/{id}/remove"), &password).await.expect(403);
    program.put(&format!("{MINE}/{id}"), &json!({ "name": "x" })).await.expect(403);
    let new = json!({ "name": "x", "ceremony": "cer_00000000000000000000000001", "response": {} });
    program.post(MINE, &new).await.expect(403);
}

/// What stands in an attribute of a page.
fn attribute(page: &str, name: &str) -> String {
    let value = page.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("an attribute");
    value.replace("&#34;", "\"")
}

#[tokio::test]
async fn the_pages_lead_from_the_password_to_the_recovery_codes_and_back() {
    let app = app().await;
    let camille = Person::new(&app, EMAIL).await;
    let mut device = Device::new();
    let refused =
        camille.client.form("/compte/securite/cles/nouvelle", &[("password", "faux")]).await.expect(422).text();
    assert!(refused.contains("Ce n’est pas votre mot de passe actuel."));
    let page =
        camille.client.form("/compte/securite/cles/nouvelle", &[("password", PASSWORD)]).await.expect(200).text();
    let options: Value = serde_json::from_str(&attribute(&page, "data-passkey-options")).unwrap();
    let value = |name: &str| attribute(page.split(&format!("name=\"{name}\"")).nth(1).unwrap(), "value");
    let response = device.create(SITE, &options).await.to_string();
    let (key, ceremony) = (value("_key"), value("ceremony"));
    // A name that is only spaces does not cost the passkey.
    let fields = [("_key", key.as_str()), ("name", " "), ("ceremony", &ceremony), ("response", &response)];
    let shown = camille.client.form("/compte/securite/cles", &fields).await.expect(200).text();
    assert!(shown.contains("data-recovery-codes"));
    // The same form again: done already, and the codes are not shown twice.
    let again = camille.client.form("/compte/securite/cles", &fields).await.expect(303);
    assert_eq!(again.header("location"), Some("/compte/securite"));
    let page = camille.client.get("/compte/securite").await.expect(200).text();
    assert!(page.contains("Appareil inconnu") && page.contains("Il vous reste 10 codes de secours"), "{page}");

    let answer = to_sign_in(&app, &mut device).await;
    let response = answer["response"].to_string();
    let fields =
        [("ceremony", answer["ceremony"].as_str().unwrap()), ("response", &response), ("suite", "/compte/jetons")];
    let entered = app.anyone().form("/connexion/cle", &fields).await.expect(303);
    assert_eq!(entered.header("location"), Some("/compte/jetons"));
    let foreign = app.anyone().header("sec-fetch-site", "cross-site");
    foreign.post("/api/v1/sessions/passkey", &answer).await.expect(403);

    let id = camille.client.get(MINE).await.expect(200).field("/items/0/id");
    camille.client.form(&format!("/compte/securite/cles/{id}/renommer"), &[("name", "Clé <b>")]).await.expect(303);
    assert!(camille.client.get("/compte/securite").await.text().contains("Clé &#60;b&#62;"));
    let proof = camille.confirmed(&mut device).await;
    let response = proof["response"].to_string();
    let fields = [("password", ""), ("ceremony", proof["ceremony"].as_str().unwrap()), ("response", &response)];
    camille.client.form(&format!("/compte/securite/cles/{id}/supprimer"), &fields).await.expect(303);
    assert!(camille.client.get("/compte/securite").await.text().contains("Vous n’en avez pas encore."));
}
