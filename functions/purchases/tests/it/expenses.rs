//! `/api/v1/expenses` and its pages.

use jiff::SignedDuration;
use kernel::{Minor, event::Event, permission::Role};
use serde_json::{Value, json};
use testkit::App;

use crate::{EXPENSES, SUPPLIERS, app, entered, events, month, paper};

fn names(app: &App) -> Vec<String> {
    let name = |event: &Event| serde_json::to_value(event).expect("an event")["name"].as_str().map(str::to_owned);
    events(app).iter().filter_map(name).collect()
}

#[tokio::test]
async fn an_expense_is_entered_with_its_supplier_and_told() {
    let app = app().await;
    let program = app.program();
    let made = program.post(EXPENSES, &paper()).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    let read = made.json();
    assert_eq!(
        (&read["net_minor"], &read["tax_minor"], &read["gross_minor"]),
        (&json!(11_000), &json!(2_055), &json!(13_055))
    );
    assert_eq!((&read["state"], &read["supplier"]), (&json!("approved"), &json!("Papeterie Œuvre")));
    let supplier = made.field("/supplier_id");
    // The name finds the one there is, however it is typed.
    let again = program
        .post(EXPENSES, &json!({ "description": "Encre", "lines": [{ "net": "5" }], "supplier": "PAPETERIE OEUVRE" }))
        .await;
    assert_eq!(again.expect(201).field("/supplier_id"), supplier);
    assert_eq!(program.get(SUPPLIERS).await.expect(200).json()["items"].as_array().map(Vec::len), Some(1));
    program.delete(&format!("{SUPPLIERS}/{supplier}")).await.expect(409);
    let told = events(&app);
    let recorded = told.iter().find_map(|event| match event {
        Event::ExpenseRecorded { facts } if facts.gross_minor == Minor(13_055) => Some(facts),
        _ => None,
    });
    let Some(facts) = recorded else { panic!("{told:?}") };
    assert_eq!((facts.v, facts.gross_minor, facts.recovered_minor), (1, Minor(13_055), Minor(2_055)));
    assert_eq!(facts.supplier.map(|id| id.to_string()), Some(supplier));
}

#[tokio::test]
async fn each_change_is_told_once_with_its_version_and_sums_agree_with_a_recount() {
    let app = app().await;
    let program = app.program();
    let id = entered(&program, &paper()).await;
    let path = format!("{EXPENSES}/{id}");
    let with = |field: &str, value: Value| {
        let mut changed = paper();
        changed[field] = value;
        changed
    };
    let later = || app.advance(SignedDuration::from_millis(1));
    later();
    program.put(&path, &with("notes", json!("Urgent"))).await.expect(200);
    later();
    program
        .put(&path, &with("lines", json!([{ "net": "50", "vat_percent": "20", "recovered_percent": "80" }])))
        .await
        .expect(200);
    later();
    program.post(&format!("{path}/pay"), &json!({ "paid_by": "card" })).await.expect(200);
    later();
    program.post(&format!("{path}/pay"), &json!({})).await.expect(409);
    program.post(&format!("{path}/unpay"), &json!({})).await.expect(200);
    later();
    program.put(&path, &with("spent_on", json!("2026-10-02"))).await.expect(200);
    later();
    program.put(&path, &paper()).await.expect(200);
    later();
    entered(&program, &with("draft", json!("true"))).await;
    later();
    let (sums, counted) = month(&app).await;
    let sums = sums.expect("sums");
    assert_eq!((sums.count, sums.net_minor.0, sums.tax_minor.0, sums.recovered_minor.0), counted);
    program.delete(&path).await.expect(204);
    assert_eq!(month(&app).await.1, (0, 0, 0, 0));
    assert_eq!(month(&app).await.0.map(|sums| sums.count), Some(0));
    // A note changes nothing for who sums up.
    let expected = ["recorded", "changed", "changed", "changed", "changed", "changed", "removed"];
    assert_eq!(names(&app), expected.map(|what| format!("expense.{what}.v1")));
    let versions: Vec<_> = events(&app)
        .into_iter()
        .filter_map(|event| match event {
            Event::ExpenseRecorded { facts } | Event::ExpenseChanged { facts } | Event::ExpenseRemoved { facts } => {
                Some(facts.v)
            }
            _ => None,
        })
        .collect();
    assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
}

#[tokio::test]
async fn what_is_sent_twice_is_entered_once() {
    let app = app().await;
    let program = app.program().idempotency_key("once");
    let first = program.post(EXPENSES, &paper()).await.expect(201);
    assert_eq!(program.post(EXPENSES, &paper()).await.expect(201).field("/id"), first.field("/id"));
    assert_eq!(names(&app).len(), 1);
}

