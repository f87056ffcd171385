//! Organizations through their router, on an in-memory table.

mod audit;
mod golden;
mod logo;
mod platform;

use kernel::permission::Role;
use serde_json::{Value, json};
use testkit::App;

pub async fn app() -> App {
    App::new(organizations::router).await
}

pub fn settings() -> Value {
    json!({
        "name": "Atelier du Pont", "legal_form": "SARL", "siret": "732 829 320 00074",
        "vat_number": "FR44732829320", "rcs_city": "Lyon", "capital": "10 000 €", "street": "5 quai de Saône",
        "postal_code": "69002", "city": "Lyon", "country": "FR", "email": "contact@pont.example",
        "bank_name": "Banque", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AGRIFRPP",
        "primary_color": "#0F766E", "secondary_color": "#1e40af", "currency": "EUR", "time_zone": "Europe/Paris",
        "vat_regime": "normal", "payment_days": "45", "activity": "Menuiserie", "naf_code": "43 32a",
        "design": "elegant", "date_format": "%d %B %Y",
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
    assert_eq!(edited.field("/naf_code"), "43.32A");
    assert_eq!((edited.field("/design"), edited.field("/date_format")), ("elegant".into(), "%d %B %Y".into()));
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
        ("secondary_color", "#7B7B7B"),
        ("naf_code", "menuiserie"),
        ("activity", &"x".repeat(201)),
        ("design", "baroque"),
        ("currency", "BTC"),
        ("time_zone", "Mars/Olympus"),
        ("date_format", "%s"),
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
            "/activity",
            "/bic",
            "/currency",
            "/date_format",
            "/design",
            "/email",
            "/iban",
            "/naf_code",
            "/name",
            "/payment_days",
            "/postal_code",
            "/primary_color",
            "/secondary_color",
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
async fn what_is_not_chosen_is_the_usual_one_and_what_is_not_the_owners_stays() {
    let app = app().await;
    let mut trying = app.ours.clone();
    trying.trial_ends_on = Some(jiff::civil::date(2026, 12, 31));
    app.replace_organization(&trying).await;
    let mut input = settings();
    for field in ["design", "date_format", "activity", "naf_code"] {
        input.as_object_mut().unwrap().remove(field);
    }
    let edited = app.program().put("/api/v1/organization", &input).await.expect(200);
    assert_eq!((edited.field("/design"), edited.field("/date_format")), ("classic".into(), "%d/%m/%Y".into()));
    assert_eq!(edited.field("/trial_ends_on"), "2026-12-31");
    input["trial_ends_on"] = "2036-12-31".into();
    app.program().put("/api/v1/organization", &input).await.expect(400);

    let page = app.owner().get("/organisation").await.expect(200).text();
    assert!(page.contains("se termine le 31/12/2026"), "{page}");
    trying.trial_ends_on = Some(jiff::civil::date(2026, 11, 21));
    app.replace_organization(&trying).await;
    let page = app.owner().get("/organisation").await.expect(200).text();
    assert!(page.contains("s’est terminée le 21/11/2026"), "{page}");
}

#[tokio::test]
async fn a_wrong_value_is_told_beside_its_field() {
    let app = app().await;
    let form = |name: &'static str, value: &'static str| {
        let settings = settings();
        let mut fields: Vec<(String, String)> = settings
            .as_object()
            .unwrap()
            .iter()
            .filter(|(field, _)| *field != name)
            .map(|(field, value)| (field.clone(), value.as_str().unwrap().to_owned()))
            .collect();
        fields.push((name.into(), value.into()));
        fields
    };
    for (name, value, told) in [
        ("siret", "73282932000075", "Ce SIRET n’est pas valide"),
        ("vat_number", "FR40303265045", "Ce numéro de TVA ne correspond pas au SIREN."),
        ("iban", "FR7630006000011234567890188", "Cet IBAN n’est pas valide"),
        ("bic", "AGRIZZPP", "Ce BIC n’est pas valide"),
        ("naf_code", "4332", "Ce code NAF n’est pas valide"),
        ("primary_color", "#7B7B7B", "Aucun texte, ni blanc ni noir, ne se lit assez bien sur cette couleur"),
        ("date_format", "%s", "Choisissez une des valeurs proposées."),
    ] {
        let fields = form(name, value);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = app.owner().form("/organisation", &fields).await.expect(422).text();
        let beside = page.split(&format!("id=\"{name}-error\"")).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
        let beside = beside.split("</p>").next().unwrap_or_default();
        assert!(beside.contains(told), "{name}: {beside}");
    }
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
async fn pages_wear_the_colours_of_the_organization() {
    let app = app().await;
    let page = app.owner().get("/organisation").await.expect(200);
    assert!(page.header("content-security-policy").is_some_and(|policy| !policy.contains("unsafe")));
    let text = page.text();
    assert!(text.contains("/theme/1E40AF-0F766E.css"));
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
    let hashed = app.owner().get("/organisation").await.text();
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
