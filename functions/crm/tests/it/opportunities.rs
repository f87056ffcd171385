//! Opportunities: what is accepted, who sees them, whose names they carry.

use aws_lambda_events::sqs::SqsEvent;
use kernel::{
    Permission::{CrmCreate, CrmDelete, CrmEdit, CrmView},
    event::{Envelope, Event},
    id::{EventId, UserId},
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};

use crate::{COMPANIES, CONTACTS, OPPORTUNITIES, added, app, bakery, column, stage, with};

/// With a company that is there.
pub fn deal(company: &str) -> Value {
    json!({ "name": "Rénovation du fournil", "company_id": company, "amount": "12 000,50" })
}

pub async fn with_company(app: &App) -> (Client, String) {
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    (program, company)
}

/// What the worker is handed.
pub async fn deliver(app: &App, event: Event) {
    let now = app.clock.now();
    let envelope = Envelope { id: EventId::new(now, 1), organization: app.ours.id, at: now, event };
    let body = serde_json::to_string(&envelope).expect("JSON");
    for _ in 0..2 {
        let batch: SqsEvent =
            serde_json::from_value(json!({ "Records": [{ "messageId": "1", "body": body }] })).expect("a batch");
        let answer = crm::worker::handle(app.deps.clone(), batch).await.expect("an answer");
        assert!(answer.batch_item_failures.is_empty());
    }
}

/// The events of one name that wait to be carried, by what they are about.
fn told(app: &App, name: &str) -> Vec<String> {
    let items = app.items().into_iter().map(|item| item.to_string());
    items.filter(|item| item.contains("\"event\"") && item.contains(name)).collect()
}

async fn salesperson(app: &App) -> (UserId, Client) {
    app.with_new_member(own_records([CrmView, CrmCreate, CrmEdit, CrmDelete])).await
}

#[tokio::test]
async fn an_opportunity_is_added_read_changed_and_deleted() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let contact = added(&program, CONTACTS, &json!({ "first_name": "Zoé", "last_name": "Durand" })).await;
    let body = with(deal(&company), json!({ "contact_id": contact, "source": "Salon", "expected_on": "2026-12-24" }));
    let made = program.clone().idempotency_key("once").post(OPPORTUNITIES, &body).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    let again = program.clone().idempotency_key("once").post(OPPORTUNITIES, &body).await.expect(201);
    assert_eq!(made.field("/id"), again.field("/id"), "a double click");
    for (field, value) in [
        ("/company_name", "Boulangerie Dupré"),
        ("/contact_name", "Zoé Durand"),
        ("/stage_id", &stage(1)),
        ("/probability", "10"),
        ("/amount", "12000.50"),
        ("/outcome", "open"),
        ("/priority", "medium"),
        ("/assigned_to", &app.user_with_role(Role::Owner).to_string()),
        ("/history/0/name", "À qualifier"),
    ] {
        assert_eq!(made.field(field), value, "{field}");
    }
    let path = format!("{OPPORTUNITIES}/{}", made.field("/id"));
    let read = program.get(&path).await.expect(200);
    assert_eq!((read.json(), read.header("etag")), (made.json(), Some("\"1\"")));

    let change = with(body, json!({ "stage_id": stage(3), "name": "Fournil", "probability": "55" }));
    let changed = program.clone().header("if-match", "\"1\"").put(&path, &change).await.expect(200);
    assert!(changed.round_trips() <= Some(3));
    assert_eq!((changed.field("/probability"), changed.field("/history/1/name")), ("55".into(), "Devis envoyé".into()));
    program.clone().header("if-match", "\"1\"").put(&path, &change).await.expect(412);
    app.stranger().get(&path).await.expect(404);
    app.stranger().header("sec-fetch-site", "same-origin").delete(&path).await.expect(404);
    program.clone().header("if-match", "\"1\"").delete(&path).await.expect(412);
    assert!(program.delete(&path).await.expect(204).round_trips() <= Some(3));
    program.get(&path).await.expect(404);
    assert!(column(&program.get(OPPORTUNITIES).await.expect(200), "id").is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_told_field_by_field() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let nobody = "com_00000000000000000000000000";
    for (fields, pointers) in [
        (json!({ "company_id": "" }), vec!["/company_id"]),
        (json!({ "company_id": nobody }), vec!["/company_id"]),
        (json!({ "contact_id": "con_00000000000000000000000000" }), vec!["/contact_id"]),
        (json!({ "name": " ", "amount": "beaucoup" }), vec!["/name", "/amount"]),
        (json!({ "stage_id": stage(9) }), vec!["/stage_id"]),
        (json!({ "stage_id": stage(6) }), vec!["/lost_reason"]),
        (json!({ "assigned_to": app.user_with_role(Role::Hr).to_string() }), vec!["/assigned_to"]),
        (json!({ "tags": ["tag_00000000000000000000000001"] }), vec!["/tags/0"]),
    ] {
        let reply = program.post(OPPORTUNITIES, &with(deal(&company), fields.clone())).await.expect(422);
        assert_eq!(reply.violations(), pointers, "{fields}");
    }
    // A company of another tenant is one that does not exist.
    let theirs = app.stranger().header("sec-fetch-site", "same-origin");
    assert_eq!(theirs.post(OPPORTUNITIES, &deal(&company)).await.expect(422).violations(), ["/company_id"]);
}

