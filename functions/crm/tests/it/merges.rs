//! Two records become one, and two again: nothing is lost and nothing doubled, wherever the worker is killed.

use std::collections::BTreeMap;

use crm::company::{Company, CompanyCard};
use jiff::SignedDuration;
use kernel::{
    Permission::{CrmCreate, CrmDelete, CrmEdit, CrmView},
    event::Event,
    id::CompanyId,
    permission::Role,
    reference::ClientReference,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use table::{Item, Key, TenantKeys};
use testkit::{App, Client, own_records};

use crate::{
    ACTIVITIES, COMPANIES, CONTACTS, OPPORTUNITIES, added, app, bakery, column,
    duplicates::open_pairs,
    files::{PDF, attached},
    removal::use_client,
    with,
    work::{Dice, Work},
};

const MERGES: &str = "/api/v1/crm/merges";

async fn merged(client: &Client, body: &Value) -> String {
    let made = client.post(MERGES, body).await.expect(201);
    assert!(made.round_trips() <= Some(4));
    made.field("/id")
}

async fn state(client: &Client, merge: &str) -> String {
    let shown = client.get(&format!("{MERGES}/{merge}")).await.expect(200);
    assert!(shown.round_trips() <= Some(2));
    shown.field("/state")
}

async fn undone(client: &Client, merge: &str) {
    client.post(&format!("{MERGES}/{merge}/undo"), &json!({})).await.expect(200);
}

/// What merges touch, and does not follow from what is there beside it.
const KINDS: [&str; 15] = [
    "company",
    "company_card",
    "client_reference",
    "client_use",
    "subsidiary",
    "contact",
    "contact_link",
    "former_contact",
    "opportunity",
    "opportunity_card",
    "opportunity_link",
    "sales_figures",
    "activity",
    "activity_line",
    "attached_file",
];

/// The records of the CRM and what stands for them elsewhere, without their versions: an item's, and a calendar's.
fn records(app: &App) -> BTreeMap<(String, String), Value> {
    let mut items = app.items_of(app.ours.id);
    items.retain(|_, item| KINDS.contains(&item["type"]["S"].as_str().unwrap_or_default()));
    for item in items.values_mut() {
        let item = item.as_object_mut().expect("an item");
        for version in ["v", "seen", "sequence", "changed_at"] {
            item.remove(version);
        }
        // None is said by nothing, too.
        if item.get("subsidiaries").is_some_and(|count| count["N"] == "0") {
            item.remove("subsidiaries");
        }
    }
    items
}

/// Nothing is lost or doubled among what belongs together.
fn must_be_whole(app: &App) {
    let items = app.items_of(app.ours.id);
    let of = |kind: &'static str| items.values().filter(move |item| item["type"]["S"] == kind);
    let text = |value: &Value| value["S"].as_str().unwrap_or_default().to_owned();
    let parents: BTreeMap<_, _> = of("company").map(|item| (text(&item["id"]), text(&item["parent"]))).collect();
    for (company, parent) in &parents {
        let lines = of("subsidiary").filter(|line| text(&line["company"]) == *company);
        let lines: Vec<_> = lines.map(|line| text(&line["parent"])).collect();
        assert_eq!(lines.is_empty(), parent.is_empty(), "{company}");
        assert!(lines.iter().all(|line| line == parent) && lines.len() <= 1, "{company}: {lines:?}");
        let (mut up, mut levels) = (parent.clone(), 0);
        while let Some(next) = parents.get(&up) {
            (up, levels) = (next.clone(), levels + 1);
            assert!(levels < 20 && up != *company, "a circle around {company}");
        }
        assert!(up.is_empty(), "{company} belongs to {up}, which is gone");
    }
    for card in of("company_card") {
        let id = text(&card["id"]);
        let count = parents.values().filter(|parent| **parent == id).count();
        assert_eq!(card["subsidiaries"]["N"].as_str().unwrap_or("0"), count.to_string(), "{card}");
        let people = of("contact").filter(|contact| text(&contact["company"]["M"]["id"]) == id).count();
        assert_eq!(card["contacts"]["N"].as_str().unwrap_or("0"), people.to_string(), "{card}");
    }
    for kind in ["opportunity", "activity"] {
        for item in of(kind) {
            for side in ["company", "contact"] {
                let named = text(&item[side]["M"]["id"]);
                let there = of(side).find(|record| text(&record["id"]) == named);
                assert!(named.is_empty() || there.is_some(), "{item}");
                if let Some(company) = there.filter(|_| side == "company") {
                    assert_eq!(item[side]["M"]["name"], company["name"], "{item}");
                }
            }
        }
    }
}

/// What else there may be of a record: more than one chunk of each.
async fn beside(program: &Client, record: &str) {
    let side = if record.starts_with("com_") { "company_id" } else { "contact_id" };
    for number in 0..17 {
        let deal = json!({ "name": format!("Affaire {number}"), side: record, "amount": "100" });
        added(program, OPPORTUNITIES, &deal).await;
    }
    for number in 0..14 {
        let kind = if number % 3 == 0 { "note" } else { "task" };
        let activity = json!({ "type": kind, "subject": format!("Tâche {number}"), side: record, "on": "2026-11-23" });
        added(program, ACTIVITIES, &activity).await;
    }
    for number in 0..3_u8 {
        attached(program, record, &format!("Plan {number}.pdf"), &[PDF, &[number]].concat()).await.expect(201);
    }
}

/// Somebody who was with a company, and with another one now.
async fn former(program: &Client, name: &str, companies: &[&str], now: &str) {
    let body = |company: &str| json!({ "company_id": company, "last_name": name });
    let contact = added(program, CONTACTS, &body(companies[0])).await;
    for company in companies.iter().skip(1).chain([&now]) {
        program.put(&format!("{CONTACTS}/{contact}"), &body(company)).await.expect(200);
    }
}

async fn addressee(app: &App, company: &str) -> Option<String> {
    let scope = app.scope();
    let key = scope.keys().client_reference(company.parse().expect("an id"));
    scope.get::<ClientReference>(&key).await.expect("a reading").expect("a reference").value.contact
}

/// Two bakeries, of which the second has people and subsidiaries.
async fn two(program: &Client, contacts: usize, subsidiaries: usize) -> [String; 2] {
    let one = added(program, COMPANIES, &json!({ "name": "Boulangerie Dupré", "phone": "04 78 12 34 56" })).await;
    let two = added(program, COMPANIES, &with(bakery(), json!({ "name": "Dupré Boulangerie" }))).await;
    added(program, CONTACTS, &json!({ "company_id": one, "last_name": "Premier" })).await;
    for number in 0..contacts {
        let email = if number == 3 { "quatrieme@dupre.example" } else { "" };
        let contact = json!({ "company_id": two, "last_name": format!("Contact {number}"), "email": email });
        added(program, CONTACTS, &contact).await;
    }
    for number in 0..subsidiaries {
        added(program, COMPANIES, &json!({ "name": format!("Filiale {number}"), "parent_id": two })).await;
    }
    [one, two]
}

#[tokio::test]
async fn of_two_companies_the_chosen_values_and_all_people_are_one_s() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let [one, two] = two(&program, 3, 0).await;
    work.do_all(&app).await;
    assert_eq!(open_pairs(&app, "company").await, 1);
    let body = json!({ "left": one, "right": two, "winner": one, "fields": { "name": two, "phone": one } });
    let merge = merged(&program, &body).await;
    // At once, before the worker came.
    let kept = program.get(&format!("{COMPANIES}/{one}")).await.expect(200);
    assert_eq!(kept.field("/name"), "Dupré Boulangerie");
    assert_eq!(kept.field("/siret"), "73282932000074");
    assert_eq!(kept.field("/phone"), "+33 4 78 12 34 56");
    assert_eq!(kept.field("/email"), "compta@dupre.example");
    program.get(&format!("{COMPANIES}/{two}")).await.expect(404);
    let refused = program.put(&format!("{COMPANIES}/{two}"), &bakery()).await.expect(409);
    assert_eq!(refused.field("/code"), "record_merged");
    let gone = app.owner().get(&format!("/crm/entreprises/{two}")).await.expect(303);
    assert_eq!(gone.header("location"), Some(format!("/crm/entreprises/{one}").as_str()));
    assert_eq!(state(&program, &merge).await, "moving");
    work.do_all(&app).await;
    assert_eq!(state(&program, &merge).await, "done");
    assert_eq!(program.get(&format!("{MERGES}/{merge}")).await.field("/moved"), "3");
    let page = app.owner().get(&format!("/crm/entreprises/{one}")).await.expect(200).text();
    for name in ["Premier", "Contact 0", "Contact 1", "Contact 2"] {
        assert!(page.contains(name), "{name}: {page}");
    }
    // Everybody carries the name that was chosen.
    let contacts = program.get(CONTACTS).await.expect(200);
    assert_eq!(column(&contacts, "company_id"), vec![one.clone(); 4]);
    assert!(!app.owner().get("/crm/contacts").await.expect(200).text().contains("Boulangerie Dupré"));
    assert_eq!(open_pairs(&app, "company").await, 0);
    assert!(app.written_under("#OUTBOX#").contains("record.merged.v1"));
    // Once more is one too many.
    assert_eq!(program.post(MERGES, &body).await.expect(409).field("/code"), "record_merged");
}

