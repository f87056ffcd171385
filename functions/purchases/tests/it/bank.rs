//! `/api/v1/spending-lines`: what the bank says went, and the expenses that it paid.

use jiff::SignedDuration;
use kernel::{Currency, Minor, event::Event, id::BankLineId};
use serde_json::{Value, json};
use testkit::App;

use crate::{EXPENSES, app, entered, events, paper, work};

const LINES: &str = "/api/v1/spending-lines";

fn imported(n: u128, amount: i64, label: &str) -> Event {
    Event::BankLineImported {
        line: BankLineId::from_ulid(ulid::Ulid(n)),
        booked_on: jiff::civil::date(2026, 11, 21),
        amount_minor: Minor(amount),
        currency: Currency::Eur,
        label: label.into(),
        counterparty: Some("Papeterie Œuvre".into()),
        account: None,
    }
}

/// The same, to an account.
fn to_account(n: u128, amount: i64, mark: &str) -> Event {
    let mut told = imported(n, amount, "VIR");
    if let Event::BankLineImported { account, counterparty, .. } = &mut told {
        (*account, *counterparty) = (Some(mark.into()), None);
    }
    told
}

async fn open(app: &App) -> Vec<Value> {
    app.program().get(LINES).await.expect(200).json()["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_line_is_told_once_suggests_what_it_paid_and_a_yes_pays_it_once() {
    let app = app().await;
    let program = app.program();
    let told: Value =
        serde_json::from_str(include_str!("../../../../events/purchases-worker/bank_line_imported.json")).unwrap();
    assert!(told["Records"][0]["body"].as_str().is_some_and(|body| body.contains("bank_line.imported.v1")));
    let expense = entered(&program, &paper()).await;
    for _ in 0..2 {
        assert!(work(&app, imported(1, -13_055, "PRLV PAPETERIE")).await);
    }
    let lines = open(&app).await;
    assert_eq!(lines.len(), 1);
    assert_eq!(
        lines[0]["suggestions"][0],
        json!({
            "expense_id": expense, "description": "Papier et encre", "gross_minor": 13_055, "payable_minor": 13_055,
            "why": "amount_and_name", "is_paid": false, "asks_account": false,
        })
    );
    let path = format!("{LINES}/{}", lines[0]["id"].as_str().unwrap());
    let said = json!({ "expense_id": expense });
    let matching = format!("{path}/match");
    let (one, other) = tokio::join!(program.post(&matching, &said), program.post(&matching, &said));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let read = program.get(&format!("{EXPENSES}/{expense}")).await.expect(200).json();
    assert_eq!((&read["paid_on"], &read["paid_by"]), (&json!("2026-11-21"), &json!("direct_debit")));
    assert!(open(&app).await.is_empty());
    program.delete(&format!("{EXPENSES}/{expense}")).await.expect(409);
    app.advance(SignedDuration::from_millis(1));
    // Taken back, the line is open again, whenever that is heard and however often.
    program.post(&format!("{EXPENSES}/{expense}/unpay"), &json!({})).await.expect(200);
    let freed: Vec<_> = events(&app).into_iter().filter(|event| matches!(event, Event::BankLineSpent { .. })).collect();
    assert_eq!(freed.len(), 2);
    for event in freed.iter().chain(&freed) {
        assert!(work(&app, event.clone()).await);
    }
    assert_eq!(open(&app).await.len(), 1);
    program.post(&matching, &said).await.expect(200);
    // The former news comes once more, late: an expense has the line.
    assert!(work(&app, freed[1].clone()).await);
    assert!(open(&app).await.is_empty());
}

/// Whoever notes a payment by hand, and imports the statement later, is not led to enter it again.
#[tokio::test]
async fn an_expense_that_was_noted_paid_takes_its_line_and_is_paid_once() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let mut noted = paper();
    noted["paid_on"] = json!("2026-11-20");
    noted["paid_by"] = json!("card");
    let expense = entered(&program, &noted).await;
    assert!(work(&app, imported(1, -13_055, "CB PAPETERIE TERREAUX")).await);
    let line = &open(&app).await[0];
    let suggestion = &line["suggestions"][0];
    assert_eq!((&suggestion["expense_id"], &suggestion["is_paid"]), (&json!(expense), &json!(true)));
    let page = owner.get("/ventes/depenses/banque").await.expect(200);
    assert!(page.round_trips() <= Some(2) && page.text().contains("déjà payée le 20/11/2026"), "{}", page.text());
    let path = format!("/ventes/depenses/banque/{}", line["id"].as_str().unwrap());
    owner.form(&format!("{path}/rapprocher"), &[("expense_id", &expense)]).await.expect(303);
    let read = program.get(&format!("{EXPENSES}/{expense}")).await.expect(200).json();
    assert_eq!((&read["paid_on"], &read["paid_by"]), (&json!("2026-11-20"), &json!("card")));
    let page = owner.get(&format!("/ventes/depenses/{expense}")).await.expect(200).text();
    assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
    // The bank is told; who sums up is not, for it costs what it did.
    let told = events(&app);
    let is_spent = |event: &&Event| matches!(event, Event::BankLineSpent { is_spent: true, .. });
    assert_eq!(told.iter().filter(is_spent).count(), 1, "{told:?}");
    assert!(!told.iter().any(|event| matches!(event, Event::ExpenseChanged { .. })), "{told:?}");
    assert!(open(&app).await.is_empty());
    // A second line is another payment.
    assert!(work(&app, imported(2, -13_055, "CB PAPETERIE TERREAUX")).await);
    let again = &open(&app).await[0];
    assert_eq!(again["suggestions"], json!([]));
    let matching = format!("{LINES}/{}/match", again["id"].as_str().unwrap());
    program.post(&matching, &json!({ "expense_id": expense })).await.expect(409);
}