#[tokio::test]
async fn a_list_is_narrowed_and_sorted() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    for (name, amount, at, source) in
        [("Alpha", "10", 1, "Salon"), ("Béta", "30", 3, "Site"), ("Gamma", "20", 5, "salon"), ("Delta", "5", 3, "")]
    {
        app.advance(jiff::SignedDuration::from_secs(1));
        let fields = json!({ "name": name, "amount": amount, "stage_id": stage(at), "source": source });
        added(&program, OPPORTUNITIES, &with(deal(&company), fields)).await;
    }
    let names = async |query: &str| {
        let list = program.get(&format!("{OPPORTUNITIES}?{query}")).await.expect(200);
        assert!(list.round_trips() <= Some(2), "{query}");
        column(&list, "name").join(" ")
    };
    assert_eq!(names("").await, "Alpha Béta Delta Gamma");
    assert_eq!(names("q=b%C3%A9").await, "Béta");
    assert_eq!(names(&format!("stage={}", stage(3))).await, "Delta Béta");
    assert_eq!(names(&format!("stage={}&q=b", stage(3))).await, "Béta");
    assert_eq!(names("outcome=open").await, "Alpha Béta Delta");
    assert_eq!(names("outcome=won").await, "Gamma");
    assert_eq!(names("source=SALON").await, "Alpha Gamma");
    assert_eq!(names("sort=largest").await, "Béta Gamma Alpha Delta");
    assert_eq!(names("sort=newest&outcome=open").await, "Delta Béta Alpha");
    // What was sorted is read page by page; nothing is left out.
    let first = program.get(&format!("{OPPORTUNITIES}?sort=largest&limit=3")).await.expect(200);
    assert_eq!((first.field("/next_cursor"), first.json().get("only_of")), ("n3".into(), None));
    assert_eq!(names("sort=largest&limit=3&cursor=n3").await, "Delta");
    program.get(&format!("{OPPORTUNITIES}?sort=largest&cursor=x")).await.expect(400);
    let label = |page: &str| page.contains("Arrivée à l’étape");
    let at_a_stage = app.owner().get(&format!("/crm/opportunites?stage={}", stage(3))).await.expect(200).text();
    let all = app.owner().get("/crm/opportunites").await.expect(200).text();
    assert!(label(&at_a_stage) && !label(&all));
    assert_eq!(names("pipeline=pip_00000000000000000000000009").await, "");
    program.get(&format!("{OPPORTUNITIES}?outcome=gone")).await.expect(422);
    let first = program.get(&format!("{OPPORTUNITIES}?limit=3")).await.expect(200);
    assert_eq!(names(&format!("limit=3&cursor={}", first.field("/next_cursor"))).await, "Gamma");
    let page = app.owner().get("/crm/opportunites?sort=largest&outcome=open&assigned_to=me").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let page = page.text();
    assert!(page.contains("Béta") && !page.contains("Gamma") && page.contains("name=\"assigned_to\" value=\"me\""));
    let empty = app.owner().get("/crm/opportunites?q=zz").await.expect(200).text();
    assert!(empty.contains("Aucun résultat"), "{empty}");
}

