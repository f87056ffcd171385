use serde_json::{Value, json};

use crate::{app, issued};

fn payment(amount: &str) -> Value {
    json!({ "amount": amount, "paid_on": "2026-11-22", "reference": "VIR 42" })
}

#[tokio::test]
async fn a_partial_payment_leaves_the_right_balance_and_the_rest_settles_it() {
    let app = app().await;
    let program = app.program();
    let path = format!("/api/v1/invoices/{}", issued(&app, &program).await);
    let part = program.post(&format!("{path}/payments"), &payment("500,25")).await.expect(201);
    assert_eq!(part.field("/invoice/payment_status"), "partly_paid");
    assert_eq!(part.field("/invoice/balance_minor"), "69975");
    app.advance(jiff::SignedDuration::from_secs(1));
    let rest = program.post(&format!("{path}/payments"), &payment("699.75")).await.expect(201);
    assert_eq!(rest.field("/invoice/payment_status"), "paid");
    let more = program.post(&format!("{path}/payments"), &payment("0.01")).await.expect(409);
    assert_eq!(more.field("/code"), "already_paid");
    let listed = program.get(&format!("{path}/payments")).await.expect(200).json();
    let amounts: Vec<_> = listed["items"].as_array().unwrap().iter().map(|p| p["amount_minor"].clone()).collect();
    assert_eq!(amounts, [50025, 69975]);
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/entries"), "3");
}

#[tokio::test]
async fn a_payment_beyond_the_balance_a_draft_and_too_much_cash_are_refused() {
    let app = app().await;
    let program = app.program();
    let path = format!("/api/v1/invoices/{}/payments", issued(&app, &program).await);
    let over = program.post(&path, &payment("1200.01")).await.expect(422);
    assert_eq!(over.violations(), ["/amount"]);
    let mut cash = payment("1000.01");
    cash["method"] = json!("cash");
    assert_eq!(program.post(&path, &cash).await.expect(422).violations(), ["/method"]);
    let mut tomorrow = payment("10");
    tomorrow["paid_on"] = json!("2026-11-23");
    assert_eq!(program.post(&path, &tomorrow).await.expect(422).violations(), ["/paid_on"]);
    // Paid in advance it may be; not years ago.
    for (day, status) in [("2025-11-22", 201), ("2025-11-21", 422), ("2016-11-22", 422)] {
        let mut early = payment("10");
        early["paid_on"] = json!(day);
        let reply = program.post(&path, &early).await.expect(status);
        assert_eq!(status == 422, reply.violations() == ["/paid_on"], "{day}");
    }
    for amount in ["0", "-5", "1.234", "abc", ""] {
        assert_eq!(program.post(&path, &payment(amount)).await.expect(422).violations(), ["/amount"], "{amount}");
    }
}

#[tokio::test]
async fn splitting_an_invoice_raises_no_limit_of_cash() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let path = format!("/api/v1/invoices/{id}/payments");
    let cash = |amount: &str| {
        let mut cash = payment(amount);
        cash["method"] = json!("cash");
        cash
    };
    let first = program.post(&path, &cash("600")).await.expect(201).field("/payment/id");
    let refused = program.post(&path, &cash("400.01")).await.expect(422);
    assert_eq!(refused.violations(), ["/method"]);
    let rest = cash("400");
    let (one, other) = tokio::join!(program.post(&path, &rest), program.post(&path, &rest));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
    // The same in a receipt; other means are free.
    let receipt = |method: &str| {
        json!({ "amount": "10", "paid_on": "2026-11-22", "method": method,
                "parts": [{ "invoice_id": id, "amount": "10" }] })
    };
    let refused = program.post("/api/v1/receipts", &receipt("cash")).await.expect(422);
    assert_eq!(refused.violations(), ["/parts/0/amount"]);
    program.post("/api/v1/receipts", &receipt("check")).await.expect(201);
    let form = format!("/facturation/factures/{id}/paiements");
    let page = app.owner().form(&form, &[("amount", "5"), ("paid_on", "2026-11-22"), ("method", "cash")]).await;
    assert!(page.expect(422).text().contains("ont déjà été payés ainsi"));
    // What was none gives its room back.
    let reversal = json!({ "reason": "Erreur de saisie" });
    program.post(&format!("{path}/{first}/reversal"), &reversal).await.expect(201);
    program.post(&path, &cash("600")).await.expect(201);
}

#[tokio::test]
async fn a_consumer_from_abroad_may_pay_more_in_cash() {
    let app = app().await;
    let program = app.program();
    let cash = json!({ "amount": "1100", "paid_on": "2026-11-22", "method": "cash" });
    for (country, is_business, status) in [("BE", false, 201), ("BE", true, 422), ("RE", false, 422)] {
        let mut client = app.publish_client("Client").await;
        client.is_business = is_business;
        client.address = client.address.map(|address| kernel::document::Address { country: country.into(), ..address });
        app.republish_client(&client).await;
        let invoice = crate::invoice(&client.id.to_string());
        let id = program.post("/api/v1/invoices", &invoice).await.expect(201).field("/id");
        program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
        program.post(&format!("/api/v1/invoices/{id}/payments"), &cash).await.expect(status);
    }
}

