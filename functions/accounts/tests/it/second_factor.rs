//! Codes of an application as the second step of signing in.

use serde_json::{Value, json};
use testkit::{App, Client, Reply};
use totp_rs::{Builder, Secret};

use crate::{PASSWORD, app, session};

/// What the application on the phone shows.
pub fn code(app: &App, seed: &str) -> String {
    let seed: String = seed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let secret = Secret::try_from_base32(&seed).expect("a seed");
    let totp = Builder::new().with_secret(secret).build().expect("a generator");
    totp.generate(app.clock.now().as_second() as u64).to_string()
}

struct Enrolled {
    seed: String,
    recovery: Vec<String>,
    client: Client,
}

async fn enrolled(app: &App) -> Enrolled {
    let client = app.anyone().session(&session(app, "camille@pont.example").await);
    let seed = client.post("/api/v1/accounts/me/totp", &json!({})).await.expect(201).field("/seed");
    let wrong = client.post("/api/v1/accounts/me/totp/confirm", &json!({ "code": "000000" })).await.expect(422);
    assert_eq!(wrong.violations(), ["/code"]);
    let right = json!({ "code": code(app, &seed) });
    let codes = client.post("/api/v1/accounts/me/totp/confirm", &right).await.expect(200).json();
    let recovery: Vec<String> = codes["recovery_codes"]
        .as_array()
        .expect("codes")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    assert_eq!(recovery.len(), 10);
    app.advance(jiff::SignedDuration::from_secs(30));
    Enrolled { seed, recovery, client }
}

/// The password, and the cookie that waits for the code.
async fn challenged(app: &App) -> Client {
    let credentials = json!({ "email": "camille@pont.example", "password": PASSWORD });
    let reply = app.anyone().post("/api/v1/sessions", &credentials).await.expect(202);
    assert_eq!(reply.field("/second_factor_required"), "true");
    let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    assert!(cookie.starts_with("challenge="), "{cookie}");
    app.anyone().header("cookie", &cookie)
}

async fn verify(client: &Client, code: &str) -> Reply {
    client.post("/api/v1/sessions/second-factor", &json!({ "code": code })).await
}

#[tokio::test]
async fn the_password_alone_opens_nothing_any_more_and_no_code_is_accepted_twice() {
    let app = app().await;
    let enrolled = enrolled(&app).await;
    let waiting = challenged(&app).await;
    waiting.get("/api/v1/tokens").await.expect(401);
    verify(&waiting, "123456").await.expect(422);
    let now = code(&app, &enrolled.seed);
    let entered = verify(&waiting, &now).await.expect(204);
    assert!(entered.header("set-cookie").is_some_and(|cookie| cookie.starts_with("session=")));
    // The challenge is spent, and so is the code.
    verify(&waiting, &now).await.expect(401);
    verify(&challenged(&app).await, &now).await.expect(422);
    app.advance(jiff::SignedDuration::from_secs(30));
    verify(&challenged(&app).await, &code(&app, &enrolled.seed)).await.expect(204);
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_phone_once() {
    let app = app().await;
    let enrolled = enrolled(&app).await;
    verify(&challenged(&app).await, &enrolled.recovery[3].to_uppercase()).await.expect(204);
    verify(&challenged(&app).await, &enrolled.recovery[3]).await.expect(422);
    verify(&challenged(&app).await, &enrolled.recovery[4]).await.expect(204);
    let page = enrolled.client.get("/compte/securite").await.expect(200).text();
    assert!(page.contains("Il vous reste 8 codes de secours"), "{page}");
    assert!(!page.contains(&enrolled.recovery[5]), "codes are shown once");

    let renewed = json!({ "password": PASSWORD });
    enrolled.client.post("/api/v1/accounts/me/recovery-codes", &renewed).await.expect(200);
    verify(&challenged(&app).await, &enrolled.recovery[5]).await.expect(422);
}

#[tokio::test]
async fn codes_are_throttled_and_a_challenge_ends_after_ten_minutes() {
    let app = app().await;
    let enrolled = enrolled(&app).await;
    let waiting = challenged(&app).await;
    for _ in 0..9 {
        verify(&waiting, "123456").await.expect(422);
    }
    // The wrong one of the set-up counted too.
    verify(&waiting, &code(&app, &enrolled.seed)).await.expect(429);
    app.advance(jiff::SignedDuration::from_mins(16));
    verify(&waiting, &code(&app, &enrolled.seed)).await.expect(401);
    verify(&challenged(&app).await, &code(&app, &enrolled.seed)).await.expect(204);
}

#[tokio::test]
async fn it_is_disabled_only_with_the_password() {
    let app = app().await;
    let enrolled = enrolled(&app).await;
    let path = "/api/v1/accounts/me/totp/disable";
    let refused = enrolled.client.post(path, &json!({ "password": "faux" })).await.expect(422);
    assert_eq!(refused.violations(), ["/password"]);
    enrolled.client.post(path, &json!({ "password": PASSWORD })).await.expect(204);
    let credentials = json!({ "email": "camille@pont.example", "password": PASSWORD });
    app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
}

#[tokio::test]
async fn the_pages_lead_from_the_qr_code_to_the_second_step() {
    let app = app().await;
    let client = app.anyone().session(&session(&app, "camille@pont.example").await);
    client.form("/compte/securite/totp", &[]).await.expect(303);
    let page = client.get("/compte/securite/totp").await.expect(200).text();
    assert!(page.contains("<svg") && page.contains("otpauth://totp/ABSERVICE"));
    let seed = page.split("wrap-anywhere\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the seed");
    let shown = client.form("/compte/securite/totp/confirmer", &[("code", &code(&app, seed))]).await.expect(200).text();
    assert_eq!(shown.matches("data-recovery-codes").count(), 1);
    app.advance(jiff::SignedDuration::from_secs(30));

    let fields = [("email", "camille@pont.example"), ("password", PASSWORD), ("suite", "/compte/jetons")];
    let reply = app.anyone().form("/connexion", &fields).await.expect(303);
    assert_eq!(reply.header("location"), Some("/connexion/verification?suite=%2Fcompte%2Fjetons"));
    let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let waiting = app.anyone().header("cookie", &cookie);
    waiting.get("/connexion/verification?suite=%2Fcompte%2Fjetons").await.expect(200);
    let fields = [("code", code(&app, seed)), ("suite", "/compte/jetons".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let entered = waiting.form("/connexion/verification", &fields).await.expect(303);
    assert_eq!(entered.header("location"), Some("/compte/jetons"));
}

#[tokio::test]
async fn an_organization_may_want_it_of_all_its_members() {
    let app = app().await;
    let required = kernel::reference::OrganizationReference { requires_two_factor: true, ..app.ours.clone() };
    let scope = &app.scope();
    let written = scope.write(|| async {
        let read = scope.get::<kernel::reference::OrganizationReference>(&scope.keys().organization()).await?;
        let mut transaction = scope.begin("test", required.id);
        transaction.save(read.as_ref(), &required);
        Ok((transaction, ()))
    });
    written.await.expect("an organization is written");
    // What is one's own stays open, so that a second factor can be set up.
    app.owner().get("/compte/securite").await.expect(200);
    app.owner().get("/api/v1/tokens").await.expect(200);
    // A token was made by somebody who could.
    app.program().get("/api/v1/tokens").await.expect(200);
}
