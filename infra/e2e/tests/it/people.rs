//! All that there is on one person, as a file: what is in it, what never is, and who may have it.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use kernel::{
    Permission,
    event::{Event, Owner, Person},
    id::{ExportId, OrganizationId},
    permission::{CustomRole, MemberRole, Role},
};
use serde_json::{Value, json};
use table::shared::OwnedMail;
use testkit::{App, Client};

use crate::{
    everything::{self, Outside},
    exports::{self, deliver, message, render, unzipped},
    round_trips::all_contexts,
};

type Files = BTreeMap<String, Vec<u8>>;

const PASSWORD: &str = "neuf girafes jonglent au parc";

async fn id(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201).field("/id")
}

fn document(client: &str) -> Value {
    json!({ "client_id": client,
        "lines": [{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }] })
}

/// Issued to whoever the company's documents are addressed to, and rendered.
async fn issue(app: &App, client: &Client, company: &str, pdf: &[u8]) -> (String, String) {
    let draft = id(client, "/api/v1/invoices", &document(company)).await;
    let number = client.post(&format!("/api/v1/invoices/{draft}/issue"), &json!({})).await.expect(200).field("/number");
    render(app, app.ours.id, Owner::Invoice(draft.parse().expect("an id")), &number, pdf).await;
    app.advance(SignedDuration::from_millis(1));
    (draft, number)
}

/// Asks, lets the worker work, downloads.
async fn exported(app: &App, client: &Client, place: OrganizationId, path: &str, of: Person) -> Files {
    let export = client.post(&format!("{path}/exports"), &json!({})).await.expect(202).field("/id");
    deliver(app, place, Event::PersonExportRequested { of, export: export.parse().expect("an id") }).await;
    let link = client.get(&format!("{path}/exports/{export}/file")).await.expect(200);
    assert!(link.field("/file_name").starts_with("abservice-donnees-personnelles-2026-"));
    unzipped(&link.field("/url")).await
}

fn text(files: &Files, name: &str) -> String {
    let file = files.get(name).unwrap_or_else(|| panic!("{name} among {:?}", files.keys()));
    String::from_utf8(file.clone()).expect("a text")
}

fn list(files: &Files, name: &str) -> Vec<Value> {
    serde_json::from_str(&text(files, &format!("donnees/{name}.json"))).expect("a list")
}

/// All texts of an archive, PDF and pictures left out.
fn all_text(files: &Files) -> String {
    files.values().map(|file| String::from_utf8_lossy(file).into_owned()).collect()
}

struct Seeded {
    contact: String,
    of: Person,
    number: String,
}

/// Claire at La Poste, to whom documents go; beside her Paul, whom nothing of hers concerns, and a namesake elsewhere.
async fn seeded(app: &App) -> Seeded {
    let program = &app.program();
    let company = |name: &str| json!({ "name": name, "email": "compta@poste.example" });
    let poste = id(program, "/api/v1/companies", &company("La Poste")).await;
    let banque = id(program, "/api/v1/companies", &company("La Banque")).await;
    let claire = |last: &str| {
        json!({ "company_id": poste, "first_name": "Claire", "last_name": last, "email": "claire@poste.example",
            "mobile": "+33 6 12 13 14 15", "notes": "Préfère le matin" })
    };
    let contact = id(program, "/api/v1/contacts", &claire("Avant")).await;
    app.advance(SignedDuration::from_millis(1));
    let paul =
        json!({ "company_id": poste, "first_name": "Paul", "last_name": "Reste", "email": "paul@poste.example" });
    id(program, "/api/v1/contacts", &paul).await;
    let (_, former) = issue(app, program, &poste, b"%PDF avant").await;
    program.put(&format!("/api/v1/contacts/{contact}"), &claire("Martin")).await.expect(200);
    app.advance(SignedDuration::from_millis(1));
    let (invoice, number) = issue(app, program, &poste, b"%PDF apres").await;
    let quote = id(program, "/api/v1/quotes", &document(&poste)).await;
    exports::attach(program, &quote, "plan.pdf", "Plan").await;
    program.post(&format!("/api/v1/quotes/{quote}/send"), &json!({})).await.expect(200);
    assert_ne!(former, number);
    assert!(!invoice.is_empty());

    let namesake = json!({ "company_id": banque, "first_name": "Claire", "last_name": "Martin",
        "email": "autre@banque.example", "notes": "Une autre" });
    id(program, "/api/v1/contacts", &namesake).await;
    issue(app, program, &banque, b"%PDF autre").await;
    let theirs = app.stranger().header("sec-fetch-site", "same-origin");
    let elsewhere =
        json!({ "first_name": "Claire", "last_name": "Martin", "email": "claire@poste.example", "notes": "Chez eux" });
    id(&theirs, "/api/v1/contacts", &elsewhere).await;
    // Somebody who was erased leaves with nobody's data.
    let gone = id(program, "/api/v1/contacts", &json!({ "last_name": "Effacée", "email": "gone@poste.example" })).await;
    program.delete(&format!("/api/v1/contacts/{gone}")).await.expect(200);
    let of = Person::Contact(contact.parse().expect("an id"));
    Seeded { contact, of, number }
}

