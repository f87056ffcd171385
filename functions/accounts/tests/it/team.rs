//! Members, roles and invitations.

use cloud::ExposeSecret;
use futures::future::join_all;
use kernel::{
    id::InvitationId,
    mail::Mail,
    permission::{MemberRole, Role},
};
use serde_json::{Value, json};
use table::{keys, shared::OwnedMail};
use testkit::{App, Client, Reply};
use web::{Membership, team::Owners};

use crate::{PASSWORD, app, session};

const MEMBERS: &str = "/api/v1/members";
const INVITATIONS: &str = "/api/v1/invitations";
const ROLES: &str = "/api/v1/roles";
pub const ACCEPT: &str = "/api/v1/invitations/accept";

pub fn member(user: impl std::fmt::Display) -> String {
    format!("{MEMBERS}/{user}")
}

/// What the mail of an invitation says after `jeton=`: opened as the mailer does. The newest mail counts.
pub async fn link(app: &App, invitation: &str) -> String {
    let scope = app.scope();
    let id: InvitationId = invitation.parse().expect("an id");
    let beside = scope.collection(&scope.keys().invitation(id).collection()).await.expect("a collection");
    let mails = beside.all::<OwnedMail>().expect("mails");
    let mail = &mails.last().expect("a mail").mail;
    let text = format!("{}{}", mail.text, mail.html.as_deref().unwrap_or_default());
    assert!(text.contains("/invitation?jeton={secret}"), "{text}");
    let sealed = mail.secret.as_ref().expect("a secret");
    let opened = app.deps.vault.open(&Mail::secret_purpose(app.ours.id, mail.id), sealed).await.expect("it opens");
    String::from_utf8(opened.expose_secret().to_vec()).expect("a text")
}

pub async fn invite(client: &Client, email: &str, role: &str) -> String {
    client.post(INVITATIONS, &json!({ "email": email, "role": role })).await.expect(201).field("/id")
}

pub fn acceptance(link: &str, email: &str) -> Value {
    json!({ "link": link, "email": email, "name": "Claire Petit", "password": PASSWORD })
}

pub fn signed_in(app: &App, reply: &Reply) -> Client {
    let cookie = reply.header("set-cookie").expect("a cookie");
    let pair = cookie.split(';').next().expect("a pair");
    app.anyone().header("cookie", pair)
}

async fn audited(app: &App, act: &str) -> bool {
    let scope = app.scope();
    let probe = table::AuditEntry {
        id: kernel::id::AuditId::new(scope.now(), 0),
        at: scope.now(),
        actor: kernel::Actor::System { name: "test".into() },
        act: String::new(),
        object: String::new(),
        changed: Vec::new(),
        omitted: 0,
        request_id: None,
        user_agent: None,
        redacted_by: None,
    };
    let month = table::Item::key(&probe, scope.keys()).collection();
    let entries = scope.collection(&month).await.expect("entries").all::<table::AuditEntry>().expect("entries");
    entries.iter().any(|entry| entry.act == act)
}

#[tokio::test]
async fn a_role_changes_at_the_member_s_next_request() {
    let app = app().await;
    let reader = app.with_role(Role::Reader);
    reader.get(MEMBERS).await.expect(403);
    let path = member(app.user_with_role(Role::Reader));
    app.owner().put(&path, &json!({ "role": "manager" })).await.expect(200);
    reader.get(MEMBERS).await.expect(200);
    app.owner().put(&path, &json!({ "role": "reader" })).await.expect(200);
    reader.get(MEMBERS).await.expect(403);
    assert!(audited(&app, "change_role").await);
}

#[tokio::test]
async fn who_is_removed_has_no_access_from_then_on() {
    let app = app().await;
    let manager = app.with_role(Role::Manager);
    manager.get(MEMBERS).await.expect(200);
    let scope = &app.scope();
    let left = web::dashboard::Arrangement::of(app.user_with_role(Role::Manager));
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", left.user).unlogged();
            transaction.create(&left);
            Ok((transaction, ()))
        })
        .await
        .expect("an arrangement");
    app.owner().delete(&member(app.user_with_role(Role::Manager))).await.expect(204);
    manager.get(MEMBERS).await.expect(401);
    app.owner().delete(&member(app.user_with_role(Role::Manager))).await.expect(404);
    let key = scope.keys().dashboard(left.user);
    assert_eq!(scope.get::<web::dashboard::Arrangement>(&key).await.expect("a reading"), None);
    assert!(audited(&app, "remove_member").await);
}

