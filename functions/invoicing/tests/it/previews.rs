//! Documents as they will look while they are typed, and copies of those that left.

use axum::{Router, extract::Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use documents::Mark;
use kernel::{document::Snapshot, event::Owner, permission::Role};
use serde_json::json;
use table::shared::FrozenDocument;
use testkit::{App, Reply};
use tower::ServiceExt;

use crate::{invoice, issued, quote};

/// Both functions, as behind the gateway.
async fn app() -> App {
    App::new(|deps| {
        let (invoicing, preview) = (invoicing::router(deps.clone()), invoicing::preview::router(deps));
        Router::new().fallback(move |request: Request| {
            let path = request.uri().path();
            let is_drawn = path.starts_with("/facturation/apercu/") || path.starts_with("/facturation/duplicata/");
            if is_drawn { preview.clone().oneshot(request) } else { invoicing.clone().oneshot(request) }
        })
    })
    .await
}

/// The pictures that an answer shows.
fn pictures(reply: &Reply) -> Vec<Vec<u8>> {
    let text = reply.text();
    let encoded = text.split("data:image/png;base64,").skip(1).filter_map(|rest| rest.split('"').next());
    encoded.map(|picture| STANDARD.decode(picture).expect("base64")).collect()
}

/// What [`quote`] says, as a page posts it.
fn fields(client: &str) -> Vec<(&str, &str)> {
    vec![
        ("client", client),
        ("validity_days", "30"),
        ("operations", "services"),
        ("subject", "Rénovation de l’atelier"),
        ("line_description", "Pose\nDeux jours sur place"),
        ("line_quantity", "2"),
        ("line_unit", "day"),
        ("line_unit_price", "450,00"),
        ("line_discount", ""),
        ("line_vat", "20"),
        ("line_description", "Isolant"),
        ("line_quantity", "10"),
        ("line_unit", "square_metre"),
        ("line_unit_price", "12,50"),
        ("line_discount", "10 %"),
        ("line_vat", "5.5"),
    ]
}

async fn frozen(app: &App, owner: Owner) -> Snapshot {
    let scope = app.scope();
    let frozen = scope.get::<FrozenDocument>(&scope.keys().snapshot(owner)).await.expect("a reading");
    frozen.expect("a document").value.snapshot
}

/// As a draft of it looks: without a number, and marked.
fn drawn(snapshot: &Snapshot) -> Vec<Vec<u8>> {
    let draft = Snapshot { number: "à venir".into(), ..snapshot.clone() };
    documents::preview(&draft, None, Some(Mark::Draft), 125, 4).expect("draws").0
}

#[tokio::test]
async fn a_quote_looks_while_it_is_typed_as_it_does_once_it_is_sent() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let client = app.publish_client("Client SA").await.id.to_string();
    let typed = owner.form("/facturation/apercu/devis", &fields(&client)).await.expect(200);
    assert_eq!(typed.header("hx-retarget"), None);
    let kept = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    let path = format!("/facturation/apercu/devis/{kept}");
    assert_eq!(pictures(&owner.form(&path, &fields(&client)).await.expect(200)), pictures(&typed));
    program.post(&format!("/api/v1/quotes/{kept}/send"), &json!({})).await.expect(200);
    let sent = frozen(&app, Owner::Quote(kept.parse().expect("an id"))).await;
    assert_eq!(sent.totals.gross_minor.0, 119_869);
    assert!(pictures(&typed) == drawn(&sent), "another picture");
    // A sent quote is drafted no more.
    let note = owner.form(&path, &fields(&client)).await.expect(200);
    assert_eq!((pictures(&note).len(), note.header("hx-retarget")), (0, Some("#preview-note")));
}

