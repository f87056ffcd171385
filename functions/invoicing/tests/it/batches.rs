//! Many drafts issued at once, in the background.

use std::sync::Arc;

use futures::future::join_all;
use invoicing::batch::issue_invoices;
use kernel::{id::IssueBatchId, reference::OrganizationReference};
use serde_json::{Value, json};
use table::ledger::verify;
use testkit::{App, Client};

use crate::{app, invoice};

async fn drafts(program: &Client, client: &str, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(program.post("/api/v1/invoices", &invoice(client)).await.expect(201).field("/id"));
    }
    ids
}

async fn asked(program: &Client, invoices: &[String]) -> IssueBatchId {
    let batch = program.post("/api/v1/invoices/issue-batches", &json!({ "invoices": invoices })).await.expect(201);
    assert_eq!((batch.field("/total"), batch.field("/done")), (invoices.len().to_string(), "0".into()));
    batch.field("/id").parse().unwrap()
}

/// As the worker does it, until there is nothing left: each message goes on where the one before ended.
async fn worked_off(app: &App, batch: IssueBatchId) -> Value {
    loop {
        issue_invoices(&app.scope(), batch).await.unwrap();
        let shown = app.program().get(&format!("/api/v1/invoices/issue-batches/{batch}")).await.expect(200).json();
        if !shown["finished_at"].is_null() {
            return shown;
        }
    }
}

async fn numbers(program: &Client, ids: &[String]) -> Vec<String> {
    let mut numbers = Vec::new();
    for id in ids {
        numbers.push(program.get(&format!("/api/v1/invoices/{id}")).await.expect(200).field("/number"));
    }
    numbers
}

#[tokio::test]
async fn all_drafts_of_a_batch_get_their_numbers_in_its_order() {
    let count = if std::env::var("ABSERVICE_FULL").is_ok_and(|full| full == "1") { 1_000 } else { 100 };
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let ids = drafts(&program, &client, count).await;
    let batch = asked(&program, &ids).await;
    let done = worked_off(&app, batch).await;
    assert_eq!((&done["issued"], &done["done"], &done["refused"]), (&json!(count), &json!(count), &json!([])));
    let wanted: Vec<_> = (1..=count).map(|n| format!("FAC-2026-{n:04}")).collect();
    assert_eq!(numbers(&program, &ids).await, wanted);
    let ledger = verify(&app.scope()).await.unwrap();
    assert_eq!((ledger.entries, ledger.faults.len()), (count as u64, 0));
    // Told again, there is nothing left to do.
    issue_invoices(&app.scope(), batch).await.unwrap();
    assert_eq!(verify(&app.scope()).await.unwrap().entries, count as u64);
}

#[tokio::test]
async fn told_many_times_at_once_each_is_issued_once() {
    let app = Arc::new(app().await);
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let ids = drafts(&program, &client, 40).await;
    let batch = asked(&program, &ids).await;
    let workers = (0..5).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { issue_invoices(&app.scope(), batch).await })
    });
    join_all(workers).await.into_iter().for_each(|done| done.unwrap().unwrap());
    let done = worked_off(&app, batch).await;
    assert_eq!(done["issued"], 40);
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 40);
}

