//! Each figure leads to the documents that make it, and these come to exactly the figure.

use jiff::civil::date;
use kernel::{
    Currency::{Eur, Usd},
    event::QuoteStage,
    id::UserId,
    permission::Role,
};
use sales::projection::{Projection, SaleLine};
use serde_json::{Value, json};
use table::ledger::LedgerKind::PaymentRecorded;
use testkit::{App, Client};

use crate::{Issue, app, appended, credited, deliver, enter, money, offer, replaced, stated};

/// | | issued | net / gross | what becomes of it |
/// |---|---|---|---|
/// | 1 | 20 Oct | 1 000,00 / 1 200,00 | credit note of 100,00 / 120,00 on 5 Nov; the rest is paid on 10 Nov, after 21 days |
/// | 2 | 3 Nov, of Sales: 500 $ at 0,90 € | 450,00 / 450,00 | credit note of 50 $ on 2 Dec |
/// | 3 | 4 Nov, 300,00 of 360,00 asked for by a deposit | 250,00 / 300,00 asked for | replaced the same day |
///
/// Five quotes, of 100,00 to 500,00, sent on 3 Oct: the first two are accepted in November, the third is refused then, the fourth
/// expired in October, the fifth is replaced.
async fn sold(app: &App) -> UserId {
    let sales = app.user_with_role(Role::Sales);
    let issue = |invoice, on, net, gross| Issue {
        invoice,
        client: invoice,
        assigned_to: None,
        currency: Eur,
        on,
        due_on: on,
        net,
        gross,
        deducted: 0,
        euro: None,
    };
    let dollars = issue(2, date(2026, 11, 3), 50_000, 50_000);
    let dollars = Issue { currency: Usd, euro: Some("0.90"), assigned_to: Some(sales), ..dollars };
    let rest = Issue { deducted: 6_000, ..issue(3, date(2026, 11, 4), 30_000, 36_000) };
    let entries = vec![
        issue(1, date(2026, 10, 20), 100_000, 120_000).entry(),
        dollars.entry(),
        rest.entry(),
        replaced(3, Eur, date(2026, 11, 4), 30_000, 36_000, 6_000),
        credited(1, Eur, date(2026, 11, 5), 10_000, 12_000),
        money(PaymentRecorded, 1, Eur, date(2026, 11, 10), 108_000, "card"),
        credited(2, Usd, date(2026, 12, 2), 5_000, 5_000),
    ];
    enter(&app.scope(), entries).await;
    let sent_on = date(2026, 10, 3);
    let mut events = vec![appended()];
    for (number, stage, on) in [
        (1, QuoteStage::Accepted, date(2026, 11, 6)),
        (2, QuoteStage::Accepted, date(2026, 11, 30)),
        (3, QuoteStage::Refused, date(2026, 11, 7)),
        (4, QuoteStage::Expired, date(2026, 10, 31)),
        (5, QuoteStage::Replaced, date(2026, 11, 1)),
    ] {
        let offer = offer(number, None, Eur, 10_000 * number as i64, sent_on);
        events.extend([stated(number, QuoteStage::Sent, sent_on, &offer), stated(number, stage, on, &offer)]);
    }
    deliver(app, &events).await;
    sales
}