#[tokio::test]
async fn killed_wherever_it_is_a_merge_loses_and_doubles_nothing_and_undone_it_gives_back_all() {
    for seed in 1..=3 {
        let (app, mut work, mut dice) = (app().await, Work::default(), Dice(seed * 0x9E37_79B9));
        let program = app.program();
        let [one, two] = two(&program, 45, 23).await;
        for record in [&one, &two] {
            beside(&program, record).await;
        }
        for (name, companies, now) in [
            ("Ancienne", vec![two.as_str()], ""),
            ("Revenue", vec![&two, &one], two.as_str()),
            ("Partie", vec![&two, &one], ""),
            ("Passée", vec![&two], &one),
        ] {
            former(&program, name, &companies, now).await;
        }
        assert!(use_client(&app, &two).await);
        work.do_all(&app).await;
        must_be_whole(&app);
        let before = records(&app);
        let merge = merged(&program, &json!({ "left": one, "right": two, "winner": one })).await;
        work.do_all_killed(&app, &mut dice).await;
        assert_eq!(state(&program, &merge).await, "done");
        let view = program.get(&format!("{MERGES}/{merge}")).await;
        // People, one who is back and three who were there; subsidiaries, opportunities, activities, files.
        assert_eq!(view.field("/moved"), (46 + 3 + 23 + 17 + 14 + 3).to_string(), "seed {seed}");
        must_be_whole(&app);
        let now = records(&app);
        let left: Vec<_> =
            now.values().filter(|item| item.to_string().contains(two.trim_start_matches("com_"))).collect();
        assert!(left.is_empty(), "seed {seed}: {left:?}");
        assert_eq!(now.len(), before.len() - 3 - 3, "three of the loser, and a line of each who was with both");
        let count = |kind: &str, text: &str| {
            now.values().filter(|item| item["type"]["S"] == kind && item.to_string().contains(text)).count()
        };
        assert_eq!((count("contact", &one), count("contact_link", &one)), (50, 48));
        assert_eq!((count("contact", &two), count("contact_link", &two), count("company", &two)), (0, 0, 0));
        assert_eq!(count("company", &one), 24);
        assert_eq!(addressee(&app, &one).await.as_deref(), Some("Contact 3"));
        assert!(now.values().any(|item| item["type"]["S"] == "company_card" && item["contacts"]["N"] == "48"));

        undone(&program, &merge).await;
        work.do_all_killed(&app, &mut dice).await;
        assert_eq!(state(&program, &merge).await, "undone");
        let after = records(&app);
        must_be_whole(&app);
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (key, item) in &before {
            assert_eq!(Some(item), after.get(key), "seed {seed}: {key:?}");
        }
        assert_eq!(addressee(&app, &two).await.as_deref(), Some("Contact 3"));
    }
}