#[tokio::test]
async fn a_token_of_a_former_membership_stays_dead_in_a_new_one() {
    let app = app().await;
    let cookie = session(&app, "claire@client.example").await;
    let claire = app.anyone().session(&cookie);
    let id = invite(&app.owner(), "claire@client.example", "manager").await;
    let accept = acceptance(&link(&app, &id).await, "claire@client.example");
    let user = app.anyone().post(ACCEPT, &accept).await.expect(200).field("/user_id");
    let ours = format!("/o/{}", app.ours.id.ulid());
    let form = [("name", "Compta"), ("scopes", "settings:view"), ("expires_in_days", "90")];
    let page = claire.form(&format!("{ours}/compte/jetons"), &form).await.expect(200).text();
    let secret = page.split("value=\"abs_").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let program = app.anyone().bearer(&format!("abs_{secret}"));
    program.get(MEMBERS).await.expect(200);
    app.owner().delete(&member(&user)).await.expect(204);
    program.get(MEMBERS).await.expect(401);
    app.advance(jiff::SignedDuration::from_secs(1));
    let id = invite(&app.owner(), "claire@client.example", "manager").await;
    let accept = acceptance(&link(&app, &id).await, "claire@client.example");
    app.anyone().post(ACCEPT, &accept).await.expect(200);
    claire.get(&format!("{ours}/equipe")).await.expect(200);
    program.get(MEMBERS).await.expect(401);
}

#[tokio::test]
async fn the_last_owner_is_neither_demoted_nor_removed() {
    let app = app().await;
    let owner = member(app.user_with_role(Role::Owner));
    for refused in [app.owner().put(&owner, &json!({ "role": "admin" })).await, app.owner().delete(&owner).await] {
        assert_eq!(refused.expect(409).field("/code"), "last_owner");
    }
    app.owner().put(&member(app.user_with_role(Role::Admin)), &json!({ "role": "owner" })).await.expect(200);
    app.owner().delete(&owner).await.expect(204);
}

#[tokio::test]
async fn of_two_owners_who_remove_each_other_one_remains() {
    for _ in 0..5 {
        let app = app().await;
        let first = app.user_with_role(Role::Owner);
        let (second, other) = app.with_new_member(Role::Owner.into()).await;
        let (a, b) = futures::join!(async { app.owner().delete(&member(second)).await }, async {
            other.delete(&member(first)).await
        });
        let gone = [&a, &b].iter().filter(|reply| reply.status == 204).count();
        assert_eq!(gone, 1, "{} {}", a.text(), b.text());
        let scope = app.scope();
        let owners = scope.get::<Owners>(&scope.keys().owners()).await.unwrap().unwrap();
        assert_eq!(owners.users.len(), 1);
        let left = scope.get::<Membership>(&scope.keys().member(owners.users[0])).await.unwrap().unwrap();
        assert!(left.role.is_owner());
    }
}

#[tokio::test]
async fn nobody_gives_or_takes_what_they_do_not_have() {
    let app = app().await;
    let admin = app.with_role(Role::Admin);
    let owner = app.user_with_role(Role::Owner);
    admin.put(&member(app.user_with_role(Role::Admin)), &json!({ "role": "owner" })).await.expect(403);
    admin.put(&member(owner), &json!({ "role": "reader" })).await.expect(403);
    admin.delete(&member(owner)).await.expect(403);
    admin.post(INVITATIONS, &json!({ "email": "x@y.example", "role": "owner" })).await.expect(403);

    let settings = ["settings:view", "settings:create", "settings:edit", "settings:delete"];
    let input = json!({ "name": "Secrétariat", "permissions": settings });
    let role = app.owner().post(ROLES, &input).await.expect(201).field("/id");
    let path = member(app.user_with_role(Role::Reader));
    app.owner().put(&path, &json!({ "role": role })).await.expect(200);
    let clerk = app.with_role(Role::Reader);
    clerk.get(MEMBERS).await.expect(200);
    let more = json!({ "name": "Plus", "permissions": ["settings:edit", "hr:view"] });
    clerk.post(ROLES, &more).await.expect(403);
    clerk.put(&format!("{ROLES}/{role}"), &more).await.expect(403);
    clerk.put(&path, &json!({ "role": "admin" })).await.expect(403);
    clerk.put(&member(app.user_with_role(Role::Hr)), &json!({ "role": role })).await.expect(403);
    clerk.post(INVITATIONS, &json!({ "email": "x@y.example", "role": "reader" })).await.expect(403);
    clerk.post(INVITATIONS, &json!({ "email": "x@y.example", "role": role })).await.expect(201);

    // A token gives no more than its scopes, whoever holds it.
    let (user, holder) = app.with_new_member(Role::Owner.into()).await;
    let token = json!({ "name": "t", "scopes": ["settings:edit"] });
    let secret = holder.post("/api/v1/tokens", &token).await.expect(201).field("/secret");
    let program = app.anyone().bearer(&secret);
    program.put(&member(app.user_with_role(Role::Hr)), &json!({ "role": "owner" })).await.expect(403);
    program.put(&member(user), &json!({ "role": "reader" })).await.expect(403);
}

