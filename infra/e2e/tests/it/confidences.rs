//! What nobody but who may know it reads of an employee: what they earn, their numbers, why they are away, what was said to
//! them. Values that stand nowhere else are planted in the file of one, everything is told to the workers, and every declared
//! route is read by those who may not, and by the owner, who finds each of them.

use std::collections::BTreeSet;

use http::Method;
use kernel::{
    Permission,
    event::{Envelope, Event, Person, Queue},
    id::{ExportId, RoleId, UserId},
    permission::{CustomRole, MemberRole, Module, Role},
    search::category_of,
};
use serde_json::{Value, json};
use testkit::{App, Client};
use ulid::Ulid;

use crate::{
    everything::kind,
    exports::{self, deliver, unzipped},
    permissions::{filled, unknown},
    round_trips::{all_contexts, tell_search},
};

const EMPLOYEES: &str = "/api/v1/employees";
const NIR: &str = "255081416802538";
const IBAN: &str = "FR1420041010050500013M02606";
/// The same number as a page, the API and the table have it.
const SALARY: [&str; 3] = ["43217,89", "43217.89", "4321789"];
/// Whose lists are asked for with what narrows them as well.
const NARROWED: [&str; 5] = ["hr", "organizations", "notifications", "search", "dashboard"];
const PAPER: &str = "Avertissement Bételgeuse";
/// What pages and the API of the owner tell, each of them.
const OF_THE_FILE: [&str; 4] = [NIR, IBAN, "Vulpecula", PAPER];
/// What is said between somebody and who decides.
const SAID: [&str; 7] = [TYPE, "Quokka", "Ornithorynque", "Andromède", "Cassiopée", "Pégase", "Orion"];

/// A type of absence, which by itself is nobody's.
const TYPE: &str = "Zébulon";

/// Where types are listed, and that they were set up so: whose absence is of which is told nowhere there.
fn tells_types(path: &str) -> bool {
    ["/api/v1/leave/types", "/organisation/journal", "/api/v1/audit-entries"].iter().any(|own| path.starts_with(own))
}

/// Without anything that sets words and digits apart.
fn close(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '\u{202f}' | '\u{a0}')).collect()
}

