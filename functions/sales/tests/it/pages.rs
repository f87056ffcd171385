//! Pages, files, and who sees what.

use jiff::civil::date;
use kernel::{Currency::Eur, Permission, event::QuoteStage, id::UserId, permission::Role};
use serde_json::json;
use table::ledger::LedgerKind::PaymentRecorded;
use testkit::{App, own_records};

use crate::{Issue, app, appended, credited, deliver, enter, money, offer, stated};

async fn sold(app: &App, assigned_to: Option<UserId>) {
    let on = date(2026, 11, 3);
    let issue = |invoice, assigned_to, net: i64| {
        let gross = net * 6 / 5;
        Issue {
            invoice,
            client: invoice,
            assigned_to,
            currency: Eur,
            on,
            due_on: on,
            net,
            gross,
            deducted: 0,
            euro: None,
        }
    };
    let payment = money(PaymentRecorded, 1, Eur, date(2026, 11, 9), 50_000, "card");
    enter(&app.scope(), vec![issue(1, None, 123_400).entry(), issue(2, assigned_to, 77_700).entry(), payment]).await;
    deliver(app, &[appended(), stated(1, QuoteStage::Sent, on, &offer(1, assigned_to, Eur, 5_500, on))]).await;
}

#[tokio::test]
async fn a_company_that_begins_is_told_what_to_do() {
    let app = app().await;
    let page = app.owner().get("/ventes").await.expect(200).text();
    assert!(page.contains("Aucune vente pour l’instant") && page.contains("/facturation/factures/nouvelle"), "{page}");
    let reader = app.with_role(Role::Reader).get("/ventes").await.expect(200).text();
    assert!(!reader.contains("/facturation/factures/nouvelle"));
    let cash = app.owner().get("/ventes/tresorerie").await.expect(200).text();
    assert!(cash.contains("Rien à encaisser"));
    let list = app.owner().get("/ventes/factures").await.expect(200).text();
    assert!(list.contains("Aucune pièce"));
}

