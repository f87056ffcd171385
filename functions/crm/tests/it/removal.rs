//! Archiving, restoring and deleting a company.

use kernel::{Permission, permission::Role, reference::ClientReference};
use serde_json::json;
use table::shared::ClientUse;
use testkit::App;

use crate::{ACTIVITIES, COMPANIES, CONTACTS, OPPORTUNITIES, added, app, bakery, column, with};

async fn reference(app: &App, id: &str) -> Option<ClientReference> {
    let scope = app.scope();
    let key = scope.keys().client_reference(id.parse().expect("an id"));
    scope.get::<ClientReference>(&key).await.expect("a reading").map(|read| read.value)
}

/// As invoicing does with whatever names a client.
pub async fn use_client(app: &App, id: &str) -> bool {
    let scope = app.scope();
    let client = id.parse().expect("an id");
    let key = scope.keys().client_reference(client);
    let used = scope.write(|| async {
        let is_there = scope.get::<ClientReference>(&key).await?.is_some();
        let mut transaction = scope.begin("test", client);
        if !is_there {
            return Ok((transaction.nothing(), false));
        }
        ClientUse::note(&mut transaction, client);
        Ok((transaction, true))
    });
    used.await.expect("a writing")
}

#[tokio::test]
async fn what_is_archived_leaves_the_lists_and_comes_back() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, COMPANIES, &bakery()).await;
    let path = format!("{COMPANIES}/{id}");
    let archived = program.post(&format!("{path}/archive"), &json!({})).await.expect(200);
    assert!(archived.round_trips() <= Some(3));
    assert_eq!(archived.field("/archived_at"), "2026-11-22T09:00:00Z");
    assert_eq!(archived.header("etag"), Some("\"2\""));
    // Twice is once.
    let again = program.post(&format!("{path}/archive"), &json!({})).await.expect(200);
    assert_eq!((again.json(), again.header("etag")), (archived.json(), Some("\"2\"")));
    assert!(column(&program.get(COMPANIES).await, "id").is_empty());
    assert_eq!(column(&program.get(&format!("{COMPANIES}?state=archived&q=boul")).await, "id"), [id.as_str()]);
    assert!(reference(&app, &id).await.expect("a reference").archived);

    let owner = app.owner();
    let page = owner.get(&format!("/crm/entreprises/{id}")).await.expect(200).text();
    assert!(page.contains("archivée depuis le 22/11/2026") && !page.contains("/facturation/devis/nouveau"), "{page}");
    assert!(!owner.get("/crm/entreprises").await.text().contains("Boulangerie"));
    assert!(owner.get("/crm/entreprises?state=archived").await.text().contains("Boulangerie"));
    assert!(!owner.get("/crm/panneaux/recents").await.text().contains("Boulangerie"));
    assert!(!owner.get("/crm/contacts/nouveau").await.text().contains("Boulangerie"));
    // A change leaves it where it is.
    let renamed = program.put(&path, &with(bakery(), json!({ "name": "Maison Dupré" }))).await.expect(200);
    assert_eq!(renamed.field("/archived_at"), "2026-11-22T09:00:00Z");
    assert!(reference(&app, &id).await.expect("a reference").archived);

    program.clone().header("if-match", "\"1\"").post(&format!("{path}/restore"), &json!({})).await.expect(412);
    let restored = owner.form(&format!("/crm/entreprises/{id}/retablir"), &[("_key", "r"), ("_version", "3")]).await;
    assert_eq!(restored.expect(303).header("location"), Some(format!("/crm/entreprises/{id}").as_str()));
    assert_eq!(column(&program.get(COMPANIES).await, "name"), ["Maison Dupré"]);
    assert!(!reference(&app, &id).await.expect("a reference").archived);
    assert!(owner.get("/crm/panneaux/recents").await.text().contains("Maison Dupré"));
    owner.form(&format!("/crm/entreprises/{id}/archiver"), &[("_key", "a"), ("_version", "4")]).await.expect(303);
    app.stranger().form(&format!("/crm/entreprises/{id}/archiver"), &[]).await.expect(404);
}

#[tokio::test]
async fn a_company_to_which_nothing_refers_goes_for_good() {
    let app = app().await;
    let program = app.program();
    let top = added(&program, COMPANIES, &json!({ "name": "Groupe" })).await;
    let prospect = with(bakery(), json!({ "category": "prospect", "parent_id": top }));
    let id = added(&program, COMPANIES, &prospect).await;
    let path = format!("{COMPANIES}/{id}");
    app.stranger()
        .header("sec-fetch-site", "same-origin")
        .post(&format!("{path}/delete"), &json!({}))
        .await
        .expect(404);
    program.clone().header("if-match", "\"7\"").post(&format!("{path}/delete"), &json!({})).await.expect(412);
    let once = program.clone().idempotency_key("once");
    let deleted = once.post(&format!("{path}/delete"), &json!({})).await.expect(204);
    assert!(deleted.round_trips() <= Some(3));
    once.post(&format!("{path}/delete"), &json!({})).await.expect(204);
    program.get(&path).await.expect(404);
    program.post(&format!("{path}/delete"), &json!({})).await.expect(404);
    assert_eq!(reference(&app, &id).await, None);
    // Nothing of it is left, and its parent has none any more.
    let ulid = id.trim_start_matches("com_");
    let left = app.items().into_iter().map(|item| item.to_string());
    let left: Vec<_> = left.filter(|item| item.contains(&format!("COMPANY#{ulid}"))).collect();
    assert!(left.is_empty(), "{left:?}");
    program.post(&format!("{COMPANIES}/{top}/delete"), &json!({})).await.expect(204);
}

