//! `/api/v1/companies`

use kernel::{Permission, permission::Role, reference::ClientReference};
use serde_json::json;
use table::AuditEntry;
use testkit::App;

use crate::{COMPANIES, CONTACTS, added, app, bakery, column, with};

/// What the other contexts know of a company.
async fn published(app: &App, id: &str) -> ClientReference {
    let scope = app.scope();
    let key = scope.keys().client_reference(id.parse().expect("an id"));
    scope.get::<ClientReference>(&key).await.expect("a reading").expect("a reference").value
}

#[tokio::test]
async fn a_company_is_created_listed_and_shown() {
    let app = app().await;
    let program = app.program();
    let created = program.post(COMPANIES, &bakery()).await.expect(201);
    let id = created.field("/id");
    assert!(id.starts_with("com_"), "{id}");
    let location = format!("{COMPANIES}/{id}");
    assert_eq!(created.header("location"), Some(location.as_str()));
    assert_eq!(created.header("etag"), Some("\"1\""));
    assert_eq!(created.field("/siret"), "73282932000074");
    assert!(created.round_trips() <= Some(3));

    let list = program.get(COMPANIES).await.expect(200);
    assert_eq!(column(&list, "id"), [id.as_str()]);
    assert!(list.json().get("next_cursor").is_none());
    assert!(list.round_trips() <= Some(2));

    let shown = program.get(&location).await.expect(200);
    assert_eq!(shown.json(), created.json());
    assert_eq!(shown.header("etag"), Some("\"1\""));
    assert!(shown.round_trips() <= Some(2));
}

#[tokio::test]
async fn what_is_created_is_published_and_audited() {
    let app = app().await;
    let id = added(&app.program(), COMPANIES, &bakery()).await;
    let reference = published(&app, &id).await;
    assert_eq!(reference.name, "Boulangerie Dupré");
    assert_eq!(reference.siret.as_deref(), Some("73282932000074"));
    assert_eq!(reference.address.map(|address| address.city).as_deref(), Some("Lyon"));
    assert_eq!(reference.email.as_deref(), Some("compta@dupre.example"));
    assert_eq!(reference.contact, None);

    let scope = app.scope();
    let month = scope.clock().today(&app.ours.zone());
    let any = scope.new_id(kernel::id::AuditId::new);
    let entries = scope.collection(&scope.keys().audit(month, any).collection()).await.expect("a reading");
    let entries = entries.all::<AuditEntry>().expect("entries");
    let entry = entries.iter().find(|entry| entry.object == id).expect("an entry");
    assert_eq!(entry.act, "create_company");
    let changed: Vec<_> = entry.changed.iter().map(|change| (change.item.as_str(), &change.after["name"])).collect();
    assert_eq!(changed, [("company", &json!("Boulangerie Dupré"))]);
}

#[tokio::test]
async fn another_tenants_company_is_not_found() {
    let app = app().await;
    let id = added(&app.program(), COMPANIES, &bakery()).await;
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    stranger.get(&format!("{COMPANIES}/{id}")).await.expect(404);
    stranger.put(&format!("{COMPANIES}/{id}"), &bakery()).await.expect(404);
    assert!(column(&stranger.get(COMPANIES).await.expect(200), "id").is_empty());
    for unknown in ["com_00000000000000000000000000", "com_", "inv_00000000000000000000000000", "%20"] {
        app.program().get(&format!("{COMPANIES}/{unknown}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_wrong_siret_is_told_by_its_pointer() {
    let app = app().await;
    let wrong = with(bakery(), json!({ "siret": "73282932000075", "email": "nobody" }));
    let refused = app.program().post(COMPANIES, &wrong).await.expect(422);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(refused.violations(), ["/siret", "/email"]);
    assert_eq!(refused.field("/violations/0/code"), "invalid_siret");
}

#[tokio::test]
async fn what_cannot_be_read_is_malformed() {
    let app = app().await;
    let program = app.program();
    for body in [json!({ "name": "A", "colour": "red" }), json!({ "name": 12 }), json!([])] {
        program.post(COMPANIES, &body).await.expect(400);
    }
    for query in ["limit=0", "limit=101", "limit=a", "cursor=zz", "cursor=7b7d"] {
        program.get(&format!("{COMPANIES}?{query}")).await.expect(400);
    }
    program.clone().header("if-match", "3").put(&format!("{COMPANIES}/com_{:026}", 0), &bakery()).await.expect(400);
}

#[tokio::test]
async fn a_change_wants_the_version_that_was_seen() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, COMPANIES, &bakery()).await;
    let path = format!("{COMPANIES}/{id}");
    let moved = with(bakery(), json!({ "street": "4 rue du Four" }));
    let first = program.clone().header("if-match", "\"1\"");
    let edited = first.put(&path, &moved).await.expect(200);
    assert_eq!(edited.header("etag"), Some("\"2\""));
    assert_eq!(edited.field("/street"), "4 rue du Four");
    assert!(edited.round_trips() <= Some(3));
    first.put(&path, &bakery()).await.expect(412);
    assert_eq!(program.get(&path).await.expect(200).json(), edited.json());
    assert_eq!(published(&app, &id).await.address.map(|address| address.street).as_deref(), Some("4 rue du Four"));
}

#[tokio::test]
async fn a_change_that_documents_do_not_show_leaves_the_reference_as_it_was() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, COMPANIES, &bakery()).await;
    program.put(&format!("{COMPANIES}/{id}"), &with(bakery(), json!({ "notes": "Fermé le lundi." }))).await.expect(200);
    let scope = app.scope();
    let key = scope.keys().client_reference(id.parse().expect("an id"));
    let reference = scope.get::<ClientReference>(&key).await.expect("a reading").expect("a reference");
    assert_eq!(reference.version, 1);
}

