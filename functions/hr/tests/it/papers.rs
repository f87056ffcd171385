//! Documents of files: who sees which, their versions, and when their end is told.

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use jiff::SignedDuration;
use kernel::{
    Permission::{HrEdit, HrView},
    event::{Envelope, Event},
    id::{EmployeeId, EventId, PaperId, RoleId},
    permission::{CustomRole, MemberRole, Role},
};
use serde_json::{Value, json};
use table::keys;
use testkit::{App, Client, send_file};

use crate::{
    app,
    employees::{EMPLOYEES, added, hired},
};

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n";

async fn sent(client: &Client, id: &str, bytes: &[u8]) -> String {
    let announced = json!({ "media_type": "application/pdf", "bytes": bytes.len() });
    let link = client.post(&format!("{EMPLOYEES}/{id}/papers/uploads"), &announced).await.expect(201);
    assert_eq!(send_file(&link.json(), bytes.to_vec()).await, 200);
    link.field("/id")
}

/// A document of this employee's, as it is said to be.
async fn attached(client: &Client, id: &str, mut said: Value) -> String {
    said["upload_id"] = json!(sent(client, id, PDF).await);
    client.post(&format!("{EMPLOYEES}/{id}/papers"), &said).await.expect(201).field("/id")
}

/// Keeps files, and reads no secrets.
async fn keeper(app: &App) -> Client {
    let role = CustomRole {
        id: RoleId::from_ulid(ulid::Ulid(7)),
        name: "Assistant".into(),
        permissions: [HrView, HrEdit].into_iter().collect(),
        own_records_only: false,
    };
    app.with_new_member(MemberRole::Custom(role)).await.1
}

/// An employee who is the member with this role.
async fn employed(app: &App, role: Role) -> String {
    let mut body = hired("M-1", "Moreau");
    body["employee"]["user_id"] = json!(app.user_with_role(role));
    added(&app.program(), &body).await
}

pub async fn worked(app: &App, event: Event) {
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
    let answer = hr::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
    assert!(answer.batch_item_failures.is_empty());
}

/// What waits to be told of events with this name.
pub fn emitted(app: &App, name: &str) -> Vec<Value> {
    let events = app.items().into_iter().filter(|item| item["type"]["S"] == "event");
    let envelopes = events.map(|item| item["envelope"]["S"].as_str().unwrap_or_default().to_owned());
    let read = envelopes.map(|text| serde_json::from_str::<Value>(&text).expect("an envelope")["event"].clone());
    read.filter(|event| event["name"] == name).collect()
}

fn titles(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("a list");
    items.iter().map(|item| item["title"].as_str().expect("a title").to_owned()).collect()
}

#[tokio::test]
async fn a_document_is_sent_listed_and_downloaded_and_what_is_sent_twice_is_there_once() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, &hired("M-1", "Moreau")).await;
    let upload = sent(&program, &id, PDF).await;
    let said = json!({ "upload_id": upload, "name": "Diplôme d’ébéniste.pdf", "kind": "diploma" });
    let path = format!("{EMPLOYEES}/{id}/papers");
    let made = program.post(&path, &said).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    assert_eq!((made.field("/title"), made.field("/kind")), ("Diplôme d’ébéniste".into(), "diploma".into()));
    assert_eq!(program.post(&path, &said).await.expect(201).field("/id"), made.field("/id"));
    let list = program.get(&path).await.expect(200);
    assert!(list.round_trips() <= Some(2) && titles(&list.json()) == ["Diplôme d’ébéniste"]);
    let own = format!("{path}/{}", made.field("/id"));
    assert!(program.get(&format!("{own}/versions/1")).await.expect(200).field("/url").starts_with("http"));
    for number in ["0", "2", "x"] {
        program.get(&format!("{own}/versions/{number}")).await.expect(404);
    }
    // What it is, its content says.
    let page = sent(&program, &id, b"<html><body>Bonjour</body></html>").await;
    let refused = program.post(&path, &json!({ "upload_id": page, "name": "a.pdf" })).await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    // Another version; the same bytes are none.
    let same = sent(&program, &id, PDF).await;
    let body = json!({ "upload_id": same, "name": "a.pdf" });
    program.post(&format!("{own}/versions"), &body).await.expect(422);
    let next = sent(&program, &id, b"%PDF-1.7\n2 0 obj\nendobj\nstartxref\n9\n%%EOF\n").await;
    let body = json!({ "upload_id": next, "name": "a.pdf" });
    let changed = program.post(&format!("{own}/versions"), &body).await.expect(200).json();
    assert_eq!(changed["versions"].as_array().map(Vec::len), Some(2));
    // It goes, and so do its bytes once the worker hears of it.
    let paper: PaperId = made.field("/id").parse().expect("an id");
    let prefix = keys::paper_s3_prefix(app.ours.id, paper);
    assert_eq!(app.deps.files.list(&prefix, None).await.expect("a list").len(), 2);
    program.delete(&own).await.expect(204);
    program.get(&own).await.expect(404);
    worked(&app, Event::PaperDeleted { paper }).await;
    worked(&app, Event::PaperDeleted { paper }).await;
    assert!(app.deps.files.list(&prefix, None).await.expect("a list").is_empty());
}

