use kernel::Clock;
use serde_json::json;

use crate::{PASSWORD, app, session, sign_up};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = app().await;
    app.anyone().post("/api/v1/accounts", &sign_up("camille@pont.example")).await.expect(201);
    let credentials = |email: &str, password: &str| json!({ "email": email, "password": password });
    let wrong = app.anyone().post("/api/v1/sessions", &credentials("camille@pont.example", "non")).await.expect(401);
    let unknown = app.anyone().post("/api/v1/sessions", &credentials("x@pont.example", PASSWORD)).await.expect(401);
    for field in ["/type", "/title", "/detail"] {
        assert_eq!(wrong.field(field), unknown.field(field));
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once_wherever_its_cookie_is() {
    let app = app().await;
    let cookie = session(&app, "camille@pont.example").await;
    let (here, there) = (app.anyone().session(&cookie), app.anyone().session(&cookie));
    there.get("/api/v1/tokens").await.expect(200);
    here.delete("/api/v1/sessions/current").await.expect(204);
    there.get("/api/v1/tokens").await.expect(401);
}

#[tokio::test]
async fn a_session_ends_after_two_weeks() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await);
    let clock: &Clock = &app.clock;
    clock.advance(jiff::SignedDuration::from_hours(14 * 24 - 1));
    owner.get("/api/v1/tokens").await.expect(200);
    clock.advance(jiff::SignedDuration::from_hours(1));
    owner.get("/api/v1/tokens").await.expect(401);
}

#[tokio::test]
async fn another_ones_user_or_organization_in_the_cookie_opens_nothing() {
    let app = app().await;
    let mine = session(&app, "camille@pont.example").await;
    let theirs = session(&app, "dominique@quai.example").await;
    let part = |cookie: &str, at: usize| cookie.split('.').nth(at).unwrap().to_owned();
    for forged in [
        format!("{}.{}.{}", part(&theirs, 0), part(&theirs, 1), part(&mine, 2)),
        format!("{}.{}.{}", part(&mine, 0), part(&theirs, 1), part(&mine, 2)),
        format!("{}.{}.{}", part(&theirs, 0), part(&mine, 1), part(&mine, 2)),
        "a.b.c".into(),
        String::new(),
    ] {
        app.anyone().session(&forged).get("/api/v1/tokens").await.expect(401);
    }
}

#[tokio::test]
async fn the_sign_in_page_comes_back_to_the_page_that_was_asked_for() {
    let app = app().await;
    app.anyone().post("/api/v1/accounts", &sign_up("camille@pont.example")).await.expect(201);
    let page = app.anyone().get("/connexion?suite=%2Ffacturation%2Fdevis").await.expect(200).text();
    assert!(page.contains("value=\"/facturation/devis\""), "{page}");
    let mut form = vec![("email", "camille@pont.example"), ("password", PASSWORD), ("suite", "/facturation/devis")];
    let done = app.anyone().form("/connexion", &form).await.expect(303);
    assert_eq!(done.header("location"), Some("/facturation/devis"));
    form[2] = ("suite", "//evil.example");
    assert_eq!(app.anyone().form("/connexion", &form).await.expect(303).header("location"), Some("/"));
    form[1] = ("password", "non");
    let refused = app.anyone().form("/connexion", &form).await.expect(422).text();
    assert!(refused.contains("L’adresse e-mail ou le mot de passe est incorrect."));
}

#[tokio::test]
async fn the_secret_of_a_session_is_not_stored() {
    let app = app().await;
    let cookie = session(&app, "camille@pont.example").await;
    let secret = cookie.rsplit('.').next().unwrap();
    let claimed = web::credentials::Secret { text: cookie.clone(), hash: String::new() };
    assert_eq!(format!("{claimed:?}"), "Secret(…)");
    assert!(secret.len() >= 43, "256 bits");
    // What is stored is found by the hash, never by the secret.
    let by_secret = app.deps.table.get::<web::Session>(&table::keys::session(secret)).await.unwrap();
    assert_eq!(by_secret, None);
}
