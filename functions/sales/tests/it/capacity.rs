//! What each page is charged, with few documents and clients and with many: `ABSERVICE_ITEMS` says how many.

use jiff::civil::date;
use kernel::{Currency::Eur, event::QuoteStage};
use serde_json::Value;
use table::meter;
use testkit::App;
use ulid::Ulid;

use crate::{Issue, app, appended, deliver, enter, invoice, offer, stated};

const FEW: u128 = 100;
/// As many as a test may take the time and the memory for.
const MANY: u128 = 3_000;

const PATHS: [&str; 20] = [
    "/ventes?period=2026",
    "/ventes?from=2026-02&to=2026-10",
    "/ventes/panneaux/clients?period=2026",
    "/ventes/factures?period=2026",
    "/ventes/factures/soldees?period=2026",
    "/ventes/devis?period=2026",
    "/ventes/devis?period=2026&figure=accepted",
    "/api/v1/sales/lines?period=2026",
    "/ventes/tresorerie",
    "/ventes/objectifs",
    "/ventes/calcul",
    "/ventes/widgets/chiffre-affaires",
    "/ventes/widgets/encours",
    "/ventes/widgets/objectifs",
    "/ventes/widgets/tresorerie",
    "/api/v1/sales/figures?period=2026",
    "/api/v1/sales/clients?period=2026-Q4",
    "/api/v1/sales/receivables",
    "/ventes/encours?age=to_30",
    "/api/v1/sales/receivables/invoices?age=to_30",
];

/// Whatever there is of one invoice and its client, under other ids.
fn copies(items: &[Value], from: u128, to: u128) -> Vec<Value> {
    // Invoice, client and quote have the same number.
    let ulid = invoice(1).ulid().to_string();
    let texts: Vec<String> = items.iter().map(Value::to_string).collect();
    (from..to)
        .flat_map(|number| {
            let other = Ulid((number + 1) << 40).to_string();
            let copy = |text: &String| text.replace(&ulid, &other);
            texts.iter().map(copy).map(|text| serde_json::from_str(&text).expect("an item")).collect::<Vec<_>>()
        })
        .collect()
}

async fn charged(app: &App) -> Vec<u64> {
    let mut charged = Vec::new();
    for path in PATHS {
        let (reply, units) = meter::charged(Box::pin(app.owner().get(path))).await;
        assert!(reply.status.is_success(), "{path}: {}", reply.text());
        charged.push(units);
    }
    charged
}

#[tokio::test]
async fn a_page_costs_the_same_however_many_documents_there_are() {
    let many = std::env::var("ABSERVICE_ITEMS").map_or(MANY, |many| many.parse().expect("a number of items"));
    let app = app().await;
    let on = date(2026, 11, 2);
    let issue = Issue {
        invoice: 1,
        client: 1,
        assigned_to: None,
        currency: Eur,
        on,
        due_on: on,
        net: 1_000,
        gross: 1_200,
        deducted: 0,
        euro: None,
    };
    enter(&app.scope(), vec![issue.entry()]).await;
    deliver(&app, &[appended(), stated(1, QuoteStage::Sent, on, &offer(1, None, Eur, 1_000, on))]).await;
    let own = invoice(1).ulid().to_string();
    let items = app.items_of(app.ours.id);
    let of_it = items.iter().filter(|((pk, sk), _)| pk.ends_with("#SALES_PROJECTION") && sk.contains(&own));
    let sample: Vec<Value> = of_it.map(|(_, item)| item.clone()).collect();
    // The invoice, what it is of revenue, what is to be paid of it, the quote of the same number and that it was sent, the
    // client, and the client in a year, a quarter and a month.
    assert_eq!(sample.len(), 9);
    app.load(copies(&sample, 0, FEW));
    let few = charged(&app).await;
    let mut from = FEW;
    while from < many {
        app.load(copies(&sample, from, many.min(from + 2_000)));
        from += 2_000;
    }
    let more = charged(&app).await;
    println!("{FEW:>10} {many:>10}");
    for ((path, few), more) in PATHS.iter().zip(&few).zip(&more) {
        println!("{:>10.1} {:>10.1}  {path}", *few as f64 / 1_000.0, *more as f64 / 1_000.0);
        assert!(few.abs_diff(*more) * 10 <= *few, "{path} costs {few} with few and {more} with many");
    }
}
