//! How often each route goes to the table, one after the other: at most 2 for a read and 3 for a write, the check
//! of who asks included. Every declared route is called as it succeeds.

use std::collections::BTreeMap;

use axum::{Router, body::Body, extract::Request};
use cloud::{Deps, ExposeSecret};
use http::Method;
use jiff::SignedDuration;
use kernel::{
    Currency, Minor,
    document::File,
    event::{Event, Owner, Person},
    id::{BankLineId, EmployeeId, InvitationId, OrganizationId, QuoteId},
    mail::Mail,
    permission::Role,
    reference::ClientReference,
    search::{Category, category_of},
};
use serde_json::{Value, json};
use table::shared::{DocumentFile, OwnedMail, RenderedPaper, SignedFile};
use testkit::{App, Client, Device, Reply, SITE};
use tower::ServiceExt;

use crate::exports;

/// Every context behind one router, as behind the gateway.
pub fn all_contexts(deps: Deps) -> Router {
    let contexts: BTreeMap<_, _> =
        openapi::contexts().into_iter().map(|(name, routes)| (name, routes.into_router(deps.clone()))).collect();
    Router::new().fallback(move |request: Request| {
        let (_, context) = local::gateway::find(request.method(), request.uri().path());
        contexts[context.name()].clone().oneshot(request)
    })
}

pub struct Walk {
    client: Client,
    /// Declared path and method, and the trips that it took.
    trips: BTreeMap<(String, String), u32>,
    keys: u32,
}

impl Walk {
    async fn get(&mut self, path: &str, id: &str) -> Reply {
        let reply = self.client.get(&path.replace("{id}", id)).await;
        self.note(Method::GET, path, reply)
    }

    async fn post(&mut self, path: &str, id: &str, body: Value) -> Reply {
        self.keys += 1;
        let client = self.client.clone().idempotency_key(&format!("walk-{}", self.keys));
        let reply = client.post(&path.replace("{id}", id), &body).await;
        self.note(Method::POST, path, reply)
    }

    async fn put(&mut self, path: &str, id: &str, body: Value) -> Reply {
        let reply = self.client.put(&path.replace("{id}", id), &body).await;
        self.note(Method::PUT, path, reply)
    }

    async fn delete(&mut self, path: &str, id: &str) {
        let reply = self.client.delete(&path.replace("{id}", id)).await;
        self.note(Method::DELETE, path, reply);
    }

    async fn form(&mut self, path: &str, id: &str, fields: &[(&str, &str)]) -> Reply {
        self.keys += 1;
        let key = format!("walk-{}", self.keys);
        let fields: Vec<_> = [("_key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let reply = self.client.form(&path.replace("{id}", id), &fields).await;
        self.note(Method::POST, path, reply)
    }

    /// Of a part of a thing: two ids in the path.
    async fn get_part(&mut self, path: &str, id: &str, part: &str) -> Reply {
        let reply =
            self.client.get(&path.replace("{id}", id).replace("{payment}", part).replace("{attachment}", part)).await;
        self.note(Method::GET, path, reply)
    }

    async fn post_part(&mut self, path: &str, id: &str, part: &str, body: Value) -> Reply {
        let reply = self.client.post(&path.replace("{id}", id).replace("{payment}", part), &body).await;
        self.note(Method::POST, path, reply)
    }

    /// Of somebody who is no member: nobody's requests are remembered.
    async fn form_without_key(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.client.form(path, fields).await;
        self.note(Method::POST, path, reply)
    }

    async fn delete_part(&mut self, path: &str, id: &str, part: &str) {
        let reply =
            self.client.delete(&path.replace("{id}", id).replace("{link}", part).replace("{attachment}", part)).await;
        self.note(Method::DELETE, path, reply);
    }

    async fn form_part(&mut self, path: &str, id: &str, part: &str, fields: &[(&str, &str)]) -> Reply {
        let filled = path.replace("{id}", id).replace("{payment}", part).replace("{link}", part);
        let filled = filled.replace("{attachment}", part);
        let reply = self.client.form(&filled, fields).await;
        self.note(Method::POST, path, reply)
    }

    fn note(&mut self, method: Method, path: &str, reply: Reply) -> Reply {
        let fine = reply.status.is_success() || reply.status.is_redirection();
        assert!(fine, "{method} {path}: {} {}", reply.status, reply.text());
        let trips = reply.round_trips().expect("the answer tells");
        let most = match method {
            Method::GET if OF_ONESELF.contains(&path) => 3,
            Method::GET => 2,
            // Whose series the number is of, or what was agreed with a client, is known once the document is read.
            _ if ONE_MORE.contains(&path) => 4,
            _ => 3,
        };
        assert!(trips <= most, "{method} {path} took {trips} round trips");
        let noted = self.trips.entry((path.into(), method.to_string())).or_default();
        *noted = trips.max(*noted);
        reply
    }
}

/// What is an employee's own, which ARCHITECTURE.md allows a trip more: whose file it is, is read first.
const OF_ONESELF: [&str; 6] = [
    "/rh/mes-documents",
    "/rh/mes-documents/{paper}/versions/{number}",
    "/api/v1/my-papers",
    "/api/v1/my-papers/{paper}/versions/{number}",
    "/rh/frais",
    "/api/v1/expense-reports",
];

/// What ARCHITECTURE.md allows a trip more than the rule.
const ONE_MORE: &[&str] = &[
    "/ventes/factures-recues",
    "/ventes/factures-recues/{id}/compte",
    "/api/v1/received-invoices",
    "/api/v1/received-invoices/{id}/confirm-account",
    "/rh/frais",
    "/rh/frais/{id}/lignes",
    "/rh/frais/{id}/lignes/{line}/modifier",
    "/rh/frais/{id}/lignes/{line}/supprimer",
    "/rh/frais/{id}/envoyer",
    "/rh/frais/{id}/refuser",
    "/api/v1/expense-reports",
    "/api/v1/expense-reports/{id}/lines",
    "/api/v1/expense-reports/{id}/lines/{line}",
    "/api/v1/expense-reports/{id}/submit",
    "/api/v1/expense-reports/{id}/refuse",
    "/crm/fusions/nouvelle",
    "/crm/fusions/{id}/annuler",
    "/api/v1/crm/merges",
    "/api/v1/crm/merges/{id}/undo",
    "/facturation/autofacturation/{id}/emettre",
    "/facturation/autofacturation/{id}/avoir",
    "/api/v1/self-billed-invoices/{id}/issue",
    "/api/v1/self-billed-invoices/{id}/credit-notes",
    "/facturation/relances/envoyer",
    "/api/v1/reminders/send",
];

/// The id at the end of where a form leads.
fn led_to(reply: &Reply) -> String {
    let location = reply.header("location").expect("a form leads somewhere");
    location.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).expect("a path").to_owned()
}

/// Every route of the product called as it succeeds: our organization has something of every kind after it. On the heap, part
/// by part: the futures are large.
pub async fn everything(app: &App) -> Walk {
    let mut walk = Walk { client: app.anyone(), trips: BTreeMap::new(), keys: 0 };
    Box::pin(accounts(app, &mut walk)).await;
    Box::pin(security(app, &mut walk)).await;
    Box::pin(passkeys(app, &mut walk)).await;
    walk.client = app.owner();
    Box::pin(team(app, &mut walk)).await;
    Box::pin(leavers(app, &mut walk)).await;
    walk.client = app.owner();
    Box::pin(organizations(&mut walk)).await;
    Box::pin(logo(&mut walk)).await;
    Box::pin(platform(app, &mut walk)).await;
    let client = Box::pin(crm(&mut walk)).await;
    Box::pin(activities(app, &mut walk, &client)).await;
    Box::pin(record_files(&mut walk, &client)).await;
    Box::pin(web_forms(app, &mut walk)).await;
    Box::pin(files_of_records(app, &mut walk)).await;
    Box::pin(segments(&mut walk)).await;
    Box::pin(duplicates(app, &mut walk)).await;
    Box::pin(catalogue(&mut walk, &client)).await;
    Box::pin(invoicing(app, &mut walk, &client)).await;
    Box::pin(accounting(app, &mut walk)).await;
    Box::pin(people(app, &mut walk)).await;
    Box::pin(notifications(app, &mut walk)).await;
    Box::pin(sales(app, &mut walk)).await;
    Box::pin(dashboard_and_webhooks(&mut walk)).await;
    Box::pin(purchases(app, &mut walk)).await;
    Box::pin(staff(app, &mut walk)).await;
    Box::pin(search(app, &mut walk)).await;
    Box::pin(exports(app, &mut walk)).await;
    walk
}

#[tokio::test]
async fn a_read_takes_two_round_trips_and_a_write_three() {
    let app = App::new(all_contexts).await;
    let walk = Box::pin(everything(&app)).await;
    for (context, routes) in openapi::contexts() {
        println!("\n{context}");
        for route in routes.declared() {
            let trips = walk.trips.get(&(route.path.clone(), route.method.to_string()));
            let trips = trips.unwrap_or_else(|| panic!("{} {} is not measured", route.method, route.path));
            println!("{trips}  {:<6} {}", route.method, route.path);
        }
    }
}

const PASSWORD: &str = "correct horse battery staple 42";

async fn accounts(app: &App, walk: &mut Walk) {
    let account = |email: &str| json!({ "organization_name": "Atelier", "name": "Camille", "email": email, "password": PASSWORD });
    walk.get("/inscription", "").await;
    walk.post("/api/v1/accounts", "", account("a@atelier.example")).await;
    let fields =
        [("organization_name", "Atelier"), ("name", "C"), ("email", "b@atelier.example"), ("password", PASSWORD)];
    walk.form("/inscription", "", &fields).await;
    walk.get("/connexion", "").await;
    walk.form("/connexion", "", &[("email", "a@atelier.example"), ("password", PASSWORD)]).await;
    let credentials = json!({ "email": "a@atelier.example", "password": PASSWORD });
    for end in ["page", "api"] {
        let signed_in = walk.post("/api/v1/sessions", "", credentials.clone()).await;
        let cookie = signed_in.header("set-cookie").expect("a cookie");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        walk.client = app.anyone().header("cookie", &cookie);
        if end == "api" {
            walk.delete("/api/v1/sessions/current", "").await;
            break;
        }
        walk.get("/compte/jetons", "").await;
        let token = json!({ "name": "x", "scopes": ["crm:view"] });
        let token = walk.post("/api/v1/tokens", "", token).await.field("/id");
        walk.delete("/api/v1/tokens/{id}", &token).await;
        walk.form("/compte/jetons", "", &[("name", "y"), ("scopes", "crm:view"), ("expires_in_days", "90")]).await;
        let token = walk.get("/api/v1/tokens", "").await.field("/items/0/id");
        walk.form("/compte/jetons/{id}/revoquer", &token, &[]).await;
        walk.form("/deconnexion", "", &[]).await;
        walk.client = app.anyone();
    }
}

/// What an authenticator application shows for a seed.
fn code(app: &App, seed: &str) -> String {
    let seed: String = seed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let secret = totp_rs::Secret::try_from_base32(&seed).expect("a seed");
    let totp = totp_rs::Builder::new().with_secret(secret).build().expect("a generator");
    // Each code serves once.
    app.advance(jiff::SignedDuration::from_secs(60));
    totp.generate(app.clock.now().as_second() as u64).to_string()
}

/// The cookie that an answer sets first.
fn cookie(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a cookie").to_owned()
}

/// Two members who were invited, and leave with their account.
async fn leavers(app: &App, walk: &mut Walk) {
    for (email, end) in [("f@client.example", "api"), ("g@client.example", "page")] {
        let invitation = json!({ "email": email, "role": "member" });
        let id = app.owner().post("/api/v1/invitations", &invitation).await.expect(201).field("/id");
        let accept = json!({ "link": link(app, &id).await, "email": email, "name": "Claire", "password": PASSWORD });
        walk.client = app.anyone();
        walk.post("/api/v1/invitations/accept", "", accept).await;
        let entered = walk.post("/api/v1/sessions", "", json!({ "email": email, "password": PASSWORD })).await;
        walk.client = app.anyone().header("cookie", &cookie(&entered));
        match end {
            "api" => walk.post("/api/v1/accounts/me/deletion", "", json!({ "password": PASSWORD })).await,
            _ => walk.form("/compte/suppression", "", &[("password", PASSWORD)]).await,
        };
    }
}

/// What protects an account.
async fn security(app: &App, walk: &mut Walk) {
    walk.client = app.anyone();
    let account =
        json!({ "organization_name": "Quai", "name": "Dominique", "email": "d@quai.example", "password": PASSWORD });
    let account = walk.post("/api/v1/accounts", "", account).await;
    let credentials = |password: &str| json!({ "email": "d@quai.example", "password": password });
    let enter = async |walk: &mut Walk, password: &str| {
        let reply = walk.post("/api/v1/sessions", "", credentials(password)).await;
        app.anyone().header("cookie", &cookie(&reply))
    };
    walk.client = enter(walk, PASSWORD).await;
    walk.get("/compte", "").await;
    walk.form("/compte", "", &[("name", "Dominique Petit"), ("job_title", ""), ("phone", "")]).await;
    walk.get("/api/v1/accounts/me", "").await;
    walk.put("/api/v1/accounts/me", "", json!({ "name": "Dominique" })).await;
    portrait(walk, &account.field("/user_id")).await;
    walk.get("/compte/securite", "").await;
    let other = "onze hiboux lisent sous la lune";
    walk.form("/compte/mot-de-passe", "", &[("current_password", PASSWORD), ("password", other)]).await;
    let change = json!({ "current_password": other, "password": PASSWORD });
    walk.post("/api/v1/accounts/me/password", "", change).await;
    for end in ["page", "api"] {
        app.advance(jiff::SignedDuration::from_secs(1));
        enter(walk, PASSWORD).await;
        let id = walk.get("/api/v1/sessions", "").await.field("/items/0/id");
        match end {
            "page" => drop(walk.form("/compte/sessions/{id}/fermer", &id, &[]).await),
            _ => walk.delete("/api/v1/sessions/{id}", &id).await,
        }
    }
    walk.form("/compte/sessions/fermer", "", &[]).await;
    walk.post("/api/v1/sessions/end-others", "", json!({})).await;

    let again = json!({ "password": PASSWORD });
    let seed = walk.post("/api/v1/accounts/me/totp", "", json!({})).await.field("/seed");
    walk.post("/api/v1/accounts/me/totp/confirm", "", json!({ "code": code(app, &seed) })).await;
    walk.form("/compte/securite/codes", "", &[("password", PASSWORD)]).await;
    walk.post("/api/v1/accounts/me/recovery-codes", "", again.clone()).await;
    walk.post("/api/v1/accounts/me/totp/disable", "", again).await;
    walk.form("/compte/securite/totp", "", &[]).await;
    let page = walk.get("/compte/securite/totp", "").await.text();
    let seed = page.split("wrap-anywhere\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the seed");
    walk.form("/compte/securite/totp/confirmer", "", &[("code", &code(app, seed))]).await;
    let owner = walk.client.clone();
    walk.client = enter(walk, PASSWORD).await;
    walk.get("/connexion/verification", "").await;
    walk.form("/connexion/verification", "", &[("code", &code(app, seed))]).await;
    walk.client = enter(walk, PASSWORD).await;
    walk.post("/api/v1/sessions/second-factor", "", json!({ "code": code(app, seed) })).await;
    walk.client = owner;
    walk.form("/compte/securite/totp/desactiver", "", &[("password", PASSWORD)]).await;

    walk.client = app.anyone();
    walk.get("/connexion/oubli", "").await;
    let user = account.field("/user_id").parse().expect("a user");
    let organization: OrganizationId = account.field("/organization_id").parse().expect("an organization");
    for end in ["page", "api"] {
        match end {
            "page" => drop(walk.form("/connexion/oubli", "", &[("email", "d@quai.example")]).await),
            _ => drop(walk.post("/api/v1/accounts/password-resets", "", json!({ "email": "d@quai.example" })).await),
        }
        let mails = table::TenantKeys::of(organization).mails(Owner::User(user));
        let mails = app.deps.table.collection(&mails).await.expect("mails").all::<OwnedMail>().expect("mails");
        // Others tell of what changed.
        let mail = &mails.iter().rfind(|mail| mail.mail.secret.is_some()).expect("a mail").mail;
        let purpose = Mail::secret_purpose(organization, mail.id);
        let opened = app.deps.vault.open(&purpose, mail.secret.as_ref().expect("a secret")).await.expect("it opens");
        let secret = String::from_utf8(opened.expose_secret().to_vec()).expect("a text");
        app.advance(jiff::SignedDuration::from_secs(1));
        match end {
            "page" => {
                let page = walk.client.get(&format!("/connexion/reinitialisation?jeton={secret}")).await;
                walk.note(Method::GET, "/connexion/reinitialisation", page);
                let fields = [("secret", secret.as_str()), ("password", PASSWORD)];
                walk.form("/connexion/reinitialisation", "", &fields).await;
            }
            _ => {
                let redeemed = json!({ "secret": secret, "password": PASSWORD });
                walk.post("/api/v1/accounts/password-resets/redeem", "", redeemed).await;
            }
        }
    }
}

/// What stands in an attribute of a page.
fn attribute(page: &str, name: &str) -> String {
    let value = page.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("an attribute");
    value.replace("&#34;", "\"")
}

/// A passkey on two devices: one by the API, one by the pages.
async fn passkeys(app: &App, walk: &mut Walk) {
    let email = "k@quai.example";
    walk.client = app.anyone();
    let account = json!({ "organization_name": "Quai", "name": "Karim", "email": email, "password": PASSWORD });
    walk.post("/api/v1/accounts", "", account).await;
    let credentials = json!({ "email": email, "password": PASSWORD });
    let entered = walk.post("/api/v1/sessions", "", credentials.clone()).await;
    let owner = app.anyone().header("cookie", &cookie(&entered));
    walk.client = owner.clone();

    let (mut phone, mut key) = (Device::new(), Device::counting());
    let begun = walk.post("/api/v1/accounts/me/passkeys/start", "", json!({ "password": PASSWORD })).await.json();
    let response = phone.create(SITE, &begun["options"]).await;
    let new = json!({ "name": "Téléphone", "ceremony": begun["ceremony"], "response": response });
    let first = walk.post("/api/v1/accounts/me/passkeys", "", new).await.field("/passkey/id");
    let page = walk.form("/compte/securite/cles/nouvelle", "", &[("password", PASSWORD)]).await.text();
    let options: Value = serde_json::from_str(&attribute(&page, "data-passkey-options")).expect("options");
    let ceremony = attribute(page.split("name=\"ceremony\"").nth(1).expect("a field"), "value");
    let response = key.create(SITE, &options).await.to_string();
    let fields = [("name", "Clé USB"), ("ceremony", ceremony.as_str()), ("response", response.as_str())];
    walk.form("/compte/securite/cles", "", &fields).await;
    walk.get("/compte/securite", "").await;
    // Made in one instant, they stand in either order.
    let listed = walk.get("/api/v1/accounts/me/passkeys", "").await;
    let ids = ["/items/0/id", "/items/1/id"].map(|pointer| listed.field(pointer));
    let second = ids.into_iter().find(|id| *id != first).expect("another one");
    walk.put("/api/v1/accounts/me/passkeys/{id}", &second, json!({ "name": "Clé" })).await;
    walk.form("/compte/securite/cles/{id}/renommer", &second, &[("name", "Clé USB")]).await;

    for end in ["page", "api"] {
        walk.client = app.anyone();
        let begun = walk.post("/api/v1/sessions/passkey/start", "", json!({})).await.json();
        let response = key.get(SITE, &begun["options"]).await;
        let ceremony = begun["ceremony"].as_str().expect("an id");
        match end {
            "page" => {
                let fields = [("ceremony", ceremony), ("response", &response.to_string())];
                walk.form("/connexion/cle", "", &fields).await
            }
            _ => walk.post("/api/v1/sessions/passkey", "", json!({ "ceremony": ceremony, "response": response })).await,
        };
        let waiting = walk.post("/api/v1/sessions", "", credentials.clone()).await;
        walk.client = app.anyone().header("cookie", &cookie(&waiting));
        walk.get("/connexion/verification", "").await;
        let begun = walk.post("/api/v1/sessions/second-factor/start", "", json!({})).await.json();
        let response = key.get(SITE, &begun["options"]).await;
        let ceremony = begun["ceremony"].as_str().expect("an id");
        match end {
            "page" => {
                let fields = [("ceremony", ceremony), ("response", &response.to_string())];
                walk.form("/connexion/verification", "", &fields).await
            }
            _ => {
                let shown = json!({ "ceremony": ceremony, "response": response });
                walk.post("/api/v1/sessions/second-factor", "", shown).await
            }
        };
    }

    walk.client = owner;
    let begun = walk.post("/compte/securite/cles/confirmation", "", json!({})).await.json();
    let response = key.get(SITE, &begun["options"]).await.to_string();
    let fields = [("ceremony", begun["ceremony"].as_str().expect("an id")), ("response", &response)];
    walk.form("/compte/securite/cles/{id}/supprimer", &first, &fields).await;
    let begun = walk.post("/api/v1/accounts/me/passkeys/confirm", "", json!({})).await.json();
    let response = key.get(SITE, &begun["options"]).await;
    let shown = json!({ "ceremony": begun["ceremony"], "response": response });
    walk.post("/api/v1/accounts/me/passkeys/{id}/remove", &second, shown).await;
}

/// What the mail of an invitation says after `jeton=`.
async fn link(app: &App, invitation: &str) -> String {
    let scope = app.scope();
    let id: InvitationId = invitation.parse().expect("an id");
    let beside = scope.collection(&scope.keys().invitation(id).collection()).await.expect("a collection");
    let mails = beside.all::<OwnedMail>().expect("mails");
    let mail = &mails.last().expect("a mail").mail;
    let purpose = Mail::secret_purpose(app.ours.id, mail.id);
    let opened = app.deps.vault.open(&purpose, mail.secret.as_ref().expect("a secret")).await.expect("it opens");
    String::from_utf8(opened.expose_secret().to_vec()).expect("a text")
}

async fn team(app: &App, walk: &mut Walk) {
    let role = |name: &str| json!({ "name": name, "permissions": ["crm:view"] });
    let own = walk.post("/api/v1/roles", "", role("Apprenti")).await.field("/id");
    walk.get("/equipe/roles/nouveau", "").await;
    walk.form("/equipe/roles/nouveau", "", &[("name", "Standard"), ("permissions", "crm:view")]).await;
    // Made in the same instant, they stand in no order.
    let roles = walk.get("/api/v1/roles", "").await;
    let other = ["/items/8/id", "/items/9/id"].map(|pointer| roles.field(pointer));
    let other = other.into_iter().find(|id| *id != own).expect("another role");
    // Somebody has the role that changes, and lays it down for another.
    let (user, _) = app.with_new_member(Role::Member.into()).await;
    let user = user.to_string();
    walk.put("/api/v1/members/{id}", &user, json!({ "role": own })).await;
    walk.put("/api/v1/roles/{id}", &own, role("Apprentie")).await;
    walk.get("/equipe/roles/{id}/modifier", &own).await;
    let fields = [("name", "Apprenti"), ("permissions", "crm:view"), ("permissions", "crm:edit")];
    walk.form("/equipe/roles/{id}/modifier", &own, &fields).await;
    walk.form("/equipe/membres/{id}/role", &user, &[("role", &other)]).await;
    for path in ["/equipe", "/equipe/roles", "/api/v1/members"] {
        walk.get(path, "").await;
    }
    walk.get("/api/v1/roles/{id}", &own).await;
    walk.form("/equipe/membres/{id}/retirer", &user, &[]).await;
    walk.form("/equipe/roles/{id}/supprimer", &other, &[]).await;

    let invite = |email: &str| json!({ "email": email, "role": own });
    for (email, end) in [("c@client.example", "api"), ("d@client.example", "page"), ("a@atelier.example", "member")] {
        let id = match end {
            "page" => {
                walk.form("/equipe/invitations", "", &[("email", email), ("role", &own)]).await;
                let id = walk.get("/api/v1/invitations", "").await.field("/items/0/id");
                walk.form("/equipe/invitations/{id}/renvoyer", &id, &[]).await;
                id
            }
            _ => walk.post("/api/v1/invitations", "", invite(email)).await.field("/id"),
        };
        app.advance(SignedDuration::from_secs(1));
        walk.post("/api/v1/invitations/{id}/resend", &id, json!({})).await;
        let link = link(app, &id).await;
        let asker = std::mem::replace(&mut walk.client, app.anyone());
        let opened = walk.client.get(&format!("/invitation?jeton={link}")).await;
        walk.note(Method::GET, "/invitation", opened);
        match end {
            "api" => {
                let accept = json!({ "link": link, "email": email, "name": "Claire", "password": PASSWORD });
                let accepted = walk.post("/api/v1/invitations/accept", "", accept).await.field("/user_id");
                walk.client = asker;
                walk.delete("/api/v1/members/{id}", &accepted).await;
            }
            "page" => {
                let form = [("link", link.as_str()), ("email", email), ("name", "Dominique"), ("password", PASSWORD)];
                walk.form("/invitation", "", &form).await;
                walk.client = asker;
            }
            _ => {
                let credentials = json!({ "email": email, "password": PASSWORD });
                let signed_in = walk.post("/api/v1/sessions", "", credentials).await;
                let cookie = signed_in.header("set-cookie").and_then(|cookie| cookie.split(';').next());
                walk.client = app.anyone().header("cookie", cookie.expect("a cookie"));
                let opened = walk.client.get(&format!("/compte/invitation?jeton={link}")).await;
                walk.note(Method::GET, "/compte/invitation", opened);
                walk.form("/compte/invitation", "", &[("link", &link)]).await;
                walk.get("/compte/entreprises", "").await;
                walk.get("/entreprises/nouvelle", "").await;
                walk.form("/entreprises/nouvelle", "", &[("name", "Verger")]).await;
                walk.post("/api/v1/organizations", "", json!({ "name": "Potager" })).await;
                walk.client = asker;
            }
        }
    }
    let unused = walk.post("/api/v1/roles", "", role("Passager")).await.field("/id");
    walk.delete("/api/v1/roles/{id}", &unused).await;
    let cancelled = walk.post("/api/v1/invitations", "", invite("e@client.example")).await.field("/id");
    walk.delete("/api/v1/invitations/{id}", &cancelled).await;
    let cancelled = walk.post("/api/v1/invitations", "", invite("e@client.example")).await.field("/id");
    walk.form("/equipe/invitations/{id}/annuler", &cancelled, &[]).await;
}

async fn organizations(walk: &mut Walk) {
    for path in ["/organisation/journal", "/organisation/journal/export", "/api/v1/audit-entries"] {
        walk.get(path, "").await;
    }
    for path in ["/organisation/conservation", "/api/v1/organization/retention"] {
        walk.get(path, "").await;
    }
    for path in ["/", "/organisation", "/api/openapi.json", "/api/docs", "/sante", "/organisation/widgets/activite"] {
        walk.get(path, "").await;
    }
    let home = walk.get("/", "").await.text();
    for (prefix, route) in [("/assets/", "/assets/{name}"), ("/theme/", "/theme/{colors}")] {
        let name = home.split(prefix).nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        let reply = walk.client.get(&format!("{prefix}{name}")).await;
        walk.note(Method::GET, route, reply);
    }
    let settings = crate::company::identity();
    let settings = settings.as_object().expect("an object");
    let mut fields: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    fields.extend([("complement", ""), ("phone", ""), ("website", ""), ("_version", "1")]);
    walk.form("/organisation", "", &fields).await;
    walk.get("/api/v1/organization", "").await;
    walk.put("/api/v1/organization", "", crate::company::identity()).await;
}

/// One grey pixel as PNG.
pub fn picture() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da6360\
               000000020001e527defc0000000049454e44ae426082";
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal")).collect()
}

