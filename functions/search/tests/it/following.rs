//! The index follows what is written, whatever becomes of the messages.

use std::collections::BTreeMap;

use kernel::id::{CompanyId, OrganizationId, UserId};
use proptest::prelude::*;
use search::document::{Found, Reason, index_item, kinds, store::Document};
use serde_json::Value;
use table::{Item, Scope, item::golden};
use testkit::App;
use ulid::Ulid;

use crate::{Company, File, app, changed, company, deliver, put, remove, titles, write};

/// What a step of a history does, to one of a few companies.
#[derive(Debug, Clone)]
enum Step {
    Write {
        which: u8,
        name: String,
        of: Option<u8>,
    },
    Remove {
        which: u8,
    },
    /// Messages that wait are brought, the first ones at the same time, some again later.
    Deliver {
        at: Vec<prop::sample::Index>,
        again: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name =
        prop::sample::select(vec!["Société Générale", "Martin SARL", "SARL Martin & Fils", "Œuvre", "Dupré 2026"]);
    let step = prop_oneof![
        4 => (0..4_u8, name, prop::option::of(0..2_u8)).prop_map(|(which, name, of)| Step::Write { which, name: name.into(), of }),
        1 => (0..4_u8).prop_map(|which| Step::Remove { which }),
        3 => (prop::collection::vec(any::<prop::sample::Index>(), 1..4), any::<bool>())
            .prop_map(|(at, again)| Step::Deliver { at, again }),
    ];
    prop::collection::vec(step, 1..25)
}

/// What lies in the index, without versions.
fn index(app: &App, organization: OrganizationId) -> BTreeMap<(String, String), Value> {
    let of_search = |item: &Value| item["type"]["S"].as_str().is_some_and(|kind| kind.starts_with("search_"));
    let mut items = app.items_of(organization);
    items.retain(|_, item| of_search(item));
    for item in items.values_mut() {
        item.as_object_mut().expect("an item").remove("v");
    }
    items
}

fn found(company: &Company) -> Found {
    let item = serde_json::to_value(company).expect("JSON");
    let mut item = item;
    item.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    kinds::found(&kinds::Read { kind: "company", item: &item, record: None }).expect("it is found")
}

/// The keys that the index must have of these companies, and the title under each.
fn expected(scope: &Scope, companies: &BTreeMap<u8, Company>) -> BTreeMap<(String, String), String> {
    let keys = scope.keys();
    let mut expected = BTreeMap::new();
    for company in companies.values() {
        let key = company.key(keys);
        let document = Document::new(keys.item_name(&key).expect("a name"), &key, found(company));
        let mut note = |item: Value, title: &str| {
            let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
            expected.insert((text("pk"), text("sk")), title.to_owned());
        };
        note(golden(&document, keys).expect("stored"), &company.name);
        for entry in document.entries() {
            note(golden(&entry, keys).expect("stored"), &company.name);
        }
    }
    expected
}

async fn replay(steps: Vec<Step>) {
    let app = app().await;
    let scope = app.scope();
    let id = |which: u8| CompanyId::from_ulid(Ulid(u128::from(which) + 1));
    let mut companies: BTreeMap<u8, Company> = BTreeMap::new();
    let mut waiting: Vec<u8> = Vec::new();
    for step in steps {
        match step {
            Step::Write { which, name, of } => {
                let assigned_to = of.map(|of| UserId::from_ulid(Ulid(u128::from(of) + 9)));
                let company = Company { id: id(which), name, created_at: scope.now(), assigned_to };
                write(&scope, &company).await;
                companies.insert(which, company);
                waiting.push(which);
            }
            Step::Remove { which } => {
                if let Some(company) = companies.remove(&which) {
                    remove::<Company>(&scope, &company.key(scope.keys())).await;
                    waiting.push(which);
                }
            }
            Step::Deliver { at, again } if !waiting.is_empty() => {
                let picked: Vec<usize> = at.iter().map(|at| at.index(waiting.len())).collect();
                let looks = picked.iter().map(|at| {
                    let key = scope.keys().company(id(waiting[*at]));
                    let scope = &scope;
                    async move { index_item(scope, &key, Reason::Changed).await.expect("it is indexed") }
                });
                futures::future::join_all(looks).await;
                if !again {
                    waiting.remove(picked[0]);
                }
            }
            Step::Deliver { .. } => {}
        }
    }
    for which in waiting.into_iter().rev() {
        let key = scope.keys().company(id(which));
        deliver(&app, app.ours.id, changed(&scope, &key)).await;
    }
    let index: BTreeMap<_, _> = index(&app, app.ours.id)
        .into_iter()
        .map(|(key, item)| (key, item["title"]["S"].as_str().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(index, expected(&scope, &companies));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_becomes_of_the_messages_the_index_is_what_the_items_say(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(replay(steps));
    }
}

#[tokio::test]
async fn what_is_renamed_is_found_by_its_new_name_alone_and_what_is_deleted_not_at_all() {
    let app = app().await;
    let mut one = company(&app, "Boulangerie Dupré");
    put(&app, &one).await;
    assert_eq!(titles(&app.owner(), "dupre").await, ["Boulangerie Dupré"]);
    one.name = "Pâtisserie Martin".into();
    put(&app, &one).await;
    assert_eq!(titles(&app.owner(), "dupre").await, Vec::<String>::new());
    assert_eq!(titles(&app.owner(), "patis").await, ["Pâtisserie Martin"]);
    let scope = app.scope();
    let key = one.key(scope.keys());
    remove::<Company>(&scope, &key).await;
    deliver(&app, app.ours.id, changed(&scope, &key)).await;
    assert_eq!(titles(&app.owner(), "patis").await, Vec::<String>::new());
    assert!(index(&app, app.ours.id).is_empty());
}

#[tokio::test]
async fn a_repetition_writes_nothing() {
    let app = app().await;
    let one = company(&app, "Boulangerie Dupré");
    put(&app, &one).await;
    let before = app.items_of(app.ours.id);
    put_message(&app, &one).await;
    assert_eq!(app.items_of(app.ours.id), before);
}

async fn put_message(app: &App, one: &Company) {
    let scope = app.scope();
    deliver(app, app.ours.id, changed(&scope, &one.key(scope.keys()))).await;
}

#[tokio::test]
async fn files_follow_the_name_and_the_visibility_of_their_record() {
    let app = app().await;
    let scope = app.scope();
    let mut one = company(&app, "Dupré");
    put(&app, &one).await;
    let author = app.user_with_role(kernel::permission::Role::Member);
    let file = File {
        id: scope.new_id(kernel::id::AttachedId::new),
        name: "Plan de la vitrine".into(),
        audience: "everyone".into(),
        author,
        created_at: scope.now(),
        of: one.id,
    };
    put(&app, &file).await;
    assert_eq!(titles(&app.owner(), "plan dupre").await, ["Plan de la vitrine"]);
    one.name = "Martin".into();
    one.assigned_to = Some(author);
    put(&app, &one).await;
    assert_eq!(titles(&app.owner(), "plan dupre").await, Vec::<String>::new());
    assert_eq!(titles(&app.owner(), "plan martin").await, ["Plan de la vitrine"]);
    let (_, nobody) = app.with_new_member(testkit::own_records([kernel::Permission::CrmView])).await;
    assert_eq!(titles(&nobody, "plan").await, Vec::<String>::new());

    // For its author, and who administers.
    put(&app, &File { audience: "author".into(), ..file }).await;
    assert_eq!(titles(&app.owner(), "plan").await, ["Plan de la vitrine"]);
    assert_eq!(titles(&app.with_role(kernel::permission::Role::Member), "plan").await, ["Plan de la vitrine"]);
    assert_eq!(titles(&app.with_role(kernel::permission::Role::Sales), "plan").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_bad_message_fails_by_itself() {
    let app = app().await;
    let poison = serde_json::from_str(include_str!("../../../../events/search-worker/poison.json")).expect("a batch");
    let done = search::worker::handle(app.deps.clone(), poison).await.expect("the worker answers");
    let failed: Vec<_> = done.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    assert_eq!(failed, ["00000001-0000-4000-8000-000000000000"]);
    for event in [
        include_str!("../../../../events/search-worker/item_changed.json"),
        include_str!("../../../../events/search-worker/rebuild_requested.json"),
    ] {
        let event = serde_json::from_str(event).expect("a batch");
        let done = search::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
        assert!(done.batch_item_failures.is_empty());
    }
}