#[tokio::test]
async fn any_expense_may_be_chosen_for_a_line() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let of = |description: &str, paid_on: &str| {
        let lines = json!([{ "net": "30" }]);
        json!({ "description": description, "spent_on": "2026-02-01", "lines": lines, "paid_on": paid_on })
    };
    let rent = entered(&program, &of("Location de salle", "")).await;
    let paid = entered(&program, &of("Abonnement annuel", "2026-02-01")).await;
    assert!(work(&app, imported(1, -950, "CB")).await);
    let id = BankLineId::from_ulid(ulid::Ulid(1));
    let path = format!("/ventes/depenses/banque/{id}");
    assert_eq!(open(&app).await[0]["suggestions"], json!([]));
    let list = owner.get("/ventes/depenses/banque").await.expect(200).text();
    assert!(list.contains(&format!("href=\"{path}\"")), "{list}");
    assert!(list.contains(&format!("/facturation/banque/{id}/ignorer")), "{list}");
    let page = owner.get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let page = page.text();
    assert!(page.contains(&format!("value=\"{rent}\"")) && page.contains(&format!("value=\"{paid}\"")), "{page}");
    app.stranger().get(&path).await.expect(404);
    // A line of another amount pays all of it only where somebody says so, told both amounts.
    let said = json!({ "expense_id": rent });
    let refused = program.post(&format!("{LINES}/{id}/match"), &said).await.expect(422);
    assert_eq!(refused.violations(), ["/accept_difference"]);
    assert!(refused.text().contains("30,00\u{a0}€") && refused.text().contains("9,50\u{a0}€"), "{}", refused.text());
    let told = owner.form(&format!("{path}/rapprocher"), &[("expense_id", &rent)]).await.expect(422).text();
    for text in [
        "La ligne de banque est de 9,50\u{a0}€, la dépense de 30,00\u{a0}€",
        "soit 20,50\u{a0}€ de moins que cette dépense",
        "name=\"accept_difference\"",
    ] {
        assert!(told.contains(text), "{text} in {told}");
    }
    let unpaid = program.get(&format!("{EXPENSES}/{rent}")).await.expect(200).json();
    assert_eq!(unpaid["paid_on"], "");
    let accepted = [("expense_id", rent.as_str()), ("accept_difference", "true")];
    owner.form(&format!("{path}/rapprocher"), &accepted).await.expect(303);
    let page = owner.get(&path).await.expect(200).text();
    assert!(page.contains("voir la dépense") && !page.contains("expense_id"), "{page}");
}

#[tokio::test]
async fn money_that_went_paid_nothing_that_a_supplier_owes() {
    let app = app().await;
    let mut credit = paper();
    credit["lines"] = json!([{ "net": "-100" }]);
    let credit = entered(&app.program(), &credit).await;
    assert!(work(&app, imported(1, -10_000, "PRLV PAPETERIE")).await);
    let line = &open(&app).await[0];
    assert_eq!(line["suggestions"], json!([]));
    let matching = format!("{LINES}/{}/match", line["id"].as_str().unwrap());
    let refused = app.program().post(&matching, &json!({ "expense_id": credit })).await.expect(422);
    assert_eq!(refused.violations(), ["/expense_id"]);
}

