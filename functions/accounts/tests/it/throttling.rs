//! How often one may try.

use serde_json::json;

use crate::{PASSWORD, app, sign_up};

#[tokio::test]
async fn an_account_is_closed_for_a_while_after_ten_wrong_passwords_even_to_the_right_one() {
    let app = app().await;
    app.anyone().post("/api/v1/accounts", &sign_up("camille@pont.example")).await.expect(201);
    let attempt = |password: &'static str| {
        let from_somewhere = app.anyone();
        async move {
            let credentials = json!({ "email": "camille@pont.example", "password": password });
            from_somewhere.post("/api/v1/sessions", &credentials).await
        }
    };
    // Signing in well does not count.
    for _ in 0..12 {
        attempt(PASSWORD).await.expect(204);
    }
    for _ in 0..10 {
        attempt("faux").await.expect(401);
    }
    attempt("faux").await.expect(429);
    let refused = attempt(PASSWORD).await.expect(429);
    assert!(refused.field("/type").ends_with("too-many-attempts"));
    app.advance(jiff::SignedDuration::from_mins(16));
    attempt(PASSWORD).await.expect(204);
}

#[tokio::test]
async fn many_attempts_at_once_are_no_more_than_one_by_one() {
    let app = app().await;
    app.anyone().post("/api/v1/accounts", &sign_up("camille@pont.example")).await.expect(201);
    let attempts = (0..30).map(|_| {
        let client = app.anyone();
        tokio::spawn(async move {
            let credentials = json!({ "email": "Camille@pont.example", "password": "faux" });
            client.post("/api/v1/sessions", &credentials).await.status.as_u16()
        })
    });
    let mut judged = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        if attempt.await.expect("an answer") == 401 {
            judged += 1;
        }
    }
    assert_eq!(judged, 10);
}

#[tokio::test]
async fn an_address_that_has_no_account_is_throttled_like_one_that_has() {
    let app = app().await;
    for tried in 0..11 {
        let credentials = json!({ "email": "personne@pont.example", "password": "faux" });
        let expected = if tried < 10 { 401 } else { 429 };
        app.anyone().post("/api/v1/sessions", &credentials).await.expect(expected);
    }
}

#[tokio::test]
async fn one_address_may_not_try_every_account() {
    let app = app().await;
    let attacker = app.anyone().header("x-forwarded-for", "198.51.100.7");
    for n in 0..100 {
        let credentials = json!({ "email": format!("personne{n}@pont.example"), "password": "faux" });
        attacker.post("/api/v1/sessions", &credentials).await.expect(401);
    }
    let credentials = json!({ "email": "encore@pont.example", "password": "faux" });
    attacker.post("/api/v1/sessions", &credentials).await.expect(429);
    app.anyone().header("x-forwarded-for", "198.51.100.8").post("/api/v1/sessions", &credentials).await.expect(401);
}
