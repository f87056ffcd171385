//! Who is due to be erased, and who is kept.

use jiff::SignedDuration;
use kernel::{
    Permission::{CrmCreate, CrmDelete, CrmEdit, CrmView},
    permission::{MemberRole, Role},
};
use serde_json::json;
use testkit::{App, Client, own_records};

use crate::{COMPANIES, CONTACTS, added, app, bakery, column, with};

const DUE: &str = "/api/v1/contacts/due";
const KEEP: &str = "/crm/conservation/conserver";
const ERASE: &str = "/crm/conservation/effacer";

fn years(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * (365 * n + 1))
}

async fn contact(client: &Client, name: &str) -> String {
    added(client, CONTACTS, &json!({ "last_name": name })).await
}

/// Somebody of ours with a session that began now.
async fn now(app: &App, role: impl Into<MemberRole>) -> Client {
    app.with_new_member(role.into()).await.1
}

async fn due(client: &Client) -> Vec<String> {
    let list = client.get(DUE).await.expect(200);
    assert!(list.round_trips() <= Some(2));
    column(&list, "name")
}

#[tokio::test]
async fn a_contact_is_due_three_years_after_the_last_change_and_not_a_day_before() {
    let app = app().await;
    let program = app.program();
    let first = contact(&program, "Ancien").await;
    app.advance(SignedDuration::from_hours(24));
    let second = contact(&program, "Suivi").await;
    assert!(due(&program).await.is_empty());
    app.advance(SignedDuration::from_hours(24 * (3 * 365 - 1)));
    assert!(due(&program).await.is_empty());
    app.advance(years(0));
    assert_eq!(due(&program).await, ["Ancien"]);
    app.advance(years(0));
    assert_eq!(due(&program).await, ["Ancien", "Suivi"]);
    let list = program.get(DUE).await.expect(200);
    assert_eq!(column(&list, "contact_id"), [first.as_str(), second.as_str()]);
    assert!(column(&list, "rule")[0].contains("CNIL"));

    program.put(&format!("{CONTACTS}/{second}"), &json!({ "last_name": "Suivi" })).await.expect(200);
    assert_eq!(due(&program).await, ["Ancien"]);
    app.advance(years(3));
    assert_eq!(due(&program).await, ["Ancien", "Suivi"]);
}

#[tokio::test]
async fn a_company_s_other_name_is_no_activity_of_its_contacts() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    added(&program, CONTACTS, &json!({ "company_id": company, "last_name": "Durand" })).await;
    app.advance(years(3));
    let renamed = with(bakery(), json!({ "name": "Maison Dupré" }));
    program.put(&format!("{COMPANIES}/{company}"), &renamed).await.expect(200);
    assert_eq!(due(&program).await, ["Durand"]);
}

#[tokio::test]
async fn who_is_kept_returns_after_three_more_years_with_the_reason() {
    let app = app().await;
    let program = app.program();
    let id = contact(&program, "Durand").await;
    app.advance(years(3));
    let path = format!("{CONTACTS}/{id}/keep");
    assert_eq!(program.post(&path, &json!({ "reason": " " })).await.expect(422).violations(), ["/reason"]);
    let reason = json!({ "reason": "Contrat en cours" });
    let kept = program.post(&path, &reason).await.expect(200);
    assert!(kept.round_trips() <= Some(3));
    assert_eq!(program.post(&path, &reason).await.expect(200).json(), kept.json());
    let shown = program.get(&format!("{CONTACTS}/{id}")).await.expect(200);
    assert_eq!((shown.field("/kept/reason"), shown.header("etag")), ("Contrat en cours".into(), Some("\"2\"")));
    assert!(due(&program).await.is_empty());
    let page = now(&app, Role::Reader).await.get(&format!("/crm/contacts/{id}")).await.expect(200).text();
    assert!(page.contains("Conservé jusqu’au") && page.contains("Contrat en cours"), "{page}");

    app.advance(years(3));
    assert_eq!(column(&program.get(DUE).await.expect(200), "reason"), ["Contrat en cours"]);
    // A change is an activity: the decision of then says nothing any more.
    program.put(&format!("{CONTACTS}/{id}"), &json!({ "last_name": "Durand" })).await.expect(200);
    assert!(program.get(&format!("{CONTACTS}/{id}")).await.expect(200).json().get("kept").is_none());
    app.advance(years(3));
    assert_eq!(column(&program.get(DUE).await.expect(200), "reason"), [""]);
}