#[tokio::test]
async fn what_is_confidential_is_for_who_may_read_secrets_alone() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, &hired("M-1", "Moreau")).await;
    let open = attached(&program, &id, json!({ "title": "Diplôme", "kind": "diploma" })).await;
    let slip = attached(&program, &id, json!({ "title": "Bulletin de mai", "kind": "payslip" })).await;
    let path = format!("{EMPLOYEES}/{id}/papers");
    assert_eq!(titles(&app.with_role(Role::Hr).get(&path).await.expect(200).json()).len(), 2);
    let keeper = keeper(&app).await;
    for client in [app.with_role(Role::Manager), keeper.clone()] {
        assert_eq!(titles(&client.get(&path).await.expect(200).json()), ["Diplôme"]);
        client.get(&format!("{path}/{open}")).await.expect(200);
        client.get(&format!("{path}/{slip}")).await.expect(404);
        client.get(&format!("{path}/{slip}/versions/1")).await.expect(404);
        let page = format!("/rh/employes/{id}/documents/{slip}");
        client.get(&page).await.expect(404);
        client.get(&format!("{page}/versions/1")).await.expect(404);
        let panel = client.get(&format!("/rh/panneaux/documents/{id}")).await.expect(200).text();
        assert!(panel.contains("Diplôme") && !panel.contains("Bulletin de mai"), "{panel}");
        let expiring = client.get("/api/v1/expiring-papers").await.expect(200).text();
        assert!(!expiring.contains("Bulletin"));
    }
    // Who keeps files and reads no secrets neither changes one nor deletes it, and may put one there.
    let secret = format!("{path}/{slip}");
    keeper.put(&secret, &json!({ "title": "Autre", "is_confidential": "false" })).await.expect(404);
    keeper.delete(&secret).await.expect(404);
    let upload = json!({ "upload_id": sent(&keeper, &id, PDF).await, "name": "a.pdf" });
    keeper.post(&format!("{secret}/versions"), &upload).await.expect(404);
    let put = attached(&keeper, &id, json!({ "title": "Carte d’identité", "kind": "id_document" })).await;
    keeper.get(&format!("{path}/{put}")).await.expect(404);
    // Members without the permission reach nothing at all.
    let member = app.with_role(Role::Member);
    for path in [path.clone(), format!("{path}/{open}"), format!("/rh/panneaux/documents/{id}"), "/rh/documents".into()]
    {
        member.get(&path).await.expect(403);
    }
    let log = app.written_under("AUDIT");
    assert!(log.contains("attach_paper"));
    for told in ["Bulletin de mai", "payslip", "Diplôme", "Carte d’identité"] {
        assert!(!log.contains(told), "{told}: {log}");
    }
}

