//! Figures against a year that was computed by hand.

use jiff::civil::date;
use kernel::{
    Currency::{self, Eur, Usd},
    event::QuoteStage,
    id::UserId,
    permission::Role,
};
use serde_json::{Value, json};
use table::ledger::LedgerKind::{PaymentRecorded, PaymentReversed, RefundRecorded};
use testkit::App;

use crate::{Entry, Issue, app, appended, company, credited, deliver, enter, money, offer, stated};

fn issue(invoice: u64, client: u64, assigned_to: Option<UserId>, currency: Currency, on: jiff::civil::Date) -> Issue {
    let due_on = on.saturating_add(jiff::ToSpan::days(30));
    Issue { invoice, client, assigned_to, currency, on, due_on, net: 0, gross: 0, deducted: 0, euro: None }
}

/// | | issued | net | gross | what becomes of it |
/// |---|---|---|---|---|
/// | 1 | 5 Oct, client 1 | 1 000,00 | 1 200,00 | 400,00 on 20 Oct, 800,00 on 14 Nov: paid after 40 days |
/// | 2 | 10 Nov, client 2, of Sales | 500,00 | 600,00 | credit note of 100,00 / 120,00 on 12 Nov; due 10 Dec |
/// | 3 | 12 Nov, client 1: 1 000 USD at 0,90 € | 1 000 $ | 1 000 $ | 500 $ on 20 Nov, of which 200 $ come back |
/// | 4 | 15 Nov, client 3: a deposit | 300,00 | 360,00 | paid the same day |
/// | 5 | 18 Nov, client 3, which deducts it | 1 000,00 | 1 200,00 | asks for 840,00 |
/// | 6 | 1 Aug, client 2 | 200,00 | 240,00 | never paid, due 31 Aug |
fn year(sales: UserId) -> Vec<Entry> {
    let one = Issue { net: 100_000, gross: 120_000, ..issue(1, 1, None, Eur, date(2026, 10, 5)) };
    let two = Issue { net: 50_000, gross: 60_000, ..issue(2, 2, Some(sales), Eur, date(2026, 11, 10)) };
    let dollars = issue(3, 1, None, Usd, date(2026, 11, 12));
    let three = Issue { net: 100_000, gross: 100_000, euro: Some("0.90"), ..dollars };
    let four = Issue { net: 30_000, gross: 36_000, ..issue(4, 3, None, Eur, date(2026, 11, 15)) };
    let five = Issue { net: 100_000, gross: 120_000, deducted: 36_000, ..issue(5, 3, None, Eur, date(2026, 11, 18)) };
    let six = Issue { net: 20_000, gross: 24_000, ..issue(6, 2, None, Eur, date(2026, 8, 1)) };
    vec![
        six.entry(),
        one.entry(),
        money(PaymentRecorded, 1, Eur, date(2026, 10, 20), 40_000, "check"),
        two.entry(),
        credited(2, Eur, date(2026, 11, 12), 10_000, 12_000),
        three.entry(),
        money(PaymentRecorded, 1, Eur, date(2026, 11, 14), 80_000, "bank_transfer"),
        four.entry(),
        money(PaymentRecorded, 4, Eur, date(2026, 11, 15), 36_000, "card"),
        five.entry(),
        money(PaymentRecorded, 3, Usd, date(2026, 11, 20), 50_000, "bank_transfer"),
        money(RefundRecorded, 3, Usd, date(2026, 11, 21), 20_000, "bank_transfer"),
        // What was none.
        money(PaymentRecorded, 6, Eur, date(2026, 11, 2), 24_000, "check"),
        money(PaymentReversed, 6, Eur, date(2026, 11, 3), 24_000, "check"),
    ]
}

async fn filled() -> App {
    let app = app().await;
    let scope = app.scope();
    enter(&scope, year(app.user_with_role(Role::Sales))).await;
    deliver(&app, &[appended()]).await;
    let november = |day| date(2026, 11, day);
    let offers = [1, 2, 3, 4].map(|number| offer(number, None, Eur, 10_000 * number as i64, november(1)));
    deliver(
        &app,
        &[
            stated(1, QuoteStage::Sent, november(1), &offers[0]),
            stated(1, QuoteStage::Accepted, november(5), &offers[0]),
            stated(2, QuoteStage::Sent, november(1), &offers[1]),
            // Cancelled by its client.
            stated(2, QuoteStage::Refused, november(6), &offers[1]),
            stated(3, QuoteStage::Sent, november(1), &offers[2]),
            stated(3, QuoteStage::Replaced, november(7), &offers[2]),
            stated(4, QuoteStage::Sent, november(1), &offers[3]),
        ],
    )
    .await;
    app
}