#[tokio::test]
async fn several_are_erased_or_kept_at_once_and_sending_the_form_twice_changes_nothing() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let mut ids = Vec::new();
    for name in ["Un", "Deux", "Trois", "Quatre"] {
        let body = json!({ "company_id": company, "last_name": name, "email": "x@dupre.example" });
        ids.push(added(&program, CONTACTS, &body).await);
    }
    app.advance(years(3));
    let recent = contact(&program, "Récent").await;
    let theirs = app.stranger();
    let owner = now(&app, Role::Owner).await;
    let page = owner.get("/crm/conservation").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains(&ids[0]) && !page.text().contains(&recent), "{}", page.text());

    let chosen = [("_key", "one"), ("contacts", ids[0].as_str()), ("contacts", &ids[1]), ("contacts", &recent)];
    for _ in 0..2 {
        owner.form(ERASE, &chosen).await.expect(303);
    }
    let chosen = [("_key", "two"), ("contacts", ids[2].as_str()), ("contacts", &ids[3]), ("reason", "Litige")];
    for _ in 0..2 {
        assert!(owner.form(KEEP, &chosen).await.expect(303).round_trips() <= Some(3));
    }
    assert!(due(&program).await.is_empty());
    assert_eq!(column(&program.get(CONTACTS).await.expect(200), "last_name"), ["Quatre", "Récent", "Trois"]);
    assert_eq!(app.written_under("#OUTBOX#").matches("contact.erased.v1").count(), 2);
    let log = app.written_under("#AUDIT#");
    assert_eq!((log.matches("\"keep_contact\"").count(), log.matches("\"erase_contact\"").count()), (2, 2));
    assert!(log.contains("Litige"));

    // What was erased leaves no date behind, and no choice is no act.
    assert!(
        !app.items().iter().any(|item| item["pk"].to_string().contains(&ids[0][4..]) && item["sk"]["S"] == "RETENTION")
    );
    let refused = owner.form(ERASE, &[]).await.expect(422).text();
    assert!(refused.contains("Conservation des contacts"), "{refused}");
    owner.form(KEEP, &[("contacts", &ids[2])]).await.expect(422);
    owner.form(ERASE, &[("contacts", "moi")]).await.expect(422);
    theirs.form(ERASE, &[("contacts", &ids[2])]).await;
    program.get(&format!("{CONTACTS}/{}", ids[2])).await.expect(200);
}

#[tokio::test]
async fn another_organization_sees_nobody_and_changes_nobody() {
    let app = app().await;
    let theirs = added(&app.stranger(), CONTACTS, &json!({ "last_name": "Leur" })).await;
    app.advance(years(3));
    let owner = now(&app, Role::Owner).await;
    assert!(due(&app.program()).await.is_empty());
    owner.form(ERASE, &[("contacts", &theirs)]).await.expect(303);
    owner.form(KEEP, &[("contacts", &theirs), ("reason", "x")]).await.expect(303);
    app.program().post(&format!("{CONTACTS}/{theirs}/keep"), &json!({ "reason": "x" })).await.expect(404);
    let left = app.items().iter().filter(|item| item["pk"].to_string().contains(&theirs[4..])).count();
    assert_eq!(left, 2, "the contact and its date, and no erasure");
}