#[tokio::test]
async fn everybody_sees_what_was_shared_with_them_and_nothing_of_others() {
    let app = app().await;
    let program = app.program();
    let id = employed(&app, Role::Member).await;
    let shared = json!({ "title": "Bulletin de mai", "kind": "payslip", "is_shared": "true" });
    let slip = attached(&program, &id, shared).await;
    let warning = attached(&program, &id, json!({ "title": "Avertissement" })).await;
    let other = added(&program, &hired("M-2", "Petit")).await;
    let foreign = attached(&program, &other, json!({ "title": "Bulletin de Petit", "is_shared": "true" })).await;
    let member = app.with_role(Role::Member);
    assert_eq!(titles(&member.get("/api/v1/my-papers").await.expect(200).json()), ["Bulletin de mai"]);
    let page = member.get("/rh/mes-documents").await.expect(200).text();
    assert!(page.contains("Bulletin de mai") && !page.contains("Avertissement"), "{page}");
    member.get(&format!("/api/v1/my-papers/{slip}/versions/1")).await.expect(200);
    member.get(&format!("/rh/mes-documents/{slip}/versions/1")).await.expect(303);
    for hidden in [&warning, &foreign] {
        member.get(&format!("/api/v1/my-papers/{hidden}/versions/1")).await.expect(404);
        member.get(&format!("/rh/mes-documents/{hidden}/versions/1")).await.expect(404);
    }
    assert!(titles(&app.with_role(Role::Reader).get("/api/v1/my-papers").await.expect(200).json()).is_empty());
    assert!(app.with_role(Role::Reader).get("/rh/mes-documents").await.expect(200).text().contains("Aucun dossier"));
    // What is taken back is seen no more.
    let path = format!("{EMPLOYEES}/{id}/papers/{slip}");
    let change = json!({ "title": "Bulletin de mai", "kind": "payslip", "is_shared": "false" });
    program.put(&path, &change).await.expect(200);
    member.get(&format!("/api/v1/my-papers/{slip}/versions/1")).await.expect(404);
}

#[tokio::test]
async fn another_organization_finds_no_document() {
    let app = app().await;
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let paper = attached(&app.program(), &id, json!({ "title": "Diplôme" })).await;
    let stranger = app.stranger();
    let theirs = added(&stranger, &hired("M-1", "Petit")).await;
    for path in [format!("{EMPLOYEES}/{id}/papers/{paper}"), format!("{EMPLOYEES}/{theirs}/papers/{paper}")] {
        stranger.get(&path).await.expect(404);
        stranger.get(&format!("{path}/versions/1")).await.expect(404);
        stranger.delete(&path).await.expect(404);
        stranger.put(&path, &json!({ "title": "Autre" })).await.expect(404);
    }
}

#[tokio::test]
async fn an_end_is_told_once_on_each_of_its_days() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, &hired("M-1", "Moreau")).await;
    let employee: EmployeeId = id.parse().expect("an id");
    let today = app.ours.day(app.clock.now());
    let on = |days: i32| today.checked_add(jiff::Span::new().days(days)).expect("a day").to_string();
    let said = |days| json!({ "title": "Titre de séjour de Inès", "kind": "id_document", "valid_until": on(days) });
    let paper = attached(&program, &id, said(61)).await;
    attached(&program, &id, json!({ "title": "Diplôme" })).await;
    let due = || Event::PapersDue { employee };
    worked(&app, due()).await;
    assert!(emitted(&app, "paper.expiring.v1").is_empty(), "not yet");
    app.advance(SignedDuration::from_hours(24));
    // Late, twice, at once.
    worked(&app, due()).await;
    tokio::join!(worked(&app, due()), worked(&app, due()));
    let told = emitted(&app, "paper.expiring.v1");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0]["data"]["paper"].as_str(), &told[0]["data"]["is_confidential"]), (Some(&*paper), &json!(true)));
    let words = told[0]["data"]["about"]["label"].as_str().expect("a label");
    assert_eq!(words, "Pièce d’identité (M-1)", "neither a name nor what somebody typed");
    // A clock that was away for both of the others tells of the end once.
    app.advance(SignedDuration::from_hours(24 * 59));
    worked(&app, due()).await;
    worked(&app, due()).await;
    assert_eq!(emitted(&app, "paper.expiring.v1").len(), 2);
    let list = program.get("/api/v1/expiring-papers").await.expect(200).json();
    assert_eq!(titles(&list), ["Titre de séjour de Inès"]);
    let page = app.owner().get("/rh/documents").await.expect(200).text();
    assert!(page.contains("Titre de séjour") && page.contains("Inès Moreau"), "{page}");
    // Of who left nothing is told, and nothing is listed.
    let mut left = hired("M-1", "Moreau")["employee"].clone();
    left["left_on"] = json!(today.to_string());
    program.put(&format!("{EMPLOYEES}/{id}"), &left).await.expect(200);
    attached(&program, &id, said(70)).await;
    app.advance(SignedDuration::from_hours(24 * 5));
    worked(&app, due()).await;
    assert_eq!(emitted(&app, "paper.expiring.v1").len(), 2);
    assert!(titles(&program.get("/api/v1/expiring-papers").await.expect(200).json()).is_empty());
}

