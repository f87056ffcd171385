//! `/crm/…`

use kernel::permission::Role;
use serde_json::json;

use crate::{COMPANIES, CONTACTS, added, app, bakery};

const FORM: &[(&str, &str)] = &[
    ("_key", "form-1"),
    ("name", "Boulangerie Dupré"),
    ("category", "prospect"),
    ("is_business", "false"),
    ("siret", ""),
    ("vat_number", ""),
    ("street", "3 rue du Four"),
    ("complement", ""),
    ("postal_code", "69003"),
    ("city", "Lyon"),
    ("country", "FR"),
    ("email", "compta@dupre.example"),
    ("phone", ""),
    ("website", ""),
    ("notes", "Fermé le lundi.\r\nLivrer tôt."),
];

/// The same form with one field replaced, or one more.
fn form_with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    FORM.iter().copied().filter(|(known, _)| *known != name).chain([(name, value)]).collect()
}

#[tokio::test]
async fn days_are_written_as_the_organization_does() {
    let app = app().await;
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let date_format = kernel::text::DateFormat::Words;
    app.replace_organization(&kernel::reference::OrganizationReference { date_format, ..app.ours.clone() }).await;
    for path in [format!("/crm/entreprises/{company}"), "/crm/panneaux/recents".into()] {
        let page = app.owner().get(&path).await.expect(200).text();
        assert!(page.contains("22\u{a0}novembre\u{a0}2026"), "{path}: {page}");
    }
}

#[tokio::test]
async fn the_crm_opens_on_its_figures() {
    let app = app().await;
    let reply = app.owner().get("/crm").await.expect(200);
    assert!(reply.round_trips() <= Some(2));
    assert!(reply.text().contains("Aucune opportunité pour l’instant"), "{}", reply.text());
    let reply = app.anyone().get("/crm/entreprises?q=a").await.expect(303);
    assert_eq!(reply.header("location"), Some("/connexion?suite=%2Fcrm%2Fentreprises%3Fq%3Da"));
}

#[tokio::test]
async fn empty_lists_say_what_to_do_next() {
    let app = app().await;
    let owner = app.owner();
    assert!(owner.get("/crm/entreprises").await.expect(200).text().contains("/crm/entreprises/nouvelle"));
    assert!(owner.get("/crm/contacts").await.expect(200).text().contains("/crm/contacts/nouveau"));
    assert!(owner.get("/crm/panneaux/recents").await.expect(200).text().contains("/crm/entreprises/nouvelle"));
    assert!(owner.get("/crm/entreprises?q=zz").await.expect(200).text().contains("Aucune entreprise"));
}

