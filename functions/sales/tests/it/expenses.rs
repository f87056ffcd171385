//! What is spent: margin, and what is to be paid.

use jiff::civil::{Date, date};
use kernel::{
    Currency::{self, Eur, Usd, Xof},
    Minor,
    event::{Event, InvoicePlan, PlannedInvoice, QuoteStage},
    id::{ExpenseId, RecurringExpenseId, RecurringInvoiceId},
    permission::Role,
    purchase::{ExpenseFacts, ExpensePlan, PlannedExpense, PurchaseCategory},
};
use serde_json::{Value, json};
use testkit::App;
use ulid::Ulid;

use crate::{Issue, app, appended, deliver, enter, offer, stated};

fn spent(number: u128, v: u64, on: Date, gross: i64, paid_on: Option<Date>) -> ExpenseFacts {
    ExpenseFacts {
        expense: ExpenseId::from_ulid(Ulid(number)),
        v,
        on,
        due_on: Some(date(2026, 12, 1)),
        paid_on,
        category: PurchaseCategory::Rent,
        net_minor: Minor(gross * 5 / 6),
        tax_minor: Minor(gross / 6),
        // Half of the VAT is deducted.
        recovered_minor: Minor(gross / 12),
        gross_minor: Minor(gross),
        prepaid_minor: Minor::ZERO,
        currency: Eur,
        supplier: None,
    }
}

async fn november(app: &App) -> Value {
    app.owner().get("/api/v1/sales/figures?period=2026-11").await.expect(200).json()["current"].clone()
}

async fn second_week(app: &App) -> Value {
    app.owner().get("/api/v1/sales/receivables").await.expect(200).json()["weeks"][1]["expenses_minor"].clone()
}

#[tokio::test]
async fn margin_is_what_expenses_leave_of_revenue() {
    let app = app().await;
    let on = date(2026, 11, 10);
    let sales = app.user_with_role(Role::Sales);
    let issue = Issue {
        invoice: 1,
        client: 1,
        assigned_to: Some(sales),
        currency: Eur,
        on,
        due_on: on,
        net: 100_000,
        gross: 120_000,
        deducted: 0,
        euro: None,
    };
    enter(&app.scope(), vec![issue.entry()]).await;
    let first = spent(1, 1, on, 12_000, None);
    let changed = spent(1, 2, on, 24_000, None);
    let paid = spent(2, 3, on, 6_000, Some(on));
    // What came before is told late, and twice.
    deliver(
        &app,
        &[
            appended(),
            Event::ExpenseChanged { facts: changed.clone() },
            Event::ExpenseRecorded { facts: first.clone() },
            Event::ExpenseRecorded { facts: paid.clone() },
            Event::ExpenseRecorded { facts: paid.clone() },
        ],
    )
    .await;
    let found = november(&app).await;
    // 240,00 − 20,00 and 60,00 − 5,00
    assert_eq!((&found["costs_minor"], &found["margin_minor"]), (&json!(27_500), &json!(72_500)));
    assert_eq!(second_week(&app).await, 24_000);
    let own = format!("/api/v1/sales/figures?period=2026-11&assigned_to={sales}");
    assert_eq!(app.owner().get(&own).await.expect(200).json()["current"]["costs_minor"], 0, "expenses are nobody's");
    let page = app.owner().get("/ventes?period=2026-11").await.expect(200).text();
    assert!(page.contains("Marge sur dépenses") && page.contains("725,00\u{a0}€"), "{page}");
    assert!(page.contains(">275,00\u{a0}€ de dépenses · marge de 73\u{a0}%<"), "{page}");
    let theirs = app.owner().get(&format!("/ventes?period=2026-11&assigned_to={sales}")).await.expect(200).text();
    assert!(!theirs.contains("Marge sur dépenses"));
    app.owner().post("/api/v1/sales/projection/rebuild", &json!({})).await.expect(202);
    deliver(&app, &[Event::SalesProjectionDue {}]).await;
    assert_eq!(november(&app).await, found);
    deliver(
        &app,
        &[Event::ExpenseRemoved { facts: ExpenseFacts { v: 3, ..changed } }, Event::ExpenseRecorded { facts: first }],
    )
    .await;
    assert_eq!(november(&app).await["costs_minor"], 5_500);
    assert_eq!(second_week(&app).await, 0);
    // What was paid before it was asked for is spent, and to be paid no more.
    let prepaid = ExpenseFacts { prepaid_minor: Minor(10_000), ..spent(8, 1, on, 14_255, None) };
    deliver(&app, &[Event::ExpenseRecorded { facts: prepaid.clone() }]).await;
    assert_eq!(second_week(&app).await, 4_255);
    deliver(&app, &[Event::ExpenseRemoved { facts: ExpenseFacts { v: 2, ..prepaid } }]).await;
    let dollars = ExpenseFacts { currency: Currency::Usd, ..spent(9, 1, on, 100, None) };
    deliver(&app, &[Event::ExpenseRecorded { facts: dollars }]).await;
    assert_eq!(november(&app).await["costs_minor"], 5_500, "nobody said at what rate");
}

