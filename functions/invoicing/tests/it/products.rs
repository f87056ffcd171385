//! The catalogue: products, and the lines that are taken from it.

use futures::future::join_all;
use kernel::{
    id::{InvoiceId, ProductId},
    reference::{OrganizationReference, VatRegime},
};
use serde_json::{Value, json};

use testkit::{App, Client};

use crate::app;

pub fn product(reference: &str, name: &str) -> Value {
    json!({
        "reference": reference, "name": name, "description": "Bras articulé", "kind": "product", "unit": "piece",
        "unit_price": "189.0050", "vat_percent": "20",
    })
}

pub async fn created(program: &Client, reference: &str, name: &str) -> String {
    program.post("/api/v1/products", &product(reference, name)).await.expect(201).field("/id")
}

#[tokio::test]
async fn a_product_is_created_shown_changed_archived_and_deleted() {
    let app = app().await;
    let program = app.program();
    let made = program.post("/api/v1/products", &product("LAMPE", "Lampe")).await.expect(201);
    let path = format!("/api/v1/products/{}", made.field("/id"));
    assert_eq!(made.header("location"), Some(path.as_str()));
    let fields = ["/unit_price", "/unit_code", "/currency"].map(|pointer| made.field(pointer));
    assert_eq!(fields, ["189.005", "C62", "EUR"]);
    let stale = program.clone().header("if-match", "\"7\"");
    stale.put(&path, &product("LAMPE", "Lampe de bureau")).await.expect(412);
    let changed = program.put(&path, &product("LAMPE-2", "Lampe de bureau")).await.expect(200);
    assert_eq!((changed.field("/name"), changed.header("etag")), ("Lampe de bureau".into(), Some("\"2\"")));
    // Its former reference is free again.
    created(&program, "lampe", "Une autre").await;
    let archived = program.post(&format!("{path}/archive"), &json!({})).await.expect(200);
    assert_eq!(archived.field("/archived_on"), "2026-11-22");
    let listed = |query: &'static str| {
        let program = program.clone();
        async move {
            program.get(&format!("/api/v1/products{query}")).await.expect(200).json()["items"].as_array().map(Vec::len)
        }
    };
    assert_eq!((listed("").await, listed("?state=archived").await), (Some(1), Some(1)));
    program.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    program.delete(&path).await.expect(204);
    program.get(&path).await.expect(404);
    created(&program, "LAMPE-2", "Encore").await;
}

#[tokio::test]
async fn a_reference_is_given_once_whatever_its_case_and_however_many_ask_at_once() {
    let app = app().await;
    let programs: Vec<_> = (0..8).map(|at| app.program().idempotency_key(&format!("p-{at}"))).collect();
    let bodies: Vec<_> =
        ["REF É", "ref é", "Réf e", "REF É"].into_iter().cycle().take(8).map(|r| product(r, "Lampe")).collect();
    let replies =
        join_all(programs.iter().zip(&bodies).map(|(program, body)| program.post("/api/v1/products", body))).await;
    let created: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert_eq!(created.len(), 1);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!((reply.status.as_u16(), reply.violations()), (422, vec!["/reference".to_owned()]));
    }
    let other = self::created(&app.program(), "AUTRE", "Autre").await;
    let path = format!("/api/v1/products/{other}");
    assert_eq!(app.program().put(&path, &product("réf e", "Autre")).await.expect(422).violations(), ["/reference"]);
    // Another organization has references of its own.
    app.stranger().post("/api/v1/products", &product("REF É", "Lampe")).await.expect(201);
}

#[tokio::test]
async fn the_same_key_adds_one_product() {
    let app = app().await;
    let program = app.program().idempotency_key("once");
    let first = program.post("/api/v1/products", &product("LAMPE", "Lampe")).await.expect(201);
    let again = program.post("/api/v1/products", &product("LAMPE", "Lampe")).await.expect(201);
    assert_eq!(first.json(), again.json());
}

