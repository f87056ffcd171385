//! `/api/v1/records/{record}/files`, the panel of a record and the page of a file.

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use kernel::{
    Permission,
    event::{Envelope, Event},
    id::{AttachedId, EventId, UploadId},
    permission::Role,
};
use serde_json::{Value, json};
use table::keys;
use testkit::{App, Client, Reply, own_records, send_file};

use crate::{COMPANIES, CONTACTS, added, app, bakery};

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n";

fn files_of(record: &str) -> String {
    format!("/api/v1/records/{record}/files")
}

/// Sends a file to the bucket; the upload's id.
async fn sent(client: &Client, record: &str, media_type: &str, bytes: &[u8]) -> String {
    let announced = json!({ "media_type": media_type, "bytes": bytes.len() });
    let link = client.post(&format!("{}/uploads", files_of(record)), &announced).await.expect(201);
    assert_eq!(send_file(&link.json(), bytes.to_vec()).await, 200);
    link.field("/id")
}

pub async fn attached(client: &Client, record: &str, name: &str, bytes: &[u8]) -> Reply {
    let upload = sent(client, record, "application/octet-stream", bytes).await;
    client.post(&files_of(record), &json!({ "upload_id": upload, "name": name })).await
}

async fn bytes_at(url: &str) -> (Vec<u8>, String) {
    let answer = reqwest::get(url).await.expect("S3 answers");
    assert!(answer.status().is_success(), "{}", answer.status());
    let disposition = answer.headers()["content-disposition"].to_str().expect("a header").to_owned();
    (answer.bytes().await.expect("a file").to_vec(), disposition)
}

/// What the bucket has of a file.
async fn versions_of(app: &App, file: &str) -> Vec<String> {
    let prefix = keys::attached_s3_prefix(app.ours.id, file.parse::<AttachedId>().expect("an id"));
    app.deps.files.list(&prefix, None).await.expect("a list")
}

async fn worked(app: &App, event: Event) {
    let envelope = Envelope {
        id: EventId::new(app.clock.now(), app.deps.table.random()),
        organization: app.ours.id,
        at: app.clock.now(),
        event,
    };
    let mut message = SqsMessage::default();
    message.message_id = Some("1".into());
    message.body = Some(serde_json::to_string(&envelope).expect("an envelope"));
    let mut event = SqsEvent::default();
    event.records = vec![message];
    let answer = crm::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
    assert!(answer.batch_item_failures.is_empty());
}

#[tokio::test]
async fn a_file_is_attached_listed_and_downloaded_by_its_name() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let made = attached(&program, &company, "Plan d’été.pdf", PDF).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    assert_eq!((made.field("/name"), made.field("/record")), ("Plan d’été.pdf".into(), company.clone()));
    assert_eq!(made.json()["versions"][0]["bytes"], PDF.len());
    let id = made.field("/id");
    let path = format!("{}/{id}", files_of(&company));
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(program.get(&path).await.expect(200).json(), made.json());
    let list = program.get(&files_of(&company)).await.expect(200);
    assert!(list.round_trips() <= Some(2));
    assert_eq!(list.json()["items"], json!([made.json()]));

    let link = program.get(&format!("{path}/versions/1")).await.expect(200);
    assert!(link.round_trips() <= Some(2));
    let (bytes, disposition) = bytes_at(&link.field("/url")).await;
    assert_eq!(bytes, PDF);
    assert_eq!(
        disposition,
        "attachment; filename=\"Plan d__t_.pdf\"; filename*=UTF-8''Plan%20d%E2%80%99%C3%A9t%C3%A9.pdf"
    );
    for number in ["0", "2", "-1", "x"] {
        program.get(&format!("{path}/versions/{number}")).await.expect(404);
    }
}

