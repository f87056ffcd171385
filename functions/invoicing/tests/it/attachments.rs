//! Files of the organization's own that go with a document: what is taken, what is refused, and what becomes of them.

use std::collections::BTreeSet;

use cloud::Files;
use futures::future::join_all;
use kernel::{
    document::{AttachedFile, File},
    event::Owner,
    id::UploadId,
    mail::Mail,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use table::{
    Item,
    shared::{DocumentFile, FrozenDocument, OwnedMail},
};
use testkit::{App, Client, Reply, send_file};

use crate::{app, invoice, issued, portal::link, quote};

const MEGABYTE: usize = 1024 * 1024;

/// A PDF of so many bytes, which differs from others.
pub fn pdf(bytes: usize, name: &str) -> Vec<u8> {
    let (head, tail) = (format!("%PDF-1.7\n%{name}\n"), "\nstartxref\n9\n%%EOF\n");
    let filling = bytes.saturating_sub(head.len() + tail.len());
    [head.as_bytes(), &vec![b' '; filling], tail.as_bytes()].concat()
}

/// Sends a file; the id of its upload.
pub async fn upload(program: &Client, document: &str, file: &[u8]) -> String {
    let announced = json!({ "media_type": "application/pdf", "bytes": file.len() });
    let path = format!("/api/v1/documents/{document}/attachments/uploads");
    let link = program.post(&path, &announced).await.expect(201);
    assert_eq!(send_file(&link.json(), file.to_vec()).await, 200);
    link.field("/id")
}

fn named(upload: &str, name: &str) -> Value {
    json!({ "upload_id": upload, "file_name": name })
}

pub async fn add(program: &Client, document: &str, file: &[u8], name: &str) -> Reply {
    let upload = upload(program, document, file).await;
    program.post(&format!("/api/v1/documents/{document}/attachments"), &named(&upload, name)).await
}

/// As if the worker had rendered the document.
pub async fn render(app: &App, document: &str, number: &str) {
    let (scope, owner): (_, Owner) = (app.scope(), document.parse().unwrap());
    let file_name = format!("{number}.pdf");
    let s3_key = table::keys::s3_key(app.ours.id, owner, &file_name);
    app.deps.files.put(&s3_key, b"%PDF-1.7".to_vec(), "application/pdf").await.unwrap();
    let file = File { s3_key, file_name, sha256: String::new(), bytes: 8, rendered_at: app.clock.now() };
    let file = DocumentFile { owner, file };
    let written = scope.write(|| async {
        let mut transaction = scope.begin("test", owner);
        transaction.create(&file);
        Ok((transaction, ()))
    });
    written.await.unwrap();
}

async fn draft(app: &App) -> String {
    let client = app.publish_client("Client SA").await.id.to_string();
    app.program().post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id")
}

async fn quote_draft(app: &App) -> String {
    let client = app.publish_client("Client SA").await.id.to_string();
    app.program().post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id")
}

async fn listed(app: &App, document: &str) -> Vec<String> {
    let list = app.program().get(&format!("/api/v1/documents/{document}/attachments")).await.expect(200).json();
    let items = list["items"].as_array().expect("a list");
    items.iter().map(|file| file["file_name"].as_str().expect("a name").to_owned()).collect()
}

async fn frozen(app: &App, document: &str) -> Vec<AttachedFile> {
    let owner: Owner = document.parse().unwrap();
    let key = app.scope().keys().snapshot(owner);
    app.scope().get::<FrozenDocument>(&key).await.unwrap().unwrap().value.snapshot.attachments
}

/// The keys of the files that lie in the bucket beside documents, and those that wait to be taken over.
async fn bucket(app: &App, folder: &str) -> Vec<String> {
    let files: &Files = &app.deps.files;
    files.list(&format!("ORG/{}/{folder}/", app.ours.id.ulid()), None).await.unwrap()
}

async fn mails(app: &App, document: &str) -> Vec<Mail> {
    let owner: Owner = document.parse().unwrap();
    let found = app.scope().collection(&app.scope().keys().mails(owner)).await.unwrap();
    found.all::<OwnedMail>().unwrap().into_iter().map(|stored| stored.value.mail).collect()
}

#[tokio::test]
async fn files_are_added_to_a_draft_frozen_with_it_mailed_and_shown_to_its_client() {
    let app = app().await;
    let program = app.program();
    let id = draft(&app).await;
    let path = format!("/api/v1/documents/{id}/attachments");
    let file = pdf(2_000, "plan");
    let sent = upload(&program, &id, &file).await;
    let input =
        json!({ "upload_id": sent, "file_name": "C:\\Plans\\Plan d’accès.PDF", "description": "Accès livraison" });
    let added = program.post(&path, &input).await.expect(201);
    assert_eq!((added.header("etag"), added.field("/items/0/file_name")), (Some("\"2\""), "Plan d’accès.pdf".into()));
    assert_eq!(
        (added.field("/items/0/media_type"), added.field("/items/0/bytes")),
        ("application/pdf".into(), "2000".into())
    );
    assert_eq!(added.field("/items/0/sha256"), hex::encode(Sha256::digest(&file)));
    add(&program, &id, &pdf(10, "x"), "plan d’ACCES.pdf").await.expect(201);
    assert_eq!(listed(&app, &id).await, ["Plan d’accès.pdf", "plan d’ACCES (2).pdf"]);
    // What was taken over waits no longer.
    assert_eq!((bucket(&app, "uploads").await.len(), bucket(&app, "pieces").await.len()), (0, 2));

    // An edit of the draft keeps them; a version that is older than they are is not issued.
    let client = app.scope().get::<invoicing::invoice::Invoice>(&app.scope().keys().invoice(id.parse().unwrap())).await;
    let client = client.unwrap().unwrap().client.reference.id.to_string();
    program.put(&format!("/api/v1/invoices/{id}"), &invoice(&client)).await.expect(200);
    assert_eq!(listed(&app, &id).await.len(), 2);
    let stale = program.clone().header("if-match", "\"3\"");
    stale.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(412);
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);

    let kept = frozen(&app, &id).await;
    let names: Vec<_> = kept.iter().map(|file| file.file_name.clone()).collect();
    assert_eq!(names, listed(&app, &id).await);
    let mail = &mails(&app, &id).await[0];
    let attached: Vec<_> =
        mail.attachments.iter().map(|file| (file.file_name.as_str(), file.s3_key.as_str())).collect();
    assert_eq!(attached[0].0, "FAC-2026-0001.pdf");
    assert_eq!(
        attached[1..],
        [(names[0].as_str(), kept[0].s3_key.as_str()), (names[1].as_str(), kept[1].s3_key.as_str())]
    );
    assert!(mail.html.as_ref().unwrap().contains("FAC-2026-0001.pdf, Plan d’accès.pdf, plan d’ACCES (2).pdf"));

    // From now on nothing of it changes.
    let first = kept[0].id;
    add(&program, &id, &pdf(10, "y"), "z.pdf").await.expect(409);
    program.delete(&format!("{path}/{first}")).await.expect(409);
    assert_eq!(bucket(&app, "pieces").await.len(), 2);

    let told = program.get(&format!("{path}/{first}")).await.expect(200);
    assert!(
        told.field("/url").contains("filename%2A%3DUTF-8%27%27Plan%2520d%25E2%2580%2599acc%25C3%25A8s.pdf"),
        "{}",
        told.text()
    );
    let page = app.owner().get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    assert!(
        page.contains("Pièces jointes") && page.contains("Accès livraison · 2\u{a0}Ko") && !page.contains("/retirer")
    );
    let (query, _) = link(&app, &id).await;
    let shown = app.anyone().get(&format!("/portail?{query}")).await.expect(200).text();
    assert!(shown.contains("Plan d’accès.pdf") && shown.contains(&format!("piece={first}")));
    let to = app.anyone().get(&format!("/portail/piece?{query}&piece={first}")).await.expect(303);
    assert!(to.header("location").unwrap().contains(&kept[0].s3_key));
    assert_eq!(to.header("referrer-policy"), Some("no-referrer"));
}

