//! What is found, by whom, in which order, and at what cost.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Permission,
    id::{CompanyId, ContactId, EmployeeId},
    permission::Role,
    search::Category,
};
use search::document::{
    Found,
    store::{Document, Entry},
};
use serde_json::{Value, json};
use table::{Item, item::golden, meter};
use testkit::{App, own_records};
use ulid::Ulid;

use crate::{API, Employee, app, changed, company, contact, deliver, find, invoice, put, titles};

#[tokio::test]
async fn beginnings_of_words_in_any_order_without_accents_find() {
    let app = app().await;
    for name in ["Société Générale", "Société Nouvelle de Menuiserie", "Générale des Eaux"] {
        put(&app, &company(&app, name)).await;
    }
    let owner = app.owner();
    assert_eq!(titles(&owner, "societe gen").await, ["Société Générale"]);
    assert_eq!(titles(&owner, "GEN soc").await, ["Société Générale"]);
    assert_eq!(titles(&owner, "Sociétés").await, Vec::<String>::new());
    assert_eq!(titles(&owner, "géné").await.len(), 2);
    let found = find(&owner, "societe gen").await;
    assert_eq!(found["categories"][0]["label"], "Entreprises");
    assert_eq!((&found["categories"][0]["count"], &found["categories"][0]["is_more"]), (&json!(1), &json!(false)));
    let link = found["categories"][0]["items"][0]["link"].as_str().expect("a link");
    assert!(link.starts_with("/o/") && link.contains("/crm/entreprises/com_"), "{link}");
}

#[tokio::test]
async fn an_invoice_is_found_by_its_number_its_amount_and_its_client() {
    let app = app().await;
    put(&app, &invoice(&app, "FAC-2026-0042", "Dupré", 123_456)).await;
    put(&app, &invoice(&app, "FAC-2026-0043", "Martin", 99_900)).await;
    for typed in
        ["FAC-2026-0042", "fac 42", "0042", "1234,56", "1 234,56", "1234.5", "1234", "dupre 2026", "FAC20260042"]
    {
        assert_eq!(titles(&app.owner(), typed).await, ["FAC-2026-0042"], "{typed}");
    }
    assert_eq!(titles(&app.owner(), "2026").await.len(), 2);
}

#[tokio::test]
async fn a_contact_is_found_by_telephone_and_e_mail() {
    let app = app().await;
    let mut one = contact(&app, "Zoé", "Müller");
    one.person["mobile"] = "+33612345678".into();
    one.person["email"] = "z.muller@dupre.example".into();
    put(&app, &one).await;
    for typed in ["06 12 34", "0612345678", "+33 6 12 34 56 78", "muller@dup", "zoe mul", "z.muller@dupre.example"] {
        assert_eq!(titles(&app.owner(), typed).await, ["Zoé Müller"], "{typed}");
    }
}

#[tokio::test]
async fn what_matches_best_comes_first_and_of_equals_the_freshest() {
    let app = app().await;
    for (name, days) in [("Martine", 1), ("Martin Paul", 3), ("Jean Martin", 2), ("Paul Durand-Martin", 0)] {
        let mut one = company(&app, name);
        one.created_at = app.clock.now() - SignedDuration::from_hours(24 * days);
        put(&app, &one).await;
    }
    assert_eq!(titles(&app.owner(), "martin").await, ["Martin Paul", "Paul Durand-Martin", "Jean Martin", "Martine"]);
}

#[tokio::test]
async fn everybody_finds_what_they_may_see() {
    let app = app().await;
    put(&app, &company(&app, "Dupré")).await;
    put(&app, &invoice(&app, "FAC-2026-0001", "Dupré", 100)).await;
    let (me, own) = app.with_new_member(own_records([Permission::CrmView])).await;
    let mut mine = contact(&app, "Anne", "Dupré");
    mine.assigned_to = Some(me);
    put(&app, &mine).await;
    put(&app, &contact(&app, "Luc", "Dupré")).await;
    assert_eq!(titles(&app.owner(), "dupre").await.len(), 4);
    assert_eq!(titles(&app.with_role(Role::Hr), "dupre").await, Vec::<String>::new());
    assert_eq!(titles(&own, "dupre").await, ["Anne Dupré"]);
    // Who has it no more finds it no more.
    mine.assigned_to = Some(app.user_with_role(Role::Owner));
    put(&app, &mine).await;
    assert_eq!(titles(&own, "dupre").await, Vec::<String>::new());
}

