//! The cash forecast of a small organization, computed by hand.
//!
//! Today is Sunday, 22 November 2026; weeks begin on Sundays.
//!
//! | week of | invoices | recurring | expenses | recurring expenses | balance |
//! |---|---|---|---|---|---|
//! | 22 Nov. | 1 200,00 | 0 | 240,00 + 60,00 (late) | 0 | 900,00 |
//! | 29 Nov. | 0 | 500,00 | 360,00 | 1 080,00 | -40,00 |
//! | 6 Dec. | 600,00 | 0 | 0 | 0 | 560,00 |
//! | 27 Dec. | 0 | 0 | 0 | 1 080,00 | -520,00 |

use jiff::civil::{Date, date};
use kernel::{
    Currency::Eur,
    Minor, Permission,
    event::{Event, InvoicePlan, PlannedInvoice},
    id::{ExpenseId, RecurringExpenseId, RecurringInvoiceId},
    purchase::{ExpenseFacts, ExpensePlan, PlannedExpense, PurchaseCategory},
};
use serde_json::{Value, json};
use testkit::{App, own_records};
use ulid::Ulid;

use crate::{Issue, app, appended, deliver, enter};

fn issue(number: u64, due_on: Date, gross: i64) -> Issue {
    Issue {
        invoice: number,
        client: 1,
        assigned_to: None,
        currency: Eur,
        on: date(2026, 11, 2),
        due_on,
        net: gross * 5 / 6,
        gross,
        deducted: 0,
        euro: None,
    }
}

fn spent(number: u128, due_on: Date, gross: i64, paid_on: Option<Date>) -> Event {
    let facts = ExpenseFacts {
        expense: ExpenseId::from_ulid(Ulid(number)),
        v: 1,
        on: date(2026, 11, 2),
        due_on: Some(due_on),
        paid_on,
        category: PurchaseCategory::Supplies,
        net_minor: Minor(gross * 5 / 6),
        tax_minor: Minor(gross / 6),
        recovered_minor: Minor(gross / 6),
        gross_minor: Minor(gross),
        prepaid_minor: Minor::ZERO,
        currency: Eur,
        supplier: None,
    };
    Event::ExpenseRecorded { facts }
}

fn rent(v: u64, days: &[Date]) -> Event {
    let expenses = days.iter().map(|on| PlannedExpense { payable_on: *on, gross_minor: Minor(108_000) });
    let plan = ExpensePlan { v, label: "Loyer".into(), currency: Eur, expenses: expenses.collect() };
    Event::RecurringExpensePlanned { recurring: RecurringExpenseId::from_ulid(Ulid(1)), plan }
}

async fn weeks(app: &App) -> Vec<[i64; 5]> {
    let found = app.owner().get("/api/v1/sales/receivables").await.expect(200).json();
    let week = |week: &Value| {
        ["due", "recurring", "expenses", "recurring_expenses", "cumulated"]
            .map(|what| week[format!("{what}_minor")].as_i64().unwrap())
    };
    found["weeks"].as_array().unwrap().iter().map(week).collect()
}