#[tokio::test]
async fn what_is_not_ones_own_is_unknown() {
    let app = app().await;
    let (program, stranger) = (app.program(), app.stranger());
    let (id, other) = (draft(&app).await, draft(&app).await);
    let file = pdf(100, "a");
    let added = add(&program, &id, &file, "a.pdf").await.expect(201).field("/items/0/id");
    // Another organization: neither the document, nor its files, nor what was sent for it.
    let path = format!("/api/v1/documents/{id}/attachments");
    stranger.get(&path).await.expect(404);
    stranger.get(&format!("{path}/{added}")).await.expect(404);
    stranger.delete(&format!("{path}/{added}")).await.expect(404);
    let sent = upload(&program, &id, &file).await;
    stranger.post(&path, &named(&sent, "a.pdf")).await.expect(404);
    let theirs = upload(&stranger, &id, &file).await;
    assert_eq!(program.post(&path, &named(&theirs, "a.pdf")).await.expect(422).violations(), ["/upload_id"]);
    let none = UploadId::from_ulid(ulid::Ulid(7)).to_string();
    assert_eq!(program.post(&path, &named(&none, "a.pdf")).await.expect(422).violations(), ["/upload_id"]);
    // The file of one document is none of another.
    let elsewhere = format!("/api/v1/documents/{other}/attachments/{added}");
    program.get(&elsewhere).await.expect(404);
    program.delete(&elsewhere).await.expect(404);
    app.owner().get(&format!("/facturation/pieces/{other}/{added}")).await.expect(404);
    for id in [&id, &other] {
        program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    }
    let (query, _) = link(&app, &other).await;
    let gone = app.anyone().get("/portail?lien=x").await.expect(404).text();
    for piece in [added.as_str(), "att_x", ""] {
        let page = app.anyone().get(&format!("/portail/piece?{query}&piece={piece}")).await.expect(404);
        assert_eq!(page.text(), gone);
    }
    for path in ["/api/v1/documents/ltr_00000000000000000000000000/attachments", "/api/v1/documents/x/attachments"] {
        program.get(path).await.expect(404);
    }
}

