//! Founding an organization, for oneself or for another, however often the form is sent.

use kernel::{event::Owner, id::OrganizationId, reference::OrganizationReference};
use serde_json::{Value, json};
use table::{TenantKeys, keys, shared::OwnedMail};
use testkit::{App, Client};

use crate::app;

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
