//! The pages, as a browser asks for them.

use kernel::{reference::OrganizationReference, text::DateFormat};

use crate::{app, issued, quote};

#[tokio::test]
async fn the_quote_form_creates_what_was_typed_and_gives_back_what_is_wrong() {
    let app = app().await;
    let owner = app.owner();
    let client = app.publish_client("Client SA").await.id.to_string();
    owner.get("/facturation/devis/nouveau").await.expect(200);
    let mut form = vec![
        ("_key", "k1"),
        ("client", client.as_str()),
        ("subject", "Cuisine"),
        ("validity_days", "30"),
        ("line_description", "Meubles"),
        ("line_quantity", "3"),
        ("line_unit", "piece"),
        ("line_unit_price", "1 250,50"),
        ("line_discount", ""),
        ("line_vat", "10"),
        // A row left empty is no line.
        ("line_description", ""),
        ("line_quantity", "1"),
        ("line_unit", "piece"),
        ("line_unit_price", ""),
        ("line_discount", "0"),
        ("line_vat", "20"),
    ];
    let done = owner.form("/facturation/devis/nouveau", &form).await.expect(303);
    let shown = owner.get(done.header("location").unwrap()).await.expect(200).text();
    assert!(shown.contains("Cuisine") && shown.contains("4\u{202f}126,65\u{a0}€"), "{shown}");

    form[0] = ("_key", "k2");
    form[5] = ("line_quantity", "-3");
    let refused = owner.form("/facturation/devis/nouveau", &form).await.expect(422).text();
    assert!(refused.contains("Indiquez une valeur entre") && refused.contains("Meubles"));
}

#[tokio::test]
async fn a_form_with_a_single_row_is_as_good_as_one_with_many() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    for (form, days) in
        [("/facturation/devis/nouveau", "validity_days"), ("/facturation/factures/nouvelle", "payment_days")]
    {
        let fields = [
            ("client", client.as_str()),
            (days, "30"),
            ("operations", "services"),
            ("line_description", "Meubles"),
            ("line_quantity", "2"),
            ("line_unit", "piece"),
            ("line_unit_price", "10"),
            ("line_discount", ""),
            ("line_vat", "20"),
        ];
        let done = app.owner().form(form, &fields).await.expect(303);
        let shown = app.owner().get(done.header("location").unwrap()).await.expect(200).text();
        assert!(shown.contains("24,00\u{a0}€"), "{shown}");
    }
}

#[tokio::test]
async fn every_page_of_invoicing_is_french_and_shows_what_there_is() {
    let app = app().await;
    let owner = app.owner();
    let id = issued(&app, &app.program()).await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let quote = app.program().post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    for (path, wanted) in [
        ("/facturation".to_owned(), "FAC-2026-0001"),
        ("/facturation/factures".to_owned(), "FAC-2026-0001"),
        ("/facturation/devis".to_owned(), "Brouillon"),
        (format!("/facturation/factures/{id}"), "Reste à payer"),
        (format!("/facturation/devis/{quote}"), "Rénovation"),
        (format!("/facturation/devis/{quote}/modifier"), "Isolant"),
        (format!("/facturation/panneaux/clients/{client}"), "Devis"),
        ("/facturation/widgets/factures".to_owned(), "FAC-2026-0001"),
        ("/facturation/factures/nouvelle".to_owned(), "Nouvelle facture"),
    ] {
        let page = owner.get(&path).await.expect(200).text();
        assert!(page.contains(wanted), "{path} without {wanted}");
    }
    let missing = owner.get("/facturation/factures/inv_00000000000000000000000000").await.expect(404);
    assert!(missing.text().contains("Page introuvable"));
}

#[tokio::test]
async fn a_name_is_text_on_the_page_whatever_it_holds() {
    let app = app().await;
    let mut client = app.publish_client("x").await;
    client.name = "<script>alert(1)</script>".into();
    app.republish_client(&client).await;
    let id = app.program().post("/api/v1/quotes", &quote(&client.id.to_string())).await.expect(201).field("/id");
    let page = app.owner().get(&format!("/facturation/devis/{id}")).await.expect(200).text();
    assert!(!page.contains("<script>alert"));
}

#[tokio::test]
async fn an_issued_invoice_shows_who_sold_as_it_was_then() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    app.replace_organization(&OrganizationReference { name: "Renommée SAS".into(), ..app.ours.clone() }).await;
    let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    let sheet = page.split("<article").nth(1).and_then(|rest| rest.split("</article>").next()).unwrap();
    assert!(sheet.contains("Atelier Lumière") && !sheet.contains("Renommée"), "{sheet}");
}

#[tokio::test]
async fn days_are_written_as_the_organization_does() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let quote = app.program().post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    let pages = [
        "/facturation/factures".to_owned(),
        format!("/facturation/factures/{id}"),
        "/facturation/devis".to_owned(),
        format!("/facturation/devis/{quote}"),
        "/facturation/widgets/factures".to_owned(),
    ];
    for (date_format, today) in [(DateFormat::Slashes, "22/11/2026"), (DateFormat::Iso, "2026-11-22")] {
        app.replace_organization(&OrganizationReference { date_format, ..app.ours.clone() }).await;
        for path in &pages {
            let page = app.owner().get(path).await.expect(200).text();
            assert!(page.contains(today) && !page.contains("novembre"), "{path}: {page}");
        }
    }
}

#[tokio::test]
async fn a_form_opened_from_a_client_has_it_chosen() {
    let app = app().await;
    app.publish_client("Autre SA").await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let begun = format!(
        "/facturation/devis/nouveau?client={client}&opportunite=opp_00000000000000000000000001&objet=R%C3%A9novation+%26+pose&montant=1200.50"
    );
    let begun = app.owner().get(&begun).await.expect(200).text();
    assert!(begun.contains("value=\"Rénovation &#38; pose\"") && begun.contains("value=\"1200,50\""), "{begun}");
    let page = app.owner().get(&format!("/facturation/devis/nouveau?client={client}")).await.expect(200).text();
    assert!(page.contains(&format!("<option value=\"{client}\" selected>Client SA</option>")), "{page}");
    assert_eq!(page.matches("Client SA").count(), 1);
}

#[tokio::test]
async fn a_form_that_cannot_offer_all_clients_says_so() {
    let app = app().await;
    for number in 0..1_000 {
        app.publish_client(&format!("Client {number}")).await;
    }
    let (owner, told) = (app.owner(), "Seuls les 1\u{202f}000 premiers noms sont proposés");
    let paths =
        ["devis/nouveau", "factures/nouvelle", "recurrentes/nouvelle", "mandats/nouveau", "paiements/nouveau", "temps"];
    for path in paths {
        let page = owner.get(&format!("/facturation/{path}")).await.expect(200).text();
        assert!(!page.contains(told), "{path}: all of them are offered");
    }
    app.publish_client("Zoé").await;
    for path in paths {
        let page = owner.get(&format!("/facturation/{path}")).await.expect(200).text();
        assert!(page.contains(told), "{path}");
    }
}