#[tokio::test]
async fn no_secret_of_an_employee_is_in_the_index() {
    let app = app().await;
    let scope = app.scope();
    let one = Employee {
        id: scope.new_id(EmployeeId::new),
        number: "M-007".into(),
        first_name: "Inès".into(),
        last_name: "Roux".into(),
        nir: "2850769123456".into(),
        notes: "arrêt maladie".into(),
        created_at: scope.now(),
    };
    put(&app, &one).await;
    assert_eq!(titles(&app.with_role(Role::Hr), "roux").await, ["Inès Roux"]);
    assert_eq!(titles(&app.with_role(Role::Hr), "m-007").await, ["Inès Roux"]);
    for role in [Role::Member, Role::Sales, Role::Accountant, Role::Reader] {
        assert_eq!(titles(&app.with_role(role), "roux").await, Vec::<String>::new(), "{role:?}");
    }
    for secret in ["2850769123456", "maladie", "arret"] {
        assert_eq!(titles(&app.owner(), secret).await, Vec::<String>::new());
    }
    let written = app.written_under("#SEARCH");
    assert!(written.contains("Inès Roux") && !written.contains("2850769123456") && !written.contains("maladie"));
}

#[tokio::test]
async fn another_organization_finds_nothing_of_ours() {
    let app = app().await;
    let one = company(&app, "Dupré");
    put(&app, &one).await;
    assert_eq!(titles(&app.stranger(), "dupre").await, Vec::<String>::new());
    // Nor does a message about an item of ours, sent in their name, bring it there.
    let scope = app.scope();
    deliver(&app, app.theirs.id, changed(&scope, &one.key(scope.keys()))).await;
    assert_eq!(titles(&app.stranger(), "dupre").await, Vec::<String>::new());
    assert!(!app.items_of(app.theirs.id).keys().any(|(pk, _)| pk.contains("SEARCH")));
}

#[tokio::test]
async fn what_is_too_short_is_told() {
    let app = app().await;
    let reply = app.owner().get(&format!("{API}?q=a")).await.expect(422);
    assert_eq!(reply.violations(), ["/q"]);
    app.owner().get(&format!("{API}?q=ab&category=nothing")).await.expect(400);
    app.owner().get(&format!("{API}?q=ab&limit=101")).await.expect(400);
}

/// The index of so many contacts and companies, loaded as the worker would have written it.
fn load(app: &App, from: usize, to: usize) {
    let keys = app.scope().keys();
    let firsts = ["Jean", "Marie", "Luc", "Zoé", "Anne", "Paul", "Inès", "Hugo", "Léa", "Tom"];
    let lasts = ["Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau"];
    let began: Timestamp = "2024-01-01T00:00:00Z".parse().expect("an instant");
    for chunk in (from..to).collect::<Vec<_>>().chunks(500) {
        let mut items = Vec::new();
        for &n in chunk {
            let at = began + SignedDuration::from_secs(n as i64 * 600);
            let (key, found) = if n % 2 == 0 {
                let id = ContactId::from_ulid(Ulid(n as u128 + 1));
                let name = format!("{} {}", firsts[n / 2 % 10], lasts[n / 20 % 10]);
                let company = format!("Société {} SARL", n % 997);
                let found = Found::new(Category::Contact, &name, format!("/crm/contacts/{id}"), at)
                    .below([Some(company.as_str())])
                    .by_text(Some(&company))
                    .by_text(Some(&format!("contact{n}@client{}.example", n % 997)));
                (keys.contact(id), found)
            } else {
                let id = CompanyId::from_ulid(Ulid(n as u128 + 1));
                let name = format!(
                    "{} {} {} SARL",
                    ["Atelier", "Société", "Garage", "Cabinet"][n / 2 % 4],
                    lasts[n / 8 % 10],
                    n
                );
                let found = Found::new(Category::Company, &name, format!("/crm/entreprises/{id}"), at)
                    .by_number(Some(&format!("{:014}", n)));
                (keys.company(id), found)
            };
            let document = Document::new(keys.item_name(&key).expect("a name"), &key, found);
            items.extend(document.entries().map(|entry| stored(&entry, keys)));
        }
        app.load(items);
    }
}

/// As DynamoDB's JSON.
fn stored(entry: &Entry, keys: table::TenantKeys) -> Value {
    let golden = golden(entry, keys).expect("stored");
    let attribute = |value: &Value| match value {
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::Array(texts) => json!({ "L": texts.iter().map(|text| json!({ "S": text })).collect::<Vec<_>>() }),
        text => json!({ "S": text }),
    };
    let fields = golden.as_object().expect("an object");
    Value::Object(fields.iter().map(|(name, value)| (name.clone(), attribute(value))).collect())
}

