//! Founding an organization, for oneself or for another, however often the form is sent.

use cloud::ExposeSecret;
use jiff::SignedDuration;
use kernel::{event::Owner, id::OrganizationId, mail::Mail, permission::Role, reference::OrganizationReference};
use serde_json::{Value, json};
use table::{TenantKeys, keys, shared::OwnedMail};
use testkit::{App, Client};

use crate::{PASSWORD, app};

/// Both forms, with the fields that each wants beside the name.
const FORMS: [(&str, &[(&str, &str)]); 2] =
    [("/entreprises/nouvelle", &[]), ("/plateforme/entreprises/nouvelle", &[("email", "claire@verger.example")])];

fn fields<'a>(key: &'a str, name: &'a str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = [("_key", key), ("name", name)].into_iter().filter(|(_, value)| !value.is_empty());
    own.chain(others.iter().copied()).collect()
}

/// Who is at both forms, and nobody else's list in the way.
async fn admin() -> (App, Client) {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    (app, admin)
}

async fn named(app: &App, name: &str) -> Vec<OrganizationReference> {
    let page = kernel::page::PageRequest { limit: 100, cursor: None };
    let everybody = keys::organizations();
    let all = app.deps.table.list::<OrganizationReference>(&everybody, &page, table::Order::Ascending);
    all.await.expect("a list").items.into_iter().map(|found| found.value).filter(|found| found.name == name).collect()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_founds_one_organization() {
    for (path, others) in FORMS {
        let (app, admin) = admin().await;
        let form = fields("once", path, others);
        let (first, second) = tokio::join!(admin.form(path, &form), admin.form(path, &form));
        let third = admin.form(path, &form).await;
        let [first, second, third] = [first, second, third].map(|reply| reply.expect(303));
        let to = first.header("location").expect("a place");
        assert_eq!([second.header("location"), third.header("location")], [Some(to); 2]);
        let found = named(&app, path).await;
        assert_eq!(found.len(), 1, "{path}");
        assert!(to.contains(&found[0].id.ulid().to_string()), "{to}");
        // Whose first owner is somebody else invites them once.
        if !others.is_empty() {
            assert_eq!(mails(&app, found[0].id).await, 1);
        }
    }
}

/// Of the one invitation into an organization.
async fn mails(app: &App, organization: OrganizationId) -> usize {
    let keys = TenantKeys::of(organization);
    let invited = app.deps.table.get::<accounts::invitation::Invited>(&keys.invited("claire@verger.example")).await;
    let owner = Owner::Invitation(invited.expect("a reading").expect("an invitation").invitation);
    app.deps.table.collection(&keys.mails(owner)).await.expect("mails").all::<OwnedMail>().expect("mails").len()
}

#[tokio::test]
async fn a_key_stands_for_one_content() {
    for (path, others) in FORMS {
        let (app, admin) = admin().await;
        admin.form(path, &fields("once", path, others)).await.expect(303);
        admin.form(path, &fields("once", "Autre", others)).await.expect(422);
        assert_eq!(named(&app, path).await.len(), 1, "{path}");
        assert_eq!(named(&app, "Autre").await, []);
    }
}

#[tokio::test]
async fn another_key_or_none_founds_another_organization() {
    for (path, others) in FORMS {
        let (app, admin) = admin().await;
        for key in ["", "", "first", "second"] {
            admin.form(path, &fields(key, path, others)).await.expect(303);
        }
        assert_eq!(named(&app, path).await.len(), 4, "{path}");
    }
}

#[tokio::test]
async fn the_key_of_somebody_else_is_none_of_ours() {
    let app = app().await;
    let path = FORMS[0].0;
    for client in [app.owner(), app.with_role(kernel::permission::Role::Reader), app.stranger()] {
        client.form(path, &fields("once", path, &[])).await.expect(303);
    }
    assert_eq!(named(&app, path).await.len(), 3);
}

#[tokio::test]
async fn a_form_that_was_refused_may_be_sent_again_with_its_key() {
    for (path, others) in FORMS {
        let (app, admin) = admin().await;
        admin.form(path, &fields("once", " ", others)).await.expect(422);
        admin.form(path, &fields("once", path, others)).await.expect(303);
        assert_eq!(named(&app, path).await.len(), 1, "{path}");
    }
}

/// Of the API: the same two.
const PATHS: [&str; 2] = ["/api/v1/organizations", "/api/v1/platform/organizations"];

fn input(path: &str) -> Value {
    match path {
        "/api/v1/organizations" => json!({ "name": path }),
        _ => json!({ "name": path, "email": "claire@verger.example" }),
    }
}

#[tokio::test]
async fn a_program_founds_one_organization_with_one_key() {
    let (app, admin) = admin().await;
    for path in PATHS {
        let once = admin.clone().idempotency_key(path);
        let body = input(path);
        let (first, second) = tokio::join!(once.post(path, &body), once.post(path, &body));
        let [first, second] = [first, second].map(|reply| reply.expect(201));
        assert_eq!(first.json(), second.json());
        assert!(first.round_trips().is_some_and(|trips| trips <= 3));
        assert_eq!(named(&app, path).await[0].id.to_string(), first.field("/id"));
        assert_eq!(named(&app, path).await.len(), 1, "{path}");
        let mut other = input(path);
        other["name"] = "Autre".into();
        once.post(path, &other).await.expect(422);
        admin.post(path, &input(path)).await.expect(201);
        assert_eq!(named(&app, path).await.len(), 2, "{path}");
    }
    // A key stands for one request, of whatever path.
    let other = admin.idempotency_key(PATHS[0]);
    other.post(PATHS[1], &input(PATHS[1])).await.expect(422);
}

#[tokio::test]
async fn a_program_is_told_what_is_wrong() {
    let (_app, admin) = admin().await;
    assert_eq!(admin.post(PATHS[0], &json!({})).await.expect(422).violations(), ["/name"]);
    let wrong = admin.post(PATHS[1], &json!({ "name": "x".repeat(201), "email": "claire" })).await.expect(422);
    assert_eq!(wrong.violations(), ["/name", "/email"]);
    admin.post(PATHS[0], &json!({ "name": "Verger", "owner": "usr_1" })).await.expect(400);
}

#[tokio::test]
async fn a_token_founds_nothing() {
    let app = app().await;
    let (user, _) = app.platform_admin().await;
    let token = app.program_of(user).await;
    for program in [app.program(), token] {
        program.post(PATHS[0], &input(PATHS[0])).await.expect(403);
        program.post(PATHS[1], &input(PATHS[1])).await.expect(404);
    }
    app.owner().post(PATHS[1], &input(PATHS[1])).await.expect(404);
    app.anyone().post(PATHS[0], &input(PATHS[0])).await.expect(401);
    for path in PATHS {
        assert_eq!(named(&app, path).await, []);
    }
}

#[tokio::test]
async fn who_founds_by_the_api_owns_it_and_who_founds_for_another_does_not() {
    let (_app, admin) = admin().await;
    let [own, other] = PATHS.map(|path| (path, input(path)));
    let own = admin.post(own.0, &own.1).await.expect(201).field("/id");
    let founded = admin.post(other.0, &other.1).await.expect(201);
    assert_eq!(founded.field("/invitation/email"), "claire@verger.example");
    assert_eq!(founded.field("/invitation/role"), "owner");
    let other = founded.field("/id");
    assert_eq!(founded.header("location"), Some(format!("{}/{other}", PATHS[1]).as_str()));
    let inside = |id: &str| web::path_in(id.parse().expect("an id"), "/equipe");
    admin.get(&inside(&own)).await.expect(200);
    admin.get(&inside(&other)).await.expect(404);
}

/// An organization that was founded for Claire: its id, and that of her invitation.
async fn founded(admin: &Client) -> (String, String) {
    let founded = admin.post(PATHS[1], &json!({ "name": "Verger du Lac", "email": "claire@verger.example" })).await;
    let founded = founded.expect(201);
    (founded.field("/id"), founded.field("/invitation/id"))
}

/// What the newest mail of an invitation says after `jeton=`.
async fn newest_link(app: &App, organization: &str, invitation: &str) -> String {
    let organization = organization.parse().expect("an id");
    let owner = Owner::Invitation(invitation.parse().expect("an id"));
    let mails = app.deps.table.collection(&TenantKeys::of(organization).mails(owner)).await.expect("mails");
    let mails = mails.all::<OwnedMail>().expect("mails");
    let mail = &mails.iter().max_by_key(|mail| mail.mail.id).expect("a mail").mail;
    let purpose = Mail::secret_purpose(organization, mail.id);
    let opened = app.deps.vault.open(&purpose, mail.secret.as_ref().expect("a secret")).await.expect("it opens");
    String::from_utf8(opened.expose_secret().to_vec()).expect("a text")
}

fn acceptance(link: &str) -> Value {
    json!({ "link": link, "email": "claire@verger.example", "name": "Claire", "password": PASSWORD })
}

fn resend(organization: &str) -> String {
    format!("/plateforme/invitations/{organization}/renvoyer")
}

#[tokio::test]
async fn the_invitation_of_a_first_owner_is_sent_again_even_once_it_has_expired() {
    let (app, admin) = admin().await;
    let (organization, invitation) = founded(&admin).await;
    let first = newest_link(&app, &organization, &invitation).await;
    app.advance(SignedDuration::from_hours(24 * 8));
    let panel = admin.get(&format!("/plateforme/invitations/{organization}")).await.expect(200);
    assert_eq!(panel.round_trips(), Some(2));
    let panel = panel.text();
    assert!(
        panel.contains("claire@verger.example") && panel.contains("Expirée") && !panel.contains("<html"),
        "{panel}"
    );
    app.anyone().post("/api/v1/invitations/accept", &acceptance(&first)).await.expect(409);

    let fields = [("_key", "once"), ("invitation", invitation.as_str())];
    let sent = admin.form(&resend(&organization), &fields).await.expect(303);
    assert!(sent.round_trips().is_some_and(|trips| trips <= 3));
    assert_eq!(sent.header("location"), Some(format!("/plateforme/entreprises/{organization}").as_str()));
    // The double click sends no third mail.
    admin.form(&resend(&organization), &fields).await.expect(303);
    assert_eq!(mails(&app, organization.parse().expect("an id")).await, 2);
    let panel = admin.get(&format!("/plateforme/invitations/{organization}")).await.expect(200).text();
    assert!(panel.contains("le 07/12/2026") && !panel.contains("Expirée"), "{panel}");

    app.anyone().post("/api/v1/invitations/accept", &acceptance(&first)).await.expect(404);
    let link = newest_link(&app, &organization, &invitation).await;
    app.anyone().post("/api/v1/invitations/accept", &acceptance(&link)).await.expect(200);
    // Now there is somebody who invites.
    admin.form(&resend(&organization), &[("invitation", &invitation)]).await.expect(409);
    let panel = admin.get(&format!("/plateforme/invitations/{organization}")).await.expect(200).text();
    assert!(panel.contains("Aucune invitation en attente") && !panel.contains("claire"), "{panel}");
}

#[tokio::test]
async fn the_platform_sends_again_what_nobody_in_the_organization_could() {
    let (app, admin) = admin().await;
    let (organization, invitation) = founded(&admin).await;
    let (user, _) = app.platform_admin().await;
    // Not an administrator, or only their token.
    for client in [app.owner(), app.stranger(), app.program(), app.program_of(user).await, app.with_role(Role::Admin)] {
        client.form(&resend(&organization), &[("invitation", &invitation)]).await.expect(404);
        client.get(&format!("/plateforme/invitations/{organization}")).await.expect(404);
    }
    // What an organization that has owners invites is its own affair, an owner's invitation included.
    let ours = app.ours.id.to_string();
    for role in ["owner", "reader"] {
        let input = json!({ "email": format!("{role}@client.example"), "role": role });
        let own = app.owner().post("/api/v1/invitations", &input).await.expect(201).field("/id");
        admin.form(&resend(&ours), &[("invitation", &own)]).await.expect(404);
    }
    let panel = admin.get(&format!("/plateforme/invitations/{ours}")).await.expect(200).text();
    assert!(!panel.contains("client.example"), "{panel}");
    // Ids of other things, of another organization, of nothing.
    let nowhere = "org_00000000000000000000000000";
    for (organization, invitation) in [
        (ours.as_str(), invitation.as_str()),
        (nowhere, &invitation),
        (&organization, "itn_00000000000000000000000000"),
        (&organization, &ours),
        (&organization, ""),
        ("com_00000000000000000000000000", &invitation),
    ] {
        admin.form(&resend(organization), &[("invitation", invitation)]).await.expect(404);
    }
    admin.get(&format!("/plateforme/invitations/{nowhere}")).await.expect(404);
    assert_eq!(mails(&app, organization.parse().expect("an id")).await, 1);
}

#[tokio::test]
async fn another_first_owner_is_invited_while_there_is_none() {
    let (app, admin) = admin().await;
    let (organization, invitation) = founded(&admin).await;
    let link = newest_link(&app, &organization, &invitation).await;
    let path = format!("/api/v1/platform/invitations/{organization}");
    // Who waits is sent theirs again, and not another one.
    admin.post(&path, &json!({ "email": "Claire@verger.example" })).await.expect(409);
    let wrong = admin.post(&path, &json!({ "email": "claire" })).await.expect(422);
    assert_eq!(wrong.violations(), ["/email"]);
    let resent = admin.post(&format!("{path}/resend"), &json!({ "invitation": invitation })).await.expect(200);
    assert_eq!(resent.field("/id"), invitation);
    let other = admin.post(&path, &json!({ "email": "paul@verger.example" })).await.expect(201);
    assert_eq!(other.field("/role"), "owner");
    // Whose place they took gets in no more.
    let waiting = admin.get(&path).await.expect(200).json();
    assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(waiting["items"][0]["email"], "paul@verger.example");
    app.anyone().post("/api/v1/invitations/accept", &acceptance(&link)).await.expect(404);
    for client in [app.owner(), app.stranger(), app.program()] {
        client.post(&path, &json!({ "email": "x@verger.example" })).await.expect(404);
    }
    // Back to her, by the page; then there is an owner.
    admin
        .form(&format!("/plateforme/invitations/{organization}"), &[("email", "claire@verger.example")])
        .await
        .expect(303);
    let hers = admin.get(&path).await.expect(200).field("/items/0/id");
    let link = newest_link(&app, &organization, &hers).await;
    app.anyone().post("/api/v1/invitations/accept", &acceptance(&link)).await.expect(200);
    admin.post(&path, &json!({ "email": "paul@verger.example" })).await.expect(404);
    let panel = admin.get(&format!("/plateforme/invitations/{organization}")).await.expect(200).text();
    assert!(panel.contains("Elle a été acceptée") && !panel.contains("name=\"email\""), "{panel}");
}