async fn logo(walk: &mut Walk) {
    let png = picture();
    let announced = json!({ "media_type": "image/png", "bytes": png.len() });
    let link = walk.post("/organisation/logo/televersement", "", announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), png.clone()).await, 200);
    walk.form("/organisation/logo", "", &[("upload_id", &link.field("/id"))]).await;
    walk.get("/organisation/logo", "").await;
    walk.get("/api/v1/organization/logo", "").await;
    walk.form("/organisation/logo/supprimer", "", &[]).await;
    let link = walk.post("/api/v1/organization/logo/uploads", "", announced).await;
    assert_eq!(testkit::send_file(&link.json(), png.clone()).await, 200);
    walk.post("/api/v1/organization/logo", "", json!({ "upload_id": link.field("/id") })).await;
    walk.delete("/api/v1/organization/logo", "").await;
}

async fn portrait(walk: &mut Walk, user: &str) {
    let png = picture();
    let announced = json!({ "media_type": "image/png", "bytes": png.len() });
    let link = walk.post("/compte/portrait/televersement", "", announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), png.clone()).await, 200);
    walk.form("/compte/portrait", "", &[("upload_id", &link.field("/id"))]).await;
    walk.get("/compte/portrait", "").await;
    walk.get("/api/v1/accounts/me/portrait", "").await;
    walk.get("/equipe/membres/{id}/portrait", user).await;
    walk.get("/api/v1/members/{id}/portrait", user).await;
    walk.form("/compte/portrait/supprimer", "", &[]).await;
    let link = walk.post("/api/v1/accounts/me/portrait/uploads", "", announced).await;
    assert_eq!(testkit::send_file(&link.json(), png.clone()).await, 200);
    walk.post("/api/v1/accounts/me/portrait", "", json!({ "upload_id": link.field("/id") })).await;
    walk.delete("/api/v1/accounts/me/portrait", "").await;
}

async fn platform(app: &App, walk: &mut Walk) {
    let (_, admin) = app.platform_admin().await;
    let asker = std::mem::replace(&mut walk.client, admin);
    walk.get("/plateforme", "").await;
    let found = walk.client.get("/plateforme?q=atelier").await;
    walk.note(Method::GET, "/plateforme", found);
    walk.get("/plateforme/entreprises/nouvelle", "").await;
    let fields = [("name", "Verger du Lac"), ("email", "f@client.example")];
    walk.form("/plateforme/entreprises/nouvelle", "", &fields).await;
    let api = "/api/v1/platform/organizations";
    let founded = walk.post(api, "", json!({ "name": "Rucher du Lac", "email": "g@client.example" })).await;
    walk.get("/plateforme/invitations/{id}", &founded.field("/id")).await;
    let which = founded.field("/invitation/id");
    walk.form("/plateforme/invitations/{id}/renvoyer", &founded.field("/id"), &[("invitation", &which)]).await;
    let founding = "/api/v1/platform/invitations/{id}";
    walk.post(&format!("{founding}/resend"), &founded.field("/id"), json!({ "invitation": which })).await;
    walk.get(founding, &founded.field("/id")).await;
    walk.post(founding, &founded.field("/id"), json!({ "email": "h@client.example" })).await;
    walk.form("/plateforme/invitations/{id}", &founded.field("/id"), &[("email", "i@client.example")]).await;
    walk.get(api, "").await;
    let found = walk.client.get(&format!("{api}?q=atelier")).await;
    walk.note(Method::GET, api, found);
    let ours = app.ours.id.to_string();
    walk.get(&format!("{api}/{{id}}"), &ours).await;
    for act in ["visit", "suspend", "resume"] {
        walk.post(&format!("{api}/{{id}}/{act}"), &ours, json!({})).await;
    }
    walk.delete(&format!("{api}/{{id}}/visit"), &ours).await;
    walk.put(&format!("{api}/{{id}}/trial"), &ours, json!({ "ends_on": "2026-12-31" })).await;
    walk.form("/plateforme/entreprises/{id}/essai", &ours, &[("ends_on", "")]).await;
    walk.get("/plateforme/entreprises/{id}", &ours).await;
    for act in ["visiter", "quitter", "suspendre", "retablir"] {
        walk.form(&format!("/plateforme/entreprises/{{id}}/{act}"), &ours, &[]).await;
    }
    walk.client = asker;
}

async fn activities(app: &App, walk: &mut Walk, company: &str) {
    let contact = json!({ "company_id": company, "last_name": "Martin" });
    let contact = walk.client.post("/api/v1/contacts", &contact).await.expect(201).field("/id");
    let planned = json!({
        "type": "call", "subject": "Rappeler", "company_id": company, "contact_id": contact, "on": "2030-01-07",
        "time": "10:00", "remind": "10",
    });
    let api = "/api/v1/activities";
    let id = walk.post(api, "", planned.clone()).await.field("/id");
    walk.put("/api/v1/activities/{id}", &id, planned.clone()).await;
    for path in ["/api/v1/activities/{id}", "/crm/activites/{id}", "/crm/activites/{id}/modifier"] {
        walk.get(path, &id).await;
    }
    let fields = [("type", "call"), ("subject", "Rappeler"), ("contact_id", contact.as_str()), ("on", "2030-01-07")];
    walk.form("/crm/activites/nouvelle", "", &fields).await;
    walk.form("/crm/activites/{id}/modifier", &id, &fields).await;
    walk.post("/api/v1/activities/{id}/reschedule", &id, json!({ "on": "2030-01-08" })).await;
    walk.form("/crm/activites/{id}/deplacer", &id, &[("on", "2030-01-09"), ("time", "9:00")]).await;
    walk.form("/crm/calendrier/deplacer", "", &[("activity", id.as_str()), ("on", "2030-01-10")]).await;
    for act in ["complete", "reopen", "cancel"] {
        walk.post(&format!("/api/v1/activities/{{id}}/{act}"), &id, json!({})).await;
    }
    for act in ["rouvrir", "terminer", "rouvrir", "annuler"] {
        walk.form(&format!("/crm/activites/{{id}}/{act}"), &id, &[]).await;
    }
    walk.form("/crm/activites/{id}/rouvrir", &id, &[]).await;
    let panel = "/crm/panneaux/activites/{record}";
    let shown = walk.client.get(&panel.replace("{record}", company)).await;
    walk.note(Method::GET, panel, shown);
    let line = [("type", "note"), ("subject", "Vu"), ("on", "")];
    let added = walk.client.form(&panel.replace("{record}", company), &line).await;
    walk.note(Method::POST, panel, added);
    let done = "/crm/panneaux/activites/{record}/terminer";
    let completed = walk.client.form(&done.replace("{record}", company), &[("activity", &id)]).await;
    walk.note(Method::POST, done, completed);
    for path in [
        api,
        "/api/v1/activities/overdue",
        "/crm/activites",
        "/crm/activites/nouvelle",
        "/crm/panneaux/activites-en-retard",
        "/crm/calendrier",
        "/crm/calendrier/abonnement",
        "/api/v1/calendar-feeds",
    ] {
        walk.get(path, "").await;
    }
    walk.delete("/api/v1/activities/{id}", &id).await;
    let other = walk.post(api, "", planned.clone()).await.field("/id");
    walk.form("/crm/activites/{id}/supprimer", &other, &[]).await;
    walk.post(api, "", planned).await;

    // A token draws no link.
    let asker = std::mem::replace(&mut walk.client, app.owner());
    let feed = walk.post("/api/v1/calendar-feeds", "", json!({ "name": "Agenda" })).await;
    let (feed, url) = (feed.field("/id"), feed.field("/url"));
    let shown = app.anyone().get(url.strip_prefix(SITE).expect("ours")).await;
    walk.note(Method::GET, "/ical/agenda.ics", shown);
    walk.post("/api/v1/calendar-feeds/{id}/rotate", &feed, json!({})).await;
    walk.form("/crm/calendrier/abonnement/{id}/renouveler", &feed, &[]).await;
    walk.delete("/api/v1/calendar-feeds/{id}", &feed).await;
    walk.form("/crm/calendrier/abonnement", "", &[("name", "Téléphone")]).await;
    let feed = walk.get("/api/v1/calendar-feeds", "").await.field("/items/0/id");
    walk.form("/crm/calendrier/abonnement/{id}/revoquer", &feed, &[]).await;
    walk.form("/crm/calendrier/abonnement", "", &[("name", "Téléphone")]).await;
    walk.client = asker;
}

/// Gives a client company.
/// Records in and out by files.
async fn files_of_records(app: &App, walk: &mut Walk) {
    let file = b"Nom;E-mail\nDupont;a@b.example\nMartin;rien\n".to_vec();
    let upload = json!({ "media_type": "text/csv", "bytes": file.len() });
    let work = async |id: &str| {
        let id = id.parse().expect("an id");
        crm::import::run_import(&app.deps, &app.scope(), id).await.expect("the worker works");
    };
    let link = walk.post("/api/v1/imports/uploads", "", upload.clone()).await;
    testkit::send_file(&link.json(), file.clone()).await;
    let input = json!({ "of": "contact", "upload_id": link.field("/id") });
    let id = walk.post("/api/v1/imports", "", input).await.field("/id");
    walk.post("/api/v1/imports/{id}/check", &id, json!({})).await;
    work(&id).await;
    for path in ["/api/v1/imports/{id}/errors", "/api/v1/imports/{id}/report", "/crm/import/{id}/erreurs"] {
        walk.get(path, &id).await;
    }
    walk.post("/api/v1/imports/{id}/start", &id, json!({})).await;
    work(&id).await;
    walk.get("/api/v1/imports/{id}", &id).await;
    walk.post("/api/v1/imports/{id}/cancel", &id, json!({})).await;
    walk.get("/api/v1/imports", "").await;
    walk.get("/crm/import", "").await;
    let link = walk.post("/crm/import/televersement", "", upload).await;
    testkit::send_file(&link.json(), file).await;
    let fields = [("of", "contact"), ("upload_id", &link.field("/id"))];
    let id = led_to(&walk.form("/crm/import", "", &fields).await);
    walk.get("/crm/import/{id}", &id).await;
    let fields = [("columns", "last_name"), ("columns", "email"), ("known_by", "email"), ("existing", "ignore")];
    walk.form("/crm/import/{id}/verifier", &id, &fields).await;
    work(&id).await;
    walk.form("/crm/import/{id}/importer", &id, &[]).await;
    work(&id).await;
    walk.form("/crm/import/{id}/annuler", &id, &[]).await;

    let id = walk.post("/api/v1/record-exports", "", json!({ "of": "contact" })).await.field("/id");
    let export = id.parse().expect("an id");
    crm::exchange::write_record_export(&app.deps, &app.scope(), export).await.expect("the worker writes");
    walk.get("/api/v1/record-exports", "").await;
    walk.get("/api/v1/record-exports/{id}/file", &id).await;
    walk.get("/crm/exports", "").await;
    walk.get("/crm/exports/{id}", &id).await;
    walk.form("/crm/exports", "", &[("of", "company"), ("format", "csv")]).await;
    let written = walk.client.get("/crm/exports/fichier?of=company").await;
    walk.note(Method::GET, "/crm/exports/fichier", written);
}

async fn segments(walk: &mut Walk) {
    let segment = |name: &str| json!({ "of": "company", "name": name, "query": "q=dup" });
    let id = walk.post("/api/v1/segments", "", segment("Dupont")).await.field("/id");
    walk.put("/api/v1/segments/{id}", &id, segment("Dupré")).await;
    walk.get("/api/v1/segments", "").await;
    let shown = walk.client.get("/crm/listes/company").await;
    walk.note(Method::GET, "/crm/listes/{of}", shown);
    walk.form("/crm/segments/{id}", &id, &[("of", "company"), ("name", "Dupuis")]).await;
    walk.form("/crm/segments/{id}/supprimer", &id, &[]).await;
    for name in ["Un", "Deux"] {
        walk.form("/crm/segments", "", &[("of", "company"), ("name", name), ("query", "q=a")]).await;
    }
    let id = walk.client.get("/api/v1/segments").await.field("/items/0/id");
    walk.delete("/api/v1/segments/{id}", &id).await;
}

async fn crm(walk: &mut Walk) -> String {
    for path in ["/crm", "/crm/panneaux/recents", "/crm/entreprises", "/crm/entreprises/nouvelle", "/crm/contacts"] {
        walk.get(path, "").await;
    }
    let company = |name: &str| json!({ "name": name, "email": "compta@client.example", "phone": "04 78 00 00 00" });
    let first = walk.post("/api/v1/companies", "", company("La Poste")).await.field("/id");
    let fields = [
        ("name", "Boulangerie"),
        ("category", "client"),
        ("email", "compta@boulangerie.example"),
        ("is_business", "true"),
        ("country", "FR"),
    ];
    let second = led_to(&walk.form("/crm/entreprises/nouvelle", "", &fields).await);
    let contact = |company: &str| json!({ "company_id": company, "last_name": "Durand", "email": "d@client.example" });
    let person = walk.post("/api/v1/contacts", "", contact(&first)).await.field("/id");
    walk.get("/crm/contacts/nouveau", "").await;
    walk.form("/crm/contacts/nouveau", "", &[("company_id", &first), ("last_name", "Petit")]).await;
    // A company that has contacts gets another name, a contact another company.
    walk.put("/api/v1/companies/{id}", &first, company("La Banque")).await;
    walk.form("/crm/entreprises/{id}/modifier", &first, &fields).await;
    walk.put("/api/v1/contacts/{id}", &person, contact(&second)).await;
    walk.form("/crm/contacts/{id}/modifier", &person, &[("company_id", &first), ("last_name", "Martin")]).await;
    for path in ["/crm/entreprises/{id}", "/crm/entreprises/{id}/modifier", "/api/v1/companies/{id}"] {
        walk.get(path, &first).await;
    }
    for path in ["/crm/contacts/{id}", "/crm/contacts/{id}/modifier", "/api/v1/contacts/{id}"] {
        walk.get(path, &person).await;
    }
    walk.get("/api/v1/companies", "").await;
    walk.get("/api/v1/contacts", "").await;
    let own = walk.client.get("/api/v1/contacts").await.field("/items/0/assigned_to");
    let shown = walk.client.get(&format!("/crm/reattribution?de={own}")).await;
    walk.note(Method::GET, "/crm/reattribution", shown);
    let given = json!({ "to": own, "companies": [first], "contacts": [person] });
    walk.post("/api/v1/contacts/reassignments", "", given).await;
    let given = [("to", own.as_str()), ("companies", &first), ("contacts", &person)];
    let given = walk.client.form(&format!("/crm/reattribution?de={own}"), &given).await;
    walk.note(Method::POST, "/crm/reattribution", given);
    opportunities(walk, &first, &person, &own).await;
    walk.post("/api/v1/contacts/{id}/keep", &person, json!({ "reason": "Contrat en cours" })).await;
    for path in ["/crm/conservation", "/crm/conservation/prospects", "/api/v1/contacts/due", "/api/v1/companies/due"] {
        walk.get(path, "").await;
    }
    walk.form("/crm/conservation/conserver", "", &[("contacts", &person), ("reason", "Litige")]).await;
    walk.form("/crm/conservation/effacer", "", &[("contacts", &person)]).await;
    walk.delete("/api/v1/contacts/{id}", &person).await;
    walk.get("/api/v1/contacts/{id}/erasure", &person).await;
    let person = walk.post("/api/v1/contacts", "", contact(&first)).await.field("/id");
    walk.form("/crm/contacts/{id}/effacer", &person, &[]).await;
    for end in ["api", "page"] {
        let person = json!({ "name": "Ana Lopez", "is_business": "false", "category": "prospect" });
        let person = walk.client.post("/api/v1/companies", &person).await.expect(201).field("/id");
        match end {
            "api" => walk.delete("/api/v1/companies/{id}", &person).await,
            _ => drop(walk.form("/crm/entreprises/{id}/effacer", &person, &[]).await),
        }
        walk.get("/api/v1/companies/{id}/erasure", &person).await;
    }
    records(walk, &first, &second).await;
    first
}