#[tokio::test]
async fn who_sees_only_their_own_meets_no_others() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let (user, sales) = salesperson(&app).await;
    let other = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let own = with(deal(&company), json!({ "name": "La mienne", "assigned_to": user }));
    let own = added(&program, OPPORTUNITIES, &own).await;
    assert_eq!(column(&sales.get(OPPORTUNITIES).await.expect(200), "id"), [own.as_str()]);
    for query in ["sort=largest", "outcome=open", &format!("stage={}", stage(1))] {
        assert_eq!(column(&sales.get(&format!("{OPPORTUNITIES}?{query}")).await.expect(200), "id"), [own.as_str()]);
    }
    let path = format!("{OPPORTUNITIES}/{other}");
    sales.get(&path).await.expect(404);
    sales.put(&path, &deal(&company)).await.expect(404);
    sales.post(&format!("{path}/move"), &json!({ "stage": stage(2) })).await.expect(404);
    sales.delete(&path).await.expect(404);
    for end in ["", "/modifier"] {
        sales.get(&format!("/crm/opportunites/{other}{end}")).await.expect(404);
    }
    for path in ["/crm/opportunites", "/crm", "/crm/pipeline", &format!("/crm/pipeline/etapes/{}", stage(1))] {
        let page = sales.get(path).await.expect(200);
        assert!(page.round_trips() <= Some(2), "{path}");
        assert!(!page.text().contains(&other) && !page.text().contains("Camille Propriétaire"), "{path}");
    }
    // The company is another's, and so is its page with what stands on it.
    sales.get(&format!("/crm/panneaux/opportunites/{company}")).await.expect(404);
    let figures = sales.get(&format!("{OPPORTUNITIES}/figures")).await.expect(200);
    assert_eq!(figures.field("/total/open"), "1");
    assert_eq!(program.get(&format!("{OPPORTUNITIES}/figures")).await.expect(200).field("/total/open"), "2");

    // Theirs names a company of another, and does not lead there; it stays when something else changes.
    let page = sales.get(&format!("/crm/opportunites/{own}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Boulangerie Dupré") && !page.text().contains(&format!("/crm/entreprises/{company}")));
    let kept = with(deal(&company), json!({ "amount": "7" }));
    assert_eq!(sales.put(&format!("{OPPORTUNITIES}/{own}"), &kept).await.expect(200).field("/company_id"), company);
    // They begin none with it, and give none away.
    assert_eq!(sales.post(OPPORTUNITIES, &deal(&company)).await.expect(422).violations(), ["/company_id"]);
    let own_company = added(&sales, COMPANIES, &json!({ "name": "Menuiserie Petit" })).await;
    let owner = app.user_with_role(Role::Owner);
    let given = with(deal(&own_company), json!({ "assigned_to": owner }));
    assert_eq!(sales.post(OPPORTUNITIES, &given).await.expect(422).violations(), ["/assigned_to"]);
    let page = sales.get("/crm/opportunites/nouvelle").await.expect(200);
    assert!(page.round_trips() <= Some(2) && page.text().contains(&own_company) && !page.text().contains(&company));
    for path in [
        "/crm/reglages/pipelines/nouveau".to_owned(),
        format!("/crm/reglages/pipelines/{}", "pip_00000000000000000000000001"),
    ] {
        sales.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn opportunities_are_given_to_a_colleague_together() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let (user, sales) = salesperson(&app).await;
    let one = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let two = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let owner = app.user_with_role(Role::Owner);
    let page = app.owner().get(&format!("/crm/reattribution?de={owner}")).await.expect(200);
    assert!(page.round_trips() <= Some(2) && page.text().contains(&one));
    let given = json!({ "to": user, "opportunities": [one, two] });
    let reply = program.post("/api/v1/contacts/reassignments", &given).await.expect(200);
    assert!(reply.round_trips() <= Some(3));
    assert_eq!(reply.field("/records"), "2");
    assert_eq!(column(&sales.get(OPPORTUNITIES).await.expect(200), "id").len(), 2);
    assert_eq!(sales.get(&format!("{OPPORTUNITIES}/figures")).await.expect(200).field("/total/open_minor"), "2400100");
    assert_eq!(told(&app, "opportunity.assigned.v1").len(), 4);
}