#[tokio::test]
async fn what_belonged_to_a_contact_is_the_other_s_and_comes_back() {
    for seed in 1..=2 {
        let (app, mut work, mut dice) = (app().await, Work::default(), Dice(seed * 0x9E37_79B9));
        let program = app.program();
        let [bakery, other] = two(&program, 0, 0).await;
        let mut ids = Vec::new();
        for name in ["Durand", "Durant"] {
            let body = |company: &str| json!({ "company_id": company, "last_name": name });
            let id = added(&program, CONTACTS, &body(if name == "Durand" { &bakery } else { &other })).await;
            beside(&program, &id).await;
            program.put(&format!("{CONTACTS}/{id}"), &body("")).await.expect(200);
            ids.push(id);
        }
        work.do_all(&app).await;
        let before = records(&app);
        let body = json!({ "left": ids[0], "right": ids[1], "winner": ids[0], "fields": { "last_name": ids[1] } });
        let merge = merged(&program, &body).await;
        work.do_all_killed(&app, &mut dice).await;
        must_be_whole(&app);
        assert_eq!(program.get(&format!("{MERGES}/{merge}")).await.field("/moved"), "34", "seed {seed}");
        let now = records(&app);
        let lost = ids[1].trim_start_matches("con_");
        assert!(now.iter().all(|(key, item)| !format!("{key:?}{item}").contains(lost)), "seed {seed}");
        // They carry the name that was chosen, those that were there before too; both companies remember them.
        let is_named = |item: &&Value| item["contact"]["M"]["name"]["S"] == "Durant";
        let of = |kind: &str| now.values().filter(|item| item["type"]["S"] == kind).collect::<Vec<_>>();
        assert_eq!(of("opportunity").into_iter().filter(is_named).count(), 34);
        assert_eq!(of("activity").into_iter().filter(is_named).count(), 28);
        assert_eq!((of("attached_file").len(), of("former_contact").len()), (6, 2));
        undone(&program, &merge).await;
        work.do_all_killed(&app, &mut dice).await;
        let after = records(&app);
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (key, item) in &before {
            assert_eq!(Some(item), after.get(key), "seed {seed}: {key:?}");
        }
    }
}

