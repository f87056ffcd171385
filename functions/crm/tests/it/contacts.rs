//! `/api/v1/contacts`

use kernel::reference::ClientReference;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{COMPANIES, CONTACTS, added, app, bakery, column, with};

/// To whom the documents of a company are addressed.
async fn addressee(app: &App, company: &str) -> Option<String> {
    let scope = app.scope();
    let key = scope.keys().client_reference(company.parse().expect("an id"));
    scope.get::<ClientReference>(&key).await.expect("a reading").expect("a reference").value.contact
}

fn zoe(company: &str) -> Value {
    json!({
        "company_id": company,
        "civility": "mrs",
        "first_name": "Zoé",
        "last_name": "Durand",
        "job_title": "Gérante",
        "email": "zoe@dupre.example",
        "mobile": "06 00 00 00 00",
    })
}

/// Among the contacts of a company.
async fn on_page(client: &Client, company: &str, name: &str) -> bool {
    let page = client.get(&format!("/crm/entreprises/{company}")).await.expect(200).text();
    page.split("Anciens contacts").next().is_some_and(|page| page.contains(name))
}

/// Those who were at a company, with the day on which they left.
async fn former(client: &Client, company: &str) -> Vec<(String, String)> {
    let relations = client.get(&format!("{COMPANIES}/{company}/relations")).await.expect(200);
    assert!(relations.round_trips() <= Some(2));
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let json = relations.json();
    let lines = json["former_contacts"].as_array().expect("a list");
    lines.iter().map(|line| (text(line, "name"), text(line, "until"))).collect()
}

#[tokio::test]
async fn a_contact_is_created_listed_and_shown() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let created = program.post(CONTACTS, &zoe(&company)).await.expect(201);
    let id = created.field("/id");
    assert!(id.starts_with("con_"), "{id}");
    let location = format!("{CONTACTS}/{id}");
    assert_eq!(created.header("location"), Some(location.as_str()));
    assert_eq!(created.field("/company_id"), company);
    assert!(created.round_trips() <= Some(3));

    let list = program.get(&format!("{CONTACTS}?q=DURAND%20zo")).await.expect(200);
    assert_eq!(column(&list, "id"), [id.as_str()]);
    assert!(list.round_trips() <= Some(2));
    let shown = program.get(&location).await.expect(200);
    assert_eq!(shown.json(), created.json());
    assert!(shown.round_trips() <= Some(2));
    assert!(on_page(&app.owner(), &company, "Zoé Durand").await);
    // A contact of its own does not age the company.
    assert_eq!(program.get(&format!("{COMPANIES}/{company}")).await.header("etag"), Some("\"1\""));
}

#[tokio::test]
async fn a_contact_may_be_with_no_company() {
    let app = app().await;
    let program = app.program();
    let created = program.post(CONTACTS, &json!({ "last_name": "Petit" })).await.expect(201);
    assert_eq!(created.field("/company_id"), "");
    assert_eq!(created.field("/civility"), "none");
}

#[tokio::test]
async fn a_company_that_is_not_ours_does_not_exist() {
    let app = app().await;
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    let theirs = added(&stranger, COMPANIES, &bakery()).await;
    for company in [theirs.as_str(), "com_00000000000000000000000000", "nobody"] {
        let refused = app.program().post(CONTACTS, &zoe(company)).await.expect(422);
        assert_eq!(refused.violations(), ["/company_id"]);
    }
    let id = added(&stranger, CONTACTS, &zoe(&theirs)).await;
    app.program().get(&format!("{CONTACTS}/{id}")).await.expect(404);
    app.program().put(&format!("{CONTACTS}/{id}"), &zoe("")).await.expect(404);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_what_cannot_be_read_is_malformed() {
    let app = app().await;
    let program = app.program();
    let refused = program.post(CONTACTS, &json!({ "civility": "dr", "email": "x" })).await.expect(422);
    assert_eq!(refused.violations(), ["/civility", "/last_name", "/email"]);
    program.post(CONTACTS, &json!({ "last_name": "A", "age": 3 })).await.expect(400);
}

#[tokio::test]
async fn the_first_contact_with_an_address_is_the_addressee_of_documents() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    added(&program, CONTACTS, &json!({ "company_id": company, "last_name": "Muet" })).await;
    assert_eq!(addressee(&app, &company).await, None);
    let id = added(&program, CONTACTS, &zoe(&company)).await;
    assert_eq!(addressee(&app, &company).await.as_deref(), Some("Zoé Durand"));
    added(&program, CONTACTS, &with(zoe(&company), json!({ "last_name": "Second" }))).await;
    assert_eq!(addressee(&app, &company).await.as_deref(), Some("Zoé Durand"));

    let path = format!("{CONTACTS}/{id}");
    let married = with(zoe(&company), json!({ "last_name": "Martin" }));
    let edited = program.put(&path, &married).await.expect(200);
    assert!(edited.round_trips() <= Some(3));
    assert_eq!(addressee(&app, &company).await.as_deref(), Some("Zoé Martin"));
    // A change of the company keeps its addressee.
    program.put(&format!("{COMPANIES}/{company}"), &with(bakery(), json!({ "city": "Paris" }))).await.expect(200);
    assert_eq!(addressee(&app, &company).await.as_deref(), Some("Zoé Martin"));
    program.put(&path, &with(married, json!({ "email": "" }))).await.expect(200);
    assert_eq!(addressee(&app, &company).await, None);
}