/// Companies in a group, what is set up, what is archived and what goes.
async fn records(walk: &mut Walk, first: &str, second: &str) {
    for (api, page, body, fields) in [
        ("/api/v1/crm/tags", "etiquettes", json!({ "name": "Salon" }), vec![("name", "VIP"), ("color", "red")]),
        (
            "/api/v1/crm/fields",
            "champs",
            json!({ "of": "company", "name": "Filière" }),
            vec![("of", "contact"), ("name", "Anniversaire"), ("kind", "date")],
        ),
    ] {
        let (one, page) = (format!("{api}/{{id}}"), format!("/crm/reglages/{page}"));
        let made = walk.post(api, "", body.clone()).await.field("/id");
        walk.get(api, "").await;
        walk.get(&page, "").await;
        walk.put(&one, &made, body).await;
        walk.get(&format!("{page}/{{id}}"), &made).await;
        walk.form(&format!("{page}/{{id}}"), &made, &[("name", "Autre")]).await;
        walk.form(&page, "", &fields).await;
        walk.form(&format!("{page}/{{id}}/supprimer"), &made, &[]).await;
        let other = walk.get(api, "").await.field("/items/0/id");
        walk.delete(&one, &other).await;
    }
    walk.get("/crm/reglages", "").await;
    let under = |name: &str, parent: &str| json!({ "name": name, "parent_id": parent });
    let child = walk.post("/api/v1/companies", "", under("Filiale", second)).await.field("/id");
    walk.put("/api/v1/companies/{id}", second, under("Boulangerie", first)).await;
    walk.get("/api/v1/companies/{id}/relations", second).await;
    let panel = walk.client.get(&format!("/crm/panneaux/maison-mere/{child}/{second}")).await;
    walk.note(Method::GET, "/crm/panneaux/maison-mere/{id}/{parent}", panel);
    let mover = json!({ "company_id": second, "last_name": "Mobile" });
    let mover = walk.post("/api/v1/contacts", "", mover).await.field("/id");
    walk.put("/api/v1/contacts/{id}", &mover, json!({ "company_id": first, "last_name": "Mobile" })).await;
    for query in ["city=lyon", "sort=-added", "q=d%40client.example"] {
        for path in ["/api/v1/companies", "/api/v1/contacts", "/crm/entreprises", "/crm/contacts"] {
            let found = walk.client.get(&format!("{path}?{query}")).await;
            walk.note(Method::GET, path, found);
        }
    }
    for end in ["archive", "restore"] {
        walk.post(&format!("/api/v1/companies/{{id}}/{end}"), &child, json!({})).await;
    }
    for end in ["archiver", "retablir"] {
        walk.form(&format!("/crm/entreprises/{{id}}/{end}"), &child, &[]).await;
    }
    walk.post("/api/v1/companies/{id}/delete", &child, json!({})).await;
    let child = walk.post("/api/v1/companies", "", under("Filiale", second)).await.field("/id");
    walk.form("/crm/entreprises/{id}/supprimer", &child, &[]).await;
    let child = walk.post("/api/v1/companies", "", under("Filiale", second)).await.field("/id");
    walk.post("/api/v1/companies/{id}/archive", &child, json!({})).await;
}

/// Leaves opportunities of every kind.
async fn opportunities(walk: &mut Walk, company: &str, contact: &str, user: &str) {
    let (api, page) = ("/api/v1/opportunities", "/crm/opportunites");
    let stage = |number: u8| format!("stg_0000000000000000000000000{number}");
    let deal = |name: &str| json!({ "name": name, "company_id": company, "contact_id": contact, "amount": "1200", "source": "Salon" });
    let first = walk.post(api, "", deal("Rénovation")).await.field("/id");
    let open = stage(1);
    let fields = [("name", "Éclairage"), ("company_id", company), ("stage_id", open.as_str()), ("amount", "800")];
    let second = led_to(&walk.form(&format!("{page}/nouvelle"), "", &fields).await);
    walk.get(&format!("{page}/nouvelle"), "").await;
    for path in [format!("{page}/{{id}}"), format!("{page}/{{id}}/modifier"), format!("{api}/{{id}}")] {
        walk.get(&path, &first).await;
    }
    walk.put(&format!("{api}/{{id}}"), &first, deal("Rénovation du fournil")).await;
    walk.form(&format!("{page}/{{id}}/modifier"), &second, &fields).await;
    walk.post(&format!("{api}/{{id}}/move"), &first, json!({ "stage": stage(5) })).await;
    let (lost, from) = (stage(6), stage(1));
    let fields = [("stage", lost.as_str()), ("from", &from), ("lost_reason", "Trop cher")];
    walk.form(&format!("{page}/{{id}}/deplacer"), &second, &fields).await;
    for path in [page, api, "/api/v1/opportunities/figures", "/crm/pipeline", "/crm/pipeline/chiffres"] {
        walk.get(path, "").await;
    }
    walk.get("/crm/pipeline/etapes/{id}", &stage(5)).await;
    let panel = walk.client.get(&format!("/crm/panneaux/opportunites/{company}")).await;
    walk.note(Method::GET, "/crm/panneaux/opportunites/{record}", panel);
    let given = json!({ "to": user, "opportunities": [first] });
    walk.post("/api/v1/contacts/reassignments", "", given).await;
    let (api, page) = ("/api/v1/crm/pipelines", "/crm/reglages/pipelines");
    let pipeline = |name: &str| {
        let stage = |name: &str, outcome: &str| json!({ "name": name, "probability": "50", "outcome": outcome });
        json!({ "name": name, "stages": [stage("À faire", "open"), stage("Gagnée", "won"), stage("Perdue", "lost")] })
    };
    let third = walk.post(api, "", pipeline("Dépannage")).await.field("/id");
    for path in [api, page, "/crm/reglages/pipelines/nouveau"] {
        walk.get(path, "").await;
    }
    for path in [format!("{api}/{{id}}"), format!("{page}/{{id}}")] {
        walk.get(&path, &third).await;
    }
    walk.put(&format!("{api}/{{id}}"), &third, pipeline("Dépannages")).await;
    let form = |name| {
        [
            ("name", name),
            ("stages.0.name", "À faire"),
            ("stages.0.probability", "40"),
            ("stages.1.name", "Gagnée"),
            ("stages.1.outcome", "won"),
            ("stages.2.name", "Perdue"),
            ("stages.2.outcome", "lost"),
        ]
    };
    walk.form("/crm/reglages/pipelines/nouveau", "", &form("Entretien")).await;
    walk.form(&format!("{page}/{{id}}"), &third, &form("Dépannage")).await;
    walk.form(&format!("{page}/{{id}}/supprimer"), &third, &[]).await;
    let fourth = walk.client.post(api, &pipeline("Export")).await.expect(201).field("/id");
    walk.delete(&format!("{api}/{{id}}"), &fourth).await;
    let gone = walk.client.post("/api/v1/opportunities", &deal("Perdue de vue")).await.expect(201).field("/id");
    walk.delete("/api/v1/opportunities/{id}", &gone).await;
    let gone = walk.client.post("/api/v1/opportunities", &deal("Oubliée")).await.expect(201).field("/id");
    walk.form("/crm/opportunites/{id}/supprimer", &gone, &[]).await;
}

/// Files of a record, two of which stay.
async fn record_files(walk: &mut Walk, record: &str) {
    let (page, api) = ("/crm/fichiers/{record}", "/api/v1/records/{record}/files");
    let own =
        |path: &str, file: &str| path.replace("{record}", record).replace("{file}", file).replace("{number}", "1");
    let mut uploads = 0;
    for (base, begin) in [(page, format!("{page}/televersement")), (api, format!("{api}/uploads"))] {
        let mut send = async |walk: &mut Walk| {
            uploads += 1;
            let text = format!("Bonjour {uploads}");
            let announced = json!({ "media_type": "text/plain", "bytes": text.len() });
            let link = walk.client.post(&own(&begin, ""), &announced).await;
            assert_eq!(testkit::send_file(&link.json(), text.into_bytes()).await, 200);
            walk.note(Method::POST, &begin, link).field("/id")
        };
        for _ in 0..2 {
            let upload = send(walk).await;
            let made = if base == api {
                walk.client.post(&own(api, ""), &json!({ "upload_id": upload, "name": "a.txt" })).await
            } else {
                let fields = [("upload_id", upload.as_str()), ("name", "a.txt")];
                walk.client.clone().header("hx-request", "true").form(&own(page, ""), &fields).await
            };
            walk.note(Method::POST, base, made);
        }
        let listed = walk.client.get(&own(api, "")).await;
        let file = walk.note(Method::GET, api, listed).field("/items/0/id");
        let upload = send(walk).await;
        let versions = format!("{base}/{{file}}/versions");
        let changed = if base == api {
            walk.client.post(&own(&versions, &file), &json!({ "upload_id": upload })).await
        } else {
            let fields = [("upload_id", upload.as_str())];
            walk.client.clone().header("hx-request", "true").form(&own(&versions, &file), &fields).await
        };
        walk.note(Method::POST, &versions, changed);
        for path in [format!("{base}/{{file}}"), format!("{versions}/{{number}}")] {
            let shown = walk.client.get(&own(&path, &file)).await;
            walk.note(Method::GET, &path, shown);
        }
        if base == api {
            let path = format!("{api}/{{file}}");
            let edited = walk.client.put(&own(&path, &file), &json!({ "name": "b" })).await;
            walk.note(Method::PUT, &path, edited);
            let deleted = walk.client.delete(&own(&path, &file)).await;
            walk.note(Method::DELETE, &path, deleted);
        } else {
            for (act, fields) in [("modifier", &[("name", "b")][..]), ("supprimer", &[])] {
                let path = format!("{page}/{{file}}/{act}");
                let done = walk.client.form(&own(&path, &file), fields).await;
                walk.note(Method::POST, &path, done);
            }
        }
    }
    let panel = "/crm/panneaux/fichiers/{record}";
    let shown = walk.client.get(&own(panel, "")).await;
    walk.note(Method::GET, panel, shown);
}

/// Forms on the organization's web site, one of which stays, and what a visitor sends.
async fn web_forms(app: &App, walk: &mut Walk) {
    let (page, api) = ("/crm/reglages/formulaires", "/api/v1/crm/web-forms");
    walk.get(page, "").await;
    walk.get("/crm/reglages/formulaires/nouveau", "").await;
    let fields = [("name", "Devis"), ("title", "Votre devis"), ("email", "required"), ("message", "required")];
    let first = led_to(&walk.form("/crm/reglages/formulaires/nouveau", "", &fields).await);
    let input = json!({ "name": "Contact", "title": "Contactez-nous", "email": "required", "message": "required" });
    let made = walk.post(api, "", input.clone()).await;
    let (second, url) = (made.field("/id"), made.field("/url"));
    walk.get(api, "").await;
    let (own_page, own_api) = (format!("{page}/{{form}}"), format!("{api}/{{form}}"));
    let own = |path: &str, form: &str| path.replace("{form}", form);
    let shown = walk.client.get(&own(&own_page, &first)).await;
    walk.note(Method::GET, &own_page, shown);
    let changed = walk.client.form(&own(&own_page, &first), &fields).await;
    walk.note(Method::POST, &own_page, changed);
    let deleted = walk.client.form(&own(&format!("{own_page}/supprimer"), &first), &[]).await;
    walk.note(Method::POST, &format!("{own_page}/supprimer"), deleted);
    let shown = walk.client.get(&own(&own_api, &second)).await;
    walk.note(Method::GET, &own_api, shown);
    let changed = walk.client.put(&own(&own_api, &second), &input).await;
    walk.note(Method::PUT, &own_api, changed);
    let third =
        walk.client.post(api, &json!({ "name": "Autre", "title": "Autre", "phone": "required" })).await.field("/id");
    let deleted = walk.client.delete(&own(&own_api, &third)).await;
    walk.note(Method::DELETE, &own_api, deleted);

    let site = url.strip_prefix(SITE).expect("it is ours");
    let shown = app.anyone().get(site).await;
    let ticket = attribute(shown.text().split("name=\"ticket\"").nth(1).expect("a ticket"), "value");
    walk.note(Method::GET, "/formulaires/{address}", shown);
    app.advance(SignedDuration::from_secs(5));
    let typed = [("ticket", ticket.as_str()), ("last_name", "Martin"), ("email", "c@client.example"), ("message", "?")];
    let sent = app.anyone().form(site, &typed).await;
    walk.note(Method::POST, "/formulaires/{address}", sent);
}

async fn duplicates(app: &App, walk: &mut Walk) {
    let scope = app.scope();
    let record = |id: &str| id.parse::<crm::record::Record>().expect("a record");
    let mut companies = Vec::new();
    for number in 0..4 {
        let company = json!({ "name": "Menuiserie Roche", "email": format!("{}@roche.example", number % 3) });
        companies.push(walk.client.post("/api/v1/companies", &company).await.expect(201).field("/id"));
    }
    for id in &companies {
        crm::duplicate::note_record(&scope, record(id)).await.expect("it is noted");
    }
    for path in ["/crm/doublons", "/crm/fusions", "/api/v1/crm/duplicates", "/api/v1/crm/merges"] {
        walk.get(path, "").await;
    }
    let checked = walk.client.get("/crm/doublons/verifier?form=/crm/entreprises/nouvelle&name=Menuiserie+Roche").await;
    walk.note(Method::GET, "/crm/doublons/verifier", checked);
    walk.post("/api/v1/crm/duplicates/check", "", json!({ "name": "Roche menuiserie", "email": "0@roche.example" }))
        .await;
    let pair = json!({ "record": companies[0], "other": companies[1] });
    walk.post("/api/v1/crm/duplicates/dismissals", "", pair).await;
    walk.form("/crm/doublons/ecarter", "", &[("record", &companies[0]), ("other", &companies[2])]).await;
    walk.post("/api/v1/crm/duplicates/search", "", json!({})).await;
    crm::duplicate::run_search(&scope).await.expect("it runs");
    walk.form("/crm/doublons/rechercher", "", &[]).await;
    crm::duplicate::run_search(&scope).await.expect("it runs");
    walk.get("/api/v1/crm/duplicates/search", "").await;

    let contact = |company: &str, name: &str| json!({ "company_id": company, "last_name": name });
    let mut contacts = Vec::new();
    for (company, name) in [(0, "Roche"), (1, "Roche"), (3, "Martin")] {
        let contact = contact(&companies[company], name);
        contacts.push(walk.client.post("/api/v1/contacts", &contact).await.expect(201).field("/id"));
    }
    let run = async |id: String| {
        crm::merge::run_merge(&scope, id.parse().expect("an id")).await.expect("it runs");
        id
    };
    for (left, right) in [(&contacts[0], &contacts[1]), (&companies[0], &companies[3])] {
        let shown = walk.client.get(&format!("/crm/fusions/nouvelle?gauche={left}&droite={right}")).await;
        walk.note(Method::GET, "/crm/fusions/nouvelle", shown);
        let merge = json!({ "left": left, "right": right, "winner": left });
        let merge = run(walk.post("/api/v1/crm/merges", "", merge).await.field("/id")).await;
        walk.get("/api/v1/crm/merges/{id}", &merge).await;
        walk.get("/crm/fusions/{id}", &merge).await;
        walk.post("/api/v1/crm/merges/{id}/undo", &merge, json!({})).await;
        run(merge).await;
        let fields = [("left", left.as_str()), ("right", right), ("winner", left)];
        let merge = run(led_to(&walk.form("/crm/fusions/nouvelle", "", &fields).await)).await;
        walk.form("/crm/fusions/{id}/annuler", &merge, &[]).await;
        run(merge).await;
        // One of each stays.
        let merge = json!({ "left": left, "right": right, "winner": left });
        run(walk.post("/api/v1/crm/merges", "", merge).await.field("/id")).await;
    }
}

async fn catalogue(walk: &mut Walk, client: &str) {
    let product = |reference: &str| json!({ "reference": reference, "name": "Lampe", "kind": "product", "unit_price": "189", "vat_percent": "20" });
    let (page, api) = ("/facturation/catalogue/produits/{id}", "/api/v1/products/{id}");
    let form = |reference| {
        [("reference", reference), ("name", "Pose"), ("unit", "hour"), ("unit_price", "65"), ("vat_percent", "20")]
    };
    walk.get("/facturation/catalogue", "").await;
    walk.get("/facturation/catalogue/nouveau", "").await;
    let posed = led_to(&walk.form("/facturation/catalogue/nouveau", "", &form("POSE")).await);
    let lamp = walk.post("/api/v1/products", "", product("LAMPE")).await.field("/id");
    for act in ["archiver", "retablir"] {
        walk.form(&format!("{page}/{act}"), &posed, &[]).await;
    }
    for act in ["archive", "restore"] {
        walk.post(&format!("{api}/{act}"), &lamp, json!({})).await;
    }
    for path in [page.to_owned(), format!("{page}/modifier")] {
        walk.get(&path, &posed).await;
    }
    walk.form(&format!("{page}/modifier"), &posed, &form("POSE-2")).await;
    walk.get(api, &lamp).await;
    walk.put(api, &lamp, product("LAMPE-2")).await;
    for (path, route) in [
        ("/facturation/catalogue?q=lam&sort=-reference", "/facturation/catalogue"),
        ("/facturation/catalogue/choix?_q=lam", "/facturation/catalogue/choix"),
        ("/api/v1/products?q=lam", "/api/v1/products"),
    ] {
        let found = walk.client.get(path).await;
        assert!(found.text().contains("Lampe"));
        walk.note(Method::GET, route, found);
    }
    walk.get("/api/v1/products", "").await;
    let lines = json!([{ "product_id": lamp }]);
    let body = json!({ "client_id": client, "lines": lines });
    walk.post("/api/v1/quotes", "", body.clone()).await;
    walk.post("/api/v1/invoices", "", body).await;
    let own = "/api/v1/catalogue";
    let (lists, list) = (format!("{own}/price-lists"), format!("{own}/price-lists/{{id}}"));
    for (api, page, body) in [
        ("categories", "categories", json!({ "name": "Luminaires" })),
        ("tags", "etiquettes", json!({ "name": "Promo", "color": "red" })),
        ("price-lists", "tarifs", json!({ "name": "Revendeurs", "percent_off": "10" })),
    ] {
        let (api, page) = (format!("{own}/{api}"), format!("/facturation/catalogue/{page}"));
        let made = walk.post(&api, "", body.clone()).await.field("/id");
        walk.get(&api, "").await;
        walk.put(&format!("{api}/{{id}}"), &made, body).await;
        walk.get(&format!("{page}/{{id}}"), &made).await;
        walk.form(&format!("{page}/{{id}}"), &made, &[("name", "Autre")]).await;
        walk.form(&format!("{page}/{{id}}/supprimer"), &made, &[]).await;
        walk.form(&page, "", &[("name", "Encore")]).await;
        let made = walk.get(&api, "").await.field("/items/0/id");
        walk.delete(&format!("{api}/{{id}}"), &made).await;
    }
    walk.get("/facturation/catalogue/classement", "").await;
    walk.get("/facturation/catalogue/tarifs", "").await;
    let made = walk.post(&lists, "", json!({ "name": "Revendeurs", "percent_off": "10" })).await.field("/id");
    walk.put(&format!("{api}/prices"), &lamp, json!({ "prices": [{ "price_list_id": made, "unit_price": "150" }] }))
        .await;
    walk.form(&format!("{page}/tarifs"), &lamp, &[("price_list", &made), ("unit_price", "151")]).await;
    let clients = format!("{list}/clients");
    walk.post(&clients, &made, json!({ "client_id": client })).await;
    walk.get(&clients, &made).await;
    let reply = walk.client.delete(&format!("{}/{client}", clients.replace("{id}", &made))).await;
    walk.note(Method::DELETE, &format!("{clients}/{{client}}"), reply);
    let clients = "/facturation/catalogue/tarifs/{id}/clients";
    walk.form(clients, &made, &[("client_id", client)]).await;
    let path = format!("{}/{client}/retirer", clients.replace("{id}", &made));
    let reply = walk.client.form(&path, &[]).await;
    walk.note(Method::POST, &format!("{clients}/{{client}}/retirer"), reply);
    walk.post(&format!("{list}/clients"), &made, json!({ "client_id": client })).await;
    // At the client's price.
    walk.post("/api/v1/quotes", "", json!({ "client_id": client, "lines": [{ "product_id": lamp }] })).await;

    let mut tracked = product("LAMPE-2");
    tracked["track_stock"] = "true".into();
    walk.put(api, &lamp, tracked).await;
    let moves = format!("{api}/stock/moves");
    walk.post(&moves, &lamp, json!({ "quantity": "10", "reason": "Livraison" })).await;
    walk.get(&moves, &lamp).await;
    walk.get(&format!("{api}/stock"), &lamp).await;
    let stock = format!("{page}/stock");
    walk.form(&stock, &lamp, &[("counted", "9"), ("reason", "Inventaire")]).await;
    walk.get(&stock, &lamp).await;
    walk.get("/api/v1/catalogue/stocks", "").await;
    walk.get("/api/v1/catalogue/stock-policy", "").await;
    walk.put("/api/v1/catalogue/stock-policy", "", json!({ "allows_negative": "true" })).await;
    walk.get("/facturation/catalogue/stock", "").await;
    walk.form("/facturation/catalogue/stock", "", &[("allows_negative", "true")]).await;

    walk.get("/facturation/catalogue/export", "").await;
    walk.get("/api/v1/products/export", "").await;
    walk.get("/facturation/catalogue/import", "").await;
    let file = "Référence;Nom;Prix unitaire HT;TVA\n".as_bytes().to_vec();
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let own = "/facturation/catalogue/import";
    let link = walk.post(&format!("{own}/televersement"), "", announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), file.clone()).await, 200);
    walk.form(&format!("{own}/verifier"), "", &[("upload_id", &link.field("/id"))]).await;
    walk.form(own, "", &[("upload_id", &link.field("/id"))]).await;
    let own = "/api/v1/products/imports";
    let link = walk.post(&format!("{own}/uploads"), "", announced).await;
    assert_eq!(testkit::send_file(&link.json(), file.clone()).await, 200);
    walk.post(&format!("{own}/check"), "", json!({ "upload_id": link.field("/id") })).await;
    walk.post(own, "", json!({ "upload_id": link.field("/id") })).await;

    let png = picture();
    let announced = json!({ "media_type": "image/png", "bytes": png.len() });
    let photo = format!("{page}/photo");
    let link = walk.post(&format!("{photo}/televersement"), &lamp, announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), png.clone()).await, 200);
    walk.form(&photo, &lamp, &[("upload_id", &link.field("/id"))]).await;
    walk.get(&photo, &lamp).await;
    walk.get(&format!("{api}/picture"), &lamp).await;
    walk.form(&format!("{photo}/supprimer"), &lamp, &[]).await;
    let link = walk.post(&format!("{api}/picture/uploads"), &lamp, announced).await;
    assert_eq!(testkit::send_file(&link.json(), png.clone()).await, 200);
    walk.post(&format!("{api}/picture"), &lamp, json!({ "upload_id": link.field("/id") })).await;
    walk.delete(&format!("{api}/picture"), &lamp).await;

    let unused = walk.post("/api/v1/products", "", product("X")).await.field("/id");
    walk.delete(api, &unused).await;
    let unused = walk.post("/api/v1/products", "", product("X")).await.field("/id");
    walk.form(&format!("{page}/supprimer"), &unused, &[]).await;
}

