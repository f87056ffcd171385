//! Each amount that is to be paid leads to the invoices that it is made of, and to no other.

use jiff::{ToSpan, civil::date};
use kernel::{
    Currency::{Eur, Usd},
    permission::Role,
};
use serde_json::Value;
use table::ledger::LedgerKind::PaymentRecorded;
use testkit::{App, Client};

use crate::{Issue, app, appended, credited, deliver, enter, money};

const AGES: [(&str, &str); 5] = [
    ("not_due", "not_due"),
    ("to_30", "late_to_30_days"),
    ("to_60", "late_to_60_days"),
    ("to_90", "late_to_90_days"),
    ("beyond", "late_beyond"),
];
/// On both sides of each border, seen from 22 November 2026.
const LATE: [i64; 12] = [-40, -1, 0, 1, 30, 31, 60, 61, 90, 91, 92, 300];

/// All invoices of an age, page by page.
async fn listed(client: &Client, age: &str, whose: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/sales/receivables/invoices?age={age}&assigned_to={whose}&limit=2{cursor}");
        let page = client.get(&path).await.expect(200).json();
        rows.extend(page["items"].as_array().expect("rows").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn sum(rows: &[Value]) -> i64 {
    rows.iter().map(|row| row["own_open_minor"].as_i64().expect("an amount")).sum()
}

/// Two invoices for each lateness, one of them somebody's and in dollars; of the first of all a part is paid and a part given
/// back, the second is paid whole.
async fn sold(app: &App) {
    let (today, seller) = (date(2026, 11, 22), app.user_with_role(Role::Sales));
    let mut entries = Vec::new();
    for (at, late) in LATE.into_iter().enumerate() {
        let due_on = today.saturating_sub(late.days());
        let first = 2 * at as u64 + 1;
        let euro = Issue {
            invoice: first,
            client: 1,
            assigned_to: None,
            currency: Eur,
            on: due_on.saturating_sub(5.days()),
            due_on,
            net: 1_000 * (at as i64 + 1),
            gross: 1_200 * (at as i64 + 1),
            deducted: 0,
            euro: None,
        };
        let dollars = Issue {
            invoice: first + 1,
            client: 2,
            assigned_to: Some(seller),
            currency: Usd,
            euro: Some("0.9"),
            on: euro.on,
            ..euro
        };
        entries.extend([euro.entry(), dollars.entry()]);
    }
    entries.push(money(PaymentRecorded, 1, Eur, today, 500, "card"));
    entries.push(credited(1, Eur, today, 100, 120));
    entries.push(money(PaymentRecorded, 2, Usd, today, 1_200, "card"));
    enter(&app.scope(), entries).await;
    deliver(app, &[appended()]).await;
}

#[tokio::test]
async fn each_age_is_exactly_the_invoices_that_it_lists() {
    let app = app().await;
    sold(&app).await;
    let (owner, seller) = (app.owner(), app.user_with_role(Role::Sales).to_string());
    for (whose, expected) in [("", 2 * LATE.len() - 1), (seller.as_str(), LATE.len() - 1)] {
        let figures = format!("/api/v1/sales/receivables?assigned_to={whose}");
        let figures = owner.get(&figures).await.expect(200).json();
        let mut all: Vec<String> = Vec::new();
        for (age, figure) in AGES {
            let rows = listed(&owner, age, whose).await;
            assert_eq!(figures[figure]["invoices"], rows.len(), "{age} {whose}");
            assert_eq!(figures[figure]["open_minor"], sum(&rows), "{age} {whose}");
            assert!(!rows.is_empty() && rows.is_sorted_by_key(|row| row["due_on"].as_str().map(str::to_owned)));
            all.extend(rows.iter().map(|row| row["number"].as_str().expect("a number").to_owned()));
        }
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!((all.len(), count), (expected, expected), "each once");
    }
    let partly = listed(&owner, "not_due", "").await;
    let first = partly.iter().find(|row| row["number"] == "FAC-0001").expect("it is to be paid");
    assert_eq!(first["open_minor"], 1_200 - 500 - 120);
    owner.get("/api/v1/sales/receivables/invoices?age=old").await.expect(400);
}

#[tokio::test]
async fn the_page_of_an_age_says_what_it_comes_to_and_who_sees_only_their_own_sees_theirs() {
    let app = app().await;
    sold(&app).await;
    let page = app.owner().get("/ventes/encours?age=to_60").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    // The sixth and the seventh lateness: 72,00 € + 84,00 €, and the same in dollars at 0,90.
    assert!(text.contains("4 factures") && text.contains("296,40\u{a0}€"), "{text}");
    assert!(text.contains("FAC-0011") && text.contains("FAC-0014") && !text.contains("FAC-0009"), "{text}");
    // What is asked for in dollars is told as the sum has it, and as the invoice says.
    assert!(text.contains("64,80\u{a0}€ <span") && text.contains(">72,00\u{a0}$</span>"), "{text}");
    let week = app.owner().get("/ventes/tresorerie/semaine").await.expect(200).text();
    assert!(week.contains("21,60\u{a0}€ <span") && week.contains(">24,00\u{a0}$</span>"), "{week}");
    let dashboard = app.owner().get("/ventes").await.expect(200).text();
    for (age, _) in AGES {
        assert!(dashboard.contains(&format!("/ventes/encours?age={age}")), "{age}");
    }
    let role = testkit::own_records([kernel::Permission::SalesView]);
    let (_, nobody) = app.with_new_member(role).await;
    assert!(!nobody.get("/ventes/encours?age=to_60").await.expect(200).text().contains("FAC-0012"));
    app.with_role(Role::Hr).get("/ventes/encours?age=to_60").await.expect(403);
}
