use kernel::permission::Role;
use serde_json::json;

use crate::{app, session};

#[tokio::test]
async fn a_token_works_within_its_scopes_until_it_is_revoked() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await);
    let input = json!({ "name": "Compta", "scopes": ["invoicing:view"], "expires_in_days": "30" });
    let created = owner.post("/api/v1/tokens", &input).await.expect(201);
    let secret = created.field("/secret");
    assert!(secret.starts_with("abs_"));
    let program = app.anyone().bearer(&secret);
    let listed = program.get("/api/v1/tokens").await.expect(200);
    assert!(!listed.text().contains(&secret), "the secret is shown once");

    // A token does not beget tokens.
    program.post("/api/v1/tokens", &input).await.expect(403);
    owner.delete(&format!("/api/v1/tokens/{}", created.field("/id"))).await.expect(204);
    program.get("/api/v1/tokens").await.expect(401);
}

#[tokio::test]
async fn an_expired_token_is_none() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await);
    let input = json!({ "name": "Compta", "scopes": ["crm:view"], "expires_in_days": "1" });
    let program = app.anyone().bearer(&owner.post("/api/v1/tokens", &input).await.expect(201).field("/secret"));
    program.get("/api/v1/tokens").await.expect(200);
    app.advance(jiff::SignedDuration::from_hours(24));
    program.get("/api/v1/tokens").await.expect(401);
    // Its holder sees why.
    assert_eq!(owner.get("/api/v1/tokens").await.expect(200).field("/items/0/is_expired"), "true");
    assert!(owner.get("/compte/jetons").await.expect(200).text().contains("Expiré"));
}

#[tokio::test]
async fn its_holder_sees_when_a_token_was_last_used() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await);
    let input = json!({ "name": "Compta", "scopes": ["crm:view"], "expires_in_days": "30" });
    let program = app.anyone().bearer(&owner.post("/api/v1/tokens", &input).await.expect(201).field("/secret"));
    let listed = async || owner.get("/api/v1/tokens").await.expect(200).json()["items"][0]["seen_at"].clone();
    assert!(listed().await.is_null());
    app.advance(jiff::SignedDuration::from_hours(1));
    program.get("/api/v1/tokens").await.expect(200);
    assert_eq!(listed().await, "2026-11-22T10:00:00Z");
    // Noted every ten minutes, not at each request.
    app.advance(jiff::SignedDuration::from_mins(5));
    program.get("/api/v1/tokens").await.expect(200);
    assert_eq!(listed().await, "2026-11-22T10:00:00Z");
    assert!(owner.get("/compte/jetons").await.text().contains("Utilisé le"));
}

#[tokio::test]
async fn a_token_may_nothing_that_its_holder_may_not() {
    let app = app().await;
    let reader = app.with_role(Role::Reader);
    let input = |scopes: &[&str]| json!({ "name": "Compta", "scopes": scopes });
    for beyond in [&["invoicing:approve"][..], &["crm:view", "settings:edit"]] {
        let refused = reader.post("/api/v1/tokens", &input(beyond)).await.expect(422);
        assert_eq!(refused.violations(), ["/scopes"]);
        assert_eq!(refused.field("/violations/0/code"), "beyond_own");
    }
    let form = [("name", "Compta"), ("scopes", "settings:edit"), ("expires_in_days", "90")];
    let page = reader.form("/compte/jetons", &form).await.expect(422).text();
    assert!(page.contains("Vous ne pouvez pas donner un droit que vous n’avez pas vous-même."));
    reader.post("/api/v1/tokens", &input(&["crm:view"])).await.expect(201);
}

#[tokio::test]
async fn a_repeated_creation_gives_the_same_token_without_its_secret() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await).idempotency_key("t1");
    let input = json!({ "name": "Compta", "scopes": ["crm:view"] });
    let first = owner.post("/api/v1/tokens", &input).await.expect(201);
    let again = owner.post("/api/v1/tokens", &input).await.expect(201);
    assert_eq!(first.field("/id"), again.field("/id"));
    assert!(again.json().get("secret").is_none(), "a secret is never stored, so it cannot be given again");
}

#[tokio::test]
async fn scopes_and_expiry_are_checked() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await);
    let refused = owner
        .post("/api/v1/tokens", &json!({ "name": " ", "scopes": ["root:all"], "expires_in_days": "0" }))
        .await
        .expect(422);
    assert_eq!(refused.violations(), ["/name", "/scopes", "/expires_in_days"]);
    assert_eq!(owner.post("/api/v1/tokens", &json!({ "name": "x" })).await.expect(422).violations(), ["/scopes"]);
}

#[tokio::test]
async fn the_page_shows_the_secret_once_and_revokes() {
    let app = app().await;
    let owner = app.anyone().session(&session(&app, "camille@pont.example").await);
    let form =
        [("_key", "k"), ("name", "Site"), ("scopes", "crm:view"), ("scopes", "crm:create"), ("expires_in_days", "90")];
    let page = owner.form("/compte/jetons", &form).await.expect(200).text();
    assert!(page.contains("abs_") && page.contains("Site"));
    let later = owner.get("/compte/jetons").await.expect(200).text();
    assert!(!later.contains("abs_") && later.contains("Site"));
    let id = owner.get("/api/v1/tokens").await.field("/items/0/id");
    owner.form(&format!("/compte/jetons/{id}/revoquer"), &[]).await.expect(303);
    assert!(owner.get("/api/v1/tokens").await.json()["items"].as_array().unwrap().is_empty());
}