#[tokio::test]
async fn a_file_is_what_it_says_and_of_a_size_that_is_taken() {
    let app = app().await;
    let program = app.program();
    let id = draft(&app).await;
    let path = format!("/api/v1/documents/{id}/attachments");
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let zip = b"PK\x03\x04\x14\0\0\0\0\0 not a workbook".to_vec();
    for (file, name) in
        [(zip, "a.pdf"), (svg.to_vec(), "a.png"), (svg.to_vec(), "a.csv"), (b"#!/bin/sh\n".to_vec(), "a.pdf")]
    {
        let refused = add(&program, &id, &file, name).await.expect(422);
        assert_eq!(refused.violations(), ["/upload_id"], "{name}");
    }
    let uploads = format!("{path}/uploads");
    for (media_type, bytes, wrong) in [
        ("application/pdf", 0, "/bytes"),
        ("application/pdf", 6 * MEGABYTE, "/bytes"),
        ("image/svg+xml", 100, "/media_type"),
        ("text/html", 100, "/media_type"),
    ] {
        let announced = json!({ "media_type": media_type, "bytes": bytes });
        assert_eq!(program.post(&uploads, &announced).await.expect(422).violations(), [wrong]);
    }
    // Whoever gets more into the bucket than they announced is found out there.
    let large = upload(&program, &id, &pdf(10, "l")).await;
    let key = format!("ORG/{}/uploads/{}", app.ours.id.ulid(), large.trim_start_matches("upl_"));
    app.deps.files.put(&key, pdf(6 * MEGABYTE, "l"), "application/pdf").await.unwrap();
    assert_eq!(program.post(&path, &named(&large, "l.pdf")).await.expect(422).violations(), ["/upload_id"]);
    app.deps.files.put(&key, Vec::new(), "application/pdf").await.unwrap();
    program.post(&path, &named(&large, "l.pdf")).await.expect(422);
    let unnamed = json!({ "upload_id": large, "description": "x".repeat(101) });
    assert_eq!(program.post(&path, &unnamed).await.expect(422).violations(), ["/file_name", "/description"]);

    // Fifteen megabytes together.
    for name in ["a", "b", "c"] {
        add(&program, &id, &pdf(5 * MEGABYTE - 10, name), &format!("{name}.pdf")).await.expect(201);
    }
    assert_eq!(add(&program, &id, &pdf(100, "d"), "d.pdf").await.expect(422).violations(), ["/upload_id"]);
    assert_eq!((listed(&app, &id).await.len(), bucket(&app, "pieces").await.len()), (3, 3), "nothing refused is left");

    // So much is in no mail: it leads to them.
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    let mail = &mails(&app, &id).await[0];
    assert_eq!(mail.attachments.len(), 1);
    let told = "Les pièces jointes (a.pdf, b.pdf, c.pdf) sont trop volumineuses pour un e-mail";
    assert!(mail.text.contains(told) && mail.html.as_ref().unwrap().contains(told) && mail.gives_link);
    let (query, _) = link(&app, &id).await;
    assert!(app.anyone().get(&format!("/portail?{query}")).await.expect(200).text().contains("c.pdf"));
}