/// Pairs of child and parent, and who the survivor then belongs to.
type Group<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);

#[tokio::test]
async fn companies_above_one_another_become_one_without_a_circle() {
    // Who belongs to whom, and whether the loser is above or below: pairs of child and parent.
    let winner_below = [("X", "L"), ("W", "X"), ("Y", "L"), ("L", "T")];
    let winner_above = [("L", "X"), ("X", "W"), ("Y", "L")];
    let child = [("W", "L"), ("Y", "L")];
    let parent = [("L", "W"), ("Y", "W")];
    let apart = [("L", "T"), ("Y", "L")];
    let siblings = [("L", "T"), ("W", "T")];
    let groups: [Group; 6] = [
        (&winner_below, Some("X")),
        (&winner_above, None),
        (&child, None),
        (&parent, None),
        (&apart, Some("T")),
        (&siblings, Some("T")),
    ];
    for (pairs, expected) in groups {
        let (app, mut work) = (app().await, Work::default());
        let program = app.program();
        let mut ids = BTreeMap::new();
        for name in ["L", "T", "W", "X", "Y"] {
            ids.insert(name, added(&program, COMPANIES, &json!({ "name": name })).await);
        }
        for (child, parent) in pairs {
            let body = json!({ "name": child, "parent_id": ids[parent] });
            program.put(&format!("{COMPANIES}/{}", ids[child]), &body).await.expect(200);
        }
        work.do_all(&app).await;
        must_be_whole(&app);
        let before = records(&app);
        let body = json!({ "left": ids["L"], "right": ids["W"], "winner": ids["W"] });
        let merge = program.post(MERGES, &body).await.expect(201).field("/id");
        work.do_all(&app).await;
        must_be_whole(&app);
        let kept = program.get(&format!("{COMPANIES}/{}", ids["W"])).await.expect(200);
        assert_eq!(kept.field("/parent_id"), expected.map(|name| ids[name].clone()).unwrap_or_default(), "{pairs:?}");
        undone(&program, &merge).await;
        work.do_all(&app).await;
        must_be_whole(&app);
        let after = records(&app);
        for (key, item) in &before {
            assert_eq!(Some(item), after.get(key), "{pairs:?}: {key:?}");
        }
        assert_eq!(before.len(), after.len());
    }
}

#[tokio::test]
async fn a_new_name_follows_and_what_was_named_since_stays_named() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let [one, two] = two(&program, 0, 0).await;
    let deal = added(&program, OPPORTUNITIES, &json!({ "name": "Affaire", "company_id": one })).await;
    assert!(use_client(&app, &two).await);
    let body = json!({ "left": one, "right": two, "winner": one, "fields": { "name": two } });
    let merge = merged(&program, &body).await;
    // While things are on their way, the winner is not deleted.
    let delete = format!("{COMPANIES}/{one}/delete");
    program.post(&delete, &json!({})).await.expect(409);
    work.do_all(&app).await;
    must_be_whole(&app);
    let shown = program.get(&format!("{OPPORTUNITIES}/{deal}")).await.expect(200).text();
    assert!(shown.contains("Dupré Boulangerie"), "{shown}");
    assert!(use_client(&app, &one).await);
    undone(&program, &merge).await;
    work.do_all(&app).await;
    must_be_whole(&app);
    let uses = records(&app).values().filter(|item| item["type"]["S"] == "client_use").count();
    assert_eq!(uses, 2);
}

