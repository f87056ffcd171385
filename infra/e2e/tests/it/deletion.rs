//! An organization that is deleted: nobody gets in, what the law keeps stays, and nothing else does.

use std::{collections::BTreeSet, time::Duration};

use jiff::SignedDuration;
use kernel::{event::Event, id::OrganizationId, permission::Role};
use serde_json::{Value, json};
use testkit::{App, Client};
use web::path_in;

use crate::{
    everything::{kind, reaches_everything, walked},
    exports::{self, deliver, issued, scope_of},
    round_trips,
};

fn act(organization: OrganizationId, act: &str) -> String {
    format!("/plateforme/entreprises/{organization}/{act}")
}

/// An export by the platform, without which nothing is deleted.
async fn export(app: &App, admin: &Client, organization: OrganizationId) {
    admin.form(&act(organization, "exporter"), &[]).await.expect(303);
    let export = exports::newest(app, organization).await;
    deliver(app, organization, Event::ExportRequested { export }).await;
}

async fn delete(app: &App, admin: &Client) {
    export(app, admin, app.ours.id).await;
    let reply = admin.form(&act(app.ours.id, "supprimer"), &[("name", &app.ours.name)]).await.expect(303);
    assert_eq!(reply.round_trips(), Some(3));
}

/// Something of every kind, an invoice with all that belongs to one, and more than one step removes.
async fn filled() -> (App, Client, String) {
    let app = App::new(round_trips::all_contexts).await;
    let (_, admin) = app.platform_admin().await;
    let owner = app.owner();
    let company = json!({ "name": "La Poste", "email": "compta@client.example", "siret": "35600000000048",
        "street": "9 rue du Colonel", "postal_code": "75015", "city": "Paris" });
    let company = owner.post("/api/v1/companies", &company).await.expect(201).field("/id");
    for n in 0..60 {
        let contact = json!({ "company_id": company, "last_name": format!("Durand {n}") });
        owner.post("/api/v1/contacts", &contact).await.expect(201);
    }
    let lines = json!([{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }]);
    let quote = json!({ "client_id": company, "lines": lines });
    owner.post("/api/v1/quotes", &quote).await.expect(201);
    let sent = owner.post("/api/v1/quotes", &quote).await.expect(201).field("/id");
    owner.post(&format!("/api/v1/quotes/{sent}/send"), &json!({})).await.expect(200);
    owner.post("/api/v1/invoices", &quote).await.expect(201);
    let (_, number) = issued(&app, &owner, &company, b"%PDF-1.7").await;
    owner.post("/api/v1/roles", &json!({ "name": "Apprenti", "permissions": ["crm:view"] })).await.expect(201);
    let invitation = json!({ "email": "c@client.example", "role": "member" });
    owner.post("/api/v1/invitations", &invitation).await.expect(201);
    (app, admin, number)
}