#[tokio::test]
async fn contacts_and_companies_have_files_and_what_is_no_record_has_none() {
    let app = app().await;
    let program = app.program();
    let contact = added(&program, CONTACTS, &json!({ "last_name": "Durand" })).await;
    attached(&program, &contact, "a.txt", b"Bonjour").await.expect(201);
    for record in ["con_00000000000000000000000000", "opp_00000000000000000000000000"] {
        let upload = sent(&program, record, "text/plain", b"Bonjour").await;
        program.post(&files_of(record), &json!({ "upload_id": upload, "name": "a.txt" })).await.expect(404);
        program.get(&files_of(record)).await.expect(404);
    }
    program.get(&files_of("inv_00000000000000000000000000")).await.expect(404);
    program.get(&files_of("nothing")).await.expect(404);
}

#[tokio::test]
async fn an_upload_of_another_organization_is_none() {
    let app = app().await;
    let program = app.program();
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    let company = added(&program, COMPANIES, &bakery()).await;
    let theirs = added(&stranger, COMPANIES, &bakery()).await;
    let upload = sent(&stranger, &theirs, "application/pdf", PDF).await;
    for upload in [upload.as_str(), "upl_00000000000000000000000000", "upl_1", ""] {
        let refused = program.post(&files_of(&company), &json!({ "upload_id": upload, "name": "a.pdf" })).await;
        assert_eq!(refused.expect(422).violations(), ["/upload_id"], "{upload}");
    }
    let file = attached(&program, &company, "a.pdf", PDF).await.expect(201).field("/id");
    let path = format!("{}/{file}", files_of(&company));
    for client in [&stranger] {
        client.get(&files_of(&company)).await.expect(404);
        client.get(&path).await.expect(404);
        client.get(&format!("{path}/versions/1")).await.expect(404);
        client.put(&path, &json!({ "name": "b" })).await.expect(404);
        client.delete(&path).await.expect(404);
    }
    // An id of ours under a record of theirs leads nowhere either.
    stranger.get(&format!("{}/{file}/versions/1", files_of(&theirs))).await.expect(404);
}

#[tokio::test]
async fn what_is_not_what_it_says_is_refused_and_leaves_the_bucket() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let program_file = b"MZ\x90\0\x03\0\0\0".as_slice();
    for (name, bytes) in [
        ("page.txt", b"<html><script>alert(1)</script></html>".as_slice()),
        ("dessin.png", b"<svg onload=alert(1)>"),
        ("outil.pdf", program_file),
        ("bombe.docx", &bomb()),
        ("rien.docx", b"PK\x03\x04"),
    ] {
        let refused = attached(&program, &company, name, bytes).await.expect(422);
        assert_eq!(refused.violations(), ["/upload_id"], "{name}");
    }
    assert_eq!(program.get(&files_of(&company)).await.json()["items"], json!([]));
    let left = app.deps.files.list(&keys::s3_prefix(app.ours.id), None).await.expect("a list");
    assert_eq!(left, [] as [String; 0]);
}

/// An archive that claims to unpack to 300 MB of a document.
fn bomb() -> Vec<u8> {
    let (name, content) = (b"word/document.xml", [0_u8; 100]);
    let sizes = [[0; 4], 100_u32.to_le_bytes(), (300_u32 << 20).to_le_bytes()].concat();
    let lengths = [name.len() as u8, 0, 0, 0];
    let mut bytes = [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &lengths, name, &content].concat();
    let begin = bytes.len() as u32;
    bytes.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &lengths, &[0; 14], name].concat());
    let size = (bytes.len() as u32 - begin).to_le_bytes();
    bytes.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &size, &begin.to_le_bytes(), &[0, 0]].concat());
    bytes
}