#[tokio::test]
async fn a_company_to_which_something_is_on_its_way_stays() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let one = added(&program, COMPANIES, &json!({ "name": "Une" })).await;
    let two = added(&program, COMPANIES, &json!({ "name": "Autre" })).await;
    let call = json!({ "type": "note", "subject": "Appelé", "company_id": two });
    let call = added(&program, ACTIVITIES, &call).await;
    merged(&program, &json!({ "left": one, "right": two, "winner": one })).await;
    let delete = format!("{COMPANIES}/{one}/delete");
    assert_eq!(program.post(&delete, &json!({})).await.expect(409).field("/code"), "merge_under_way");
    work.do_all(&app).await;
    let refused = program.post(&delete, &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "company_has_activities");
    program.post(&format!("{ACTIVITIES}/{call}/delete"), &json!({})).await;
    program.delete(&format!("{ACTIVITIES}/{call}")).await;
    program.post(&delete, &json!({})).await.expect(204);
}

#[tokio::test]
async fn what_was_changed_since_stays_and_only_what_still_points_there_goes_back() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let [one, two] = two(&program, 3, 0).await;
    let third = added(&program, COMPANIES, &json!({ "name": "Ailleurs" })).await;
    let merge = merged(&program, &json!({ "left": two, "right": one, "winner": one })).await;
    work.do_all(&app).await;
    let path = format!("{COMPANIES}/{one}");
    let mut company = program.get(&path).await.json();
    for field in ["id", "created_at"] {
        company.as_object_mut().expect("a company").remove(field);
    }
    program.put(&path, &with(company, json!({ "email": "nouveau@dupre.example", "notes": "Vu." }))).await.expect(200);
    let listed = program.get(&format!("{CONTACTS}?q=contact%201")).await.json();
    let id = listed["items"][0]["id"].as_str().expect("an id").to_owned();
    program
        .put(&format!("{CONTACTS}/{id}"), &json!({ "company_id": third, "last_name": "Contact 1" }))
        .await
        .expect(200);
    let gone =
        program.get(&format!("{CONTACTS}?q=contact%202")).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    program.delete(&format!("{CONTACTS}/{gone}")).await.expect(200);
    work.do_all(&app).await;

    undone(&program, &merge).await;
    work.do_all(&app).await;
    let kept = program.get(&path).await;
    assert_eq!((kept.field("/email"), kept.field("/notes")), ("nouveau@dupre.example".into(), "Vu.".into()));
    assert_eq!(kept.field("/siret"), "");
    let back = program.get(&format!("{COMPANIES}/{two}")).await.expect(200);
    assert_eq!(back.field("/email"), "compta@dupre.example");
    let companies: Vec<_> = column(&program.get(CONTACTS).await, "company_id");
    assert_eq!(companies, [two.clone(), third, one.clone()]);
    // Their numbers are right: a company of whom nobody is left takes 90 more.
    let cards = app.items_of(app.ours.id);
    let counted = |id: &str| {
        let card = cards.values().find(|item| item["type"]["S"] == "company_card" && item["id"]["S"] == id);
        card.expect("a card")["contacts"]["N"].as_str().unwrap().to_owned()
    };
    assert_eq!((counted(&one), counted(&two)), ("1".into(), "1".into()));
    let refused = program.post(&format!("{MERGES}/{merge}/undo"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "merge_not_undoable");
}

