//! The lists, narrowed, sorted, in pages and as files; and the figures of the dashboard.

use invoicing::figures::MonthFigures;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, invoice, quote};

async fn issued_for(program: &Client, client: &str, price: &str) -> String {
    let mut content = invoice(client);
    content["lines"][0]["unit_price"] = json!(price);
    let id = program.post("/api/v1/invoices", &content).await.expect(201).field("/id");
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    id
}

/// The ids of what a search gives, page after page.
async fn found(program: &Client, query: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/documents?kind=invoice&{query}&cursor={cursor}");
        let page = program.get(&path).await.expect(200).json();
        ids.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_state_words_amount_client_and_period() {
    let app = app().await;
    let program = app.program();
    let (la, lb) =
        (app.publish_client("Épicerie Léa").await.id.to_string(), app.publish_client("Bois SARL").await.id.to_string());
    let draft = program.post("/api/v1/invoices", &invoice(&la)).await.expect(201).field("/id");
    let open = issued_for(&program, &la, "100").await;
    let paid = issued_for(&program, &lb, "200").await;
    let payment = json!({ "amount": "240", "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{paid}/payments"), &payment).await.expect(201);
    let partly = issued_for(&program, &lb, "300").await;
    let payment = json!({ "amount": "60", "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{partly}/payments"), &payment).await.expect(201);
    let cancelled = issued_for(&program, &la, "400").await;
    let credit = json!({ "reason": "Erreur" });
    program.post(&format!("/api/v1/invoices/{cancelled}/credit-notes"), &credit).await.expect(201);

    let all = [&cancelled, &partly, &paid, &open, &draft].map(Clone::clone);
    assert_eq!(sorted(found(&program, "").await), sorted(all.to_vec()));
    for (query, wanted) in [
        ("state=draft", vec![&draft]),
        ("state=open", vec![&open, &partly]),
        ("state=partly_paid", vec![&partly]),
        ("state=paid", vec![&paid]),
        ("state=cancelled", vec![&cancelled]),
        ("state=overdue", vec![]),
        ("q=epicerie", vec![&draft, &open, &cancelled]),
        ("q=FAC-2026-0002", vec![&paid]),
        ("q=0003", vec![&partly]),
        ("q=240", vec![&paid]),
        ("q=240,00", vec![&paid]),
        ("q=360&state=open", vec![&partly]),
        ("from=2026-11-23", vec![]),
        ("to=2026-11-21", vec![]),
        ("from=2026-11-22&to=2026-11-22&state=paid", vec![&paid]),
        ("q=nothing", vec![]),
    ] {
        let wanted = wanted.into_iter().cloned().collect();
        assert_eq!(sorted(found(&program, query).await), sorted(wanted), "{query}");
    }
    assert_eq!(sorted(found(&program, &format!("client={lb}")).await), sorted(vec![paid.clone(), partly.clone()]));
    assert_eq!(found(&program, "sort=largest&state=open").await, [partly.clone(), open.clone()]);
    assert_eq!(found(&program, "sort=client&state=open").await, [partly.clone(), open.clone()]);
    // Late from the day after it is due; told without a write.
    app.advance(SignedDuration::from_hours(24 * 31));
    assert_eq!(sorted(found(&program, "state=overdue").await), sorted(vec![open.clone(), partly]));
    assert!(found(&app.program(), "state=draft").await == [draft]);
    for wrong in ["state=late", "sort=colour", "client=x", "from=yesterday"] {
        program.get(&format!("/api/v1/documents?kind=invoice&{wrong}")).await.expect(422);
    }
    program.get("/api/v1/documents?kind=letter").await.expect(422);
    for cursor in ["x", "n1", "2026-11-22~x"] {
        program.get(&format!("/api/v1/documents?kind=invoice&cursor={cursor}")).await.expect(400);
    }
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[tokio::test]
async fn pages_follow_each_other_without_loss_whatever_lists_they_come_from() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut all = Vec::new();
    for at in 0..23 {
        app.advance(SignedDuration::from_secs(3_600 * 7));
        all.push(match at % 3 {
            0 => program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id"),
            1 => issued_for(&program, &client, "10").await,
            _ => {
                let id = issued_for(&program, &client, "20").await;
                let payment = json!({ "amount": "24", "paid_on": "2026-11-22" });
                program.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(201);
                id
            }
        });
    }
    for (query, is_newest) in [("limit=4", true), ("limit=4&sort=oldest", false), ("limit=1&q=client", true)] {
        let listed = found(&program, query).await;
        assert_eq!(sorted(listed.clone()), sorted(all.clone()), "{query}");
        assert_eq!(listed.len(), all.len(), "{query}");
        let mut days = Vec::new();
        for id in &listed {
            let shown = program.get(&format!("/api/v1/invoices/{id}")).await.json();
            let day = shown["issued_on"].as_str().or(shown["created_at"].as_str()).unwrap()[..10].to_owned();
            days.push(day);
        }
        let mut ordered = days.clone();
        ordered.sort();
        if is_newest {
            ordered.reverse();
        }
        assert_eq!(days, ordered, "{query}");
    }
    assert_eq!(sorted(found(&program, "limit=4&sort=largest").await), sorted(all));
}

#[tokio::test]
async fn quotes_and_credit_notes_have_their_lists_too() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let draft = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    let sent = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    program.post(&format!("/api/v1/quotes/{sent}/send"), &json!({})).await.expect(200);
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let list = |state: &str| format!("/api/v1/documents?kind=quote&state={state}");
    assert_eq!(ids(&program.get(&list("draft")).await.json()), [draft]);
    assert_eq!(ids(&program.get(&list("sent")).await.json()), std::slice::from_ref(&sent));
    let invoice = issued_for(&program, &client, "100").await;
    let credit = json!({ "reason": "Erreur" });
    program.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &credit).await.expect(201);
    let notes = program.get("/api/v1/documents?kind=credit_note&q=AV-2026").await.json();
    assert_eq!(notes["items"].as_array().unwrap().len(), 1);
    app.advance(SignedDuration::from_hours(24 * 40));
    assert_eq!(ids(&program.get(&list("sent")).await.json()), [] as [String; 0]);
    assert_eq!(ids(&program.get(&list("expired")).await.json()), [sent]);
}