/// What nobody converts is in no sum, and who reads the sums is told.
#[tokio::test]
async fn what_is_spent_and_offered_at_no_known_rate_is_told() {
    let app = app().await;
    let on = date(2026, 11, 10);
    let dollars = |number, gross, paid_on| ExpenseFacts { currency: Usd, ..spent(number, 1, on, gross, paid_on) };
    let plan = InvoicePlan {
        v: 1,
        assigned_to: None,
        currency: Usd,
        invoices: vec![PlannedInvoice { due_on: date(2026, 12, 5), gross_minor: Minor(30_000) }],
    };
    let rent = ExpensePlan {
        v: 1,
        label: "Loyer".into(),
        currency: Usd,
        expenses: vec![PlannedExpense { payable_on: date(2026, 12, 5), gross_minor: Minor(40_000) }],
    };
    let offer = offer(1, None, Usd, 50_000, on);
    deliver(
        &app,
        &[
            Event::ExpenseRecorded { facts: dollars(1, 12_000, None) },
            Event::ExpenseRecorded { facts: dollars(2, 6_000, Some(on)) },
            // A parity converts it.
            Event::ExpenseRecorded { facts: ExpenseFacts { currency: Xof, ..spent(3, 1, on, 600_000, Some(on)) } },
            Event::RecurringInvoicePlanned { recurring: RecurringInvoiceId::from_ulid(Ulid(1)), plan },
            Event::RecurringExpensePlanned { recurring: RecurringExpenseId::from_ulid(Ulid(1)), plan: rent },
            stated(1, QuoteStage::Sent, on, &offer),
            stated(1, QuoteStage::Accepted, on, &offer),
        ],
    )
    .await;
    let page = app.owner().get("/ventes?period=2026-11").await.expect(200).text();
    for told in [
        "2 dépenses dans une devise sans cours indiqué ne sont comptées dans aucune dépense ni marge\u{a0}: 180,00\u{a0}$.",
        "1 devis envoyé dans une devise sans cours indiqué n’est compté dans aucun montant\u{a0}: 500,00\u{a0}$.",
        "1 devis accepté dans une devise sans cours indiqué n’est compté dans aucun montant\u{a0}: 500,00\u{a0}$.",
    ] {
        assert!(page.contains(told), "{told} in {page}");
    }
    assert!(!page.contains("devis refusé dans") && !page.contains("Par devise"), "{page}");
    let cash = app.owner().get("/ventes/tresorerie").await.expect(200).text();
    for told in [
        "Factures récurrentes à venir en plus, sans cours connu\u{a0}: 300,00\u{a0}$.",
        "Dépenses à payer en plus, sans cours connu\u{a0}: 120,00\u{a0}$.",
        "Dépenses récurrentes à venir en plus, sans cours connu\u{a0}: 400,00\u{a0}$.",
    ] {
        assert!(cash.contains(told), "{told} in {cash}");
    }
    let figures = app.owner().get("/api/v1/sales/figures?period=2026-11").await.expect(200).json();
    let unconverted = json!([{ "currency": "USD", "expenses": 2, "expenses_gross_minor": 18_000, "quotes_sent": 1,
        "quotes_sent_net_minor": 50_000 }]);
    assert_eq!((&figures["unconverted_currencies"], &figures["currencies"]), (&unconverted, &json!([])));
    let december = app.owner().get("/ventes?period=2026-12").await.expect(200).text();
    assert!(!december.contains("sans cours indiqué"), "{december}");
}
