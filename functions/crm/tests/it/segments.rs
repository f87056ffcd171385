//! Filters over lists that were given a name.

use kernel::{
    Permission::{CrmEdit, CrmView},
    permission::Role,
};
use serde_json::json;
use testkit::own_records;

use crate::{app, column};

const SEGMENTS: &str = "/api/v1/segments";

#[tokio::test]
async fn one_s_own_are_one_s_own_and_those_that_are_shared_are_everybody_s() {
    let app = app().await;
    let (owner, manager) = (app.owner(), app.with_role(Role::Manager));
    let own = json!({ "of": "company", "name": "Lyon", "query": "?q=&city=lyon&cursor=7b" });
    let created = owner.clone().idempotency_key("a").post(SEGMENTS, &own).await.expect(201);
    assert!(created.round_trips() <= Some(3));
    let id = created.field("/id");
    assert_eq!(created.field("/query"), "city=lyon");
    let again = owner.clone().idempotency_key("a").post(SEGMENTS, &own).await.expect(201);
    assert_eq!(again.field("/id"), id);
    let shared = json!({ "of": "company", "name": "Lyon", "query": "city=lyon", "shared": "true" });
    let theirs = manager.post(SEGMENTS, &shared).await.expect(201).field("/id");
    let listed = owner.get(SEGMENTS).await.expect(200);
    assert!(listed.round_trips() <= Some(2));
    assert_eq!(column(&listed, "name"), ["Lyon", "Lyon"]);
    assert_eq!(column(&manager.get(SEGMENTS).await.expect(200), "id"), [theirs.as_str()]);
    assert!(column(&owner.get(&format!("{SEGMENTS}?of=contact")).await.expect(200), "id").is_empty());
    assert!(column(&app.stranger().get(SEGMENTS).await.expect(200), "id").is_empty());

    // A private one is not there for others; a shared one is changed by who edits.
    let path = format!("{SEGMENTS}/{id}");
    for other in [&manager, &app.stranger()] {
        other.put(&path, &own).await.expect(404);
        other.delete(&path).await.expect(404);
    }
    let renamed = json!({ "of": "company", "name": "Lyonnais", "query": "city=lyon", "shared": "true" });
    let path = format!("{SEGMENTS}/{theirs}");
    let changed = owner.clone().header("if-match", "\"1\"").put(&path, &renamed).await.expect(200);
    assert!(changed.round_trips() <= Some(3));
    owner.clone().header("if-match", "\"1\"").put(&path, &renamed).await.expect(412);
    app.with_role(Role::Reader).delete(&path).await.expect(403);
    manager.delete(&path).await.expect(204);
    manager.delete(&path).await.expect(404);
}

#[tokio::test]
async fn what_no_list_understands_is_refused() {
    let app = app().await;
    let owner = app.owner();
    let segment = |name: &str, query: &str| json!({ "of": "company", "name": name, "query": query });
    for (body, pointer) in [
        (segment("A", "nobody=1"), "/query"),
        (segment("A", "q="), "/query"),
        (segment(" ", "q=a"), "/name"),
        (json!({ "of": "invoice", "name": "A", "query": "q=a" }), "/of"),
    ] {
        assert_eq!(owner.post(SEGMENTS, &body).await.expect(422).violations(), [pointer]);
    }
    owner.post(SEGMENTS, &segment("Une", "q=a")).await.expect(201);
    assert_eq!(owner.post(SEGMENTS, &segment("UNE", "q=b")).await.expect(422).violations(), ["/name"]);
    // Who only reads keeps some for themselves and shares none.
    let reader = app.with_role(Role::Reader);
    reader.post(SEGMENTS, &segment("Une", "q=a")).await.expect(201);
    let shared = json!({ "of": "company", "name": "Deux", "query": "q=a", "shared": "true" });
    reader.post(SEGMENTS, &shared).await.expect(403);
}

#[tokio::test]
async fn the_bar_over_a_list_saves_what_it_shows() {
    let app = app().await;
    let owner = app.owner();
    let at = |query: &str| {
        let address = format!("https://app.abservice.example/crm/contacts{query}");
        owner.clone().header("hx-request", "true").header("hx-current-url", &address)
    };
    let list = owner.get("/crm/contacts").await.expect(200).text();
    assert!(list.contains("hx-get=\"/crm/listes/contact\""), "{list}");
    let all = at("").get("/crm/listes/contact").await.expect(200);
    assert!(all.round_trips() <= Some(2));
    assert!(all.text().contains("/crm/import?of=contact") && !all.text().contains("segment-save"));
    let narrowed = at("?q=dur&category=client").get("/crm/listes/contact").await.expect(200).text();
    assert!(
        narrowed.contains("segment-save") && narrowed.contains("value=\"q=dur&#38;category=client\""),
        "{narrowed}"
    );
    let fields = [("of", "contact"), ("query", "q=dur&category=client"), ("name", "Durand"), ("shared", "true")];
    let saved = owner.form("/crm/segments", &fields).await.expect(303);
    assert_eq!(saved.header("location"), Some("/crm/contacts?q=dur&category=client"));
    assert!(owner.form("/crm/segments", &fields).await.expect(422).text().contains("déjà utilisée"));
    let current = at("?category=client&q=dur").get("/crm/listes/contact").await.expect(200).text();
    assert!(current.contains("aria-current=\"true\"") && current.contains("segment-edit"), "{current}");
    let id = owner.get(&format!("{SEGMENTS}?of=contact")).await.expect(200).field("/items/0/id");
    let renamed = [("of", "contact"), ("name", "Les Durand"), ("shared", "")];
    owner.form(&format!("/crm/segments/{id}"), &renamed).await.expect(303);
    let listed = owner.get(&format!("{SEGMENTS}?of=contact")).await.expect(200);
    assert_eq!((listed.field("/items/0/name"), listed.field("/items/0/shared")), ("Les Durand".into(), "false".into()));
    let (_, other) = app.with_new_member(own_records([CrmView, CrmEdit])).await;
    assert!(!other.get("/crm/listes/contact").await.expect(200).text().contains("Les Durand"));
    other.form(&format!("/crm/segments/{id}/supprimer"), &[]).await.expect(404);
    owner.form(&format!("/crm/segments/{id}/supprimer"), &[]).await.expect(303);
    owner.get("/crm/listes/facture").await.expect(404);
}