#[tokio::test]
async fn a_new_name_follows_into_opportunities() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let contact = added(&program, CONTACTS, &json!({ "last_name": "Durand" })).await;
    let body = with(deal(&company), json!({ "contact_id": contact }));
    // More than one chunk.
    let mut ids = Vec::new();
    for number in 0..17 {
        let body = with(body.clone(), json!({ "name": format!("Affaire {number:02}") }));
        ids.push(added(&program, OPPORTUNITIES, &body).await);
    }
    program
        .put(&format!("{COMPANIES}/{company}"), &with(bakery(), json!({ "name": "Fournil Dupré" })))
        .await
        .expect(200);
    let renamed = program.put(&format!("{CONTACTS}/{contact}"), &json!({ "last_name": "Martin" })).await.expect(200);
    assert!(renamed.round_trips() <= Some(3));
    assert_eq!(told(&app, "record.renamed.v1").len(), 2);
    for record in [&company, &contact] {
        deliver(&app, Event::RecordRenamed { record: record.clone() }).await;
    }
    for id in &ids {
        let one = program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200);
        assert_eq!((one.field("/company_name"), one.field("/contact_name")), ("Fournil Dupré".into(), "Martin".into()));
        assert_eq!(one.header("etag"), Some("\"3\""), "each name once");
    }
    let cards = app.owner().get(&format!("/crm/pipeline/etapes/{}", stage(1))).await.expect(200).text();
    assert_eq!(cards.matches("Fournil Dupré").count(), 17);
    // What did not change is told to nobody.
    program.put(&format!("{CONTACTS}/{contact}"), &json!({ "last_name": "Martin", "notes": "x" })).await.expect(200);
    assert_eq!(told(&app, "record.renamed.v1").len(), 2);
}

#[tokio::test]
async fn an_erased_contact_leaves_opportunities() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let contact = added(&program, CONTACTS, &json!({ "first_name": "Zoé", "last_name": "Évanescent" })).await;
    let both = with(deal(&company), json!({ "contact_id": contact }));
    let both = added(&program, OPPORTUNITIES, &both).await;
    let alone = json!({ "name": "Seule", "contact_id": contact });
    let alone = added(&program, OPPORTUNITIES, &alone).await;
    app.advance(jiff::SignedDuration::from_millis(5));
    program.delete(&format!("{CONTACTS}/{contact}")).await.expect(200);
    // Until the worker was there, nothing tells the log the name again.
    let moved = program.post(&format!("{OPPORTUNITIES}/{both}/move"), &json!({ "stage": stage(2) })).await;
    moved.expect(200);
    app.advance(jiff::SignedDuration::from_millis(5));
    deliver(&app, Event::ContactErased { contact: contact.parse().expect("an id") }).await;
    for (id, name) in [(&both, "Boulangerie Dupré"), (&alone, "")] {
        let one = program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200).json();
        assert_eq!(one["contact_name"], Value::Null);
        assert_eq!(one["company_name"].as_str().unwrap_or_default(), name);
    }
    // The erasure itself knows it until invoicing is done too.
    let ours = app.ours.id.ulid().to_string();
    let naming = app.items().into_iter().map(|item| item.to_string());
    let naming: Vec<_> = naming
        .filter(|item| item.contains(&ours) && item.contains("Évanescent") && !item.contains("\"ttl\""))
        .filter(|item| !item.contains("\"erasure\""))
        .collect();
    assert!(naming.is_empty(), "{naming:?}");
    assert_eq!(
        program.put(&format!("{OPPORTUNITIES}/{alone}"), &json!({ "name": "Seule" })).await.expect(422).violations(),
        ["/company_id"]
    );
    program.delete(&format!("{OPPORTUNITIES}/{alone}")).await.expect(204);
}

#[tokio::test]
async fn an_erased_client_is_called_as_others_who_were_erased() {
    let app = app().await;
    let program = app.program();
    let person = json!({ "name": "Ana Évanescente", "is_business": "false" });
    let person = added(&program, COMPANIES, &person).await;
    let deal = added(&program, OPPORTUNITIES, &deal(&person)).await;
    app.advance(jiff::SignedDuration::from_millis(5));
    program.delete(&format!("{COMPANIES}/{person}")).await.expect(200);
    deliver(&app, Event::ClientErased { client: person.parse().expect("an id") }).await;
    let read = program.get(&format!("{OPPORTUNITIES}/{deal}")).await.expect(200);
    assert_eq!(read.field("/company_name"), "Particulier effacé");
}

