//! Money of one client over several invoices: taken, kept as a credit, applied, taken back.

use futures::future::join_all;
use kernel::{Minor, id::CompanyId};
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, invoice};

/// An issued invoice of 1 200.00 € of this client.
async fn issued(program: &Client, client: &str) -> String {
    let id = program.post("/api/v1/invoices", &invoice(client)).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    id
}

async fn three(app: &App, program: &Client) -> (String, Vec<String>) {
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut invoices = Vec::new();
    for _ in 0..3 {
        invoices.push(issued(program, &client).await);
        app.advance(jiff::SignedDuration::from_secs(1));
    }
    (client, invoices)
}

fn receipt(amount: &str, parts: &[(&str, &str)]) -> Value {
    let parts: Vec<_> = parts.iter().map(|(id, amount)| json!({ "invoice_id": id, "amount": amount })).collect();
    json!({ "amount": amount, "paid_on": "2026-11-22", "method": "bank_transfer", "reference": "VIR 7", "parts": parts })
}

async fn balances(program: &Client, invoices: &[String]) -> Vec<i64> {
    let mut found = Vec::new();
    for id in invoices {
        let invoice = program.get(&format!("/api/v1/invoices/{id}")).await.expect(200);
        found.push(invoice.field("/balance_minor").parse().unwrap());
    }
    found
}