#[tokio::test]
async fn another_tenant_s_ids_are_unknown() {
    let app = app().await;
    let role = json!({ "name": "Secrétariat", "permissions": ["crm:view"] });
    let id = app.owner().post(ROLES, &role).await.expect(201).field("/id");
    let invitation = invite(&app.owner(), "claire@client.example", "member").await;
    let stranger = app.stranger();
    stranger.put(&member(app.user_with_role(Role::Hr)), &json!({ "role": "reader" })).await.expect(404);
    stranger.delete(&member(app.user_with_role(Role::Hr))).await.expect(404);
    stranger.get(&format!("{ROLES}/{id}")).await.expect(404);
    stranger.put(&format!("{ROLES}/{id}"), &role).await.expect(404);
    stranger.delete(&format!("{ROLES}/{id}")).await.expect(404);
    stranger.delete(&format!("{INVITATIONS}/{invitation}")).await.expect(404);
    stranger.post(&format!("{INVITATIONS}/{invitation}/resend"), &json!({})).await.expect(404);
    let foreign = stranger.post(INVITATIONS, &json!({ "email": "x@y.example", "role": id })).await.expect(422);
    assert_eq!(foreign.violations(), ["/role"]);
}

#[tokio::test]
async fn a_changed_role_holds_for_its_holders_and_a_held_one_stays() {
    let app = app().await;
    let owner = app.owner();
    let input = |permissions: &[&str]| json!({ "name": "Secrétariat", "permissions": permissions });
    let created = owner.post(ROLES, &input(&["settings:view"])).await.expect(201);
    let path = format!("{ROLES}/{}", created.field("/id"));
    assert_eq!(owner.post(ROLES, &input(&["crm:view"])).await.expect(422).violations(), ["/name"]);
    let holder = app.with_role(Role::Hr);
    let place = member(app.user_with_role(Role::Hr));
    holder.get(MEMBERS).await.expect(403);
    owner.put(&place, &json!({ "role": created.field("/id") })).await.expect(200);
    holder.get(MEMBERS).await.expect(200);
    assert_eq!(owner.delete(&path).await.expect(409).field("/code"), "role_held");
    owner.put(&path, &input(&["crm:view"])).await.expect(200);
    holder.get(MEMBERS).await.expect(403);
    owner.put(&place, &json!({ "role": "hr" })).await.expect(200);
    // Who laid the role down is not changed with it.
    owner.put(&path, &input(&["settings:view"])).await.expect(200);
    holder.get(MEMBERS).await.expect(403);
    owner.delete(&path).await.expect(204);
    for act in ["create_role", "edit_role", "delete_role"] {
        assert!(audited(&app, act).await, "{act}");
    }
}

