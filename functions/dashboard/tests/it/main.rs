//! The first page: who sees which widgets, and how they arrange them.

use futures::future::join_all;
use kernel::{Permission, permission::Role};
use serde_json::{Value, json};
use testkit::{App, Client};

const API: &str = "/api/v1/dashboard";
const ARRANGE: &str = "/tableau-de-bord";

async fn app() -> App {
    App::new(dashboard::router).await
}

/// Ids of the widgets that somebody sees, in their order.
async fn seen(client: &Client) -> Vec<String> {
    let dashboard = client.get(API).await.expect(200).json();
    let widgets = dashboard["widgets"].as_array().expect("a list");
    widgets.iter().map(|widget| widget["id"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn act(client: &Client, fields: &[(&str, &str)]) {
    client.form(ARRANGE, fields).await.expect(303);
}

#[tokio::test]
async fn each_sees_what_they_may_and_nothing_says_that_there_is_more() {
    let app = app().await;
    for role in Role::ALL {
        let client = app.with_role(role);
        let page = client.get("/").await.expect(200);
        assert!(page.round_trips() <= Some(2));
        let (text, ids) = (page.text(), seen(&client).await);
        for widget in dashboard::widget::WIDGETS {
            let may = widget.needs.is_none_or(|permission| role.allows(permission));
            assert_eq!(ids.contains(&widget.id.to_owned()), may, "{role:?} {}", widget.id);
            assert_eq!(text.contains(widget.path), may, "{role:?} {}", widget.id);
            assert_eq!(text.contains(widget.id), may, "{role:?} {}", widget.id);
        }
        assert_eq!(text.contains("/facturation/devis/nouveau"), role.allows(Permission::InvoicingCreate), "{role:?}");
        assert_eq!(text.contains("/crm/contacts/nouveau"), role.allows(Permission::CrmCreate), "{role:?}");
        assert_eq!(text.contains("/ventes/depenses/nouvelle"), role.allows(Permission::SalesCreate), "{role:?}");
    }
    app.anyone().get("/").await.expect(303);
}

#[tokio::test]
async fn home_greets_and_wears_the_colours_of_the_organization() {
    let app = app().await;
    let page = app.owner().get("/").await.expect(200);
    assert!(page.header("content-security-policy").is_some_and(|policy| !policy.contains("unsafe")));
    let text = page.text();
    assert!(text.contains("Bonjour Camille") && text.contains("/theme/1E40AF-0F766E.css"));
    assert!(!text.contains("complétez l’identité"), "the identity is complete");
    let skeletons = text.matches("class=\"skeleton").count();
    assert!(skeletons >= dashboard::widget::WIDGETS.len(), "{skeletons}");
}

#[tokio::test]
async fn an_arrangement_is_kept_for_its_member_in_this_organization() {
    let app = app().await;
    let (owner, admin) = (app.owner(), app.with_role(Role::Admin));
    let before = seen(&owner).await;
    let last = before.last().expect("widgets").clone();
    act(&owner, &[("act", "place"), ("widget", &last), ("before", &before[0])]).await;
    act(&owner, &[("act", "resize"), ("widget", &last), ("columns", "3")]).await;
    act(&owner, &[("act", "hide"), ("widget", &before[0])]).await;
    let after = seen(&owner).await;
    assert_eq!((after[0].as_str(), after.len()), (last.as_str(), before.len() - 1));
    let dashboard = owner.get(API).await.json();
    assert_eq!(dashboard["widgets"][0]["columns"], 3);
    assert_eq!(dashboard["available"][0]["id"], before[0]);
    // In a browser, all of it stands in the page.
    let page = owner.get("/?personnaliser=1").await.expect(200).text();
    let hidden = dashboard::widget::Widget::named(&before[0]).expect("a widget");
    assert!(page.contains("widget-3") && page.contains("Blocs masqués") && page.contains(hidden.title), "{page}");
    // The others have theirs, here and elsewhere.
    assert_eq!(seen(&admin).await, before);
    assert_eq!(seen(&app.stranger()).await, before);
    act(&owner, &[("act", "show"), ("widget", &before[0])]).await;
    assert_eq!(seen(&owner).await.last(), Some(&before[0]));
    act(&owner, &[("act", "reset")]).await;
    assert_eq!(seen(&owner).await, before);
}

#[tokio::test]
async fn what_nobody_may_see_is_neither_moved_nor_shown() {
    let app = app().await;
    let reader = app.with_role(Role::Hr);
    for fields in [
        [("act", "hide"), ("widget", "invoicing_unpaid")],
        [("act", "show"), ("widget", "x")],
        [("act", "dance"), ("widget", "hr_birthdays")],
    ] {
        reader.form(ARRANGE, &fields).await.expect(422);
    }
    let before = [("act", "place"), ("widget", "hr_birthdays"), ("before", "invoicing_unpaid")];
    reader.form(ARRANGE, &before).await.expect(422);
    app.anyone().form(ARRANGE, &[("act", "reset")]).await.expect(303);
}

#[tokio::test]
async fn a_script_moves_a_widget_and_wants_no_page() {
    let app = app().await;
    let owner = app.owner();
    let moved = [("act", "place"), ("widget", "crm_leads"), ("before", "")];
    let answer = owner.clone().header("hx-request", "true").form(ARRANGE, &moved).await.expect(204);
    assert!(answer.round_trips() <= Some(3));
    assert_eq!(seen(&owner).await.last().map(String::as_str), Some("crm_leads"));
    // Again, nothing changes and nothing is written.
    let version = owner.get(API).await.header("etag").map(str::to_owned);
    owner.clone().header("hx-request", "true").form(ARRANGE, &moved).await.expect(204);
    assert_eq!(owner.get(API).await.header("etag").map(str::to_owned), version);
}

#[tokio::test]
async fn of_acts_in_two_pages_at_once_none_is_lost() {
    let app = app().await;
    let owner = app.owner();
    let ids = seen(&owner).await;
    let acts = ids.iter().take(6).map(|id| {
        let owner = owner.clone();
        async move { act(&owner, &[("act", "hide"), ("widget", id)]).await }
    });
    join_all(acts).await;
    assert_eq!(seen(&owner).await, ids[6..]);
}

#[tokio::test]
async fn a_program_replaces_all_of_it_on_what_it_saw() {
    let app = app().await;
    let program = app.program();
    let first = program.get(API).await.expect(200);
    assert_eq!(first.header("etag"), Some("\"0\""));
    let wanted =
        json!({ "widgets": [{ "id": "crm_leads", "columns": "2" }, { "id": "invoicing_month", "columns": "1" }] });
    let put = program.clone().header("if-match", "\"0\"").put(API, &wanted).await.expect(200);
    assert_eq!(
        (put.field("/widgets/0/id"), put.json()["widgets"][0]["columns"].clone()),
        ("crm_leads".into(), json!(2))
    );
    program.clone().header("if-match", "\"0\"").put(API, &wanted).await.expect(412);
    assert_eq!(seen(&program).await, ["crm_leads", "invoicing_month"]);
    let wrong = json!({ "widgets": [{ "id": "crm_leads", "columns": "4" }, { "id": "tarot", "columns": "1" }] });
    let refused = program.put(API, &wrong).await.expect(422).json();
    let pointers: Vec<&Value> =
        refused["violations"].as_array().expect("violations").iter().map(|one| &one["pointer"]).collect();
    assert_eq!(pointers, ["/widgets/0/columns", "/widgets/1/id"]);
}

#[tokio::test]
async fn the_first_page_of_a_chosen_organization_and_a_path_that_is_none() {
    let app = app().await;
    let owner = app.owner();
    for path in ["", "/"] {
        let page = owner.get(&format!("/o/{}{path}", app.ours.id.ulid())).await.expect(200).text();
        let widget = format!("hx-get=\"/o/{}/crm/widgets/pipeline\"", app.ours.id.ulid());
        assert!(page.contains(&widget) && page.contains("Bonjour"), "{path}: {page}");
    }
    assert!(owner.get("/nowhere").await.expect(404).text().contains("Page introuvable"));
    app.stranger().get(&format!("/o/{}/", app.ours.id.ulid())).await.expect(404);
}