async fn fixture(app: &App) {
    let invoices = [issue(1, date(2026, 11, 25), 120_000), issue(2, date(2026, 12, 12), 60_000)];
    // Late already: expected in no week.
    let late = issue(3, date(2026, 11, 10), 99_900);
    enter(&app.scope(), invoices.iter().chain([&late]).map(Issue::entry).collect()).await;
    let plan = InvoicePlan {
        v: 1,
        assigned_to: None,
        currency: Eur,
        invoices: vec![PlannedInvoice { due_on: date(2026, 12, 5), gross_minor: Minor(50_000) }],
    };
    let recurring = RecurringInvoiceId::from_ulid(Ulid(1));
    let first = rent(1, &[date(2026, 12, 5), date(2027, 1, 5)]);
    deliver(
        app,
        &[
            appended(),
            Event::RecurringInvoicePlanned { recurring, plan },
            spent(1, date(2026, 11, 28), 24_000, None),
            spent(2, date(2026, 10, 1), 6_000, None),
            spent(3, date(2026, 12, 1), 36_000, None),
            spent(4, date(2026, 12, 1), 70_000, Some(date(2026, 11, 20))),
            rent(2, &[date(2026, 12, 5), date(2027, 1, 2)]),
            // What an earlier version said comes late, and what is known comes twice.
            first,
            rent(2, &[date(2026, 12, 5), date(2027, 1, 2)]),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_forecast_is_what_a_hand_computes() {
    let app = app().await;
    fixture(&app).await;
    let expected = [
        [120_000, 0, 30_000, 0, 90_000],
        [0, 50_000, 36_000, 108_000, -4_000],
        [60_000, 0, 0, 0, 56_000],
        [0, 0, 0, 0, 56_000],
        [0, 0, 0, 0, 56_000],
        [0, 0, 0, 108_000, -52_000],
    ];
    assert_eq!(weeks(&app).await[..6], expected);
    let page = app.owner().get("/ventes/tresorerie").await.expect(200).text();
    assert!(page.contains("1\u{202f}080,00\u{a0}€") || page.contains("1\u{a0}080,00\u{a0}€"), "{page}");
    // Whoever counts anew comes to the same.
    app.owner().post("/api/v1/sales/projection/rebuild", &json!({})).await.expect(202);
    deliver(&app, &[Event::SalesProjectionDue {}]).await;
    assert_eq!(weeks(&app).await[..6], expected);
    // It stopped, and the expense of its last day counts.
    deliver(&app, &[rent(3, &[]), spent(5, date(2026, 12, 5), 108_000, None)]).await;
    let stopped = weeks(&app).await;
    assert_eq!((stopped[1], stopped[5][4]), ([0, 50_000, 144_000, 0, -4_000], 56_000));
}

#[tokio::test]
async fn each_figure_leads_to_what_makes_it() {
    let app = app().await;
    fixture(&app).await;
    let owner = app.owner();
    let page = owner.get("/ventes/tresorerie").await.expect(200).text();
    for link in [
        "/ventes/tresorerie/semaine?from=2026-11-29#outlays",
        "/ventes/depenses?sort=due&#38;to=2026-11-28",
        "/ventes/depenses?sort=due&#38;from=2026-11-29&#38;to=2026-12-05",
    ] {
        assert!(page.contains(link), "{link}: {page}");
    }
    let read = async |from: &str| owner.get(&format!("/api/v1/sales/cash-week?from={from}")).await.expect(200);
    let week = read("2026-11-29").await;
    assert!(week.round_trips() <= Some(2));
    let week = week.json();
    assert_eq!((&week["to"], week["invoices"]["items"].as_array().map(Vec::len)), (&json!("2026-12-05"), Some(0)));
    assert_eq!(week["recurring_invoices"][0]["gross_minor"], 50_000);
    assert_eq!(
        week["recurring_expenses"],
        json!([{ "recurring_expense_id": "rxp_00000000000000000000000001", "description": "Loyer",
            "payable_on": "2026-12-05", "gross_minor": 108_000, "currency": "EUR" }])
    );
    let first = read("2026-11-22").await.json();
    assert_eq!(
        (first["invoices"]["items"].as_array().map(Vec::len), &first["invoices"]["items"][0]["open_minor"]),
        (Some(1), &json!(120_000))
    );
    let page = owner.get("/ventes/tresorerie/semaine?from=2026-11-29").await.expect(200).text();
    assert!(page.contains("Loyer") && page.contains("/ventes/depenses/recurrentes/rxp_"), "{page}");
    for wrong in ["2026-11-21", "2027-02-21", "demain"] {
        owner.get(&format!("/api/v1/sales/cash-week?from={wrong}")).await.expect(400);
    }
    // Expenses are the organization's.
    let (_, own) = app.with_new_member(own_records([Permission::SalesView, Permission::CrmView])).await;
    for path in ["/ventes/tresorerie", "/ventes/tresorerie/semaine?from=2026-11-29"] {
        let page = own.get(path).await.expect(200).text();
        assert!(!page.contains("Loyer") && !page.contains("Dépenses récurrentes"), "{page}");
    }
    let seen = own.get("/api/v1/sales/cash-week?from=2026-11-29").await.expect(200).json();
    assert_eq!((&seen["recurring_expenses"], &seen["recurring_invoices"]), (&json!([]), &json!([])));
    let stranger = app.stranger().get("/api/v1/sales/cash-week?from=2026-11-29").await.expect(200).json();
    assert_eq!(stranger["recurring_expenses"], json!([]));
}