#[tokio::test]
async fn two_contacts_become_one_and_two_again() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let [bakery, other] = two(&program, 0, 0).await;
    let zoe = json!({
        "company_id": bakery, "last_name": "Durand", "first_name": "Zoé", "email": "zoe@dupre.example",
        "consent": "true", "consent_source": "Salon", "consent_on": "2026-01-02",
    });
    let zoe = added(&program, CONTACTS, &zoe).await;
    let double = json!({
        "company_id": other, "last_name": "DURAND", "mobile": "06 12 34 56 78", "job_title": "Gérante",
        "consent": "false", "consent_source": "Par téléphone", "consent_on": "2026-03-04",
    });
    let double = added(&program, CONTACTS, &double).await;
    work.do_all(&app).await;
    let before = records(&app);
    let body = json!({ "left": double, "right": zoe, "winner": zoe, "fields": { "company": double } });
    let merge = merged(&program, &body).await;
    work.do_all(&app).await;
    let kept = program.get(&format!("{CONTACTS}/{zoe}")).await.expect(200);
    let fields = ["company_id", "last_name", "email", "mobile", "job_title", "consent"];
    let expected = [other.as_str(), "Durand", "zoe@dupre.example", "+33 6 12 34 56 78", "Gérante", "false"];
    assert_eq!(fields.map(|field| kept.field(&format!("/{field}"))), expected);
    assert_eq!(addressee(&app, &other).await.as_deref(), Some("Zoé Durand"));
    assert_eq!(addressee(&app, &bakery).await, None);
    program.get(&format!("{CONTACTS}/{double}")).await.expect(404);
    let edit = json!({ "last_name": "X" });
    assert_eq!(program.put(&format!("{CONTACTS}/{double}"), &edit).await.expect(409).field("/code"), "record_merged");
    let gone = app.owner().get(&format!("/crm/contacts/{double}")).await.expect(303);
    assert_eq!(gone.header("location"), Some(format!("/crm/contacts/{zoe}").as_str()));

    undone(&program, &merge).await;
    work.do_all(&app).await;
    assert_eq!(state(&program, &merge).await, "undone");
    let after = records(&app);
    for (key, item) in &before {
        assert_eq!(Some(item), after.get(key), "{key:?}");
    }
    assert_eq!(before.len(), after.len());
}

#[tokio::test]
async fn merges_in_a_row_are_undone_in_turn() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        ids.push(added(&program, COMPANIES, &json!({ "name": name })).await);
    }
    added(&program, CONTACTS, &json!({ "company_id": ids[0], "last_name": "Durand" })).await;
    let first = merged(&program, &json!({ "left": ids[0], "right": ids[1], "winner": ids[1] })).await;
    // The people of the first are still on their way.
    let second = json!({ "left": ids[1], "right": ids[2], "winner": ids[2] });
    assert_eq!(program.post(MERGES, &second).await.expect(409).field("/code"), "merge_under_way");
    let undo = format!("{MERGES}/{first}/undo");
    assert_eq!(program.post(&undo, &json!({})).await.expect(409).field("/code"), "merge_under_way");
    work.do_all(&app).await;
    let second = merged(&program, &second).await;
    work.do_all(&app).await;
    assert_eq!(column(&program.get(CONTACTS).await, "company_id"), [ids[2].as_str()]);
    let gone = app.owner().get(&format!("/crm/entreprises/{}", ids[0])).await.expect(303);
    assert_eq!(gone.header("location"), Some(format!("/crm/entreprises/{}", ids[2]).as_str()));
    assert_eq!(program.post(&undo, &json!({})).await.expect(409).field("/code"), "merge_not_undoable");
    for merge in [second, first] {
        undone(&program, &merge).await;
        work.do_all(&app).await;
    }
    assert_eq!(column(&program.get(CONTACTS).await, "company_id"), [ids[0].as_str()]);
    assert_eq!(column(&program.get(COMPANIES).await, "name"), ["A", "B", "C"]);
}

#[tokio::test]
async fn after_thirty_days_it_cannot_be_undone_and_is_forgotten() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let [one, two] = two(&program, 0, 0).await;
    let merge = merged(&program, &json!({ "left": one, "right": two })).await;
    work.do_all(&app).await;
    let owner = app.owner();
    assert!(owner.get("/crm/fusions").await.expect(200).text().contains("Annuler la fusion"));
    app.advance(SignedDuration::from_hours(24 * 30 + 1));
    let (_, owner) = app.with_new_member(Role::Owner.into()).await;
    assert!(!owner.get("/crm/fusions").await.expect(200).text().contains("Annuler la fusion"));
    owner.get(&format!("/crm/fusions/{merge}")).await.expect(404);
    let kept: Vec<_> = app.items().into_iter().filter(|item| item["type"]["S"] == "merge").collect();
    assert!(kept.iter().all(|item| item["ttl"]["N"].is_string()));
}

