//! Companies and contacts across contexts: what is deleted or archived while documents are made, and what is erased.

use http::StatusCode;
use jiff::SignedDuration;
use kernel::event::Event;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{erasure::deliver_event, round_trips::all_contexts};

async fn id(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201).field("/id")
}

fn document(client: &str) -> Value {
    json!({ "client_id": client,
        "lines": [{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }] })
}

/// Of our items, those that tell a text, what passes by itself left out.
fn telling(app: &App, text: &str) -> Vec<String> {
    let all = app.items().into_iter().map(|item| item.to_string());
    all.filter(|item| item.contains(text) && !item.contains("\"ttl\"")).collect()
}

#[tokio::test]
async fn a_draft_that_is_made_at_the_same_instant_keeps_its_client() {
    let making = [
        ("/api/v1/quotes", "quotes"),
        ("/api/v1/invoices", "invoices"),
        ("/api/v1/time-entries", "time-entries"),
        ("/api/v1/mandates", "mandates"),
    ];
    let app = App::new(all_contexts).await;
    let program = app.program();
    let (mut made, mut gone) = (0, 0);
    for turn in 0..24 {
        let client = id(&program, "/api/v1/companies", &json!({ "name": "La Poste" })).await;
        let (path, _) = making[turn % making.len()];
        let body = match path {
            "/api/v1/time-entries" => json!({ "client_id": client, "duration": "1:30", "description": "Visite",
                "hourly_price": "80", "vat_percent": "20" }),
            "/api/v1/mandates" => json!({ "client_id": client, "iban": "FR7630006000011234567890189",
                "signed_on": "2026-11-20" }),
            _ => document(&client),
        };
        let drafting = {
            let program = program.clone();
            async move { program.post(path, &body).await }
        };
        let deleting = {
            let (program, path) = (program.clone(), format!("/api/v1/companies/{client}/delete"));
            async move { program.post(&path, &json!({})).await }
        };
        // Now one begins, now the other.
        let (drafted, deleted) = match turn % 2 {
            0 => tokio::join!(drafting, deleting),
            _ => {
                let (deleted, drafted) = tokio::join!(deleting, drafting);
                (drafted, deleted)
            }
        };
        match (drafted.status, deleted.status) {
            (StatusCode::CREATED, StatusCode::CONFLICT) => {
                made += 1;
                program.get(&format!("/api/v1/companies/{client}")).await.expect(200);
            }
            (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::NO_CONTENT) => gone += 1,
            other => panic!("turn {turn}, {path}: {other:?} {} {}", drafted.text(), deleted.text()),
        }
    }
    assert_eq!(made + gone, 24);
    // One after the other.
    for (path, body) in [("/api/v1/quotes", document as fn(&str) -> Value), ("/api/v1/invoices", document)] {
        let client = id(&program, "/api/v1/companies", &json!({ "name": "La Poste" })).await;
        let draft = id(&program, path, &body(&client)).await;
        let delete = format!("/api/v1/companies/{client}/delete");
        let refused = program.post(&delete, &json!({})).await.expect(409).text();
        assert!(refused.contains("archive it instead"), "{refused}");
        // It was named once.
        program.delete(&format!("{path}/{draft}")).await.expect(204);
        program.post(&delete, &json!({})).await.expect(409);
    }
}

#[tokio::test]
async fn nothing_new_is_made_for_who_is_archived_and_what_there_is_goes_on() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let client = json!({ "name": "La Poste", "email": "compta@poste.example", "street": "1 rue A",
        "postal_code": "69001", "city": "Lyon" });
    let client = id(&program, "/api/v1/companies", &client).await;
    let path = format!("/api/v1/companies/{client}");
    let draft = id(&program, "/api/v1/invoices", &document(&client)).await;
    assert!(app.owner().get("/facturation/devis/nouveau").await.expect(200).text().contains(&client));
    program.post(&format!("{path}/archive"), &json!({})).await.expect(200);
    assert!(!app.owner().get("/facturation/devis/nouveau").await.expect(200).text().contains(&client));
    for making in ["/api/v1/quotes", "/api/v1/invoices"] {
        let refused = program.post(making, &document(&client)).await.expect(422);
        assert_eq!(refused.violations(), ["/client_id"]);
        assert!(refused.text().contains("is archived"), "{}", refused.text());
    }
    // The draft is changed and issued.
    program.put(&format!("/api/v1/invoices/{draft}"), &document(&client)).await.expect(200);
    program.post(&format!("/api/v1/invoices/{draft}/issue"), &json!({})).await.expect(200);
    program.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    id(&program, "/api/v1/quotes", &document(&client)).await;
}

