//! What each list is charged per page, with few items and with many: a page that reads more where there is more is found here.

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;
use table::meter;
use testkit::App;
use ulid::Ulid;

use crate::round_trips::{all_contexts, everything};

const FEW: usize = 100;
/// As many as a test may take the time and the memory for; `ABSERVICE_ITEMS` says another number.
const MANY: usize = 2_000;
/// By how much a page may differ, in per cent.
const TOLERANCE: u64 = 10;

/// The aggregates of which there may be many, as their partitions are called.
const GROWING: &[&str] = &[
    "COMPANY",
    "CONTACT",
    "OPPORTUNITY",
    "ACTIVITY",
    "PRODUCT",
    "QUOTE",
    "INVOICE",
    "CREDIT_NOTE",
    "SELF_BILLED",
    "RECEIPT",
    "RECURRING_INVOICE",
    "LETTER",
    "MANDATE",
    "REMITTANCE",
    "TIME_ENTRY",
    "BANK_LINE",
    "ISSUE_BATCH",
    "IMPORT",
    "RECORD_EXPORT",
    "NOTIFICATION",
    "WEBHOOK_DELIVERY",
    "EXPENSE",
    "RECURRING_EXPENSE",
    "SUPPLIER",
    "SPENDING_LINE",
];

/// What answers GET and is no page of a list: a file of all of it, or a sum over it that is bounded otherwise.
const NO_LIST: &[&str] = &["/export", "/fichier", "/verification"];

/// Pages that read up to a thousand items, whatever they show of them: those of one size are compared with those of another
/// only where both have as many. The list may only shrink.
const SIFTED: &[&str] = &[
    "/api/v1/products",
    "/crm/activites/nouvelle",
    "/crm/contacts/nouveau",
    "/crm/entreprises/nouvelle",
    "/crm/opportunites/nouvelle",
    "/facturation",
    "/facturation/autofacturation/mandats/nouveau",
    "/facturation/banque",
    "/facturation/catalogue",
    "/facturation/catalogue/choix",
    "/facturation/devis/nouveau",
    "/facturation/factures/nouvelle",
    "/facturation/mandats/nouveau",
    "/facturation/paiements/nouveau",
    "/facturation/prelevements",
    "/facturation/recurrentes/nouvelle",
    "/facturation/temps",
    // What lines of the bank may have paid is looked for among 500 expenses.
    "/api/v1/spending-lines",
    "/ventes/depenses/banque",
];

/// A thousand items, or the megabyte that an answer holds, read once or twice, in thousandths of a unit.
const SIFTED_MAX: u64 = 300_000;

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name]["S"].as_str().unwrap_or_default()
}

/// The items of one aggregate of each kind that stand in a list, by the ULID of the aggregate.
fn samples(app: &App) -> BTreeMap<&'static str, (String, Vec<Value>)> {
    let mut samples: BTreeMap<&'static str, (String, Vec<Value>)> = BTreeMap::new();
    let items = app.items_of(app.ours.id);
    for kind in GROWING {
        let marks = |ulid: &str| format!("#{kind}#{ulid}");
        let ulids = items.iter().filter_map(|((pk, sk), item)| {
            let listed = !text(item, "gsi1pk").is_empty() && sk == "META";
            let (_, ulid) = pk.split_once(&format!("#{kind}#")).filter(|_| listed)?;
            (ulid.len() == 26).then(|| ulid.to_owned())
        });
        let listed_of = |ulid: &str| -> Vec<Value> {
            let of_it = items.iter().filter(|((pk, sk), item)| {
                let is_own = pk.ends_with(&marks(ulid)) || *sk == format!("{kind}#{ulid}");
                is_own && (!text(item, "gsi1pk").is_empty() || !text(item, "gsi3pk").is_empty())
            });
            of_it.map(|(_, item)| item.clone()).collect()
        };
        // The one that stands in most lists: with payments, with lines.
        let aggregates = ulids.map(|ulid| (listed_of(&ulid), ulid));
        let Some((of_it, ulid)) = aggregates.max_by_key(|(of_it, _)| of_it.len()) else { continue };
        samples.insert(kind, (ulid, of_it));
    }
    samples
}

/// Copies of an aggregate under other ULIDs, the numbers from `from` to `to`.
fn copies((ulid, items): &(String, Vec<Value>), from: usize, to: usize) -> Vec<Value> {
    let base = Ulid::from_string(ulid).expect("a ULID").timestamp_ms();
    let texts: Vec<String> = items.iter().map(Value::to_string).collect();
    (from..to)
        .flat_map(|number| {
            let other = Ulid::from_parts(base, (number as u128 + 1) << 40).to_string();
            texts
                .iter()
                .map(move |text| serde_json::from_str(&text.replace(ulid, &other)).expect("an item"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The addresses of all lists, as a person and as a program asks for them.
fn lists() -> Vec<String> {
    let contexts = openapi::contexts();
    let declared = contexts.iter().flat_map(|(_, routes)| routes.declared());
    let is_list = |path: &str| !path.contains('{') && !NO_LIST.iter().any(|end| path.ends_with(end));
    let mut lists: Vec<String> = declared
        .filter(|route| route.method == Method::GET && is_list(&route.path))
        .filter(|route| matches!(route.access, web::Access::Needs(_)))
        .map(|route| route.path.clone())
        .collect();
    for path in ["/crm/entreprises", "/crm/contacts", "/api/v1/companies", "/api/v1/contacts"] {
        lists.push(format!("{path}?assigned_to=me"));
    }
    lists.sort();
    lists
}

/// What each list is charged.
async fn charged(app: &App, lists: &[String]) -> BTreeMap<String, u64> {
    let owner = app.owner();
    let mut charged = BTreeMap::new();
    for path in lists {
        let (reply, units) = meter::charged(Box::pin(owner.get(path))).await;
        if reply.status.is_success() {
            charged.insert(path.clone(), units);
        }
    }
    charged
}

fn units(thousandths: u64) -> String {
    format!("{}.{:01}", thousandths / 1_000, thousandths % 1_000 / 100)
}

#[tokio::test]
async fn a_page_of_a_list_costs_the_same_however_long_the_list_is() {
    let many = std::env::var("ABSERVICE_ITEMS").map_or(MANY, |many| many.parse().expect("a number of items"));
    let app = App::new(all_contexts).await;
    // On the heap: the futures are large.
    Box::pin(everything(&app)).await;
    let samples = samples(&app);
    assert!(samples.len() >= 10, "{:?}", samples.keys());
    for sample in samples.values() {
        app.load(copies(sample, 0, FEW));
    }
    let lists = lists();
    let few = Box::pin(charged(&app, &lists)).await;
    for sample in samples.values() {
        for from in (FEW..many).step_by(1_000) {
            app.load(copies(sample, from, many.min(from + 1_000)));
        }
    }
    let more = Box::pin(charged(&app, &lists)).await;
    println!("{:>10} {:>10}", FEW, many);
    let mut wrong = Vec::new();
    for (path, few) in &few {
        let Some(more) = more.get(path) else { panic!("{path} does not answer any more") };
        let line = format!("{:>10} {:>10}  {path}", units(*few), units(*more));
        println!("{line}");
        let differs = few.abs_diff(*more) * 100 > *few * TOLERANCE;
        if SIFTED.contains(&path.as_str()) {
            assert!(*more <= SIFTED_MAX, "{line}");
        } else if differs {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