#[tokio::test]
async fn a_contact_s_export_has_all_that_is_theirs_and_nothing_of_anybody_else() {
    let app = App::new(all_contexts).await;
    let Seeded { contact, of, number } = seeded(&app).await;
    let owner = app.owner();
    let files = exported(&app, &owner, app.ours.id, &format!("/api/v1/contacts/{contact}"), of).await;

    let record = &list(&files, "contacts")[..];
    assert_eq!(record.len(), 1);
    assert_eq!(record[0]["person"]["mobile"], "+33 6 12 13 14 15");
    assert_eq!(list(&files, "liste-contacts")[0]["name"], "Claire Martin");
    assert_eq!(list(&files, "conservation").len(), 1);
    // Before they were called otherwise.
    assert_eq!(list(&files, "factures").len(), 2);
    assert_eq!((list(&files, "devis").len(), list(&files, "documents-figes").len()), (1, 3));
    assert_eq!(files[&format!("documents/factures/{number}.pdf")], b"%PDF apres");
    assert!(text(&files, "pieces-jointes/DEV-2026-0001/plan.pdf").contains("%plan.pdf"));
    let mails = list(&files, "courriels");
    assert!(mails.len() >= 2 && mails.iter().all(|mail| mail["mail"]["text"].as_str().is_some()), "{mails:?}");
    // Of what is not about them, the fields that name them.
    let mentions = list(&files, "mentions");
    assert!(mentions.iter().any(|mention| mention["fields"]["/contact"] == "Claire Martin"), "{mentions:?}");
    let log = list(&files, "journal-activite");
    let acts: Vec<_> = log.iter().map(|entry| entry["act"].as_str().unwrap_or_default()).collect();
    for act in ["create_contact", "edit_contact", "issue_invoice", "request_person_export"] {
        assert!(acts.contains(&act), "{act} in {acts:?}");
    }
    let all = all_text(&files);
    assert!(all.contains("Préfère le matin") && all.contains("Claire Avant"));
    for other in ["Paul", "Reste", "paul@", "Une autre", "autre@", "%PDF autre", "Chez eux", "Effacée", "gone@"] {
        assert!(
            !all.contains(other),
            "{other} in {:?}",
            files.iter().find(|(_, file)| { String::from_utf8_lossy(file).contains(other) })
        );
    }
    assert!(!all.contains(&app.theirs.id.to_string()));
    let readme = text(&files, "LISEZMOI.txt");
    for told in
        ["articles 15 et 20", "donnees/contacts.json", &format!("documents/factures/{number}.pdf"), "CNIL", "Atelier"]
    {
        assert!(readme.contains(told), "{told}: {readme}");
    }
    // The log tells who exported whom.
    let entry = owner.get(&format!("/api/v1/audit-entries?object={contact}")).await.expect(200).json();
    let entry = entry["items"].as_array().into_iter().flatten().find(|entry| entry["act"] == "request_person_export");
    assert_eq!(entry.expect("an entry")["actor"]["kind"], "user");
    // And the page, who asked and when.
    let page = owner.get(&format!("/crm/contacts/{contact}/donnees")).await.expect(200).text();
    assert!(page.contains("Prêt") && page.contains("Télécharger"), "{page}");
}

