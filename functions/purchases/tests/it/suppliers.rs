//! `/api/v1/suppliers` and its pages.

use serde_json::json;

use crate::{EXPENSES, SUPPLIERS, app};

fn stationer() -> serde_json::Value {
    json!({ "name": "Papeterie", "vat_number": "FR83404833048", "iban": "FR1420041010050500013M02606" })
}

#[tokio::test]
async fn a_supplier_is_known_by_its_numbers_and_nobody_reads_its_iban() {
    let app = app().await;
    let program = app.program();
    let made = program.post(SUPPLIERS, &stationer()).await.expect(201);
    assert_eq!((made.field("/siren"), made.field("/iban_end")), ("404833048".into(), "2606".into()));
    let path = format!("{SUPPLIERS}/{}", made.field("/id"));
    for item in app.items() {
        assert!(!item.to_string().contains("20041010050500013M02"));
    }
    let twice = program.post(SUPPLIERS, &json!({ "name": "Autre", "siren": "404 833 048" })).await.expect(422);
    assert_eq!(twice.violations(), ["/siren"]);
    // Its IBAN stays where none is given; its numbers are free once it has others.
    let changed = program.put(&path, &json!({ "name": "Papeterie", "siren": "732829320" })).await.expect(200);
    assert!(changed.round_trips() <= Some(3));
    assert_eq!(changed.field("/iban_end"), "2606");
    program.post(SUPPLIERS, &json!({ "name": "Autre", "siren": "404833048" })).await.expect(201);
    let forgotten = program.put(&path, &json!({ "name": "Papeterie", "forget_iban": "true" })).await.expect(200).json();
    assert!(forgotten.get("iban_end").is_none());
}

#[tokio::test]
async fn nobody_is_there_twice_under_one_name() {
    let app = app().await;
    let program = app.program();
    let id = program.post(SUPPLIERS, &json!({ "name": "Café Œuvre" })).await.expect(201).field("/id");
    let again = json!({ "name": "CAFE ŒUVRE" });
    assert_eq!(program.post(SUPPLIERS, &again).await.expect(422).violations(), ["/name"]);
    let other = program.post(SUPPLIERS, &json!({ "name": "Café" })).await.expect(201).field("/id");
    let renamed = program.put(&format!("{SUPPLIERS}/{other}"), &again).await.expect(422);
    assert_eq!(renamed.violations(), ["/name"]);
    program.put(&format!("{SUPPLIERS}/{id}"), &again).await.expect(200);
}

#[tokio::test]
async fn one_that_nothing_names_is_deleted_and_others_are_archived() {
    let app = app().await;
    let program = app.program();
    let id = program.post(SUPPLIERS, &stationer()).await.expect(201).field("/id");
    let path = format!("{SUPPLIERS}/{id}");
    program.post(&format!("{path}/archive"), &json!({})).await.expect(200);
    let named = json!({ "description": "Encre", "lines": [{ "net": "5" }], "supplier_id": id });
    program.post(EXPENSES, &named).await.expect(409);
    assert_eq!(
        program.get(&format!("{SUPPLIERS}?state=archived")).await.expect(200).json()["items"][0]["id"],
        json!(id)
    );
    program.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    program.post(EXPENSES, &named).await.expect(201);
    program.delete(&path).await.expect(409);
    let other =
        program.post(SUPPLIERS, &json!({ "name": "Autre", "siren": "732829320" })).await.expect(201).field("/id");
    program.delete(&format!("{SUPPLIERS}/{other}")).await.expect(204);
    program.post(SUPPLIERS, &json!({ "name": "Autre", "siren": "732829320" })).await.expect(201);
    let unknown =
        json!({ "description": "Encre", "lines": [{ "net": "5" }], "supplier_id": "sup_00000000000000000000000000" });
    assert_eq!(program.post(EXPENSES, &unknown).await.expect(422).violations(), ["/supplier_id"]);
}

#[tokio::test]
async fn a_supplier_may_be_a_company_of_the_crm() {
    let app = app().await;
    let owner = app.owner();
    let client = app.publish_client("Papeterie Œuvre").await;
    let input = json!({ "name": "Papeterie", "company_id": client.id });
    let id = app.program().post(SUPPLIERS, &input).await.expect(201).field("/id");
    let page = owner.get(&format!("/ventes/fournisseurs/{id}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains(&format!("/crm/entreprises/{}", client.id)));
    let unknown = json!({ "name": "X", "company_id": "com_00000000000000000000000000" });
    assert_eq!(app.program().post(SUPPLIERS, &unknown).await.expect(422).violations(), ["/company_id"]);
    for path in ["", "/nouveau", &format!("/{id}/modifier"), "?q=pape", "?state=archived"] {
        owner.get(&format!("/ventes/fournisseurs{path}")).await.expect(200);
    }
    owner.form(&format!("/ventes/fournisseurs/{id}/modifier"), &[("name", ""), ("iban", "x")]).await.expect(422);
    owner.form(&format!("/ventes/fournisseurs/{id}/archiver"), &[]).await.expect(303);
    owner.form(&format!("/ventes/fournisseurs/{id}/retablir"), &[]).await.expect(303);
    owner.form(&format!("/ventes/fournisseurs/{id}/supprimer"), &[]).await.expect(303);
}
