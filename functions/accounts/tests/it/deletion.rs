//! Deleting one's own account.

use accounts::account::store::Account;
use kernel::{
    Actor, Tenant,
    id::{OrganizationId, TokenId, UserId},
    permission::Role,
};
use serde_json::{Value, json};
use table::keys;
use testkit::{App, Client, Device, SITE};
use web::{AccessToken, Membership, team::Owners};

use crate::{
    PASSWORD, app, session,
    team::{invite, link},
};

const DELETE: &str = "/api/v1/accounts/me/deletion";
const EMAIL: &str = "claire@client.example";

/// Somebody invited who accepted, signed in.
async fn joined(app: &App, email: &str, role: &str) -> (Client, UserId) {
    let id = invite(&app.owner(), email, role).await;
    let accept = json!({ "link": link(app, &id).await, "email": email, "name": "Claire Petit", "password": PASSWORD });
    let user = app.anyone().post("/api/v1/invitations/accept", &accept).await.expect(200).field("/user_id");
    (signed_in(app, email).await, user.parse().expect("an id"))
}

async fn signed_in(app: &App, email: &str) -> Client {
    let entered = app.anyone().post("/api/v1/sessions", &credentials(email)).await.expect(204);
    let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    app.anyone().header("cookie", &cookie)
}

fn credentials(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD })
}

fn proof() -> Value {
    json!({ "password": PASSWORD })
}

async fn member(app: &App, user: UserId) -> Option<Membership> {
    let scope = app.scope();
    scope.get(&scope.keys().member(user)).await.expect("a reading").map(|member| member.value)
}

#[tokio::test]
async fn a_deleted_account_opens_nothing_and_its_address_begins_anew() {
    let app = app().await;
    let role = json!({ "name": "Apprentie", "permissions": ["crm:view"] });
    let role = app.owner().post("/api/v1/roles", &role).await.expect(201).field("/id");
    let (claire, user) = joined(&app, EMAIL, &role).await;
    let elsewhere = signed_in(&app, EMAIL).await;
    let token = json!({ "name": "x", "scopes": ["crm:view"], "expires_in_days": "" });
    let token = claire.post("/api/v1/tokens", &token).await.expect(201).field("/secret");
    let token = app.anyone().bearer(&token);
    let mut phone = Device::new();
    let begun = claire.post("/api/v1/accounts/me/passkeys/start", &proof()).await.expect(201).json();
    let response = phone.create(SITE, &begun["options"]).await;
    let passkey = json!({ "name": "Téléphone", "ceremony": begun["ceremony"], "response": response });
    claire.post("/api/v1/accounts/me/passkeys", &passkey).await.expect(201);
    app.anyone().post("/api/v1/accounts/password-resets", &json!({ "email": EMAIL })).await.expect(202);
    let waiting = app.anyone().post("/api/v1/sessions", &credentials(EMAIL)).await.expect(202);
    assert!(waiting.header("set-cookie").is_some());

    token.post(DELETE, &proof()).await.expect(403);
    let wrong = json!({ "password": "faux" });
    assert_eq!(claire.post(DELETE, &wrong).await.expect(422).violations(), ["/password"]);
    let page = claire.form("/compte/suppression", &[("password", "faux")]).await.expect(422).text();
    assert!(page.contains("delete-account"), "{page}");
    assert!(member(&app, user).await.is_some());

    let done = claire.post(DELETE, &proof()).await.expect(204);
    assert!(done.round_trips() <= Some(3), "{:?}", done.round_trips());
    for client in [&claire, &elsewhere, &token] {
        client.get("/api/v1/accounts/me").await.expect(401);
        client.post(DELETE, &proof()).await.expect(401);
    }
    app.anyone().post("/api/v1/sessions", &credentials(EMAIL)).await.expect(401);
    let begun = app.anyone().post("/api/v1/sessions/passkey/start", &json!({})).await.expect(201).json();
    let response = phone.get(SITE, &begun["options"]).await;
    let shown = json!({ "ceremony": begun["ceremony"], "response": response });
    app.anyone().post("/api/v1/sessions/passkey", &shown).await.expect(401);
    assert!(member(&app, user).await.is_none());
    assert!(!app.owner().get("/api/v1/members").await.expect(200).text().contains(EMAIL));
    app.owner().delete(&format!("/api/v1/roles/{role}")).await.expect(204);

    // All that is left of them expires by itself, but who did what and that no session counts.
    let ulid = user.ulid().to_string();
    for item in app.items().iter().filter(|item| item.to_string().contains(&ulid) && item.get("ttl").is_none()) {
        let kind = item["type"]["S"].as_str().unwrap_or_default();
        assert!(["audit", "sessions_of_user", "invitation"].contains(&kind), "{item}");
    }
    let told = app.items().into_iter().find(|item| item["act"]["S"] == "delete_account").expect("an entry");
    assert_eq!(told["actor"]["M"]["name"]["S"], "Claire Petit");
    assert!(!told["changed"].to_string().contains(EMAIL), "{told}");
    let mails: Vec<_> = app.items().into_iter().filter(|item| item["type"]["S"] == "mail").collect();
    assert!(mails.iter().any(|mail| mail.to_string().contains("Votre compte ABSERVICE est supprimé")));

    let again = app.anyone().session(&session(&app, EMAIL).await);
    let profile = again.get("/api/v1/accounts/me").await.expect(200);
    assert_ne!(profile.field("/user_id"), user.to_string());
    assert_eq!(again.get("/api/v1/accounts/me/passkeys").await.expect(200).json()["items"], json!([]));
    again.get(&format!("/o/{}/crm", app.ours.id.ulid())).await.expect(404);
}