async fn figures(app: &App, query: &str) -> Value {
    app.owner().get(&format!("/api/v1/sales/figures?{query}")).await.expect(200).json()
}

#[track_caller]
fn has(found: &Value, expected: &Value) {
    for (name, value) in expected.as_object().expect("fields") {
        match value {
            Value::Object(_) => has(&found[name], value),
            value => assert_eq!(&found[name], value, "{name} of {found}"),
        }
    }
}

#[tokio::test]
async fn a_month_is_what_was_computed_by_hand() {
    let app = filled().await;
    let november = figures(&app, "period=2026-11").await;
    has(
        &november,
        &json!({
            "from": "2026-11-01", "to": "2026-11-30", "currency": "EUR", "behind": 0,
            "current": {
                // 500,00 − 100,00 + 900,00 + 300,00 + (1 000,00 − 300,00)
                "revenue_net_minor": 230_000,
                // 600,00 − 120,00 + 900,00 + 360,00 + 840,00
                "revenue_gross_minor": 258_000,
                // 800,00 + 300 $ + 360,00 + 240,00 − 240,00
                "cash_gross_minor": 80_000 + 27_000 + 36_000,
                // 800,00 × 1 000 / 1 200, 300 $, 300,00
                "cash_net_minor": 66_667 + 27_000 + 30_000,
                "invoices": 4, "credit_notes": 1, "unconverted": 0,
                // The first after 40 days, the fourth at once.
                "settled": 2, "payment_days": "20.0",
                // The second and the third client; the second one bought in August.
                "new_clients": 1,
                "quotes": {
                    "sent": 3, "sent_net_minor": 70_000, "accepted": 1, "accepted_net_minor": 10_000, "refused": 1,
                    "refused_net_minor": 20_000, "expired": 0, "conversion_percent": 50,
                },
            },
            "previous": { "revenue_net_minor": 100_000, "revenue_gross_minor": 120_000, "cash_gross_minor": 40_000, "new_clients": 1 },
            "year_before": { "revenue_net_minor": 0 },
            "growth_percent": 130, "growth_on_year_percent": null,
        }),
    );
    let dollars = november["currencies"].as_array().unwrap().iter().find(|one| one["currency"] == "USD").unwrap();
    has(dollars, &json!({ "invoiced_net_minor": 100_000, "cash_gross_minor": 30_000 }));
    let year = figures(&app, "period=2026").await;
    has(&year["current"], &json!({ "revenue_net_minor": 350_000, "invoices": 6, "new_clients": 3 }));
    assert_eq!(year["months"].as_array().unwrap().len(), 12);
    let own = figures(&app, "from=2026-08&to=2026-10").await;
    has(&own["current"], &json!({ "revenue_net_minor": 120_000, "cash_gross_minor": 40_000 }));
}

#[tokio::test]
async fn what_is_to_be_paid_is_what_was_computed_by_hand() {
    let app = filled().await;
    let owner = app.owner();
    // On 22 November: the sixth since 31 August, 83 days; the others are due in December.
    let found = owner.get("/api/v1/sales/receivables").await.expect(200).json();
    has(
        &found,
        &json!({
            // 480,00, 700 $ at 0,90, 840,00
            "not_due": { "invoices": 3, "open_minor": 48_000 + 63_000 + 84_000 },
            "late_to_30_days": { "invoices": 0, "open_minor": 0 },
            "late_to_90_days": { "invoices": 1, "open_minor": 24_000 },
            "late_beyond": { "invoices": 0, "open_minor": 0 },
        }),
    );
    let weeks = found["weeks"].as_array().unwrap();
    // 6 to 12 December: the second on the 10th and the third on the 12th; the fifth on the 18th, a week later.
    has(&weeks[2], &json!({ "from": "2026-12-06", "due_minor": 111_000, "cumulated_minor": 111_000 }));
    has(&weeks[3], &json!({ "due_minor": 84_000, "cumulated_minor": 195_000 }));
    assert_eq!((weeks.len(), &weeks[12]["cumulated_minor"]), (13, &json!(195_000)));
}

