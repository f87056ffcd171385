//! Organizations through their router, on an in-memory table.

mod audit;
mod platform;

use kernel::permission::Role;
use serde_json::{Value, json};
use testkit::App;

async fn app() -> App {
    App::new(organizations::router).await
}

fn settings() -> Value {
    json!({
        "name": "Atelier du Pont", "legal_form": "SARL", "siret": "732 829 320 00074",
        "vat_number": "FR44732829320", "rcs_city": "Lyon", "capital": "10 000 €", "street": "5 quai de Saône",
        "postal_code": "69002", "city": "Lyon", "country": "FR", "email": "contact@pont.example",
        "bank_name": "Banque", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AGRIFRPP",
        "primary_color": "#0F766E", "secondary_color": "#1e40af", "currency": "EUR", "time_zone": "Europe/Paris",
        "vat_regime": "normal", "payment_days": "45",
    })
}

#[tokio::test]
async fn the_settings_are_replaced_and_normalised() {
    let app = app().await;
    let program = app.program();
    let etag = program.get("/api/v1/organization").await.expect(200).header("etag").unwrap().to_owned();
    let edited = program.clone().header("if-match", &etag).put("/api/v1/organization", &settings()).await.expect(200);
    assert_eq!(edited.field("/siret"), "73282932000074");
    assert_eq!(edited.field("/iban"), "FR7630006000011234567890189");
    assert_eq!(edited.field("/secondary_color"), "#1E40AF");
    assert_eq!(program.get("/api/v1/organization").await.json(), edited.json());
    program.header("if-match", &etag).put("/api/v1/organization", &settings()).await.expect(412);
}

#[tokio::test]
async fn every_wrong_value_says_which_field_and_why() {
    let app = app().await;
    let mut input = settings();
    for (field, value) in [
        ("name", ""),
        ("siret", "73282932000075"),
        ("vat_number", "FR00000000000"),
        ("postal_code", "690"),
        ("email", "contact"),
        ("iban", "FR7630006000011234567890188"),
        ("bic", "X"),
        ("primary_color", "red"),
        ("currency", "BTC"),
        ("time_zone", "Mars/Olympus"),
        ("vat_regime", "none"),
        ("payment_days", "61"),
    ] {
        input[field] = value.into();
    }
    let refused = app.program().put("/api/v1/organization", &input).await.expect(422);
    let mut told = refused.violations();
    told.sort();
    assert_eq!(
        told,
        [
            "/bic",
            "/currency",
            "/email",
            "/iban",
            "/name",
            "/payment_days",
            "/postal_code",
            "/primary_color",
            "/siret",
            "/time_zone",
            "/vat_number",
            "/vat_regime",
        ]
    );
    assert!(refused.text().contains("L441-10"));
}

#[tokio::test]
async fn a_vat_number_of_another_siren_is_refused() {
    let app = app().await;
    let mut input = settings();
    input["siret"] = "35600000000048".into();
    let refused = app.program().put("/api/v1/organization", &input).await.expect(422);
    assert_eq!(refused.violations(), ["/vat_number"]);
}

#[tokio::test]
async fn the_form_saves_and_gives_back_what_is_wrong() {
    let app = app().await;
    let owner = app.owner();
    let settings = settings();
    let fields: Vec<(&str, &str)> =
        settings.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    let mut form = vec![("_key", "k1"), ("_version", "1"), ("complement", ""), ("phone", ""), ("website", "")];
    form.extend(&fields);
    owner.form("/organisation", &form).await.expect(303);
    let page = owner.get("/organisation").await.expect(200).text();
    assert!(page.contains("Atelier du Pont") && page.contains("732829"));

    form[0] = ("_key", "k2");
    let stale = owner.form("/organisation", &form).await.expect(422).text();
    assert!(stale.contains("Quelqu’un a modifié"), "{stale}");
    let refused = app.with_role(Role::Member).form("/organisation", &form).await.expect(403).text();
    assert!(refused.contains("Accès refusé"));
}

#[tokio::test]
async fn home_greets_and_wears_the_colours_of_the_organization() {
    let app = app().await;
    let page = app.owner().get("/").await.expect(200);
    assert!(page.header("content-security-policy").is_some_and(|policy| !policy.contains("unsafe")));
    let text = page.text();
    assert!(text.contains("Bonjour Camille") && text.contains("/theme/1E40AF-0F766E.css"));
    assert!(!text.contains("complétez l’identité"), "the identity is complete");
    let theme = app.anyone().get("/theme/1E40AF-0F766E.css").await.expect(200);
    assert!(theme.text().contains("--brand:#1E40AF"));
    app.anyone().get("/theme/red-0F766E.css").await.expect(404);
    app.anyone().get("/theme/1E40AF;}*{-0F766E.css").await.expect(404);
}

#[tokio::test]
async fn assets_health_and_the_api_document_are_for_everybody() {
    let app = app().await;
    let anyone = app.anyone();
    assert_eq!(anyone.get("/sante").await.expect(200).text(), "ok");
    anyone.get("/assets/app.css").await.expect(200);
    anyone.get("/assets/..%2Fsrc%2Flib.rs").await.expect(404);
    let openapi = anyone.get("/api/openapi.json").await.expect(200);
    assert_eq!(openapi.field("/openapi"), "3.1.0");
    let docs = anyone.get("/api/docs").await.expect(200).text();
    assert!(docs.contains("POST /api/v1/invoices/{id}/issue") && docs.contains("InvoiceInput"), "{docs}");
    let hashed = app.owner().get("/").await.text();
    let css = hashed.split('"').find(|part| part.starts_with("/assets/app.") && part.ends_with(".css")).unwrap();
    let asset = anyone.get(css).await.expect(200);
    assert!(asset.header("cache-control").is_some_and(|caching| caching.contains("immutable")));
}

#[tokio::test]
async fn another_tenants_settings_stay_theirs() {
    let app = app().await;
    app.stranger().put("/api/v1/organization", &settings()).await.expect(200);
    assert_eq!(app.program().get("/api/v1/organization").await.field("/name"), app.ours.name);
}

#[tokio::test]
async fn a_new_name_reaches_every_member_s_own_list() {
    let app = app().await;
    let keys =
        [Role::Owner, Role::Reader].map(|role| table::keys::membership_of_user(app.user_with_role(role), app.ours.id));
    let edited = app.program().put("/api/v1/organization", &settings()).await.expect(200);
    assert_eq!(edited.round_trips(), Some(3));
    for key in &keys {
        let line = app.deps.table.get::<web::team::UserOrganization>(key).await.unwrap().unwrap();
        assert_eq!(line.name, "Atelier du Pont");
    }
}
