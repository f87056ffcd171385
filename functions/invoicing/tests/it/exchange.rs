//! The catalogue as a file, in and out.

use serde_json::{Value, json};
use testkit::{Client, Reply, send_file};

use crate::{app, products::created};

const IMPORTS: &str = "/api/v1/products/imports";

async fn sent(program: &Client, file: &[u8]) -> Value {
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let link = program.post(&format!("{IMPORTS}/uploads"), &announced).await.expect(201);
    assert_eq!(send_file(&link.json(), file.to_vec()).await, 200);
    json!({ "upload_id": link.field("/id") })
}

fn counts(reply: &Reply) -> [String; 3] {
    ["/created", "/updated", "/unchanged"].map(|pointer| reply.field(pointer))
}

#[tokio::test]
async fn a_file_is_checked_then_imported_and_importing_it_again_changes_nothing() {
    let app = app().await;
    let program = app.program();
    program.post("/api/v1/catalogue/categories", &json!({ "name": "Luminaires" })).await.expect(201);
    created(&program, "LAMPE", "Lampe").await;
    let mut file = String::from("Référence;Nom;Prix unitaire HT;TVA;Catégorie;Suivi en stock;Unité\n");
    file.push_str("lampe;Lampe de bureau;200;20;luminaires;;\n");
    for at in 0..70 {
        file.push_str(&format!("P-{at};Produit {at};1 {at:03},50;5,5 %;;oui;heure\n"));
    }
    let input = sent(&program, file.as_bytes()).await;
    let checked = program.post(&format!("{IMPORTS}/check"), &input).await.expect(200);
    assert_eq!(counts(&checked), ["70", "1", "0"], "{}", checked.text());
    assert_eq!(program.get("/api/v1/products?limit=100").await.json()["items"].as_array().map(Vec::len), Some(1));

    let keyed = app.program().idempotency_key("import");
    let done = keyed.post(IMPORTS, &input).await.expect(200);
    assert_eq!(counts(&done), ["70", "1", "0"]);
    let again = keyed.post(IMPORTS, &input).await.expect(200);
    assert_eq!(again.json(), done.json(), "the same request is answered as before");
    let again = program.post(IMPORTS, &sent(&program, file.as_bytes()).await).await.expect(200);
    assert_eq!(counts(&again), ["0", "0", "71"]);
    let lamp = program.get("/api/v1/products?q=lampe").await.expect(200);
    assert_eq!(
        (lamp.field("/items/0/unit_price"), lamp.field("/items/0/description")),
        ("200".into(), "Bras articulé".into())
    );
    let stocks = program.get("/api/v1/catalogue/stocks?limit=100").await.expect(200).json();
    assert_eq!(stocks["items"].as_array().map(Vec::len), Some(70));
}

#[tokio::test]
async fn what_is_exported_is_taken_back_as_it_is() {
    let app = app().await;
    let program = app.program();
    created(&program, "-1+2", "=SOMME(A1)").await;
    let file = program.get("/api/v1/products/export").await.expect(200);
    assert!(file.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")));
    assert!(file.text().contains("'=SOMME(A1)") && file.text().contains("189,005"), "{}", file.text());
    let checked = program.post(&format!("{IMPORTS}/check"), &sent(&program, &file.body).await).await.expect(200);
    assert_eq!(counts(&checked), ["0", "0", "1"], "{}", checked.text());
}

#[tokio::test]
async fn a_file_with_a_wrong_row_changes_nothing_and_is_nobody_elses() {
    let app = app().await;
    let program = app.program();
    let input = sent(&program, "Référence;Nom;Prix unitaire HT;TVA\nA;Bon;1;20\nB;;x;20\n".as_bytes()).await;
    let checked = program.post(&format!("{IMPORTS}/check"), &input).await.expect(200);
    assert_eq!((checked.field("/errors/0/row"), checked.field("/errors/0/column")), ("3".into(), "Nom".into()));
    assert_eq!(program.post(IMPORTS, &input).await.expect(422).violations(), ["/upload_id"]);
    assert_eq!(program.get("/api/v1/products").await.json()["items"].as_array().map(Vec::len), Some(0));
    app.stranger().post(&format!("{IMPORTS}/check"), &input).await.expect(422);
    let page = app
        .owner()
        .form("/facturation/catalogue/import/verifier", &[("upload_id", input["upload_id"].as_str().unwrap())])
        .await;
    assert!(page.expect(200).text().contains("Ligne 3, Nom"));
}