#[tokio::test]
async fn the_tenth_is_the_last_however_many_come_at_once() {
    let app = app().await;
    let program = app.program();
    let id = draft(&app).await;
    for at in 0..9 {
        add(&program, &id, &pdf(100, &at.to_string()), "annexe.pdf").await.expect(201);
    }
    let path = format!("/api/v1/documents/{id}/attachments");
    let mut inputs = Vec::new();
    for at in 0..4 {
        inputs.push(named(&upload(&program, &id, &pdf(100, &format!("late {at}"))).await, "annexe.pdf"));
    }
    let programs: Vec<_> = (0..4).map(|at| app.program().idempotency_key(&format!("a-{at}"))).collect();
    let replies = join_all(programs.iter().zip(&inputs).map(|(program, input)| program.post(&path, input))).await;
    let taken = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(taken, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
    assert!(replies.iter().filter(|reply| reply.status != 201).all(|reply| reply.violations() == ["/upload_id"]));
    let names = listed(&app, &id).await;
    assert_eq!((names.len(), names.last().map(String::as_str)), (10, Some("annexe (10).pdf")));
    assert_eq!(bucket(&app, "pieces").await.len(), 10);
}

#[tokio::test]
async fn the_same_file_added_again_is_there_once() {
    let app = app().await;
    let program = app.program();
    let id = draft(&app).await;
    let path = format!("/api/v1/documents/{id}/attachments");
    let input = named(&upload(&program, &id, &pdf(100, "a")).await, "a.pdf");
    let at_once: Vec<_> = (0..4).map(|at| app.program().idempotency_key(&format!("k-{at}"))).collect();
    let replies = join_all(at_once.iter().map(|program| program.post(&path, &input))).await;
    for reply in replies {
        assert_eq!(reply.status, 201, "{}", reply.text());
    }
    let keyed = app.program().idempotency_key("again");
    keyed.post(&path, &input).await.expect(201);
    keyed.post(&path, &input).await.expect(201);
    assert_eq!((listed(&app, &id).await.len(), bucket(&app, "pieces").await.len()), (1, 1));
    // A double click on the page.
    let owner = app.owner().header("hx-request", "true");
    let fields = [("_key", "click"), ("upload_id", input["upload_id"].as_str().unwrap()), ("file_name", "a.pdf")];
    for _ in 0..2 {
        let shown = owner.form(&format!("/facturation/pieces/{id}"), &fields).await.expect(200).text();
        assert_eq!(shown.matches("hx-post=").count(), 1, "{shown}");
    }
}

#[tokio::test]
async fn who_issues_and_who_adds_at_the_same_moment_agree_on_what_left() {
    for round in 0..6 {
        let app = app().await;
        let program = app.program();
        let id = draft(&app).await;
        add(&program, &id, &pdf(100, "first"), "first.pdf").await.expect(201);
        let input = named(&upload(&program, &id, &pdf(100, "second")).await, "second.pdf");
        let (adding, issuing) = (app.program().idempotency_key("add"), app.program().idempotency_key("issue"));
        let path = format!("/api/v1/documents/{id}/attachments");
        let issue = format!("/api/v1/invoices/{id}/issue");
        let nothing = json!({});
        let (added, issued) = match round % 2 {
            0 => futures::join!(adding.post(&path, &input), issuing.post(&issue, &nothing)),
            _ => {
                let (issued, added) = futures::join!(issuing.post(&issue, &nothing), adding.post(&path, &input));
                (added, issued)
            }
        };
        issued.expect(200);
        let kept = frozen(&app, &id).await;
        let expected = if added.status == 201 { 2 } else { 1 };
        assert!(added.status == 201 || added.status == 409, "{}", added.status);
        let names: Vec<_> = kept.iter().map(|file| file.file_name.clone()).collect();
        assert_eq!((names.len(), &names), (expected, &listed(&app, &id).await));
        assert_eq!(mails(&app, &id).await[0].attachments.len(), expected + 1);
        let lying = bucket(&app, "pieces").await;
        assert_eq!(lying.len(), expected, "what did not leave does not lie about");
        assert!(kept.iter().all(|file| lying.contains(&file.s3_key)));
    }
}

#[tokio::test]
async fn a_revision_keeps_them_a_copy_and_an_invoice_do_not() {
    let app = app().await;
    let program = app.program();
    let id = quote_draft(&app).await;
    add(&program, &id, &pdf(100, "plan"), "plan.pdf").await.expect(201);
    program.post(&format!("/api/v1/quotes/{id}/send"), &json!({})).await.expect(200);
    let shared = frozen(&app, &id).await;
    let copy = program.post(&format!("/api/v1/quotes/{id}/duplicate"), &json!({})).await.expect(201).field("/id");
    assert!(listed(&app, &copy).await.is_empty());

    let version = program.post(&format!("/api/v1/quotes/{id}/revise"), &json!({})).await.expect(201).field("/id");
    assert_eq!(listed(&app, &version).await, ["plan.pdf"]);
    add(&program, &version, &pdf(100, "devis"), "métré.pdf").await.expect(201);
    assert_eq!(bucket(&app, "pieces").await.len(), 2);
    // Taken off the version, it stays with the one before; and so when the version is given up.
    program.delete(&format!("/api/v1/documents/{version}/attachments/{}", shared[0].id)).await.expect(200);
    assert_eq!(bucket(&app, "pieces").await.len(), 2);
    program.delete(&format!("/api/v1/quotes/{version}")).await.expect(204);
    assert_eq!(bucket(&app, "pieces").await, [shared[0].s3_key.clone()]);
    let version = program.post(&format!("/api/v1/quotes/{id}/revise"), &json!({})).await.expect(201).field("/id");
    program.post(&format!("/api/v1/quotes/{version}/send"), &json!({})).await.expect(200);
    assert_eq!(frozen(&app, &version).await, shared);
    program.post(&format!("/api/v1/quotes/{version}/accept"), &json!({})).await.expect(200);
    let of_quote =
        program.post(&format!("/api/v1/quotes/{version}/invoice"), &json!({})).await.expect(201).field("/id");
    assert!(listed(&app, &of_quote).await.is_empty());

    // A corrective invoice has what it replaces had.
    let wrong = draft(&app).await;
    add(&program, &wrong, &pdf(100, "bl"), "bon de livraison.pdf").await.expect(201);
    program.post(&format!("/api/v1/invoices/{wrong}/issue"), &json!({})).await.expect(200);
    let right = program.post(&format!("/api/v1/invoices/{wrong}/correct"), &json!({})).await.expect(201).field("/id");
    assert_eq!(listed(&app, &right).await, ["bon de livraison.pdf"]);
    program.delete(&format!("/api/v1/invoices/{right}")).await.expect(204);
    assert!(bucket(&app, "pieces").await.contains(&frozen(&app, &wrong).await[0].s3_key));
}

#[tokio::test]
async fn a_draft_takes_its_files_along() {
    let app = app().await;
    let program = app.program();
    let id = draft(&app).await;
    let first = add(&program, &id, &pdf(100, "a"), "a.pdf").await.expect(201).field("/items/0/id");
    add(&program, &id, &pdf(100, "b"), "b.pdf").await.expect(201);
    let path = format!("/api/v1/documents/{id}/attachments/{first}");
    let stale = program.clone().header("if-match", "\"1\"");
    stale.delete(&path).await.expect(412);
    program.delete(&path).await.expect(200);
    program.delete(&path).await.expect(404);
    assert_eq!((listed(&app, &id).await, bucket(&app, "pieces").await.len()), (vec!["b.pdf".to_owned()], 1));
    let owner = app.owner();
    let page = owner.get(&format!("/facturation/factures/{id}")).await.expect(200).text();
    // The forms that act on the draft take their version from the box.
    assert!(page.contains("name=\"_version\" form=\"form-issue\" value=\"4\""), "{page}");
    owner.form(&format!("/facturation/factures/{id}/supprimer"), &[("_version", "4")]).await.expect(303);
    assert!(bucket(&app, "pieces").await.is_empty());
}

#[tokio::test]
async fn a_credit_note_leaves_with_those_of_its_form() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let form = format!("/facturation/factures/{id}/avoir");
    let sent = upload(&program, &id, &pdf(100, "constat")).await;
    let owner = app.owner().header("hx-request", "true");
    let fields = [("upload_id", sent.as_str()), ("file_name", "constat.PDF"), ("description", "Retour")];
    let checked = owner.form(&format!("{form}/pieces"), &fields).await.expect(200).text();
    assert!(checked.contains("name=\"attachment_name\" value=\"constat.pdf\""), "{checked}");
    let bad = upload(&program, &id, b"<svg/>").await;
    let fields = [
        ("attachment_upload", sent.as_str()),
        ("attachment_name", "constat.pdf"),
        ("attachment_description", "Retour"),
        ("upload_id", bad.as_str()),
        ("file_name", "x.svg"),
    ];
    let refused = owner.form(&format!("{form}/pieces"), &fields).await.expect(422).text();
    assert!(refused.contains("choisissez PDF, PNG") && refused.contains("constat.pdf"), "{refused}");
    let removed = [fields[0], fields[1], fields[2], ("removed", sent.as_str())];
    let emptied = owner.form(&format!("{form}/pieces"), &removed).await.expect(200).text();
    assert!(!emptied.contains("attachment_upload"));

    // What is wrong with one of several is told where it stands, and nothing is left of the rest.
    let lines = json!([{ "line": 1, "amount": "100" }]);
    let path = format!("/api/v1/invoices/{id}/credit-notes");
    let wrong = json!({ "reason": "Geste", "lines": lines, "attachments": [named(&sent, "constat.pdf"), named(&bad, "x.svg")] });
    assert_eq!(program.post(&path, &wrong).await.expect(422).violations(), ["/attachments/1/upload_id"]);
    assert!(bucket(&app, "pieces").await.is_empty());

    let fields = [("reason", "Geste"), ("extent", "all"), fields[0], fields[1], fields[2]];
    let to = app.owner().form(&form, &fields).await.expect(303);
    let note =
        to.header("location").unwrap().split(['?', '/']).find(|part| part.starts_with("cre_")).unwrap().to_owned();
    assert_eq!((listed(&app, &note).await, frozen(&app, &note).await.len()), (vec!["constat.pdf".to_owned()], 1));
    assert_eq!(mails(&app, &note).await[0].attachments.len(), 2);
    add(&program, &note, &pdf(100, "z"), "z.pdf").await.expect(409);
    let page = app.owner().get(&format!("/facturation/avoirs/{note}")).await.expect(200).text();
    assert!(page.contains("constat.pdf") && page.contains("Retour · "));
    let (query, _) = link(&app, &note).await;
    assert!(app.anyone().get(&format!("/portail?{query}")).await.expect(200).text().contains("constat.pdf"));
}

#[tokio::test]
async fn a_file_is_stored_in_its_document() {
    let app = app().await;
    let id = draft(&app).await;
    add(&app.program(), &id, &pdf(100, "a"), "a.pdf").await.expect(201);
    let key = app.scope().keys().invoice(id.parse().unwrap());
    let stored = app.scope().get::<invoicing::invoice::Invoice>(&key).await.unwrap().unwrap().value;
    let file = serde_json::to_value(&stored.attachments[0]).unwrap();
    let fields: BTreeSet<_> = file.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, BTreeSet::from(["bytes", "file_name", "id", "media_type", "s3_key", "sha256"]));
    let prefix = format!("ORG/{}/pieces/invoices/{}/", app.ours.id.ulid(), id.trim_start_matches("inv_"));
    assert!(stored.attachments[0].s3_key.starts_with(&prefix));
    assert_eq!(<invoicing::invoice::Invoice as Item>::TYPE, "invoice");
    // A document without files is stored as it was before there were any.
    let other = serde_json::to_value(invoicing::invoice::Invoice { attachments: Vec::new(), ..stored }).unwrap();
    assert!(other.get("attachments").is_none());
}
