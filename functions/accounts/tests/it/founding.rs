//! Founding an organization, for oneself or for another, however often the form is sent.

use kernel::{event::Owner, id::OrganizationId, reference::OrganizationReference};
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
