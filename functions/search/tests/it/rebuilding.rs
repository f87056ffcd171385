//! The index is made anew from whatever it is, and again from wherever it was left.

use kernel::{event::Event, permission::Role};
use serde_json::Value;
use table::Item;
use testkit::App;

use crate::{Company, File, app, company, contact, deliver, invoice, put, remove, titles, write};

const API: &str = "/api/v1/search/rebuild";

fn index(app: &App) -> Vec<Value> {
    let of_index = |item: &Value| matches!(item["type"]["S"].as_str(), Some("search_entry" | "search_document"));
    let mut items: Vec<Value> = app.items_of(app.ours.id).into_values().filter(of_index).collect();
    for item in &mut items {
        item.as_object_mut().expect("an item").remove("v");
    }
    items
}

/// As the queue would, until nothing is asked for any more.
async fn run(app: &App) {
    for _ in 0..50 {
        deliver(app, app.ours.id, Event::SearchRebuildRequested {}).await;
        let state = app.owner().get(API).await.expect(200).json();
        if state["is_under_way"] == false {
            return;
        }
    }
    panic!("it never ends");
}

async fn some_records(app: &App) -> Vec<Company> {
    let scope = app.scope();
    let mut companies = Vec::new();
    for n in 0..60 {
        let one = company(app, &format!("Client {n}"));
        put(app, &one).await;
        companies.push(one);
    }
    put(app, &contact(app, "Zoé", "Müller")).await;
    put(app, &invoice(app, "FAC-2026-0001", "Dupré", 100)).await;
    put(
        app,
        &File {
            id: scope.new_id(kernel::id::AttachedId::new),
            name: "Plan".into(),
            audience: "everyone".into(),
            author: app.user_with_role(Role::Owner),
            created_at: scope.now(),
            of: companies[0].id,
        },
    )
    .await;
    companies
}

#[tokio::test]
async fn an_index_that_was_lost_comes_back_the_same() {
    let app = app().await;
    some_records(&app).await;
    let before = index(&app);
    // What was never told of, what was lost, and what should be gone.
    let scope = app.scope();
    let keys = scope.keys();
    for ((pk, _), item) in app.items_of(app.ours.id) {
        if pk.ends_with("#SEARCH#COMPANY") {
            let place = item["sk"]["S"].as_str().expect("a place").to_owned();
            remove::<search::document::store::Entry>(
                &scope,
                &keys.search_entry(kernel::search::Category::Company, &place),
            )
            .await;
        }
    }
    let ghost = company(&app, "Fantôme");
    put(&app, &ghost).await;
    remove::<Company>(&scope, &ghost.key(keys)).await;
    assert_ne!(index(&app), before);
    assert_eq!(titles(&app.owner(), "fantome").await, ["Fantôme"]);

    let begun = app.owner().idempotency_key("1").post(API, &serde_json::json!({})).await.expect(200).json();
    assert_eq!((&begun["is_under_way"], &begun["looked_at"]), (&true.into(), &0.into()));
    run(&app).await;
    assert_eq!(index(&app), before);
    let state = app.owner().get(API).await.expect(200).json();
    assert!(state["looked_at"].as_u64() >= Some(62) && state["finished_at"].is_string(), "{state}");
}

#[tokio::test]
async fn it_goes_on_from_where_it_was_left_and_only_one_goes_on() {
    let app = app().await;
    let scope = app.scope();
    for n in 0..400 {
        write(&scope, &company(&app, &format!("Client {n}"))).await;
    }
    let first = app.owner().post(API, &serde_json::json!({})).await.expect(200).json();
    deliver(&app, app.ours.id, Event::SearchRebuildRequested {}).await;
    let second = app.owner().post(API, &serde_json::json!({})).await.expect(200).json();
    assert_eq!(first["started_at"], second["started_at"], "the one that goes on");
    let looked_at = second["looked_at"].as_u64().expect("a number");
    assert!((1..400).contains(&looked_at), "{looked_at}");
    // The message comes twice, and at the same time.
    let again = || deliver(&app, app.ours.id, Event::SearchRebuildRequested {});
    futures::future::join(Box::pin(again()), Box::pin(again())).await;
    run(&app).await;
    assert_eq!(app.items_of(app.ours.id).keys().filter(|(pk, _)| pk.ends_with("#SEARCHED")).count(), 400);
    assert_eq!(titles(&app.owner(), "client 399").await, ["Client 399"]);
}

#[tokio::test]
async fn who_may_not_change_settings_rebuilds_nothing() {
    let app = app().await;
    app.with_role(Role::Member).post(API, &serde_json::json!({})).await.expect(403);
    app.with_role(Role::Manager).post(API, &serde_json::json!({})).await.expect(403);
    app.with_role(Role::Manager).get(API).await.expect(200);
}

#[tokio::test]
async fn the_operator_has_it_made_anew_in_every_organization_once() {
    let app = app().await;
    assert_eq!(search::rebuild::start_everywhere(&app.deps).await.ok(), Some(2));
    assert_eq!(search::rebuild::start_everywhere(&app.deps).await.ok(), Some(2));
    for organization in [app.ours.id, app.theirs.id] {
        let events = app.items_of(organization).into_keys().filter(|(pk, _)| pk.contains("#OUTBOX#"));
        assert_eq!(events.count(), 1);
    }
}