#[tokio::test]
async fn a_file_is_announced_within_its_limits() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let begin = format!("{}/uploads", files_of(&company));
    let announced = |media_type: &str, bytes: u64| json!({ "media_type": media_type, "bytes": bytes });
    for (wrong, pointer) in [
        (announced("application/pdf", 26 * 1024 * 1024), "/bytes"),
        (announced("application/pdf", 0), "/bytes"),
        (announced("text/html", 7), "/media_type"),
        (announced("image/svg+xml", 7), "/media_type"),
        (announced("application/x-msdownload", 7), "/media_type"),
    ] {
        assert_eq!(program.post(&begin, &wrong).await.expect(422).violations(), [pointer], "{wrong}");
    }
    // What is longer than was announced, the bucket does not take.
    let link = program.post(&begin, &announced("application/pdf", 7)).await.expect(201).json();
    assert_ne!(send_file(&link, vec![b'a'; 8]).await, 200);
    // Whatever got there, it is no longer than a file may be.
    let upload = program.post(&begin, &announced("text/plain", 7)).await.expect(201).field("/id");
    let key = keys::upload_s3_key(app.ours.id, upload.parse::<UploadId>().expect("an id"));
    app.deps.files.put(&key, vec![b'a'; 26 * 1024 * 1024], "text/plain").await.expect("it is put");
    let refused = program.post(&files_of(&company), &json!({ "upload_id": upload, "name": "a.txt" })).await;
    assert_eq!(refused.expect(422).violations(), ["/upload_id"]);
}

#[tokio::test]
async fn a_name_leads_nowhere_and_says_what_the_file_is() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    for (name, bytes, expected) in [
        ("../../etc/passwd.txt", b"Bonjour".as_slice(), "passwd.txt"),
        ("C:\\temp\\photo.exe", PDF, "photo.exe.pdf"),
        ("\u{202e}fdp.exe", PDF, "fdp.exe.pdf"),
        ("clients.csv", b"a;b\n", "clients.csv"),
        ("", b"Bonjour", "Fichier.txt"),
    ] {
        assert_eq!(attached(&program, &company, name, bytes).await.expect(201).field("/name"), expected);
    }
}

#[tokio::test]
async fn a_new_version_keeps_the_former_ones_up_to_twenty() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let file = attached(&program, &company, "Contrat.txt", b"version 1").await.expect(201).field("/id");
    let path = format!("{}/{file}", files_of(&company));
    let versions = format!("{path}/versions");
    let same = sent(&program, &company, "text/plain", b"version 1").await;
    let refused = program.post(&versions, &json!({ "upload_id": same })).await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    for number in 2..=20 {
        let upload = sent(&program, &company, "text/plain", format!("version {number}").as_bytes()).await;
        let added = program.post(&versions, &json!({ "upload_id": upload })).await.expect(200);
        assert!(added.round_trips() <= Some(3));
        assert_eq!(added.json()["versions"].as_array().map(Vec::len), Some(number));
    }
    let upload = sent(&program, &company, "text/plain", b"version 21").await;
    let refused = program.post(&versions, &json!({ "upload_id": upload })).await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    assert_eq!(versions_of(&app, &file).await.len(), 20);

    let link = program.get(&format!("{versions}/2")).await.expect(200);
    assert_eq!(link.field("/file_name"), "Contrat (version 2).txt");
    assert_eq!(bytes_at(&link.field("/url")).await.0, b"version 2");
    let link = program.get(&format!("{versions}/20")).await.expect(200);
    assert_eq!(
        (link.field("/file_name"), bytes_at(&link.field("/url")).await.0),
        ("Contrat.txt".into(), b"version 20".to_vec())
    );
}

#[tokio::test]
async fn sent_twice_it_is_there_once() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let upload = sent(&program, &company, "application/pdf", PDF).await;
    let body = json!({ "upload_id": upload, "name": "a.pdf" });
    let path = files_of(&company);
    let both = [program.post(&path, &body), program.post(&path, &body)].map(Box::pin);
    for reply in futures_of(both).await {
        assert!([201, 422].contains(&reply.status.as_u16()), "{}", reply.text());
    }
    let list = program.get(&path).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(versions_of(&app, &id).await.len(), 1);
    // The same request, told again.
    let upload = sent(&program, &company, "application/pdf", PDF).await;
    let once = program.idempotency_key("once");
    let body = json!({ "upload_id": upload, "name": "b.pdf" });
    let first = once.post(&path, &body).await.expect(201).json();
    assert_eq!(once.post(&path, &body).await.expect(201).json(), first);
}