#[tokio::test]
async fn from_the_threshold_on_it_waits_for_one_decision() {
    let app = app().await;
    let program = app.program();
    program.put("/api/v1/purchase-settings", &json!({ "approval_from": "130" })).await.expect(200);
    let manager = app.program_of(app.user_with_role(Role::Manager)).await;
    let id = entered(&manager, &paper()).await;
    let path = format!("{EXPENSES}/{id}");
    assert_eq!(manager.get(&path).await.expect(200).field("/state"), "submitted");
    assert_eq!(names(&app), ["expense.submitted.v1"]);
    manager.put(&path, &paper()).await.expect(409);
    manager.post(&format!("{path}/pay"), &json!({})).await.expect(409);
    manager.post(&format!("{path}/approve"), &json!({})).await.expect(403);
    // Of two who decide at once, one does.
    let approve = format!("{path}/approve");
    let refuse = format!("{path}/refuse");
    let (nothing, why) = (json!({}), json!({ "reason": "Trop cher" }));
    let (one, other) = tokio::join!(program.post(&approve, &nothing), program.post(&refuse, &why));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let decided = names(&app).iter().filter(|name| *name == "expense.decided.v1").count();
    assert_eq!(decided, 1);
    // Less than the threshold counts at once.
    let small = entered(&manager, &json!({ "description": "Timbres", "lines": [{ "net": "10" }] })).await;
    assert_eq!(manager.get(&format!("{EXPENSES}/{small}")).await.expect(200).field("/state"), "approved");
}

#[tokio::test]
async fn what_was_refused_says_why_and_is_submitted_anew() {
    let app = app().await;
    let program = app.program();
    program.put("/api/v1/purchase-settings", &json!({ "approval_from": "0" })).await.expect(200);
    let path = format!("{EXPENSES}/{}", entered(&program, &paper()).await);
    let wrong = program.post(&format!("{path}/refuse"), &json!({})).await.expect(422);
    assert_eq!(wrong.violations(), ["/reason"]);
    let refused = program.post(&format!("{path}/refuse"), &json!({ "reason": "Trop cher" })).await.expect(200);
    assert_eq!((refused.field("/state"), refused.field("/refusal")), ("refused".into(), "Trop cher".into()));
    assert_eq!(program.post(&format!("{path}/submit"), &json!({})).await.expect(200).field("/state"), "submitted");
    assert_eq!(program.post(&format!("{path}/withdraw"), &json!({})).await.expect(200).field("/state"), "draft");
    program.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    assert_eq!(program.post(&format!("{path}/approve"), &json!({})).await.expect(200).field("/state"), "approved");
}

#[tokio::test]
async fn a_list_is_searched_narrowed_sorted_and_turned() {
    let app = app().await;
    let program = app.program();
    for number in 1..=5 {
        let expense = json!({
            "description": format!("Loyer {number}"),
            "category": "rent",
            "spent_on": format!("2026-0{number}-01"),
            "due_on": format!("2026-{:02}-05", 11 - number),
            "lines": [{ "net": "900" }],
            "supplier": "Bailleur",
        });
        entered(&program, &expense).await;
    }
    entered(&program, &paper()).await;
    let found = async |query: &str| {
        let list = program.get(&format!("{EXPENSES}?{query}")).await.expect(200);
        assert!(list.round_trips() <= Some(2), "{query}");
        let items = list.json()["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["description"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("").await[..2], ["Papier et encre", "Loyer 5"]);
    assert_eq!(found("sort=day&limit=2").await, ["Loyer 1", "Loyer 2"]);
    assert_eq!(found("sort=due").await[..2], ["Loyer 5", "Loyer 4"]);
    assert_eq!(found("q=bail+4").await, ["Loyer 4"]);
    assert_eq!(found("category=supplies").await, ["Papier et encre"]);
    assert_eq!(found("from=2026-02-01&to=2026-03-01").await, ["Loyer 3", "Loyer 2"]);
    assert_eq!(found("payment=late").await.len(), 5);
    assert_eq!(found("payment=paid").await.len(), 0);
    assert_eq!(found("state=draft").await.len(), 0);
    let first = program.get(&format!("{EXPENSES}?limit=4")).await.expect(200);
    let next = first.field("/next_cursor");
    assert_eq!(found(&format!("limit=4&cursor={next}")).await, ["Loyer 2", "Loyer 1"]);
    for wrong in ["category=gift", "state=new", "payment=half", "sort=price", "from=hier", "supplier=x"] {
        program.get(&format!("{EXPENSES}?{wrong}")).await.expect(400);
    }
    let page = app.owner().get("/ventes/depenses?payment=late").await.expect(200).text();
    assert!(page.contains("Loyer 1") && page.contains("En retard") && !page.contains("Papier et encre"));
}

/// The list to which a week of the forecast leads comes to what that counts: what is owed back makes it less.
#[tokio::test]
async fn what_a_supplier_owes_is_listed_with_what_is_to_be_paid_and_is_never_late() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let of = |description: &str, net: &str| {
        let lines = json!([{ "net": net }]);
        json!({ "description": description, "spent_on": "2026-10-02", "due_on": "2026-10-20", "lines": lines })
    };
    let credit = entered(&program, &of("Retour de papier", "-142.55")).await;
    entered(&program, &of("Loyer", "1140.40")).await;
    let nothing = entered(&program, &of("Échantillon offert", "0")).await;
    let listed = program.get(&format!("{EXPENSES}?sort=due&to=2026-11-28")).await.expect(200).json();
    let amounts: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| &item["gross_minor"]).collect();
    assert_eq!(amounts.iter().filter_map(|amount| amount.as_i64()).sum::<i64>(), 99_785, "{amounts:?}");
    let of_payment = async |payment: &str| {
        let found = program.get(&format!("{EXPENSES}?payment={payment}")).await.expect(200).json();
        found["items"].as_array().map(Vec::len)
    };
    assert_eq!((of_payment("unpaid").await, of_payment("late").await), (Some(2), Some(1)));
    let page = owner.get(&format!("/ventes/depenses/{credit}")).await.expect(200).text();
    assert!(page.contains("À recevoir") && page.contains("Noter le remboursement"), "{page}");
    assert!(!page.contains("En retard") && !page.contains("À payer"), "{page}");
    let page = owner.get(&format!("/ventes/depenses/{nothing}")).await.expect(200).text();
    assert!(!page.contains("En retard") && !page.contains("À payer") && !page.contains("Noter le"), "{page}");
    owner.form(&format!("/ventes/depenses/{credit}/payer"), &[]).await.expect(303);
    let page = owner.get(&format!("/ventes/depenses/{credit}")).await.expect(200).text();
    assert!(page.contains("Remboursée le") && page.contains("Annuler le remboursement"), "{page}");
    assert_eq!(of_payment("unpaid").await, Some(1));
}