#[tokio::test]
async fn creating_twice_with_one_key_creates_one_company() {
    let app = app().await;
    let program = app.program().idempotency_key("order-66");
    let first = program.post(COMPANIES, &bakery()).await.expect(201);
    let second = program.post(COMPANIES, &bakery()).await.expect(201);
    assert_eq!(first.json(), second.json());
    assert_eq!(column(&program.get(COMPANIES).await, "id").len(), 1);
    program.post(COMPANIES, &with(bakery(), json!({ "name": "Autre" }))).await.expect(422);
}

#[tokio::test]
async fn companies_are_found_by_the_beginning_of_their_name_page_by_page() {
    let app = app().await;
    let program = app.program();
    for name in ["Électricité Durand", "Eleonore Mode", "ELECTRO-Lyon", "Zinguerie", "Élec & Co"] {
        added(&program, COMPANIES, &json!({ "name": name })).await;
    }
    let all = ["Élec & Co", "Électricité Durand", "ELECTRO-Lyon", "Eleonore Mode", "Zinguerie"];
    assert_eq!(column(&program.get(COMPANIES).await, "name"), all);
    let found = program.get(&format!("{COMPANIES}?q=%C3%A9lec")).await.expect(200);
    assert_eq!(column(&found, "name"), all[..3]);

    let mut names = Vec::new();
    let mut path = format!("{COMPANIES}?q=ele&limit=2");
    loop {
        let page = program.get(&path).await.expect(200);
        names.extend(column(&page, "name"));
        match page.json()["next_cursor"].as_str() {
            Some(cursor) => path = format!("{COMPANIES}?q=ele&limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(names, all[..4]);
    let cursor = program.get(&format!("{COMPANIES}?q=ele&limit=2")).await.field("/next_cursor");
    program.get(&format!("{COMPANIES}?q=zin&cursor={cursor}")).await.expect(400);
}

#[tokio::test]
async fn a_new_name_reaches_the_reference_and_the_contacts() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, COMPANIES, &bakery()).await;
    for last_name in ["Durand", "Petit"] {
        added(&program, CONTACTS, &json!({ "company_id": id, "last_name": last_name })).await;
    }
    program.put(&format!("{COMPANIES}/{id}"), &with(bakery(), json!({ "name": "Maison Dupré" }))).await.expect(200);
    assert_eq!(published(&app, &id).await.name, "Maison Dupré");
    let page = app.owner().get("/crm/contacts").await.expect(200).text();
    assert_eq!(page.matches("Maison Dupré").count(), 2, "{page}");
    assert!(!page.contains("Boulangerie"), "{page}");
}

#[tokio::test]
async fn a_name_that_folding_lengthens_is_stored() {
    let app = app().await;
    let program = app.program();
    added(&program, COMPANIES, &json!({ "name": "\u{fdfa}".repeat(200) })).await;
    added(&program, CONTACTS, &json!({ "last_name": "\u{fdfa}".repeat(100) })).await;
    let long: String = "%EF%B7%BA".repeat(150);
    assert_eq!(column(&program.get(&format!("{COMPANIES}?q={long}")).await.expect(200), "id").len(), 1);
}

#[tokio::test]
async fn a_role_sees_and_adds_clients_as_it_allows_and_nobody_else_does() {
    let app = app().await;
    for role in Role::ALL {
        let person = app.with_role(role).header("sec-fetch-site", "same-origin");
        person.get(COMPANIES).await.expect(if role.allows(Permission::CrmView) { 200 } else { 403 });
        person.post(COMPANIES, &bakery()).await.expect(if role.allows(Permission::CrmCreate) { 201 } else { 403 });
    }
    app.anyone().get(COMPANIES).await.expect(401);
    app.anyone().post(COMPANIES, &bakery()).await.expect(401);
    app.owner().header("sec-fetch-site", "cross-site").post(COMPANIES, &bakery()).await.expect(403);
}
