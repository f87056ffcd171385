//! Every declared route × every role, nobody, and the owner of another organization: the answers agree with the
//! declarations.

use axum::{Router, body::Body};
use cloud::Deps;
use http::{Method, StatusCode};
use kernel::{Permission, permission::Role};
use serde_json::json;
use testkit::{App, Client, Reply};
use web::{Access, Declared, Routes};

/// Of what kind the `{id}` of a path is: the first whose words stand in it.
const KINDS: &[(&str, &str)] = &[
    ("/ventes/objectifs", "tgt"),
    ("/sales-targets", "tgt"),
    ("/rh/frais/", "exr"),
    ("/expense-reports", "exr"),
    ("/depenses/recurrentes", "rxp"),
    ("/recurring-expenses", "rxp"),
    ("/depenses/banque", "bkl"),
    ("/spending-lines", "bkl"),
    ("/ventes/depenses", "xpn"),
    ("/api/v1/expenses", "xpn"),
    ("/ventes/fournisseurs", "sup"),
    ("/api/v1/suppliers", "sup"),
    ("/ventes/factures-recues", "rin"),
    ("/received-invoices", "rin"),
    ("/rh/", "emp"),
    ("/employees", "emp"),
    ("pipeline/etapes", "stg"),
    ("pipelines", "pip"),
    ("opportunites", "opp"),
    ("opportunities", "opp"),
    ("/crm/import/", "imp"),
    ("/api/v1/imports/", "imp"),
    ("/segments/", "seg"),
    ("/crm/exports/", "exp"),
    ("/record-exports/", "exp"),
    ("notification", "not"),
    ("webhooks/", "whk"),
    ("plateforme", "org"),
    ("platform/", "org"),
    ("/crm/tags", "tag"),
    ("/crm/reglages/etiquettes", "tag"),
    ("/crm/fields", "fld"),
    ("/crm/reglages/champs", "fld"),
    ("/panneaux/maison-mere", "com"),
    ("fusions", "mrg"),
    ("merges", "mrg"),
    ("autofacturation/mandats", "com"),
    ("self-billing-mandates", "com"),
    ("autofacturation", "sbi"),
    ("self-billed-invoices", "sbi"),
    ("devis", "quo"),
    ("quotes", "quo"),
    ("emission", "iba"),
    ("issue-batches", "iba"),
    ("recurrentes", "rec"),
    ("recurring-invoices", "rec"),
    ("/catalogue/", "prd"),
    ("/products", "prd"),
    ("/avoirs/", "cre"),
    ("/credit-notes/", "cre"),
    ("/mandats/", "man"),
    ("/mandates/", "man"),
    ("/prelevements/", "rem"),
    ("/remittances/", "rem"),
    ("/banque/", "bkl"),
    ("/bank-lines/", "bkl"),
    ("/temps/", "tim"),
    ("/time-entries/", "tim"),
    ("/encaissements/", "rcp"),
    ("/receipts/", "rcp"),
    ("releves", "com"),
    ("courriers", "ltr"),
    ("letters", "ltr"),
    ("/abonnement/", "fee"),
    ("/calendar-feeds/", "fee"),
    ("/activites/", "act"),
    ("/activities/", "act"),
    ("clients", "com"),
    ("entreprises", "com"),
    ("companies", "com"),
    ("contacts", "con"),
    ("cles", "psk"),
    ("passkeys", "psk"),
    ("jetons", "tok"),
    ("tokens", "tok"),
    ("membres", "usr"),
    ("members", "usr"),
    ("invitations", "itn"),
    ("comptabilite", "job"),
    ("accounting", "job"),
    ("roles", "rol"),
];