/// Both at once.
async fn futures_of<F: Future<Output = Reply>>(both: [F; 2]) -> [Reply; 2] {
    let [one, other] = both;
    let (one, other) = tokio::join!(one, other);
    [one, other]
}

#[tokio::test]
async fn files_that_come_at_once_are_all_there() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let adding = (0..6).map(|n| {
        let (program, company) = (program.clone(), company.clone());
        tokio::spawn(async move {
            attached(&program, &company, &format!("{n}.txt"), format!("{n}").as_bytes()).await.expect(201)
        })
    });
    for task in adding.collect::<Vec<_>>() {
        task.await.expect("a file is added");
    }
    assert_eq!(program.get(&files_of(&company)).await.json()["items"].as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn a_private_file_is_its_author_s_and_who_administers() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let author = app.program_of(app.user_with_role(Role::Sales)).await;
    let upload = sent(&author, &company, "application/pdf", PDF).await;
    let body = json!({ "upload_id": upload, "name": "Salaire.pdf", "audience": "author" });
    let file = author.post(&files_of(&company), &body).await.expect(201).field("/id");
    let path = format!("{}/{file}", files_of(&company));
    let shared = attached(&author, &company, "Plan.pdf", PDF).await.expect(201).field("/id");
    let manager = app.program_of(app.user_with_role(Role::Manager)).await;
    let panel = format!("/crm/panneaux/fichiers/{company}");
    for (client, pages, sees) in [
        (&author, app.with_role(Role::Sales), true),
        (&app.program_of(app.user_with_role(Role::Admin)).await, app.with_role(Role::Admin), true),
        (&program, app.owner(), true),
        (&manager, app.with_role(Role::Manager), false),
    ] {
        let count = client.get(&files_of(&company)).await.expect(200).json()["items"].as_array().map(Vec::len);
        assert_eq!(count, Some(if sees { 2 } else { 1 }));
        let status = if sees { 200 } else { 404 };
        client.get(&path).await.expect(status);
        client.get(&format!("{path}/versions/1")).await.expect(status);
        pages.get(&format!("/crm/fichiers/{company}/{file}")).await.expect(status);
        assert_eq!(pages.get(&panel).await.expect(200).text().contains("Salaire"), sees);
    }
    manager.put(&path, &json!({ "name": "x" })).await.expect(404);
    manager.delete(&path).await.expect(404);
    // Who may see it is its author's to change, not anybody's who may rename it.
    let other = format!("{}/{shared}", files_of(&company));
    manager.put(&other, &json!({ "name": "Plan", "audience": "author" })).await.expect(403);
    assert_eq!(manager.put(&other, &json!({ "name": "Plan 2" })).await.expect(200).field("/name"), "Plan 2.pdf");
    author.put(&other, &json!({ "name": "Plan", "audience": "author" })).await.expect(200);
    manager.get(&other).await.expect(404);
    let wrong = author.put(&other, &json!({ "name": "", "audience": "all" })).await.expect(422);
    assert_eq!(wrong.violations(), ["/name"]);
}

#[tokio::test]
async fn who_sees_only_their_own_records_sees_the_files_of_those() {
    let app = app().await;
    let program = app.program();
    let (user, salesperson) = app.with_new_member(own_records(Permission::ALL.iter().copied())).await;
    let others = added(&program, COMPANIES, &bakery()).await;
    let theirs = json!({ "name": "Fournil", "assigned_to": user });
    let theirs = added(&program, COMPANIES, &theirs).await;
    let file = attached(&program, &others, "a.pdf", PDF).await.expect(201).field("/id");
    let own = attached(&program, &theirs, "b.pdf", PDF).await.expect(201).field("/id");
    salesperson.get(&files_of(&others)).await.expect(404);
    salesperson.get(&format!("{}/{file}/versions/1", files_of(&others))).await.expect(404);
    salesperson.get(&format!("/crm/panneaux/fichiers/{others}")).await.expect(404);
    salesperson.get(&format!("{}/{own}/versions/1", files_of(&theirs))).await.expect(200);
    let panel = salesperson.get(&format!("/crm/panneaux/fichiers/{theirs}")).await.expect(200).text();
    assert!(panel.contains("b.pdf") && !panel.contains("ancien membre"), "{panel}");
}

