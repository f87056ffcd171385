//! Targets: set, measured, told once.

use jiff::{SignedDuration, civil::date};
use kernel::{
    Currency::Eur,
    Permission,
    event::{Event, QuoteStage},
    id::UserId,
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};

use crate::{Issue, app, appended, credited, deliver, enter, offer, stated};

const API: &str = "/api/v1/sales-targets";

fn wanted(kind: &str, period: &str, goal: &str, of: &[UserId]) -> Value {
    json!({ "name": "Cap", "type": kind, "period": period, "goal": goal, "from": "2026-01", "assigned_to": of })
}

async fn set(client: &Client, target: &Value) -> String {
    client.post(API, target).await.expect(201).field("/id")
}

async fn issue(app: &App, invoice: u64, assigned_to: Option<UserId>, net: i64) {
    let on = date(2026, 11, 10);
    let gross = net * 6 / 5;
    let issue = Issue {
        invoice,
        client: invoice,
        assigned_to,
        currency: Eur,
        on,
        due_on: on,
        net,
        gross,
        deducted: 0,
        euro: None,
    };
    enter(&app.scope(), vec![issue.entry()]).await;
    deliver(app, &[appended()]).await;
}

async fn progress(app: &App, id: &str) -> (i64, i64, String) {
    let target = app.owner().get(&format!("{API}/{id}")).await.expect(200).json();
    let number = |name: &str| target["progress"][name].as_i64().expect("a number");
    (number("achieved"), number("percent"), target["progress"]["state"].as_str().expect("a state").to_owned())
}

/// How often it was told of something.
fn told(app: &App, name: &str) -> usize {
    app.written_under("#OUTBOX#").matches(name).count()
}

#[tokio::test]
async fn all_types_are_measured_for_all_whom_they_are_of() {
    let app = app().await;
    let (sales, manager) = (app.user_with_role(Role::Sales), app.user_with_role(Role::Manager));
    let owner = app.owner();
    let mut ids = Vec::new();
    for (kind, goal) in
        [("revenue", "5000"), ("invoices", "4"), ("quotes", "2"), ("conversion", "50"), ("new_clients", "3")]
    {
        ids.push(set(&owner, &wanted(kind, "quarterly", goal, &[])).await);
    }
    let person = set(&owner, &wanted("revenue", "monthly", "1000", &[sales])).await;
    let team = set(&owner, &wanted("revenue", "yearly", "3000", &[sales, manager])).await;
    issue(&app, 1, Some(sales), 100_000).await;
    issue(&app, 2, Some(manager), 200_000).await;
    issue(&app, 3, None, 200_000).await;
    let on = date(2026, 11, 12);
    let facts = [1, 2].map(|number| offer(number, None, Eur, 1_000, on));
    deliver(&app, &[stated(1, QuoteStage::Accepted, on, &facts[0]), stated(2, QuoteStage::Refused, on, &facts[1])])
        .await;
    let mut found = Vec::new();
    for id in &ids {
        found.push(progress(&app, id).await);
    }
    let reached = |achieved, percent| (achieved, percent, "reached".to_owned());
    // 53 of 92 days are over: three of four invoices are on their way to five.
    let running = (3, 75, "running".to_owned());
    assert_eq!(found, [reached(500_000, 100), running, reached(2, 100), reached(50, 100), reached(3, 100)]);
    assert_eq!(progress(&app, &person).await, reached(100_000, 100));
    assert_eq!(progress(&app, &team).await, reached(300_000, 100));
}

#[tokio::test]
async fn what_is_reached_is_told_once() {
    let app = app().await;
    let id = set(&app.owner(), &wanted("revenue", "monthly", "1000", &[])).await;
    issue(&app, 1, None, 99_999).await;
    assert_eq!(told(&app, "target.reached.v1"), 0);
    issue(&app, 2, None, 1).await;
    deliver(&app, &[appended(), appended()]).await;
    // A credit note takes some of it away again.
    enter(&app.scope(), vec![credited(1, Eur, date(2026, 11, 20), 50_000, 60_000)]).await;
    deliver(&app, &[appended()]).await;
    assert_eq!(progress(&app, &id).await.0, 50_000);
    issue(&app, 3, None, 80_000).await;
    deliver(&app, &[Event::TargetDue { target: id.parse().unwrap() }]).await;
    assert_eq!((told(&app, "target.reached.v1"), told(&app, "target.off_track.v1")), (1, 0));
}