#[tokio::test]
async fn documents_and_the_log_are_for_who_may_see_them_also_at_download() {
    let app = App::new(all_contexts).await;
    let Seeded { contact, of, .. } = seeded(&app).await;
    let path = format!("/api/v1/contacts/{contact}");
    let role = |name: &str, more: &[Permission]| {
        let permissions = [Permission::CrmView, Permission::CrmExport].into_iter().chain(more.iter().copied());
        MemberRole::Custom(CustomRole {
            id: app.scope().new_id(kernel::id::RoleId::new),
            name: name.into(),
            permissions: permissions.collect(),
            own_records_only: false,
        })
    };
    let (_, narrow) = app.with_new_member(role("CRM", &[])).await;
    let (_, invoicing) = app.with_new_member(role("Documents", &[Permission::InvoicingView])).await;
    let files = exported(&app, &narrow, app.ours.id, &path, of).await;
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert!(names.contains(&"donnees/contacts.json"), "{names:?}");
    let all = all_text(&files);
    for kept in ["donnees/factures", "donnees/courriels", "donnees/journal", "documents/", "FAC-"] {
        assert!(!names.iter().any(|name| name.contains(kept)) && !all.contains(kept), "{kept} in {names:?}");
    }
    app.advance(SignedDuration::from_mins(1));
    let files = exported(&app, &invoicing, app.ours.id, &path, of).await;
    assert!(files.contains_key("donnees/factures.json") && !files.contains_key("donnees/journal-activite.json"));
    // What has documents is not for who may not see them, whoever asked for it.
    let newest = narrow.get(&format!("{path}/exports")).await.expect(200).field("/items/0/id");
    narrow.get(&format!("{path}/exports/{newest}/file")).await.expect(403);
    narrow.get(&format!("/crm/contacts/{contact}/donnees/{newest}")).await.expect(403);
    app.owner().get(&format!("{path}/exports/{newest}/file")).await.expect(200);
    // Nobody else's, and no longer than a week.
    let theirs = app.stranger();
    theirs.get(&format!("{path}/exports")).await.expect(404);
    theirs.get(&format!("{path}/exports/{newest}/file")).await.expect(404);
    theirs.post(&format!("{path}/exports"), &json!({})).await.expect(404);
    app.with_role(Role::Reader).post(&format!("{path}/exports"), &json!({})).await.expect(403);
    app.advance(SignedDuration::from_hours(7 * 24));
    app.owner().get(&format!("{path}/exports/{newest}/file")).await.expect(404);
}

#[tokio::test]
async fn who_sees_only_their_own_contacts_exports_only_them() {
    let app = App::new(all_contexts).await;
    let all = Permission::ALL.iter().copied();
    let (user, own) = app.with_new_member(testkit::own_records(all)).await;
    let program = app.program();
    let of_another = id(&program, "/api/v1/contacts", &json!({ "last_name": "Autre" })).await;
    let theirs = json!({ "last_name": "Sienne", "assigned_to": user.to_string() });
    let theirs = id(&program, "/api/v1/contacts", &theirs).await;
    for path in [format!("/api/v1/contacts/{of_another}/exports"), format!("/crm/contacts/{of_another}/donnees")] {
        own.get(&path).await.expect(404);
    }
    own.post(&format!("/api/v1/contacts/{of_another}/exports"), &json!({})).await.expect(404);
    let of = Person::Contact(theirs.parse().expect("an id"));
    let path = format!("/api/v1/contacts/{theirs}");
    let files = exported(&app, &own, app.ours.id, &path, of).await;
    assert_eq!(list(&files, "contacts").len(), 1);
    // It is given to somebody else: so is its export.
    program
        .put(&path, &json!({ "last_name": "Sienne", "assigned_to": app.user_with_role(Role::Owner).to_string() }))
        .await
        .expect(200);
    let export = program.get(&format!("{path}/exports")).await.expect(200).field("/items/0/id");
    own.get(&format!("{path}/exports/{export}/file")).await.expect(404);
}