#[tokio::test]
async fn a_deleted_file_leaves_the_bucket() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let file = attached(&program, &company, "a.pdf", PDF).await.expect(201).field("/id");
    let path = format!("{}/{file}", files_of(&company));
    // Not somebody else's, without the permission to delete; one's own, yes.
    let sales = app.program_of(app.user_with_role(Role::Sales)).await;
    sales.delete(&path).await.expect(403);
    let own = attached(&sales, &company, "b.pdf", PDF).await.expect(201).field("/id");
    sales.delete(&format!("{}/{own}", files_of(&company))).await.expect(204);
    program.clone().header("if-match", "\"7\"").delete(&path).await.expect(412);
    let deleted = program.delete(&path).await.expect(204);
    assert!(deleted.round_trips() <= Some(3));
    program.get(&path).await.expect(404);
    program.delete(&path).await.expect(404);
    assert_eq!(versions_of(&app, &file).await.len(), 1);
    let told: Value =
        serde_json::from_str(include_str!("../../../../events/crm-worker/attached_deleted.json")).expect("an event");
    assert!(told["Records"][0]["body"].as_str().is_some_and(|body| body.contains("attached.deleted.v1")));
    for _ in 0..2 {
        worked(&app, Event::AttachedDeleted { file: file.parse().expect("an id") }).await;
        assert_eq!(versions_of(&app, &file).await.len(), 0);
    }
    assert!(app.written_under("#OUTBOX#").contains("attached.deleted.v1"));
}

#[tokio::test]
async fn who_is_erased_takes_their_files_along() {
    let app = app().await;
    let program = app.program();
    let contact = added(&program, CONTACTS, &json!({ "last_name": "Durand" })).await;
    let mut files = Vec::new();
    for number in 0..3 {
        let made = attached(&program, &contact, &format!("Durand {number}.txt"), format!("{number}").as_bytes()).await;
        files.push(made.expect(201).field("/id"));
    }
    program.delete(&format!("{CONTACTS}/{contact}")).await.expect(200);
    program.get(&files_of(&contact)).await.expect(404);
    for _ in 0..2 {
        worked(&app, Event::ContactErased { contact: contact.parse().expect("an id") }).await;
    }
    let left = app.items_of(app.ours.id);
    assert!(left.keys().all(|(_, sk)| !sk.starts_with("ATTACHED#")));
    for file in &files {
        worked(&app, Event::AttachedDeleted { file: file.parse().expect("an id") }).await;
        assert_eq!(versions_of(&app, file).await.len(), 0);
    }
    let log = left.values().filter(|item| item["type"]["S"] == "audit").map(Value::to_string).collect::<String>();
    assert!(log.contains("attach_file") && !log.contains("Durand 0"), "the log forgets what they were called");
}

#[tokio::test]
async fn a_deleted_opportunity_takes_its_files_along() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let body = json!({ "name": "Fournil", "company_id": company });
    let opportunity = added(&program, "/api/v1/opportunities", &body).await;
    let file = attached(&program, &opportunity, "a.pdf", PDF).await.expect(201).field("/id");
    program.delete(&format!("/api/v1/opportunities/{opportunity}")).await.expect(204);
    worked(&app, Event::RecordDeleted { record: opportunity }).await;
    assert!(app.items_of(app.ours.id).keys().all(|(_, sk)| !sk.starts_with("ATTACHED#")));
    worked(&app, Event::AttachedDeleted { file: file.parse().expect("an id") }).await;
    assert_eq!(versions_of(&app, &file).await.len(), 0);
}