#[tokio::test]
async fn what_is_out_of_reach_is_told_once_by_the_clock() {
    let app = app().await;
    let owner = app.owner();
    let id = set(&owner, &wanted("revenue", "monthly", "1000", &[])).await;
    let due = [Event::TargetDue { target: id.parse().unwrap() }];
    // On 22 November, 22 of 30 days are over and nothing is sold.
    deliver(&app, &due).await;
    deliver(&app, &due).await;
    assert_eq!(told(&app, "target.off_track.v1"), 1);
    assert_eq!(progress(&app, &id).await.2, "off_track");
    // In December it is told again, once a third of it is over.
    for day in [1, 9, 15, 20] {
        app.clock.advance(SignedDuration::from_hours(24 * if day == 1 { 9 } else { 5 }));
        deliver(&app, &due).await;
    }
    assert_eq!(told(&app, "target.off_track.v1"), 2);
    let standing =
        app.items().into_iter().find(|item| item["type"]["S"] == "sales_target_standing").expect("a standing");
    assert_eq!(standing["look_on"]["S"], "2026-12-17", "the clock looks on the next day");
}

#[tokio::test]
async fn while_figures_are_made_anew_nothing_is_told() {
    let app = app().await;
    issue(&app, 1, None, 100_000).await;
    let id = set(&app.owner(), &wanted("revenue", "monthly", "1000", &[])).await;
    assert_eq!(progress(&app, &id).await, (100_000, 100, "reached".into()));
    app.owner().post("/api/v1/sales/projection/rebuild", &json!({})).await.expect(202);
    deliver(&app, &[Event::TargetDue { target: id.parse().unwrap() }]).await;
    assert_eq!(told(&app, "target.reached.v1") + told(&app, "target.off_track.v1"), 0);
    deliver(&app, &[Event::SalesProjectionDue {}]).await;
    assert_eq!((told(&app, "target.reached.v1"), told(&app, "target.off_track.v1")), (1, 0));
}

#[tokio::test]
async fn who_may_set_and_see_what() {
    let app = app().await;
    let (owner, sales) = (app.owner(), app.user_with_role(Role::Sales));
    let all = set(&owner, &wanted("quotes", "monthly", "10", &[])).await;
    let theirs = set(&owner, &wanted("quotes", "monthly", "10", &[sales])).await;
    let role = own_records([Permission::SalesView, Permission::SalesCreate, Permission::SalesEdit]);
    let (user, own) = app.with_new_member(role).await;
    let mine = set(&own, &wanted("quotes", "monthly", "5", &[user])).await;
    let listed = own.get(API).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    own.get(&format!("{API}/{mine}")).await.expect(200);
    for id in [&all, &theirs] {
        own.get(&format!("{API}/{id}")).await.expect(404);
        own.get(&format!("/ventes/objectifs/{id}")).await.expect(404);
    }
    // Nobody sets a target for others, or for all, whom they do not see.
    for of in [vec![], vec![sales], vec![sales, user]] {
        assert_eq!(
            own.post(API, &wanted("quotes", "monthly", "5", &of)).await.expect(422).violations(),
            ["/assigned_to"]
        );
    }
    let stranger = "usr_00000000000000000000000009".parse().unwrap();
    owner.post(API, &wanted("quotes", "monthly", "5", &[stranger])).await.expect(422);
    app.with_role(Role::Reader).post(API, &wanted("quotes", "monthly", "5", &[])).await.expect(403);
    app.stranger().get(&format!("{API}/{all}")).await.expect(404);
}

