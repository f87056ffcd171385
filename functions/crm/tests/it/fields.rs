//! All fields of a company, tags, and fields of one's own.

use kernel::{Permission, permission::Role};
use serde_json::json;
use testkit::App;

use crate::{COMPANIES, CONTACTS, added, app, bakery, column, with};

const TAGS: &str = "/api/v1/crm/tags";
const FIELDS: &str = "/api/v1/crm/fields";

#[tokio::test]
async fn a_company_has_all_its_fields() {
    let app = app().await;
    let program = app.program();
    let all = with(
        bakery(),
        json!({
            "industry": "Boulangerie", "employees": "1250", "revenue": "1250000.50",
            "addresses": [
                { "usage": "delivery", "label": "Entrepôt", "street": "1 quai du Port", "complement": "",
                  "postal_code": "13002", "city": "Marseille", "country": "FR" },
                { "usage": "billing", "label": "", "street": "2 rue B", "complement": "", "postal_code": "1000",
                  "city": "Bruxelles", "country": "BE" },
            ],
        }),
    );
    let created = program.post(COMPANIES, &all).await.expect(201);
    for field in ["industry", "employees", "revenue", "addresses"] {
        let shown = &created.json()[field];
        let expected = if field == "revenue" { &json!("1250000.5") } else { &all[field] };
        assert_eq!(shown, expected, "{field}");
    }
    let id = created.field("/id");
    let owner = app.owner();
    let page = owner.get(&format!("/crm/entreprises/{id}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    let revenue = "1\u{202f}250\u{202f}000,50\u{a0}€";
    for shown in ["Entrepôt (livraison)", "13002 Marseille", "Belgique", "Facturation", revenue] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for panel in ["activites", "fichiers", "opportunites"] {
        assert!(text.contains(&format!("hx-get=\"/crm/panneaux/{panel}/{id}\"")), "{panel}");
    }
    let form = owner.get(&format!("/crm/entreprises/{id}/modifier")).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    let form = form.text();
    assert!(form.contains("name=\"addresses.1.city\"") && form.contains("value=\"Bruxelles\""), "{form}");
    assert!(form.contains("name=\"addresses.1.label\"") && form.contains("name=\"addresses.new.label\""), "{form}");
    assert!(form.contains("name=\"addresses.new.city\"") && form.contains("value=\"1250000,5\""), "{form}");
}

#[tokio::test]
async fn further_addresses_are_rows_of_the_form() {
    let app = app().await;
    let owner = app.owner();
    let rows = [
        ("name", "Dupré"),
        ("addresses.0.street", "1 quai du Port"),
        ("addresses.0.postal_code", "13002"),
        ("addresses.0.city", "Marseille"),
        ("addresses.7.label", "Siège"),
        ("addresses.7.street", "2 rue B"),
        ("addresses.7.postal_code", "75002"),
        ("addresses.7.city", ""),
        ("addresses.9.country", "FR"),
    ];
    let again = owner.form("/crm/entreprises/nouvelle", &rows).await.expect(422).text();
    // It comes back where it stands now, with what is wrong beside it.
    assert!(again.contains("aria-invalid=\"true\" aria-describedby=\"addresses.1.city-error\""), "{again}");
    assert!(again.contains("value=\"Siège\""), "{again}");
    let mut rows = rows.to_vec();
    rows[7].1 = "Paris";
    let saved = owner.form("/crm/entreprises/nouvelle", &rows).await.expect(303);
    let page = owner.get(saved.header("location").expect("a place")).await.expect(200).text();
    assert!(page.contains("13002 Marseille") && page.contains("Siège (livraison)"), "{page}");
}

async fn own(app: &App) -> (String, String, String) {
    let program = app.program();
    let tag = added(&program, TAGS, &json!({ "name": "Salon", "color": "red" })).await;
    let choice = json!({ "of": "company", "name": "Filière", "kind": "choice", "choices": "Bio\nLocal" });
    let choice = added(&program, FIELDS, &choice).await;
    let number = json!({ "of": "company", "name": "Surface", "kind": "number" });
    (tag, choice, added(&program, FIELDS, &number).await)
}

#[tokio::test]
async fn own_fields_and_tags_are_in_form_page_and_api() {
    let app = app().await;
    let (tag, choice, number) = own(&app).await;
    let owner = app.owner();
    let form = owner.get("/crm/entreprises/nouvelle").await.expect(200);
    assert!(form.round_trips() <= Some(2));
    for name in [&choice, &number] {
        assert!(form.text().contains(&format!("name=\"custom.{name}\"")), "{}", form.text());
    }
    let (choice_name, number_name) = (format!("custom.{choice}"), format!("custom.{number}"));
    let fields =
        [("name", "Dupré"), ("tags", tag.as_str()), (choice_name.as_str(), "Rapide"), (number_name.as_str(), "12,5")];
    let again = owner.form("/crm/entreprises/nouvelle", &fields).await.expect(422).text();
    assert!(again.contains(&format!("aria-describedby=\"custom.{choice}-error\"")), "{again}");
    assert!(again.contains(&format!("value=\"{tag}\" checked")), "{again}");
    let mut fields = fields;
    fields[2].1 = "Bio";
    let saved = owner.form("/crm/entreprises/nouvelle", &fields).await.expect(303);
    let path = saved.header("location").expect("a place").to_owned();
    let page = owner.get(&path).await.expect(200).text();
    for shown in ["tag tag-red\">Salon", "<dt>Filière</dt><dd>Bio</dd>", "<dt>Surface</dt><dd>12,5</dd>"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let program = app.program();
    let api = format!("{COMPANIES}/{}", path.trim_start_matches("/crm/entreprises/"));
    let shown = program.get(&api).await.expect(200);
    assert_eq!(shown.json()["custom"], json!({ &choice: "Bio", &number: "12.5" }));
    assert_eq!(shown.json()["tags"], json!([tag]));

    // What is not named stays, what is gone counts for nothing, and what is read can be written.
    program.put(&api, &json!({ "name": "Dupré", "custom": { &number: "" } })).await.expect(200);
    let shown = program.get(&api).await.expect(200);
    assert_eq!((&shown.json()["custom"], &shown.json()["tags"]), (&json!({ &choice: "Bio" }), &json!([])));
    program.put(&api, &json!({ "name": "Dupré", "tags": [tag] })).await.expect(200);
    program.delete(&format!("{FIELDS}/{choice}")).await.expect(204);
    program.delete(&format!("{TAGS}/{tag}")).await.expect(204);
    let shown = program.get(&api).await.expect(200);
    assert_eq!((&shown.json()["custom"], &shown.json()["tags"]), (&json!({}), &json!([])));
    assert!(!owner.get(&path).await.expect(200).text().contains("Salon"));
    for (path, body) in [(COMPANIES, json!({ "name": "X" })), (CONTACTS, json!({ "last_name": "X" }))] {
        let refused = with(body, json!({ "tags": [tag], "custom": { &number: "x", "fld_1": "y" } }));
        let refused = program.post(path, &refused).await.expect(422);
        assert!(refused.violations().contains(&"/tags/0".to_owned()), "{:?}", refused.violations());
    }
}

#[tokio::test]
async fn settings_are_changed_by_who_may_and_seen_by_who_sees_the_crm() {
    let app = app().await;
    for role in Role::ALL {
        let person = app.with_role(role).header("sec-fetch-site", "same-origin");
        let (may_view, may_edit) = (role.allows(Permission::CrmView), role.allows(Permission::CrmEdit));
        for path in ["/crm/reglages", "/crm/reglages/etiquettes", "/crm/reglages/champs", TAGS, FIELDS] {
            person.get(path).await.expect(if may_view { 200 } else { 403 });
        }
        let tag = json!({ "name": format!("{role:?}") });
        person.post(TAGS, &tag).await.expect(if may_edit { 201 } else { 403 });
    }
}

#[tokio::test]
async fn a_tag_is_added_changed_and_removed() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let path = "/crm/reglages/etiquettes";
    let fields = [("_key", "t"), ("name", "Salon 2026"), ("color", "teal")];
    owner.form(path, &fields).await.expect(303);
    owner.form(path, &fields).await.expect(303);
    let list = program.get(TAGS).await.expect(200);
    assert_eq!(column(&list, "name"), ["Salon 2026"]);
    let id = list.field("/items/0/id");
    let again = owner.form(path, &[("name", "SALON 2026"), ("color", "red")]).await.expect(422).text();
    assert!(again.contains("value=\"SALON 2026\"") && again.contains("name-error"), "{again}");
    let form = owner.get(&format!("{path}/{id}")).await.expect(200).text();
    assert!(form.contains("value=\"Salon 2026\"") && form.contains("name=\"_version\" value=\"1\""), "{form}");
    let changed = program.put(&format!("{TAGS}/{id}"), &json!({ "name": "Salon", "color": "red" })).await.expect(200);
    assert!(changed.round_trips() <= Some(3));
    assert_eq!((changed.field("/color"), changed.header("etag")), ("red".into(), Some("\"2\"")));
    let stale = [("_version", "1"), ("name", "X"), ("color", "red")];
    let stale = owner.form(&format!("{path}/{id}"), &stale).await.expect(422).text();
    assert!(stale.contains("a modifié cet élément"), "{stale}");
    app.stranger().get(&format!("{path}/{id}")).await.expect(404);
    app.stranger().header("sec-fetch-site", "same-origin").delete(&format!("{TAGS}/{id}")).await.expect(404);
    owner.form(&format!("{path}/{id}/supprimer"), &[("_key", "s"), ("_version", "2")]).await.expect(303);
    assert!(column(&program.get(TAGS).await, "id").is_empty());
    program.delete(&format!("{TAGS}/{id}")).await.expect(404);
}

#[tokio::test]
async fn a_field_is_added_changed_and_removed() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let path = "/crm/reglages/champs";
    let fields =
        [("_key", "f"), ("of", "contact"), ("name", "Menu"), ("kind", "choice"), ("choices", "Végétarien\r\nHalal")];
    owner.form(path, &fields).await.expect(303);
    owner.form(path, &fields).await.expect(303);
    let list = program.get(FIELDS).await.expect(200);
    assert_eq!(list.json()["items"][0]["choices"], json!(["Végétarien", "Halal"]));
    let id = list.field("/items/0/id");
    let again = owner.form(path, &[("of", "contact"), ("name", "Autre"), ("kind", "choice")]).await.expect(422).text();
    assert!(again.contains("choices-error"), "{again}");
    let page = owner.get(path).await.expect(200).text();
    assert!(page.contains("Végétarien, Halal") && page.contains("Choix dans une liste"), "{page}");
    let body = json!({ "name": "Repas", "choices": "Halal", "kind": "text", "of": "company" });
    let changed = program.put(&format!("{FIELDS}/{id}"), &body).await.expect(200);
    assert_eq!((changed.field("/kind"), changed.field("/of")), ("choice".into(), "contact".into()));
    let form = owner.get(&format!("{path}/{id}")).await.expect(200).text();
    assert!(form.contains("value=\"Repas\"") && form.contains("Supprimer ce champ"), "{form}");
    app.stranger().get(&format!("{path}/{id}")).await.expect(404);
    owner.form(&format!("{path}/{id}"), &[("_version", "2"), ("name", "Menu"), ("choices", "Halal")]).await.expect(303);
    owner.form(&format!("{path}/{id}/supprimer"), &[("_key", "s"), ("_version", "3")]).await.expect(303);
    assert!(column(&program.get(FIELDS).await, "id").is_empty());
}

#[tokio::test]
async fn settings_changed_at_once_are_all_there() {
    let app = app().await;
    let program = app.program();
    let adding = (0..8).map(|n| {
        let (program, body) = (program.clone(), json!({ "name": format!("Étiquette {n}") }));
        tokio::spawn(async move { program.post(TAGS, &body).await.expect(201) })
    });
    for task in adding.collect::<Vec<_>>() {
        task.await.expect("a tag is added");
    }
    assert_eq!(column(&program.get(TAGS).await, "name").len(), 8);
}