#[tokio::test]
async fn the_panel_and_the_page_do_the_same() {
    let app = app().await;
    let owner = app.owner();
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let base = format!("/crm/fichiers/{company}");
    let panel = owner.get(&format!("/crm/panneaux/fichiers/{company}")).await.expect(200);
    assert!(panel.round_trips() <= Some(2));
    assert!(panel.text().contains(&format!("data-begin=\"{base}/televersement\"")), "{}", panel.text());
    let fragment = owner.clone().header("hx-request", "true");
    let send = async |bytes: &[u8]| {
        let announced = json!({ "media_type": "application/pdf", "bytes": bytes.len() });
        let begun = owner
            .clone()
            .header("sec-fetch-site", "same-origin")
            .post(&format!("{base}/televersement"), &announced)
            .await;
        let link = begun.expect(200);
        send_file(&link.json(), bytes.to_vec()).await;
        link.field("/id")
    };
    let upload = send(PDF).await;
    let fields = [("upload_id", upload.as_str()), ("name", "Devis signé.pdf"), ("audience", "everyone")];
    let made = fragment.form(&base, &fields).await.expect(200);
    assert!(made.round_trips() <= Some(3));
    assert!(
        made.text().contains("Devis signé.pdf") && made.text().contains("Le fichier est ajouté."),
        "{}",
        made.text()
    );
    let list = app.program().get(&files_of(&company)).await.json();
    let file = list["items"][0]["id"].as_str().expect("an id").to_owned();

    let upload = send(b"<html></html>").await;
    let wrong = fragment.form(&base, &[("upload_id", upload.as_str()), ("name", "a.pdf")]).await.expect(422).text();
    assert!(wrong.contains("Ce type de fichier n’est pas accepté") && wrong.contains("Devis signé.pdf"), "{wrong}");

    let page = format!("{base}/{file}");
    assert!(owner.get(&page).await.expect(200).text().contains("Nom et partage"));
    let upload = send(b"%PDF-1.4\nstartxref\n%%EOF").await;
    let added = fragment.form(&format!("{page}/versions"), &[("upload_id", upload.as_str()), ("name", "x.pdf")]).await;
    let added = added.expect(200);
    assert!(added.round_trips() <= Some(3));
    assert!(
        added.text().contains("Devis signé (version 1).pdf") && added.text().contains("value=\"2\""),
        "{}",
        added.text()
    );
    let link = owner.get(&format!("{page}/versions/1")).await.expect(303);
    assert!(link.header("location").is_some_and(|to| to.contains("X-Amz-Expires=300")));
    let renamed =
        owner.form(&format!("{page}/modifier"), &[("name", "Devis"), ("audience", "author"), ("_version", "2")]).await;
    assert_eq!(renamed.expect(303).header("location"), Some(page.as_str()));
    let wrong = owner.form(&format!("{page}/modifier"), &[("name", " "), ("_version", "3")]).await.expect(422).text();
    assert!(wrong.contains("Ce champ est obligatoire."), "{wrong}");
    owner.form(&format!("{page}/modifier"), &[("name", "Devis"), ("_version", "1")]).await.expect(422);
    let deleted = owner.form(&format!("{page}/supprimer"), &[]).await.expect(303);
    assert_eq!(deleted.header("location"), Some(format!("/crm/entreprises/{company}").as_str()));
    let empty = owner.get(&format!("/crm/panneaux/fichiers/{company}")).await.expect(200).text();
    assert!(empty.contains("Aucun fichier pour l’instant."));
    let reader = app.with_role(Role::Reader).get(&format!("/crm/panneaux/fichiers/{company}")).await.expect(200).text();
    assert!(!reader.contains("data-begin"));
}