#[tokio::test]
async fn forms_do_what_the_api_does() {
    let app = app().await;
    let owner = app.owner();
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let upload = sent(&app.program(), &id, PDF).await;
    let base = format!("/rh/employes/{id}/documents");
    let fields = [("upload_id", upload.as_str()), ("name", "Contrat.pdf"), ("kind", "contract"), ("_key", "once")];
    owner.form(&base, &fields).await.expect(303);
    let panel = owner.get(&format!("/rh/panneaux/documents/{id}")).await.expect(200).text();
    assert!(panel.contains("Contrat") && panel.contains("Confidentiel"), "{panel}");
    let list = owner.get(&format!("{EMPLOYEES}/{id}/papers")).await.expect(200);
    let paper = list.field("/items/0/id");
    let page = owner.get(&format!("{base}/{paper}")).await.expect(200).text();
    assert!(page.contains("Actuelle") && page.contains("Inès Moreau"), "{page}");
    let change =
        [("title", "Contrat signé"), ("kind", "contract"), ("valid_until", "2020-01-01"), ("is_shared", "true")];
    owner.form(&format!("{base}/{paper}/modifier"), &change).await.expect(303);
    let shown = owner.get(&format!("{EMPLOYEES}/{id}/papers/{paper}")).await.expect(200).json();
    assert_eq!(
        (&shown["is_confidential"], &shown["is_shared"]),
        (&json!(false), &json!(true)),
        "a box left open is a no"
    );
    let page = owner.get(&format!("{base}/{paper}")).await.expect(200).text();
    assert!(page.contains("Périmé depuis le"), "{page}");
    let refused = owner.form(&format!("{base}/{paper}/modifier"), &[("title", "")]).await.expect(422).text();
    assert!(refused.contains("Ce champ est obligatoire"));
    owner.form(&format!("{base}/{paper}/supprimer"), &[]).await.expect(303);
    owner.get(&format!("{base}/{paper}")).await.expect(404);
}

#[tokio::test]
async fn an_employee_hears_of_what_is_shared_with_them_once_and_not_what_it_is_where_that_is_confidential() {
    let app = app().await;
    let program = app.program();
    let id = employed(&app, Role::Member).await;
    let path = format!("{EMPLOYEES}/{id}/papers");
    let kept = attached(&program, &id, json!({ "title": "Diplôme de Zoé", "kind": "diploma" })).await;
    assert_eq!(emitted(&app, "paper.shared.v1").len(), 0);
    let shared = json!({ "title": "Diplôme de Zoé", "kind": "diploma", "is_shared": "true" });
    let changed = program.put(&format!("{path}/{kept}"), &shared).await.expect(200);
    assert!(changed.round_trips() <= Some(3));
    let told = emitted(&app, "paper.shared.v1");
    let about = &told[0]["data"]["about"];
    assert_eq!((&told[0]["data"]["paper"], &about["label"]), (&json!(kept), &json!("Diplôme")));
    assert_eq!(about["assigned_to"], json!(app.user_with_role(Role::Member)));
    assert!(!told[0].to_string().contains("Zoé"), "no title, which somebody typed");
    // What says something else of it is no news.
    let title = json!({ "title": "Diplôme", "kind": "diploma", "is_shared": "true" });
    program.put(&format!("{path}/{kept}"), &title).await.expect(200);
    assert_eq!(emitted(&app, "paper.shared.v1").len(), 1);
    let slip = json!({ "title": "Bulletin de mai", "kind": "payslip", "is_shared": "true" });
    attached(&program, &id, slip).await;
    let made = program
        .post(&format!("{EMPLOYEES}/{id}/letters"), &json!({ "letter": "attestation", "is_shared": "true" }))
        .await;
    made.expect(201);
    let told = emitted(&app, "paper.shared.v1");
    let mut labels: Vec<_> =
        told.iter().map(|one| one["data"]["about"]["label"].as_str().unwrap_or_default()).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["Attestation", "Diplôme", "document confidentiel"]);
    assert!(!app.written_under("OUTBOX").contains("Bulletin"));
}