#[tokio::test]
async fn clients_are_ranked_and_the_documents_are_there() {
    let app = filled().await;
    let owner = app.owner();
    let clients = async |query: &str| {
        let found = owner.get(&format!("/api/v1/sales/clients?{query}")).await.expect(200).json();
        let rows = found["items"].as_array().unwrap().iter();
        rows.map(|row| (row["client_id"].clone(), row["revenue_net_minor"].as_i64().unwrap())).collect::<Vec<_>>()
    };
    let id = |number| json!(company(number));
    let year = [(id(1), 190_000), (id(3), 100_000), (id(2), 60_000)];
    assert_eq!(clients("period=2026").await, year);
    assert_eq!(clients("period=2026-11").await, [(id(3), 100_000), (id(1), 90_000), (id(2), 40_000)]);
    // No year and no quarter: found among those of its parts.
    assert_eq!(clients("from=2026-08&to=2026-11").await, year);
    let listed = owner.get("/api/v1/sales/invoices?period=2026-11&limit=3").await.expect(200).json();
    let numbers = |listed: &Value| -> Vec<String> {
        let rows = listed["items"].as_array().unwrap().iter();
        rows.map(|row| row["number"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&listed), ["FAC-0002", "FAC-0003", "FAC-0004"]);
    has(&listed["items"][0], &json!({ "credited_minor": 12_000, "open_minor": 48_000, "paid_minor": 0 }));
    let next = listed["next_cursor"].as_str().unwrap();
    let listed = owner.get(&format!("/api/v1/sales/invoices?period=2026-11&cursor={next}")).await.expect(200).json();
    assert_eq!(numbers(&listed), ["FAC-0005"]);
}

#[tokio::test]
async fn figures_are_also_those_of_who_took_care_of_the_client() {
    let app = filled().await;
    let sales = app.user_with_role(Role::Sales);
    let own = figures(&app, &format!("period=2026-11&assigned_to={sales}")).await;
    has(&own["current"], &json!({ "revenue_net_minor": 40_000, "invoices": 1, "new_clients": 0 }));
    let due = app.owner().get(&format!("/api/v1/sales/receivables?assigned_to={sales}")).await.expect(200).json();
    has(&due["not_due"], &json!({ "invoices": 1, "open_minor": 48_000 }));
    let listed = app.with_role(Role::Sales).get("/api/v1/sales/invoices?period=2026&assigned_to=me").await.expect(200);
    assert_eq!(listed.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_in_no_known_rate_is_told_and_not_added() {
    let app = app().await;
    let pounds = Issue { net: 7_000, gross: 7_000, ..issue(1, 1, None, Currency::Gbp, date(2026, 11, 2)) };
    enter(&app.scope(), vec![pounds.entry()]).await;
    deliver(&app, &[appended()]).await;
    let found = figures(&app, "period=2026-11").await;
    has(&found["current"], &json!({ "revenue_net_minor": 0, "invoices": 1, "unconverted": 1 }));
    has(&found["currencies"][0], &json!({ "currency": "GBP", "invoiced_net_minor": 7_000 }));
    assert_eq!(found["unconverted_currencies"], json!([]), "an invoice says so itself");
    let page = app.owner().get("/ventes?period=2026-11").await.expect(200).text();
    assert!(page.contains("1 facture dans une devise sans cours indiqué n’est comptée que dans sa devise."), "{page}");
    let list = app.owner().get("/ventes/factures?period=2026-11").await.expect(200).text();
    assert!(list.contains("– <span") && list.contains("70,00\u{a0}£"), "{list}");
}

/// Payments are noted in any order: an invoice is paid whole since the day of the last one, and what comes on top changes nothing.
#[tokio::test]
async fn an_invoice_is_settled_on_the_day_of_the_payment_that_settles_it() {
    let app = app().await;
    let one = Issue { net: 100_000, gross: 120_000, ..issue(1, 1, None, Eur, date(2026, 11, 1)) };
    let paid = |day, amount| money(PaymentRecorded, 1, Eur, date(2026, 11, day), amount, "bank_transfer");
    let mut days = Vec::new();
    for entries in [vec![one.entry(), paid(20, 80_000), paid(10, 40_000)], vec![paid(21, 5_000)], vec![paid(5, 80_000)]]
    {
        enter(&app.scope(), entries).await;
        deliver(&app, &[appended()]).await;
        let lines = app.owner().get("/api/v1/sales/lines?figure=settled&period=2026-11").await.expect(200).json();
        assert_eq!(lines["items"].as_array().map(Vec::len), Some(1), "{lines}");
        days.push((lines["items"][0]["on"].clone(), lines["items"][0]["days"].clone()));
    }
    // The last one was forgotten: with it, the second of all had settled the invoice.
    let expected = [("2026-11-20", 19), ("2026-11-20", 19), ("2026-11-10", 9)];
    assert_eq!(days, expected.map(|(on, days)| (json!(on), json!(days))));
}
