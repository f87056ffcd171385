//! Another password: changed by its owner, or chosen through a link.

use kernel::{event::Owner, id::MailId, mail::Mail};
use serde_json::json;
use table::{TenantKeys, shared::OwnedMail};
use testkit::App;

use crate::{PASSWORD, app, session, sign_up};

const OTHER: &str = "onze hiboux lisent sous la lune";

/// The secret of the newest link that was mailed to somebody, as the mailer would open it.
async fn mailed_secret(app: &App, cookie: &str) -> String {
    let part = |at: usize| cookie.split('.').nth(at).expect("a part").to_owned();
    let user = format!("usr_{}", part(0)).parse().expect("a user");
    let organization = format!("org_{}", part(1)).parse().expect("an organization");
    let mails = TenantKeys::of(organization).mails(Owner::User(user));
    let found = app.deps.table.collection(&mails).await.expect("a reading").all::<OwnedMail>().expect("mails");
    let mail: &Mail = &found.last().expect("a mail").value.mail;
    assert!(mail.text.contains("/connexion/reinitialisation?jeton={secret}"), "{}", mail.text);
    let id: MailId = mail.id;
    let sealed = mail.secret.as_ref().expect("a sealed secret");
    let opened = app.deps.vault.open(&Mail::secret_purpose(organization, id), sealed).await.expect("it opens");
    String::from_utf8(secrecy::ExposeSecret::expose_secret(&opened).to_vec()).expect("a text")
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_through_a_link_that_serves_once() {
    let app = app().await;
    let cookie = session(&app, "camille@pont.example").await;
    let anyone = app.anyone();
    let asked = json!({ "email": "camille@pont.example" });
    anyone.post("/api/v1/accounts/password-resets", &asked).await.expect(202);
    let secret = mailed_secret(&app, &cookie).await;
    let page = anyone.get(&format!("/connexion/reinitialisation?jeton={secret}")).await.expect(200).text();
    assert!(page.contains("camille@pont.example"));

    app.advance(jiff::SignedDuration::from_mins(5));
    let weak = json!({ "secret": secret, "password": "court" });
    let refused = anyone.post("/api/v1/accounts/password-resets/redeem", &weak).await.expect(422);
    assert_eq!(refused.violations(), ["/password"]);
    let fields = [("secret", secret.as_str()), ("password", OTHER)];
    let done = anyone.form("/connexion/reinitialisation", &fields).await.expect(303);
    assert_eq!(done.header("location"), Some("/connexion"));

    // Every session is over, the old password too, and so is the link.
    app.anyone().session(&cookie).get("/api/v1/tokens").await.expect(401);
    let sign_in = |password: &str| json!({ "email": "camille@pont.example", "password": password });
    anyone.post("/api/v1/sessions", &sign_in(PASSWORD)).await.expect(401);
    anyone.post("/api/v1/sessions", &sign_in(OTHER)).await.expect(204);
    let again = json!({ "secret": secret, "password": PASSWORD });
    anyone.post("/api/v1/accounts/password-resets/redeem", &again).await.expect(409);
    let page = anyone.get(&format!("/connexion/reinitialisation?jeton={secret}")).await.expect(409).text();
    assert!(page.contains("Ce lien n’est plus valable"));
}

#[tokio::test]
async fn a_link_is_good_for_an_hour() {
    let app = app().await;
    let cookie = session(&app, "camille@pont.example").await;
    let asked = json!({ "email": "camille@pont.example" });
    app.anyone().post("/api/v1/accounts/password-resets", &asked).await.expect(202);
    let secret = mailed_secret(&app, &cookie).await;
    app.advance(jiff::SignedDuration::from_mins(61));
    let late = json!({ "secret": secret, "password": OTHER });
    app.anyone().post("/api/v1/accounts/password-resets/redeem", &late).await.expect(409);
}

#[tokio::test]
async fn two_who_use_one_link_at_once_are_one() {
    let app = app().await;
    let cookie = session(&app, "camille@pont.example").await;
    let asked = json!({ "email": "camille@pont.example" });
    app.anyone().post("/api/v1/accounts/password-resets", &asked).await.expect(202);
    let secret = mailed_secret(&app, &cookie).await;
    let redeem = |password: &'static str| {
        let (client, secret) = (app.anyone(), secret.clone());
        async move {
            let body = json!({ "secret": secret, "password": password });
            client.post("/api/v1/accounts/password-resets/redeem", &body).await.status.as_u16()
        }
    };
    let mut statuses = <[u16; 2]>::from(tokio::join!(redeem(OTHER), redeem("douze loutres sous la cascade")));
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[tokio::test]
async fn whether_an_address_has_an_account_shows_neither_in_the_answer_nor_in_its_round_trips() {
    let app = app().await;
    app.anyone().post("/api/v1/accounts", &sign_up("camille@pont.example")).await.expect(201);
    let ask = async |email: &str| {
        let body = json!({ "email": email });
        app.anyone().post("/api/v1/accounts/password-resets", &body).await.expect(202)
    };
    let (known, unknown) = (ask("camille@pont.example").await, ask("personne@pont.example").await);
    assert_eq!(known.body, unknown.body);
    assert_eq!(known.round_trips(), unknown.round_trips());
    let page = app.anyone().form("/connexion/oubli", &[("email", "personne@pont.example")]).await.expect(200).text();
    assert!(page.contains("Si un compte existe pour"));
}

#[tokio::test]
async fn a_closed_account_is_opened_by_its_owner_through_the_link() {
    let app = app().await;
    let cookie = session(&app, "camille@pont.example").await;
    let sign_in = |password: &str| json!({ "email": "camille@pont.example", "password": password });
    for _ in 0..11 {
        app.anyone().post("/api/v1/sessions", &sign_in("faux")).await;
    }
    app.anyone().post("/api/v1/sessions", &sign_in(PASSWORD)).await.expect(429);
    let asked = json!({ "email": "camille@pont.example" });
    app.anyone().post("/api/v1/accounts/password-resets", &asked).await.expect(202);
    let secret = mailed_secret(&app, &cookie).await;
    let redeemed = json!({ "secret": secret, "password": OTHER });
    app.anyone().post("/api/v1/accounts/password-resets/redeem", &redeemed).await.expect(204);
    app.anyone().post("/api/v1/sessions", &sign_in(OTHER)).await.expect(204);
}

#[tokio::test]
async fn changing_one_s_password_wants_the_present_one_and_ends_the_other_sessions() {
    let app = app().await;
    let here = app.anyone().session(&session(&app, "camille@pont.example").await);
    let credentials = json!({ "email": "camille@pont.example", "password": PASSWORD });
    let reply = app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
    let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split([';', '=']).nth(1)).expect("a cookie");
    let there = app.anyone().session(cookie);
    app.advance(jiff::SignedDuration::from_mins(1));
    let wrong = json!({ "current_password": "faux", "password": OTHER });
    assert_eq!(here.post("/api/v1/accounts/me/password", &wrong).await.expect(422).violations(), ["/current_password"]);
    there.get("/api/v1/tokens").await.expect(200);
    let right = json!({ "current_password": PASSWORD, "password": OTHER });
    here.post("/api/v1/accounts/me/password", &right).await.expect(204);
    here.get("/api/v1/tokens").await.expect(200);
    there.get("/api/v1/tokens").await.expect(401);
}

#[tokio::test]
async fn a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in() {
    use accounts::account::store::Account;
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::SaltString};
    let app = app().await;
    session(&app, "camille@pont.example").await;
    let key = table::keys::email("camille@pont.example");
    let salt = SaltString::from_b64("c29tZXNhbHRzb21lc2FsdA").expect("a salt");
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).expect("parameters"));
    let weak = weak.hash_password(PASSWORD.as_bytes(), &salt).expect("a hash").to_string();
    let scope = &app.scope();
    let written = scope.write(|| async {
        let read = app.deps.table.get::<Account>(&key).await?.expect("an account");
        let mut transaction = scope.begin("test", read.user);
        transaction.update(&read, &Account { password_hash: weak.clone(), ..read.value.clone() });
        Ok((transaction, ()))
    });
    written.await.expect("a weak hash is written");
    let credentials = json!({ "email": "camille@pont.example", "password": PASSWORD });
    app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
    let account = app.deps.table.get::<Account>(&key).await.expect("a reading").expect("an account");
    assert!(account.password_hash.contains("m=19456,t=2,p=1"), "the parameters are today's");
    app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
}
