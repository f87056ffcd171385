//! An export of everything: what is in it, and what never is.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use kernel::{
    Actor, Tenant,
    document::{File, Kind},
    event::{Envelope, Event, Owner},
    export::Exports,
    id::{EventId, ExportId, InvoiceId, OrganizationId},
    permission::Role,
};
use organizations::platform::KeptDocument;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use table::{
    Scope,
    shared::{DocumentFile, OwnedMail},
};
use testkit::{App, Client};
use zip::ZipArchive;

use crate::{everything, round_trips};

/// What is stored of an organization, by partition and sort key.
pub type Items = BTreeMap<(String, String), Value>;

pub fn scope_of(app: &App, organization: OrganizationId) -> Scope {
    app.deps.table.scope(Tenant::proven(organization, Actor::System { name: "test".into() }))
}

/// What the relay would bring to the worker of organizations.
pub fn message(app: &App, organization: OrganizationId, event: Event) -> Value {
    let id = EventId::new(app.clock.now(), 1);
    let envelope = Envelope { id, organization, at: app.clock.now(), event };
    let body = serde_json::to_string(&envelope).expect("an envelope");
    json!({ "Records": [{ "messageId": "1", "body": body }] })
}

/// Brings it, and sees it done.
pub async fn deliver(app: &App, organization: OrganizationId, event: Event) {
    let message = serde_json::from_value(message(app, organization, event)).expect("a message");
    let answer = organizations::worker::handle(app.deps.clone(), message).await.expect("the worker answers");
    assert!(answer.batch_item_failures.is_empty(), "it failed");
}

pub async fn newest(app: &App, organization: OrganizationId) -> ExportId {
    let scope = scope_of(app, organization);
    let exports = scope.get::<Exports>(&scope.keys().exports()).await.expect("a reading").expect("exports");
    exports.value.recent[0].id
}

/// A document with its file, as if it had been kept.
pub async fn keep_document(app: &App, organization: OrganizationId) -> InvoiceId {
    let scope = &scope_of(app, organization);
    let invoice = scope.new_id(InvoiceId::new);
    let document = KeptDocument {
        owner: Owner::Invoice(invoice),
        kind: Kind::Invoice,
        number: "FAC-2026-0001".into(),
        issued_on: jiff::civil::date(2026, 11, 22),
        buyer: "La Poste".into(),
        gross_minor: kernel::Minor(120_000),
        currency: kernel::Currency::Eur,
    };
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", invoice);
            transaction.create(&document);
            Ok((transaction, ()))
        })
        .await
        .expect("a document is written");
    render(app, organization, Owner::Invoice(invoice), "FAC-2026-0001", b"%PDF").await;
    invoice
}

/// As if the worker had rendered a document.
pub async fn render(app: &App, organization: OrganizationId, owner: Owner, number: &str, pdf: &[u8]) {
    let scope = &scope_of(app, organization);
    let file_name = format!("{number}.pdf");
    let file = File {
        s3_key: table::keys::s3_key(organization, owner, &file_name),
        file_name,
        sha256: hex::encode(Sha256::digest(pdf)),
        bytes: pdf.len() as u64,
        rendered_at: scope.now(),
    };
    app.deps.files.put(&file.s3_key, pdf.to_vec(), "application/pdf").await.expect("a file is put");
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", owner);
            transaction.create(&DocumentFile { owner, file: file.clone() });
            Ok((transaction, ()))
        })
        .await
        .expect("a file is written");
}

/// Asks, lets the worker work, downloads: the files of the zip by name.
pub async fn exported(app: &App, client: &Client) -> BTreeMap<String, Vec<u8>> {
    let id = client.post("/api/v1/organization/exports", &json!({})).await.expect(202).field("/id");
    deliver(app, app.ours.id, Event::ExportRequested { export: id.parse().expect("an id") }).await;
    let link = client.get(&format!("/api/v1/organization/exports/{id}/file")).await.expect(200);
    assert!(link.field("/file_name").starts_with("abservice-export-2026-"));
    unzipped(&link.field("/url")).await
}