#[tokio::test]
async fn a_list_is_exported_as_it_is_narrowed() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    issued_for(&program, &client, "1000").await;
    program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    let file = app.owner().get("/facturation/factures/export?state=open").await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[1].starts_with("FAC-2026-0001;Client SA;Intervention;2026-11-22;2026-12-22;Envoyée;1200,00;"),
        "{text}"
    );
    let all = program.get("/api/v1/documents/export?kind=invoice").await.expect(200).text();
    assert_eq!(all.lines().count(), 3);
}

async fn figures(app: &App) -> Vec<MonthFigures> {
    let scope = app.scope();
    let found = scope.collection(&scope.keys().figures()).await.unwrap();
    found.all::<MonthFigures>().unwrap().into_iter().map(|stored| stored.value).collect()
}

/// What the ledger says of each month: issued, credited, received.
async fn from_ledger(app: &App) -> Vec<(String, i64, i64, i64)> {
    use std::collections::BTreeMap;
    use table::ledger::{LedgerEntry, LedgerKind};
    let scope = app.scope();
    let mut months: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for entry in scope.collection(&scope.keys().ledger()).await.unwrap().all::<LedgerEntry>().unwrap() {
        let content = &entry.content;
        let number = |name: &str| content[name].as_i64().unwrap_or_default();
        let day = content["issued_on"].as_str().or(content["paid_on"].as_str()).unwrap();
        let month = months.entry(day[..7].to_owned()).or_default();
        match entry.kind {
            LedgerKind::InvoiceIssued => month.0 += number("gross_minor") - number("deducted_minor"),
            LedgerKind::CreditNoteIssued => month.1 += number("gross_minor"),
            LedgerKind::InvoiceReplaced => month.1 += number("gross_minor") - number("deducted_minor"),
            // Purchases are no sales.
            LedgerKind::SelfBilledInvoiceIssued | LedgerKind::SelfBilledCreditNoteIssued => {}
            LedgerKind::PaymentRecorded | LedgerKind::RefundReversed => month.2 += number("amount_minor"),
            _ => month.2 -= number("amount_minor"),
        }
    }
    months.into_iter().map(|(month, (a, b, c))| (month, a, b, c)).collect()
}

#[tokio::test]
async fn the_figures_of_each_month_are_what_the_ledger_says() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    for round in 0..3 {
        let id = issued_for(&program, &client, "100").await;
        let path = format!("/api/v1/invoices/{id}");
        let on = app.deps.clock.now().to_string()[..10].to_owned();
        let paid =
            program.post(&format!("{path}/payments"), &json!({ "amount": "120", "paid_on": on })).await.expect(201);
        if round == 1 {
            let reversal = format!("{path}/payments/{}/reversal", paid.field("/payment/id"));
            program.post(&reversal, &json!({ "reason": "Impayé" })).await.expect(201);
        }
        if round == 2 {
            let credit = json!({ "reason": "Rendu", "lines": [{ "line": 1, "amount": "50" }] });
            program.post(&format!("{path}/credit-notes"), &credit).await.expect(201);
            program.post(&format!("{path}/refunds"), &json!({ "amount": "60", "paid_on": on })).await.expect(201);
        }
        app.advance(SignedDuration::from_hours(24 * 20));
    }
    let kept: Vec<_> = figures(&app)
        .await
        .into_iter()
        .map(|m| (m.month.to_string()[..7].to_owned(), m.invoiced_minor.0, m.credited_minor.0, m.received_minor.0))
        .collect();
    assert_eq!(kept, from_ledger(&app).await);
    assert_eq!(kept.len(), 3);
}

#[tokio::test]
async fn the_dashboard_says_what_is_to_be_paid_and_what_waits() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    issued_for(&program, &client, "100").await;
    let id = issued_for(&program, &client, "200").await;
    let payment = json!({ "amount": "40", "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(201);
    program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    let sent = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    program.post(&format!("/api/v1/quotes/{sent}/send"), &json!({})).await.expect(200);
    let page = app.owner().get("/facturation").await.expect(200).text().replace(['\u{a0}', '\u{202f}'], " ");
    for (label, value) in [
        ("Encaissé ce mois-ci", "40,00 €"),
        ("Facturé ce mois-ci", "360,00 €"),
        ("À encaisser", "320,00 €"),
        ("En retard", "0,00 €"),
        ("Devis en attente", "1"),
        ("Brouillons de factures", "1"),
    ] {
        let stat = page.split(&format!(">{label}<")).nth(1).unwrap_or_else(|| panic!("{label} in {page}"));
        let shown = stat.split("stat-value\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
        assert_eq!(shown, value, "{label}");
    }
    assert!(page.contains("décembre 2025") && page.contains("novembre 2026"), "twelve months");
}