#[tokio::test]
async fn one_payment_settles_several_invoices_and_is_taken_back_whole() {
    let app = app().await;
    let program = app.program();
    let (client, ids) = three(&app, &program).await;
    let proposal = program.get(&format!("/api/v1/receipts/proposal?client_id={client}&amount=1500")).await.expect(200);
    let shares: Vec<_> =
        proposal.json()["parts"].as_array().unwrap().iter().map(|part| part["amount"].clone()).collect();
    assert_eq!(shares, ["1200.00", "300.00", "0.00"]);
    let body = receipt("1500", &[(&ids[0], "1200"), (&ids[1], "300")]);
    let recorded = program.post("/api/v1/receipts", &body).await.expect(201);
    let id = recorded.field("/id");
    assert_eq!(balances(&program, &ids).await, [0, 90_000, 120_000]);
    let payments = program.get(&format!("/api/v1/invoices/{}/payments", ids[0])).await.json();
    assert_eq!(payments["items"][0]["receipt_id"], json!(id));
    let payment = payments["items"][0]["id"].as_str().unwrap().to_owned();
    let alone = format!("/api/v1/invoices/{}/payments/{payment}/reversal", ids[0]);
    let refused = program.post(&alone, &json!({ "reason": "Erreur" })).await.expect(409);
    assert_eq!(refused.field("/code"), "part_of_receipt");

    let path = format!("/api/v1/receipts/{id}/reversal");
    for wrong in [json!([ids[1], ids[0]]), json!([ids[0]]), json!([ids[0], ids[1], ids[2]]), json!(["x"])] {
        let body = json!({ "reason": "Chèque impayé", "invoice_ids": wrong });
        assert_eq!(program.post(&path, &body).await.expect(422).violations(), ["/invoice_ids"]);
    }
    let body = json!({ "reason": "Chèque impayé", "invoice_ids": [ids[0], ids[1]] });
    app.stranger().post(&path, &body).await.expect(404);
    program.post(&path, &body).await.expect(201);
    let again = program.post(&path, &body).await.expect(409);
    assert_eq!(again.field("/code"), "receipt_reversed");
    assert_eq!(balances(&program, &ids).await, [120_000, 120_000, 120_000]);
    let listed = program.get("/api/v1/payments?period=2026-11").await.expect(200).json();
    let kinds: Vec<_> = listed["items"].as_array().unwrap().iter().map(|p| p["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "reversal").count(), 2);
    let ledger = program.get("/api/v1/ledger/verification").await;
    assert_eq!((ledger.field("/entries"), ledger.field("/is_intact")), ("7".into(), "true".into()));
}

#[tokio::test]
async fn what_is_too_much_is_a_credit_that_settles_another_invoice_on_both_sides() {
    let app = app().await;
    let program = app.program();
    let (_, ids) = three(&app, &program).await;
    let mut body = receipt("1500", &[(&ids[0], "1200")]);
    assert_eq!(program.post("/api/v1/receipts", &body).await.expect(422).violations(), ["/amount"]);
    body["keep_excess"] = json!("true");
    assert_eq!(program.post("/api/v1/receipts", &body).await.expect(201).field("/excess_minor"), "30000");
    assert_eq!(balances(&program, &ids).await, [-30_000, 120_000, 120_000]);

    let path = format!("/api/v1/invoices/{}/credit-applications", ids[0]);
    let credit = |to: &str, amount: &str| json!({ "invoice_id": to, "amount": amount });
    assert_eq!(program.post(&path, &credit(&ids[1], "300.01")).await.expect(422).violations(), ["/amount"]);
    assert_eq!(program.post(&path, &credit(&ids[0], "1")).await.expect(422).violations(), ["/invoice_id"]);
    let other = app.publish_client("Autre SARL").await.id.to_string();
    let other = issued(&program, &other).await;
    assert_eq!(program.post(&path, &credit(&other, "1")).await.expect(422).violations(), ["/invoice_id"]);
    app.stranger().post(&path, &credit(&ids[1], "1")).await.expect(404);
    program.post(&path, &credit(&ids[1], "100")).await.expect(201);
    let rest = program.post(&path, &credit(&ids[1], "")).await.expect(201);
    assert_eq!((rest.field("/amount_minor"), rest.field("/kind")), ("20000".into(), "applied".into()));
    assert_eq!(balances(&program, &ids).await, [0, 90_000, 120_000]);
    let nothing = program.post(&path, &credit(&ids[2], "")).await.expect(409);
    assert_eq!(nothing.field("/code"), "nothing_to_refund");
    let back = json!({ "reason": "Mauvaise facture", "invoice_ids": [ids[0], ids[1]] });
    program.post(&format!("/api/v1/receipts/{}/reversal", rest.field("/id")), &back).await.expect(201);
    assert_eq!(balances(&program, &ids).await, [-20_000, 110_000, 120_000]);
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");
}

#[tokio::test]
async fn what_cannot_be_is_told_field_by_field() {
    let app = app().await;
    let program = app.program();
    let (_, ids) = three(&app, &program).await;
    let other = app.publish_client("Autre SARL").await.id.to_string();
    let other = issued(&program, &other).await;
    let (a, b) = (ids[0].as_str(), ids[1].as_str());
    let unknown = "inv_00000000000000000000000000";
    for (body, told) in [
        (receipt("10", &[]), vec!["/parts"]),
        (receipt("10", &[(a, "5"), (a, "5")]), vec!["/parts/1/invoice_id"]),
        (receipt("10", &[(a, "5"), (unknown, "5")]), vec!["/parts/1/invoice_id"]),
        (receipt("10", &[("quo_1", "5")]), vec!["/parts/0/invoice_id"]),
        (receipt("10", &[(a, "5"), (&other, "5")]), vec!["/parts/1/invoice_id"]),
        (receipt("2000", &[(a, "1200.01"), (b, "799.99")]), vec!["/parts/0/amount"]),
        (receipt("10", &[(a, "5"), (b, "6")]), vec!["/amount"]),
        (receipt("10", &[(a, "5"), (b, "4")]), vec!["/amount"]),
        (receipt("5", &[(a, "5"), (b, "0")]), vec!["/parts/1/amount"]),
        (receipt("5", &[(a, "-5")]), vec!["/parts/0/amount"]),
    ] {
        assert_eq!(program.post("/api/v1/receipts", &body).await.expect(422).violations(), told, "{body}");
    }
    // What is paid in cash at once is limited as a whole, over however many invoices (CMF D112-3).
    let mut cash = receipt("1500", &[(a, "750"), (b, "750")]);
    cash["method"] = json!("cash");
    assert_eq!(program.post("/api/v1/receipts", &cash).await.expect(422).violations(), ["/method"]);
    assert_eq!(balances(&program, &ids).await, [120_000; 3]);
    // A paid invoice takes what only came too much.
    program.post("/api/v1/receipts", &receipt("1200", &[(a, "1200")])).await.expect(201);
    let mut twice = receipt("1200", &[(a, "0")]);
    twice["keep_excess"] = json!("true");
    program.post("/api/v1/receipts", &twice).await.expect(201);
    assert_eq!(balances(&program, &ids).await, [-120_000, 120_000, 120_000]);
    // A client of others' is none.
    let nobody = CompanyId::from_ulid(ulid::Ulid(7));
    let proposal = app.stranger().get(&format!("/api/v1/receipts/proposal?client_id={nobody}&amount=1")).await;
    assert_eq!(proposal.expect(200).json()["parts"], json!([]));
}

#[tokio::test]
async fn eleven_invoices_are_settled_at_once_and_twelve_are_refused() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut ids = Vec::new();
    for _ in 0..12 {
        ids.push(issued(&program, &client).await);
    }
    // Each waits for somebody's yes to its reminder: more than this nobody writes.
    let level = |days: &str| json!({ "days": days, "tone": "friendly", "is_on": "true" });
    let levels = ["-3", "3", "15", "30", "45"].map(level);
    program.put("/api/v1/reminder-settings", &json!({ "levels": levels, "asks_first": "true" })).await.expect(200);
    app.advance(jiff::SignedDuration::from_hours(33 * 24));
    for id in &ids {
        invoicing::reminder::remind_invoice(&app.scope(), id.parse().unwrap()).await.unwrap();
    }
    let parts: Vec<_> = ids.iter().map(|id| (id.as_str(), "1200")).collect();
    assert_eq!(program.post("/api/v1/receipts", &receipt("14400", &parts)).await.expect(422).violations(), ["/parts"]);
    let most = receipt("13200", &parts[..11]);
    let recorded = program.clone().idempotency_key("most").post("/api/v1/receipts", &most).await.expect(201);
    let back = json!({ "reason": "Erreur", "invoice_ids": &ids[..11] });
    let path = format!("/api/v1/receipts/{}/reversal", recorded.field("/id"));
    program.clone().idempotency_key("back").post(&path, &back).await.expect(201);
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/entries"), (12 + 22).to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_at_once_lose_no_cent_and_the_ledger_chains() {
    let app = app().await;
    let program = app.program();
    let (_, ids) = three(&app, &program).await;
    let writers = (0..12).map(|n| {
        let (program, ids) = (program.clone(), ids.clone());
        async move {
            let (one, other) = (&ids[n % 3], &ids[(n + 1) % 3]);
            program.post("/api/v1/receipts", &receipt("50", &[(one, "20"), (other, "30")])).await.expect(201);
        }
    });
    join_all(writers).await;
    assert_eq!(balances(&program, &ids).await.iter().sum::<i64>(), 360_000 - 12 * 5_000);
    let ledger = program.get("/api/v1/ledger/verification").await;
    assert_eq!((ledger.field("/entries"), ledger.field("/is_intact")), ("27".into(), "true".into()));
}

#[tokio::test]
async fn a_double_click_takes_the_money_once() {
    let app = app().await;
    let program = app.program();
    let (client, ids) = three(&app, &program).await;
    let owner = app.owner();
    let page = owner.get(&format!("/facturation/paiements/nouveau?client={client}&amount=1500")).await.expect(200);
    assert!(page.text().contains(r#"value="300,00""#) && page.text().contains("FAC-2026-0002"));
    let form = [
        ("_key", "once"),
        ("client", &client),
        ("amount", "1 500,00"),
        ("paid_on", "2026-11-22"),
        ("method", "check"),
        ("part_invoice", &ids[0]),
        ("part_amount", "1200,00"),
        ("part_invoice", &ids[1]),
        ("part_amount", "300,00"),
        ("part_invoice", &ids[2]),
        ("part_amount", ""),
    ];
    let path = "/facturation/paiements/nouveau";
    let (first, second) = tokio::join!(owner.form(path, &form), owner.form(path, &form));
    let (first, second) = (first.expect(303), second.expect(303));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(balances(&program, &ids).await, [0, 90_000, 120_000]);
    let receipt = first.header("location").unwrap().to_owned();
    let page = owner.get(&receipt).await.expect(200).text();
    assert!(page.contains("FAC-2026-0001") && page.contains("1\u{202f}200,00"));
    owner.form(&format!("{receipt}/annuler"), &[("reason", ""), ("invoice", &ids[0])]).await.expect(422);
    let fields = [("reason", "Chèque impayé"), ("invoice", ids[0].as_str()), ("invoice", &ids[1])];
    owner.form(&format!("{receipt}/annuler"), &fields).await.expect(303);
    assert_eq!(balances(&program, &ids).await, [120_000; 3]);
    let list = owner.get("/facturation/paiements?q=client%20sa").await.expect(200).text();
    assert!(list.contains("FAC-2026-0002") && list.contains("Annulation"));
    let file = owner.get("/facturation/paiements/export?period=2026").await.expect(200);
    assert_eq!(file.text().lines().count(), 5);
    app.stranger().get(&receipt).await.expect(404);
    owner.get("/facturation/paiements?period=26").await.expect(400);
}

/// What came in is what is on invoices; what invoices have too much is credits.
#[tokio::test]
async fn after_any_acts_the_money_is_where_the_books_say() {
    use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let acts = proptest::collection::vec((0..6_u8, 0..3_usize, 0..3_usize, 1..200_000_i64), 14);
    for _ in 0..4 {
        let acts = acts.new_tree(&mut runner).unwrap().current();
        let app = app().await;
        let program = app.program();
        let (_, ids) = three(&app, &program).await;
        let plain = |minor: i64| Minor(minor).plain(kernel::Currency::Eur);
        let (mut came, mut receipts) = (0, Vec::new());
        for (act, one, other, amount) in acts {
            let before = balances(&program, &ids).await;
            app.advance(jiff::SignedDuration::from_millis(2));
            match act {
                0..=2 if one != other => {
                    let shares = [before[one], before[other]].map(|due| due.clamp(0, amount / 2));
                    let parts = [(ids[one].as_str(), plain(shares[0])), (ids[other].as_str(), plain(shares[1]))];
                    let parts: Vec<_> = parts.iter().map(|(id, part)| (*id, part.as_str())).collect();
                    let mut body = receipt(&plain(amount), &parts);
                    body["keep_excess"] = json!("true");
                    let answer = program.post("/api/v1/receipts", &body).await;
                    if answer.status == 201 {
                        came += amount;
                        receipts.push((answer.field("/id"), amount, json!([ids[one], ids[other]])));
                    }
                }
                3 => {
                    let path = format!("/api/v1/invoices/{}/credit-applications", ids[one]);
                    let answer = program.post(&path, &json!({ "invoice_id": ids[other] })).await;
                    if answer.status == 201 {
                        receipts.push((answer.field("/id"), 0, json!([ids[one], ids[other]])));
                    }
                }
                4 => {
                    let amount = amount.min((-before[one]).max(1));
                    let path = format!("/api/v1/invoices/{}/refunds", ids[one]);
                    let body = json!({ "amount": plain(amount), "paid_on": "2026-11-22", "method": "bank_transfer" });
                    if program.post(&path, &body).await.status == 201 {
                        came -= amount;
                    }
                }
                _ => {
                    let Some((id, amount, invoices)) = receipts.pop() else { continue };
                    let body = json!({ "reason": "Erreur", "invoice_ids": invoices });
                    program.post(&format!("/api/v1/receipts/{id}/reversal"), &body).await.expect(201);
                    came -= amount;
                }
            }
            let after = balances(&program, &ids).await;
            assert_eq!(360_000 - after.iter().sum::<i64>(), came, "money in is money on invoices");
        }
        let listed = program.get("/api/v1/payments?period=2026&limit=100").await.expect(200).json();
        let effect = |payment: &Value| {
            let amount = payment["amount_minor"].as_i64().unwrap();
            if ["received", "refund_reversal"].contains(&payment["kind"].as_str().unwrap()) { amount } else { -amount }
        };
        assert_eq!(listed["items"].as_array().unwrap().iter().map(effect).sum::<i64>(), came);
        assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");
    }
}