/// The kinds that are left, without those that the table forgets by itself.
fn kinds(app: &App, organization: OrganizationId) -> BTreeSet<String> {
    let left = app.items_of(organization);
    left.values().map(kind).filter(|kind| !["event", "idempotency"].contains(kind)).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_the_law_keeps_stays_and_nothing_else() {
    let (app, admin, number) = filled().await;
    app.deps.files.put(&format!("ORG/{}/uploads/a", app.ours.id.ulid()), vec![1], "image/png").await.expect("a file");
    let theirs = app.items_of(app.theirs.id);
    delete(&app, &admin).await;
    let before = app.items_of(app.ours.id);
    deliver(&app, app.ours.id, Event::OrganizationDeleted {}).await;

    let kept = ["audit", "exports", "file", "invoice", "kept_document", "ledger_entry", "ledger_head"];
    let kept =
        kept.into_iter().chain(["organization", "organization_card", "payment", "quote", "sequence", "snapshot"]);
    assert_eq!(kinds(&app, app.ours.id), kept.map(str::to_owned).collect());
    let after = reaches_everything(&app, app.ours.id).await;
    let count = |wanted: &str| after.values().filter(|item| kind(item) == wanted).count();
    assert_eq!((count("quote"), count("invoice"), count("payment"), count("kept_document")), (1, 1, 1, 2));
    // What stays is what it was, to the letter.
    for (key, item) in after.iter().filter(|(_, item)| !["organization", "kept_document"].contains(&kind(item))) {
        assert!(before.get(key).is_none_or(|former| former == item), "{key:?} changed");
    }
    assert!(
        before
            .iter()
            .filter(|(_, item)| ["audit", "ledger_entry"].contains(&kind(item)))
            .all(|(key, _)| after.contains_key(key))
    );
    let verified = table::ledger::verify(&app.scope()).await.expect("a ledger");
    assert_eq!((verified.entries, verified.faults.len()), (2, 0));
    assert_eq!(app.items_of(app.theirs.id), theirs, "nothing of another organization changed");
    let files = app.deps.files.list(&format!("ORG/{}/", app.ours.id.ulid()), None).await.expect("a list");
    assert!(files.iter().any(|key| key.ends_with(&format!("{number}.pdf"))));
    assert!(!files.iter().any(|key| key.contains("/uploads/")), "{files:?}");
    assert!(walked(&app.scope()).await.values().all(|found| found.kind() != "token"));

    // And once more, three times at once: nothing changes.
    let again = (0..3).map(|_| deliver(&app, app.ours.id, Event::OrganizationDeleted {}));
    futures::future::join_all(again).await;
    assert_eq!(app.items_of(app.ours.id), after);
}

#[tokio::test]
async fn files_of_what_was_issued_stay_and_those_of_drafts_do_not() {
    let app = App::new(round_trips::all_contexts).await;
    let (_, admin) = app.platform_admin().await;
    let owner = app.owner();
    let company = app.publish_client("La Poste").await.id.to_string();
    let lines = json!([{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }]);
    let document = json!({ "client_id": company, "lines": lines });
    let mut quotes = Vec::new();
    for name in ["devis.pdf", "jamais.pdf"] {
        let id = owner.post("/api/v1/quotes", &document).await.expect(201).field("/id");
        exports::attach(&owner, &id, name, "").await;
        quotes.push(id);
    }
    owner.post(&format!("/api/v1/quotes/{}/send", quotes[0]), &json!({})).await.expect(200);
    // A version that was never sent shares the file of the one that was.
    owner.post(&format!("/api/v1/quotes/{}/revise", quotes[0]), &json!({})).await.expect(201);
    let id = owner.post("/api/v1/invoices", &document).await.expect(201).field("/id");
    exports::attach(&owner, &id, "facture.pdf", "").await;
    owner.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let prefix = format!("ORG/{}/pieces/", app.ours.id.ulid());
    assert_eq!(app.deps.files.list(&prefix, None).await.expect("a list").len(), 3);
    delete(&app, &admin).await;
    deliver(&app, app.ours.id, Event::OrganizationDeleted {}).await;
    let left = app.deps.files.list(&prefix, None).await.expect("a list");
    let of = |id: &str| id.split_once('_').expect("an id").1.to_owned();
    assert_eq!(left.len(), 2, "{left:?}");
    for kept in [&quotes[0], &id] {
        assert!(left.iter().any(|key| key.contains(&of(kept))), "{kept} in {left:?}");
    }
}

#[tokio::test]
async fn a_worker_that_dies_between_two_steps_is_taken_over_from() {
    let (app, admin, _) = filled().await;
    delete(&app, &admin).await;
    for ms in [10, 20, 40, 60, 80] {
        let message = exports::message(&app, app.ours.id, Event::OrganizationDeleted {});
        let work = organizations::worker::handle(app.deps.clone(), serde_json::from_value(message).expect("a message"));
        let _ = tokio::time::timeout(Duration::from_millis(ms), work).await;
    }
    deliver(&app, app.ours.id, Event::OrganizationDeleted {}).await;
    let after = app.items_of(app.ours.id);
    let count = |wanted: &str| after.values().filter(|item| kind(item) == wanted).count();
    assert_eq!((count("contact"), count("member"), count("mail"), count("company")), (0, 0, 0, 0));
    assert_eq!((count("quote"), count("invoice"), count("payment"), count("kept_document")), (1, 1, 1, 2));
}

#[tokio::test]
async fn an_export_is_wanted_first_and_the_name_typed() {
    let (app, admin, _) = filled().await;
    let path = act(app.ours.id, "supprimer");
    let refused = admin.form(&path, &[("name", &app.ours.name)]).await.expect(422).text();
    assert!(refused.contains("Export et suppression") && !refused.contains("Supprimer définitivement"), "{refused}");
    export(&app, &admin, app.ours.id).await;
    for wrong in ["", "atelier", &app.theirs.name] {
        let refused = admin.form(&path, &[("name", wrong)]).await.expect(422).text();
        assert!(refused.contains("pas le nom de cette entreprise"), "{refused}");
    }
    app.owner().get("/organisation").await.expect(200);
    // A week later the export is gone, and with it the right to delete.
    app.advance(SignedDuration::from_hours(7 * 24 + 1));
    admin.form(&path, &[("name", &app.ours.name)]).await.expect(422);
    for nobody in [app.owner(), app.stranger(), app.program()] {
        nobody.form(&path, &[("name", &app.ours.name)]).await.expect(404);
        nobody.form(&act(app.ours.id, "exporter"), &[]).await.expect(404);
    }
}

#[tokio::test]
async fn from_the_next_request_on_nobody_gets_in() {
    let (app, admin, _) = filled().await;
    let (owner, program) = (app.owner(), app.program());
    admin.form(&act(app.ours.id, "visiter"), &[]).await.expect(303);
    delete(&app, &admin).await;
    let gone = owner.get("/organisation").await.expect(410).text();
    assert!(gone.contains("Entreprise supprimée"), "{gone}");
    owner.form("/organisation/export", &[]).await.expect(410);
    owner.get("/compte").await.expect(410);
    assert_eq!(program.get("/api/v1/companies").await.expect(410).field("/type"), "urn:abservice:problem:deleted");
    app.with_role(Role::Reader).get("/").await.expect(410);
    admin.get(&path_in(app.ours.id, "/crm")).await.expect(410);
    deliver(&app, app.ours.id, Event::OrganizationDeleted {}).await;
    owner.get("/organisation").await.expect(303);
    program.get("/api/v1/companies").await.expect(401);
    admin.get(&path_in(app.ours.id, "/crm")).await.expect(404);
    // Neither by a visit, nor out of suspension, nor by a new export.
    for name in ["visiter", "suspendre", "retablir", "exporter"] {
        admin.form(&act(app.ours.id, name), &[]).await.expect(409);
    }
    assert!(admin.form(&act(app.ours.id, "supprimer"), &[("name", "")]).await.expect(303).header("location").is_some());
}

#[tokio::test]
async fn its_documents_are_listed_apart_and_can_be_downloaded() {
    let (app, admin, number) = filled().await;
    delete(&app, &admin).await;
    deliver(&app, app.ours.id, Event::OrganizationDeleted {}).await;
    let list = admin.get("/plateforme").await.expect(200).text();
    assert!(!list.contains(&app.ours.name) && list.contains(&app.theirs.name), "{list}");
    let deleted = admin.get("/plateforme/supprimees").await.expect(200).text();
    assert!(deleted.contains(&app.ours.name) && deleted.contains("Supprimée le 22/11/2026"), "{deleted}");
    assert!(!deleted.contains(&app.theirs.name));
    assert!(
        admin.get("/plateforme?q=atelier").await.expect(200).text().contains("Supprimée le"),
        "its name is not lost"
    );

    let page = admin.get(&format!("/plateforme/entreprises/{}", app.ours.id)).await.expect(200).text();
    for told in [number.as_str(), "DEV-2026-0001", "31/12/2036", "L123-22", "Télécharger l’export"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("Visiter") && !page.contains("Suspendre"));
    let link = page.split("href=\"").find(|part| part.contains("/document?de=inv_")).expect("a link");
    let link = link.split('"').next().expect("a link");
    let to = admin.get(link).await.expect(303).header("location").expect("a link").to_owned();
    assert_eq!(reqwest::get(to).await.expect("S3 answers").bytes().await.expect("a file").as_ref(), b"%PDF-1.7");
    app.stranger().get(link).await.expect(404);
    let (foreign, none) =
        (link.replace(&app.ours.id.to_string(), &app.theirs.id.to_string()), act(app.ours.id, "document"));
    admin.get(&foreign).await.expect(404);
    admin.get(&none).await.expect(404);
    admin.get(&act(app.ours.id, "export")).await.expect(303);
    app.advance(SignedDuration::from_hours(7 * 24 + 1));
    admin.get(&act(app.ours.id, "export")).await.expect(404);
}

#[tokio::test]
async fn who_has_no_other_organization_is_told_so_and_may_found_one_of_the_same_name() {
    const PASSWORD: &str = "correct horse battery staple 42";
    let app = App::new(round_trips::all_contexts).await;
    let (_, admin) = app.platform_admin().await;
    let account =
        |email: &str| json!({ "organization_name": "Quai", "name": "D", "email": email, "password": PASSWORD });
    let account_of = app.anyone().post("/api/v1/accounts", &account("d@quai.example")).await.expect(201);
    let organization: OrganizationId = account_of.field("/organization_id").parse().expect("an id");
    export(&app, &admin, organization).await;
    admin.form(&act(organization, "supprimer"), &[("name", "Quai")]).await.expect(303);
    deliver(&app, organization, Event::OrganizationDeleted {}).await;

    let fields = [("email", "d@quai.example"), ("password", PASSWORD)];
    let told = app.anyone().form("/connexion", &fields).await.expect(409).text();
    assert!(told.contains("Vous n’êtes membre d’aucune entreprise"), "{told}");
    let credentials = json!({ "email": "d@quai.example", "password": PASSWORD });
    let told = app.anyone().post("/api/v1/sessions", &credentials).await.expect(409);
    assert_eq!(told.field("/code"), "no_organization");
    app.anyone().post("/api/v1/accounts", &account("e@quai.example")).await.expect(201);
    assert!(scope_of(&app, organization).walk().next().await.expect("a walk").is_some());
}

#[tokio::test]
async fn nobody_is_reminded_in_the_name_of_a_deleted_organization() {
    let (app, admin, _) = filled().await;
    delete(&app, &admin).await;
    deliver(&app, app.ours.id, Event::OrganizationDeleted {}).await;
    let invoice = app.items_of(app.ours.id).into_values().find(|item| kind(item) == "invoice").expect("an invoice");
    assert!(invoice["gsi2pk"]["S"].is_string(), "the clock is to find it");
    app.advance(SignedDuration::from_hours(40 * 24));
    let id = invoice["id"]["S"].as_str().expect("an id").parse().expect("an id");
    for _ in 0..3 {
        let message = exports::message(&app, app.ours.id, Event::InvoiceDue { invoice: id });
        let event = serde_json::from_value(message).expect("a message");
        let answer = invoicing::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
        assert!(answer.batch_item_failures.is_empty());
    }
    let left = app.items_of(app.ours.id);
    assert!(left.values().all(|item| kind(item) != "mail" && kind(item) != "client_document"));
    let invoice: Vec<&Value> = left.values().filter(|item| kind(item) == "invoice").collect();
    assert!(invoice[0]["gsi2pk"].is_null(), "and finds it no more");
}