#[tokio::test]
async fn a_contact_who_changes_companies_leaves_nothing_behind() {
    let app = app().await;
    let program = app.program();
    let former = added(&program, COMPANIES, &bakery()).await;
    let later = added(&program, COMPANIES, &json!({ "name": "Pâtisserie" })).await;
    let id = added(&program, CONTACTS, &zoe(&former)).await;
    let path = format!("{CONTACTS}/{id}");
    // Once as it was: a line that was replaced is removed all the same.
    program.put(&path, &zoe(&former)).await.expect(200);
    let moved = program.put(&path, &zoe(&later)).await.expect(200);
    assert_eq!(moved.field("/company_id"), later);
    assert!(moved.round_trips() <= Some(3));
    assert!(!on_page(&app.owner(), &former, "Zoé").await);
    assert!(on_page(&app.owner(), &later, "Zoé").await);
    assert_eq!(addressee(&app, &former).await, None);
    assert_eq!(addressee(&app, &later).await.as_deref(), Some("Zoé Durand"));

    program.put(&path, &zoe("")).await.expect(200);
    assert!(!on_page(&app.owner(), &later, "Zoé").await);
    assert_eq!(addressee(&app, &later).await, None);
    assert_eq!(card(&app, &later).await.contacts, 0);

    // Their place is free for another.
    let second = with(zoe(&later), json!({ "last_name": "Second" }));
    let second = added(&program, CONTACTS, &second).await;
    assert_eq!(card(&app, &later).await.addressee.map(|id| id.to_string()), Some(second));
    assert_eq!(addressee(&app, &later).await.as_deref(), Some("Zoé Second"));
}