/// Leaves something of each kind.
async fn purchases(app: &App, walk: &mut Walk) {
    let (api, page) = ("/api/v1/expenses", "/ventes/depenses");
    let paper = || json!({ "description": "Papier", "lines": [{ "net": "100", "vat_percent": "20" }], "supplier": "Papeterie" });
    let fields =
        [("description", "Encre"), ("lines.0.gross", "12"), ("lines.0.vat_percent", "20"), ("supplier", "Papeterie")];
    let (one, both) = (format!("{page}/{{id}}"), format!("{api}/{{id}}"));
    walk.get("/api/v1/purchase-settings", "").await;
    walk.get(&format!("{page}/reglages"), "").await;
    let first = walk.post(api, "", paper()).await.field("/id");
    walk.get(&format!("{page}/nouvelle"), "").await;
    let second = led_to(&walk.form(&format!("{page}/nouvelle"), "", &fields).await);
    for path in ["", "/export", "/tva", "/tva/export", "/import"] {
        walk.get(&format!("{page}{path}"), "").await;
    }
    for path in ["", "/export", "/recovered-vat"] {
        walk.get(&format!("{api}{path}"), "").await;
    }
    walk.get(&one, &second).await;
    walk.get(&both, &first).await;
    walk.get(&format!("{one}/modifier"), &second).await;
    walk.form(&format!("{one}/modifier"), &second, &fields).await;
    walk.put(&both, &first, paper()).await;
    walk.post(&format!("{both}/pay"), &first, json!({})).await;
    walk.post(&format!("{both}/unpay"), &first, json!({})).await;
    walk.form(&format!("{one}/payer"), &second, &[]).await;
    walk.form(&format!("{one}/impayer"), &second, &[]).await;
    let pdf = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n".to_vec();
    let announced = json!({ "media_type": "application/pdf", "bytes": pdf.len() });
    let proof = format!("{one}/justificatif");
    let link = walk.post(&format!("{proof}/televersement"), &second, announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), pdf.clone()).await, 200);
    walk.form(&proof, &second, &[("upload_id", &link.field("/id")), ("name", "a.pdf")]).await;
    walk.get(&proof, &second).await;
    walk.form(&format!("{proof}/retirer"), &second, &[]).await;
    let proof = format!("{both}/receipt");
    let link = walk.post(&format!("{proof}/uploads"), &first, announced).await;
    assert_eq!(testkit::send_file(&link.json(), pdf).await, 200);
    walk.post(&proof, &first, json!({ "upload_id": link.field("/id"), "name": "a.pdf" })).await;
    walk.get(&proof, &first).await;
    walk.delete(&proof, &first).await;
    let file = "Date;Description;TTC\n".as_bytes().to_vec();
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let own = format!("{page}/import");
    let link = walk.post(&format!("{own}/televersement"), "", announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), file.clone()).await, 200);
    walk.form(&format!("{own}/verifier"), "", &[("upload_id", &link.field("/id"))]).await;
    walk.form(&own, "", &[("upload_id", &link.field("/id"))]).await;
    let own = format!("{api}/imports");
    let link = walk.post(&format!("{own}/uploads"), "", announced).await;
    assert_eq!(testkit::send_file(&link.json(), file).await, 200);
    walk.post(&format!("{own}/check"), "", json!({ "upload_id": link.field("/id") })).await;
    walk.post(&own, "", json!({ "upload_id": link.field("/id") })).await;

    // From here on each is approved.
    walk.put("/api/v1/purchase-settings", "", json!({ "approval_from": "0" })).await;
    walk.form(&format!("{page}/reglages"), "", &[("approval_from", "0")]).await;
    let third = walk.post(api, "", paper()).await.field("/id");
    let why = json!({ "reason": "Trop cher" });
    walk.post(&format!("{both}/refuse"), &third, why.clone()).await;
    walk.post(&format!("{both}/submit"), &third, json!({})).await;
    walk.post(&format!("{both}/withdraw"), &third, json!({})).await;
    walk.form(&format!("{one}/soumettre"), &third, &[]).await;
    walk.form(&format!("{one}/retirer"), &third, &[]).await;
    walk.form(&format!("{one}/soumettre"), &third, &[]).await;
    walk.form(&format!("{one}/refuser"), &third, &[("reason", "Trop cher")]).await;
    walk.form(&format!("{one}/soumettre"), &third, &[]).await;
    walk.form(&format!("{one}/approuver"), &third, &[]).await;
    walk.form(&format!("{one}/supprimer"), &third, &[]).await;
    let third = walk.post(api, "", paper()).await.field("/id");
    walk.post(&format!("{both}/approve"), &third, json!({})).await;
    walk.delete(&both, &third).await;

    let (api, page) = ("/api/v1/suppliers", "/ventes/fournisseurs");
    let (one, both) = (format!("{page}/{{id}}"), format!("{api}/{{id}}"));
    let client = app.publish_client("Papeterie").await.id.to_string();
    let stationer = json!({ "name": "La Papeterie", "siren": "404833048", "company_id": client });
    let first = walk.post(api, "", stationer.clone()).await.field("/id");
    walk.get(&format!("{page}/nouveau"), "").await;
    let second = led_to(&walk.form(&format!("{page}/nouveau"), "", &[("name", "Imprimeur")]).await);
    for path in [page, api] {
        walk.get(path, "").await;
    }
    for id in [&first, &second] {
        walk.get(&one, id).await;
        walk.get(&both, id).await;
        walk.get(&format!("{one}/modifier"), id).await;
    }
    walk.put(&both, &first, stationer).await;
    walk.form(&format!("{one}/modifier"), &second, &[("name", "Imprimeur"), ("company_id", &client)]).await;
    for act in ["archive", "restore"] {
        walk.post(&format!("{both}/{act}"), &first, json!({})).await;
    }
    for act in ["archiver", "retablir", "supprimer"] {
        walk.form(&format!("{one}/{act}"), &second, &[]).await;
    }
    let unused = walk.post(api, "", json!({ "name": "Personne" })).await.field("/id");
    walk.delete(&both, &unused).await;
    let archived = walk.post(api, "", json!({ "name": "Ancien" })).await.field("/id");
    walk.post(&format!("{both}/archive"), &archived, json!({})).await;

    let (api, page) = ("/api/v1/recurring-expenses", "/ventes/depenses/recurrentes");
    let (one, both) = (format!("{page}/{{id}}"), format!("{api}/{{id}}"));
    let rent = || json!({ "description": "Loyer", "lines": [{ "net": "900" }], "supplier": "Bailleur" });
    let fields = [("description", "Loyer"), ("lines.0.net", "900")];
    let first = walk.post(api, "", rent()).await.field("/id");
    walk.get(&format!("{page}/nouvelle"), "").await;
    walk.form(&format!("{page}/nouvelle"), "", &fields).await;
    for path in [page, api] {
        walk.get(path, "").await;
    }
    walk.get(&one, &first).await;
    walk.get(&both, &first).await;
    walk.put(&both, &first, rent()).await;
    walk.form(&one, &first, &fields).await;
    walk.post(&format!("{both}/pause"), &first, json!({})).await;
    walk.post(&format!("{both}/resume"), &first, json!({})).await;
    walk.form(&format!("{one}/suspendre"), &first, &[]).await;
    walk.form(&format!("{one}/reprendre"), &first, &[]).await;
    walk.form(&format!("{one}/arreter"), &first, &[]).await;
    let other = walk.post(api, "", rent()).await.field("/id");
    walk.post(&format!("{both}/stop"), &other, json!({})).await;

    walk.put("/api/v1/purchase-settings", "", json!({ "approval_from": "" })).await;
    let mut day = 0;
    let mut spent = async || {
        day += 1;
        let line = BankLineId::new(app.clock.now(), day);
        let label = "PRLV PAPETERIE".into();
        let (amount_minor, currency) = (Minor(-12_000), Currency::Eur);
        let booked_on = jiff::civil::date(2026, 11, 20);
        let told = Event::BankLineImported {
            line,
            booked_on,
            amount_minor,
            currency,
            label,
            counterparty: None,
            account: None,
        };
        purchases::spending::store::take_line(&app.scope(), &told).await.expect("a line");
        line.to_string()
    };
    let (api_lines, page_lines) = ("/api/v1/spending-lines", "/ventes/depenses/banque");
    let open = walk.post("/api/v1/expenses", "", paper()).await.field("/id");
    for path in [api_lines, page_lines] {
        spent().await;
        walk.get(path, "").await;
    }
    let line = spent().await;
    walk.post(&format!("{api_lines}/{{id}}/match"), &line, json!({ "expense_id": open })).await;
    let open = walk.post("/api/v1/expenses", "", paper()).await.field("/id");
    let line = spent().await;
    walk.get(&format!("{page_lines}/{{id}}"), &line).await;
    walk.form(&format!("{page_lines}/{{id}}/rapprocher"), &line, &[("expense_id", &open)]).await;
    let line = spent().await;
    walk.post(&format!("{api_lines}/{{id}}/expense"), &line, json!({})).await;
    let line = spent().await;
    walk.form(&format!("{page_lines}/{{id}}/depense"), &line, &[]).await;

    let (api, page) = ("/api/v1/received-invoices", "/ventes/factures-recues");
    let (one, both) = (format!("{page}/{{id}}"), format!("{api}/{{id}}"));
    let mut number = 0;
    let mut received = async |walk: &mut Walk, base: &str| {
        number += 1;
        let xml = include_str!("../../../../functions/purchases/tests/it/invoice.xml");
        let siret = app.ours.legal.siret.clone().expect("a SIRET");
        let xml = xml.replace("732829320", &siret[..9]).replace("2026/117", &format!("2026/{number}"));
        let announced = json!({ "media_type": "text/xml", "bytes": xml.len() });
        let begin = if base == page { "televersement" } else { "uploads" };
        let link = walk.post(&format!("{base}/{begin}"), "", announced).await;
        assert_eq!(testkit::send_file(&link.json(), xml.into_bytes()).await, 200);
        if base == page {
            led_to(&walk.form(page, "", &[("upload_id", &link.field("/id")), ("name", "a.xml")]).await)
        } else {
            walk.post(api, "", json!({ "upload_id": link.field("/id"), "name": "a.xml" })).await.field("/id")
        }
    };
    let first = received(walk, api).await;
    let second = received(walk, page).await;
    for path in [page, api] {
        walk.get(path, "").await;
    }
    walk.get(&both, &first).await;
    walk.get(&one, &second).await;
    walk.get(&format!("{one}/fichier"), &second).await;
    walk.post(&format!("{both}/take"), &first, json!({})).await;
    let (why, code) = (json!({ "code": "DOUBLON" }), [("code", "DOUBLON")]);
    walk.post(&format!("{both}/dispute"), &first, why.clone()).await;
    walk.post(&format!("{both}/approve"), &first, json!({})).await;
    walk.form(&format!("{one}/prendre-en-charge"), &second, &[]).await;
    walk.form(&format!("{one}/litige"), &second, &code).await;
    walk.form(&format!("{one}/approuver"), &second, &[]).await;
    let third = received(walk, api).await;
    walk.post(&format!("{both}/refuse"), &third, why).await;
    let fourth = received(walk, api).await;
    walk.form(&format!("{one}/refuser"), &fourth, &code).await;
    for (id, is_page) in [(&first, false), (&second, true)] {
        walk.post("/api/v1/expenses/{id}/pay", &id.replace("rin_", "xpn_"), json!({})).await;
        if is_page {
            walk.form(&format!("{one}/encaissee"), id, &[]).await;
            walk.form(&format!("{one}/compte"), id, &[]).await;
        } else {
            walk.post(&format!("{both}/payment-received"), id, json!({})).await;
            walk.post(&format!("{both}/confirm-account"), id, json!({})).await;
        }
    }
    walk.form(&format!("{page}/adresse"), "", &[]).await;
    let to = walk.post(&format!("{api}/address"), "", json!({})).await.field("/address");
    mailed(app, &to).await;
    for path in ["address", "mails"] {
        walk.get(&format!("{api}/{path}"), "").await;
    }
}

/// A mail without an invoice in it, as SES takes it in.
async fn mailed(app: &App, to: &str) {
    let mail = b"Message-ID: <1@client.example>\r\nFrom: g@client.example\r\n\r\nBonjour".to_vec();
    app.deps.files.put("incoming/1", mail, "message/rfc822").await.expect("S3 takes it");
    let event = json!({ "Records": [{ "ses": {
        "mail": { "timestamp": app.clock.now(), "messageId": "1" },
        "receipt": { "recipients": [to] },
    } }] });
    purchases::inbound::handle(app.deps.clone(), event).await.expect("it is taken in");
}

/// Leaves two employees, one of whom is a member, and what is set up for them.
async fn staff(app: &App, walk: &mut Walk) {
    for path in ["/rh", "/rh/jours-feries", "/rh/conges/calcul", "/rh/reglages", "/rh/moi", "/api/v1/holidays"] {
        walk.get(path, "").await;
    }
    let count = walk.client.get("/api/v1/leave-count?from=2026-05-11").await;
    walk.note(Method::GET, "/api/v1/leave-count", count);
    walk.form("/rh/reglages", "", &[("sites.0.name", "Lyon")]).await;
    let settings = walk.get("/api/v1/hr-settings", "").await.json();
    walk.put("/api/v1/hr-settings", "", settings).await;
    let (api, page) = ("/api/v1/employees", "/rh/employes");
    let file = json!({ "number": "1", "first_name": "Inès", "last_name": "Moreau", "hired_on": "2024-03-04", "user_id": app.user_with_role(Role::Owner) });
    let first = walk.post(api, "", json!({ "employee": file, "contract": {} })).await.field("/id");
    let file = json!({ "number": "1", "first_name": "Inès", "last_name": "Moreau", "hired_on": "2024-03-04", "user_id": app.user_with_role(Role::Owner) });
    let own = [("number", "2"), ("first_name", "Léo"), ("last_name", "Petit"), ("hired_on", "2025-01-06")];
    let hired: Vec<_> = own.iter().map(|(name, value)| (format!("employee.{name}"), *value)).collect();
    let hired: Vec<_> = hired.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    walk.get(&format!("{page}/nouveau"), "").await;
    let second = led_to(&walk.form(&format!("{page}/nouveau"), "", &hired).await);
    for path in [page, api, "/rh/organigramme", "/rh/registre.csv", "/api/v1/employees/register"] {
        walk.get(path, "").await;
    }
    for path in ["{id}", "{id}/modifier", "{id}/contrats/nouveau", "{id}/nir"] {
        walk.get(&format!("{page}/{path}"), &second).await;
    }
    walk.get(&format!("{api}/{{id}}"), &first).await;
    walk.put(&format!("{api}/{{id}}"), &first, file).await;
    walk.form(&format!("{page}/{{id}}/modifier"), &second, &own).await;
    walk.put(&format!("{api}/{{id}}/nir"), &first, json!({ "nir": "255081416802538" })).await;
    walk.get(&format!("{api}/{{id}}/nir"), &first).await;
    walk.form(&format!("{page}/{{id}}/nir"), &second, &[("nir", "")]).await;
    walk.post(&format!("{api}/{{id}}/contracts"), &first, json!({ "from": "2026-01-01" })).await;
    walk.form(&format!("{page}/{{id}}/contrats/nouveau"), &second, &[("from", "2026-01-01")]).await;
    let own = |path: &str, id: &str| path.replace("{id}", id).replace("{from}", "2026-01-01");
    let (on_page, on_api) = (format!("{page}/{{id}}/contrats/{{from}}"), format!("{api}/{{id}}/contracts/{{from}}"));
    let shown = walk.client.get(&own(&on_page, &second)).await;
    walk.note(Method::GET, &on_page, shown);
    let changed = walk.client.form(&own(&on_page, &second), &[("from", "2026-01-01")]).await;
    walk.note(Method::POST, &on_page, changed);
    let removal = format!("{on_page}/retirer");
    let removed = walk.client.form(&own(&removal, &second), &[]).await;
    walk.note(Method::POST, &removal, removed);
    let changed = walk.client.put(&own(&on_api, &first), &json!({ "from": "2026-01-01" })).await;
    walk.note(Method::PUT, &on_api, changed);
    let removed = walk.client.delete(&own(&on_api, &first)).await;
    walk.note(Method::DELETE, &on_api, removed);
    Box::pin(worked_weeks(walk, &first)).await;
    Box::pin(leave(app, walk, &first, &second)).await;
    Box::pin(papers(app, walk, &first, &second)).await;
}

/// Leaves a week of an employee, handed in and given back more than once, what of it is for a client, and a month that was closed.
async fn worked_weeks(walk: &mut Walk, employee: &str) {
    let at = |path: &str| path.replace("{id}", employee).replace("{week}", "2026-W47").replace("{month}", "2026-11");
    let client = walk.client.get("/api/v1/companies?limit=1").await.field("/items/0/id");
    for path in ["/rh/temps", "/rh/temps/equipe", "/api/v1/employees/me", "/api/v1/time/weeks"] {
        walk.get(path, "").await;
    }
    for act in ["clock-in", "clock-out"] {
        walk.post(&format!("/api/v1/employees/{{id}}/{act}"), employee, json!({})).await;
    }
    walk.get("/api/v1/employees/{id}/clocking", employee).await;
    for act in ["arriver", "partir"] {
        walk.form(&format!("/rh/temps/{{id}}/{act}"), employee, &[]).await;
    }
    walk.put("/api/v1/time/settings", "", json!({ "hourly_price": "65" })).await;
    walk.get("/api/v1/time/settings", "").await;
    walk.get("/rh/temps/reglages", "").await;
    walk.form("/rh/temps/reglages", "", &[("hourly_price", "65")]).await;

    let (api, page) = ("/api/v1/employees/{id}/weeks/{week}", "/rh/temps/{id}/{week}");
    let span = json!({ "on": "2026-11-16", "from": "8:00", "to": "12:00", "note": "Étude", "client_id": client });
    let saved = walk.client.put(&at(api), &json!({ "spans": [span] })).await;
    walk.note(Method::PUT, api, saved);
    for path in [api, "/api/v1/employees/{id}/weeks/{week}/changes", page] {
        let shown = walk.client.get(&at(path)).await;
        walk.note(Method::GET, path, shown);
    }
    let reason = json!({ "reason": "À revoir" });
    for act in ["submit", "approve", "dispute", "answer", "reopen"] {
        let path = format!("{api}/{act}");
        let body = if matches!(act, "submit" | "approve") { json!({}) } else { reason.clone() };
        let done = walk.client.post(&at(&path), &body).await;
        walk.note(Method::POST, &path, done);
    }
    let row = [
        ("spans.0.on", "2026-11-16"),
        ("spans.0.from", "8:00"),
        ("spans.0.to", "12:30"),
        ("spans.0.note", "Étude"),
        ("spans.0.client_id", client.as_str()),
        ("reason", "Fin à 12 h 30"),
    ];
    let saved = walk.client.form(&at(page), &row).await;
    walk.note(Method::POST, page, saved);
    for act in ["soumettre", "approuver", "contester", "repondre", "rouvrir"] {
        let path = format!("{page}/{act}");
        let fields: &[(&str, &str)] =
            if matches!(act, "soumettre" | "approuver") { &[] } else { &[("reason", "À revoir")] };
        let done = walk.client.form(&at(&path), fields).await;
        walk.note(Method::POST, &path, done);
    }
    for path in [
        "/api/v1/employees/{id}/months/{month}",
        "/api/v1/employees/{id}/months/{month}/export",
        "/rh/temps/{id}/mois/{month}",
        "/rh/temps/{id}/mois/{month}/export",
    ] {
        let shown = walk.client.get(&at(path)).await;
        walk.note(Method::GET, path, shown);
    }
    for path in ["/api/v1/time/due", "/rh/temps/conservation"] {
        walk.get(path, "").await;
    }
    let selected = format!("{employee}/2020-W01");
    walk.post("/api/v1/time/due/remove", "", json!({ "weeks": [selected] })).await;
    walk.form("/rh/temps/conservation", "", &[("weeks", selected.as_str())]).await;

    for path in ["/api/v1/payrolls/{month}/close", "/api/v1/payrolls/{month}/reopen"] {
        let body = if path.ends_with("close") { json!({}) } else { reason.clone() };
        let done = walk.client.post(&at(path), &body).await;
        walk.note(Method::POST, path, done);
    }
    for path in ["/rh/paie/{month}/cloturer", "/rh/paie/{month}/rouvrir"] {
        let fields: &[(&str, &str)] = if path.ends_with("cloturer") { &[] } else { &[("reason", "À revoir")] };
        let done = walk.client.form(&at(path), fields).await;
        walk.note(Method::POST, path, done);
    }
    for path in [
        "/api/v1/payrolls",
        "/api/v1/payrolls/{month}",
        "/api/v1/payrolls/{month}/export",
        "/rh/paie",
        "/rh/paie/{month}",
        "/rh/paie/{month}/export",
    ] {
        let shown = walk.client.get(&at(path)).await;
        walk.note(Method::GET, path, shown);
    }
}

