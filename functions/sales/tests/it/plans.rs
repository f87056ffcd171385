//! What recurring invoices will bring.

use jiff::civil::date;
use kernel::{
    Currency::Eur,
    Minor,
    event::{Event, InvoicePlan, PlannedInvoice},
    id::{RecurringInvoiceId, UserId},
    permission::Role,
};
use serde_json::{Value, json};
use testkit::App;
use ulid::Ulid;

use crate::{app, deliver};

fn planned(number: u128, v: u64, assigned_to: Option<UserId>, days: &[(i8, i64)]) -> Event {
    let invoices =
        days.iter().map(|(day, gross)| PlannedInvoice { due_on: date(2026, 12, *day), gross_minor: Minor(*gross) });
    let plan = InvoicePlan { v, assigned_to, currency: Eur, invoices: invoices.collect() };
    Event::RecurringInvoicePlanned { recurring: RecurringInvoiceId::from_ulid(Ulid(number)), plan }
}

async fn weeks(app: &App, query: &str) -> Vec<i64> {
    let found = app.owner().get(&format!("/api/v1/sales/receivables{query}")).await.expect(200).json();
    let weeks = found["weeks"].as_array().unwrap().iter();
    weeks.map(|week: &Value| week["recurring_minor"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn what_a_later_version_says_is_true_in_whatever_order_they_come() {
    let app = app().await;
    let sales = app.user_with_role(Role::Sales);
    // From 22 November, weeks begin on Sundays: 29 November, 6, 13, 20 and 27 December.
    let first = planned(1, 1, Some(sales), &[(2, 100), (9, 100), (16, 100)]);
    let second = planned(1, 2, Some(sales), &[(9, 150), (16, 150), (23, 150)]);
    let other = planned(2, 7, None, &[(9, 1_000)]);
    deliver(&app, &[second.clone(), first, other.clone(), second, other]).await;
    let expected = [0, 0, 1_150, 150, 150];
    assert_eq!(weeks(&app, "").await[..5], expected);
    assert_eq!(weeks(&app, &format!("?assigned_to={sales}")).await[..5], [0, 0, 150, 150, 150]);
    let page = app.owner().get("/ventes/tresorerie").await.expect(200).text();
    assert!(page.contains("11,50\u{a0}€"), "{page}");
    app.owner().post("/api/v1/sales/projection/rebuild", &json!({})).await.expect(202);
    deliver(&app, &[planned(3, 1, None, &[(30, 5)]), Event::SalesProjectionDue {}]).await;
    assert_eq!(weeks(&app, "").await[..6], [0, 0, 1_150, 150, 150, 5]);
    // It stands still.
    deliver(&app, &[planned(1, 3, Some(sales), &[])]).await;
    assert_eq!(weeks(&app, "").await[..6], [0, 0, 1_000, 0, 0, 5]);
}