#[tokio::test]
async fn the_last_owner_stays_and_is_told_of_which_organization() {
    let app = app().await;
    let alone = app.anyone().session(&session(&app, EMAIL).await);
    let refused = alone.post(DELETE, &proof()).await.expect(409);
    assert_eq!(
        (refused.field("/code"), refused.field("/organization")),
        ("last_owner".into(), "Atelier du Pont".into())
    );
    let page = alone.form("/compte/suppression", &[("password", PASSWORD)]).await.expect(422).text();
    assert!(page.contains("le dernier propriétaire de Atelier du Pont"), "{page}");
    alone.get("/api/v1/accounts/me").await.expect(200);

    // Asked from another organization, where they are a plain member: nothing is left before all may be.
    let id = invite(&app.owner(), EMAIL, "member").await;
    let accept = json!({ "link": link(&app, &id).await, "email": EMAIL, "name": "C", "password": PASSWORD });
    let user = app.anyone().post("/api/v1/invitations/accept", &accept).await.expect(200).field("/user_id");
    let user: UserId = user.parse().expect("an id");
    let here = format!("/o/{}/compte/suppression", app.ours.id.ulid());
    for path in ["/compte/suppression", &here] {
        let page = alone.form(path, &[("password", PASSWORD)]).await.expect(422).text();
        assert!(page.contains("Atelier du Pont"), "{page}");
        assert!(member(&app, user).await.is_some());
    }
}