#[tokio::test]
async fn an_invoice_and_a_credit_note_look_while_they_are_typed_as_they_do_once_they_are_issued() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let client = app.publish_client("Client SA").await.id.to_string();
    let typed = owner.form("/facturation/apercu/factures", &fields(&client)).await.expect(200);
    let body = json!({ "lines": quote(&client)["lines"], "subject": "Rénovation de l’atelier", "client_id": client });
    let kept = program.post("/api/v1/invoices", &body).await.expect(201).field("/id");
    let edited = owner.form(&format!("/facturation/apercu/factures/{kept}"), &fields(&client)).await.expect(200);
    assert_eq!(pictures(&edited), pictures(&typed));
    program.post(&format!("/api/v1/invoices/{kept}/issue"), &json!({})).await.expect(200);
    let issued = frozen(&app, Owner::Invoice(kept.parse().expect("an id"))).await;
    assert_eq!(issued.totals.gross_minor.0, 119_869);
    assert!(pictures(&typed) == drawn(&issued), "another picture");

    let path = format!("/facturation/apercu/avoirs/{kept}");
    let missing = owner.form(&path, &[("reason", ""), ("extent", "all")]).await.expect(200);
    assert!(missing.text().contains("À compléter : motif."), "{}", missing.text());
    let typed = owner.form(&path, &[("reason", "Erreur"), ("extent", "all")]).await.expect(200);
    let path = format!("/api/v1/invoices/{kept}/credit-notes");
    let note = program.post(&path, &json!({ "reason": "Erreur" })).await.expect(201).field("/credit_note/id");
    let credited = frozen(&app, Owner::CreditNote(note.parse().expect("an id"))).await;
    assert!(pictures(&typed) == drawn(&credited), "another picture");
}

#[tokio::test]
async fn lines_that_were_taken_from_a_quote_are_drawn_as_they_were_taken() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let client = app.publish_client("Client SA").await.id.to_string();
    let quote = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    for act in ["send", "accept"] {
        program.post(&format!("/api/v1/quotes/{quote}/{act}"), &json!({})).await.expect(200);
    }
    let made = program.post(&format!("/api/v1/quotes/{quote}/invoice"), &json!({})).await.expect(201);
    let invoice =
        made.json().pointer("/id").or(made.json().pointer("/invoice/id")).and_then(|id| id.as_str().map(str::to_owned));
    let invoice = invoice.expect("an id");
    let typed = [("client", client.as_str()), ("operations", "services"), ("subject", "Rénovation de l’atelier")];
    let typed = owner.form(&format!("/facturation/apercu/factures/{invoice}"), &typed).await.expect(200);
    assert_eq!(pictures(&typed).len(), 1, "{}", typed.text());
}

#[tokio::test]
async fn nothing_is_written_and_what_is_missing_is_named() {
    let app = app().await;
    let owner = app.owner();
    let client = app.publish_client("Client SA").await.id.to_string();
    let product = crate::products::created(&app.program(), "LAMPE", "Lampe").await;
    let named = [fields(&client), vec![("line_product", ""), ("line_product", product.as_str())]].concat();
    owner.form("/facturation/apercu/devis", &named).await.expect(200);
    let before = app.written_under("#");
    let whole = owner.form("/facturation/apercu/devis", &named).await.expect(200);
    assert_eq!(pictures(&whole).len(), 1);
    owner.form("/facturation/apercu/factures", &named).await.expect(200);
    let empty = [("validity_days", "30"), ("line_description", "Pose"), ("line_unit_price", "x")];
    let missing = owner.form("/facturation/apercu/devis", &empty).await.expect(200);
    assert_eq!(missing.header("hx-retarget"), Some("#preview-note"));
    let told = "À compléter : quantité de la ligne 1, prix unitaire de la ligne 1.";
    assert!(missing.text().contains(told), "{}", missing.text());
    let missing = owner.form("/facturation/apercu/factures", &[("operations", "services")]).await.expect(200);
    assert!(missing.text().contains("À compléter : une ligne au moins."), "{}", missing.text());
    let nobody = [fields("com_00000000000000000000000009")].concat();
    let missing = owner.form("/facturation/apercu/factures", &nobody).await.expect(200);
    assert!(missing.text().contains("À compléter : client."), "{}", missing.text());
    // Each reading names the records anew.
    assert_eq!(app.written_under("#").lines().count(), before.lines().count(), "something was written");
}

#[tokio::test]
async fn another_organization_draws_nothing_of_ours_and_who_may_not_draft_draws_nothing() {
    let app = app().await;
    let (program, stranger) = (app.program(), app.stranger());
    let client = app.publish_client("Client SA").await.id.to_string();
    let quote = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    let draft = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    let issued = issued(&app, &program).await;
    for path in [format!("devis/{quote}"), format!("factures/{draft}"), format!("avoirs/{issued}")] {
        stranger.form(&format!("/facturation/apercu/{path}"), &fields(&client)).await.expect(404);
    }
    stranger.get(&format!("/facturation/duplicata/factures/{issued}")).await.expect(404);
    let unknown = stranger.form("/facturation/apercu/devis", &fields(&client)).await.expect(200);
    assert!(!unknown.text().contains("Client SA") && pictures(&unknown).is_empty());
    let reader = Role::ALL.into_iter().find(|role| {
        role.allows(kernel::Permission::InvoicingView) && !role.allows(kernel::Permission::InvoicingCreate)
    });
    let reader = app.with_role(reader.expect("who only reads"));
    reader.form("/facturation/apercu/devis", &fields(&client)).await.expect(403);
    reader.get(&format!("/facturation/duplicata/factures/{issued}")).await.expect(200);
}

