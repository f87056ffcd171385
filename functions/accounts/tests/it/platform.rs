//! Who administers the platform, and the organizations that they create for others.

use std::sync::Arc;

use cloud::{Config, Deps, ExposeSecret};
use kernel::{
    id::{InvitationId, OrganizationId},
    mail::Mail,
    reference::OrganizationReference,
};
use serde_json::json;
use table::{TenantKeys, keys, shared::OwnedMail};
use testkit::App;
use web::{Session, credentials::Secret, team::Owners};

use crate::{PASSWORD, app};

/// What the mail of an organization's one invitation says after `jeton=`.
async fn link(app: &App, organization: OrganizationId, invitation: InvitationId) -> String {
    let owner = TenantKeys::of(organization).invitation(invitation).collection();
    let beside = app.deps.table.collection(&owner).await.expect("a collection");
    let mail = beside.first::<OwnedMail>().expect("mails").expect("a mail").value.mail;
    assert!(mail.text.contains("Verger du Lac") && mail.text.contains("Propriétaire"), "{}", mail.text);
    let purpose = Mail::secret_purpose(organization, mail.id);
    let opened = app.deps.vault.open(&purpose, mail.secret.as_ref().expect("a secret")).await.expect("it opens");
    String::from_utf8(opened.expose_secret().to_vec()).expect("a text")
}

#[tokio::test]
async fn the_first_owner_of_a_new_organization_is_invited() {
    let app = app().await;
    let (user, admin) = app.platform_admin().await;
    let wrong = admin.form("/plateforme/entreprises/nouvelle", &[("name", ""), ("email", "claire")]).await;
    assert!(wrong.expect(422).text().contains("signalées"));
    let fields = [("name", "Verger du Lac"), ("email", "claire@verger.example")];
    app.owner().form("/plateforme/entreprises/nouvelle", &fields).await.expect(404);
    let created = admin.form("/plateforme/entreprises/nouvelle", &fields).await.expect(303);
    assert!(created.round_trips().is_some_and(|trips| trips <= 3));
    let to = created.header("location").expect("a place").to_owned();
    let organization: OrganizationId = to.strip_prefix("/plateforme/entreprises/").unwrap().parse().unwrap();
    let keys = TenantKeys::of(organization);
    let found = app.deps.table.get::<OrganizationReference>(&keys.organization()).await.unwrap().unwrap();
    assert_eq!(found.name, "Verger du Lac");
    assert_eq!(app.deps.table.get::<web::Membership>(&keys.member(user)).await.unwrap(), None);

    let invited = app.deps.table.get::<accounts::invitation::Invited>(&keys.invited("claire@verger.example")).await;
    let link = link(&app, organization, invited.unwrap().unwrap().invitation).await;
    let accept = json!({ "link": link, "email": "claire@verger.example", "name": "Claire", "password": PASSWORD });
    let accepted = app.anyone().post("/api/v1/invitations/accept", &accept).await.expect(200).field("/user_id");
    let owners = app.deps.table.get::<Owners>(&keys.owners()).await.unwrap().unwrap();
    assert_eq!(owners.users.iter().map(ToString::to_string).collect::<Vec<_>>(), [accepted]);
}

#[tokio::test]
async fn a_suspended_member_still_reaches_their_own_account() {
    let app = app().await;
    let scope = &app.scope();
    scope
        .write(|| async {
            let read = scope.get::<OrganizationReference>(&scope.keys().organization()).await?.expect("ours");
            let mut transaction = scope.begin("test", read.id);
            let suspended = OrganizationReference { suspended_at: Some(scope.now()), ..read.value.clone() };
            transaction.update(&read, &suspended);
            Ok((transaction, ()))
        })
        .await
        .expect("it is suspended");
    let owner = app.owner();
    owner.get("/equipe").await.expect(403);
    for path in ["/compte/jetons", "/compte/entreprises", "/entreprises/nouvelle"] {
        owner.get(path).await.expect(200);
    }
    owner.form("/deconnexion", &[]).await.expect(303);
}

/// The password alone makes nobody an administrator, whatever the configuration names.
#[tokio::test]
async fn a_session_without_a_second_factor_administers_nothing() {
    let named = |deps: Deps| {
        let config = Config { platform_admins: vec!["camille@pont.example".into()], ..Config::clone(&deps.config) };
        accounts::router(Deps { config: Arc::new(config), ..deps })
    };
    let app = App::new(named).await;
    let cookie = crate::session(&app, "camille@pont.example").await;
    let secret = cookie.rsplit('.').next().expect("a secret");
    let session = app.deps.table.get::<Session>(&keys::session(&Secret::hash_of(secret))).await.unwrap().unwrap();
    assert!(!session.platform && !session.second_factor);
    app.anyone().session(&cookie).get("/plateforme/entreprises/nouvelle").await.expect(404);
}