#[tokio::test]
async fn who_is_invited_gets_exactly_the_role_that_was_chosen() {
    let app = app().await;
    let id = invite(&app.owner(), "claire@client.example", "accountant").await;
    let again = json!({ "email": "Claire@client.example", "role": "reader" });
    assert_eq!(app.owner().post(INVITATIONS, &again).await.expect(409).field("/code"), "already_invited");
    let link = link(&app, &id).await;
    let page = app.anyone().get(&format!("/invitation?jeton={link}")).await.expect(200).text();
    assert!(page.contains("Atelier Lumière") && page.contains("Comptable"), "{page}");
    let weak = json!({ "link": link, "email": "claire@client.example", "name": "", "password": "court" });
    assert_eq!(app.anyone().post(ACCEPT, &weak).await.expect(422).violations(), ["/name", "/password"]);
    let other = acceptance(&link, "other@client.example");
    let refused = app.anyone().post(ACCEPT, &other).await.expect(409);
    assert_eq!(refused.field("/code"), "invitation_for_another");

    let accepted = app.anyone().post(ACCEPT, &acceptance(&link, "claire@client.example")).await.expect(200);
    let claire = signed_in(&app, &accepted);
    let switcher = claire.get("/compte/entreprises").await.expect(200).text();
    assert!(switcher.contains(&format!("/o/{}/", app.ours.id.ulid())), "{switcher}");
    let members = app.owner().get(MEMBERS).await.expect(200).json();
    let rows = members["items"].as_array().unwrap();
    let row = rows.iter().find(|row| row["email"] == "claire@client.example").expect("a member");
    assert_eq!(row["role"], "accountant");

    let twice = app.anyone().post(ACCEPT, &acceptance(&link, "claire@client.example")).await.expect(409);
    assert_eq!(twice.field("/code"), "invitation_accepted");
    let page = app.anyone().get(&format!("/invitation?jeton={link}")).await.expect(409).text();
    assert!(page.contains("déjà été acceptée"), "{page}");
    assert_eq!(app.owner().post(INVITATIONS, &again).await.expect(409).field("/code"), "already_member");
    assert!(audited(&app, "create_invitation").await && audited(&app, "accept_invitation").await);
}

#[tokio::test]
async fn a_link_that_was_replaced_cancelled_or_too_old_says_so() {
    let app = app().await;
    let owner = app.owner();
    let id = invite(&owner, "claire@client.example", "member").await;
    let old = link(&app, &id).await;
    app.advance(jiff::SignedDuration::from_secs(1));
    owner.post(&format!("{INVITATIONS}/{id}/resend"), &json!({})).await.expect(200);
    let new = link(&app, &id).await;
    let open = |link: String| {
        let anyone = app.anyone();
        async move { anyone.get(&format!("/invitation?jeton={link}")).await }
    };
    assert!(open(old.clone()).await.expect(404).text().contains("n’est plus valable"));
    app.anyone().post(ACCEPT, &acceptance(&old, "claire@client.example")).await.expect(404);
    open(new.clone()).await.expect(200);
    app.advance(jiff::SignedDuration::from_hours(7 * 24));
    assert!(open(new.clone()).await.expect(409).text().contains("expiré"));
    let late = app.anyone().post(ACCEPT, &acceptance(&new, "claire@client.example")).await.expect(409);
    assert_eq!(late.field("/code"), "invitation_expired");

    // An expired one makes room for another.
    let next = invite(&owner, "claire@client.example", "reader").await;
    let rows = owner.get(INVITATIONS).await.expect(200).json();
    assert_eq!(rows["items"].as_array().unwrap().len(), 1);
    let newest = link(&app, &next).await;
    owner.delete(&format!("{INVITATIONS}/{next}")).await.expect(204);
    assert!(open(newest).await.expect(409).text().contains("annulée"));
    open("nothing".into()).await.expect(404);
    invite(&owner, "claire@client.example", "reader").await;
}

#[tokio::test]
async fn somebody_with_an_account_accepts_with_it() {
    let app = app().await;
    let claire = app.anyone().session(&session(&app, "claire@client.example").await);
    let dominique = app.anyone().session(&session(&app, "dominique@quai.example").await);
    let id = invite(&app.owner(), "Claire@Client.example", "sales").await;
    let link = link(&app, &id).await;
    let wrong = json!({ "link": link, "email": "claire@client.example", "password": "not the one" });
    app.anyone().post(ACCEPT, &wrong).await.expect(401);
    app.anyone().get(&format!("/compte/invitation?jeton={link}")).await.expect(303);
    let page = dominique.get(&format!("/compte/invitation?jeton={link}")).await.expect(200).text();
    assert!(page.contains("adressée à une autre adresse"), "{page}");
    dominique.form("/compte/invitation", &[("link", &link)]).await.expect(422);
    claire.get(&format!("/compte/invitation?jeton={link}")).await.expect(200);
    let done = claire.form("/compte/invitation", &[("link", &link)]).await.expect(303);
    let ours = format!("/o/{}/", app.ours.id.ulid());
    assert_eq!(done.header("location"), Some(ours.as_str()));
    claire.get(&format!("{ours}compte/jetons")).await.expect(200);
    dominique.get(&format!("{ours}compte/jetons")).await.expect(404);
    let menu = claire.header("hx-request", "true").get("/compte/entreprises").await.expect(200).text();
    assert!(menu.contains("Atelier Lumière") && menu.contains("Atelier du Pont") && !menu.contains("<html"), "{menu}");
}