/// Leaves documents, a letter, interviews and reports of what was spent, of two employees; the first is who walks.
async fn papers(app: &App, walk: &mut Walk, first: &str, second: &str) {
    for path in ["/rh/tableau-de-bord", "/rh/documents", "/rh/mes-documents", "/rh/courriers", "/rh/conservation"] {
        walk.get(path, "").await;
    }
    for path in ["expiring-papers", "my-papers", "hr-figures", "due-employees"] {
        walk.get(&format!("/api/v1/{path}"), "").await;
    }
    let (page, api) = ("/rh/employes/{id}", "/api/v1/employees/{id}");
    walk.get("/rh/panneaux/documents/{id}", first).await;
    walk.get("/rh/panneaux/entretiens/{id}", first).await;

    // Documents.
    let pdf = format!("%PDF-1.7\n{first}\nstartxref\n9\n%%EOF\n");
    let announced = json!({ "media_type": "application/pdf", "bytes": pdf.len() });
    let mut sent = Vec::new();
    for number in 0..4 {
        let bytes = pdf.replace("1.7", &format!("1.{number}")).into_bytes();
        let link = match number {
            0 | 1 => walk.post(&format!("{api}/papers/uploads"), first, announced.clone()).await.json(),
            _ => walk
                .client
                .post(&format!("{page}/documents/televersement").replace("{id}", first), &announced)
                .await
                .json(),
        };
        assert_eq!(testkit::send_file(&link, bytes).await, 200);
        sent.push(link["id"].as_str().expect("an upload").to_owned());
    }
    let begun = walk.client.post(&format!("{page}/documents/televersement").replace("{id}", first), &announced).await;
    walk.note(Method::POST, &format!("{page}/documents/televersement"), begun);
    let said = json!({ "upload_id": sent[0], "name": "a.pdf", "is_shared": "true", "valid_until": "2030-01-31" });
    let paper = walk.post(&format!("{api}/papers"), first, said).await.field("/id");
    walk.get(&format!("{api}/papers"), first).await;
    let fields = [("upload_id", sent[2].as_str()), ("name", "b.pdf")];
    walk.form(&format!("{page}/documents"), first, &fields).await;
    let listed = walk.get(&format!("{api}/papers"), first).await.json();
    let other = listed["items"][0]["id"].as_str().expect("a document").to_owned();
    let filled =
        |path: &str, paper: &str| path.replace("{id}", first).replace("{paper}", paper).replace("{number}", "1");
    let (on_page, on_api) = (format!("{page}/documents/{{paper}}"), format!("{api}/papers/{{paper}}"));
    for path in [&on_page, &on_api, &format!("{on_page}/versions/{{number}}"), &format!("{on_api}/versions/{{number}}")]
    {
        let shown = walk.client.get(&filled(path, &paper)).await;
        walk.note(Method::GET, path, shown);
    }
    for path in ["/rh/mes-documents/{paper}/versions/{number}", "/api/v1/my-papers/{paper}/versions/{number}"] {
        let shown = walk.client.get(&filled(path, &paper)).await;
        walk.note(Method::GET, path, shown);
    }
    let version = json!({ "upload_id": sent[1], "name": "a.pdf" });
    let added = walk.client.post(&filled(&format!("{on_api}/versions"), &paper), &version).await;
    walk.note(Method::POST, &format!("{on_api}/versions"), added);
    let fields = [("upload_id", sent[3].as_str()), ("name", "c.pdf")];
    let added = walk.client.form(&filled(&format!("{on_page}/versions"), &other), &fields).await;
    walk.note(Method::POST, &format!("{on_page}/versions"), added);
    let changed = walk.client.put(&filled(&on_api, &paper), &json!({ "title": "Contrat", "is_shared": "true" })).await;
    walk.note(Method::PUT, &on_api, changed);
    let changed = walk.client.form(&filled(&format!("{on_page}/modifier"), &other), &[("title", "Diplôme")]).await;
    walk.note(Method::POST, &format!("{on_page}/modifier"), changed);
    let removed = walk.client.form(&filled(&format!("{on_page}/supprimer"), &other), &[]).await;
    walk.note(Method::POST, &format!("{on_page}/supprimer"), removed);

    // Letters.
    let asked = json!({ "letter": "attestation" });
    walk.post(&format!("{api}/letters/preview"), first, asked.clone()).await;
    let letter = walk.post(&format!("{api}/letters"), first, asked).await.field("/id");
    let employee: EmployeeId = first.parse().expect("an id");
    let paper = letter.parse().expect("an id");
    write(app, &RenderedPaper { employee, paper, file: file(app) }).await;
    let path = format!("{on_api}/letter");
    let shown = walk.client.get(&filled(&path, &letter)).await;
    walk.note(Method::GET, &path, shown);
    walk.get(&format!("{page}/courriers"), second).await;
    walk.form(&format!("{page}/courriers/apercu"), second, &[("letter", "attestation")]).await;
    walk.form("/rh/courriers/apercu/{id}", second, &[("letter", "attestation")]).await;
    let made = walk.form(&format!("{page}/courriers"), second, &[("letter", "attestation")]).await;
    let second_letter = led_to(&made);
    let removed = walk.client.delete(&format!("/api/v1/employees/{second}/papers/{second_letter}")).await;
    walk.note(Method::DELETE, &on_api, removed);
    walk.form("/rh/courriers", "", &[("templates.0.name", "Mutuelle"), ("templates.0.words", "{prenom}")]).await;
    let templates = walk.get("/api/v1/letter-templates", "").await.json();
    walk.put("/api/v1/letter-templates", "", templates).await;

    // Interviews.
    let interviews = format!("{api}/interviews");
    walk.post(&interviews, first, json!({ "on": "2024-09-02" })).await;
    walk.post(&interviews, first, json!({ "on": "2024-09-03" })).await;
    walk.form(&format!("{page}/entretiens"), second, &[("on", "2025-06-02")]).await;
    walk.get(&interviews, first).await;
    let path = format!("{page}/entretiens/{{from}}/retirer");
    let removed = walk.client.form(&path.replace("{id}", second).replace("{from}", "2025-06-02"), &[]).await;
    walk.note(Method::POST, &path, removed);
    let path = format!("{interviews}/{{from}}");
    let removed = walk.client.delete(&path.replace("{id}", first).replace("{from}", "2024-09-03")).await;
    walk.note(Method::DELETE, &path, removed);

    Box::pin(expenses(walk)).await;

    // Files that are due.
    let gone = json!({ "employee": { "number": "0", "first_name": "Anne", "last_name": "Roux", "hired_on": "2010-01-04",
        "left_on": "2012-01-31" }, "contract": {} });
    for erase in ["/api/v1/due-employees/erase", "/rh/conservation/effacer"] {
        let id = walk.client.post("/api/v1/employees", &gone).await.expect(201).field("/id");
        match erase.starts_with("/api/") {
            true => walk.post(erase, "", json!({ "employees": [id] })).await,
            false => walk.form(erase, "", &[("employees", &id)]).await,
        };
    }
}

/// Leaves reports in each of their states, of who walks.
async fn expenses(walk: &mut Walk) {
    let (page, api) = ("/rh/frais", "/api/v1/expense-reports");
    let (own_page, own_api) = (format!("{page}/{{id}}"), format!("{api}/{{id}}"));
    walk.get(page, "").await;
    walk.get(api, "").await;
    walk.get(&format!("{page}/a-valider"), "").await;
    walk.get(&format!("{api}/awaited"), "").await;
    let line = json!({ "on": "2026-11-02", "category": "mileage", "vehicle": "car5", "km": "120", "places": "Lyon" });
    let typed = [("on", "2026-11-02"), ("category", "meal"), ("amount", "22")];
    let pdf = b"%PDF-1.7\nstartxref\n9\n%%EOF\n";
    let announced = json!({ "media_type": "application/pdf", "bytes": pdf.len() });
    let (lines, receipt) = (format!("{own_api}/lines/{{line}}"), format!("{own_api}/lines/{{line}}/receipt"));
    for decision in ["approve", "refuse"] {
        let id = walk.post(api, "", json!({ "title": "Salon" })).await.field("/id");
        let filled = |path: &str| path.replace("{id}", &id).replace("{line}", "1");
        walk.post(&format!("{own_api}/lines"), &id, line.clone()).await;
        walk.post(&format!("{own_api}/lines"), &id, line.clone()).await;
        let changed = walk.client.put(&filled(&lines), &line).await;
        walk.note(Method::PUT, &lines, changed);
        let link = walk.post(&format!("{own_api}/uploads"), &id, announced.clone()).await.json();
        assert_eq!(testkit::send_file(&link, pdf.to_vec()).await, 200);
        let added = walk.client.put(&filled(&receipt), &json!({ "upload_id": link["id"] })).await;
        walk.note(Method::PUT, &receipt, added);
        let shown = walk.client.get(&filled(&receipt)).await;
        walk.note(Method::GET, &receipt, shown);
        let removed = walk.client.delete(&filled(&receipt)).await;
        walk.note(Method::DELETE, &receipt, removed);
        let removed = walk.client.delete(&filled(&lines)).await;
        walk.note(Method::DELETE, &lines, removed);
        walk.get(&own_api, &id).await;
        walk.post(&format!("{own_api}/submit"), &id, json!({})).await;
        walk.post(&format!("{own_api}/{decision}"), &id, json!({ "comment": "Vu" })).await;
        if decision == "approve" {
            walk.post(&format!("{own_api}/reimburse"), &id, json!({})).await;
        } else {
            walk.delete(&own_api, &id).await;
        }
    }
    for decision in ["approuver", "refuser"] {
        let id = led_to(&walk.form(page, "", &[("title", "Salon")]).await);
        let filled = |path: &str| path.replace("{id}", &id).replace("{line}", "1");
        walk.form(&format!("{own_page}/lignes"), &id, &typed).await;
        walk.form(&format!("{own_page}/lignes"), &id, &typed).await;
        walk.get(&own_page, &id).await;
        let one = format!("{own_page}/lignes/{{line}}");
        let shown = walk.client.get(&filled(&one)).await;
        walk.note(Method::GET, &one, shown);
        let changed = walk.client.form(&filled(&format!("{one}/modifier")), &typed).await;
        walk.note(Method::POST, &format!("{one}/modifier"), changed);
        let begun = format!("{own_page}/televersement");
        let link = walk.client.post(&filled(&begun), &announced).await;
        let link = walk.note(Method::POST, &begun, link).json();
        assert_eq!(testkit::send_file(&link, pdf.to_vec()).await, 200);
        let kept = format!("{one}/justificatif");
        let upload = link["id"].as_str().expect("an upload").to_owned();
        let added = walk.client.form(&filled(&kept), &[("upload_id", upload.as_str())]).await;
        walk.note(Method::POST, &kept, added);
        let shown = walk.client.get(&filled(&kept)).await;
        walk.note(Method::GET, &kept, shown);
        let removed = walk.client.form(&filled(&format!("{kept}/retirer")), &[]).await;
        walk.note(Method::POST, &format!("{kept}/retirer"), removed);
        let removed = walk.client.form(&filled(&format!("{one}/supprimer")), &[]).await;
        walk.note(Method::POST, &format!("{one}/supprimer"), removed);
        walk.form(&format!("{own_page}/envoyer"), &id, &[]).await;
        walk.form(&format!("{own_page}/{decision}"), &id, &[("comment", "Vu")]).await;
        if decision == "approuver" {
            walk.form(&format!("{own_page}/rembourser"), &id, &[]).await;
        } else {
            walk.form(&format!("{own_page}/supprimer"), &id, &[]).await;
        }
    }
}