#[tokio::test]
async fn what_invoicing_settles_is_not_offered_and_what_nobody_noted_becomes_a_draft() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let line = BankLineId::from_ulid(ulid::Ulid(1));
    // It is changed before it is known: the message waits.
    assert!(!work(&app, Event::BankLineChanged { line, v: 2, is_open: false }).await);
    assert!(work(&app, imported(1, -950, "FRAIS TENUE DE COMPTE")).await);
    assert!(work(&app, Event::BankLineChanged { line, v: 2, is_open: false }).await);
    assert!(open(&app).await.is_empty());
    assert!(owner.get("/ventes/depenses/banque?state=closed").await.expect(200).text().contains("FRAIS"));
    assert!(work(&app, Event::BankLineChanged { line, v: 3, is_open: true }).await);
    assert!(owner.get("/ventes/depenses/banque").await.expect(200).text().contains("En faire une dépense"));
    let made = owner.form(&format!("/ventes/depenses/banque/{line}/depense"), &[]).await.expect(303);
    let path = made.header("location").expect("a form").to_owned();
    assert!(owner.get(&path).await.expect(200).text().contains("Papeterie Œuvre"));
    let list = program.get(&format!("{EXPENSES}?state=draft")).await.expect(200).json();
    assert_eq!((&list["items"][0]["gross_minor"], &list["items"][0]["paid_on"]), (&json!(950), &json!("2026-11-21")));
    owner.form(&format!("/ventes/depenses/banque/{line}/depense"), &[]).await.expect(409);
    let other = json!({ "description": "Dollars", "lines": [{ "net": "9.50" }], "currency": "USD" });
    let other = entered(&program, &other).await;
    assert!(work(&app, imported(2, -950, "CB")).await);
    let second = BankLineId::from_ulid(ulid::Ulid(2));
    let refused = program.post(&format!("{LINES}/{second}/match"), &json!({ "expense_id": other })).await.expect(422);
    assert_eq!(refused.violations(), ["/expense_id"]);
    app.stranger()
        .form(&format!("/ventes/depenses/banque/{second}/rapprocher"), &[("expense_id", &other)])
        .await
        .expect(404);
}

#[tokio::test]
async fn an_account_is_a_suppliers_once_somebody_says_so() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let iban = "FR7630006000011234567890189";
    let purpose = kernel::sepa::account_purpose(app.ours.id);
    let mark = app.deps.vault.mac(&purpose, iban.as_bytes()).await.expect("a mark");
    let expense = entered(&program, &paper()).await;
    let supplier = program.get(&format!("{EXPENSES}/{expense}")).await.expect(200).field("/supplier_id");
    assert!(work(&app, to_account(1, -13_055, &mark)).await && work(&app, to_account(2, -4_242, &mark)).await);
    let offered = async |n: u128| {
        let id = BankLineId::from_ulid(ulid::Ulid(n)).to_string();
        let line = open(&app).await.into_iter().find(|line| line["id"] == *id).expect("a line");
        line["suggestions"].as_array().cloned().unwrap_or_default()
    };
    let first = &offered(1).await[0];
    assert_eq!((&first["why"], &first["asks_account"]), (&json!("amount"), &json!(true)));
    assert!(offered(2).await.is_empty(), "nobody is recognised by an account that nobody confirmed");
    let page = owner.get("/ventes/depenses/banque").await.expect(200).text();
    assert!(page.contains("Le compte crédité est bien celui de Papeterie Œuvre"), "{page}");
    let path = format!("/ventes/depenses/banque/{}/rapprocher", BankLineId::from_ulid(ulid::Ulid(1)));
    owner.form(&path, &[("expense_id", &expense), ("remember_account", "true")]).await.expect(303);
    let other = entered(&program, &paper()).await;
    let second = &offered(2).await[0];
    assert_eq!(
        (&second["expense_id"], &second["why"], &second["asks_account"]),
        (&json!(other), &json!("account"), &json!(false))
    );
    let told = program.get(&format!("/api/v1/suppliers/{supplier}")).await.expect(200).json();
    assert_eq!((&told["confirmed_accounts"], told.get("iban_end")), (&json!(1), None));
    // Whoever types another IBAN says that this is theirs, and the former no more.
    let changed = json!({ "name": "Papeterie Œuvre", "iban": "DE89370400440532013000" });
    program.put(&format!("/api/v1/suppliers/{supplier}"), &changed).await.expect(200);
    assert!(offered(2).await.is_empty());
    let back = json!({ "name": "Papeterie Œuvre", "iban": iban });
    program.put(&format!("/api/v1/suppliers/{supplier}"), &back).await.expect(200);
    assert_eq!(offered(2).await[0]["why"], "account");
}
