//! Closings of the ledger, as the clock has them made.

use cloud::PublicKey;
use invoicing::ledger::closing::{Closing, Span};
use jiff::SignedDuration;
use kernel::{
    Minor,
    event::{Envelope, Event},
    id::EventId,
};
use serde_json::json;
use table::ledger::{LedgerEntry, LedgerHead, verify};
use testkit::App;

use crate::{app, issued};

/// What the clock says.
pub async fn tell(app: &App, event: Event) {
    let at = app.clock.now();
    let envelope = Envelope { id: EventId::new(at, 1), organization: app.ours.id, at, event };
    let body = serde_json::to_string(&envelope).unwrap();
    let message = json!({ "Records": [{ "messageId": "1", "body": body }] });
    let answer =
        invoicing::accounting_worker::handle(app.deps.clone(), serde_json::from_value(message).unwrap()).await.unwrap();
    assert!(answer.batch_item_failures.is_empty(), "it failed");
}

pub async fn entries(app: &App) -> Vec<LedgerEntry> {
    let items = app.scope().collection(&app.scope().keys().ledger()).await.unwrap();
    items.all::<LedgerEntry>().unwrap().into_iter().map(|entry| entry.value).collect()
}

async fn closings(app: &App) -> Vec<(LedgerEntry, Closing)> {
    let closings = entries(app).await.into_iter().filter(|entry| entry.kind.is_closing());
    closings.map(|entry| (entry.clone(), Closing::of(&entry).unwrap())).collect()
}

async fn look_on(app: &App) -> String {
    let head = app.scope().get::<LedgerHead>(&app.scope().keys().ledger_head()).await.unwrap().unwrap();
    head.value.look_on.unwrap().to_string()
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

#[tokio::test]
async fn a_day_a_month_and_a_year_are_closed_once_however_late_and_often_the_clock_asks() {
    let app = app().await;
    let program = app.program();
    let invoice = issued(&app, &program).await;
    assert_eq!(look_on(&app).await, "2026-11-23");
    tell(&app, Event::LedgerDue {}).await;
    assert!(closings(&app).await.is_empty(), "the day is not over");

    app.advance(days(3));
    let payment = json!({ "amount": "500", "paid_on": "2026-11-25", "method": "card" });
    program.post(&format!("/api/v1/invoices/{invoice}/payments"), &payment).await.expect(201);
    for _ in 0..2 {
        tell(&app, Event::LedgerDue {}).await;
    }
    let made = closings(&app).await;
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].0.number, "CLO-J-2026-11-22");
    let totals = &made[0].1.totals.0[0];
    assert_eq!((totals.invoices, totals.invoiced.gross_minor, totals.payments), (1, Minor(120_000), 0));
    assert_eq!(look_on(&app).await, "2026-11-26");

    app.advance(days(45));
    tokio::join!(tell(&app, Event::LedgerDue {}), tell(&app, Event::LedgerDue {}), tell(&app, Event::LedgerDue {}));
    let made = closings(&app).await;
    let numbers: Vec<_> = made.iter().map(|(entry, _)| entry.number.as_str()).collect();
    assert_eq!(numbers, ["CLO-J-2026-11-22", "CLO-J-2026-11-25", "CLO-M-2026-11", "CLO-M-2026-12", "CLO-A-2026-12"]);
    assert_eq!(look_on(&app).await, "2027-02-01");
    let (_, day) = &made[1];
    assert_eq!((day.from.to_string(), day.to.to_string()), ("2026-11-23".into(), "2026-11-25".into()));
    assert_eq!(day.totals.0[0].methods["card"].received_minor, Minor(50_000));
    assert_eq!(made[2].1.totals, day.grand_totals, "the month has all that there was");
    assert!(made[3].1.totals.0.is_empty(), "nothing happened in December");
    assert_eq!(made[4].1.totals, day.grand_totals);
    assert_eq!(made[4].1.grand_totals, day.grand_totals);
    assert_eq!(verify(&app.scope()).await.unwrap().faults, []);
}

#[tokio::test]
async fn what_is_entered_before_a_day_is_closed_belongs_to_its_own_day() {
    let app = app().await;
    let program = app.program();
    issued(&app, &program).await;
    app.advance(days(1));
    let second = issued(&app, &program).await;
    tell(&app, Event::LedgerDue {}).await;
    let made = closings(&app).await;
    assert_eq!((made.len(), made[0].1.covered, made[0].0.position), (1, 1, 3));
    app.advance(days(1));
    let payment = json!({ "amount": "500", "paid_on": "2026-11-24", "method": "cash" });
    program.post(&format!("/api/v1/invoices/{second}/payments"), &payment).await.expect(201);
    app.advance(days(1));
    tell(&app, Event::LedgerDue {}).await;
    let made = closings(&app).await;
    let day = |at: usize| {
        let totals = &made[at].1.totals.0[0];
        (made[at].1.to.to_string(), totals.invoices, totals.payments)
    };
    assert_eq!(made.len(), 3);
    assert_eq!((day(1), day(2)), (("2026-11-23".into(), 1, 0), ("2026-11-24".into(), 0, 1)));
    assert_eq!(made[2].1.grand_totals.0[0].invoices, 2);
}

#[tokio::test]
async fn a_closing_is_signed_and_whoever_has_the_public_key_checks_it() {
    let app = app().await;
    issued(&app, &app.program()).await;
    app.advance(days(1));
    tell(&app, Event::LedgerDue {}).await;
    let (entry, closing) = closings(&app).await.remove(0);
    assert_eq!(entry.kind, Span::Day.kind());
    let key = PublicKey::parse(&closing.key).unwrap();
    assert!(key.verifies(entry.signed_text().unwrap().as_bytes(), &closing.signature));
    let mut altered = entry.clone();
    altered.content["totals"][0]["invoices"] = 2.into();
    assert!(!key.verifies(altered.signed_text().unwrap().as_bytes(), &closing.signature));
    let purpose = invoicing::ledger::signing_purpose(app.theirs.id);
    assert_ne!(app.deps.vault.signer(&purpose).await.unwrap().public_key(), key, "each organization has its own");
}

#[tokio::test]
async fn a_ledger_that_never_began_has_nothing_to_close() {
    let app = app().await;
    app.advance(days(400));
    tell(&app, Event::LedgerDue {}).await;
    assert!(entries(&app).await.is_empty());
}