#[tokio::test]
async fn what_is_erased_leaves_nothing_of_any_field() {
    let app = App::new(all_contexts).await;
    let program = app.program();
    let tick = || app.advance(SignedDuration::from_millis(1));
    let of = |of: &str| json!({ "of": of, "name": "Remarque" });
    let for_contacts = id(&program, "/api/v1/crm/fields", &of("contact")).await;
    let for_companies = id(&program, "/api/v1/crm/fields", &of("company")).await;
    let group = id(&program, "/api/v1/companies", &json!({ "name": "Groupe" })).await;
    let business = id(&program, "/api/v1/companies", &json!({ "name": "La Poste" })).await;
    let person = |street: &str| {
        json!({ "name": "Ana Lopez", "is_business": "false", "parent_id": group, "industry": "Luthière",
            "addresses": [{ "label": "Refuge", "street": street, "postal_code": "38000", "city": "Grenoble" }],
            "custom": { &for_companies: "Allergique aux noix" } })
    };
    let client = id(&program, "/api/v1/companies", &person("7 chemin perdu")).await;
    tick();
    program.put(&format!("/api/v1/companies/{client}"), &person("8 chemin perdu")).await.expect(200);
    tick();
    let contact = |company: &str| {
        json!({ "company_id": company, "last_name": "Durand", "department": "Achats secrets",
            "street": "5 impasse cachée", "postal_code": "44000", "city": "Nantes", "consent": "true",
            "consent_source": "Carnet rouge", "custom": { &for_contacts: "Préfère le thé" } })
    };
    let moved = id(&program, "/api/v1/contacts", &contact(&client)).await;
    tick();
    program.put(&format!("/api/v1/contacts/{moved}"), &contact(&business)).await.expect(200);
    tick();
    let relations = program.get(&format!("/api/v1/companies/{client}/relations")).await.expect(200);
    assert_eq!(relations.field("/former_contacts/0/name"), "Durand");

    program.delete(&format!("/api/v1/companies/{client}")).await.expect(200);
    tick();
    for _ in 0..2 {
        deliver_event(&app, Event::ClientErased { client: client.parse().expect("an id") }).await;
    }
    for gone in ["Ana Lopez", "Luthière", "Refuge", "7 chemin perdu", "8 chemin perdu", "Allergique aux noix"] {
        assert_eq!(telling(&app, gone), Vec::<String>::new(), "{gone}");
    }
    let shown = program.get(&format!("/api/v1/contacts/{moved}")).await.expect(200);
    assert!(shown.json().get("former_companies").is_none(), "{}", shown.text());
    // Its place in the group is free.
    program.post(&format!("/api/v1/companies/{group}/delete"), &json!({})).await.expect(204);

    program.put(&format!("/api/v1/contacts/{moved}"), &contact("")).await.expect(200);
    tick();
    program.delete(&format!("/api/v1/contacts/{moved}")).await.expect(200);
    tick();
    deliver_event(&app, Event::ContactErased { contact: moved.parse().expect("an id") }).await;
    for gone in ["Durand", "Achats secrets", "5 impasse cachée", "Carnet rouge", "Préfère le thé"] {
        assert_eq!(telling(&app, gone), Vec::<String>::new(), "{gone}");
    }
    program.post(&format!("/api/v1/companies/{business}/delete"), &json!({})).await.expect(204);
}
