//! What is found, by whom, in which order, and at what cost.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Currency, Minor, Permission,
    id::{CompanyId, ContactId, EmployeeId, InvoiceId, UserId},
    permission::Role,
    search::Category,
};
use search::document::{
    Found,
    store::{Document, Entry},
};
use serde_json::{Value, json};
use table::{Item, item::golden, meter};
use testkit::{App, Client, own_records};
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

/// The index of so many contacts, every other of them somebody's, companies and invoices, loaded as the worker would have
/// written it. Five of them, whatever their number, are called `Unique`.
fn load(app: &App, seller: UserId, from: usize, to: usize) {
    let keys = app.scope().keys();
    let firsts = ["Jean", "Marie", "Luc", "Zoé", "Anne", "Paul", "Inès", "Hugo", "Léa", "Tom"];
    let lasts = ["Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau"];
    let began: Timestamp = "2024-01-01T00:00:00Z".parse().expect("an instant");
    for chunk in (from..to).collect::<Vec<_>>().chunks(500) {
        let mut items = Vec::new();
        for &n in chunk {
            let at = began + SignedDuration::from_secs(n as i64 * 600);
            let ulid = Ulid(n as u128 + 1);
            let last = if n < 10 { "Unique" } else { lasts[n / 20 % 10] };
            let company = format!("Société {} SARL", n % 997);
            let (key, found) = match n % 4 {
                0 | 2 => {
                    let id = ContactId::from_ulid(ulid);
                    let name = format!("{} {last}", firsts[n / 2 % 10]);
                    let found = Found::new(Category::Contact, &name, format!("/crm/contacts/{id}"), at)
                        .below([Some(company.as_str())])
                        .by_text(Some(&company))
                        .by_text(Some(&format!("contact{n}@client{}.example", n % 997)))
                        .of((n % 4 == 0).then_some(seller));
                    (keys.contact(id), found)
                }
                1 => {
                    let id = CompanyId::from_ulid(ulid);
                    let kind = ["Atelier", "Société", "Garage", "Cabinet"][n / 4 % 4];
                    let name = format!("{kind} {} {n} SARL", lasts[n / 16 % 10]);
                    let found = Found::new(Category::Company, &name, format!("/crm/entreprises/{id}"), at)
                        .by_number(Some(&format!("{n:014}")));
                    (keys.company(id), found)
                }
                _ => {
                    let id = InvoiceId::from_ulid(ulid);
                    let number = format!("FAC-2026-{n:06}");
                    let found = Found::new(Category::Invoice, &number, format!("/facturation/factures/{id}"), at)
                        .below([Some("Facture"), Some(company.as_str())])
                        .by_number(Some(&number))
                        .by_amount(Minor(12_000 + n as i64 % 1_000), Currency::Eur)
                        .by_text(Some(&company))
                        .by_text(Some("Facture"));
                    (keys.invoice(id), found)
                }
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

/// The searches that people make: a beginning, words of nearly everything, of a tenth, of five records and of none; words
/// that stand together and apart, figures that may be a number, a telephone number or an amount.
const TYPED: [&str; 13] = [
    "mar",
    "societe",
    "sarl",
    "facture",
    "moreau",
    "unique",
    "introuvable",
    "jean martin",
    "sarl 2026",
    "so gar mo",
    "jean unique",
    "120,50",
    "FAC-2026-000042",
];

/// The page of all categories, what the box loads while somebody types, and what programs ask for.
const PAGES: [&str; 3] = ["/recherche", "/recherche/suggestions", API];
/// As a page of a search is to be charged wherever there is much.
const FEW: usize = 100;
/// As many as a test may take the time for; `ABSERVICE_ITEMS` says another number.
const MANY: usize = 3_000;
/// Within which suggestions appear as if at once.
const AT_ONCE_MS: f64 = 100.0;

/// What somebody's search on a page is charged.
struct Charged {
    typed: &'static str,
    units: u64,
    ms: f64,
    trips: u32,
}

async fn charged(client: &Client, page: &str) -> Vec<Charged> {
    let mut all = Vec::new();
    for typed in TYPED {
        let path = format!("{page}?q={}", typed.replace(' ', "+"));
        client.get(&path).await.expect(200);
        let started = std::time::Instant::now();
        let reply = client.get(&path).await.expect(200);
        let ms = started.elapsed().as_secs_f64() * 1_000.0;
        let (_, units) = meter::charged(Box::pin(client.get(&path))).await;
        all.push(Charged { typed, units, ms, trips: reply.round_trips().unwrap_or_default() });
    }
    all
}

/// `ABSERVICE_ITEMS=100000 cargo test -p search --release -- --nocapture a_search_costs_the_same`
#[tokio::test]
async fn a_search_costs_the_same_however_much_there_is() {
    let many = std::env::var("ABSERVICE_ITEMS").map_or(MANY, |many| many.parse().expect("a number of items"));
    let app = app().await;
    let (seller, own) = app.with_new_member(own_records([Permission::CrmView])).await;
    let who = [("owner", app.owner()), ("own records", own)];
    load(&app, seller, 0, FEW);
    let mut few = Vec::new();
    for (_, client) in &who {
        for page in PAGES {
            few.push(charged(client, page).await);
        }
    }
    load(&app, seller, FEW, many);
    for (name, client) in &who {
        for page in PAGES {
            println!("{page}, {name}\n{FEW:>8} {many:>8} units");
            let before = few.remove(0);
            let units = |charged: &Charged| charged.units as f64 / 1_000.0;
            for (few, more) in before.iter().zip(charged(client, page).await) {
                println!("{:>8.1} {:>8.1}  {:>6.1} ms  {}", units(few), units(&more), more.ms, more.typed);
                assert!(
                    few.units.abs_diff(more.units) * 10 <= few.units,
                    "{}: {} then {}",
                    more.typed,
                    few.units,
                    more.units
                );
                assert!(more.trips <= 2, "{}: {} round trips", more.typed, more.trips);
            }
        }
    }
}

/// `cargo test -p search --release -- --ignored --nocapture fifty_thousand`
#[tokio::test]
#[ignore = "a measure that wants an optimised build"]
async fn suggestions_of_fifty_thousand_records_appear_at_once() {
    let app = app().await;
    load(&app, app.user_with_role(Role::Sales), 0, 50_000);
    for suggested in charged(&app.owner(), "/recherche/suggestions").await {
        println!("{:>7.1} ms  {:>6.1} units  {}", suggested.ms, suggested.units as f64 / 1_000.0, suggested.typed);
        assert!(suggested.ms <= AT_ONCE_MS, "{} takes {:.0} ms", suggested.typed, suggested.ms);
    }
}

#[tokio::test]
async fn words_that_very_many_have_lead_to_the_whole_category() {
    let app = app().await;
    load(&app, app.user_with_role(Role::Sales), 0, 800);
    let page = app.owner().get("/recherche?q=sarl").await.expect(200).text();
    assert!(page.contains("(plus de 10)") && page.contains("categorie=contact"), "{page}");
    // None of the freshest is both, and the page does not say that none is.
    let page = app.owner().get("/recherche?q=atelier+garage").await.expect(200).text();
    assert!(page.contains("Ces mots sont très fréquents ici") && page.contains("categorie=company"), "{page}");
    let found = app.owner().get(&format!("{API}?q=sarl")).await.expect(200).json();
    let first = &found["categories"][0];
    assert_eq!((&first["count"], &first["is_more"]), (&json!(10), &json!(true)));
}

#[tokio::test]
async fn the_best_of_a_word_that_very_many_have_is_among_the_first() {
    let app = app().await;
    for n in 0..30 {
        let mut one = contact(&app, "Luc", &format!("Nom{n}"));
        one.person["email"] = format!("martin{n}@martin.example").into();
        put(&app, &one).await;
    }
    let mut old = contact(&app, "Martin", "Dupont");
    old.created_at = "2020-01-01T00:00:00Z".parse().expect("an instant");
    put(&app, &old).await;
    let found = app.owner().get(&format!("{API}?q=martin")).await.expect(200).json();
    assert_eq!(found["categories"][0]["items"][0]["title"], "Martin Dupont");
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