async fn listed(client: &Client, figure: &str, query: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/sales/lines?figure={figure}&{query}&limit=2{cursor}");
        let page = client.get(&path).await.expect(200).json();
        rows.extend(page["items"].as_array().expect("rows").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn sum(rows: &[Value], field: &str) -> i64 {
    rows.iter().map(|row| row[field].as_i64().expect("an amount")).sum()
}

fn numbers(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["number"].as_str().expect("a number")).collect()
}

#[tokio::test]
async fn the_lines_of_a_figure_come_to_it() {
    let app = app().await;
    let sales = sold(&app).await;
    let owner = app.owner();
    for query in [
        "period=2026-10".to_owned(),
        "period=2026-11".to_owned(),
        "period=2026-12".to_owned(),
        "period=2026".to_owned(),
        format!("period=2026-11&assigned_to={sales}"),
        format!("period=2026-12&assigned_to={sales}"),
    ] {
        let figures = owner.get(&format!("/api/v1/sales/figures?{query}")).await.expect(200).json();
        let current = &figures["current"];
        let revenue = listed(&owner, "revenue", &query).await;
        assert_eq!(current["revenue_net_minor"], sum(&revenue, "own_net_minor"), "{query}");
        assert_eq!(current["revenue_gross_minor"], sum(&revenue, "own_gross_minor"), "{query}");
        let of = |document: &str| revenue.iter().filter(|row| row["document"] == document).count();
        assert_eq!(
            (&current["invoices"], &current["credit_notes"]),
            (&json!(of("invoice")), &json!(of("credit_note")))
        );
        let settled = listed(&owner, "settled", &query).await;
        assert_eq!(current["settled"], settled.len(), "{query}");
        for figure in ["sent", "accepted", "refused", "expired"] {
            let quotes = listed(&owner, figure, &query).await;
            let of = &current["quotes"];
            assert_eq!(of[figure], quotes.len(), "{figure} {query}");
            assert_eq!(of[format!("{figure}_net_minor")], sum(&quotes, "own_net_minor"), "{figure} {query}");
        }
    }
    // What is given back counts on its own day, not on the invoice's.
    let november = listed(&owner, "revenue", "period=2026-11").await;
    assert_eq!(numbers(&november), ["FAC-0002", "FAC-0003", "FAC-0003", "AV-0001"]);
    assert_eq!(sum(&november, "own_net_minor"), 45_000 - 10_000);
    let december = listed(&owner, "revenue", "period=2026-12").await;
    assert_eq!((numbers(&december), &december[0]["own_net_minor"]), (vec!["AV-0001"], &json!(-4_500)));
    let october = listed(&owner, "revenue", "period=2026-10").await;
    assert_eq!((numbers(&october), &october[0]["net_minor"]), (vec!["FAC-0001"], &json!(100_000)));
    let settled = listed(&owner, "settled", "period=2026-11").await;
    assert_eq!((numbers(&settled), &settled[0]["days"]), (vec!["FAC-0001"], &json!(21)));
    assert_eq!(numbers(&listed(&owner, "accepted", "period=2026-11").await), ["DEV-0001", "DEV-0002"]);
    assert_eq!(listed(&owner, "sent", "period=2026-10").await.len(), 4, "what was replaced is no offer");
    owner.get("/api/v1/sales/lines?figure=profit").await.expect(400);
}

#[tokio::test]
async fn the_dashboard_leads_to_pages_that_say_the_same() {
    let app = app().await;
    let sales = sold(&app).await;
    let owner = app.owner();
    let dashboard = owner.get("/ventes?period=2026-11").await.expect(200).text();
    for (href, said) in [
        // 450,00 − 100,00 and 450,00 − 120,00
        ("/ventes/factures?from=2026-11&to=2026-11", ["2 factures, 1 avoir", "350,00\u{a0}€ HT", "330,00\u{a0}€ TTC"]),
        ("/ventes/factures/soldees?from=2026-11&to=2026-11", ["1 facture soldée", "21\u{a0}jours", "10/11/2026"]),
        ("/ventes/devis?from=2026-11&to=2026-11&figure=sent", ["0 devis", "0,00\u{a0}€ HT", "Aucune pièce"]),
        ("/ventes/devis?from=2026-11&to=2026-11&figure=accepted", ["2 devis", "300,00\u{a0}€ HT", "DEV-0002"]),
        ("/ventes/devis?from=2026-11&to=2026-11&figure=refused", ["1 devis", "300,00\u{a0}€ HT", "DEV-0003"]),
        ("/ventes/devis?from=2026-11&to=2026-11&figure=expired", ["0 devis", "0,00\u{a0}€ HT", "Aucune pièce"]),
    ] {
        assert!(dashboard.contains(&href.replace('&', "&#38;")), "{href} in {dashboard}");
        let page = owner.get(href).await.expect(200);
        assert!(page.round_trips() <= Some(2), "{href}");
        let text = page.text();
        for said in said {
            assert!(text.contains(said), "{said} in {text}");
        }
    }
    let list = owner.get("/ventes/factures?period=2026-11").await.expect(200).text();
    for text in
        ["Avoir sur FAC-0001", "−100,00\u{a0}€", "Remplacée par FAC-X", "500,00\u{a0}$", "/facturation/avoirs/cre_"]
    {
        assert!(list.contains(text), "{text} in {list}");
    }
    assert!(!dashboard.contains("/facturation/devis?") && !dashboard.contains("/facturation/avoirs?"), "{dashboard}");
    assert!(dashboard.contains("/ventes/depenses?from=2026-11-01&#38;to=2026-11-30&#38;state=approved"), "{dashboard}");
    // The lists of others know nobody whose clients these were.
    let theirs = owner.get(&format!("/ventes?period=2026-11&assigned_to={sales}")).await.expect(200).text();
    for figure in ["/ventes/factures?", "/ventes/factures/soldees?", "/ventes/devis?"] {
        let link = format!("{figure}from=2026-11&#38;to=2026-11&#38;assigned_to={sales}");
        assert!(theirs.contains(&link), "{link} in {theirs}");
    }
    assert!(dashboard.contains("/facturation/paiements?") && dashboard.contains("/facturation/factures?state=open"));
    assert!(!theirs.contains("/facturation/paiements?") && !theirs.contains("/facturation/factures?state"), "{theirs}");
    let file = owner.get("/ventes/export?table=invoices&period=2026-11").await.expect(200).text();
    for row in [
        "2026-11-03;FAC-0002;Facture;500,00;500,00;USD;450,00;450,00;EUR",
        "2026-11-04;FAC-0003;Remplacée par FAC-X;-250,00;-300,00;EUR;-250,00;-300,00;EUR",
        "2026-11-05;AV-0001;Avoir sur FAC-0001;-100,00;-120,00;EUR;-100,00;-120,00;EUR",
        "Total;;;;;;350,00;330,00;EUR",
    ] {
        assert!(file.contains(row), "{row} in {file}");
    }
}

#[tokio::test]
async fn who_sees_only_their_own_sees_their_own_lines() {
    let app = app().await;
    let seller = sold(&app).await;
    let role = testkit::own_records([kernel::Permission::SalesView]);
    let (_, nobody) = app.with_new_member(role).await;
    for path in ["/api/v1/sales/lines", "/ventes/factures", "/ventes/factures/soldees", "/ventes/devis"] {
        let own = nobody.get(&format!("{path}?period=2026")).await.expect(200).text();
        assert!(!own.contains("FAC-000") && !own.contains("DEV-000"), "{path}: {own}");
        nobody.get(&format!("{path}?assigned_to={seller}")).await.expect(404);
        app.with_role(Role::Hr).get(path).await.expect(403);
        let stranger = app.stranger().get(&format!("{path}?period=2026")).await.expect(200).text();
        assert!(!stranger.contains("FAC-000") && !stranger.contains("DEV-000"), "{path}: {stranger}");
    }
}

/// Figures that were begun before there were lines are made anew when something is next entered.
#[tokio::test]
async fn figures_of_another_shape_begin_anew() {
    let app = app().await;
    sold(&app).await;
    let (scope, owner) = (app.scope(), app.owner());
    let before = listed(&owner, "revenue", "period=2026").await;
    let collection = scope.keys().sales_projection();
    let (items, _) = scope.collection_page(&collection, None).await.expect("items");
    let (items, scope) = (&items, &scope);
    scope
        .write(|| async move {
            let mut transaction = scope.begin("test", "ledger").unlogged();
            for line in items.all::<SaleLine>()? {
                transaction.delete(&line);
            }
            let state = scope.get::<Projection>(&scope.keys().projection_state()).await?.expect("a state");
            transaction.update(&state, &Projection { shape: 0, ..state.value.clone() });
            Ok((transaction, ()))
        })
        .await
        .expect("it is written");
    assert_eq!(listed(&owner, "revenue", "period=2026").await.len(), 0);
    deliver(&app, &[appended()]).await;
    assert_eq!(listed(&owner, "revenue", "period=2026").await, before);
    assert_eq!(listed(&owner, "accepted", "period=2026").await.len(), 2);
}