#[tokio::test]
async fn a_line_that_names_a_product_alone_is_as_the_catalogue_has_it() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = created(&program, "LAMPE", "Lampe").await;
    let body = json!({ "client_id": client, "lines": [
        { "product_id": id }, { "product_id": id, "quantity": "3", "unit_price": "150", "description": "Lampe, prix ami" },
    ]});
    for path in ["/api/v1/quotes", "/api/v1/invoices"] {
        let made = program.post(path, &body).await.expect(201);
        let line = |at: usize, field: &str| made.field(&format!("/lines/{at}/{field}"));
        assert_eq!(line(0, "description"), "Lampe\nBras articulé");
        assert_eq!((line(0, "quantity"), line(0, "unit_price")), ("1".into(), "189.005".into()));
        assert_eq!((line(1, "unit_price"), line(1, "product_id")), ("150".into(), id.clone()));
        // What was written stays when the catalogue changes, and when the document is written again.
        let path = format!("{path}/{}", made.field("/id"));
        program.put(&path, &body).await.expect(200);
    }
    let unknown = json!({ "client_id": client, "lines": [{ "product_id": "prd_00000000000000000000000000" }] });
    assert_eq!(program.post("/api/v1/quotes", &unknown).await.expect(422).violations(), ["/lines/0/product_id"]);
    let theirs = self::created(&app.stranger(), "X", "La leur").await;
    let foreign = json!({ "client_id": client, "lines": [{ "product_id": theirs }] });
    assert_eq!(program.post("/api/v1/invoices", &foreign).await.expect(422).violations(), ["/lines/0/product_id"]);
}

#[tokio::test]
async fn under_the_franchise_a_line_of_the_catalogue_charges_no_vat() {
    let app = app().await;
    let id = created(&app.program(), "LAMPE", "Lampe").await;
    let franchise = OrganizationReference { vat_regime: VatRegime::Franchise, ..app.ours.clone() };
    app.replace_organization(&franchise).await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let body = json!({ "client_id": client, "lines": [{ "product_id": id }] });
    let made = app.program().post("/api/v1/invoices", &body).await.expect(201);
    assert_eq!(made.field("/tax_minor"), "0");
}

#[tokio::test]
async fn what_a_document_names_is_archived_and_not_deleted() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = created(&program, "LAMPE", "Lampe").await;
    let draft =
        program.post("/api/v1/invoices", &json!({ "client_id": client, "lines": [{ "product_id": id }] })).await;
    let refused = program.delete(&format!("/api/v1/products/{id}")).await.expect(409);
    assert_eq!(refused.field("/code"), "product_used");
    let page = app.owner().get(&format!("/facturation/catalogue/produits/{id}")).await.expect(200).text();
    assert!(page.contains("Archiver") && !page.contains("Supprimer ce produit"));
    let form = app.owner().form(&format!("/facturation/catalogue/produits/{id}/supprimer"), &[]).await.expect(409);
    assert!(form.text().contains("Archivez-le"));
    program.delete(&format!("/api/v1/invoices/{}", draft.field("/id"))).await.expect(204);
    program.post(&format!("/api/v1/products/{id}/archive"), &json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_document_names_a_product_that_was_deleted_at_the_same_time() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    for at in 0..6 {
        let program = app.program();
        let id = created(&program, &format!("R{at}"), "Lampe").await;
        let (path, body) =
            (format!("/api/v1/products/{id}"), json!({ "client_id": client, "lines": [{ "product_id": id }] }));
        let (named, deleted) = futures::join!(program.post("/api/v1/quotes", &body), program.delete(&path));
        let statuses = (named.status.as_u16(), deleted.status.as_u16());
        assert!(matches!(statuses, (201, 409) | (422, 204)), "{statuses:?}");
    }
}

#[tokio::test]
async fn a_document_of_five_hundred_products_is_written_and_fits() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let scope = &app.scope();
    let first: ProductId = created(&program, "R", "x").await.parse().unwrap();
    let stored = scope.get::<invoicing::product::Product>(&scope.keys().product(first)).await.unwrap().unwrap().value;
    let mut ids = Vec::new();
    for part in 0..10 {
        let products: Vec<_> = (0..50)
            .map(|at| invoicing::product::Product {
                id: scope.new_id(ProductId::new),
                content: invoicing::product::ProductContent {
                    reference: format!("R{part}-{at}"),
                    description: Some("y".repeat(127)),
                    ..stored.content.clone()
                },
                ..stored.clone()
            })
            .collect();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", part);
                for product in &products {
                    transaction.create(product);
                }
                Ok((transaction, ()))
            })
            .await
            .unwrap();
        ids.extend(products.iter().map(|product| product.id.to_string()));
    }
    let lines: Vec<_> = ids.iter().map(|id| json!({ "product_id": id })).collect();
    let body = json!({ "client_id": client, "lines": lines });
    let keyed = app.program().idempotency_key("many");
    let id: InvoiceId = keyed.post("/api/v1/invoices", &body).await.expect(201).field("/id").parse().unwrap();
    keyed.post("/api/v1/invoices", &body).await.expect(201);
    program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    for id in [&ids[0], &ids[499]] {
        program.delete(&format!("/api/v1/products/{id}")).await.expect(409);
    }
}

