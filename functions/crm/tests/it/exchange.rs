//! Records as files, which an import reads back unchanged.

use kernel::{
    Permission::{CrmCreate, CrmExport, CrmView},
    id::ExportId,
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, own_records};

use crate::{
    COMPANIES, CONTACTS, added, app, bakery, column,
    imports::{imported, listed},
    with,
};

const EXPORTS: &str = "/api/v1/record-exports";

/// Companies and contacts whose fields are filled in, with what a table could take for something else.
async fn filled(app: &App) {
    let client = app.program();
    let bakery = with(
        bakery(),
        json!({
            "category": "prospect", "phone": "+33 4 78 00 00 00", "website": "https://dupre.example", "industry": "=Pain",
            "notes": "Livrer avant 6 h ;\n\"urgent\"", "employees": "12", "revenue": "1250000.50", "payment_days": "45",
            "day_count": "then_end_of_month",
        }),
    );
    let bakery = added(&client, COMPANIES, &bakery).await;
    let shop = json!({ "name": "Boutique", "parent_id": bakery, "is_business": "false" });
    added(&client, COMPANIES, &shop).await;
    added(&client, COMPANIES, &json!({ "name": "Boutique" })).await;
    let contact = json!({
        "company_id": bakery, "civility": "mrs", "first_name": "Zoé", "last_name": "Durand", "job_title": "@gérante",
        "email": "zoe@dupre.example", "mobile": "06 00 00 00 00", "department": "Achats", "category": "client",
        "street": "1 rue de l’Église", "postal_code": "01000", "city": "Bourg", "country": "FR", "preferred": "mobile",
        "consent": "true", "consent_source": "Salon", "consent_on": "2026-11-02", "notes": "Bien, merci.",
    });
    let contact = added(&client, CONTACTS, &contact).await;
    added(&client, CONTACTS, &json!({ "last_name": "Durand" })).await;
    let deal = json!({
        "name": "Four à pain", "company_id": bakery, "contact_id": contact, "amount": "12500.5", "probability": "40",
        "expected_on": "2026-12-15", "priority": "high", "source": "Salon", "next_step": "Rappeler", "description": "a\nb",
        "stage_id": "stg_00000000000000000000000002",
    });
    added(&client, "/api/v1/opportunities", &deal).await;
    let lost = json!({
        "name": "Four à pain", "contact_id": contact, "stage_id": "stg_00000000000000000000000006",
        "lost_reason": "Trop cher",
    });
    added(&client, "/api/v1/opportunities", &lost).await;
}

#[tokio::test]
async fn what_is_exported_is_imported_again_unchanged() {
    let app = app().await;
    filled(&app).await;
    let (owner, client) = (app.owner(), app.program());
    let all = [("company", COMPANIES, 3), ("contact", CONTACTS, 2), ("opportunity", "/api/v1/opportunities", 2)];
    for (of, path, count) in all {
        let before = listed(&client, path).await;
        let file = owner.get(&format!("/crm/exports/fichier?of={of}")).await.expect(200);
        assert!(file.round_trips() <= Some(2));
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let (checked, done) = imported(&app, &client, of, &file.text(), &json!({ "existing": "replace" })).await;
        assert_eq!((&checked["unchanged"], &checked["refused"]), (&json!(count), &json!(0)), "{}", file.text());
        assert_eq!(done["imported"], checked);
        assert_eq!(listed(&client, path).await, before);
    }
    // As a list is narrowed, its file is.
    let some = owner.get("/crm/exports/fichier?of=company&query=q%3Dboul").await.expect(200).text();
    assert!(some.contains("Boulangerie") && !some.contains("Boutique"), "{some}");
    owner.get("/crm/exports/fichier?of=company&query=nobody%3D1").await.expect(400);
    let cards = owner.get("/crm/exports/fichier?of=contact&format=vcard").await.expect(200);
    assert_eq!(cards.text().matches("BEGIN:VCARD").count(), 2);
    owner.get("/crm/exports/fichier?of=company&format=vcard").await.expect(400);
}

#[tokio::test]
async fn cards_are_read_back_as_the_same_people() {
    let app = app().await;
    filled(&app).await;
    let client = app.program();
    let cards = app.owner().get("/crm/exports/fichier?of=contact&format=vcard").await.expect(200).text();
    let (checked, _) = imported(&app, &client, "contact", &cards, &json!({ "known_by": "name" })).await;
    assert_eq!(checked["unchanged"], 2);
}

/// What the worker writes into the bucket.
async fn written(app: &App, id: &str) {
    let id: ExportId = id.parse().expect("an id");
    for _ in 0..2 {
        crm::exchange::write_record_export(&app.deps, &app.scope(), id).await.expect("the worker writes");
    }
}