#[tokio::test]
async fn every_organization_is_left_with_its_tokens_however_many() {
    let app = app().await;
    let (claire, user) = joined(&app, EMAIL, "member").await;
    let made = claire.form("/entreprises/nouvelle", &[("name", "Verger")]).await;
    let location = made.header("location").expect("a way").to_owned();
    let second = OrganizationId::from_ulid(location.split('/').nth(2).and_then(|id| id.parse().ok()).expect("a ULID"));
    assert_eq!(claire.post(DELETE, &proof()).await.expect(409).field("/organization"), "Verger");
    assert!(member(&app, user).await.is_some());

    let tenant = Tenant::proven(second, Actor::System { name: "test".into() });
    let scope = app.deps.table.scope(tenant);
    let keys = scope.keys();
    let owners = scope.get::<Owners>(&keys.owners()).await.expect("a reading").expect("owners");
    let other = app.user_with_role(Role::Owner);
    let tokens: Vec<_> = (0..130_u32)
        .map(|n| AccessToken {
            id: scope.new_id(TokenId::new),
            hash: format!("{n:064x}"),
            organization: second,
            user,
            name: n.to_string(),
            scopes: Vec::new(),
            created_at: scope.now(),
            expires_at: None,
            seen_at: None,
        })
        .collect();
    for (n, some) in tokens.chunks(80).enumerate() {
        scope
            .write(|| async {
                let mut transaction = scope.begin("create_token", user);
                if n == 0 {
                    transaction.update(&owners, &owners.with(other));
                }
                for token in some {
                    transaction.create(token);
                }
                Ok((transaction, ()))
            })
            .await
            .expect("written");
    }
    claire.post(DELETE, &proof()).await.expect(204);
    assert!(member(&app, user).await.is_none());
    assert!(scope.get::<Membership>(&keys.member(user)).await.expect("a reading").is_none());
    assert_eq!(scope.get::<Owners>(&keys.owners()).await.expect("a reading").expect("owners").users, [other]);
    let left = app.items_of(second);
    assert!(left.values().any(|item| item["act"]["S"] == "delete_account"));
    assert!(left.values().all(|item| item["type"]["S"] != "token"));
    assert!(app.deps.table.collection(&keys::memberships_of_user(user)).await.expect("a reading").is_empty());
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_remains() {
    for _ in 0..3 {
        let app = app().await;
        let (first, _) = joined(&app, "a@client.example", "owner").await;
        let (second, _) = joined(&app, "b@client.example", "owner").await;
        first.delete(&format!("/api/v1/members/{}", app.user_with_role(Role::Owner))).await.expect(204);
        let (one, other) =
            futures::join!(async { first.post(DELETE, &proof()).await }, async { second.post(DELETE, &proof()).await });
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        let scope = app.scope();
        let owners = scope.get::<Owners>(&scope.keys().owners()).await.expect("a reading").expect("owners");
        assert_eq!(owners.users.len(), 1);
        let left = member(&app, owners.users[0]).await.expect("the other one");
        let account = app.deps.table.get::<Account>(&keys::email(&left.email)).await.expect("a reading");
        assert!(account.is_some());
    }
}

#[tokio::test]
async fn sent_twice_at_once_it_is_done_once() {
    let app = app().await;
    let (claire, user) = joined(&app, EMAIL, "member").await;
    let (one, other) =
        futures::join!(async { claire.post(DELETE, &proof()).await }, async { claire.post(DELETE, &proof()).await });
    let statuses = [one.status.as_u16(), other.status.as_u16()];
    assert!(statuses.contains(&204), "{statuses:?}");
    assert!(statuses.iter().all(|status| [204, 401, 404].contains(status)), "{statuses:?}");
    assert!(member(&app, user).await.is_none());
    let told = app.items().into_iter().filter(|item| item["act"]["S"] == "delete_account").count();
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_visitor_deletes_their_account_where_they_are_a_member() {
    let app = app().await;
    let (claire, user) = joined(&app, EMAIL, "member").await;
    let scope = app.scope();
    let read = scope.get::<Membership>(&scope.keys().member(user)).await.expect("a reading").expect("a member");
    let until = scope.now().saturating_add(jiff::SignedDuration::from_hours(1)).expect("an instant");
    scope
        .write(|| async {
            let mut transaction = scope.begin("change_role", user);
            transaction.update(&read, &Membership { visit: Some(web::Visit { until }), ..read.value.clone() });
            Ok((transaction, ()))
        })
        .await
        .expect("a visit");
    assert_eq!(claire.post(DELETE, &proof()).await.expect(409).field("/code"), "visiting");
    assert!(!claire.get("/compte").await.expect(200).text().contains("delete-account"));
}