/// Which of these stand in a text.
fn told(text: &str, secrets: &[&'static str]) -> Vec<&'static str> {
    let text = close(text);
    secrets.iter().copied().filter(|secret| text.contains(&close(secret))).collect()
}

struct Planted {
    app: App,
    /// The employee of whom nobody is to know, and their member.
    employee: String,
    user: UserId,
    paper: String,
    report: String,
    approved: String,
    refused: String,
    /// Their manager, and a colleague; members, no more.
    above: Client,
    beside: Client,
    beside_user: UserId,
}

async fn hired(app: &App, number: &str, last_name: &str, user: UserId, manager: &str, more: Value) -> String {
    let mut body = json!({
        "employee": { "number": number, "first_name": "Alix", "last_name": last_name, "hired_on": "2024-06-01",
            "user_id": user, "manager_id": manager },
        "contract": {},
    });
    for part in ["employee", "contract"] {
        let fields = more[part].as_object().cloned().unwrap_or_default();
        body[part].as_object_mut().expect("fields").extend(fields);
    }
    app.program().post(EMPLOYEES, &body).await.expect(201).field("/id")
}

impl Planted {
    async fn new() -> Self {
        let app = App::new(all_contexts).await;
        let (owner, hr) = (app.owner(), app.with_role(Role::Hr));
        let (above_user, above) = app.with_new_member(Role::Member.into()).await;
        let (user, own) = app.with_new_member(Role::Member.into()).await;
        let (beside_user, beside) = app.with_new_member(Role::Member.into()).await;
        let manager = hired(&app, "C-1", "Tournesol", above_user, "", json!({})).await;
        let file = json!({
            "employee": { "street": "12 impasse Vulpecula", "postal_code": "38000", "city": "Grenoble",
                "notes": format!("Virement de la paie sur {IBAN}") },
            "contract": { "salary": "43217.89" },
        });
        let employee = hired(&app, "C-2", "Halley", user, &manager, file).await;
        hired(&app, "C-3", "Encke", beside_user, &manager, json!({})).await;
        let amended = json!({ "from": "2026-01-01", "salary": "43217.89" });
        owner.post(&format!("{EMPLOYEES}/{employee}/contracts"), &amended).await.expect(200);
        owner.put(&format!("{EMPLOYEES}/{employee}/nir"), &json!({ "nir": NIR })).await.expect(204);

        // Why they are away, under a name that no form offers any more.
        let kinds = json!({ "types": [{ "name": "Cure Zébulon", "is_paid": "true", "needs_approval": "true",
            "takes_halves": "true", "is_active": "true" }] });
        let settings = owner.put("/api/v1/leave/types", &kinds).await.expect(200).json();
        let types = settings["types"].as_array().expect("types");
        let mut cure = types.iter().find(|one| one["name"] == "Cure Zébulon").expect("a type").clone();
        let requests = format!("{EMPLOYEES}/{employee}/leave-requests");
        let asked =
            json!({ "type_id": cure["id"], "from": "2026-11-23", "to": "2026-11-24", "comment": "Suite Quokka" });
        let approved = own.post(&requests, &asked).await.expect(201).field("/id");
        let asked = json!({ "type_id": cure["id"], "from": "2026-12-07", "comment": "Suite Quokka" });
        let refused = own.post(&requests, &asked).await.expect(201).field("/id");
        hr.post(&format!("{requests}/{approved}/approve"), &json!({ "comment": "Courage, Pégase" })).await.expect(200);
        let no = json!({ "comment": "Voir Ornithorynque" });
        hr.post(&format!("{requests}/{refused}/refuse"), &no).await.expect(200);
        cure["is_active"] = json!("false");
        owner.put("/api/v1/leave/types", &json!({ "types": [cure] })).await.expect(200);

        // Their time, a document, and what they spent.
        let week = format!("{EMPLOYEES}/{employee}/weeks/2026-W47");
        let span = json!({ "on": "2026-11-16", "from": "8:00", "to": "12:00", "note": "Projet Andromède" });
        own.put(&week, &json!({ "spans": [span] })).await.expect(200);
        own.post(&format!("{week}/submit"), &json!({})).await.expect(200);
        hr.post(&format!("{week}/approve"), &json!({})).await.expect(200);
        own.post(&format!("{week}/dispute"), &json!({ "reason": "Il manque Orion" })).await.expect(200);
        let pdf = b"%PDF-1.7\nstartxref\n9\n%%EOF\n";
        let announced = json!({ "media_type": "application/pdf", "bytes": pdf.len() });
        let link = owner.post(&format!("{EMPLOYEES}/{employee}/papers/uploads"), &announced).await.expect(201);
        assert_eq!(testkit::send_file(&link.json(), pdf.to_vec()).await, 200);
        let paper = json!({ "upload_id": link.field("/id"), "title": PAPER, "is_confidential": "true",
            "valid_until": "2026-12-15" });
        let paper = owner.post(&format!("{EMPLOYEES}/{employee}/papers"), &paper).await.expect(201).field("/id");
        let reports = "/api/v1/expense-reports";
        let report = own.post(reports, &json!({ "title": "Salon Cassiopée" })).await.expect(201).field("/id");
        let line = json!({ "on": "2026-11-12", "category": "meal", "amount": "22", "note": "Auberge Cassiopée" });
        own.post(&format!("{reports}/{report}/lines"), &line).await.expect(200);
        own.post(&format!("{reports}/{report}/submit"), &json!({})).await.expect(200);
        owner.post(&format!("{reports}/{report}/refuse"), &json!({ "comment": "Voir Pégase" })).await.expect(200);

        let planted = Self { app, employee, user, paper, report, approved, refused, above, beside, beside_user };
        planted.told_to_workers().await;
        planted
    }

    /// What the relay would bring, until there is nothing new.
    async fn told_to_workers(&self) {
        let app = &self.app;
        let event = Event::PapersDue { employee: self.employee.parse().expect("an id") };
        let due = Envelope {
            id: kernel::id::EventId::new(app.clock.now(), 3),
            organization: app.ours.id,
            at: app.clock.now(),
            event,
        };
        let (mut done, mut waiting) = (BTreeSet::new(), vec![due]);
        while let Some(envelope) = waiting.pop() {
            for queue in envelope.event.queues() {
                let body = serde_json::to_string(&envelope).expect("JSON");
                let batch = json!({ "Records": [{ "messageId": "1", "body": body }] });
                let batch = serde_json::from_value(batch).expect("a batch");
                let answer = match queue {
                    Queue::Hr => hr::worker::handle(app.deps.clone(), batch).await,
                    Queue::Notifications => notifications::worker::handle(app.deps.clone(), batch).await,
                    Queue::Purchases => purchases::worker::handle(app.deps.clone(), batch).await,
                    _ => continue,
                };
                assert!(answer.expect("the worker answers").batch_item_failures.is_empty(), "{envelope:?}");
            }
            done.insert(envelope.id);
            if waiting.is_empty() {
                let events = app.items().into_iter().filter(|item| kind(item) == "event");
                let texts = events.map(|item| item["envelope"]["S"].as_str().unwrap_or_default().to_owned());
                let read = texts.map(|text| serde_json::from_str::<Envelope>(&text).expect("an envelope"));
                waiting.extend(read.filter(|envelope| !done.contains(&envelope.id)));
            }
        }
        for ((pk, sk), item) in app.items_of(app.ours.id) {
            if let (Some(_), Some((_, name))) = (category_of(kind(&item)), table::keys::tenant_item(&pk, &sk)) {
                tell_search(app, Event::ItemChanged { item: name }).await;
            }
        }
    }

    /// All that somebody reads, and where they read it: each declared route, of the employee, with what narrows it.
    async fn read_by(&self, client: &Client) -> Vec<(String, String)> {
        let narrowed = [
            "",
            "from=2026-11-01&to=2026-12-31&month=2026-11&week=2026-W47&year=2026&q=Halley&starts_at=2026-11-01",
            "undecided=true&state=refused&month=2026-12&view=all",
        ];
        let mut read = Vec::new();
        for (context, routes) in openapi::contexts() {
            let narrowed = if NARROWED.contains(&context) { &narrowed[..] } else { &narrowed[..1] };
            for route in routes.declared().iter().filter(|route| route.method == Method::GET) {
                let ids = |request: &str| {
                    filled(&route.path, |kind| match kind {
                        "emp" => self.employee.clone(),
                        "usr" => self.user.to_string(),
                        "pap" => self.paper.clone(),
                        "exr" => self.report.clone(),
                        "lrq" => request.to_owned(),
                        kind => unknown(kind),
                    })
                };
                for path in BTreeSet::from([ids(&self.approved), ids(&self.refused)]) {
                    for query in narrowed {
                        let path = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
                        read.push((path.clone(), client.get(&path).await.text()));
                    }
                }
            }
        }
        read
    }

    async fn finds(&self, who: &str, client: &Client, secrets: &[&'static str]) {
        for (path, body) in self.read_by(client).await {
            let found = told(&body, secrets);
            let found: Vec<_> = found.into_iter().filter(|one| !tells_types(&path) || *one != TYPE).collect();
            assert!(found.is_empty(), "{who} reads {found:?} in {path}: {body}");
        }
    }
}

fn role(id: u128, modules: &[Module], besides: &[Permission]) -> MemberRole {
    let of_modules = Permission::ALL.iter().copied().filter(|permission| modules.contains(&permission.module()));
    MemberRole::Custom(CustomRole {
        id: RoleId::from_ulid(Ulid(id)),
        name: format!("Rôle {id}"),
        permissions: of_modules.chain(besides.iter().copied()).collect(),
        own_records_only: false,
    })
}

fn all() -> Vec<&'static str> {
    SALARY.into_iter().chain(OF_THE_FILE).chain(SAID).collect()
}

#[tokio::test]
async fn no_page_and_no_answer_tells_what_somebody_else_s_file_keeps() {
    let planted = Planted::new().await;
    let app = &planted.app;
    // What is looked for can be found.
    let owner: String = planted.read_by(&app.owner()).await.into_iter().map(|(_, body)| body).collect();
    let missing: Vec<_> = all().into_iter().filter(|secret| told(&owner, &[*secret]).is_empty()).collect();
    assert_eq!(missing, ["4321789"], "the amount as it is stored is no amount on a page");

    planted.finds("a colleague", &planted.beside, &all()).await;
    let business = role(1, &[Module::Crm, Module::Invoicing, Module::Sales], &[]);
    let (_, business) = app.with_new_member(business).await;
    planted.finds("who sells and invoices", &business, &all()).await;
    let settings = role(2, &[Module::Crm, Module::Invoicing, Module::Sales, Module::Settings], &[]);
    let (_, settings) = app.with_new_member(settings).await;
    planted.finds("who administers without HR", &settings, &all()).await;
    let of_the_file: Vec<_> = SALARY.into_iter().chain(OF_THE_FILE).collect();
    planted.finds("their manager", &planted.above, &of_the_file).await;
    // Who keeps files without reading what is confidential.
    let keeper = Permission::ALL.iter().copied().filter(|permission| *permission != Permission::HrReadSecrets);
    let keeper: Vec<_> = keeper.filter(|permission| permission.module() == Module::Hr).collect();
    let (_, keeper) = app.with_new_member(role(3, &[], &keeper)).await;
    let secrets: Vec<_> = SALARY.into_iter().chain([NIR, PAPER]).collect();
    planted.finds("who keeps files", &keeper, &secrets).await;
    planted.finds("a stranger", &app.stranger(), &all()).await;
}

#[tokio::test]
async fn nothing_of_it_stands_outside_of_the_files() {
    let planted = Planted::new().await;
    // Answers that are remembered are for who asked; the catalogue of types says of nobody what they asked for.
    let kept_apart = ["idempotency", "leave_settings"];
    let mut within = BTreeSet::new();
    for item in planted.app.items() {
        let of_types = item["act"]["S"] == "edit_leave_settings";
        let found: Vec<_> =
            told(&item.to_string(), &all()).into_iter().filter(|one| !of_types || *one != TYPE).collect();
        if organizations::kinds::is_of_employees(kind(&item)) {
            within.extend(found);
        } else if !kept_apart.contains(&kind(&item)) {
            assert!(found.is_empty(), "{found:?} in {item}");
        }
    }
    for secret in all() {
        let is_stored = !["43217,89", "43217.89", NIR, TYPE].contains(&secret);
        assert_eq!(within.contains(secret), is_stored, "{secret}");
    }
    let items = planted.app.items();
    let of = |wanted: &str| items.iter().filter(|item| kind(item) == wanted).count();
    assert!(of("audit") > 10 && of("notification") > 3 && of("mail") > 0 && of("search_entry") > 0, "all was told");
}

async fn exported(planted: &Planted, client: &Client, user: UserId) -> String {
    let app = &planted.app;
    let path = format!("/api/v1/members/{user}/exports");
    let export = client.post(&path, &json!({})).await.expect(202).field("/id");
    let export: ExportId = export.parse().expect("an id");
    deliver(app, app.ours.id, Event::PersonExportRequested { of: Person::Member(user), export }).await;
    let link = client.get(&format!("{path}/{export}/file")).await.expect(200).field("/url");
    let files = unzipped(&link).await.into_iter();
    files.map(|(name, file)| format!("{name}\n{}\n", String::from_utf8_lossy(&file))).collect()
}

#[tokio::test]
async fn an_export_of_one_person_has_all_of_their_file_and_nothing_of_a_colleague_s() {
    let planted = Planted::new().await;
    let owner = planted.app.owner();
    let own = exported(&planted, &owner, planted.user).await;
    let missing: Vec<_> = all().into_iter().filter(|secret| told(&own, &[*secret]).is_empty()).collect();
    // The number is sealed, amounts are as they are stored, and the catalogue of types is nobody's.
    assert_eq!(missing, ["43217,89", "43217.89", NIR, TYPE]);
    assert!(own.contains("donnees/documents-salaries.json") && own.contains("donnees/notes-de-frais.json"));
    assert!(own.contains("%%EOF"), "the document itself");
    let other = exported(&planted, &owner, planted.beside_user).await;
    assert!(other.contains("Encke") && !other.contains("Halley"));
    assert_eq!(told(&other, &all()), Vec::<&str>::new());
    // Who may export and not read files gets none of it.
    let (_, delegate) = planted.app.with_new_member(role(4, &[Module::Settings], &[])).await;
    planted.app.advance(jiff::SignedDuration::from_hours(25));
    let narrow = exported(&planted, &delegate, planted.user).await;
    assert_eq!(told(&narrow, &all()), Vec::<&str>::new());
}

#[tokio::test]
async fn an_export_of_everything_has_the_files_of_employees_for_who_may_read_them_alone() {
    let planted = Planted::new().await;
    let app = &planted.app;
    let text = |files: std::collections::BTreeMap<String, Vec<u8>>| -> String {
        files.into_iter().map(|(name, file)| format!("{name}\n{}\n", String::from_utf8_lossy(&file))).collect()
    };
    let (_, delegate) = app.with_new_member(role(5, &[Module::Crm, Module::Settings], &[])).await;
    let narrow = text(exports::exported(app, &delegate).await);
    let found: Vec<_> = told(&narrow, &all()).into_iter().filter(|one| *one != TYPE).collect();
    assert_eq!(found, Vec::<&str>::new());
    assert!(narrow.contains("sans les dossiers des salariés"), "and says so");
    let whole = text(exports::exported(app, &app.owner()).await);
    for secret in ["4321789", IBAN, PAPER, "Quokka", "Cassiopée"] {
        assert!(!told(&whole, &[secret]).is_empty(), "{secret}");
    }
    // What the owner asked for is not for who may not read it.
    let listed = delegate.get("/api/v1/organization/exports").await.expect(200);
    let newest = listed.field("/items/0/id");
    delegate.get(&format!("/api/v1/organization/exports/{newest}/file")).await.expect(403);
    delegate.get(&format!("/organisation/export/{newest}")).await.expect(403);
    let own = listed.field("/items/1/id");
    delegate.get(&format!("/api/v1/organization/exports/{own}/file")).await.expect(200);
}