#[tokio::test]
async fn of_a_long_document_the_first_pages_are_shown() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut long = vec![("client", client.as_str()), ("validity_days", "30")];
    for _ in 0..200 {
        long.extend([
            ("line_description", "Article"),
            ("line_quantity", "1"),
            ("line_unit_price", "10"),
            ("line_vat", "20"),
        ]);
    }
    let drawn = app.owner().form("/facturation/apercu/devis", &long).await.expect(200);
    assert_eq!(pictures(&drawn).len(), 4);
    assert!(drawn.text().contains("Les 4 premières pages sur "));
    assert!(drawn.body.len() < 4 * 1024 * 1024, "{}", drawn.body.len());
}

#[tokio::test]
async fn a_copy_says_that_it_is_one_and_a_draft_has_none() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let copy = app.owner().get(&format!("/facturation/duplicata/factures/{id}")).await.expect(200);
    assert_eq!(copy.header("content-type"), Some("application/pdf"));
    assert_eq!(copy.header("content-disposition"), Some("attachment; filename=\"FAC-2026-0001-duplicata.pdf\""));
    let itself = frozen(&app, Owner::Invoice(id.parse().expect("an id"))).await;
    assert_eq!(copy.body, documents::render_marked(&itself, None, Mark::Copy).expect("renders"));
    let path = format!("/api/v1/invoices/{id}/credit-notes");
    let note = program.post(&path, &json!({ "reason": "Erreur" })).await.expect(201).field("/credit_note/id");
    app.owner().get(&format!("/facturation/duplicata/avoirs/{note}")).await.expect(200);
    let client = app.publish_client("Client SA").await.id.to_string();
    let draft = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    app.owner().get(&format!("/facturation/duplicata/factures/{draft}")).await.expect(409);
}

#[tokio::test]
async fn files_that_go_with_a_document_are_named_while_it_is_typed_as_once_it_has_left() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    let client = app.publish_client("Client SA").await.id.to_string();
    let body = json!({ "lines": quote(&client)["lines"], "subject": "Rénovation de l’atelier", "client_id": client });
    let kept = program.post("/api/v1/invoices", &body).await.expect(201).field("/id");
    let path = format!("/facturation/apercu/factures/{kept}");
    let bare = owner.form(&path, &fields(&client)).await.expect(200);
    crate::attachments::add(&program, &kept, &crate::attachments::pdf(100, "a"), "Plan d’accès.pdf").await.expect(201);
    let typed = owner.form(&path, &fields(&client)).await.expect(200);
    assert!(pictures(&typed) != pictures(&bare), "the same picture");
    program.post(&format!("/api/v1/invoices/{kept}/issue"), &json!({})).await.expect(200);
    let issued = frozen(&app, Owner::Invoice(kept.parse().expect("an id"))).await;
    assert!(pictures(&typed) == drawn(&issued), "another picture");

    // Of a credit note, before anything of them is taken over.
    let sent = crate::attachments::upload(&program, &kept, &crate::attachments::pdf(100, "b")).await;
    let own = [
        ("attachment_upload", sent.as_str()),
        ("attachment_name", "constat.pdf"),
        ("attachment_description", "Retour"),
    ];
    let typed = [("reason", "Erreur"), ("extent", "all")].into_iter().chain(own).collect::<Vec<_>>();
    let typed = owner.form(&format!("/facturation/apercu/avoirs/{kept}"), &typed).await.expect(200);
    let input = json!({ "reason": "Erreur", "attachments": [
        { "upload_id": sent, "file_name": "constat.pdf", "description": "Retour" },
    ]});
    let note = program.post(&format!("/api/v1/invoices/{kept}/credit-notes"), &input).await.expect(201);
    let note = note.field("/credit_note/id").parse().expect("an id");
    let credited = frozen(&app, Owner::CreditNote(note)).await;
    assert_eq!(credited.attachments.len(), 1);
    assert!(pictures(&typed) == drawn(&credited), "another picture");
}
