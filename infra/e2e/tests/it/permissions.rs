//! Every declared route × every role, nobody, and the owner of another organization: the answers agree with the
//! declarations.

use axum::{Router, body::Body};
use cloud::Deps;
use http::{Method, StatusCode};
use kernel::{Permission, permission::Role};
use serde_json::json;
use testkit::{App, Client, Reply};
use web::{Access, Declared, Routes};

async fn call(client: &Client, route: &Declared) -> Reply {
    // An id of the right form that nothing has.
    let id = "00000000000000000000000000";
    let kind = if route.path.contains("plateforme") || route.path.contains("platform/") {
        "org"
    } else if route.path.contains("mandats") || route.path.contains("self-billing-mandates") {
        "com"
    } else if route.path.contains("autofacturation") || route.path.contains("self-billed-invoices") {
        "sbi"
    } else if route.path.contains("devis") || route.path.contains("quotes") {
        "quo"
    } else if route.path.contains("emission") || route.path.contains("issue-batches") {
        "iba"
    } else if route.path.contains("recurrentes") || route.path.contains("recurring-invoices") {
        "rec"
    } else if route.path.contains("/catalogue/") || route.path.contains("/products") {
        "prd"
    } else if route.path.contains("/avoirs/") || route.path.contains("/credit-notes/") {
        "cre"
    } else if route.path.contains("/mandats/") || route.path.contains("/mandates/") {
        "man"
    } else if route.path.contains("/prelevements/") || route.path.contains("/remittances/") {
        "rem"
    } else if route.path.contains("/banque/") || route.path.contains("/bank-lines/") {
        "bkl"
    } else if route.path.contains("/temps/") || route.path.contains("/time-entries/") {
        "tim"
    } else if route.path.contains("/encaissements/") || route.path.contains("/receipts/") {
        "rcp"
    } else if route.path.contains("factures/{id}/relances") {
        "inv"
    } else if route.path.contains("releves") {
        "com"
    } else if route.path.contains("courriers") || route.path.contains("letters") {
        "ltr"
    } else if route.path.contains("clients") || route.path.contains("entreprises") || route.path.contains("companies") {
        "com"
    } else if route.path.contains("contacts") {
        "con"
    } else if route.path.contains("cles") || route.path.contains("passkeys") {
        "psk"
    } else if route.path.contains("jetons") || route.path.contains("tokens") {
        "tok"
    } else if route.path.contains("membres") || route.path.contains("members") {
        "usr"
    } else if route.path.contains("invitations") {
        "itn"
    } else if route.path.contains("comptabilite") || route.path.contains("accounting") {
        "job"
    } else if route.path.contains("roles") {
        "rol"
    } else {
        "inv"
    };
    let path = route
        .path
        .replace("{id}", &format!("{kind}_{id}"))
        .replace("{payment}", &format!("pay_{id}"))
        .replace("{client}", &format!("com_{id}"))
        .replace("{export}", &format!("exp_{id}"));
    let (content_type, body) = match (&route.method, path.starts_with("/api/")) {
        (&Method::GET | &Method::DELETE, _) => (None, Body::empty()),
        (_, true) => (Some("application/json"), Body::from("{}")),
        (_, false) => (Some("application/x-www-form-urlencoded"), Body::empty()),
    };
    let path = path.replace("{link}", &format!("lnk_{id}"));
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
    for route in crm::routes().declared() {
        let id = if route.path.contains("contacts") { &contact } else { &company };
        let path = route.path.replace("{id}", id).replace("{export}", "exp_00000000000000000000000000");
        let field = if route.path.ends_with("/keep") {
            "reason"
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
        let reply = salesperson.send(route.method.clone(), &path, content_type, body.into()).await;
        let what = format!("{} {}", route.method, route.path);
        if route.path.contains("{id}") {
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{what}: {}", reply.text());
        }
        for told in ["Boulangerie", "Durand", company.as_str(), contact.as_str()] {
            assert!(!reply.text().contains(told), "{what} tells {told}: {}", reply.text());
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