#[tokio::test]
async fn nothing_of_ours_is_seen_by_others() {
    let app = app().await;
    let id = entered(&app.program(), &paper()).await;
    let stranger = app.stranger();
    stranger.get(&format!("{EXPENSES}/{id}")).await.expect(404);
    stranger.get(&format!("/ventes/depenses/{id}")).await.expect(404);
    assert!(!stranger.get("/ventes/depenses").await.expect(200).text().contains("Papier"));
    assert!(!stranger.get("/ventes/fournisseurs").await.expect(200).text().contains("Papeterie"));
    app.with_role(Role::Reader).form(&format!("/ventes/depenses/{id}/payer"), &[]).await.expect(403);
}

#[tokio::test]
async fn the_form_enters_and_tells_what_is_wrong_beside_its_field() {
    let app = app().await;
    let owner = app.owner();
    owner.get("/ventes/depenses/nouvelle").await.expect(200);
    let fields = [
        ("description", "Loyer de novembre"),
        ("category", "rent"),
        ("spent_on", "2026-11-02"),
        ("supplier", "Bailleur"),
        ("lines.0.gross", "1 200,50"),
        ("lines.0.vat_percent", "20"),
        ("lines.1.net", ""),
        ("paid_on", "2026-11-03"),
        ("paid_by", "direct_debit"),
    ];
    let made = owner.form("/ventes/depenses/nouvelle", &fields).await.expect(303);
    let path = made.header("location").expect("a page").to_owned();
    let page = owner.get(&path).await.expect(200).text().replace(['\u{a0}', '\u{202f}'], " ");
    for told in ["Loyer de novembre", "1 200,50 €", "Bailleur", "Payée", "Prélèvement", "Aucun justificatif"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let wrong =
        owner.form("/ventes/depenses/nouvelle", &[("description", ""), ("lines.0.net", "x")]).await.expect(422).text();
    assert!(wrong.contains("Ce champ est obligatoire.") && wrong.contains("Indiquez un nombre"), "{wrong}");
    owner.get(&format!("{path}/modifier")).await.expect(200);
    owner.form(&format!("{path}/impayer"), &[]).await.expect(303);
    owner.form(&format!("{path}/payer"), &[("paid_on", "2027-01-01")]).await.expect(422);
}

#[tokio::test]
async fn a_month_says_what_of_its_vat_comes_back() {
    let app = app().await;
    let program = app.program();
    entered(&program, &paper()).await;
    let list = program.get("/api/v1/expenses/recovered-vat").await.expect(200).json();
    assert_eq!(
        list["items"][0],
        json!({
            "month": "2026-11-01", "currency": "EUR", "count": 1, "net_minor": 11_000, "tax_minor": 2_055, "recovered_minor": 2_055,
        })
    );
    assert!(app.owner().get("/ventes/depenses/tva").await.expect(200).text().contains("20,55"));
    let file = app.owner().get("/ventes/depenses/tva/export").await.expect(200).text();
    assert!(file.contains("2026-11;EUR;1;110,00;20,55;20,55"), "{file}");
}