async fn names(app: &App, query: &str) -> Vec<String> {
    let listed = app.program().get(&format!("/api/v1/products{query}")).await.expect(200).json();
    let items = listed["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn the_catalogue_is_searched_narrowed_and_sorted() {
    let app = app().await;
    let program = app.program();
    created(&program, "C-1", "Suspension laiton").await;
    created(&program, "B-2", "Élément d’angle").await;
    let service =
        json!({ "reference": "A-3", "name": "Pose", "unit": "hour", "unit_price": "65", "vat_percent": "10" });
    program.post("/api/v1/products", &service).await.expect(201);
    assert_eq!(names(&app, "").await, ["Élément d’angle", "Pose", "Suspension laiton"]);
    assert_eq!(names(&app, "?sort=-name").await, ["Suspension laiton", "Pose", "Élément d’angle"]);
    assert_eq!(names(&app, "?sort=reference").await, ["Pose", "Élément d’angle", "Suspension laiton"]);
    assert_eq!(names(&app, "?kind=product&sort=-reference").await, ["Suspension laiton", "Élément d’angle"]);
    for (typed, found) in [("LAIT", "Suspension laiton"), ("ele%20ang", "Élément d’angle"), ("b-2", "Élément d’angle")]
    {
        assert_eq!(names(&app, &format!("?q={typed}")).await, [found], "{typed}");
    }
    assert!(names(&app, "?q=aiton").await.is_empty());
    for wrong in ["?kind=gift", "?state=gone", "?sort=price", "?cursor=xyz"] {
        program.get(&format!("/api/v1/products{wrong}")).await.expect(400);
    }
    let first = program.get("/api/v1/products?limit=2&kind=product").await.expect(200);
    assert_eq!(first.json()["items"].as_array().map(Vec::len), Some(2));
    let all = program.get("/api/v1/products?limit=2").await.expect(200);
    let next = format!("?limit=2&cursor={}", all.field("/next_cursor"));
    assert_eq!(names(&app, &next).await, ["Suspension laiton"]);
}

#[tokio::test]
async fn the_pages_lead_from_an_empty_catalogue_to_a_product_and_back() {
    let app = app().await;
    let owner = app.owner();
    let empty = owner.get("/facturation/catalogue").await.expect(200).text();
    assert!(empty.contains("Votre catalogue est vide"));
    owner.get("/facturation/catalogue/nouveau").await.expect(200);
    let mut form = vec![
        ("_key", "k1"),
        ("reference", "LAMPE"),
        ("name", "Lampe <b>"),
        ("description", ""),
        ("kind", "product"),
        ("unit", "piece"),
        ("unit_price", "1 189,50"),
        ("vat_percent", "20"),
    ];
    let done = owner.form("/facturation/catalogue/nouveau", &form).await.expect(303);
    let path = done.header("location").unwrap().to_owned();
    let shown = owner.get(&path).await.expect(200).text();
    assert!(
        shown.contains("Lampe &#60;b&#62;")
            && shown.contains("1\u{202f}189,50\u{a0}€")
            && shown.contains("unité (C62)"),
        "{shown}"
    );
    form[0] = ("_key", "k2");
    let refused = owner.form("/facturation/catalogue/nouveau", &form).await.expect(422).text();
    assert!(refused.contains("Cette valeur est déjà utilisée") && refused.contains("1 189,50"));
    let offered = owner.get("/facturation/catalogue/choix?_q=lam").await.expect(200).text();
    assert!(offered.contains("data-price=\"1189,5\"") && offered.contains("role=\"option\""), "{offered}");
    assert!(owner.get("/facturation/catalogue?q=rien").await.expect(200).text().contains("Aucun résultat"));
    let stranger = app.stranger();
    stranger.get(&path).await.expect(404);
    assert!(!stranger.get("/facturation/catalogue/choix").await.expect(200).text().contains("Lampe"));
}

#[tokio::test]
async fn a_draft_written_on_the_page_keeps_what_its_lines_were_taken_from() {
    let app = app().await;
    let owner = app.owner();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = created(&app.program(), "LAMPE", "Lampe").await;
    let form = [
        ("client", client.as_str()),
        ("validity_days", "30"),
        ("line_product", id.as_str()),
        ("line_description", "Lampe"),
        ("line_quantity", "2"),
        ("line_unit", "piece"),
        ("line_unit_price", "150"),
        ("line_discount", ""),
        ("line_vat", "20"),
        ("line_product", ""),
        ("line_description", "Pose"),
        ("line_quantity", "1"),
        ("line_unit", "hour"),
        ("line_unit_price", "65"),
        ("line_discount", ""),
        ("line_vat", "20"),
    ];
    let done = owner.form("/facturation/devis/nouveau", &form).await.expect(303);
    let page = owner.get(&format!("{}/modifier", done.header("location").unwrap())).await.expect(200).text();
    assert!(page.contains(&format!("name=\"line_product\" value=\"{id}\"")));
}