#[tokio::test]
async fn a_client_who_is_a_private_person_has_all_of_their_dealings_in_it() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let ana = json!({ "name": "Ana Lopez", "is_business": "false", "email": "ana@perso.example", "phone": "+33 6 01 02 03 04" });
    let client = id(&program, "/api/v1/companies", &ana).await;
    let other = json!({ "name": "Ben Petit", "is_business": "false", "email": "ben@perso.example" });
    let other = id(&program, "/api/v1/companies", &other).await;
    let (invoice, number) = issue(&app, &program, &client, b"%PDF ana").await;
    issue(&app, &program, &other, b"%PDF ben").await;
    let paid_on = app.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let payment = json!({ "amount": "80", "paid_on": paid_on, "method": "card" });
    program.post(&format!("/api/v1/invoices/{invoice}/payments"), &payment).await.expect(201);
    let statement = json!({ "sends": "true" });
    let statement = program.post(&format!("/api/v1/clients/{client}/statement"), &statement).await.expect(201);
    let letter = Owner::Letter(statement.field("/id").parse().expect("an id"));
    render(&app, app.ours.id, letter, "releve", b"%PDF releve").await;
    let of = Person::Client(client.parse().expect("an id"));
    let path = format!("/api/v1/companies/{client}");
    let files = exported(&app, &app.owner(), app.ours.id, &path, of).await;
    assert_eq!(list(&files, "clients")[0]["phone"], "+33 6 01 02 03 04");
    for (name, count) in [("factures", 1), ("paiements", 1), ("documents-figes", 1), ("liste-documents", 1)] {
        assert_eq!(list(&files, name).len(), count, "{name}");
    }
    assert!(!list(&files, "courriels").is_empty());
    assert_eq!(files[&format!("documents/factures/{number}.pdf")], b"%PDF ana");
    assert_eq!(
        (list(&files, "courriers").len(), &files["documents/courriers/releve.pdf"][..]),
        (1, &b"%PDF releve"[..])
    );
    let all = all_text(&files);
    assert!(!all.contains("Ben") && !all.contains("ben@") && !all.contains("%PDF ben"), "{:?}", files.keys());
    let acts = text(&files, "donnees/journal-activite.json");
    assert!(
        acts.contains("create_company") && acts.contains("issue_invoice") && acts.contains("record_payment"),
        "{acts}"
    );
    // A business is nobody.
    let business = id(&program, "/api/v1/companies", &json!({ "name": "La Poste" })).await;
    program.post(&format!("/api/v1/companies/{business}/exports"), &json!({})).await.expect(404);
    let page = app.owner().get(&format!("/crm/entreprises/{business}")).await.expect(200).text();
    assert!(!page.contains("Exporter ses données"));
    assert!(
        app.owner()
            .get(&format!("/crm/entreprises/{client}"))
            .await
            .expect(200)
            .text()
            .contains("Exporter ses données")
    );
}

/// Signed up, with a token, codes of an application and recovery codes; their organization, and what nobody may read.
async fn somebody(app: &App, email: &str) -> (Client, Value, Vec<String>) {
    let account = json!({ "organization_name": "Quai", "name": "Dominique", "email": email, "password": PASSWORD });
    let account = app.anyone().post("/api/v1/accounts", &account).await.expect(201).json();
    let entered = json!({ "email": email, "password": PASSWORD });
    let entered = app.anyone().post("/api/v1/sessions", &entered).await.expect(204);
    let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let client = app.anyone().header("cookie", &cookie);
    let mut secrets = vec![PASSWORD.to_owned(), "$argon2".into(), "ses_".into()];
    secrets.extend(cookie.rsplit('.').next().map(str::to_owned));
    let token = client.post("/api/v1/tokens", &json!({ "name": "Robot", "scopes": ["crm:view"] })).await.expect(201);
    secrets.extend(token.field("/secret").splitn(4, '_').last().map(str::to_owned));
    let seed = client.post("/api/v1/accounts/me/totp", &json!({})).await.expect(201).field("/seed");
    secrets.push(seed.chars().filter(|letter| !letter.is_whitespace()).collect());
    (client, account, secrets)
}