#[tokio::test]
async fn of_many_acceptances_of_one_invitation_one_succeeds() {
    let app = app().await;
    let id = invite(&app.owner(), "claire@client.example", "member").await;
    let link = link(&app, &id).await;
    let replies = join_all((0..5).map(|_| {
        let (anyone, body) = (app.anyone(), acceptance(&link, "claire@client.example"));
        async move { anyone.post(ACCEPT, &body).await }
    }))
    .await;
    let done = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(done, 1);
    assert!(replies.iter().all(|reply| reply.status == 200 || reply.status == 409 || reply.status == 401));
    let members = app.owner().get(MEMBERS).await.json();
    let rows = members["items"].as_array().unwrap();
    assert_eq!(rows.iter().filter(|row| row["email"] == "claire@client.example").count(), 1);
}

#[tokio::test]
async fn an_invitation_to_a_role_that_is_gone_is_refused() {
    let app = app().await;
    let owner = app.owner();
    let role = json!({ "name": "Secrétariat", "permissions": ["crm:view"] });
    let role = owner.post(ROLES, &role).await.expect(201).field("/id");
    let id = invite(&owner, "claire@client.example", &role).await;
    owner.delete(&format!("{ROLES}/{role}")).await.expect(204);
    let accept = acceptance(&link(&app, &id).await, "claire@client.example");
    assert_eq!(app.anyone().post(ACCEPT, &accept).await.expect(409).field("/code"), "role_gone");
    let resent = owner.post(&format!("{INVITATIONS}/{id}/resend"), &json!({})).await.expect(409);
    assert_eq!(resent.field("/code"), "role_gone");
}

#[tokio::test]
async fn the_secret_of_an_invitation_is_stored_nowhere() {
    let app = app().await;
    let id = invite(&app.owner(), "claire@client.example", "member").await;
    let link = link(&app, &id).await;
    let secret = link.splitn(3, '_').nth(2).unwrap();
    assert!(secret.len() >= 43, "256 bits");
    let scope = app.scope();
    let beside = scope.collection(&scope.keys().invitation(id.parse().unwrap()).collection()).await.unwrap();
    assert!(!format!("{beside:?}").contains(secret));
    assert!(!app.owner().get(INVITATIONS).await.text().contains(secret));
}

#[tokio::test]
async fn another_organization_is_founded_and_shown_in_the_menu() {
    let app = app().await;
    let claire = app.anyone().session(&session(&app, "claire@client.example").await);
    claire.get("/entreprises/nouvelle").await.expect(200);
    claire.form("/entreprises/nouvelle", &[("name", " ")]).await.expect(422);
    let done = claire.form("/entreprises/nouvelle", &[("name", "Verger du Pont")]).await.expect(303);
    let to = done.header("location").expect("a place").to_owned();
    assert!(to.starts_with("/o/") && to.ends_with("/organisation"), "{to}");
    let there = to.trim_end_matches("organisation");
    let team = claire.get(&format!("{there}equipe")).await.expect(200).text();
    assert!(team.contains("Propriétaire"), "{team}");
    let menu = claire.header("hx-request", "true").get("/compte/entreprises").await.expect(200).text();
    assert!(menu.contains("Verger du Pont") && menu.contains("Atelier du Pont"), "{menu}");
}