/// A path with an id of the right form in each of its places.
pub fn filled(path: &str, id: impl Fn(&str) -> String) -> String {
    let kind = KINDS.iter().find(|(words, _)| path.contains(words)).map_or("inv", |(_, kind)| kind);
    [
        ("{id}", kind),
        ("{payment}", "pay"),
        ("{attachment}", "att"),
        ("{file}", "fil"),
        ("{client}", "com"),
        ("{parent}", "com"),
        ("{record}", "con"),
        ("{form}", "wfo"),
        ("{export}", "exp"),
        ("{paper}", "pap"),
        ("{link}", "lnk"),
        ("{request}", "lrq"),
        ("{delivery}", "dlv"),
    ]
    .into_iter()
    .fold(path.to_owned(), |path, (place, kind)| path.replace(place, &id(kind)))
    .replace("{number}", "1")
    .replace("{line}", "1")
    .replace("{from}", "2026-01-01")
    .replace("{week}", "2026-W47")
    .replace("{month}", "2026-11")
    .replace("{address}", "00000000000000000000000000-00000000000000000000000000")
}

/// An id that nothing has.
pub fn unknown(kind: &str) -> String {
    format!("{kind}_00000000000000000000000000")
}

async fn call(client: &Client, route: &Declared) -> Reply {
    let path = filled(&route.path, unknown);
    let (content_type, body) = match (&route.method, path.starts_with("/api/")) {
        (&Method::GET | &Method::DELETE, _) => (None, Body::empty()),
        (_, true) => (Some("application/json"), Body::from("{}")),
        (_, false) => (Some("application/x-www-form-urlencoded"), Body::empty()),
    };
    client.send(route.method.clone(), &path, content_type, body).await
}

/// Whether the gate let it through: what the handler then says of an empty body or an unknown id is its affair.
fn let_in(reply: &Reply) -> bool {
    let to_sign_in = reply.header("location").is_some_and(|to| to.starts_with("/connexion?"));
    reply.status != StatusCode::FORBIDDEN && reply.status != StatusCode::UNAUTHORIZED && !to_sign_in
}

async fn walk(routes: Routes, router: fn(Deps) -> Router) {
    let app = App::new(router).await;
    for route in routes.declared() {
        let what = format!("{} {}", route.method, route.path);
        let nobody = call(&app.anyone(), route).await;
        if route.access == Access::Anyone {
            // Signing in with nothing is refused by the handler, not by the gate.
            assert_ne!(nobody.status, StatusCode::FORBIDDEN, "nobody: {what}");
            continue;
        }
        assert!(!let_in(&nobody), "nobody: {what} answered {}", nobody.status);
        assert!(nobody.status.is_client_error() || nobody.status.is_redirection(), "{what}");
        if route.path.contains("deconnexion") || route.path.contains("sessions/current") {
            continue; // Ends the very session that the walk needs.
        }
        for role in Role::ALL {
            let allowed = match route.access {
                Access::Needs(permission) => role.allows(permission),
                Access::Anyone | Access::Own | Access::Member => true,
                Access::Platform => false,
            };
            let reply = call(&app.with_role(role), route).await;
            if route.access == Access::Platform {
                assert_eq!(reply.status, StatusCode::NOT_FOUND, "{role:?}: {what}");
                continue;
            }
            assert_eq!(let_in(&reply), allowed, "{role:?}: {what} answered {}", reply.status);
            assert!(!reply.status.is_server_error(), "{role:?}: {what} answered {}", reply.text());
        }
        let stranger = call(&app.stranger(), route).await;
        assert!(!stranger.status.is_server_error(), "a stranger: {what} answered {}", stranger.text());
    }
}

#[tokio::test]
async fn organizations_answer_as_they_declare() {
    walk(organizations::routes(), organizations::router).await;
}

#[tokio::test]
async fn accounts_answer_as_they_declare() {
    walk(accounts::routes(), accounts::router).await;
}

#[tokio::test]
async fn crm_answers_as_it_declares() {
    walk(crm::routes(), crm::router).await;
}

#[tokio::test]
async fn invoicing_answers_as_it_declares() {
    walk(invoicing::routes(), invoicing::router).await;
}

#[tokio::test]
async fn hr_answers_as_it_declares() {
    walk(hr::routes(), hr::router).await;
}

#[tokio::test]
async fn sales_answer_as_they_declare() {
    walk(sales::routes(), sales::router).await;
}

#[tokio::test]
async fn notifications_answer_as_they_declare() {
    walk(notifications::routes(), notifications::router).await;
}