#[tokio::test]
async fn one_s_own_export_has_the_account_and_every_organization_and_no_secret() {
    let app = App::new(all_contexts).await;
    let (client, account, mut secrets) = somebody(&app, "d@quai.example").await;
    let (other, _, _) = somebody(&app, "autre@quai.example").await;
    let quai: OrganizationId = account["organization_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let user = account["user_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    // Of each of their organizations.
    app.advance(SignedDuration::from_millis(1));
    client.post("/api/v1/organizations", &json!({ "name": "Second" })).await.expect(201);
    let mine = client.post("/api/v1/contacts", &json!({ "last_name": "Confiée", "notes": "Secret d’une autre" })).await;
    let mine = mine.expect(201).field("/id");
    other.post("/api/v1/contacts", &json!({ "last_name": "Ailleurs" })).await.expect(201);
    let export = client.post("/api/v1/accounts/me/exports", &json!({})).await.expect(202).field("/id");
    // What accounts put into the request is there until it is written, and no secret is part of it.
    for item in app.items() {
        exports::secrets(&item, false, &mut secrets);
    }
    // Nor does an export of everything tell it, for which another owner may ask.
    let whole = client.post("/api/v1/organization/exports", &json!({})).await.expect(202).field("/id");
    deliver(&app, quai, Event::ExportRequested { export: whole.parse().expect("an id") }).await;
    let link = client.get(&format!("/api/v1/organization/exports/{whole}/file")).await.expect(200);
    let of_all = unzipped(&link.field("/url")).await;
    let asked = text(&of_all, "donnees/exports-personnes.jsonl");
    assert!(asked.contains(&export) && !asked.contains("recovery_codes_left"), "{asked}");
    deliver(
        &app,
        quai,
        Event::PersonExportRequested { of: Person::User(user), export: export.parse().expect("an id") },
    )
    .await;
    let link = client.get(&format!("/api/v1/accounts/me/exports/{export}/file")).await.expect(200);
    let files = unzipped(&link.field("/url")).await;

    let account = text(&files, "compte/compte.json");
    assert!(account.contains("d@quai.example") && account.contains("recovery_codes_left"), "{account}");
    assert!(text(&files, "compte/sessions.json").contains("seen_at"));
    for (kind, outside) in &everything::OUTSIDE {
        if let Outside::Own(file) = outside {
            assert!(files.contains_key(&format!("compte/{file}.json")), "{kind}");
        }
    }
    assert!(text(&files, "compte/entreprises.json").contains("Second"));
    let folders = ["entreprises/1-quai/donnees/membres.json", "entreprises/2-second/donnees/membres.json"];
    for folder in folders {
        assert!(text(&files, folder).contains("d@quai.example"), "{folder}");
    }
    assert!(text(&files, "entreprises/1-quai/donnees/jetons-api.json").contains("Robot"));
    let mentions = text(&files, "entreprises/1-quai/donnees/mentions.json");
    assert!(mentions.contains("/assigned_to") && mentions.contains(&mine), "{mentions}");
    let log = text(&files, "entreprises/1-quai/donnees/journal-activite.json");
    assert!(log.contains("create_contact") && log.contains("sign_up"), "{log}");
    let all = all_text(&files);
    for name in ["Confiée", "Secret d’une autre", "Ailleurs", "autre@quai.example"] {
        assert!(!all.contains(name), "{name} is of somebody else");
    }
    assert!(secrets.len() > 6);
    for secret in &secrets {
        let near = all.find(secret.as_str()).map(|at| {
            let around = all.char_indices().filter(|(place, _)| place.abs_diff(at) < 80);
            around.map(|(_, letter)| letter).collect::<String>()
        });
        assert_eq!(near, None, "a secret: {secret}");
    }
    // It is gone from the request, and nobody else's.
    assert!(!app.items_of(quai).values().any(|item| {
        everything::kind(item) == "person_exports" && item.to_string().contains("recovery_codes_left")
    }));
    other.get(&format!("/api/v1/accounts/me/exports/{export}/file")).await.expect(404);
    // A token is for one organization, and so for none of this.
    let program = app.program_of(user).await;
    program.post("/api/v1/accounts/me/exports", &json!({})).await.expect(403);
    program.get(&format!("/api/v1/accounts/me/exports/{export}/file")).await.expect(403);
    assert!(client.get("/compte/donnees").await.expect(200).text().contains("Prêt"));
    assert!(client.get("/compte").await.expect(200).text().contains("Exporter mes données"));
}

#[tokio::test]
async fn a_member_s_export_has_what_the_organization_has_and_not_their_account() {
    let app = App::new(all_contexts).await;
    let (user, member) = app.with_new_member(Role::Member.into()).await;
    member.post("/api/v1/contacts", &json!({ "last_name": "Confiée" })).await;
    let path = format!("/api/v1/members/{user}");
    let files = exported(&app, &app.owner(), app.ours.id, &path, Person::Member(user)).await;
    assert_eq!(list(&files, "membres").len(), 1);
    assert!(
        !files.keys().any(|name| name.starts_with("compte/") || name.starts_with("entreprises/")),
        "{:?}",
        files.keys()
    );
    assert!(text(&files, "donnees/journal-activite.json").contains("request_person_export"));
    member.get(&format!("{path}/exports")).await.expect(403);
    app.stranger().get(&format!("{path}/exports")).await.expect(404);
    app.owner().delete(&path).await.expect(204);
    app.owner().get(&format!("{path}/exports")).await.expect(404);
    assert!(!app.items_of(app.ours.id).values().any(|item| everything::kind(item) == "person_exports"));
}

#[tokio::test]
async fn the_file_of_an_employee_leaves_with_who_may_read_salaries_alone() {
    let app = App::new(all_contexts).await;
    let (user, _) = app.with_new_member(Role::Member.into()).await;
    let hired = json!({
        "employee": { "number": "M-1", "first_name": "Inès", "last_name": "Moreau", "born_on": "1990-05-12",
            "hired_on": "2024-03-04", "user_id": user, "notes": "Entretien difficile" },
        "contract": { "salary": "34567" },
    });
    app.program().post("/api/v1/employees", &hired).await.expect(201);
    let role = CustomRole {
        id: kernel::id::RoleId::from_ulid(ulid::Ulid(7)),
        name: "Délégué à la protection des données".into(),
        permissions: [Permission::SettingsExport, Permission::SettingsView].into_iter().collect(),
        own_records_only: false,
    };
    let (_, delegate) = app.with_new_member(MemberRole::Custom(role)).await;
    let (path, of) = (format!("/api/v1/members/{user}"), Person::Member(user));
    let files = exported(&app, &delegate, app.ours.id, &path, of).await;
    let text = all_text(&files);
    assert!(!text.contains("3456700") && !text.contains("Entretien difficile") && !text.contains("1990-05-12"));
    app.advance(SignedDuration::from_hours(1));
    let export = app.owner().post(&format!("{path}/exports"), &json!({})).await.expect(202).field("/id");
    deliver(&app, app.ours.id, Event::PersonExportRequested { of, export: export.parse().expect("an id") }).await;
    let file = format!("{path}/exports/{export}/file");
    let link = app.owner().get(&file).await.expect(200).field("/url");
    assert_eq!(list(&unzipped(&link).await, "salaries")[0]["contracts"][0]["salary_minor"], 3_456_700);
    delegate.get(&file).await.expect(403);
}

#[tokio::test]
async fn asked_twice_delivered_often_and_killed_half_way_it_is_one_archive_and_one_mail() {
    let app = App::new(all_contexts).await;
    let Seeded { contact, of, .. } = seeded(&app).await;
    let owner = app.owner();
    let page = format!("/crm/contacts/{contact}/donnees");
    let key = [("_key", "01K00000000000000000000000")];
    for _ in 0..2 {
        owner.form(&page, &key).await.expect(303);
    }
    let path = format!("/api/v1/contacts/{contact}/exports");
    owner.post(&path, &json!({})).await.expect(409);
    let listed = owner.get(&path).await.expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let export: ExportId = listed["items"][0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    owner.get(&format!("{path}/{export}/file")).await.expect(404);
    let event = || Event::PersonExportRequested { of, export };
    for ms in [1, 5, 20] {
        let message = serde_json::from_value(message(&app, app.ours.id, event())).expect("a message");
        let work = organizations::worker::handle(app.deps.clone(), message);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(ms), work).await;
    }
    futures::future::join_all((0..3).map(|_| deliver(&app, app.ours.id, event()))).await;
    let after = app.items_of(app.ours.id).len();
    deliver(&app, app.ours.id, event()).await;
    assert_eq!(app.items_of(app.ours.id).len(), after, "nothing is written any more");
    assert_eq!(owner.get(&path).await.expect(200).field("/items/0/status"), "ready");
    let told = everything::walked(&app.scope()).await;
    let mails = told.values().filter_map(|found| found.get::<OwnedMail>().expect("a mail"));
    let mails: Vec<_> = mails.filter(|mail| !mail.owner.has_document()).collect();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0].value.mail;
    // It names nobody: whoever reads it on the way learns nothing of whom it is about.
    assert!(
        mail.subject.starts_with("L’export de données personnelles est prêt") && !mail.text.contains("Martin"),
        "{}",
        mail.text
    );
    assert!(mail.text.contains(&format!("{page}\n")), "{}", mail.text);
}