#[tokio::test]
async fn a_target_is_changed_on_what_was_seen_and_twice_is_once() {
    let app = app().await;
    let owner = app.owner();
    let key = owner.clone().idempotency_key("one");
    let first = set(&key, &wanted("revenue", "monthly", "1000", &[])).await;
    assert_eq!(set(&key, &wanted("revenue", "monthly", "1000", &[])).await, first);
    let path = format!("{API}/{first}");
    // What is counted meanwhile is no change of it.
    issue(&app, 1, None, 10_000).await;
    let other = wanted("revenue", "monthly", "50", &[]);
    let changed = owner.clone().header("if-match", "\"1\"").put(&path, &other).await.expect(200);
    assert_eq!((changed.header("etag"), changed.field("/progress/state").as_str()), (Some("\"2\""), "reached"));
    owner.clone().header("if-match", "\"1\"").put(&path, &other).await.expect(412);
    owner.delete(&path).await.expect(204);
    owner.get(&path).await.expect(404);
    deliver(&app, &[Event::TargetDue { target: first.parse().unwrap() }]).await;
}

#[tokio::test]
async fn pages_say_the_pace_and_what_to_do_next() {
    let app = app().await;
    let owner = app.owner();
    let empty = owner.get("/ventes/objectifs").await.expect(200).text();
    assert!(empty.contains("Aucun objectif pour l’instant") && empty.contains("/ventes/objectifs/nouveau"));
    for (widget, words) in [
        ("chiffre-affaires", "Vos chiffres apparaissent"),
        ("encours", "Rien n’est à encaisser"),
        ("objectifs", "Aucun objectif en cours"),
        ("tresorerie", "Rien n’est à encaisser ni à payer"),
    ] {
        let part = owner.get(&format!("/ventes/widgets/{widget}")).await.expect(200).text();
        assert!(part.contains(words) && !part.contains("<html"), "{part}");
    }
    let form = owner.get("/ventes/objectifs/nouveau").await.expect(200).text();
    assert!(form.contains("Camille Commercial") && form.contains("2026-11"), "{form}");
    let wrong = owner
        .form(
            "/ventes/objectifs/nouveau",
            &[("name", ""), ("type", "revenue"), ("period", "monthly"), ("goal", "beaucoup"), ("from", "2026-11")],
        )
        .await;
    let wrong = wrong.expect(422).text();
    assert!(wrong.contains("id=\"name-error\"") && wrong.contains("beaucoup"), "{wrong}");
    let sales = app.user_with_role(Role::Sales).to_string();
    let fields = [
        ("name", "Cap de novembre"),
        ("type", "revenue"),
        ("period", "monthly"),
        ("goal", "1000,00"),
        ("from", "2026-09"),
        ("assigned_to", sales.as_str()),
    ];
    let made = owner.form("/ventes/objectifs/nouveau", &fields).await.expect(303);
    let page = made.header("location").expect("a page").to_owned();
    issue(&app, 1, Some(sales.parse().unwrap()), 60_000).await;
    let shown = owner.get(&page).await.expect(200).text();
    // 600 in 22 of 30 days.
    for words in [
        "Cap de novembre",
        "À ce rythme\u{a0}: 82\u{a0}%",
        "600,00\u{a0}€",
        "Camille Commercial",
        "octobre\u{a0}2026",
        "Terminé, non atteint",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let list = owner.get("/ventes/objectifs").await.expect(200).text();
    assert!(list.contains("60 %") && list.contains("<progress"), "{list}");
    let again = owner.get(&format!("/ventes/objectifs/nouveau?from={}", page.rsplit('/').next().unwrap())).await;
    assert!(again.expect(200).text().contains("Cap de novembre"));
    let widget = owner.get("/ventes/widgets/objectifs").await.expect(200).text();
    assert!(widget.contains("Cap de novembre"), "{widget}");
    let revenue = owner.get("/ventes/widgets/chiffre-affaires").await.expect(200).text();
    assert!(revenue.contains("600,00\u{a0}€"), "{revenue}");
}