/// The searches that people make.
const TYPED: [&str; 7] = ["mar", "societe", "jean martin", "sarl", "moreau", "sarl 2026", "so gar mo"];

/// What a page of each is charged.
async fn charged(app: &App, page: &str) -> Vec<(&'static str, u64, f64, u32)> {
    let owner = app.owner();
    let mut all = Vec::new();
    for typed in TYPED {
        let query = typed.replace(' ', "+");
        let path = format!("{page}?q={query}");
        owner.get(&path).await.expect(200);
        let started = std::time::Instant::now();
        let reply = owner.get(&path).await.expect(200);
        let took = started.elapsed().as_secs_f64() * 1_000.0;
        let (_, units) = meter::charged(Box::pin(owner.get(&path))).await;
        all.push((typed, units, took, reply.round_trips().unwrap_or_default()));
    }
    all
}

#[tokio::test]
async fn a_search_costs_the_same_however_much_there_is() {
    let app = app().await;
    // As many as a page reads, then many times that, all of which every word finds.
    let alike = |from: usize, to: usize| {
        let keys = app.scope().keys();
        let items = (from..to).flat_map(|n| {
            let id = CompanyId::from_ulid(Ulid(n as u128 + 1));
            let name = "Société Garage Jean Martin Moreau SARL 2026";
            let found = Found::new(Category::Company, name, format!("/crm/entreprises/{id}"), app.clock.now());
            let key = keys.company(id);
            let document = Document::new(keys.item_name(&key).expect("a name"), &key, found);
            document.entries().map(|entry| stored(&entry, keys)).collect::<Vec<_>>()
        });
        app.load(items.collect());
    };
    alike(0, 102);
    let [few, few_suggested] = [charged(&app, "/recherche").await, charged(&app, "/recherche/suggestions").await];
    alike(102, 4_000);
    let [more, suggested] = [charged(&app, "/recherche").await, charged(&app, "/recherche/suggestions").await];
    for (few, more) in [(few, more), (few_suggested, suggested)] {
        for ((typed, few, ..), (_, more, _, trips)) in few.iter().zip(&more) {
            assert!(few.abs_diff(*more) * 10 <= *few, "{typed}: {few} then {more}");
            assert!(*trips <= 3, "{typed}: {trips}");
        }
    }
}

/// `cargo test -p search --release -- --ignored --nocapture fifty_thousand`
#[tokio::test]
#[ignore = "a measure that takes a while"]
async fn suggestions_of_fifty_thousand_records() {
    let app = app().await;
    let mut before = 0;
    for records in [100, 10_000, 50_000, 100_000] {
        load(&app, before, records);
        before = records;
        println!("{records} records");
        for page in ["/recherche/suggestions", "/recherche"] {
            println!("  {page}");
            for (typed, units, took, trips) in charged(&app, page).await {
                println!("    {typed:<14} {took:>7.1} ms  {:>6.1} units  {trips} round trips", units as f64 / 1_000.0);
            }
        }
    }
}

#[tokio::test]
async fn of_two_words_that_very_many_have_what_has_both_is_found() {
    let app = app().await;
    let scope = app.scope();
    let mut wanted = contact(&app, "Jean", "Martin");
    wanted.created_at = "2020-01-01T00:00:00Z".parse().expect("an instant");
    put(&app, &wanted).await;
    // 150 of each word, all of them fresher.
    let keys = scope.keys();
    let mut items = Vec::new();
    for n in 0..300_u128 {
        let name = if n % 2 == 0 { format!("Jean Numéro{n}") } else { format!("Numéro{n} Martin") };
        let id = ContactId::from_ulid(Ulid(n + 1));
        let found = Found::new(Category::Contact, &name, format!("/crm/contacts/{id}"), scope.now());
        let key = keys.contact(id);
        let document = Document::new(keys.item_name(&key).expect("a name"), &key, found);
        items.extend(document.entries().map(|entry| stored(&entry, keys)));
    }
    app.load(items);
    for typed in ["jean martin", "martin jean", "martin jea"] {
        assert_eq!(titles(&app.owner(), typed).await, ["Jean Martin"], "{typed}");
    }
    let found = find(&app.owner(), "jean").await;
    assert_eq!((&found["categories"][0]["count"], &found["categories"][0]["is_more"]), (&json!(100), &json!(true)));
}
