//! Erasing somebody, across contexts: nothing but what the law keeps still names them, however often the news comes.

use jiff::SignedDuration;
use kernel::{event::Event, id::ContactId};
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::round_trips::all_contexts;

/// What the workers are handed when a contact was erased.
async fn deliver(app: &App, contact: &str) {
    let contact: ContactId = contact.parse().expect("an id");
    deliver_event(app, Event::ContactErased { contact }).await;
}

pub async fn deliver_event(app: &App, event: Event) {
    let now = app.clock.now();
    let envelope =
        kernel::event::Envelope { id: kernel::id::EventId::new(now, 1), organization: app.ours.id, at: now, event };
    let body = serde_json::to_string(&envelope).expect("JSON");
    let batch = || serde_json::from_value(json!({ "Records": [{ "messageId": "1", "body": body }] })).expect("a batch");
    let (crm, invoicing) = tokio::join!(
        crm::worker::handle(app.deps.clone(), batch()),
        invoicing::worker::handle(app.deps.clone(), batch())
    );
    assert!(crm.expect("an answer").batch_item_failures.is_empty());
    assert!(invoicing.expect("an answer").batch_item_failures.is_empty());
    app.advance(SignedDuration::from_millis(1));
}

/// Types of our items that contain a text now, those that pass by themselves left out.
fn naming(app: &App, text: &str) -> Vec<String> {
    let ours = app.ours.id.ulid().to_string();
    let mut found: Vec<_> = app.items().iter().map(ToString::to_string).collect();
    found.retain(|image| image.contains(text) && image.contains(&ours) && !image.contains("\"ttl\""));
    let kind = |image: &String| {
        let image: Value = serde_json::from_str(image).expect("an image");
        image["type"]["S"].as_str().unwrap_or_default().to_owned()
    };
    let mut kinds: Vec<_> = found.iter().map(kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

async fn id(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201).field("/id")
}

fn document(client: &str) -> Value {
    json!({ "client_id": client,
        "lines": [{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }] })
}

#[tokio::test]
async fn an_erased_contact_is_named_by_issued_documents_alone() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let company =
        id(&program, "/api/v1/companies", &json!({ "name": "La Poste", "email": "compta@poste.example" })).await;
    let other =
        id(&program, "/api/v1/companies", &json!({ "name": "La Banque", "email": "compta@banque.example" })).await;
    let person = |company: &str, first: &str, last: &str| {
        json!({ "company_id": company, "first_name": first, "last_name": last, "email": "claire@poste.example",
            "mobile": "06 12 13 14 15", "notes": "Préfère le matin" })
    };
    let contact = id(&program, "/api/v1/contacts", &person(&company, "Claire", "Avant")).await;
    let path = format!("/api/v1/contacts/{contact}");
    let tick = || app.advance(SignedDuration::from_millis(1));
    tick();
    // Drafts by a former name, at a former company; issued and sent by the present one.
    id(&program, "/api/v1/quotes", &document(&company)).await;
    let accepted = id(&program, "/api/v1/quotes", &document(&company)).await;
    program.put(&path, &person(&company, "Claire", "Après")).await.expect(200);
    tick();
    for end in ["send", "accept"] {
        program.post(&format!("/api/v1/quotes/{accepted}/{end}"), &json!({})).await.expect(200);
    }
    let invoice = id(&program, "/api/v1/invoices", &document(&company)).await;
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    program.put(&path, &person(&other, "Claire", "Après")).await.expect(200);
    id(&program, "/api/v1/invoices", &document(&other)).await;
    // Somebody else, whom nothing of this concerns.
    let colleague =
        json!({ "company_id": company, "first_name": "Paul", "last_name": "Reste", "email": "p@poste.example" });
    id(&program, "/api/v1/contacts", &colleague).await;
    id(&program, "/api/v1/invoices", &document(&company)).await;
    // Another organization knows somebody of the same name.
    let theirs = app.stranger().header("sec-fetch-site", "same-origin");
    let namesake = id(&theirs, "/api/v1/contacts", &person("", "Claire", "Après")).await;
    theirs.delete(&path).await.expect(404);

    let kept = naming(&app, "Reste");
    let erased = program.delete(&path).await.expect(200);
    assert!(erased.round_trips() <= Some(3));
    assert_eq!((erased.field("/state"), erased.field("/contact")), ("in_progress".into(), contact.clone()));
    tick();
    // Twice over the API, and the news three times.
    assert_eq!(program.delete(&path).await.expect(200).json(), erased.json());
    for _ in 0..3 {
        deliver(&app, &contact).await;
    }
    let done = program.get(&format!("{path}/erasure")).await.expect(200);
    assert_eq!((done.field("/state"), done.field("/documents_kept")), ("done".into(), "2".into()));
    assert_eq!(program.delete(&path).await.expect(200).json(), done.json());

    // What the law keeps: the sent quote and the issued invoice, as they were frozen.
    assert_eq!(naming(&app, "Claire Après"), ["invoice", "quote", "snapshot"]);
    for gone in ["Avant", "06 12 13 14 15", "Préfère le matin", "claire@poste.example"] {
        assert_eq!(naming(&app, gone), Vec::<String>::new(), "{gone}");
    }
    let after = naming(&app, "Reste");
    assert!(kept.iter().all(|kind| after.contains(kind)), "somebody else lost something: {kept:?} {after:?}");
    theirs.get(&format!("/api/v1/contacts/{namesake}")).await.expect(200);

    // They are nowhere to be met.
    program.get(&path).await.expect(404);
    program.put(&path, &person("", "Claire", "Après")).await.expect(404);
    assert_eq!(program.get("/api/v1/contacts?q=apr").await.expect(200).json()["items"], json!([]));
    let owner = app.owner();
    for page in ["/crm/contacts".to_owned(), format!("/crm/entreprises/{company}"), format!("/crm/entreprises/{other}")]
    {
        assert!(!owner.get(&page).await.expect(200).text().contains("Claire"), "{page}");
    }
    let page = owner.get(&format!("/crm/contacts/{contact}")).await.expect(200).text();
    assert!(page.contains("Contact effacé") && !page.contains("Claire"), "{page}");
    owner.get(&format!("/crm/contacts/{contact}/modifier")).await.expect(404);

    // An invoice of what was sent to them is addressed to whoever takes documents now.
    let of_quote =
        program.post(&format!("/api/v1/quotes/{accepted}/invoice"), &json!({})).await.expect(201).field("/id");
    let draft = app
        .items()
        .iter()
        .map(ToString::to_string)
        .find(|image| image.contains(&of_quote) && image.contains(r#""type":{"S":"invoice"}"#));
    assert!(draft.is_some_and(|draft| draft.contains("Paul Reste")));

    // The log still tells who did what, and where it was touched.
    let log = program.get(&format!("/api/v1/audit-entries?object={contact}")).await.expect(200).json();
    let acts: Vec<_> = log["items"].as_array().expect("a list").iter().map(|entry| entry["act"].clone()).collect();
    for act in ["create_contact", "edit_contact", "erase_contact", "redact_log", "note_erasure"] {
        assert!(acts.iter().any(|done| done == act), "{act} in {acts:?}");
    }
    assert_eq!(acts.iter().filter(|act| *act == "redact_log").count(), 1);
    let entry = |act: &str| log["items"].as_array().into_iter().flatten().find(|entry| entry["act"] == act).cloned();
    let (created, by) = (entry("create_contact").expect("an entry"), entry("redact_log").expect("an entry"));
    assert_eq!(created["redacted_by"], by["id"]);
    assert_eq!(created["actor"]["kind"], "token");
    assert!(by["changes"][0]["after"]["entries"].as_array().is_some_and(|ids| ids.contains(&created["id"])));
    let journal = owner.get("/organisation/journal").await.expect(200).text();
    assert!(journal.contains("Contact effacé") && !journal.contains("Claire"), "{journal}");
}

#[tokio::test]
async fn erasing_twice_at_once_is_one_erasure_and_an_edit_beside_it_does_not_bring_them_back() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let company = id(&program, "/api/v1/companies", &json!({ "name": "La Poste" })).await;
    let person = json!({ "company_id": company, "last_name": "Durand", "email": "d@poste.example" });
    let contact = id(&program, "/api/v1/contacts", &person).await;
    let path = format!("/api/v1/contacts/{contact}");
    let (renaming, renamed) = (format!("/api/v1/companies/{company}"), json!({ "name": "La Banque" }));
    let (first, second, edited, renamed) = tokio::join!(
        program.delete(&path),
        program.delete(&path),
        program.put(&path, &person),
        program.put(&renaming, &renamed),
    );
    assert_eq!(first.expect(200).json(), second.expect(200).json());
    renamed.expect(200);
    assert!([200, 404].contains(&edited.status.as_u16()));
    program.get(&path).await.expect(404);
    let events = app.written_under("#OUTBOX#");
    assert_eq!(events.matches("contact.erased.v1").count(), 1);
    let scope = app.scope();
    let card: crm::company::CompanyCard = scope
        .get(&scope.keys().company_card(company.parse().expect("an id")))
        .await
        .expect("a reading")
        .expect("a card")
        .value;
    assert_eq!((card.contacts, card.addressee), (0, None));
    deliver(&app, &contact).await;
    deliver(&app, &contact).await;
    assert_eq!(naming(&app, "Durand"), Vec::<String>::new());
    // News of somebody who never was there, or of another tenant's, does nothing.
    deliver(&app, "con_00000000000000000000000009").await;
}

#[tokio::test]
async fn whoever_may_not_delete_may_not_erase() {
    let app = App::new(all_contexts).await;
    let contact = id(&app.program(), "/api/v1/contacts", &json!({ "last_name": "Durand" })).await;
    let reader = app.with_role(kernel::permission::Role::Reader);
    let page = reader.get(&format!("/crm/contacts/{contact}")).await.expect(200).text();
    assert!(!page.contains("effacer"));
    reader.form(&format!("/crm/contacts/{contact}/effacer"), &[]).await.expect(403);
    let owner = app.owner();
    assert!(owner.get(&format!("/crm/contacts/{contact}")).await.expect(200).text().contains("Effacer ce contact"));
    for _ in 0..2 {
        let done = owner.form(&format!("/crm/contacts/{contact}/effacer"), &[("_key", "once")]).await.expect(303);
        assert!(done.header("location").is_some_and(|to| to.contains(&contact)));
    }
}

#[tokio::test]
async fn an_erased_client_is_named_by_issued_documents_alone() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let ana = |name: &str| {
        json!({ "name": name, "is_business": "false", "email": "ana@perso.example", "phone": "06 12 13 14 15",
            "street": "3 rue du Four", "postal_code": "69003", "city": "Lyon", "notes": "Sonner deux fois" })
    };
    let client = id(&program, "/api/v1/companies", &ana("Ana Avant")).await;
    let path = format!("/api/v1/companies/{client}");
    let tick = || app.advance(SignedDuration::from_millis(1));
    tick();
    program.put(&path, &ana("Ana Lopez")).await.expect(200);
    tick();
    let invoice = id(&program, "/api/v1/invoices", &document(&client)).await;
    program.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await.expect(200);
    let draft = id(&program, "/api/v1/quotes", &document(&client)).await;
    id(&program, "/api/v1/invoices", &document(&client)).await;
    let today = app.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let recurring = json!({ "invoice": document(&client), "rhythm": "monthly", "first_on": today, "then": "draft" });
    let recurring = id(&program, "/api/v1/recurring-invoices", &recurring).await;
    let hours = json!({
        "client_id": client, "duration": "1:30", "description": "Visite", "hourly_price": "80", "vat_percent": "20",
    });
    let hours = id(&program, "/api/v1/time-entries", &hours).await;
    let other = json!({ "name": "Ben Reste", "is_business": "false", "email": "ben@perso.example" });
    let other = id(&program, "/api/v1/companies", &other).await;
    id(&program, "/api/v1/quotes", &document(&other)).await;
    tick();

    // Whoever is there with them goes first.
    let contact = id(&program, "/api/v1/contacts", &json!({ "company_id": client, "last_name": "Lopez" })).await;
    program.delete(&path).await.expect(409);
    program
        .put(&format!("/api/v1/contacts/{contact}"), &json!({ "company_id": other, "last_name": "Lopez" }))
        .await
        .expect(200);
    tick();
    app.stranger().header("sec-fetch-site", "same-origin").delete(&path).await.expect(404);
    let kept = naming(&app, "Ben Reste");
    let erased = program.delete(&path).await.expect(200);
    assert!(erased.round_trips() <= Some(3));
    assert_eq!((erased.field("/state"), erased.field("/company")), ("in_progress".into(), client.clone()));
    tick();
    assert_eq!(program.delete(&path).await.expect(200).json(), erased.json());
    let event = || Event::ClientErased { client: client.parse().expect("an id") };
    for _ in 0..3 {
        deliver_event(&app, event()).await;
    }
    let done = program.get(&format!("{path}/erasure")).await.expect(200);
    assert_eq!((done.field("/state"), done.field("/documents_kept")), ("done".into(), "1".into()));

    assert_eq!(naming(&app, "Ana Lopez"), ["client_document", "invoice", "snapshot"]);
    for gone in ["Ana Avant", "Sonner deux fois"] {
        assert_eq!(naming(&app, gone), Vec::<String>::new(), "{gone}");
    }
    // A mail that has not left yet still has to arrive.
    assert_eq!(naming(&app, "ana@perso.example"), ["invoice", "mail", "snapshot"]);
    assert_eq!(naming(&app, "3 rue du Four"), ["invoice", "snapshot"]);
    assert_eq!(naming(&app, "Ben Reste"), kept, "somebody else lost something");
    let left = program.get(&path).await.expect(200);
    assert_eq!((left.field("/name"), left.field("/email")), ("Particulier effacé".into(), String::new()));
    let quote = program.get(&format!("/api/v1/quotes/{draft}")).await.expect(200).text();
    assert!(quote.contains("Particulier effacé") && !quote.contains("Ana"), "{quote}");
    assert_eq!(
        program.get(&format!("/api/v1/recurring-invoices/{recurring}")).await.expect(200).field("/status"),
        "stopped"
    );
    let hours = program.get(&format!("/api/v1/time-entries/{hours}")).await.expect(200);
    assert_eq!(hours.field("/client_name"), "Particulier effacé");
    // Nobody writes them anew or is their contact, and nothing of them is exported.
    program.put(&path, &ana("Ana Lopez")).await.expect(409);
    let anew = json!({ "company_id": client, "last_name": "Lopez" });
    program.post("/api/v1/contacts", &anew).await.expect(409);
    program.put(&format!("/api/v1/contacts/{contact}"), &anew).await.expect(409);
    program.post(&format!("{path}/exports"), &json!({})).await.expect(404);
    let page = app.owner().get(&format!("/crm/entreprises/{client}")).await.expect(200).text();
    assert!(page.contains("a été effacé le") && !page.contains("Ana Lopez") && !page.contains("/modifier"), "{page}");
    // A business is nobody.
    let business = id(&program, "/api/v1/companies", &json!({ "name": "La Poste" })).await;
    program.delete(&format!("/api/v1/companies/{business}")).await.expect(404);
}