#[tokio::test]
async fn each_figure_leads_to_its_documents() {
    let app = app().await;
    sold(&app, None).await;
    let page = app.owner().get("/ventes?period=2026-11").await.expect(200).text();
    for text in [
        "novembre\u{a0}2026",
        "2\u{202f}011,00\u{a0}€",
        "/ventes/factures?from=2026-11&#38;to=2026-11",
        "/facturation/paiements?period=2026-11",
        "/ventes/encours?age=to_30",
        "/ventes/devis?from=2026-11&#38;to=2026-11&#38;figure=sent",
        "data-chart=\"months-table\"",
        "/crm/panneaux/previsions",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    let list = app.owner().get("/ventes/factures?period=2026-11").await.expect(200).text();
    assert!(list.contains("FAC-0001") && list.contains("FAC-0002"));
}

/// Whoever types a period sees what is wrong with it where they typed it.
#[tokio::test]
async fn a_typed_period_that_is_none_is_told_beside_the_form() {
    let app = app().await;
    sold(&app, None).await;
    for (query, told, from, to) in [
        ("from=2026-05&to=2026-04", "Le premier mois vient après le dernier", "2026-05", "2026-04"),
        ("from=2015-01&to=2026-01", "Une période a 60\u{a0}mois au plus", "2015-01", "2026-01"),
        ("from=avril&to=", "comme 2026-01", "avril", ""),
    ] {
        let page = app.owner().get(&format!("/ventes?{query}&compare=year")).await.expect(422).text();
        assert!(page.contains(told) && page.contains("ceux de novembre\u{a0}2026"), "{told} in {page}");
        for (name, value) in [("from", from), ("to", to)] {
            let field = format!("name=\"{name}\" value=\"{value}\" aria-invalid=\"true\"");
            assert!(page.contains(&field), "{field} in {page}");
        }
        assert!(page.contains("value=\"year\" selected") && page.contains("2\u{202f}011,00\u{a0}€"), "{page}");
        app.owner().get(&format!("/api/v1/sales/figures?{query}")).await.expect(400);
    }
    // What is left out is made up: until today, or from the beginning of the year on.
    for (query, period) in [
        ("from=2026-10&to=", "octobre\u{a0}2026 – novembre\u{a0}2026"),
        ("from=&to=2026-04", "janvier\u{a0}2026 – avril\u{a0}2026"),
        ("from=&to=", "novembre\u{a0}2026"),
    ] {
        let page = app.owner().get(&format!("/ventes?{query}")).await.expect(200).text();
        assert!(page.contains(period) && !page.contains("aria-invalid"), "{period} in {page}");
    }
}

#[tokio::test]
async fn one_is_singular_and_what_is_compared_to_nothing_says_so() {
    let app = app().await;
    sold(&app, None).await;
    let pay = |of, gross| money(PaymentRecorded, of, Eur, date(2026, 11, 4), gross, "card");
    enter(&app.scope(), vec![pay(2, 93_240), credited(1, Eur, date(2026, 11, 5), 10_000, 12_000)]).await;
    let on = date(2026, 11, 6);
    deliver(&app, &[appended(), stated(1, QuoteStage::Accepted, on, &offer(1, None, Eur, 5_500, on))]).await;
    let page = app.owner().get("/ventes?period=2026-11").await.expect(200).text();
    for text in [
        "pas de comparaison\u{a0}: rien de facturé sur la période précédente ni un an avant",
        ">1 avoir déduit<",
        ">1 facture soldée, – un an avant<",
        ">1\u{a0}jour<",
        ">2 factures<",
        ">1 envoyé, 1 accepté<",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    // Of the month before there is nothing at all.
    let october = app.owner().get("/ventes?period=2026-10").await.expect(200).text();
    assert!(october.contains(">0,00\u{a0}€ de dépenses<"), "{october}");
    let december = app.owner().get("/ventes?period=2026-12").await.expect(200).text();
    let all = "à ce jour, contre 1\u{202f}911,00\u{a0}€ sur toute la période précédente et 0,00\u{a0}€ un an avant";
    assert!(december.contains(all), "{december}");
    let cash = app.owner().get("/ventes/tresorerie").await.expect(200).text();
    assert!(cash.contains(">1 facture, comptée dans aucune semaine<"), "{cash}");
    let panel = app.owner().get("/ventes/panneaux/clients?period=2026-11").await.expect(200).text();
    assert!(panel.contains("aria-label=\"1 facture de Client\""), "{panel}");
}

#[tokio::test]
async fn shares_are_rounded_and_what_is_lost_is_no_share() {
    let app = app().await;
    let issue = |invoice, due_on, gross: i64| Issue {
        invoice,
        client: 1,
        assigned_to: None,
        currency: Eur,
        on: date(2026, 10, 1),
        due_on,
        net: gross,
        gross,
        deducted: 0,
        euro: None,
    };
    let late = issue(1, date(2026, 11, 1), 20_000);
    enter(&app.scope(), vec![late.entry(), issue(2, date(2026, 12, 1), 10_000).entry()]).await;
    // Given back in a month in which nothing was invoiced.
    enter(&app.scope(), vec![credited(1, Eur, date(2026, 11, 5), 10, 10)]).await;
    deliver(&app, &[appended()]).await;
    let page = app.owner().get("/ventes?period=2026-11").await.expect(200).text();
    // 199,90 and 100,00 of 299,90: 66,66 and 33,34 %.
    assert!(page.contains(">67\u{a0}%<") && page.contains(">33\u{a0}%<"), "{page}");
    assert!(page.contains("−0,10\u{a0}€") && page.contains(">0,00\u{a0}€ de dépenses<"), "{page}");
}

#[tokio::test]
async fn the_box_of_revenue_says_what_each_figure_is_of() {
    let app = app().await;
    sold(&app, None).await;
    let first = app.owner().get("/ventes/widgets/chiffre-affaires").await.expect(200).text();
    assert!(first.contains(">novembre\u{a0}2026<") && first.contains(">année 2026<"), "{first}");
    let before = Issue {
        invoice: 9,
        client: 9,
        assigned_to: None,
        currency: Eur,
        on: date(2026, 10, 3),
        due_on: date(2026, 10, 3),
        net: 402_200,
        gross: 402_200,
        deducted: 0,
        euro: None,
    };
    enter(&app.scope(), vec![before.entry()]).await;
    deliver(&app, &[appended()]).await;
    let fallen = app.owner().get("/ventes/widgets/chiffre-affaires").await.expect(200).text();
    assert!(
        fallen.contains(">novembre\u{a0}2026, contre 4\u{202f}022,00\u{a0}€ tout le mois dernier<"),
        "a month that goes on is no share of a whole one: {fallen}"
    );
}

#[tokio::test]
async fn the_top_clients_are_named_as_they_are_called_now() {
    let app = app().await;
    let client = app.publish_client("Boulangerie Dupré").await;
    sold(&app, None).await;
    // Nobody published the clients of the ledger: they have no name.
    let path = format!("/ventes/panneaux/clients?period=2026-11&ids={},{}", client.id, crate::company(1));
    let panel = app.owner().get(&path).await.expect(200).text();
    assert!(panel.contains("1\u{202f}234,00\u{a0}€") && panel.contains(">Client<"), "{panel}");
    assert!(!panel.contains("Dupré"), "who bought nothing is not there");
}

#[tokio::test]
async fn tables_are_files_for_who_may_export() {
    let app = app().await;
    sold(&app, None).await;
    let target = json!({ "name": "Cap", "type": "revenue", "period": "monthly", "goal": "10000", "from": "2026-01" });
    app.owner().post("/api/v1/sales-targets", &target).await.expect(201);
    for (table, text) in [
        ("months", "2026-11;2;0;2011,00;2413,20;416,67;500,00;0,00"),
        ("quotes", "2026-11;1;55,00;0;"),
        ("ageing", "1 à 30 jours de retard;2;1913,20;EUR"),
        ("clients", ";1;1234,00;EUR"),
        ("invoices", "2026-11-03;FAC-0001;Facture;1234,00;1480,80;EUR;1234,00;1480,80;EUR"),
        ("currencies", "EUR;2;2011,00;2413,20;0,00;0,00;500,00"),
        ("targets", ";2011,00;10000,00;EUR;20"),
        ("cash", "2026-11-22;2026-11-28;0,00;0,00;0,00;0,00;0,00;EUR"),
    ] {
        let file = app.owner().get(&format!("/ventes/export?table={table}&period=2026-11")).await.expect(200);
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(file.text().contains(text), "{table}: {}", file.text());
    }
    for wrong in ["/ventes/export?table=secrets", "/ventes/export"] {
        assert!(app.owner().get(wrong).await.expect(400).text().contains("Demande illisible"), "{wrong}");
    }
    app.with_role(Role::Reader).get("/ventes/export?table=months").await.expect(403);
    app.owner().get("/ventes?period=demain").await.expect(400);
}

/// Whoever sees only their own clients sees what was sold to these, and nothing of the organization.
#[tokio::test]
async fn who_sees_only_their_own_sees_no_more() {
    let app = app().await;
    let role = own_records([Permission::SalesView, Permission::SalesExport, Permission::CrmView]);
    let (user, client) = app.with_new_member(role).await;
    sold(&app, Some(user)).await;
    let own = client.get("/api/v1/sales/figures?period=2026-11").await.expect(200).json();
    assert_eq!(own["current"]["revenue_net_minor"], 77_700);
    assert_eq!(own["current"]["quotes"]["sent"], 1);
    let other = app.user_with_role(Role::Sales);
    for path in [
        "/api/v1/sales/figures",
        "/api/v1/sales/clients",
        "/api/v1/sales/invoices",
        "/api/v1/sales/receivables",
        "/ventes",
    ] {
        client.get(&format!("{path}?assigned_to={other}")).await.expect(404);
        let all = client.get(&format!("{path}?period=2026-11")).await.expect(200).text();
        for told in ["123400", "1\u{202f}234", "201100", "2\u{202f}011", "FAC-0001"] {
            assert!(!all.contains(told), "{path} tells {told}: {all}");
        }
    }
    for table in ["months", "ageing", "invoices", "clients", "cash"] {
        let file = client.get(&format!("/ventes/export?table={table}&period=2026-11")).await.expect(200).text();
        assert!(
            !file.contains("1234,00") && !file.contains("2011,00") && !file.contains("FAC-0001"),
            "{table}: {file}"
        );
        assert!(!file.contains("Dépenses") && !file.contains("dépenses"), "{table} tells expenses: {file}");
    }
    let cash = client.get("/ventes/tresorerie").await.expect(200).text();
    assert!(!cash.contains("vos dépenses") && !cash.contains("les dépenses"), "{cash}");
    let page = client.get("/ventes?period=2026-11").await.expect(200).text();
    assert!(page.contains("777,00") && page.contains("qui vous étaient attribués"), "{page}");
}

#[tokio::test]
async fn making_anew_shows_how_far_it_has_come() {
    let app = app().await;
    sold(&app, None).await;
    let page = app.owner().get("/ventes/calcul").await.expect(200).text();
    assert!(page.contains("Les chiffres sont à jour") && page.contains("Recalculer"), "{page}");
    assert!(!app.with_role(Role::Reader).get("/ventes/calcul").await.expect(200).text().contains("Recalculer"));
    app.with_role(Role::Manager).form("/ventes/calcul", &[]).await.expect(403);
    app.owner().form("/ventes/calcul", &[]).await.expect(303);
    let panel = app.owner().get("/ventes/panneaux/calcul").await.expect(200).text();
    assert!(panel.contains("Recalcul en cours") && panel.contains("<progress"), "{panel}");
    let page = app.owner().get("/ventes").await.expect(200).text();
    assert!(page.contains("en cours de recalcul"), "{page}");
    deliver(&app, &[kernel::event::Event::SalesProjectionDue {}]).await;
    let panel = app.owner().get("/ventes/panneaux/calcul").await.expect(200).text();
    assert!(panel.contains("Dernier recalcul complet le 22/11/2026"), "{panel}");
}