#[tokio::test]
async fn an_opportunity_is_written_by_its_form() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let owner = app.owner();
    let form =
        owner.get(&format!("/crm/opportunites/nouvelle?entreprise={company}&etape={}", stage(2))).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    assert!(form.text().contains(&format!("value=\"{company}\" selected")), "{}", form.text());
    assert!(form.text().contains(&format!("value=\"{}\" selected", stage(2))));
    let fields = [
        ("_key", "form-1"),
        ("name", "Rénovation"),
        ("company_id", &company),
        ("contact_id", ""),
        ("stage_id", &stage(2)),
        ("amount", "1 200,50"),
        ("probability", ""),
        ("priority", "high"),
    ];
    let first = owner.form("/crm/opportunites/nouvelle", &fields).await.expect(303);
    let second = owner.form("/crm/opportunites/nouvelle", &fields).await.expect(303);
    assert_eq!(first.header("location"), second.header("location"));
    let path = first.header("location").expect("a place").to_owned();
    let page = owner.get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    for expected in [
        "Rénovation",
        "Besoin identifié",
        "25\u{a0}%",
        "Haute",
        "/crm/panneaux/activites/opp_",
        "/crm/panneaux/fichiers/opp_",
    ] {
        assert!(page.text().contains(expected), "{expected}: {}", page.text());
    }
    // A quote is begun with what is known, by who may.
    let quote = format!("/facturation/devis/nouveau?client={company}&#38;opportunite=opp_");
    assert!(
        page.text().contains(&quote) && page.text().contains("objet=R%C3%A9novation&#38;montant=1200.50"),
        "{}",
        page.text()
    );
    let form = owner.get(&format!("{path}/modifier")).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    // The probability is its stage's, so it is not typed.
    assert!(
        form.text().contains("name=\"probability\" value=\"\"") && form.text().contains("value=\"1200,50\""),
        "{}",
        form.text()
    );
    let wrong = owner.form(&format!("{path}/modifier"), &[("name", ""), ("company_id", &company)]).await.expect(422);
    assert!(wrong.text().contains("Ce champ est obligatoire."));
    let changed = [("_version", "1"), ("name", "Rénovation"), ("company_id", &company), ("stage_id", &stage(3))];
    owner.form(&format!("{path}/modifier"), &changed).await.expect(303);
    let stale = owner.form(&format!("{path}/modifier"), &changed).await.expect(422).text();
    assert!(stale.contains("Quelqu’un a modifié cet élément"));
    let id = path.rsplit('/').next().expect("an id");
    assert_eq!(program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200).field("/probability"), "50");
    let panel = owner.get(&format!("/crm/panneaux/opportunites/{company}")).await.expect(200);
    assert!(panel.round_trips() <= Some(2) && panel.text().contains(id));
    owner.get("/crm/panneaux/opportunites/opp_00000000000000000000000001").await.expect(404);
    owner.form(&format!("{path}/supprimer"), &[("_version", "1")]).await.expect(303);
    owner.get(&path).await.expect(200);
    owner.form(&format!("{path}/supprimer"), &[("_version", "2")]).await.expect(303);
    owner.get(&path).await.expect(404);
}

#[tokio::test]
async fn won_lost_and_assigned_are_told_once() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let id = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let path = format!("{OPPORTUNITIES}/{id}/move");
    for (to, reason) in [(2, ""), (5, ""), (6, "Trop cher"), (6, "Trop cher"), (1, "")] {
        program.post(&path, &json!({ "stage": stage(to), "lost_reason": reason })).await.expect(200);
    }
    let counts = ["won", "lost", "assigned"].map(|name| told(&app, &format!("opportunity.{name}.v1")).len());
    assert_eq!(counts, [1, 1, 1]);
    let read = program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200).json();
    assert_eq!((read["closed_on"].clone(), read["lost_reason"].as_str()), (Value::Null, Some("")));
    assert_eq!(read["history"].as_array().map(Vec::len), Some(5));
}