#[tokio::test]
async fn the_pages_show_only_what_may_be_done() {
    let app = app().await;
    let page = app.owner().get("/equipe").await.expect(200).text();
    assert!(page.contains("Inviter quelqu’un") && page.contains("Retirer ce membre"));
    let seen = app.with_role(Role::Manager).get("/equipe").await.expect(200).text();
    assert!(!seen.contains("Inviter quelqu’un") && !seen.contains("Retirer") && !seen.contains("<select"));
    app.with_role(Role::Reader).get("/equipe").await.expect(403);
    let form = [("email", "claire"), ("role", "member")];
    let refused = app.owner().form("/equipe/invitations", &form).await.expect(422).text();
    assert!(refused.contains("Cette adresse e-mail n’est pas valide."), "{refused}");

    let role = [("name", "Apprenti"), ("permissions", "crm:view"), ("own_records_only", "true")];
    app.owner().form("/equipe/roles/nouveau", &role).await.expect(303);
    let roles = app.owner().get("/equipe/roles").await.expect(200).text();
    assert!(roles.contains("Apprenti") && roles.contains("Comptable"));
    let id = app.owner().get(ROLES).await.field("/items/8/id");
    let page = app.owner().get(&format!("/equipe/roles/{id}/modifier")).await.expect(200).text();
    assert!(page.contains("value=\"crm:view\"") && page.contains("checked"));
    let path = format!("/equipe/membres/{}/role", app.user_with_role(Role::Hr));
    app.owner().form(&path, &[("role", &id)]).await.expect(303);
    let path = format!("/equipe/membres/{}/retirer", app.user_with_role(Role::Hr));
    app.owner().form(&path, &[]).await.expect(303);
    app.owner().form(&format!("/equipe/roles/{id}/supprimer"), &[]).await.expect(303);
}

#[tokio::test]
async fn signing_in_leads_where_one_still_is_a_member() {
    let app = app().await;
    let id = invite(&app.owner(), "claire@client.example", "member").await;
    let accept = acceptance(&link(&app, &id).await, "claire@client.example");
    let accepted = app.anyone().post(ACCEPT, &accept).await.expect(200);
    let claire = signed_in(&app, &accepted);
    claire.form("/entreprises/nouvelle", &[("name", "Verger du Pont")]).await.expect(303);
    app.owner().delete(&member(accepted.field("/user_id"))).await.expect(204);
    let credentials = json!({ "email": "claire@client.example", "password": PASSWORD });
    let again = app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
    signed_in(&app, &again).get("/api/v1/tokens").await.expect(200);
    assert!(app.deps.table.get::<web::Session>(&keys::session("none")).await.unwrap().is_none());

    // Somebody who is a member nowhere is told so, and a new invitation lets them in again.
    let id = invite(&app.owner(), "dominique@quai.example", "member").await;
    let accept = acceptance(&link(&app, &id).await, "dominique@quai.example");
    let user = app.anyone().post(ACCEPT, &accept).await.expect(200).field("/user_id");
    app.owner().delete(&member(user)).await.expect(204);
    let credentials = json!({ "email": "dominique@quai.example", "password": PASSWORD });
    let refused = app.anyone().post("/api/v1/sessions", &credentials).await.expect(409);
    assert_eq!(refused.field("/code"), "no_organization");
    let id = invite(&app.owner(), "dominique@quai.example", "member").await;
    let accept = acceptance(&link(&app, &id).await, "dominique@quai.example");
    app.anyone().post(ACCEPT, &accept).await.expect(200);
    app.anyone().post("/api/v1/sessions", &credentials).await.expect(204);
}

#[tokio::test]
async fn who_sees_only_their_own_records_lifts_that_for_nobody() {
    let app = app().await;
    let input = |own: &str| {
        let permissions = ["settings:view", "settings:create", "settings:edit", "crm:view"];
        json!({ "name": format!("Rôle {own}"), "permissions": permissions, "own_records_only": own })
    };
    let role = app.owner().post(ROLES, &input("true")).await.expect(201).field("/id");
    app.owner().put(&member(app.user_with_role(Role::Hr)), &json!({ "role": role })).await.expect(200);
    let narrow = app.with_role(Role::Hr);
    narrow.put(&format!("{ROLES}/{role}"), &input("false")).await.expect(403);
    narrow.post(ROLES, &input("false")).await.expect(403);
    let scope = app.scope();
    let key = scope.keys().member(app.user_with_role(Role::Hr));
    let membership = scope.get::<Membership>(&key).await.unwrap().unwrap();
    assert!(matches!(&membership.role, MemberRole::Custom(role) if role.own_records_only));
}