/// Leaves balances, and requests in each of their states, of two employees; the first is who walks.
async fn leave(app: &App, walk: &mut Walk, first: &str, second: &str) {
    let page = "/rh/conges";
    for path in ["", "/a-valider", "/calendrier", "/calendrier/abonnement", "/soldes", "/soldes/export", "/reglages"] {
        walk.get(&format!("{page}{path}"), "").await;
    }
    for path in ["", "/awaited", "/balances", "/balances/export", "/feeds"] {
        walk.get(&format!("/api/v1/leave{path}"), "").await;
    }
    let settings = walk.get("/api/v1/leave/types", "").await.json();
    walk.put("/api/v1/leave/types", "", settings).await;
    walk.form(&format!("{page}/reglages"), "", &[("is_decided_twice", "false")]).await;
    walk.form(&format!("{page}/soldes/calculer"), "", &[]).await;
    let between = walk.client.get("/api/v1/leave/absences?from=2026-01-01&to=2026-12-31").await;
    walk.note(Method::GET, "/api/v1/leave/absences", between);
    let away = walk.client.get("/rh/conges/absents?du=2026-06-01&au=2026-06-30&grille=true").await;
    walk.note(Method::GET, "/rh/conges/absents", away);
    let handed = json!({ "to": second, "from": "2026-12-01", "until": "2026-12-31" });
    walk.put("/api/v1/leave/delegation", "", handed).await;
    walk.form(&format!("{page}/delegation"), "", &[("to", "")]).await;
    for path in ["", "/demander", "/decompte"] {
        walk.get(&format!("{page}/{{id}}{path}"), first).await;
    }
    let met = walk.client.get(&format!("{page}/{first}/collegues?from=2026-06-01&to=2026-06-05")).await;
    walk.note(Method::GET, "/rh/conges/{id}/collegues", met);
    let (api, own) = ("/api/v1/employees/{id}/leave", json!({ "year": "2026-06-01", "type_id": PAID_LEAVE }));
    walk.get(api, first).await;
    let correction = json!({ "type_id": PAID_LEAVE, "year": "2026-06-01", "days": "3", "reason": "Reprise" });
    walk.post(&format!("{api}/adjustments"), first, correction).await;
    let correction = [("type_id", PAID_LEAVE), ("year", "2026-06-01"), ("days", "1"), ("reason", "Reprise")];
    walk.form(&format!("{page}/{{id}}/corriger"), second, &correction).await;

    // Illness: it takes of no balance, so that all of it is asked for.
    let ill = |day: &str, is_draft: &str| json!({ "type_id": SICKNESS, "from": day, "is_draft": is_draft });
    let requests = "/api/v1/employees/{id}/leave-requests";
    let one = format!("{requests}/{{request}}");
    let filled = |path: &str, request: &str| path.replace("{id}", first).replace("{request}", request);
    let draft = walk.post(requests, first, ill("2026-06-01", "true")).await.field("/id");
    let shown = walk.client.get(&filled(&one, &draft)).await;
    walk.note(Method::GET, &one, shown);
    let changed = walk.client.put(&filled(&one, &draft), &ill("2026-06-02", "true")).await;
    walk.note(Method::PUT, &one, changed);
    let on_page = format!("{page}/{{id}}/{{request}}");
    for path in ["", "/modifier"] {
        let path = format!("{on_page}{path}");
        let shown = walk.client.get(&filled(&path, &draft)).await;
        walk.note(Method::GET, &path, shown);
    }
    let asked = walk.post(requests, first, ill("2026-06-08", "")).await.field("/id");
    let other = walk.post(requests, first, ill("2026-06-15", "")).await.field("/id");
    let acts = [("submit", &draft), ("approve", &draft), ("cancel", &draft), ("refuse", &asked), ("withdraw", &other)];
    for (act, request) in acts {
        let path = format!("{one}/{act}");
        let comment = json!({ "comment": "Vu" });
        let done = walk.client.post(&filled(&path, request), &comment).await;
        walk.note(Method::POST, &path, done);
    }
    let mut typed = Vec::new();
    for (day, is_draft) in [("2026-07-01", "true"), ("2026-07-08", ""), ("2026-07-15", "")] {
        let fields = [("type_id", SICKNESS), ("from", day), ("is_draft", is_draft)];
        typed.push(led_to(&walk.form(&format!("{page}/{{id}}/demander"), first, &fields).await));
    }
    let fields: [(&str, &str); 3] = [("type_id", SICKNESS), ("from", "2026-07-02"), ("is_draft", "true")];
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let acts: [(&str, &str, Fields<'_>); 6] = [
        ("modifier", &typed[0], &fields),
        ("envoyer", &typed[0], &[]),
        ("approuver", &typed[0], &[]),
        ("annuler", &typed[0], &[]),
        ("refuser", &typed[1], &[("comment", "Vu")]),
        ("retirer", &typed[2], &[]),
    ];
    for (act, request, fields) in acts {
        let path = format!("{on_page}/{act}");
        let done = walk.client.form(&filled(&path, request), fields).await;
        walk.note(Method::POST, &path, done);
    }
    // One stays.
    walk.post(requests, first, ill("2026-08-03", "")).await;
    // Back from illness, they are told what leave they have.
    let back = walk.post(requests, first, ill("2026-09-07", "")).await.field("/id");
    walk.client.post(&filled(&format!("{one}/approve"), &back), &json!({})).await.expect(200);
    walk.post(requests, second, ill("2026-09-07", "")).await;
    walk.form(&format!("{page}/{{id}}/lettre"), first, &[]).await;
    walk.post(&format!("{api}/information-letter"), second, json!({})).await;
    // And it is carried over.
    walk.post(&format!("{api}/information"), first, own).await;
    walk.form(&format!("{page}/{{id}}/informer"), second, &correction[..2]).await;

    // A token draws no link.
    let asker = std::mem::replace(&mut walk.client, app.owner());
    let api = "/api/v1/leave/feeds";
    let feed = walk.post(api, "", json!({ "name": "Agenda", "shows": "all" })).await;
    let (feed, url) = (feed.field("/id"), feed.field("/url"));
    let shown = app.anyone().get(url.strip_prefix(SITE).expect("ours")).await;
    walk.note(Method::GET, "/ical/absences.ics", shown);
    walk.post(&format!("{api}/{{id}}/rotate"), &feed, json!({})).await;
    let links = format!("{page}/calendrier/abonnement");
    walk.form(&format!("{links}/{{id}}/renouveler"), &feed, &[]).await;
    walk.delete(&format!("{api}/{{id}}"), &feed).await;
    walk.form(&links, "", &[("name", "Téléphone"), ("shows", "all")]).await;
    let feed = walk.get(api, "").await.field("/items/0/id");
    walk.form(&format!("{links}/{{id}}/revoquer"), &feed, &[]).await;
    walk.client = asker;
}

/// Of every organization that changed nothing.
const PAID_LEAVE: &str = "lty_00000000000000000000000001";
const SICKNESS: &str = "lty_00000000000000000000000003";

async fn invoicing(app: &App, walk: &mut Walk, client: &str) {
    let body = || {
        json!({
            "client_id": client,
            "lines": [{ "description": "Pose", "quantity": "2", "unit_price": "450.00", "vat_percent": "20" }],
        })
    };
    let fields = [
        ("client", client),
        ("subject", "Cuisine"),
        ("validity_days", "30"),
        ("line_description", "Meubles"),
        ("line_quantity", "3"),
        ("line_unit", "piece"),
        ("line_unit_price", "1 250,50"),
        ("line_discount", ""),
        ("line_vat", "10"),
    ];
    let invoice_fields = [("operations", "services"), ("payment_days", "30")];
    let invoice_fields: Vec<_> =
        fields.into_iter().filter(|(name, _)| *name != "validity_days").chain(invoice_fields).collect();
    let none = || json!({});

    walk.get("/facturation/devis/nouveau", "").await;
    for end in ["accept", "refuse"] {
        let quote = walk.post("/api/v1/quotes", "", body()).await.field("/id");
        walk.put("/api/v1/quotes/{id}", &quote, body()).await;
        walk.post("/api/v1/quotes/{id}/send", &quote, none()).await;
        walk.post(&format!("/api/v1/quotes/{{id}}/{end}"), &quote, none()).await;
        if end == "accept" {
            walk.post("/api/v1/quotes/{id}/deposit", &quote, json!({ "percent": "30" })).await;
            walk.post("/api/v1/quotes/{id}/invoice", &quote, none()).await;
        }
    }
    let mut quote = String::new();
    for end in ["refuser", "accepter"] {
        quote = led_to(&walk.form("/facturation/devis/nouveau", "", &fields).await);
        walk.get("/facturation/devis/{id}/modifier", &quote).await;
        walk.form("/facturation/apercu/devis", "", &fields).await;
        walk.form("/facturation/apercu/devis/{id}", &quote, &fields).await;
        walk.form("/facturation/devis/{id}/modifier", &quote, &fields).await;
        walk.form("/facturation/devis/{id}/envoyer", &quote, &[]).await;
        walk.form(&format!("/facturation/devis/{{id}}/{end}"), &quote, &[]).await;
    }
    // What the last invoice deducts is read with the quote.
    let deposit = led_to(&walk.form("/facturation/devis/{id}/acompte", &quote, &[("percent", "20")]).await);
    walk.form("/facturation/factures/{id}/emettre", &deposit, &[]).await;
    walk.get("/facturation/devis/{id}/situation", &quote).await;
    walk.form("/facturation/devis/{id}/situation", &quote, &[("progress", "30")]).await;
    let some = json!({ "lines": [{ "line": 1, "percent": "50" }] });
    walk.post("/api/v1/quotes/{id}/situation", &quote, some).await;
    walk.get("/facturation/devis/{id}/facturer", &quote).await;
    walk.form("/facturation/devis/{id}/facturer", &quote, &[]).await;

    // A version is sent with what it replaces, an accepted one with what comes too late.
    let sent = walk.post("/api/v1/quotes/{id}/duplicate", &quote, none()).await.field("/id");
    walk.post("/api/v1/quotes/{id}/send", &sent, none()).await;
    let version = walk.post("/api/v1/quotes/{id}/revise", &sent, none()).await.field("/id");
    walk.post("/api/v1/quotes/{id}/send", &version, none()).await;
    let late = led_to(&walk.form("/facturation/devis/{id}/reviser", &version, &[]).await);
    walk.post("/api/v1/quotes/{id}/accept", &version, none()).await;
    walk.form("/facturation/devis/{id}/supprimer", &late, &[]).await;
    walk.form("/facturation/devis/{id}/dupliquer", &version, &[]).await;

    let draft = walk.post("/api/v1/quotes", "", body()).await.field("/id");
    walk.delete("/api/v1/quotes/{id}", &draft).await;
    let draft = led_to(&walk.form("/facturation/devis/nouveau", "", &fields).await);
    walk.form("/facturation/devis/{id}/supprimer", &draft, &[]).await;
    let draft = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    walk.delete("/api/v1/invoices/{id}", &draft).await;
    let draft = led_to(&walk.form("/facturation/factures/nouvelle", "", &invoice_fields).await);
    walk.form("/facturation/factures/{id}/supprimer", &draft, &[]).await;

    walk.get("/facturation/factures/nouvelle", "").await;
    let issued = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    walk.put("/api/v1/invoices/{id}", &issued, body()).await;
    walk.post("/api/v1/invoices/{id}/issue", &issued, none()).await;
    let payment = || json!({ "amount": "10", "paid_on": "2026-11-22" });
    let paid = walk.post("/api/v1/invoices/{id}/payments", &issued, payment()).await.field("/payment/id");
    let reversal = "/api/v1/invoices/{id}/payments/{payment}/reversal";
    walk.post_part(reversal, &issued, &paid, json!({ "reason": "Erreur" })).await;
    walk.post("/api/v1/invoices/{id}/payments", &issued, payment()).await;
    let note = walk.post("/api/v1/invoices/{id}/credit-notes", &issued, json!({ "reason": "Erreur" })).await;
    let note = note.field("/credit_note/id");
    walk.post("/api/v1/invoices/{id}/refunds", &issued, payment()).await;
    let invoice = led_to(&walk.form("/facturation/factures/nouvelle", "", &invoice_fields).await);
    walk.get("/facturation/factures/{id}/modifier", &invoice).await;
    walk.form("/facturation/apercu/factures", "", &invoice_fields).await;
    walk.form("/facturation/apercu/factures/{id}", &invoice, &invoice_fields).await;
    walk.form("/facturation/factures/{id}/modifier", &invoice, &invoice_fields).await;
    walk.form("/facturation/factures/{id}/emettre", &invoice, &[]).await;
    let payment = [("amount", "10"), ("paid_on", "2026-11-22"), ("method", "bank_transfer")];
    walk.form("/facturation/factures/{id}/paiements", &invoice, &payment).await;
    let listed = walk.get("/api/v1/invoices/{id}/payments", &invoice).await;
    let path = "/facturation/factures/{id}/paiements/{payment}/annuler";
    walk.form_part(path, &invoice, &listed.field("/items/0/id"), &[("reason", "Erreur")]).await;
    walk.form("/facturation/factures/{id}/paiements", &invoice, &payment).await;
    walk.get("/facturation/factures/{id}/avoir", &invoice).await;
    walk.form("/facturation/apercu/avoirs/{id}", &invoice, &[("reason", "Erreur"), ("extent", "all")]).await;
    walk.form("/facturation/factures/{id}/avoir", &invoice, &[("reason", "Erreur"), ("extent", "all")]).await;
    walk.form("/facturation/factures/{id}/remboursements", &invoice, &payment).await;
    walk.post("/api/v1/invoices/{id}/duplicate", &invoice, none()).await;
    let wrong = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    walk.post("/api/v1/invoices/{id}/issue", &wrong, none()).await;
    walk.post("/api/v1/invoices/{id}/correct", &wrong, none()).await;
    walk.form("/facturation/factures/{id}/rectifier", &wrong, &[]).await;
    walk.form("/facturation/factures/{id}/dupliquer", &invoice, &[]).await;
    receipts(walk, client).await;
    bank(walk, client).await;
    recurring(app, walk, client, &invoice_fields, &issued).await;
    time(walk, client).await;
    self_billing(app, walk, &invoice_fields).await;
    batches(app, walk, &body).await;
    sepa(app, walk, client).await;
    reminders(app, walk).await;
    rendered(app, Owner::CreditNote(note.parse().expect("an id"))).await;
    for path in ["/facturation/avoirs/{id}", "/facturation/avoirs/{id}/pdf", "/facturation/duplicata/avoirs/{id}"] {
        walk.get(path, &note).await;
    }
    for path in ["/api/v1/credit-notes/{id}", "/api/v1/credit-notes/{id}/document"] {
        walk.get(path, &note).await;
    }

    rendered(app, Owner::Quote(quote.parse().expect("an id"))).await;
    rendered(app, Owner::Invoice(invoice.parse().expect("an id"))).await;
    links(app, walk, &invoice).await;
    attachments(app, walk, body(), &wrong).await;
    cards(app, walk, body()).await;
    answered(app, walk, body()).await;
    for path in ["/facturation/devis/{id}", "/facturation/devis/{id}/pdf"] {
        walk.get(path, &quote).await;
    }
    for path in ["/facturation/factures/{id}", "/facturation/factures/{id}/pdf", "/facturation/duplicata/factures/{id}"]
    {
        walk.get(path, &invoice).await;
    }
    for path in ["/api/v1/quotes/{id}", "/api/v1/quotes/{id}/document"] {
        walk.get(path, &quote).await;
    }
    for path in ["/api/v1/invoices/{id}", "/api/v1/invoices/{id}/document", "/api/v1/invoices/{id}/payments"] {
        walk.get(path, &invoice).await;
    }
    for path in [
        "/facturation",
        "/facturation/devis",
        "/facturation/factures",
        "/facturation/avoirs",
        "/facturation/widgets/factures",
    ] {
        walk.get(path, "").await;
    }
    walk.get("/facturation/panneaux/clients/{id}", client).await;
    for path in ["/api/v1/quotes", "/api/v1/invoices", "/api/v1/credit-notes", "/api/v1/ledger/verification"] {
        walk.get(path, "").await;
    }
}

/// Mandates, and what is debited by them: confirmed, sent back, cancelled; and a refund by transfer.
async fn sepa(app: &App, walk: &mut Walk, client: &str) {
    let invoice = json!({
        "client_id": client,
        "lines": [{ "description": "Pose", "quantity": "1", "unit_price": "100.00", "vat_percent": "20" }],
    });
    let mut invoices = Vec::new();
    for _ in 0..3 {
        let id = walk.post("/api/v1/invoices", "", invoice.clone()).await.field("/id");
        walk.post("/api/v1/invoices/{id}/issue", &id, json!({})).await;
        invoices.push(id);
    }
    walk.put("/api/v1/sepa-creditor", "", json!({ "creditor_id": "FR72ZZZ123456" })).await;
    let fields = [("creditor_id", "FR72ZZZ123456"), ("notice_days", "2")];
    walk.form("/facturation/prelevements/creancier", "", &fields).await;
    walk.get("/api/v1/sepa-creditor", "").await;
    let iban = "FR7630006000011234567890189";
    let mandate = json!({ "client_id": client, "iban": iban, "signed_on": "2026-11-01", "scheme": "core" });
    let mandate = walk.post("/api/v1/mandates", "", mandate).await.field("/id");
    walk.get("/facturation/mandats/nouveau", "").await;
    walk.get("/api/v1/mandates/{id}", &mandate).await;
    walk.get("/facturation/mandats/{id}", &mandate).await;
    let to_sign = walk.client.get(&format!("/facturation/mandats/a-signer?client={client}")).await;
    walk.note(Method::GET, "/facturation/mandats/a-signer", to_sign);
    let fields = [("client_id", client), ("iban", iban), ("signed_on", "2026-11-01"), ("scheme", "b2b")];
    walk.form("/facturation/mandats/nouveau", "", &fields).await;
    let listed = walk.get("/api/v1/mandates", "").await.json();
    let mut ids = listed["items"].as_array().expect("mandates").iter().filter_map(|item| item["id"].as_str());
    let other = ids.find(|id| *id != mandate).expect("the other one").to_owned();
    walk.post("/api/v1/mandates/{id}/revoke", &other, json!({})).await;
    walk.form("/facturation/mandats/{id}/revoquer", &other, &[]).await;
    walk.get("/facturation/prelevements", "").await;
    let debit_on = kernel::target::business_days_after(app.clock.today(&jiff::tz::TimeZone::UTC), 5).to_string();
    let line = |invoice: &str| json!({ "invoice_id": invoice, "mandate_id": mandate });
    let body = json!({ "debit_on": debit_on, "lines": [line(&invoices[0]), line(&invoices[1])] });
    let remittance = walk.post("/api/v1/remittances", "", body).await.field("/id");
    for path in ["/api/v1/remittances", "/api/v1/remittances/{id}", "/api/v1/remittances/{id}/file"] {
        walk.get(path, &remittance).await;
    }
    for path in ["/facturation/prelevements/{id}", "/facturation/prelevements/{id}/fichier"] {
        walk.get(path, &remittance).await;
    }
    let both = format!("{}/{mandate}", invoices[2]);
    let fields = [("debit_on", debit_on.as_str()), ("debit", both.as_str())];
    let second = led_to(&walk.form("/facturation/prelevements", "", &fields).await);
    let fields = [("invoice", invoices[2].as_str()), ("mandate", mandate.as_str())];
    walk.form("/facturation/prelevements/{id}/annuler", &second, &fields).await;
    let body = json!({ "debit_on": debit_on, "lines": [line(&invoices[2])] });
    let third = walk.post("/api/v1/remittances", "", body).await.field("/id");
    let input = json!({ "invoice_ids": [invoices[2]], "mandate_ids": [mandate] });
    walk.post("/api/v1/remittances/{id}/cancel", &third, input).await;
    let body = json!({ "debit_on": debit_on, "lines": [line(&invoices[2])] });
    let fourth = walk.post("/api/v1/remittances", "", body).await.field("/id");
    app.advance(SignedDuration::from_hours(5 * 24));
    walk.form("/facturation/prelevements/{id}/confirmer", &fourth, &[("invoice", &invoices[2])]).await;
    let input = json!({ "invoice_ids": [invoices[0], invoices[1]] });
    walk.post("/api/v1/remittances/{id}/confirm", &remittance, input).await;
    let rejection = json!({ "invoice_id": invoices[0], "line": 1, "reason": "AM04" });
    walk.post("/api/v1/remittances/{id}/reject", &remittance, rejection).await;
    let fields = [("invoice_id", invoices[1].as_str()), ("line", "2"), ("reason", "MD06")];
    walk.form("/facturation/prelevements/{id}/rejeter", &remittance, &fields).await;
    let over = json!({ "amount": "150", "paid_on": "2026-11-22", "allow_overpayment": "true" });
    walk.post("/api/v1/invoices/{id}/payments", &invoices[0], over).await;
    walk.get("/facturation/factures/{id}/virement", &invoices[0]).await;
    walk.form("/facturation/factures/{id}/virement", &invoices[0], &[("iban", iban), ("amount", "10")]).await;
    let body = json!({ "iban": iban, "amount": "5" });
    let refund = walk.post("/api/v1/invoices/{id}/refund-transfers", &invoices[0], body).await.field("/payment/id");
    for path in
        ["/api/v1/invoices/{id}/refund-transfers/{payment}/file", "/facturation/factures/{id}/virements/{payment}"]
    {
        walk.get_part(path, &invoices[0], &refund).await;
    }
}

/// A statement by page and by API, and each thing that is done to its lines.
async fn bank(walk: &mut Walk, client: &str) {
    let invoice = json!({
        "client_id": client,
        "lines": [{ "description": "Pose", "quantity": "1", "unit_price": "100.00", "vat_percent": "20" }],
    });
    let mut invoices = Vec::new();
    for _ in 0..2 {
        let id = walk.post("/api/v1/invoices", "", invoice.clone()).await.field("/id");
        walk.post("/api/v1/invoices/{id}/issue", &id, json!({})).await;
        invoices.push(id);
    }
    let file = b"Date;Libelle;Montant\n20/11/2026;VIR A;120,00\n20/11/2026;VIR B;120,00\n20/11/2026;FRAIS;-3,00\n\
                 20/11/2026;SALAIRE;-4,00\n"
        .to_vec();
    let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
    let link = walk.post("/facturation/banque/televersement", "", announced.clone()).await;
    assert_eq!(testkit::send_file(&link.json(), file.clone()).await, 200);
    let fields = [("upload_id", link.field("/id")), ("account", "Compte".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    walk.form("/facturation/banque/import", "", &fields).await;
    let link = walk.post("/api/v1/bank-lines/uploads", "", announced).await;
    assert_eq!(testkit::send_file(&link.json(), file).await, 200);
    let input = json!({ "upload_id": link.field("/id"), "account": "Compte" });
    walk.post("/api/v1/bank-lines/import", "", input).await;
    walk.get("/facturation/banque", "").await;
    let lines = walk.get("/api/v1/bank-lines", "").await.json();
    let lines = lines["items"].as_array().expect("lines").clone();
    let of = |came: bool| {
        let own = lines.iter().filter(move |line| (line["amount_minor"].as_i64() > Some(0)) == came);
        own.map(|line| line["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let (came, went) = (of(true), of(false));
    walk.get("/api/v1/bank-lines/{id}", &came[0]).await;
    walk.get("/facturation/banque/{id}", &came[0]).await;
    let part = json!({ "parts": [{ "invoice_id": invoices[0], "amount": "120" }] });
    let receipt = walk.post("/api/v1/bank-lines/{id}/match", &came[0], part).await.field("/id");
    let fields = [("part_invoice", invoices[1].as_str()), ("part_amount", "120")];
    walk.form("/facturation/banque/{id}/rapprocher", &came[1], &fields).await;
    let reversal = json!({ "reason": "Erreur", "invoice_ids": [invoices[0]], "bank_line_id": came[0] });
    walk.post("/api/v1/receipts/{id}/reversal", &receipt, reversal).await;
    walk.post("/api/v1/bank-lines/{id}/ignore", &went[0], json!({})).await;
    walk.post("/api/v1/bank-lines/{id}/reopen", &went[0], json!({})).await;
    walk.form("/facturation/banque/{id}/ignorer", &went[1], &[]).await;
    walk.form("/facturation/banque/{id}/rouvrir", &went[1], &[]).await;
}

/// Money over several invoices, taken back; and what was too much, applied to another.
async fn receipts(walk: &mut Walk, client: &str) {
    let body = || {
        json!({
            "client_id": client,
            "lines": [{ "description": "Pose", "quantity": "1", "unit_price": "100.00", "vat_percent": "20" }],
        })
    };
    let mut invoices = Vec::new();
    for _ in 0..3 {
        let id = walk.post("/api/v1/invoices", "", body()).await.field("/id");
        walk.post("/api/v1/invoices/{id}/issue", &id, json!({})).await;
        invoices.push(id);
    }
    let (one, other, third) = (invoices[0].as_str(), invoices[1].as_str(), invoices[2].as_str());
    let new = walk.client.get(&format!("/facturation/paiements/nouveau?client={client}&amount=150")).await;
    walk.note(Method::GET, "/facturation/paiements/nouveau", new);
    walk.get("/facturation/paiements/nouveau", "").await;
    let proposal = walk.client.get(&format!("/api/v1/receipts/proposal?client_id={client}&amount=150")).await;
    walk.note(Method::GET, "/api/v1/receipts/proposal", proposal);
    let receipt = json!({
        "amount": "150", "paid_on": "2026-11-22", "method": "check",
        "parts": [{ "invoice_id": one, "amount": "120" }, { "invoice_id": other, "amount": "30" }],
    });
    let id = walk.post("/api/v1/receipts", "", receipt).await.field("/id");
    walk.get("/api/v1/receipts", "").await;
    walk.get("/api/v1/receipts/{id}", &id).await;
    walk.get("/facturation/encaissements/{id}", &id).await;
    let reversal = json!({ "reason": "Chèque impayé", "invoice_ids": [one, other] });
    walk.post("/api/v1/receipts/{id}/reversal", &id, reversal).await;
    let fields = [
        ("client", client),
        ("amount", "260"),
        ("paid_on", "2026-11-22"),
        ("method", "bank_transfer"),
        ("keep_excess", "true"),
        ("part_invoice", one),
        ("part_amount", "120"),
        ("part_invoice", other),
        ("part_amount", "120"),
    ];
    let id = led_to(&walk.form("/facturation/paiements/nouveau", "", &fields).await);
    let application = walk.client.get(&format!("/facturation/factures/{other}/imputer?client={client}")).await;
    walk.note(Method::GET, "/facturation/factures/{id}/imputer", application);
    walk.form("/facturation/factures/{id}/imputer", other, &[("invoice_id", third), ("amount", "5")]).await;
    let credit = json!({ "invoice_id": third });
    walk.post("/api/v1/invoices/{id}/credit-applications", other, credit).await;
    let fields = [("reason", "Erreur"), ("invoice", one), ("invoice", other)];
    walk.form("/facturation/encaissements/{id}/annuler", &id, &fields).await;
    for path in ["/facturation/paiements", "/facturation/paiements/export", "/api/v1/payments"] {
        walk.get(path, "").await;
    }
}

async fn recurring(app: &App, walk: &mut Walk, client: &str, fields: &[(&str, &str)], invoice: &str) {
    let plan = [("rhythm", "monthly"), ("first_on", "2026-11-22"), ("period", "starting"), ("then", "draft")];
    let fields: Vec<_> = fields.iter().copied().chain(plan).collect();
    let body = json!({
        "invoice": {
            "client_id": client, "subject": "Entretien – {période}",
            "lines": [{ "description": "Forfait {mois}", "quantity": "1", "unit_price": "90", "vat_percent": "20" }],
        },
        "rhythm": "monthly", "first_on": "2026-11-22", "then": "issue",
    });
    walk.get("/facturation/recurrentes/nouvelle", "").await;
    walk.client.get(&format!("/facturation/recurrentes/nouvelle?facture={invoice}")).await.expect(200);
    for (by_hand, pages) in [
        (
            led_to(&walk.form("/facturation/recurrentes/nouvelle", "", &fields).await),
            ["/facturation/recurrentes/{id}", "/facturation/recurrentes/{id}/modifier"],
        ),
        (
            walk.post("/api/v1/recurring-invoices", "", body.clone()).await.field("/id"),
            ["/api/v1/recurring-invoices/{id}", "/api/v1/recurring-invoices/{id}/occurrences"],
        ),
    ] {
        let id = by_hand.parse().expect("an id");
        invoicing::recurring::make_recurring_invoices(&app.scope(), id).await.expect("an invoice is made");
        for path in pages {
            walk.get(path, &by_hand).await;
        }
        if pages[0].starts_with("/api") {
            walk.put("/api/v1/recurring-invoices/{id}", &by_hand, body.clone()).await;
            let prices = json!({ "from": "2027-01-01", "lines": [{ "line": 1, "unit_price": "95" }] });
            walk.put("/api/v1/recurring-invoices/{id}/prices", &by_hand, prices).await;
            for turn in ["pause", "resume", "stop"] {
                walk.post(&format!("/api/v1/recurring-invoices/{{id}}/{turn}"), &by_hand, json!({})).await;
            }
        } else {
            walk.form("/facturation/recurrentes/{id}/modifier", &by_hand, &fields).await;
            let prices = [("from", "2027-01-01"), ("unit_price", "1 300")];
            walk.form("/facturation/recurrentes/{id}/prix", &by_hand, &prices).await;
            for turn in ["suspendre", "reprendre", "arreter"] {
                walk.form(&format!("/facturation/recurrentes/{{id}}/{turn}"), &by_hand, &[]).await;
            }
        }
    }
    walk.get("/facturation/recurrentes", "").await;
    walk.get("/api/v1/recurring-invoices", "").await;
}

/// Time for a client, and the invoices over it.
async fn time(walk: &mut Walk, client: &str) {
    let body = |description: &str| {
        json!({
            "client_id": client, "duration": "1:30", "description": description, "hourly_price": "80",
            "vat_percent": "20",
        })
    };
    let fields = [
        ("client_id", client),
        ("duration", "1:30"),
        ("description", "Réunion"),
        ("hourly_price", "80"),
        ("vat_percent", "20"),
    ];
    walk.form("/facturation/temps", "", &fields).await;
    let id = walk.post("/api/v1/time-entries", "", body("Plans")).await.field("/id");
    walk.get("/api/v1/time-entries", "").await;
    walk.get("/api/v1/time-entries/{id}", &id).await;
    walk.put("/api/v1/time-entries/{id}", &id, body("Plans du hall")).await;
    walk.get("/facturation/temps", "").await;
    walk.get("/facturation/temps/{id}/modifier", &id).await;
    walk.form("/facturation/temps/{id}/modifier", &id, &fields).await;
    let chosen = walk.client.get(&format!("/facturation/temps/facturer?client={client}")).await;
    walk.note(Method::GET, "/facturation/temps/facturer", chosen);
    let draft = led_to(&walk.form("/facturation/temps/facturer", "", &[("client", client), ("entry", &id)]).await);
    walk.client.delete(&format!("/api/v1/invoices/{draft}")).await.expect(204);
    let input = json!({ "client_id": client, "entry_ids": [id] });
    walk.post("/api/v1/time-entries/invoice", "", input).await;
    for path in ["/api/v1/time-entries/{id}", "/facturation/temps/{id}/supprimer"] {
        let id = walk.client.post("/api/v1/time-entries", &body("Rangement")).await.expect(201).field("/id");
        if path.starts_with("/api/") {
            walk.delete(path, &id).await;
        } else {
            walk.form(path, &id, &[]).await;
        }
    }
}

/// Invoices in the name of a supplier, whom the CRM knows.
async fn self_billing(app: &App, walk: &mut Walk, fields: &[(&str, &str)]) {
    let (pages, api) = ("/facturation/autofacturation", "/api/v1/self-billed-invoices");
    let (mandates, mandates_api) = ("/facturation/autofacturation/mandats", "/api/v1/self-billing-mandates");
    let path = |rest: &str| format!("{pages}/{{id}}{rest}");
    let mandate = |supplier: &str, code: &str| json!({ "supplier_id": supplier, "code": code, "agreed_on": "2026-11-01", "legal_form": "SARL" });
    let mut suppliers = Vec::new();
    for name in ["Menuiserie Dupont", "Luce SARL"] {
        let supplier = app.publish_client(name).await;
        app.republish_client(&ClientReference { vat_number: Some("FR39356000000".into()), ..supplier.clone() }).await;
        suppliers.push(supplier.id.to_string());
    }
    let [other, supplier] = &suppliers[..] else { unreachable!() };
    walk.post(mandates_api, "", mandate(other, "DUPONT")).await;
    walk.get(&format!("{pages}/export"), "").await;
    walk.get(&format!("{api}/export"), "").await;
    walk.get(&format!("{mandates}/nouveau"), "").await;
    let typed =
        [("supplier_id", supplier.as_str()), ("code", "LUCE"), ("agreed_on", "2026-11-01"), ("vat_regime", "normal")];
    walk.form(&format!("{mandates}/nouveau"), "", &typed).await;
    walk.form(&format!("{mandates}/{{id}}/modifier"), supplier, &typed).await;
    walk.put(&format!("{mandates_api}/{{id}}"), other, mandate(other, "DUPONT")).await;
    for list in [mandates, mandates_api, pages, api, "/facturation/autofacturation/nouvelle"] {
        walk.get(list, "").await;
    }
    for one in ["/{id}", "/{id}/modifier"] {
        walk.get(&format!("{mandates}{one}"), supplier).await;
    }
    walk.get(&format!("{mandates_api}/{{id}}"), other).await;
    walk.client.get(&format!("{pages}/nouvelle?fournisseur={supplier}")).await.expect(200);

    let fields: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != "client").collect();
    let fields: Vec<_> = [("supplier_id", supplier.as_str())].into_iter().chain(fields).collect();
    let draft = led_to(&walk.form(&format!("{pages}/nouvelle"), "", &fields).await);
    walk.get(&path(""), &draft).await;
    walk.get(&path("/modifier"), &draft).await;
    walk.form(&path("/modifier"), &draft, &fields).await;
    walk.form(&path("/supprimer"), &draft, &[]).await;
    let draft = led_to(&walk.form(&format!("{pages}/nouvelle"), "", &fields).await);
    walk.form(&path("/emettre"), &draft, &[]).await;
    rendered(app, Owner::SelfBilled(draft.parse().expect("an id"))).await;
    walk.get(&path("/pdf"), &draft).await;
    walk.form(&path("/contester"), &draft, &[("reason", "Deux jours")]).await;
    walk.form(&path("/accepter"), &draft, &[]).await;
    walk.form(&path("/payer"), &draft, &[("paid_on", "2026-11-22"), ("method", "bank_transfer")]).await;
    walk.form(&path("/impayee"), &draft, &[]).await;
    walk.get(&path("/avoir"), &draft).await;
    walk.form(&path("/avoir"), &draft, &[("reason", "Erreur"), ("extent", "all")]).await;

    let body = || {
        json!({
            "supplier_id": other,
            "lines": [{ "description": "Pose", "quantity": "2", "unit_price": "100", "vat_percent": "20" }],
        })
    };
    let of = |rest: &str| format!("{api}/{{id}}{rest}");
    let draft = walk.post(api, "", body()).await.field("/id");
    walk.put(&of(""), &draft, body()).await;
    walk.delete(&of(""), &draft).await;
    let draft = walk.post(api, "", body()).await.field("/id");
    walk.get(&of(""), &draft).await;
    walk.post(&of("/issue"), &draft, json!({})).await;
    rendered(app, Owner::SelfBilled(draft.parse().expect("an id"))).await;
    walk.get(&of("/document"), &draft).await;
    walk.post(&of("/contest"), &draft, json!({ "reason": "Deux jours" })).await;
    walk.post(&of("/accept"), &draft, json!({})).await;
    walk.post(&of("/pay"), &draft, json!({ "paid_on": "2026-11-22" })).await;
    walk.post(&of("/unpay"), &draft, json!({})).await;
    walk.post(&of("/credit-notes"), &draft, json!({ "reason": "Erreur" })).await;
    walk.form(&format!("{mandates}/{{id}}/revoquer"), supplier, &[("from", "2026-12-01")]).await;
    walk.post(&format!("{mandates_api}/{{id}}/revoke"), other, json!({ "from": "2026-12-01" })).await;
}

/// Many at once; and the lists, narrowed as far as they can be.
async fn batches(app: &App, walk: &mut Walk, body: &impl Fn() -> Value) {
    let draft = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    let batch = walk.post("/api/v1/invoices/issue-batches", "", json!({ "invoices": [draft] })).await.field("/id");
    invoicing::batch::issue_invoices(&app.scope(), batch.parse().expect("an id")).await.expect("it is issued");
    walk.get("/api/v1/invoices/issue-batches/{id}", &batch).await;
    let draft = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    walk.get("/facturation/factures/emission", "").await;
    let batch = led_to(&walk.form("/facturation/factures/emission", "", &[("invoice", &draft)]).await);
    walk.get("/facturation/factures/emission/{id}", &batch).await;
    for path in ["/facturation/devis", "/facturation/factures", "/facturation/avoirs"] {
        walk.get(&format!("{path}/export"), "").await;
        let narrowed = walk.client.get(&format!("{path}?q=pose&from=2026-01-01&sort=largest")).await.expect(200);
        assert!(narrowed.round_trips().is_some_and(|trips| trips <= 2), "{path}");
    }
    for path in ["/api/v1/documents", "/api/v1/documents/export"] {
        let reply = walk.client.get(&format!("{path}?kind=invoice&state=overdue")).await;
        walk.note(Method::GET, path, reply);
    }
}

async fn accounting(app: &App, walk: &mut Walk) {
    for path in ["/facturation/journal", "/facturation/comptabilite", "/facturation/comptabilite/plan"] {
        walk.get(path, "").await;
    }
    walk.form("/facturation/journal/verifier", "", &[]).await;
    walk.form("/facturation/comptabilite", "", &[("task", "archive")]).await;
    let plan = json!({ "year_end_month": "12" });
    walk.put("/api/v1/accounting/plan", "", plan).await;
    walk.get("/api/v1/accounting/plan", "").await;
    walk.form("/facturation/comptabilite/plan", "", &[("year_end_month", "12")]).await;
    let (jobs, job) = ("/api/v1/accounting/jobs", json!({ "task": "fec", "year": "2026" }));
    let id = walk.post(jobs, "", job).await.field("/id");
    walk.get(jobs, "").await;
    walk.get("/api/v1/accounting/jobs/{id}", &id).await;
    let message = exports::message(app, app.ours.id, Event::JobRequested { job: id.parse().expect("an id") });
    let message = serde_json::from_value(message).expect("a message");
    let answer = invoicing::accounting_worker::handle(app.deps.clone(), message).await.expect("the worker answers");
    assert!(answer.batch_item_failures.is_empty(), "it failed");
    walk.get("/api/v1/accounting/jobs/{id}/file", &id).await;
    walk.get("/facturation/comptabilite/fichiers/{id}", &id).await;
}

/// All that there is on a person, of each kind of person.
async fn people(app: &App, walk: &mut Walk) {
    let contact = json!({ "last_name": "Export", "email": "export@client.example" });
    let contact = walk.client.post("/api/v1/contacts", &contact).await.expect(201).field("/id");
    let client = json!({ "name": "Ana Export", "is_business": "false", "email": "export@client.example" });
    let client = walk.client.post("/api/v1/companies", &client).await.expect(201).field("/id");
    let member = app.user_with_role(Role::Reader);
    let account =
        json!({ "organization_name": "Quai", "name": "Ines", "email": "i@quai.example", "password": PASSWORD });
    let account = app.anyone().post("/api/v1/accounts", &account).await.expect(201);
    let (user, quai) = (account.field("/user_id"), account.field("/organization_id").parse().expect("an organization"));
    let entered = json!({ "email": "i@quai.example", "password": PASSWORD });
    let entered = app.anyone().post("/api/v1/sessions", &entered).await.expect(204);
    for (page, api, id, of) in [
        (
            "/crm/contacts/{id}/donnees",
            "/api/v1/contacts/{id}/exports",
            &contact,
            Person::Contact(contact.parse().expect("an id")),
        ),
        (
            "/crm/entreprises/{id}/donnees",
            "/api/v1/companies/{id}/exports",
            &client,
            Person::Client(client.parse().expect("an id")),
        ),
        ("/equipe/membres/{id}/donnees", "/api/v1/members/{id}/exports", &member.to_string(), Person::Member(member)),
        ("/compte/donnees", "/api/v1/accounts/me/exports", &user, Person::User(user.parse().expect("an id"))),
    ] {
        let place = match of {
            Person::User(_) => {
                walk.client = app.anyone().header("cookie", &cookie(&entered));
                quai
            }
            _ => app.ours.id,
        };
        walk.get(page, id).await;
        walk.form(page, id, &[]).await;
        let first = walk.get(api, id).await.field("/items/0/id");
        exports::deliver(app, place, Event::PersonExportRequested { of, export: first.parse().expect("an id") }).await;
        let second = walk.post(api, id, json!({})).await.field("/id");
        exports::deliver(app, place, Event::PersonExportRequested { of, export: second.parse().expect("an id") }).await;
        // One's own have one id in the path, and it is the export's.
        let part = if page.contains("{id}") { "{export}" } else { "{id}" };
        for path in [format!("{page}/{part}"), format!("{api}/{{export}}/file")] {
            let file =
                walk.client.get(&path.replace(part, &second).replace("{export}", &second).replace("{id}", id)).await;
            walk.note(Method::GET, &path, file);
        }
    }
    walk.client = app.owner();
}

/// The clock proposes, somebody answers; by hand, paused, and otherwise for a client.
async fn reminders(app: &App, walk: &mut Walk) {
    // Somebody who can be written to.
    let company = json!({ "name": "Le Retardataire", "email": "compta@retard.example" });
    let client = &walk.post("/api/v1/companies", "", company).await.field("/id");
    let body = || {
        json!({
            "client_id": client,
            "payment_days": "20",
            "lines": [{ "description": "Pose", "quantity": "1", "unit_price": "300.00", "vat_percent": "20" }],
        })
    };
    let (page, api) = ("/facturation/relances/reglages", "/api/v1/reminder-settings");
    walk.get(page, "").await;
    let level = |days: &str| json!({ "days": days, "tone": "firm", "is_on": "true" });
    let levels: Vec<_> = ["-15", "5", "10", "15", "20"].map(level).into();
    walk.put(api, "", json!({ "levels": levels, "asks_first": "true" })).await;
    let columns = ["-15", "5", "10", "15", "20"];
    let mut fields: Vec<_> = columns.iter().map(|days| ("level_days", *days)).collect();
    fields.extend([("level_tone", "friendly"); 5]);
    fields.extend(["1", "2", "3", "4", "5"].map(|level| ("level_on", level)));
    fields.push(("asks_first", "true"));
    walk.form(page, "", &fields).await;
    walk.get(api, "").await;
    let (page, api) = ("/facturation/relances/clients/{id}", "/api/v1/clients/{id}/reminders");
    walk.put(api, client, json!({ "choice": "gentle" })).await;
    walk.form(page, client, &[("choice", "usual")]).await;
    walk.get(page, client).await;
    walk.get(api, client).await;

    let mut proposed = Vec::new();
    for _ in 0..5 {
        let invoice = walk.post("/api/v1/invoices", "", body()).await.field("/id");
        walk.post("/api/v1/invoices/{id}/issue", &invoice, json!({})).await;
        proposed.push(invoice);
    }
    app.advance(jiff::SignedDuration::from_hours(24 * 5));
    for invoice in &proposed {
        let id = invoice.parse().expect("an id");
        invoicing::reminder::remind_invoice(&app.scope(), id).await.expect("the clock looks");
    }
    walk.get("/facturation/relances", "").await;
    walk.get("/api/v1/reminders", "").await;
    walk.form("/facturation/relances/envoyer", "", &[("invoices", &proposed[0])]).await;
    walk.form("/facturation/relances/ecarter", "", &[("invoices", &proposed[1])]).await;
    walk.post("/api/v1/reminders/send", "", json!({ "invoices": [&proposed[2]] })).await;
    walk.post("/api/v1/reminders/dismiss", "", json!({ "invoices": [&proposed[3]] })).await;
    let other = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    walk.post("/api/v1/invoices/{id}/issue", &other, json!({})).await;
    let (page, api) = ("/facturation/factures/{id}/relances", "/api/v1/invoices/{id}/reminders");
    walk.get(page, &other).await;
    walk.get(api, &other).await;
    walk.post(&format!("{api}/pause"), &other, json!({ "reason": "Litige" })).await;
    walk.post(&format!("{api}/resume"), &other, json!({})).await;
    walk.form(&format!("{page}/suspendre"), &other, &[("reason", "Litige")]).await;
    walk.form(&format!("{page}/reprendre"), &other, &[]).await;
    walk.post(api, &other, json!({ "level": "1" })).await;
    let other = walk.post("/api/v1/invoices", "", body()).await.field("/id");
    walk.post("/api/v1/invoices/{id}/issue", &other, json!({})).await;
    walk.form(page, &other, &[("level", "1")]).await;
    interest(app, walk, client).await;
    letters(app, walk, client).await;
}

async fn letters(app: &App, walk: &mut Walk, client: &str) {
    let (page, api) = ("/facturation/releves/{id}", "/api/v1/clients/{id}/statement");
    walk.get(page, client).await;
    walk.get(api, client).await;
    let letter = walk.post(api, client, json!({ "sends": "true" })).await.field("/id");
    walk.form(page, client, &[]).await;
    rendered(app, Owner::Letter(letter.parse().expect("an id"))).await;
    for path in ["/facturation/courriers/{id}", "/facturation/courriers/{id}/pdf"] {
        walk.get(path, &letter).await;
    }
    walk.get("/api/v1/letters/{id}", &letter).await;
    walk.get("/api/v1/documents/{id}/mails", &letter).await;
    walk.get("/api/v1/letters/{id}/document", &letter).await;
}

/// Two invoices that are late, each asked interest for.
async fn interest(app: &App, walk: &mut Walk, client: &str) {
    let body = json!({
        "client_id": client,
        "payment_days": "0",
        "lines": [{ "description": "Pose", "quantity": "1", "unit_price": "300.00", "vat_percent": "20" }],
    });
    let mut late = Vec::new();
    for _ in 0..2 {
        let invoice = walk.post("/api/v1/invoices", "", body.clone()).await.field("/id");
        walk.post("/api/v1/invoices/{id}/issue", &invoice, json!({})).await;
        late.push(invoice);
    }
    app.advance(SignedDuration::from_hours(48));
    let (page, api) = ("/facturation/factures/{id}/interets", "/api/v1/invoices/{id}/interest");
    walk.get(page, &late[0]).await;
    walk.get(api, &late[0]).await;
    walk.post(api, &late[0], json!({})).await;
    walk.form(page, &late[1], &[]).await;
}

/// The figures of all that was issued, paid and offered before.
async fn sales(app: &App, walk: &mut Walk) {
    let queue = async |events: Vec<Event>| {
        for (place, event) in events.into_iter().enumerate() {
            let id = kernel::id::EventId::new(app.clock.now(), place as u128);
            let envelope = kernel::event::Envelope { id, organization: app.ours.id, at: app.clock.now(), event };
            let body = serde_json::to_string(&envelope).expect("an envelope");
            let batch = json!({ "Records": [{ "messageId": "1", "body": body }] });
            let batch = serde_json::from_value(batch).expect("a batch");
            let done = sales::worker::handle(app.deps.clone(), batch).await.expect("the worker answers");
            assert!(done.batch_item_failures.is_empty(), "it failed");
        }
    };
    queue(vec![Event::LedgerAppended { position: 1 }]).await;
    let facts = kernel::event::QuoteFacts {
        number: "DEV-1".into(),
        client: "com_00000000000000000000000001".parse().expect("an id"),
        assigned_to: None,
        currency: kernel::Currency::Eur,
        net_minor: kernel::Minor(100),
        gross_minor: kernel::Minor(120),
        sent_on: jiff::civil::date(2026, 11, 22),
        valid_until: jiff::civil::date(2026, 12, 22),
    };
    let standing = kernel::event::QuoteStanding {
        stage: kernel::event::QuoteStage::Accepted,
        on: jiff::civil::date(2026, 11, 23),
        facts: Some(facts),
    };
    let quote = "quo_00000000000000000000000001".parse().expect("an id");
    queue(vec![Event::QuoteStated { quote, standing }]).await;
    let planned =
        kernel::event::PlannedInvoice { due_on: jiff::civil::date(2026, 12, 22), gross_minor: kernel::Minor(120) };
    let currency = kernel::Currency::Eur;
    let plan = kernel::event::InvoicePlan { v: 1, assigned_to: None, currency, invoices: vec![planned] };
    let recurring = "rec_00000000000000000000000001".parse().expect("an id");
    queue(vec![Event::RecurringInvoicePlanned { recurring, plan }]).await;
    let planned = kernel::purchase::PlannedExpense {
        payable_on: jiff::civil::date(2026, 12, 22),
        gross_minor: kernel::Minor(120),
    };
    let plan = kernel::purchase::ExpensePlan { v: 1, label: "Loyer".into(), currency, expenses: vec![planned] };
    let recurring = "rxp_00000000000000000000000001".parse().expect("an id");
    queue(vec![Event::RecurringExpensePlanned { recurring, plan }]).await;
    for path in [
        "/ventes",
        "/ventes/panneaux/clients",
        "/ventes/factures",
        "/ventes/factures/soldees",
        "/ventes/devis",
        "/ventes/encours",
        "/ventes/tresorerie",
        "/ventes/tresorerie/semaine",
        "/ventes/calcul",
        "/ventes/panneaux/calcul",
        "/ventes/objectifs",
        "/ventes/objectifs/nouveau",
        "/ventes/widgets/chiffre-affaires",
        "/ventes/widgets/encours",
        "/ventes/widgets/objectifs",
        "/ventes/widgets/tresorerie",
        "/crm/panneaux/previsions",
        "/api/v1/sales-targets",
        "/api/v1/sales/figures",
        "/api/v1/sales/clients",
        "/api/v1/sales/invoices",
        "/api/v1/sales/lines",
        "/api/v1/sales/receivables",
        "/api/v1/sales/receivables/invoices",
        "/api/v1/sales/cash-week",
        "/api/v1/sales/projection",
    ] {
        walk.get(path, "").await;
    }
    let export = walk.client.get("/ventes/export?table=months").await;
    walk.note(Method::GET, "/ventes/export", export);
    let facts = kernel::purchase::ExpenseFacts {
        expense: "xpn_00000000000000000000000001".parse().expect("an id"),
        v: 1,
        on: jiff::civil::date(2026, 11, 22),
        due_on: None,
        paid_on: None,
        category: kernel::purchase::PurchaseCategory::Rent,
        net_minor: kernel::Minor(100),
        tax_minor: kernel::Minor(20),
        recovered_minor: kernel::Minor(20),
        gross_minor: kernel::Minor(120),
        prepaid_minor: kernel::Minor::ZERO,
        currency: kernel::Currency::Eur,
        supplier: None,
    };
    queue(vec![Event::ExpenseRecorded { facts }]).await;
    let target = json!({
        "name": "Cap", "type": "revenue", "period": "monthly", "goal": "1000", "from": "2026-11",
        "assigned_to": [app.user_with_role(Role::Sales)],
    });
    let (page, api) = ("/ventes/objectifs/{id}", "/api/v1/sales-targets/{id}");
    let id = walk.post("/api/v1/sales-targets", "", target.clone()).await.field("/id");
    walk.get(page, &id).await;
    walk.get(api, &id).await;
    walk.get("/ventes/objectifs/{id}/modifier", &id).await;
    walk.put(api, &id, target).await;
    let form = [("name", "Cap"), ("type", "quotes"), ("period", "yearly"), ("goal", "10"), ("from", "2026-01")];
    walk.form("/ventes/objectifs/{id}/modifier", &id, &form).await;
    let other = walk.form("/ventes/objectifs/nouveau", "", &form).await;
    let other = led_to(&other);
    walk.form("/ventes/objectifs/{id}/supprimer", &other, &[]).await;
    let third = walk.form("/ventes/objectifs/nouveau", "", &form).await;
    let third = led_to(&third);
    walk.delete(api, &third).await;
    let target = id.parse().expect("an id");
    queue(vec![Event::TargetDue { target }]).await;
    walk.post("/api/v1/sales/projection/rebuild", "", json!({})).await;
    walk.form("/ventes/calcul", "", &[]).await;
    queue(vec![Event::SalesProjectionDue {}]).await;
}

/// Two payments within a minute, which are one notification, and another event, which is one of its own.
async fn notifications(app: &App, walk: &mut Walk) {
    let invoice = "inv_00000000000000000000000001".parse().expect("an id");
    let quote = "quo_00000000000000000000000001".parse().expect("an id");
    let about = || kernel::event::About::default();
    let events = [
        Event::InvoicePaid { invoice, about: about() },
        Event::InvoicePaid { invoice, about: about() },
        Event::QuoteAccepted { quote, about: about() },
    ];
    for (place, event) in events.into_iter().enumerate() {
        let id = kernel::id::EventId::new(app.clock.now(), place as u128);
        let envelope = kernel::event::Envelope { id, organization: app.ours.id, at: app.clock.now(), event };
        let body = serde_json::to_string(&envelope).expect("an envelope");
        let batch = json!({ "Records": [{ "messageId": "1", "body": body }] });
        let batch = serde_json::from_value(batch).expect("a batch");
        let done = notifications::worker::handle(app.deps.clone(), batch).await.expect("the worker answers");
        assert!(done.batch_item_failures.is_empty(), "it failed");
    }
    for path in [
        "/notifications",
        "/notifications/compteur",
        "/notifications/recentes",
        "/notifications/preferences",
        "/api/v1/notifications",
        "/api/v1/notifications/unread-count",
        "/api/v1/notification-preferences",
    ] {
        walk.get(path, "").await;
    }
    let list = walk.client.get("/api/v1/notifications?unread=true&category=invoicing").await;
    let list = walk.note(Method::GET, "/api/v1/notifications", list);
    let [first, second] = ["/items/0/id", "/items/1/id"].map(|pointer| list.field(pointer));
    walk.post("/api/v1/notifications/{id}/read", &first, json!({})).await;
    walk.form("/notifications/{id}/lue", &second, &[]).await;
    walk.form("/notifications/{id}/ouvrir", &second, &[]).await;
    walk.post("/api/v1/notifications/read", "", json!({})).await;
    walk.form("/notifications/lues", "", &[]).await;
    walk.form("/notifications/preferences", "", &[("invoicing", "digest")]).await;
    walk.put("/api/v1/notification-preferences", "", json!({ "invoicing": "at_once" })).await;
    walk.form("/notifications/billet", "", &[]).await;
    let ticket = walk.post("/api/v1/notifications/tickets", "", json!({})).await.field("/url");
    let (_, ticket) = ticket.split_once("ticket=").expect("a ticket");
    let page = json!({
        "requestContext": { "routeKey": "$connect", "connectionId": "eBjNWdNSjoECGXw=" },
        "queryStringParameters": { "ticket": ticket },
    });
    let answer = notifications::socket::handle(app.deps.clone(), page).await.expect("an answer");
    assert_eq!(answer, json!({ "statusCode": 200 }));
}

/// Of all that can be found the index is told, as the relay does.
async fn search(app: &App, walk: &mut Walk) {
    for ((pk, sk), item) in app.items_of(app.ours.id) {
        let kind = item["type"]["S"].as_str().unwrap_or_default();
        if let (Some(_), Some((_, name))) = (category_of(kind), table::keys::tenant_item(&pk, &sk)) {
            tell_search(app, Event::ItemChanged { item: name }).await;
        }
    }
    for path in ["/recherche", "/recherche/suggestions", "/api/v1/search"] {
        let reply = walk.client.get(&format!("{path}?q=atelier+lumi")).await;
        walk.note(Method::GET, path, reply);
    }
    walk.form("/recherche/index", "", &[]).await;
    walk.get("/recherche/index", "").await;
    tell_search(app, Event::SearchRebuildRequested {}).await;
    walk.post("/api/v1/search/rebuild", "", json!({})).await;
    walk.get("/api/v1/search/rebuild", "").await;
    // A category without anything in it is one whose items nobody reads as they are stored by now.
    let keys: Vec<String> = app.items_of(app.ours.id).into_keys().map(|(pk, _)| pk).collect();
    for category in Category::ALL {
        let partition = format!("#SEARCH#{}", category.code().to_uppercase());
        assert!(keys.iter().any(|pk| pk.ends_with(&partition)), "nothing is found in {category:?}");
    }
}

pub async fn tell_search(app: &App, event: Event) {
    let id = kernel::id::EventId::new(app.clock.now(), 1);
    let envelope = kernel::event::Envelope { id, organization: app.ours.id, at: app.clock.now(), event };
    let body = serde_json::to_string(&envelope).expect("an envelope");
    let batch = json!({ "Records": [{ "messageId": "1", "body": body }] });
    let batch = serde_json::from_value(batch).expect("a batch");
    let done = search::worker::handle(app.deps.clone(), batch).await.expect("the worker answers");
    assert!(done.batch_item_failures.is_empty(), "it failed");
}

/// The first page arranged, its widgets, and a webhook at which nobody answers.
async fn dashboard_and_webhooks(walk: &mut Walk) {
    for widget in dashboard::widget::WIDGETS {
        walk.get(widget.path, "").await;
    }
    walk.form("/tableau-de-bord", "", &[("widget", "crm_leads"), ("act", "wider")]).await;
    walk.get("/api/v1/dashboard", "").await;
    let widgets = json!({ "widgets": [{ "id": "crm_pipeline", "columns": "2" }] });
    walk.put("/api/v1/dashboard", "", widgets).await;

    let events = json!(["invoice.paid.v1", "quote.sent.v1"]);
    let input = json!({ "url": "https://hooks.client.example/", "events": events });
    let (page, api) = ("/organisation/webhooks", "/api/v1/webhooks");
    let hook = walk.post(api, "", input.clone()).await.field("/id");
    for path in [page, "/organisation/webhooks/{id}", api, "/api/v1/webhooks/{id}"] {
        walk.get(path, &hook).await;
    }
    let form = [("url", "https://hooks.client.example/"), ("events", "invoice.paid.v1")];
    walk.form(page, "", &form).await;
    walk.form("/organisation/webhooks/{id}", &hook, &form).await;
    walk.put("/api/v1/webhooks/{id}", &hook, input).await;
    for path in ["/organisation/webhooks/{id}/secret", "/organisation/webhooks/{id}/essai"] {
        walk.form(path, &hook, &[]).await;
    }
    walk.post("/api/v1/webhooks/{id}/secret", &hook, json!({})).await;
    let delivery = walk.post("/api/v1/webhooks/{id}/test", &hook, json!({})).await.field("/id");
    walk.get("/api/v1/webhooks/{id}/deliveries", &hook).await;
    let part = |path: &str| path.replace("{delivery}", &delivery);
    for path in ["/organisation/webhooks/{id}/envois/{delivery}", "/api/v1/webhooks/{id}/deliveries/{delivery}"] {
        let reply = walk.client.get(&part(path).replace("{id}", &hook)).await;
        walk.note(Method::GET, path, reply);
    }
    let replay = "/organisation/webhooks/{id}/envois/{delivery}/renvoyer";
    let reply = walk.client.form(&part(replay).replace("{id}", &hook), &[("_key", "replay-1")]).await;
    walk.note(Method::POST, replay, reply);
    let replay = "/api/v1/webhooks/{id}/deliveries/{delivery}/replay";
    let client = walk.client.clone().idempotency_key("replay-2");
    let reply = client.post(&part(replay).replace("{id}", &hook), &json!({})).await;
    walk.note(Method::POST, replay, reply);
    let more = walk.client.get(api).await.field("/items/1/id");
    walk.delete("/api/v1/webhooks/{id}", &more).await;
    let third = json!({ "url": "https://other.client.example/", "events": ["quote.sent.v1"] });
    let third = walk.post(api, "", third).await.field("/id");
    walk.form("/organisation/webhooks/{id}/supprimer", &third, &[]).await;
}

async fn exports(app: &App, walk: &mut Walk) {
    let (page, api) = ("/organisation/export", "/api/v1/organization/exports");
    walk.get(page, "").await;
    walk.form(page, "", &[]).await;
    let id = walk.get(api, "").await.field("/items/0/id");
    exports::deliver(app, app.ours.id, Event::ExportRequested { export: id.parse().expect("an id") }).await;
    walk.get("/organisation/export/{id}", &id).await;
    walk.get("/api/v1/organization/exports/{id}/file", &id).await;
    let id = walk.post(api, "", json!({})).await.field("/id");
    exports::deliver(app, app.ours.id, Event::ExportRequested { export: id.parse().expect("an id") }).await;

    let (_, admin) = app.platform_admin().await;
    let asker = std::mem::replace(&mut walk.client, admin);
    let theirs = app.theirs.id.to_string();
    walk.form("/plateforme/entreprises/{id}/exporter", &theirs, &[]).await;
    let export = exports::newest(app, app.theirs.id).await;
    exports::deliver(app, app.theirs.id, Event::ExportRequested { export }).await;
    walk.get("/plateforme/entreprises/{id}/export", &theirs).await;
    walk.form("/plateforme/entreprises/{id}/supprimer", &theirs, &[("name", &app.theirs.name)]).await;
    exports::deliver(app, app.theirs.id, Event::OrganizationDeleted {}).await;
    let invoice = exports::keep_document(app, app.theirs.id).await;
    walk.get("/plateforme/entreprises/{id}", &theirs).await;
    let file = walk.client.get(&format!("/plateforme/entreprises/{theirs}/document?de={invoice}")).await;
    walk.note(Method::GET, "/plateforme/entreprises/{id}/document", file);
    walk.get("/plateforme/supprimees", "").await;
    let deleted = walk.get("/api/v1/platform/deleted-organizations", "").await;
    assert_eq!(deleted.field("/items/0/id"), theirs);
    walk.client = asker;
}

/// An invoice that is paid by card, and given back.
async fn cards(app: &App, walk: &mut Walk, invoice: Value) {
    app.stripe.hold_events(true);
    let (page, key) = ("/facturation/espace-client", "sk_test_round_trips");
    let secret = app.stripe.send_events_to(key, SITE).expect("an endpoint");
    let keys = json!({ "secret_key": key, "webhook_secret": secret });
    walk.put("/api/v1/portal/cards", "", keys.clone()).await;
    walk.delete("/api/v1/portal/cards", "").await;
    walk.form(&format!("{page}/carte"), "", &[("secret_key", key), ("webhook_secret", &secret)]).await;
    walk.form(&format!("{page}/carte/retirer"), "", &[]).await;
    walk.put("/api/v1/portal/cards", "", keys).await;
    walk.put("/api/v1/portal/settings", "", json!({ "lists_documents": "true", "offers_cards": "true" })).await;
    walk.form(page, "", &[("lists_documents", "true"), ("offers_cards", "true")]).await;
    walk.get(page, "").await;
    walk.get("/api/v1/portal/settings", "").await;

    let id = walk.post("/api/v1/invoices", "", invoice).await.field("/id");
    walk.post("/api/v1/invoices/{id}/issue", &id, json!({})).await;
    let url = walk.post("/api/v1/documents/{id}/links", &id, json!({})).await.field("/url");
    let link = url.split_once("lien=").expect("the link stands in the query").1;
    let owner = std::mem::replace(&mut walk.client, app.anyone());
    let pressed = walk.form_without_key("/portail/carte", &[("lien", link)]).await;
    let cookie = pressed.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    // Who gave up; who paid is entered on their way back, which takes the trips of an act.
    let back = walk.client.clone().header("cookie", &cookie).get("/portail/carte/retour?abandon=1").await;
    walk.note(Method::GET, "/portail/carte/retour", back);
    let session = pressed.header("location").and_then(|to| to.rsplit('/').next()).expect("a page");
    app.stripe.pay(session).expect("it is paid");
    let events = app.stripe.events().expect("events");
    let event = events.last().expect("an event").to_string();
    let signature = emulators::stripe::sign(&secret, event.as_bytes(), app.clock.now());
    let path = format!("/webhooks/stripe/{}", app.ours.id);
    let told = walk.client.clone().header("stripe-signature", &signature);
    let told = told.send(Method::POST, &path, Some("application/json"), Body::from(event)).await;
    walk.note(Method::POST, "/webhooks/stripe/{id}", told);
    walk.client = owner;

    walk.post("/api/v1/invoices/{id}/credit-notes", &id, json!({ "reason": "Erreur" })).await;
    let payment = walk.client.get(&format!("/api/v1/invoices/{id}/payments")).await.field("/items/0/id");
    let refund = "/api/v1/invoices/{id}/payments/{payment}/card-refund";
    walk.post_part(refund, &id, &payment, json!({ "amount": "10" })).await;
    let refund = "/facturation/factures/{id}/paiements/{payment}/rembourser";
    walk.form_part(refund, &id, &payment, &[("amount", "10")]).await;
}

/// A quote that its client answers on the portal.
async fn answered(app: &App, walk: &mut Walk, quote: Value) {
    for (path, end) in [("/portail/refus", "refused"), ("/portail/accord", "signed")] {
        let id = walk.post("/api/v1/quotes", "", quote.clone()).await.field("/id");
        walk.post("/api/v1/quotes/{id}/send", &id, json!({})).await;
        let url = walk.post("/api/v1/documents/{id}/links", &id, json!({})).await.field("/url");
        let link = url.split_once("lien=").expect("the link stands in the query").1;
        let owner = std::mem::replace(&mut walk.client, app.anyone());
        let signature = [("lien", link), ("name", "Claire Martin"), ("agreed", "true"), ("typed", "true")];
        let fields = if end == "signed" { &signature[..] } else { &signature[..1] };
        walk.form_without_key(path, fields).await;
        walk.client = owner;
        if end == "signed" {
            signed(app, id.parse().expect("an id")).await;
        }
    }
}

/// Files that go with an invoice, and one that goes with a credit note.
async fn attachments(app: &App, walk: &mut Walk, invoice: Value, credited: &str) {
    const PDF: &[u8] = b"%PDF-1.7\nstartxref\n9\n%%EOF\n";
    let announced = || json!({ "media_type": "application/pdf", "bytes": PDF.len() });
    let id = walk.post("/api/v1/invoices", "", invoice).await.field("/id");
    let (api, page) = ("/api/v1/documents/{id}/attachments", "/facturation/pieces/{id}");
    let link = walk.post(&format!("{api}/uploads"), &id, announced()).await;
    assert_eq!(testkit::send_file(&link.json(), PDF.to_vec()).await, 200);
    let input = json!({ "upload_id": link.field("/id"), "file_name": "Plan.pdf" });
    let part = walk.post(api, &id, input).await.field("/items/0/id");
    walk.delete_part(&format!("{api}/{{attachment}}"), &id, &part).await;
    let link = walk.post(&format!("{page}/televersement"), &id, announced()).await;
    assert_eq!(testkit::send_file(&link.json(), PDF.to_vec()).await, 200);
    let fields = [("upload_id", link.field("/id")), ("file_name", "Plan.pdf".into())];
    walk.form(page, &id, &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let part = walk.get(api, &id).await.field("/items/0/id");
    for path in [&format!("{api}/{{attachment}}"), &format!("{page}/{{attachment}}")] {
        walk.get_part(path, &id, &part).await;
    }
    walk.post("/api/v1/invoices/{id}/issue", &id, json!({})).await;
    let made = walk.post("/api/v1/documents/{id}/links", &id, json!({})).await;
    let url = made.field("/url");
    let (_, query) = url.split_once('?').expect("the link stands in the query");
    let file = app.anyone().get(&format!("/portail/piece?{query}&piece={part}")).await;
    walk.note(Method::GET, "/portail/piece", file);
    let draft = walk.post("/api/v1/invoices/{id}/duplicate", &id, json!({})).await.field("/id");
    let link = walk.post(&format!("{api}/uploads"), &draft, announced()).await;
    assert_eq!(testkit::send_file(&link.json(), PDF.to_vec()).await, 200);
    let input = json!({ "upload_id": link.field("/id"), "file_name": "Plan.pdf" });
    let part = walk.post(api, &draft, input).await.field("/items/0/id");
    walk.form_part(&format!("{page}/{{attachment}}/retirer"), &draft, &part, &[]).await;

    let form = "/facturation/factures/{id}/avoir";
    let link = walk.post(&format!("{form}/pieces/televersement"), credited, announced()).await;
    assert_eq!(testkit::send_file(&link.json(), PDF.to_vec()).await, 200);
    let upload = link.field("/id");
    walk.form(&format!("{form}/pieces"), credited, &[("upload_id", &upload), ("file_name", "Constat.pdf")]).await;
    let fields = [
        ("reason", "Retour"),
        ("extent", "all"),
        ("attachment_upload", &upload),
        ("attachment_name", "Constat.pdf"),
        ("attachment_description", ""),
    ];
    walk.form(form, credited, &fields).await;
}

/// The links of a document, and what its client sees by one.
async fn links(app: &App, walk: &mut Walk, invoice: &str) {
    let (api, panel) = ("/api/v1/documents/{id}/links", "/facturation/liens/{id}");
    let made = walk.post(api, invoice, json!({})).await;
    let (id, url) = (made.field("/link/id"), made.field("/url"));
    let (_, query) = url.split_once('?').expect("the link stands in the query");
    walk.get(panel, invoice).await;
    walk.form(panel, invoice, &[("expires_in_days", "30"), ("replaces", "")]).await;
    let listed = walk.get(api, invoice).await;
    assert_eq!(listed.json()["items"].as_array().map(Vec::len), Some(2));
    let owner = std::mem::replace(&mut walk.client, app.anyone());
    for path in ["/portail", "/portail/pdf"] {
        let page = walk.client.get(&format!("{path}?{query}")).await;
        walk.note(Method::GET, path, page);
    }
    all_documents(app, walk, invoice, query).await;
    walk.client = owner;
    walk.delete_part("/api/v1/documents/{id}/links/{link}", invoice, &id).await;
    let other = walk.post(api, invoice, json!({})).await.field("/link/id");
    walk.form_part("/facturation/liens/{id}/{link}/revoquer", invoice, &other, &[]).await;
}

/// From one document of a client to all of theirs.
async fn all_documents(app: &App, walk: &mut Walk, invoice: &str, query: &str) {
    let link = query.strip_prefix("lien=").expect("a link");
    walk.form_without_key("/portail/acces", &[("lien", link)]).await;
    let owner = Owner::Invoice(invoice.parse().expect("an id"));
    let mails = app.scope().collection(&app.scope().keys().mails(owner)).await.expect("mails");
    let mails = mails.all::<OwnedMail>().expect("mails");
    let mail = mails.into_iter().map(|stored| stored.value.mail).find(|mail| mail.secret.is_some()).expect("a mail");
    let purpose = Mail::secret_purpose(app.ours.id, mail.id);
    let opened = app.deps.vault.open(&purpose, mail.secret.as_ref().expect("sealed")).await.expect("it opens");
    let secret = std::str::from_utf8(opened.expose_secret()).expect("a text").to_owned();
    let path = "/portail/documents";
    let page = walk.client.get(&format!("{path}?acces={secret}")).await;
    walk.note(Method::GET, path, page);
    let entered = walk.form_without_key("/portail/documents/ouvrir", &[("acces", &secret)]).await;
    let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let anyone = std::mem::replace(&mut walk.client, app.anyone().header("cookie", &cookie));
    walk.get(path, "").await;
    let file = walk.client.get(&format!("/portail/documents/pdf?document={invoice}")).await;
    walk.note(Method::GET, "/portail/documents/pdf", file);
    walk.form_without_key("/portail/documents/fermer", &[]).await;
    walk.client = anyone;
    // One that is asked for and not opened stays.
    walk.form_without_key("/portail/acces", &[("lien", link)]).await;
}

/// As if the worker had rendered it.
async fn rendered(app: &App, owner: Owner) {
    let file = file(app);
    write(app, &DocumentFile { owner, file }).await;
}

/// As if the worker had put the client's signature on it.
async fn signed(app: &App, quote: QuoteId) {
    let file = file(app);
    write(app, &SignedFile { quote, file }).await;
}

fn file(app: &App) -> File {
    File {
        s3_key: "ORG/x/document.pdf".into(),
        file_name: "document.pdf".into(),
        sha256: "0".repeat(64),
        bytes: 1,
        rendered_at: app.scope().now(),
    }
}

async fn write<T: table::Item>(app: &App, item: &T) {
    let scope = &app.scope();
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", "a file");
            transaction.create(item);
            Ok((transaction, ()))
        })
        .await
        .expect("a file is written");
}