#[tokio::test]
async fn who_sees_only_their_own_decides_on_their_own() {
    let app = app().await;
    let program = app.program();
    app.advance(SignedDuration::from_hours(1));
    let others = contact(&program, "Autre").await;
    let role = || own_records([CrmView, CrmCreate, CrmEdit, CrmDelete]);
    let (user, _) = app.with_new_member(role()).await;
    let own = added(&program, CONTACTS, &json!({ "last_name": "Sien", "assigned_to": user })).await;
    app.advance(years(3));
    let (salesperson, salesclient) = app.with_new_member(role()).await;
    let given = json!({ "last_name": "Sien", "assigned_to": salesperson });
    program.put(&format!("{CONTACTS}/{own}"), &given).await.expect(200);
    app.advance(SignedDuration::from_hours(24));
    assert!(due(&salesclient).await.is_empty());
    salesclient.post(&format!("{CONTACTS}/{others}/keep"), &json!({ "reason": "x" })).await.expect(404);
    salesclient.form(ERASE, &[("contacts", &others)]).await.expect(303);
    program.get(&format!("{CONTACTS}/{others}")).await.expect(200);
    let page = salesclient.get("/crm/conservation").await.expect(200).text();
    assert!(!page.contains("Autre"), "{page}");
}

#[tokio::test]
async fn a_page_offers_what_its_reader_may_do() {
    let app = app().await;
    let id = contact(&app.program(), "Durand").await;
    app.advance(years(3));
    let reader = now(&app, Role::Reader).await;
    let page = reader.get("/crm/conservation").await.expect(200).text();
    assert!(page.contains(&id) && !page.contains("data-open-dialog=\"erase\"") && !page.contains("type=\"checkbox\""));
    reader.form(ERASE, &[("contacts", &id)]).await.expect(403);
    reader.form(KEEP, &[("contacts", &id), ("reason", "x")]).await.expect(403);
}

#[tokio::test]
async fn a_list_of_many_has_pages_and_ends_where_nobody_is_due() {
    let app = app().await;
    let program = app.program();
    for n in 0..27 {
        contact(&program, &format!("Ancien {n:02}")).await;
    }
    app.advance(years(3));
    contact(&program, "Récent").await;
    let first = program.get(&format!("{DUE}?limit=25")).await.expect(200);
    let second = program.get(&format!("{DUE}?cursor={}", first.field("/next_cursor"))).await.expect(200);
    assert_eq!((column(&first, "name").len(), column(&second, "name").len()), (25, 2));
    assert!(second.json().get("next_cursor").is_none());
    let page = now(&app, Role::Owner).await.get("/crm/conservation?limit=100").await.expect(200).text();
    assert_eq!(page.matches("name=\"contacts\"").count(), 25);
    assert!(page.contains("/crm/conservation?cursor="));
}

#[tokio::test]
async fn a_company_is_due_while_it_is_a_prospect() {
    let app = app().await;
    let program = app.program();
    let prospect = with(bakery(), json!({ "category": "prospect" }));
    let id = added(&program, COMPANIES, &prospect).await;
    added(&program, COMPANIES, &json!({ "name": "Cliente" })).await;
    app.advance(years(3));
    let listed = |list: testkit::Reply| column(&list.expect(200), "company_id");
    assert_eq!(listed(program.get("/api/v1/companies/due").await), [id.as_str()]);
    let page = now(&app, Role::Owner).await.get("/crm/conservation/prospects").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains(&id) && !page.text().contains("Cliente"));
    let path = format!("{COMPANIES}/{id}");
    assert!(program.put(&path, &prospect).await.expect(200).round_trips() <= Some(3));
    assert!(listed(program.get("/api/v1/companies/due").await).is_empty());
    app.advance(years(3));
    assert_eq!(listed(program.get("/api/v1/companies/due").await), [id.as_str()]);
    program.put(&path, &bakery()).await.expect(200);
    assert!(listed(program.get("/api/v1/companies/due").await).is_empty());
}