#[tokio::test]
async fn what_cannot_be_issued_is_told_and_the_others_leave_without_a_gap() {
    let app = app().await;
    let program = app.program();
    let mut client = app.publish_client("Client SA").await;
    let id = client.id.to_string();
    let ids = drafts(&program, &id, 6).await;
    // One is issued meanwhile, one deleted, one is for a client whom its VAT treatment does not fit any more.
    program.post(&format!("/api/v1/invoices/{}/issue", ids[1]), &json!({})).await.expect(200);
    program.delete(&format!("/api/v1/invoices/{}", ids[3])).await.expect(204);
    let other = app.publish_client("Autre SA").await;
    let mut reverse = invoice(&other.id.to_string());
    reverse["vat_treatment"] = json!("reverse_charge");
    let mut other = other;
    other.vat_number = Some("FR44732829320".into());
    app.republish_client(&other).await;
    let unfit = program.post("/api/v1/invoices", &reverse).await.expect(201).field("/id");
    other.is_business = false;
    (other.siret, other.vat_number) = (None, None);
    app.republish_client(&other).await;
    // The client of the others moved since: what leaves says where they are now.
    client.name = "Client déménagé SA".into();
    app.republish_client(&client).await;

    let chosen =
        [ids[0].clone(), ids[1].clone(), unfit.clone(), ids[2].clone(), ids[3].clone(), ids[4].clone(), ids[5].clone()];
    let batch = asked(&program, &chosen).await;
    let done = worked_off(&app, batch).await;
    assert_eq!((&done["issued"], &done["done"]), (&json!(4), &json!(7)));
    let told: Vec<_> = done["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["invoice_id"].clone(), one["code"].clone()))
        .collect();
    let wanted = [
        (json!(ids[1]), json!("already_issued")),
        (json!(unfit), json!("treatment_unfit")),
        (json!(ids[3]), Value::Null),
    ];
    assert_eq!(told, wanted);
    let issued = [ids[1].clone(), ids[0].clone(), ids[2].clone(), ids[4].clone(), ids[5].clone()];
    assert_eq!(numbers(&program, &issued).await, (1..=5).map(|n| format!("FAC-2026-{n:04}")).collect::<Vec<_>>());
    assert_eq!(program.get(&format!("/api/v1/invoices/{}", ids[5])).await.field("/client_name"), "Client déménagé SA");
    let page = app.owner().get(&format!("/facturation/factures/emission/{batch}")).await.expect(200).text();
    for wanted in ["4 factures sont émises", "3 n’ont pas pu l’être", "déjà émise", "n’existe plus"] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    assert!(!page.contains("hx-get=\"/facturation/factures/emission"), "it asks no more: {page}");
}

#[tokio::test]
async fn drafts_are_chosen_on_a_page_that_follows_what_becomes_of_them() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let client = app.publish_client("Client SA").await.id.to_string();
    let ids = drafts(&program, &client, 3).await;
    let page = owner.get("/facturation/factures/emission").await.expect(200).text();
    assert_eq!(page.matches("name=\"invoice\"").count(), 3);
    let none = owner.form("/facturation/factures/emission", &[("_key", "k0")]).await.expect(422).text();
    assert!(none.contains("Choisissez au moins un élément"), "{none}");
    // Sent twice, it is asked for once.
    let fields = [("_key", "k1"), ("invoice", ids[2].as_str()), ("invoice", ids[0].as_str())];
    let to =
        owner.form("/facturation/factures/emission", &fields).await.expect(303).header("location").unwrap().to_owned();
    let again = owner.form("/facturation/factures/emission", &fields).await.expect(303);
    assert_eq!(again.header("location"), Some(to.as_str()));
    let page = owner.get(&to).await.expect(200).text();
    assert!(page.contains("hx-get") && page.contains("0 sur 2"), "{page}");
    worked_off(&app, to.rsplit('/').next().unwrap().parse().unwrap()).await;
    // In the order in which they were written.
    let issued = [ids[0].clone(), ids[2].clone()];
    assert_eq!(numbers(&program, &issued).await, ["FAC-2026-0001", "FAC-2026-0002"]);
    assert_eq!(
        owner.get("/facturation/factures/emission").await.expect(200).text().matches("name=\"invoice\"").count(),
        1
    );
}

#[tokio::test]
async fn a_batch_has_known_limits_and_belongs_to_one_tenant() {
    let app = app().await;
    let program = app.program();
    let none: [String; 0] = [];
    let path = "/api/v1/invoices/issue-batches";
    assert_eq!(program.post(path, &json!({ "invoices": none })).await.expect(422).violations(), ["/invoices"]);
    let many: Vec<_> = (0..1_001).map(|n| format!("inv_{n:026}")).collect();
    assert_eq!(program.post(path, &json!({ "invoices": many })).await.expect(422).violations(), ["/invoices"]);
    assert_eq!(program.post(path, &json!({ "invoices": ["x"] })).await.expect(422).violations(), ["/invoices/0"]);
    let client = app.publish_client("Client SA").await.id.to_string();
    let ids = drafts(&program, &client, 1).await;
    let batch = asked(&program, &ids).await;
    app.stranger().get(&format!("{path}/{batch}")).await.expect(404);
    // A stranger may ask for it, and nothing of ours leaves.
    let theirs = app.stranger().post(path, &json!({ "invoices": ids })).await.expect(201).field("/id");
    let scope =
        app.deps.table.scope(kernel::Tenant::proven(app.theirs.id, kernel::Actor::System { name: "test".into() }));
    issue_invoices(&scope, theirs.parse().unwrap()).await.unwrap();
    assert_eq!(numbers(&program, &ids).await, ["null"]);
    // Nobody's invoices leave once the organization is deleted.
    let deletion = kernel::reference::Deletion { at: app.deps.clock.now(), erased_at: None };
    app.replace_organization(&OrganizationReference { deletion: Some(deletion), ..app.ours.clone() }).await;
    issue_invoices(&app.scope(), batch).await.unwrap();
    assert_eq!(verify(&app.scope()).await.unwrap().entries, 0);
}