#[tokio::test]
async fn a_large_export_is_written_by_the_worker_and_is_for_who_asked() {
    let app = app().await;
    let client = app.program();
    for name in ["Dupré", "Menuiserie"] {
        added(&client, COMPANIES, &json!({ "name": name })).await;
    }
    let asked = client.post(EXPORTS, &json!({ "of": "company" })).await.expect(202);
    assert!(asked.round_trips() <= Some(3));
    let id = asked.field("/id");
    assert_eq!(asked.field("/status"), "preparing");
    client.get(&format!("{EXPORTS}/{id}/file")).await.expect(404);
    written(&app, &id).await;
    let listed = client.get(EXPORTS).await.expect(200);
    assert!(listed.round_trips() <= Some(2));
    assert_eq!((listed.field("/items/0/status"), listed.field("/items/0/rows")), ("ready".into(), "2".into()));
    let url = client.get(&format!("{EXPORTS}/{id}/file")).await.expect(200).field("/url");
    let text = reqwest::get(url).await.expect("S3 answers").text().await.expect("a text");
    assert!(text.starts_with("\u{feff}Identifiant;Nom;") && text.contains("Menuiserie"), "{text}");

    let page = app.owner().get("/crm/exports").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains(&id) && page.text().contains("Prêt"), "{}", page.text());
    app.owner().get(&format!("/crm/exports/{id}")).await.expect(303);
    // Neither a colleague's nor another organization's.
    for other in [app.with_role(Role::Admin), app.stranger()] {
        other.get(&format!("/crm/exports/{id}")).await.expect(404);
        assert!(!other.get("/crm/exports").await.expect(200).text().contains(&id));
    }
    app.owner().form("/crm/exports", &[("of", "contact"), ("format", "csv")]).await.expect(303);
    app.owner().form("/crm/exports", &[("of", "company"), ("format", "vcard")]).await.expect(422);
    app.with_role(Role::Reader).get("/crm/exports/fichier?of=company").await.expect(403);
}

#[tokio::test]
async fn who_sees_only_their_own_exports_no_others() {
    let app = app().await;
    let (user, salesperson) = app.with_new_member(own_records([CrmView, CrmCreate, CrmExport])).await;
    let program = app.program();
    let other = added(&program, COMPANIES, &bakery()).await;
    let own: Value = json!({ "last_name": "Martin", "company_id": other, "assigned_to": user });
    added(&program, CONTACTS, &own).await;
    added(&program, CONTACTS, &json!({ "last_name": "Durand", "company_id": other })).await;
    let companies = salesperson.get("/crm/exports/fichier?of=company").await.expect(200).text();
    assert!(!companies.contains("Boulangerie"), "{companies}");
    let contacts = salesperson.get("/crm/exports/fichier?of=contact").await.expect(200).text();
    assert!(contacts.contains("Martin") && contacts.contains("Boulangerie") && !contacts.contains("Durand"));
    assert!(!contacts.contains(&other), "its name and no more: {contacts}");
    let owner = app.user_with_role(Role::Owner);
    let asked = format!("/crm/exports/fichier?of=contact&query=assigned_to%3D{owner}");
    salesperson.get(&asked).await.expect(404);
    // What they export they read back, and it stays where it is.
    let program = app.program_of(user).await;
    let (checked, _) = imported(&app, &program, "contact", &contacts, &json!({})).await;
    assert_eq!((&checked["unchanged"], &checked["companies"]), (&json!(1), &json!(0)));

    let id = program.post(EXPORTS, &json!({ "of": "contact" })).await.expect(202).field("/id");
    written(&app, &id).await;
    assert_eq!(column(&program.get(EXPORTS).await.expect(200), "status"), ["ready"]);
    assert_eq!(program.get(EXPORTS).await.expect(200).field("/items/0/rows"), "1");
    // Who left gets none.
    let id = program.post(EXPORTS, &json!({ "of": "contact" })).await.expect(202).field("/id");
    app.part_with(user).await;
    written(&app, &id).await;
    let key = app.scope().keys().record_export(id.parse().expect("an id"));
    let export = app.scope().get::<crm::exchange::RecordExport>(&key).await.expect("a reading").expect("an export");
    assert_eq!(export.file, None);
}

#[tokio::test]
async fn a_direct_export_stops_looking_after_a_while() {
    let app = app().await;
    let client = app.program();
    for number in 0..501 {
        added(&client, CONTACTS, &json!({ "last_name": format!("Martin {number}") })).await;
    }
    let owner = app.user_with_role(Role::Owner);
    let asker = web::Asker::standing_in(&app.deps, app.ours.id, owner).await.expect("a reading").expect("a member");
    let export = async |read| {
        let what = (crm::record::RecordKind::Contact, crm::exchange::Format::Csv, "city=Lyon");
        let most = crm::exchange::Most { rows: 1_000, read };
        crm::exchange::export_records(&asker, what, most, &mut Vec::new()).await.expect("an export")
    };
    assert_eq!((export(500).await, export(501).await), (None, Some(0)));
}