#[tokio::test]
async fn somebody_who_is_erased_is_erased_wherever_they_came_from() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let zoe = json!({ "last_name": "Durand", "first_name": "Zoé", "email": "zoe@dupre.example" });
    let zoe = added(&program, CONTACTS, &zoe).await;
    let double = json!({ "last_name": "Ancienne-Durand", "email": "ancienne@dupre.example", "notes": "Rencontrée" });
    let double = added(&program, CONTACTS, &double).await;
    let oldest = added(&program, CONTACTS, &json!({ "last_name": "Jeune-Fille" })).await;
    for (loser, winner) in [(&oldest, &double), (&double, &zoe)] {
        merged(&program, &json!({ "left": loser, "right": winner, "winner": winner })).await;
        work.do_all(&app).await;
    }
    program.delete(&format!("{CONTACTS}/{zoe}")).await.expect(200);
    work.do_all(&app).await;
    for item in app.items_of(app.ours.id).values() {
        let text = item.to_string();
        // Events name nobody, and go within days.
        for name in ["Ancienne", "ancienne", "Jeune-Fille", "zoe@", "Zoé", "Rencontrée"] {
            let is_record = item["type"]["S"] == "idempotency";
            assert!(is_record || !text.contains(name), "{name}: {text}");
        }
    }
    program.get(&format!("{CONTACTS}/{double}/erasure")).await.expect(200);
}

#[tokio::test]
async fn of_a_record_that_is_gone_for_good_nothing_of_its_merges_stays() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        ids.push(added(&program, COMPANIES, &json!({ "name": name })).await);
    }
    for (loser, winner) in [(0, 1), (1, 2)] {
        merged(&program, &json!({ "left": ids[loser], "right": ids[winner], "winner": ids[winner] })).await;
        work.do_all(&app).await;
    }
    let (scope, id) = (&app.scope(), ids[2].parse().expect("an id"));
    let aggregate = scope.keys().company(id).collection();
    scope
        .write(|| async {
            let found = scope.collection(&aggregate).await?;
            let mut transaction = scope.begin("test", id);
            transaction
                .delete(&found.first::<Company>()?.expect("a company"))
                .delete(&found.first::<CompanyCard>()?.expect("a card"))
                .delete(&found.first::<ClientReference>()?.expect("a reference"))
                .emit(Event::RecordChanged { record: ids[2].clone() });
            Ok((transaction, ()))
        })
        .await
        .expect("it is deleted");
    work.do_all(&app).await;
    let gone = ["merge", "moved", "merged", "merge_into", "identity", "duplicate", "erasure"];
    for item in app.items_of(app.ours.id).values() {
        assert!(!gone.contains(&item["type"]["S"].as_str().unwrap_or_default()), "{item}");
    }
}

#[tokio::test]
async fn of_two_companies_only_one_may_have_documents_and_it_stays() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let [one, two] = two(&program, 0, 0).await;
    invoicing_names(&app, &two).await;
    let form = owner.get(&format!("/crm/fusions/nouvelle?gauche={one}&droite={two}")).await.expect(200);
    assert!(form.text().contains("des documents la citent"), "{}", form.text());
    assert!(form.round_trips() <= Some(2));
    let refused = program.post(MERGES, &json!({ "left": one, "right": two, "winner": one })).await.expect(409);
    assert_eq!(refused.field("/code"), "loser_has_documents");
    invoicing_names(&app, &one).await;
    let refused = program.post(MERGES, &json!({ "left": one, "right": two })).await.expect(409);
    assert_eq!(refused.field("/code"), "both_have_documents");
    let fields = [("left", one.as_str()), ("right", &two), ("winner", &two)];
    let again = owner.form("/crm/fusions/nouvelle", &fields).await.expect(422);
    assert!(again.text().contains("ne peuvent pas être fusionnées"));
}

/// Something of invoicing that names a client.
#[derive(Serialize, Deserialize)]
struct Reminders {
    client: CompanyId,
}

impl Item for Reminders {
    const TYPE: &'static str = "client_reminders";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_reminders(self.client)
    }
}

async fn invoicing_names(app: &App, company: &str) {
    let (scope, client) = (&app.scope(), company.parse().expect("an id"));
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", client);
            transaction.create(&Reminders { client });
            Ok((transaction, ()))
        })
        .await
        .expect("it is written");
}

