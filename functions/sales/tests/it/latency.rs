//! How long it takes until an entry of the ledger is in the figures, once the worker is called, and how long making them anew
//! takes: printed with `--nocapture`.

use std::time::Instant;

use jiff::civil::date;
use kernel::{Currency::Eur, event::Event};

use crate::{Issue, app, appended, deliver, enter};

fn issue(invoice: u64) -> Issue {
    let on = date(2026, 1 + (invoice % 12) as i8, 3);
    Issue {
        invoice,
        client: invoice % 40,
        assigned_to: None,
        currency: Eur,
        on,
        due_on: on,
        net: 1_000,
        gross: 1_200,
        deducted: 0,
        euro: None,
    }
}

#[tokio::test]
async fn an_entry_is_in_the_figures_at_once() {
    let app = app().await;
    let scope = app.scope();
    let mut taken = Vec::new();
    for invoice in 1..=40 {
        enter(&scope, vec![issue(invoice).entry()]).await;
        let begun = Instant::now();
        deliver(&app, &[appended()]).await;
        taken.push(begun.elapsed());
    }
    taken.sort();
    let figures = app.owner().get("/api/v1/sales/figures?period=2026").await.expect(200).json();
    assert_eq!((&figures["current"]["invoices"], &figures["behind"]), (&40.into(), &0.into()));
    println!("event → figures: median {:?}, 95 % {:?}, worst {:?}", taken[20], taken[38], taken[39]);
    enter(&scope, (41..=400).map(|invoice| issue(invoice).entry()).collect()).await;
    let begun = Instant::now();
    deliver(&app, &[appended()]).await;
    println!("360 entries at once: {:?}", begun.elapsed());
    app.owner().post("/api/v1/sales/projection/rebuild", &serde_json::json!({})).await.expect(202);
    let begun = Instant::now();
    deliver(&app, &[Event::SalesProjectionDue {}]).await;
    println!("400 entries made anew: {:?}", begun.elapsed());
    let figures = app.owner().get("/api/v1/sales/figures?period=2026").await.expect(200).json();
    assert_eq!(figures["current"]["invoices"], 400);
}