#[tokio::test]
async fn of_who_is_erased_no_export_is_left() {
    let app = App::new(all_contexts).await;
    let Seeded { contact, of, .. } = seeded(&app).await;
    let owner = app.owner();
    let path = format!("/api/v1/contacts/{contact}");
    let first = owner.post(&format!("{path}/exports"), &json!({})).await.expect(202).field("/id");
    deliver(&app, app.ours.id, Event::PersonExportRequested { of, export: first.parse().expect("an id") }).await;
    let link = owner.get(&format!("{path}/exports/{first}/file")).await.expect(200).field("/url");
    let second = owner.post(&format!("{path}/exports"), &json!({})).await.expect(202).field("/id");
    owner.delete(&path).await.expect(200);
    owner.get(&format!("{path}/exports/{first}/file")).await.expect(404);
    let erased = Event::ContactErased { contact: contact.parse().expect("an id") };
    for _ in 0..2 {
        deliver(&app, app.ours.id, erased.clone()).await;
    }
    deliver(&app, app.ours.id, Event::PersonExportRequested { of, export: second.parse().expect("an id") }).await;
    assert_eq!(reqwest::get(link).await.expect("S3 answers").status(), 404);
    assert!(!app.items_of(app.ours.id).values().any(|item| everything::kind(item) == "person_exports"));
    owner.post(&format!("{path}/exports"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn the_files_of_a_contact_go_along_and_private_ones_for_who_administers_only() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let person = json!({ "last_name": "Martin", "email": "claire@poste.example" });
    let contact = id(&program, "/api/v1/contacts", &person).await;
    let of = Person::Contact(contact.parse().expect("an id"));
    let path = format!("/api/v1/records/{contact}/files");
    for (name, audience) in [("Contrat.txt", "everyone"), ("Salaire.txt", "author")] {
        let announced = json!({ "media_type": "text/plain", "bytes": name.len() });
        let link = program.post(&format!("{path}/uploads"), &announced).await.expect(201);
        assert_eq!(testkit::send_file(&link.json(), name.as_bytes().to_vec()).await, 200);
        let body = json!({ "upload_id": link.field("/id"), "name": name, "audience": audience });
        program.post(&path, &body).await.expect(201);
    }
    let own = format!("/api/v1/contacts/{contact}");
    let sent = |files: &Files| -> Vec<String> {
        let names = files.keys().filter(|name| name.starts_with("fichiers/"));
        names.filter_map(|name| name.rsplit('/').next().map(str::to_owned)).collect()
    };
    let files = exported(&app, &app.owner(), app.ours.id, &own, of).await;
    let mut names = sent(&files);
    names.sort_unstable();
    assert_eq!(names, ["1-Contrat.txt", "1-Salaire.txt"]);
    assert_eq!(list(&files, "fichiers-crm").len(), 2);
    assert!(files.values().any(|file| file == b"Salaire.txt"));
    let files = exported(&app, &app.with_role(Role::Manager), app.ours.id, &own, of).await;
    assert_eq!(sent(&files), ["1-Contrat.txt"]);
    assert!(!all_text(&files).contains("Salaire"));
    // All that the organization has is for who may have all of it.
    let files = exports::exported(&app, &app.owner()).await;
    assert_eq!(sent(&files).len(), 2);
}