#[tokio::test]
async fn the_search_answers_as_it_declares() {
    walk(search::routes(), search::router).await;
}

#[tokio::test]
async fn the_dashboard_answers_as_it_declares() {
    walk(dashboard::routes(), dashboard::router).await;
}

#[tokio::test]
async fn webhooks_answer_as_they_declare() {
    walk(webhooks::routes(), webhooks::router).await;
}

#[tokio::test]
async fn purchases_answer_as_they_declare() {
    walk(purchases::routes(), purchases::router).await;
}

#[tokio::test]
async fn previews_of_letters_answer_as_they_declare() {
    walk(hr::preview::routes(), hr::preview::router).await;
}

#[tokio::test]
async fn previews_answer_as_they_declare() {
    walk(invoicing::preview::routes(), invoicing::preview::router).await;
}

/// Whoever's records they are, whatever route shows them.
#[tokio::test]
async fn no_crm_route_shows_the_record_of_another_to_who_sees_only_their_own() {
    let app = App::new(crm::router).await;
    let everything = Permission::ALL.iter().copied();
    let (_, salesperson) = app.with_new_member(testkit::own_records(everything)).await;
    let program = app.program();
    let company = program.post("/api/v1/companies", &json!({ "name": "Ana Dupré", "is_business": "false" })).await;
    let company = company.field("/id");
    let contact = json!({ "company_id": company, "last_name": "Durand" });
    let contact = program.post("/api/v1/contacts", &contact).await.field("/id");
    let opportunity = json!({ "name": "Rénovation Durand", "company_id": company, "contact_id": contact });
    let opportunity = program.post("/api/v1/opportunities", &opportunity).await.expect(201).field("/id");
    let activity = json!({ "type": "call", "subject": "Appeler Durand", "contact_id": contact });
    let activity = program.post("/api/v1/activities", &activity).await.expect(201).field("/id");
    for route in crm::routes().declared() {
        let path = filled(&route.path, |kind| match kind {
            "com" => company.clone(),
            "con" => contact.clone(),
            "opp" => opportunity.clone(),
            "act" => activity.clone(),
            kind => unknown(kind),
        });
        let field = if route.path.ends_with("/keep") {
            "reason"
        } else if route.path.ends_with("/reschedule") || route.path == "/crm/activites/{id}/deplacer" {
            "on"
        } else if route.path.ends_with("/move") || route.path.ends_with("/deplacer") {
            "stage"
        } else if route.path.contains("activit") {
            "subject"
        } else if route.path.contains("contacts") {
            "last_name"
        } else {
            "name"
        };
        let (content_type, body) = match (&route.method, path.starts_with("/api/")) {
            (&Method::GET | &Method::DELETE, _) => (None, String::new()),
            (_, true) => (Some("application/json"), json!({ field: "X" }).to_string()),
            (_, false) => (Some("application/x-www-form-urlencoded"), format!("{field}=X")),
        };
        let mut reply = salesperson.send(route.method.clone(), &path, content_type, body.into()).await;
        // What has no fields takes none.
        if reply.status == StatusCode::BAD_REQUEST && route.path.contains("{id}") {
            let nothing = if path.starts_with("/api/") { "{}" } else { "" };
            reply = salesperson.send(route.method.clone(), &path, content_type, nothing.into()).await;
        }
        let what = format!("{} {}", route.method, route.path);
        let shows_record = route.method == Method::GET && route.path.contains("{record}");
        if route.path.contains("{id}") || shows_record {
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{what}: {}", reply.text());
        }
        for told in ["Dupré", "Durand", company.as_str(), contact.as_str(), opportunity.as_str(), activity.as_str()] {
            // What was asked with is no news.
            let tells = reply.text().replace(&path, "").contains(told);
            assert!(!tells, "{what} tells {told}: {}", reply.text());
        }
    }
}

#[test]
fn every_path_belongs_to_the_function_that_declares_it() {
    for (context, routes) in openapi::contexts() {
        for route in routes.declared() {
            let path = route.path.replace(['{', '}'], "");
            let (_, found) = local::gateway::find(&route.method, &path);
            assert_eq!(found.name(), context, "{}", route.path);
        }
    }
}