#[tokio::test]
async fn what_something_refers_to_stays_with_the_reason() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let id = added(&program, COMPANIES, &bakery()).await;
    let contact = added(&program, CONTACTS, &json!({ "company_id": id, "last_name": "Durand" })).await;
    let delete = format!("{COMPANIES}/{id}/delete");
    let refused = program.post(&delete, &json!({})).await.expect(409);
    assert!(refused.text().contains("has contacts, or had some"), "{}", refused.text());
    let fields = [("_key", "d"), ("_version", "1")];
    let page = owner.form(&format!("/crm/entreprises/{id}/supprimer"), &fields).await.expect(409).text();
    assert!(page.contains("Des contacts, actuels ou anciens") && page.contains("Archivez-la"), "{page}");
    assert!(page.contains("/archiver"), "{page}");
    // Who left still tells that they were there; who is erased does not.
    program.put(&format!("{CONTACTS}/{contact}"), &json!({ "last_name": "Durand" })).await.expect(200);
    program.post(&delete, &json!({})).await.expect(409);
    program.delete(&format!("{CONTACTS}/{contact}")).await.expect(200);
    let child = added(&program, COMPANIES, &json!({ "name": "Fille", "parent_id": id })).await;
    assert!(program.post(&delete, &json!({})).await.expect(409).text().contains("Other companies"));
    program.post(&format!("{COMPANIES}/{child}/delete"), &json!({})).await.expect(204);
    let note = json!({ "type": "note", "subject": "Appelé", "company_id": id });
    let note = added(&program, ACTIVITIES, &note).await;
    let refused = program.post(&delete, &json!({})).await.expect(409);
    assert_eq!((refused.field("/code"), refused.round_trips()), ("company_has_activities".into(), Some(2)));
    program.delete(&format!("{ACTIVITIES}/{note}")).await;
    assert!(use_client(&app, &id).await);
    assert!(program.post(&delete, &json!({})).await.expect(409).text().contains("archive it instead"));
    owner.get(&format!("/crm/entreprises/{id}")).await.expect(200);
}

#[tokio::test]
async fn a_private_person_is_erased_and_not_deleted() {
    let app = app().await;
    let program = app.program();
    let person = added(&program, COMPANIES, &json!({ "name": "Ana Lopez", "is_business": "false" })).await;
    program.post(&format!("{COMPANIES}/{person}/delete"), &json!({})).await.expect(404);
    program.delete(&format!("{COMPANIES}/{person}")).await.expect(200);
    for act in ["archive", "restore"] {
        program.post(&format!("{COMPANIES}/{person}/{act}"), &json!({})).await.expect(409);
    }
}

#[tokio::test]
async fn a_role_archives_and_deletes_as_it_allows() {
    let app = app().await;
    for role in Role::ALL {
        let id = added(&app.program(), COMPANIES, &json!({ "name": "Société" })).await;
        let person = app.with_role(role).header("sec-fetch-site", "same-origin");
        let may = |permission| role.allows(permission);
        let archived = person.post(&format!("{COMPANIES}/{id}/archive"), &json!({})).await;
        archived.expect(if may(Permission::CrmEdit) { 200 } else { 403 });
        let deleted = person.post(&format!("{COMPANIES}/{id}/delete"), &json!({})).await;
        deleted.expect(if may(Permission::CrmDelete) { 204 } else { 403 });
    }
}

#[tokio::test]
async fn what_is_made_at_the_same_instant_does_not_lose_its_company() {
    for turn in 0..30 {
        let app = app().await;
        let program = app.program();
        let id = added(&program, COMPANIES, &bakery()).await;
        let deleting = {
            let (program, path) = (program.clone(), format!("{COMPANIES}/{id}/delete"));
            tokio::spawn(async move { program.post(&path, &json!({})).await.status.as_u16() })
        };
        // A document, a contact, an activity, an opportunity, a company that is to belong to it.
        let (used, status) = match turn % 5 {
            0 => (use_client(&app, &id).await, 0),
            1 => {
                let body = json!({ "company_id": id, "last_name": "Durand" });
                let status = program.post(CONTACTS, &body).await.status.as_u16();
                (status == 201, status)
            }
            2 => {
                let body = json!({ "type": "note", "subject": "Appelé", "company_id": id });
                let status = program.post(ACTIVITIES, &body).await.status.as_u16();
                (status == 201, status)
            }
            3 => {
                let body = json!({ "name": "Affaire", "company_id": id });
                let status = program.post(OPPORTUNITIES, &body).await.status.as_u16();
                (status == 201, status)
            }
            _ => {
                let body = json!({ "name": "Fille", "parent_id": id });
                let status = program.post(COMPANIES, &body).await.status.as_u16();
                (status == 201, status)
            }
        };
        let deleted = deleting.await.expect("an answer");
        assert!([0, 201, 422].contains(&status), "{status}");
        assert_eq!((used, deleted), if used { (true, 409) } else { (false, 204) }, "turn {turn}");
        assert_eq!(reference(&app, &id).await.is_some(), used);
    }
}