#[tokio::test]
async fn the_form_shows_both_and_makes_one_of_them() {
    let (app, mut work) = (app().await, Work::default());
    let owner = app.owner();
    let [one, two] = two(&app.program(), 1, 0).await;
    let form = owner.get(&format!("/crm/fusions/nouvelle?gauche={one}&droite={two}")).await.expect(200).text();
    for text in ["Boulangerie Dupré", "Dupré Boulangerie", "SIRET et numéro de TVA", "04 78 12 34 56", "fields.name"]
    {
        assert!(form.contains(text), "{text}: {form}");
    }
    owner.get("/crm/fusions/nouvelle").await.expect(303);
    owner.get(&format!("/crm/fusions/nouvelle?gauche={one}&droite={one}")).await.expect(404);
    let fields =
        [("left", one.as_str()), ("right", &two), ("winner", &two), ("fields.name", &one), ("fields.phone", &two)];
    let done = owner.form("/crm/fusions/nouvelle", &fields).await.expect(303);
    let page = done.header("location").expect("a place").to_owned();
    assert!(owner.get(&page).await.expect(200).text().contains("En cours"));
    work.do_all(&app).await;
    assert!(owner.get(&page).await.expect(200).text().contains("Terminée"));
    let kept = owner.get(&format!("{COMPANIES}/{two}")).await.expect(200);
    assert_eq!((kept.field("/name"), kept.field("/phone")), ("Boulangerie Dupré".into(), String::new()));
    let listed = owner.get("/crm/fusions").await.expect(200);
    assert!(listed.text().contains("Annuler la fusion") && listed.round_trips() <= Some(2));
    // A double click undoes it once.
    let undo = format!("{page}/annuler");
    for _ in 0..2 {
        owner.form(&undo, &[("_key", "once")]).await.expect(303);
    }
    work.do_all(&app).await;
    assert!(owner.get(&page).await.expect(200).text().contains("de nouveau distinctes"));
    owner.form(&undo, &[]).await.expect(409);
}

#[tokio::test]
async fn a_double_click_merges_once_and_the_quicker_of_two_wins() {
    let app = app().await;
    let program = app.program();
    let [one, two] = two(&program, 0, 0).await;
    let body = json!({ "left": one, "right": two, "winner": one });
    let once = program.clone().idempotency_key("once");
    let first = once.post(MERGES, &body).await.expect(201);
    assert_eq!(once.post(MERGES, &body).await.expect(201).json(), first.json());

    let [three, four] = self::two(&program, 0, 0).await;
    let (there, back) = (
        json!({ "left": three, "right": four, "winner": three }),
        json!({ "left": three, "right": four, "winner": four }),
    );
    let (a, b) = tokio::join!(program.post(MERGES, &there), program.post(MERGES, &back));
    let mut answers = [a.status.as_u16(), b.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
}

#[tokio::test]
async fn nobody_merges_what_they_do_not_see() {
    let app = app().await;
    let program = app.program();
    let [one, two] = two(&program, 0, 0).await;
    let body = json!({ "left": one, "right": two });
    let (_, salesperson) = app.with_new_member(own_records([CrmView, CrmCreate, CrmEdit, CrmDelete])).await;
    salesperson.clone().header("sec-fetch-site", "same-origin").post(MERGES, &body).await.expect(404);
    salesperson.get(&format!("/crm/fusions/nouvelle?gauche={one}&droite={two}")).await.expect(404);
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    stranger.post(MERGES, &body).await.expect(404);
    let merge = merged(&program, &body).await;
    for client in [&salesperson, &app.stranger()] {
        client.get(&format!("{MERGES}/{merge}")).await.expect(404);
        assert_eq!(column(&client.get(MERGES).await.expect(200), "id").len(), 0);
    }
    salesperson
        .header("sec-fetch-site", "same-origin")
        .post(&format!("{MERGES}/{merge}/undo"), &json!({}))
        .await
        .expect(404);
    let wrong = program.post(MERGES, &json!({ "left": one, "right": one })).await.expect(422);
    assert_eq!(wrong.violations(), ["/right"]);
}

#[tokio::test]
async fn a_company_takes_no_more_people_than_it_may_have() {
    let app = app().await;
    let program = app.program();
    let [one, two] = two(&program, 0, 0).await;
    // As if it had 90.
    let (scope, key) = (&app.scope(), app.scope().keys().company_card(two.parse().expect("an id")));
    scope
        .write(|| async {
            let card = scope.get::<CompanyCard>(&key).await?.expect("a card");
            let mut transaction = scope.begin("test", &two);
            transaction.update(&card, &CompanyCard { contacts: 90, ..card.value.clone() });
            Ok((transaction, ()))
        })
        .await
        .expect("it is written");
    let refused = program.post(MERGES, &json!({ "left": one, "right": two })).await.expect(409);
    assert_eq!(refused.field("/code"), "too_many_contacts");
}
