//! Companies that belong to others.

use std::collections::BTreeMap;

use kernel::{Permission, id::CompanyId};
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{COMPANIES, CONTACTS, added, app, with};

fn named(name: &str) -> Value {
    json!({ "name": name })
}

fn under(name: &str, parent: &str) -> Value {
    json!({ "name": name, "parent_id": parent })
}

async fn subsidiaries(client: &Client, company: &str) -> Vec<String> {
    let relations = client.get(&format!("{COMPANIES}/{company}/relations")).await.expect(200);
    let json = relations.json();
    let lines = json["subsidiaries"].as_array().expect("a list");
    lines.iter().map(|line| line["name"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn count(app: &App, company: &str) -> u16 {
    let scope = app.scope();
    let key = scope.keys().company_card(company.parse().expect("an id"));
    scope.get::<crm::company::CompanyCard>(&key).await.expect("a reading").expect("a card").subsidiaries
}

#[tokio::test]
async fn a_company_shows_what_belongs_to_it_and_what_it_belongs_to() {
    let app = app().await;
    let program = app.program();
    let top = added(&program, COMPANIES, &named("Groupe Dupré")).await;
    let created = program
        .post(
            COMPANIES,
            &with(
                under("Dupré Lyon", &top),
                json!({ "street": "1 rue A",
        "postal_code": "69001", "city": "Lyon" }),
            ),
        )
        .await
        .expect(201);
    assert!(created.round_trips() <= Some(3));
    let lyon = created.field("/id");
    assert_eq!(created.field("/parent_id"), top);
    let nantes = added(&program, COMPANIES, &named("Dupré Nantes")).await;
    let edited = program.put(&format!("{COMPANIES}/{nantes}"), &under("Dupré Atlantique", &top)).await.expect(200);
    assert!(edited.round_trips() <= Some(3));
    assert_eq!(subsidiaries(&program, &top).await, ["Dupré Atlantique", "Dupré Lyon"]);
    assert_eq!(count(&app, &top).await, 2);

    let owner = app.owner();
    let page = owner.get(&format!("/crm/entreprises/{top}")).await.expect(200).text();
    assert!(page.contains("Filiales") && page.contains(&format!("/crm/entreprises/{lyon}")), "{page}");
    let page = owner.get(&format!("/crm/entreprises/{lyon}")).await.expect(200).text();
    let panel = format!("/crm/panneaux/maison-mere/{lyon}/{top}");
    assert!(page.contains(&panel), "{page}");
    let panel = owner.header("hx-request", "true").get(&panel).await.expect(200);
    assert!(panel.round_trips() <= Some(2));
    assert!(panel.text().contains("Groupe Dupré") && panel.text().contains(&format!("/crm/entreprises/{top}")));
    app.owner().get(&format!("/crm/panneaux/maison-mere/{top}/{lyon}")).await.expect(404);
    app.stranger().get(&format!("/crm/panneaux/maison-mere/{lyon}/{top}")).await.expect(404);

    // A new name, another parent, none.
    program.put(&format!("{COMPANIES}/{lyon}"), &under("Dupré Rhône", &top)).await.expect(200);
    assert_eq!(subsidiaries(&program, &top).await, ["Dupré Atlantique", "Dupré Rhône"]);
    program.put(&format!("{COMPANIES}/{lyon}"), &under("Dupré Rhône", &nantes)).await.expect(200);
    assert_eq!(subsidiaries(&program, &nantes).await, ["Dupré Rhône"]);
    program.put(&format!("{COMPANIES}/{lyon}"), &named("Dupré Rhône")).await.expect(200);
    assert!(subsidiaries(&program, &nantes).await.is_empty());
    assert_eq!((count(&app, &top).await, count(&app, &nantes).await), (1, 0));
}

#[tokio::test]
async fn a_parent_is_ours_and_no_circle() {
    let app = app().await;
    let program = app.program();
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    let theirs = added(&stranger, COMPANIES, &named("Ailleurs")).await;
    for parent in [theirs.as_str(), "com_00000000000000000000000000", "nobody"] {
        let refused = program.post(COMPANIES, &under("Fille", parent)).await.expect(422);
        assert_eq!(refused.violations(), ["/parent_id"], "{parent}");
    }
    let [a, b, c] = ["A", "B", "C"].map(|name| name.to_owned());
    let a_id = added(&program, COMPANIES, &named(&a)).await;
    let b_id = added(&program, COMPANIES, &under(&b, &a_id)).await;
    let c_id = added(&program, COMPANIES, &under(&c, &b_id)).await;
    for parent in [&a_id, &b_id, &c_id] {
        let refused = program.put(&format!("{COMPANIES}/{a_id}"), &under(&a, parent)).await.expect(422);
        assert_eq!(refused.violations(), ["/parent_id"]);
        assert!(refused.text().contains("belongs to the company itself"), "{}", refused.text());
    }
    // The form says it beside the field, and offers the company itself to nobody.
    let fields = [("_key", "k"), ("name", "A"), ("parent_id", c_id.as_str())];
    let again = app.owner().form(&format!("/crm/entreprises/{a_id}/modifier"), &fields).await.expect(422).text();
    assert!(again.contains("Une entreprise ne peut appartenir ni à elle-même"), "{again}");
    assert!(!again.contains(&format!("<option value=\"{a_id}\"")));
    assert!(again.contains(&format!("value=\"{c_id}\" selected")));
}

#[tokio::test]
async fn who_sees_only_their_own_names_no_parent_of_another_and_keeps_one_that_is_there() {
    let app = app().await;
    let program = app.program();
    let own = testkit::own_records([Permission::CrmView, Permission::CrmCreate, Permission::CrmEdit]);
    let (user, salesperson) = app.with_new_member(own).await;
    let salesperson = salesperson.header("sec-fetch-site", "same-origin");
    let top = added(&program, COMPANIES, &named("Groupe")).await;
    let child = added(&program, COMPANIES, &with(under("Fille", &top), json!({ "assigned_to": user }))).await;
    let refused = salesperson.post(COMPANIES, &under("Autre", &top)).await.expect(422);
    assert_eq!(refused.violations(), ["/parent_id"]);
    salesperson.put(&format!("{COMPANIES}/{child}"), &under("Fille aînée", &top)).await.expect(200);
    let form = salesperson.get(&format!("/crm/entreprises/{child}/modifier")).await.expect(200).text();
    assert!(form.contains(&format!("value=\"{top}\" selected")), "{form}");
    let panel = salesperson.get(&format!("/crm/panneaux/maison-mere/{child}/{top}")).await.expect(200).text();
    assert!(panel.contains("Groupe") && !panel.contains("href="), "{panel}");
    // Nor are the subsidiaries of others shown.
    let own = added(&salesperson, COMPANIES, &named("Mienne")).await;
    added(&program, COMPANIES, &under("Cachée", &own)).await;
    assert!(subsidiaries(&salesperson, &own).await.is_empty());
    assert_eq!(subsidiaries(&program, &own).await, ["Cachée"]);
}

/// Everybody's parent, as it is stored.
async fn parents(app: &App, companies: &[String]) -> BTreeMap<String, Option<String>> {
    let scope = app.scope();
    let mut parents = BTreeMap::new();
    for company in companies {
        let id: CompanyId = company.parse().expect("an id");
        let read = scope.get::<crm::company::Company>(&scope.keys().company(id)).await.expect("a reading");
        parents.insert(company.clone(), read.expect("a company").value.parent.map(|parent| parent.to_string()));
    }
    parents
}

#[tokio::test]
async fn changes_at_once_make_no_circle_and_lose_no_line() {
    for seed in 0..12_u64 {
        let app = app().await;
        let program = app.program();
        let mut companies = Vec::new();
        for n in 0..5 {
            companies.push(added(&program, COMPANIES, &named(&format!("Société {n}"))).await);
        }
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for _ in 0..4 {
            // Each of several at once below another; the first round is two who name each other.
            let moves: Vec<_> = (0..4).map(|_| (random(5), random(6))).collect();
            let tasks = moves.into_iter().map(|(child, parent)| {
                let (program, path) = (program.clone(), format!("{COMPANIES}/{}", companies[child]));
                let parent = companies.get(parent).cloned().unwrap_or_default();
                let body = under(&format!("Société {child}"), &parent);
                tokio::spawn(async move { program.put(&path, &body).await.status.as_u16() })
            });
            for task in tasks.collect::<Vec<_>>() {
                let status = task.await.expect("an answer");
                assert!([200, 422].contains(&status), "seed {seed}: {status}");
            }
            let parents = parents(&app, &companies).await;
            for company in &companies {
                let mut above = parents[company].clone();
                let mut levels = 0;
                while let Some(up) = above {
                    levels += 1;
                    assert!(levels <= companies.len(), "seed {seed}: a circle above {company}");
                    above = parents[&up].clone();
                }
                let children = parents.values().filter(|parent| parent.as_ref() == Some(company)).count();
                assert_eq!(usize::from(count(&app, company).await), children, "seed {seed}");
                assert_eq!(subsidiaries(&program, company).await.len(), children, "seed {seed}");
            }
        }
    }
}

#[tokio::test]
async fn two_who_name_each_other_at_once_do_not_both_succeed() {
    for _ in 0..20 {
        let app = app().await;
        let program = app.program();
        let a = added(&program, COMPANIES, &named("A")).await;
        let b = added(&program, COMPANIES, &named("B")).await;
        let edit = |id: &str, body: Value| {
            let (program, path) = (program.clone(), format!("{COMPANIES}/{id}"));
            tokio::spawn(async move { program.put(&path, &body).await.status.as_u16() })
        };
        let (one, other) = (edit(&a, under("A", &b)), edit(&b, under("B", &a)));
        let mut statuses = [one.await.expect("an answer"), other.await.expect("an answer")];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }
}

#[tokio::test]
async fn what_one_act_cannot_write_is_done_one_after_the_other() {
    let app = app().await;
    let program = app.program();
    let [first, second] = [
        added(&program, COMPANIES, &json!({ "name": "Un" })).await,
        added(&program, COMPANIES, &json!({ "name": "Deux" })).await,
    ];
    let company = added(&program, COMPANIES, &json!({ "name": "Fournil", "parent_id": first })).await;
    for number in 0..90 {
        let contact = json!({ "last_name": format!("Martin {number}"), "company_id": company });
        added(&program, CONTACTS, &contact).await;
    }
    let path = format!("{COMPANIES}/{company}");
    let both = json!({ "name": "Fournil Dupré", "parent_id": second });
    assert_eq!(program.put(&path, &both).await.expect(422).violations(), ["/parent_id"]);
    program.put(&path, &json!({ "name": "Fournil Dupré", "parent_id": first })).await.expect(200);
    program.put(&path, &both).await.expect(200);
}