#[tokio::test]
async fn a_contact_remembers_where_they_were_and_a_company_who_was_there() {
    let app = app().await;
    let program = app.program();
    let first = added(&program, COMPANIES, &bakery()).await;
    let second = added(&program, COMPANIES, &json!({ "name": "Pâtisserie" })).await;
    let id = added(&program, CONTACTS, &zoe(&first)).await;
    let path = format!("{CONTACTS}/{id}");
    let moved = with(zoe(&second), json!({ "job_title": "Directrice" }));
    let moved = program.put(&path, &moved).await.expect(200);
    assert!(moved.round_trips() <= Some(3));
    assert_eq!(moved.field("/former_companies/0/company_id"), first);
    assert_eq!(moved.field("/former_companies/0/job_title"), "Gérante", "what she did there");
    assert_eq!(former(&program, &first).await, [("Zoé Durand".into(), "2026-11-22".into())]);
    let owner = app.owner();
    let page = owner.get(&format!("/crm/entreprises/{first}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Anciens contacts") && page.text().contains("22/11/2026"));
    let page = owner.get(&format!("/crm/contacts/{id}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    assert!(text.contains("Anciennes entreprises") && text.contains("Boulangerie Dupré"), "{text}");

    // Another name reaches the line; somebody else's eyes do not.
    program.put(&path, &with(zoe(&second), json!({ "last_name": "Martin" }))).await.expect(200);
    assert_eq!(former(&program, &first).await[0].0, "Zoé Martin");
    let reader = testkit::own_records([kernel::Permission::CrmView, kernel::Permission::CrmEdit]);
    let (user, reader) = app.with_new_member(reader).await;
    program.put(&format!("{COMPANIES}/{first}"), &with(bakery(), json!({ "assigned_to": user }))).await.expect(200);
    assert!(former(&reader.header("sec-fetch-site", "same-origin"), &first).await.is_empty());

    // Who comes back is no former contact, and is one again once they leave.
    program.put(&path, &zoe(&first)).await.expect(200);
    assert!(former(&program, &first).await.is_empty());
    assert_eq!(former(&program, &second).await.len(), 1);
    program.put(&path, &zoe("")).await.expect(200);
    assert_eq!(former(&program, &first).await.len(), 1);

    // Who is erased was nowhere.
    program.delete(&path).await.expect(200);
    for company in [&first, &second] {
        assert!(former(&program, company).await.is_empty());
    }
}

#[tokio::test]
async fn a_contact_has_all_their_fields() {
    let app = app().await;
    let program = app.program();
    let all = json!({
        "last_name": "Durand", "category": "partner", "department": "Achats", "street": "1 rue du Port",
        "postal_code": "44000", "city": "Nantes", "country": "FR", "preferred": "mobile", "consent": "true",
        "consent_source": "Salon de Lyon", "consent_on": "2026-11-20",
    });
    let created = program.post(CONTACTS, &all).await.expect(201);
    for (field, value) in all.as_object().expect("fields") {
        assert_eq!(created.json()[field], *value, "{field}");
    }
    let page = app.owner().get(&format!("/crm/contacts/{}", created.field("/id"))).await.expect(200).text();
    for shown in ["Partenaire", "Achats", "44000 Nantes", "Mobile", "Accord donné", "Salon de Lyon", "20/11/2026"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let form = app.owner().get(&format!("/crm/contacts/{}/modifier", created.field("/id"))).await.expect(200).text();
    assert!(form.contains("value=\"Salon de Lyon\"") && form.contains("<details open"), "{form}");
    let refused = with(all, json!({ "consent_source": "", "consent_on": "2026-12-01" }));
    assert_eq!(program.post(CONTACTS, &refused).await.expect(422).violations(), ["/consent_source", "/consent_on"]);
}

#[tokio::test]
async fn a_change_wants_the_version_that_was_seen() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, CONTACTS, &zoe("")).await;
    let path = format!("{CONTACTS}/{id}");
    let first = program.header("if-match", "\"1\"");
    assert_eq!(first.put(&path, &zoe("")).await.expect(200).header("etag"), Some("\"2\""));
    first.put(&path, &zoe("")).await.expect(412);
}

#[tokio::test]
async fn creating_twice_with_one_key_creates_one_contact() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let once = program.idempotency_key("once");
    let first = once.post(CONTACTS, &zoe(&company)).await.expect(201);
    assert_eq!(once.post(CONTACTS, &zoe(&company)).await.expect(201).json(), first.json());
    assert_eq!(column(&once.get(CONTACTS).await, "id").len(), 1);
}

#[tokio::test]
async fn contacts_of_one_company_added_at_once_are_all_there() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let adding = (0..8).map(|n| {
        let (program, body) = (program.clone(), with(zoe(&company), json!({ "last_name": format!("Durand {n}") })));
        tokio::spawn(async move { program.post(CONTACTS, &body).await.expect(201) })
    });
    for task in adding.collect::<Vec<_>>() {
        task.await.expect("a contact is added");
    }
    assert_eq!(card(&app, &company).await.contacts, 8);
    let page = app.owner().get(&format!("/crm/entreprises/{company}")).await.expect(200).text();
    assert_eq!(page.matches("/crm/contacts/con_").count(), 8);
}

#[tokio::test]
async fn a_company_full_of_contacts_takes_no_more_and_can_still_be_renamed() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    for n in 0..90 {
        added(&program, CONTACTS, &with(zoe(&company), json!({ "last_name": format!("Durand {n}") }))).await;
    }
    let refused = program.post(CONTACTS, &zoe(&company)).await.expect(422);
    assert_eq!(refused.violations(), ["/company_id"]);
    let renamed = with(bakery(), json!({ "name": "Maison Dupré" }));
    let renamed = program.put(&format!("{COMPANIES}/{company}"), &renamed).await.expect(200);
    assert!(renamed.round_trips() <= Some(3));
    let page = app.owner().get("/crm/contacts?limit=100").await.expect(200).text();
    assert_eq!(page.matches("Maison Dupré").count(), 90);
}

async fn card(app: &App, company: &str) -> crm::company::CompanyCard {
    let scope = app.scope();
    let key = scope.keys().company_card(company.parse().expect("an id"));
    scope.get(&key).await.expect("a reading").expect("a card").value
}