#[tokio::test]
async fn a_company_is_added_by_its_form_once() {
    let app = app().await;
    let owner = app.owner();
    let form = owner.get("/crm/entreprises/nouvelle").await.expect(200);
    assert!(form.round_trips() <= Some(2));
    for field in FORM.iter().map(|(name, _)| name) {
        assert!(form.text().contains(&format!("name=\"{field}\"")), "{field}");
    }
    let first = owner.form("/crm/entreprises/nouvelle", FORM).await.expect(303);
    let second = owner.form("/crm/entreprises/nouvelle", FORM).await.expect(303);
    let path = first.header("location").expect("a place").to_owned();
    assert_eq!(second.header("location"), Some(path.as_str()));
    assert!(path.starts_with("/crm/entreprises/com_"), "{path}");

    let page = owner.get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    for expected in
        ["Boulangerie Dupré", "Prospect", "Particulier", "3 rue du Four\n69003 Lyon", "Livrer tôt.", "22/11/2026"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let id = path.trim_start_matches("/crm/entreprises/");
    assert!(text.contains(&format!("hx-get=\"/facturation/panneaux/clients/{id}\"")), "{text}");
    assert!(text.contains(&format!("/facturation/devis/nouveau?client={id}")));
    assert!(text.contains(&format!("/crm/contacts/nouveau?entreprise={id}")));
}

#[tokio::test]
async fn a_form_that_is_wrong_comes_back_with_what_was_typed() {
    let app = app().await;
    let owner = app.owner();
    let reply = owner.form("/crm/entreprises/nouvelle", &form_with("siret", "123 <b>")).await.expect(422);
    let text = reply.text();
    assert!(text.contains("Ce SIRET n’est pas valide"), "{text}");
    assert!(text.contains("value=\"Boulangerie Dupré\""));
    assert!(!text.contains("<b>"), "typed text is escaped");
    owner.form("/crm/entreprises/nouvelle", &form_with("colour", "red")).await.expect(400);

    let reply = owner.form("/crm/contacts/nouveau", &[("company_id", "com_x"), ("last_name", "Durand")]).await;
    assert!(reply.expect(422).text().contains("value=\"Durand\""));
}

#[tokio::test]
async fn the_address_of_a_client_can_be_corrected() {
    let app = app().await;
    let owner = app.owner();
    let id = added(&app.program(), COMPANIES, &bakery()).await;
    let path = format!("/crm/entreprises/{id}/modifier");
    let form = owner.get(&path).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    assert!(form.text().contains("name=\"_version\" value=\"1\""));
    assert!(form.text().contains("value=\"3 rue du Four\""));

    let mut corrected = form_with("street", "5 rue du Four");
    corrected.push(("_version", "1"));
    let saved = owner.form(&path, &corrected).await.expect(303);
    assert_eq!(saved.header("location"), Some(format!("/crm/entreprises/{id}").as_str()));
    assert!(owner.get(&format!("/crm/entreprises/{id}")).await.text().contains("5 rue du Four"));

    corrected.retain(|(name, _)| *name != "_key");
    let stale = owner.form(&path, &corrected).await.expect(422);
    assert!(stale.text().contains("a modifié cet élément"));
}

#[tokio::test]
async fn a_contact_is_added_from_the_page_of_their_company() {
    let app = app().await;
    let owner = app.owner();
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let form = owner.get(&format!("/crm/contacts/nouveau?entreprise={company}")).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    assert!(form.text().contains(&format!("value=\"{company}\" selected")), "{}", form.text());
    assert!(form.text().contains("name=\"company_id\""));
    owner.get("/crm/contacts/nouveau?entreprise=nobody").await.expect(200);

    let fields =
        [("_key", "k"), ("civility", "mr"), ("last_name", "Petit"), ("company_id", &company), ("mobile", "06")];
    let saved = owner.form("/crm/contacts/nouveau", &fields).await.expect(303);
    let path = saved.header("location").expect("a place").to_owned();
    let page = owner.get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Petit") && page.text().contains("Boulangerie Dupré"), "{}", page.text());

    let form = owner.get(&format!("{path}/modifier")).await.expect(200);
    assert!(form.round_trips() <= Some(2), "{:?}", form.round_trips());
    assert!(form.text().contains(&format!("value=\"{company}\" selected")));
    let fields = [("_key", "l"), ("_version", "1"), ("last_name", "Grand"), ("company_id", company.as_str())];
    owner.form(&format!("{path}/modifier"), &fields).await.expect(303);
    assert!(owner.get("/crm/contacts").await.expect(200).text().contains("Grand"));
}

#[tokio::test]
async fn lists_have_pages() {
    let app = app().await;
    let program = app.program();
    for n in 0..3 {
        added(&program, COMPANIES, &json!({ "name": format!("Société {n}") })).await;
        added(&program, CONTACTS, &json!({ "last_name": format!("Société {n}") })).await;
    }
    for path in ["/crm/entreprises", "/crm/contacts"] {
        let first = app.owner().get(&format!("{path}?q=soci%C3%A9t%C3%A9&limit=2")).await.expect(200).text();
        assert!(first.contains("Société 1") && !first.contains("Société 2") && !first.contains("Début de la liste"));
        let from = first.find("cursor=").expect("a link to what follows");
        let start = first[..from].rfind("href=\"").expect("a link") + 6;
        let end = start + first[start..].find('"').expect("its end");
        let next = first[start..end].replace("&#38;", "&").replace("&amp;", "&");
        let second = app.owner().get(&next).await.expect(200).text();
        assert!(second.contains("Société 2") && !second.contains("Société 1"), "{second}");
        assert!(second.contains("Début de la liste"));
    }
}

#[tokio::test]
async fn the_panel_shows_the_companies_added_last() {
    let app = app().await;
    let program = app.program();
    for n in 0..7 {
        added(&program, COMPANIES, &json!({ "name": format!("Société {n}") })).await;
        app.advance(jiff::SignedDuration::from_secs(1));
    }
    let panel = app.owner().header("hx-request", "true").get("/crm/panneaux/recents").await.expect(200);
    assert!(panel.round_trips() <= Some(2));
    let text = panel.text();
    assert!(!text.contains("<html"));
    assert_eq!(text.matches("/crm/entreprises/com_").count(), 5);
    assert!(text.find("Société 6") < text.find("Société 5") && !text.contains("Société 1"));
}

#[tokio::test]
async fn pages_of_another_tenant_are_not_found() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let contact = added(&program, CONTACTS, &json!({ "last_name": "Durand" })).await;
    let stranger = app.stranger();
    for path in [format!("/crm/entreprises/{company}"), format!("/crm/contacts/{contact}")] {
        stranger.get(&path).await.expect(404);
        stranger.get(&format!("{path}/modifier")).await.expect(404);
    }
    stranger.form(&format!("/crm/entreprises/{company}/modifier"), &FORM[1..]).await.expect(404);
    stranger.form(&format!("/crm/contacts/{contact}/modifier"), &[("last_name", "X")]).await.expect(404);
    assert!(!stranger.get("/crm/panneaux/recents").await.expect(200).text().contains("Boulangerie"));
}

#[tokio::test]
async fn a_member_sees_what_a_member_may() {
    let app = app().await;
    let id = added(&app.program(), COMPANIES, &bakery()).await;
    let page = app.with_role(Role::Member).get(&format!("/crm/entreprises/{id}")).await.expect(200).text();
    assert!(page.contains("/modifier") && page.contains("/facturation/devis/nouveau"));
}