#[tokio::test]
async fn a_ledger_is_verified_in_parts() {
    let app = app().await;
    let program = app.program();
    let path = format!("/api/v1/invoices/{}/payments", issued(&app, &program).await);
    for _ in 0..4 {
        program.post(&path, &payment("10")).await.expect(201);
    }
    let whole = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!((whole.field("/entries"), whole.field("/next_after")), ("5".into(), "null".into()));
    let rest = program.get("/api/v1/ledger/verification?after=3").await.expect(200);
    assert_eq!((rest.field("/entries"), rest.field("/is_intact")), ("2".into(), "true".into()));
    assert_eq!(rest.field("/head"), whole.field("/head"));
    program.get("/api/v1/ledger/verification?after=6").await.expect(404);
    app.stranger().get("/api/v1/ledger/verification?after=3").await.expect(404);
    // As many readings as a request has time for, and from where it goes on.
    let (none, further) = table::ledger::verify_part(&app.scope(), 3, 0).await.unwrap();
    assert_eq!((none.entries, none.faults.len(), further), (0, 0, Some(3)));
}

#[tokio::test]
async fn the_double_click_pays_once() {
    let app = app().await;
    let path = format!("/facturation/factures/{}/paiements", issued(&app, &app.program()).await);
    let owner = app.owner();
    let form = [("_key", "once"), ("amount", "100"), ("paid_on", "2026-11-22"), ("method", "card"), ("reference", "")];
    let (first, second) = tokio::join!(owner.form(&path, &form), owner.form(&path, &form));
    first.expect(303);
    second.expect(303);
    let api = path.replace("/facturation/factures/", "/api/v1/invoices/").replace("/paiements", "");
    assert_eq!(app.program().get(&api).await.field("/paid_minor"), "10000");
}

#[tokio::test]
async fn more_than_is_due_is_taken_where_it_is_expected_and_given_back() {
    let app = app().await;
    let program = app.program();
    let path = format!("/api/v1/invoices/{}", issued(&app, &program).await);
    let mut over = payment("1500");
    over["allow_overpayment"] = json!("true");
    let paid = program.post(&format!("{path}/payments"), &over).await.expect(201);
    assert_eq!(
        (paid.field("/invoice/payment_status"), paid.field("/invoice/balance_minor")),
        ("paid".into(), "-30000".into())
    );
    assert_eq!(
        program.post(&format!("{path}/refunds"), &payment("300.01")).await.expect(422).violations(),
        ["/amount"]
    );
    let back = program.post(&format!("{path}/refunds"), &payment("300")).await.expect(201);
    assert_eq!((back.field("/payment/kind"), back.field("/invoice/balance_minor")), ("refunded".into(), "0".into()));
    let nothing = program.post(&format!("{path}/refunds"), &payment("1")).await.expect(409);
    assert_eq!(nothing.field("/code"), "nothing_to_refund");
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/is_intact"), "true");
}

#[tokio::test]
async fn a_payment_is_taken_back_once_by_a_counter_entry_and_stays_to_be_seen() {
    let app = app().await;
    let program = app.program();
    let path = format!("/api/v1/invoices/{}", issued(&app, &program).await);
    let paid = program.post(&format!("{path}/payments"), &payment("1200")).await.expect(201);
    let reversal = format!("{path}/payments/{}/reversal", paid.field("/payment/id"));
    assert_eq!(program.post(&reversal, &json!({})).await.expect(422).violations(), ["/reason"]);
    let reason = json!({ "reason": "Chèque impayé" });
    app.advance(jiff::SignedDuration::from_secs(1));
    let (one, other) = tokio::join!(program.post(&reversal, &reason), program.post(&reversal, &reason));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let invoice = program.get(&path).await.expect(200);
    assert_eq!((invoice.field("/payment_status"), invoice.field("/balance_minor")), ("unpaid".into(), "120000".into()));
    let listed = program.get(&format!("{path}/payments")).await.expect(200).json();
    let kinds: Vec<_> = listed["items"].as_array().unwrap().iter().map(|payment| payment["kind"].clone()).collect();
    assert_eq!(kinds, ["received", "reversal"]);
    assert_eq!(listed["items"][0]["reversed_by"], listed["items"][1]["id"]);
    assert_eq!(program.get("/api/v1/ledger/verification").await.field("/entries"), "3");
    // What takes back cannot be taken back.
    let counter = listed["items"][1]["id"].as_str().unwrap();
    program.post(&format!("{path}/payments/{counter}/reversal"), &reason).await.expect(409);
    app.stranger().post(&reversal, &reason).await.expect(404);
}

#[tokio::test]
async fn the_page_takes_a_payment_back_and_says_what_is_missing() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let paid = program.post(&format!("/api/v1/invoices/{id}/payments"), &payment("100")).await.expect(201);
    let path = format!("/facturation/factures/{id}/paiements/{}/annuler", paid.field("/payment/id"));
    let owner = app.owner();
    owner.form(&path, &[("reason", "")]).await.expect(422);
    owner.form(&path, &[("reason", "Erreur de saisie")]).await.expect(303);
    let page = owner.get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(page.contains("Annulation d’un paiement") && page.contains("−100,00"));
}