/// The files of a zip by name.
pub async fn unzipped(url: &str) -> BTreeMap<String, Vec<u8>> {
    let zip = reqwest::get(url).await.expect("S3 answers").bytes().await.expect("a file").to_vec();
    let mut zip = ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let mut files = BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its content");
        let name = file.name().expect("a name").into_owned();
        files.insert(name, bytes);
    }
    files
}

fn lines(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<Value> {
    let text = String::from_utf8(files[&format!("donnees/{name}.jsonl")].clone()).expect("a text");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// An invoice that is issued, rendered and partly paid.
pub async fn issued(app: &App, client: &Client, company: &str, pdf: &[u8]) -> (InvoiceId, String) {
    let lines = json!([{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }]);
    let draft = client.post("/api/v1/invoices", &json!({ "client_id": company, "lines": lines })).await.expect(201);
    let path = format!("/api/v1/invoices/{}", draft.field("/id"));
    let number = client.post(&format!("{path}/issue"), &json!({})).await.expect(200).field("/number");
    let paid_on = app.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let payment = json!({ "amount": "80", "paid_on": paid_on.to_string(), "method": "card" });
    client.post(&format!("{path}/payments"), &payment).await.expect(201);
    let id: InvoiceId = draft.field("/id").parse().expect("an id");
    render(app, app.ours.id, Owner::Invoice(id), &number, pdf).await;
    (id, number)
}

/// Adds a file to a draft.
pub async fn attach(client: &Client, document: &str, name: &str, description: &str) {
    let pdf = format!("%PDF-1.7\n%{name}\nstartxref\n9\n%%EOF\n").into_bytes();
    let path = format!("/api/v1/documents/{document}/attachments");
    let announced = json!({ "media_type": "application/pdf", "bytes": pdf.len() });
    let link = client.post(&format!("{path}/uploads"), &announced).await.expect(201);
    assert_eq!(testkit::send_file(&link.json(), pdf).await, 200);
    let input = json!({ "upload_id": link.field("/id"), "file_name": name, "description": description });
    client.post(&path, &input).await.expect(201);
}

/// JSON text without spaces, the keys of each object in order.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.iter().collect();
            let fields = fields.iter().map(|(name, value)| format!("{}:{}", json!(name), sorted(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(sorted).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

/// Values of fields whose names speak of a secret, however deep.
pub fn secrets(value: &Value, within: bool, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let speaks = ["hash", "secret", "seed", "password", "sealed"].iter().any(|part| name.contains(part));
                secrets(value, within || speaks, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| secrets(value, within, found)),
        Value::String(text) if within && text.len() > 20 => found.push(text.clone()),
        _ => {}
    }
}

#[tokio::test]
async fn an_export_has_everything_and_no_secret() {
    let app = App::new(round_trips::all_contexts).await;
    Box::pin(round_trips::everything(&app)).await;
    app.advance(jiff::SignedDuration::from_hours(25));
    let owner = app.owner();
    let company = owner.get("/api/v1/companies").await.expect(200).field("/items/0/id");
    // One contact was erased on the way here.
    let contact = json!({ "first_name": "Paul", "last_name": "Martin", "company_id": company });
    owner.post("/api/v1/contacts", &contact).await.expect(201);
    let pdf = b"%PDF-1.7 une facture".as_slice();
    let (_, number) = issued(&app, &owner, &company, pdf).await;
    let told = everything::walked(&app.scope()).await;
    let stored = app.items_of(app.ours.id);
    let files = exported(&app, &owner).await;

    // Each item of each kind has its line; the export itself goes on, and so does the log of it.
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    for found in told.values().filter(|found| !["audit", "mail", "exports"].contains(&found.kind())) {
        *expected.entry(found.kind()).or_default() += 1;
    }
    for (kind, count) in expected {
        let file = organizations::kinds::find(kind).expect("a known kind").file;
        assert_eq!(lines(&files, file).len(), count, "{kind}");
    }
    assert_eq!(files[&format!("documents/factures/{number}.pdf")], pdf);

    let readme = String::from_utf8(files["README.txt"].clone()).expect("a text");
    for told in ["EXPORT DE ATELIER", "tableaux/clients.csv", "donnees/factures.jsonl", "Introuvables", "SHA-256"] {
        assert!(readme.contains(told), "{told}: {readme}");
    }
    for (table, told) in [
        ("clients", "Boulangerie"),
        ("contacts", "Martin"),
        ("devis", "DEV-2026-0001"),
        ("factures", ";1080,00;80,00;EUR;"),
        ("paiements", ";80,00;EUR;Carte bancaire;"),
    ] {
        let csv = String::from_utf8(files[&format!("tableaux/{table}.csv")].clone()).expect("a text");
        assert!(csv.starts_with('\u{feff}') && csv.contains(told), "{table}: {csv}");
        let rows = csv.lines().count() - 1;
        assert!(rows >= 2, "{table} has {rows} rows");
    }

    // The ledger can be verified by whoever has nothing else.
    let (mut previous, mut position) = ("0".repeat(64), 0);
    for entry in lines(&files, "journal-inalterable") {
        position += 1;
        let content: Value = serde_json::from_str(entry["content"].as_str().expect("a text")).expect("JSON");
        let canonical = format!(
            r#"{{"at":{},"content":{},"kind":{},"number":{},"position":{position},"previous":"{previous}"}}"#,
            entry["at"],
            sorted(&content),
            entry["kind"],
            entry["number"],
        );
        previous = hex::encode(Sha256::digest(canonical));
        assert_eq!(entry["hash"], previous.as_str(), "{entry}");
    }
    assert!(position > 2);
    let [end] = &lines(&files, "journal-inalterable-fin")[..] else { panic!("one end") };
    assert_eq!((&end["position"], &end["hash"]), (&json!(position), &json!(previous)));

    let mut hidden = Vec::new();
    for item in stored.values().filter(|item| !["ledger_entry", "ledger_head"].contains(&everything::kind(item))) {
        secrets(item, false, &mut hidden);
    }
    for found in told.values().filter(|found| found.kind() == "token") {
        hidden.push(found.get::<web::AccessToken>().expect("a token").expect("a token").value.hash);
    }
    let mandates = lines(&files, "mandats-sepa");
    assert!(!mandates.is_empty() && mandates.iter().all(|mandate| mandate["iban"] == "•••"), "{mandates:?}");
    assert!(hidden.len() > 5, "there is something to hide");
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for secret in &hidden {
            assert!(!text.contains(secret), "a secret in {name}");
        }
        assert!(!text.contains(&app.theirs.id.to_string()), "another organization in {name}");
    }
}

#[tokio::test]
async fn files_of_one_s_own_leave_with_it_under_their_document() {
    let app = App::new(round_trips::all_contexts).await;
    let owner = app.owner();
    let company = app.publish_client("La Poste").await.id.to_string();
    let lines = json!([{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }]);
    let document = json!({ "client_id": company, "lines": lines });
    let draft = owner.post("/api/v1/quotes", &document).await.expect(201).field("/id");
    attach(&owner, &draft, "Plan d’accès.pdf", "").await;
    let issued = owner.post("/api/v1/invoices", &document).await.expect(201).field("/id");
    attach(&owner, &issued, "bon.pdf", "Bon de livraison").await;
    owner.post(&format!("/api/v1/invoices/{issued}/issue"), &json!({})).await.expect(200);
    let files = exported(&app, &owner).await;
    for (name, told) in [
        (format!("pieces-jointes/{draft}/Plan d’accès.pdf"), "%Plan d’accès.pdf"),
        ("pieces-jointes/FAC-2026-0001/bon.pdf".to_owned(), "%bon.pdf"),
    ] {
        let file = files.get(&name).unwrap_or_else(|| panic!("{name} among {:?}", files.keys()));
        assert!(String::from_utf8_lossy(file).contains(told));
    }
    let readme = String::from_utf8(files["README.txt"].clone()).expect("a text");
    assert!(readme.contains("pieces-jointes/") && !readme.contains("pieces-jointes/FAC-2026-0001"), "{readme}");
}

#[tokio::test]
async fn a_file_larger_than_memory_would_hold_goes_in_parts() {
    let app = App::new(round_trips::all_contexts).await;
    let owner = app.owner();
    let company = app.publish_client("La Poste").await.id.to_string();
    // What compresses badly.
    let (mut noise, mut pdf) = (7_u64, Vec::new());
    while pdf.len() < 20 * 1024 * 1024 {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pdf.extend_from_slice(&(noise >> 16).to_le_bytes()[..6]);
    }
    let (_, number) = issued(&app, &owner, &company, &pdf).await;
    let files = exported(&app, &owner).await;
    assert!(files[&format!("documents/factures/{number}.pdf")] == pdf);
}

#[tokio::test]
async fn a_message_that_comes_three_times_makes_one_export_and_one_mail() {
    let app = App::new(round_trips::all_contexts).await;
    let owner = app.owner();
    let reply = owner.form("/organisation/export", &[]).await.expect(303);
    assert_eq!(reply.header("location"), Some("/organisation/export"));
    assert!(owner.get("/organisation/export").await.expect(200).text().contains("Demandé"));
    let export = newest(&app, app.ours.id).await;
    let path = format!("/organisation/export/{export}");
    owner.get(&path).await.expect(404);
    owner.post("/api/v1/organization/exports", &json!({})).await.expect(409);
    let event = || Event::ExportRequested { export };
    futures::future::join_all((0..3).map(|_| deliver(&app, app.ours.id, event()))).await;
    let after = app.items_of(app.ours.id);
    deliver(&app, app.ours.id, event()).await;
    assert_eq!(app.items_of(app.ours.id).len(), after.len(), "nothing is written any more");

    let told = everything::walked(&app.scope()).await;
    let mails: Vec<_> = told.values().filter_map(|found| found.get::<OwnedMail>().expect("a mail")).collect();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0].value.mail;
    assert_eq!(mail.subject, "Votre export est prêt – Atelier Lumière");
    assert!(mail.text.contains("/organisation/export\n") && !mail.text.contains("X-Amz"), "{}", mail.text);

    let page = owner.get("/organisation/export").await.expect(200).text();
    assert!(page.contains("Prêt") && page.contains(&path), "{page}");
    assert!(owner.get(&path).await.expect(303).header("location").is_some_and(|to| to.contains("X-Amz-Expires=300")));
    // Nobody else's, and no longer than a week.
    app.stranger().get(&path).await.expect(404);
    app.with_role(Role::Sales).get(&path).await.expect(403);
    app.advance(jiff::SignedDuration::from_hours(7 * 24));
    owner.get(&path).await.expect(404);
    assert!(owner.get("/organisation/export").await.expect(200).text().contains("Expiré"));
}

#[tokio::test]
async fn an_export_that_was_interrupted_is_written_by_the_next_delivery() {
    let app = App::new(round_trips::all_contexts).await;
    let owner = app.owner();
    let id = owner.post("/api/v1/organization/exports", &json!({})).await.expect(202).field("/id");
    let export: ExportId = id.parse().expect("an id");
    for ms in [1, 5, 20] {
        let event = Event::ExportRequested { export };
        let message = serde_json::from_value(message(&app, app.ours.id, event)).expect("a message");
        let work = organizations::worker::handle(app.deps.clone(), message);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(ms), work).await;
    }
    deliver(&app, app.ours.id, Event::ExportRequested { export }).await;
    let list = owner.get("/api/v1/organization/exports").await.expect(200);
    assert_eq!(list.field("/items/0/status"), "ready");
    // What it is not about, or is forgotten, is no fault.
    deliver(&app, app.ours.id, Event::ExportRequested { export: ExportId::new(app.clock.now(), 9) }).await;
}
