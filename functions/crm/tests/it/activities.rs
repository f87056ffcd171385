//! Activities by the API, on lists and on the pages of what they are about.

use aws_lambda_events::sqs::SqsEvent;
use jiff::SignedDuration;
use kernel::{
    Permission::{CrmCreate, CrmDelete, CrmEdit, CrmView},
    id::UserId,
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};

use crate::{ACTIVITIES, COMPANIES, CONTACTS, OPPORTUNITIES, added, app, bakery, column, with};

/// A call that is planned for the next day, at ten in Lyon.
fn call(company: &str) -> Value {
    json!({ "type": "call", "subject": "Rappeler pour le devis", "company_id": company, "on": "2026-11-23", "time": "10:00" })
}

async fn salesperson(app: &App) -> (UserId, Client) {
    app.with_new_member(own_records([CrmView, CrmCreate, CrmEdit, CrmDelete])).await
}

async fn contact(client: &Client, company: &str, name: &str) -> String {
    added(client, CONTACTS, &json!({ "company_id": company, "last_name": name })).await
}

/// What the worker is told.
pub async fn tell(app: &App, event: Value) {
    let body = json!({
        "id": "evt_01KAN8V3T0000000000EVT0009", "organization": app.ours.id, "at": "2026-11-22T09:00:00Z", "event": event,
    });
    let mut told: Value =
        serde_json::from_str(include_str!("../../../../events/crm-worker/activity_due.json")).expect("an event");
    told["Records"][0]["body"] = json!(body.to_string());
    let told: SqsEvent = serde_json::from_value(told).expect("an event");
    let answer = crm::worker::handle(app.deps.clone(), told).await.expect("the worker answers");
    assert_eq!(answer.batch_item_failures.len(), 0);
}

async fn subjects(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("{ACTIVITIES}{query}")).await.expect(200);
    assert!(list.round_trips() <= Some(2), "{query}");
    column(&list, "subject")
}

#[tokio::test]
async fn an_activity_is_planned_changed_done_and_deleted() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let made = program.post(ACTIVITIES, &call(&company)).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    assert_eq!((made.field("/status"), made.field("/company/name")), ("planned".into(), "Boulangerie Dupré".into()));
    assert_eq!(made.field("/assigned_to"), app.user_with_role(Role::Owner).to_string());
    let path = format!("{ACTIVITIES}/{}", made.field("/id"));

    let longer = with(call(&company), json!({ "minutes": "45", "place": "Lyon" }));
    let changed = program.clone().header("if-match", "\"1\"").put(&path, &longer).await.expect(200);
    assert!(changed.round_trips() <= Some(3));
    assert_eq!((changed.field("/minutes"), changed.header("etag")), ("45".into(), Some("\"2\"")));
    program.clone().header("if-match", "\"1\"").put(&path, &longer).await.expect(412);

    for _ in 0..2 {
        let done = program.post(&format!("{path}/complete"), &json!({})).await.expect(200);
        assert!(done.round_trips() <= Some(3));
        assert_eq!(
            (done.field("/status"), done.field("/completed_at")),
            ("completed".into(), "2026-11-22T09:00:00Z".into())
        );
        assert_eq!(done.header("etag"), Some("\"3\""));
    }
    assert_eq!(program.post(&format!("{path}/cancel"), &json!({})).await.expect(409).field("/code"), "activity_closed");
    let moved = json!({ "on": "2026-11-24" });
    assert_eq!(program.post(&format!("{path}/reschedule"), &moved).await.expect(409).field("/code"), "activity_closed");
    let open = program.post(&format!("{path}/reopen"), &json!({})).await.expect(200);
    assert_eq!((open.field("/status"), open.header("etag")), ("planned".into(), Some("\"4\"")));
    let moved = program.post(&format!("{path}/reschedule"), &moved).await.expect(200);
    assert_eq!((moved.field("/on"), moved.field("/time")), ("2026-11-24".into(), "10:00".into()));
    let cancelled = program.post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    assert_eq!(cancelled.field("/status"), "cancelled");

    app.stranger().get(&path).await.expect(404);
    app.stranger().delete(&path).await.expect(404);
    program.delete(&path).await.expect(204);
    program.get(&path).await.expect(404);
    let left = app.items_of(app.ours.id);
    assert!(left.keys().all(|(pk, _)| !pk.contains("#ACTIVITY#")), "its lines are gone too");
}

#[tokio::test]
async fn it_is_about_something_that_is_there() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let nothing = with(call(""), json!({}));
    assert_eq!(program.post(ACTIVITIES, &nothing).await.expect(422).violations(), ["/company_id"]);
    let theirs = added(&app.stranger(), COMPANIES, &bakery()).await;
    for (field, id) in [
        ("company_id", theirs.as_str()),
        ("contact_id", "con_00000000000000000000000000"),
        ("opportunity_id", "opp_00000000000000000000000000"),
    ] {
        let about = with(call(&company), json!({ field: id }));
        assert_eq!(program.post(ACTIVITIES, &about).await.expect(422).violations(), [format!("/{field}")]);
    }
    let hr = with(call(&company), json!({ "assigned_to": app.user_with_role(Role::Hr) }));
    assert_eq!(program.post(ACTIVITIES, &hr).await.expect(422).violations(), ["/assigned_to"]);
}

#[tokio::test]
async fn a_request_that_comes_twice_adds_one() {
    let app = app().await;
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let (program, call) = (app.program().idempotency_key("twice"), call(&company));
    let (first, second) = tokio::join!(program.post(ACTIVITIES, &call), program.post(ACTIVITIES, &call));
    assert_eq!(first.expect(201).field("/id"), second.expect(201).field("/id"));
    assert_eq!(subjects(&app.program(), "").await.len(), 1);
}

#[tokio::test]
async fn of_two_who_move_it_one_wins_and_the_other_is_told() {
    let app = app().await;
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let id = added(&app.program(), ACTIVITIES, &call(&company)).await;
    let path = format!("{ACTIVITIES}/{id}/reschedule");
    let seen = app.program().header("if-match", "\"1\"");
    let (a, b) = (json!({ "on": "2026-12-01" }), json!({ "on": "2026-12-02" }));
    let (a, b) = tokio::join!(seen.post(&path, &a), seen.post(&path, &b));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let now = app.program().get(&format!("{ACTIVITIES}/{id}")).await.expect(200);
    assert_eq!(now.header("etag"), Some("\"2\""));

    // The same by dragging: the page comes back with what happened.
    let owner = app.owner();
    let back = "/crm/calendrier?vue=mois&le=2026-12-01";
    let drag = |on: &'static str, version: &'static str| {
        [
            ("activity", id.clone()),
            ("on", on.into()),
            ("time", String::new()),
            ("retour", back.into()),
            ("_version", version.into()),
        ]
    };
    for (on, version, told) in [("2026-12-03", "1", "Quelqu"), ("2026-12-03", "2", "placé au jeudi")] {
        let fields = drag(on, version);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = owner.form("/crm/calendrier/deplacer", &fields).await.expect(303);
        assert!(reply.round_trips() <= Some(3));
        assert_eq!(reply.header("location"), Some(back));
        let cookie = reply.header("set-cookie").expect("a message").split(';').next().expect("a cookie").to_owned();
        let flash = cookie.split_once('=').expect("a message").1;
        let message = decoded(flash);
        assert!(message.contains(told), "{message}");
    }
    let elsewhere = [("activity", id.as_str()), ("on", "2026-12-04"), ("retour", "//evil.example")];
    let reply = owner.form("/crm/calendrier/deplacer", &elsewhere).await.expect(303);
    assert_eq!(reply.header("location"), Some("/crm/calendrier"));
}

/// Base64url, as the cookie of a message has it.
fn decoded(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else { break };
        bits = (bits << 6) | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn lists_are_narrowed_and_what_is_late_is_counted() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let manager = app.user_with_role(Role::Manager);
    for (subject, kind, on, who) in [
        ("Retard", "call", "2026-11-20", None),
        ("Jour", "task", "2026-11-22", None),
        ("Suite", "meeting", "2026-11-25", Some(manager)),
        ("Loin", "demo", "2027-01-05", None),
    ] {
        let mut activity = with(call(&company), json!({ "type": kind, "subject": subject, "on": on, "time": "" }));
        if let Some(who) = who {
            activity["assigned_to"] = json!(who);
        }
        added(&program, ACTIVITIES, &activity).await;
    }
    added(&program, ACTIVITIES, &json!({ "type": "note", "subject": "Vu", "company_id": company })).await;

    assert_eq!(subjects(&program, "?status=planned").await, ["Retard", "Jour", "Suite", "Loin"]);
    assert_eq!(subjects(&program, "?status=overdue").await, ["Retard"]);
    assert_eq!(subjects(&program, "?status=completed").await, ["Vu"]);
    assert_eq!(subjects(&program, "").await, ["Loin", "Suite", "Vu", "Jour", "Retard"]);
    assert_eq!(subjects(&program, "?from=2026-11-22&to=2026-11-25").await, ["Suite", "Vu", "Jour"]);
    assert_eq!(subjects(&program, "?from=2026-11-22&to=2026-11-25&status=planned").await, ["Jour", "Suite"]);
    assert_eq!(subjects(&program, "?type=demo").await, ["Loin"]);
    assert_eq!(subjects(&program, &format!("?assigned_to={manager}")).await, ["Suite"]);
    assert_eq!(subjects(&program, &format!("?record={company}")).await, ["Loin", "Suite", "Jour", "Retard", "Vu"]);
    assert_eq!(subjects(&program, &format!("?record={company}&status=planned&limit=1")).await, ["Retard"]);
    let first = program.get(&format!("{ACTIVITIES}?limit=2")).await.expect(200);
    let next = format!("?limit=2&cursor={}", first.field("/next_cursor"));
    assert_eq!(subjects(&program, &next).await, ["Vu", "Jour"]);
    for wrong in ["?type=dance", "?status=never", "?assigned_to=everybody"] {
        program.get(&format!("{ACTIVITIES}{wrong}")).await.expect(400);
    }
    assert_eq!(program.get(&format!("{ACTIVITIES}?from=hier")).await.expect(422).violations(), ["/from"]);
    program.get(&format!("{ACTIVITIES}?record=com_00000000000000000000000000")).await.expect(404);

    let overdue = program.get(&format!("{ACTIVITIES}/overdue")).await.expect(200);
    assert_eq!((overdue.field("/count"), overdue.field("/items/0/is_overdue")), ("1".into(), "true".into()));
    let panel = app.owner().get("/crm/panneaux/activites-en-retard").await.expect(200);
    assert!(panel.round_trips() <= Some(2));
    assert!(
        panel.text().contains("Activités en retard (1)") && panel.text().contains("Retard</a>"),
        "{}",
        panel.text()
    );
    // All of a day is late once it is over.
    app.advance(SignedDuration::from_hours(24));
    let overdue = program.get(&format!("{ACTIVITIES}/overdue")).await.expect(200);
    assert_eq!(column(&overdue, "subject"), ["Retard", "Jour"]);
    let page = app.owner().get("/crm/activites?status=overdue&type=task").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Jour</a>") && !page.text().contains("Retard</a>"));
}

#[tokio::test]
async fn a_record_tells_its_story_and_takes_a_line_more() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let company = added(&program, COMPANIES, &bakery()).await;
    let person = contact(&program, &company, "Durand").await;
    let both = with(call(&company), json!({ "contact_id": person }));
    let id = added(&program, ACTIVITIES, &both).await;
    for n in 0..30 {
        let note =
            json!({ "type": "note", "subject": format!("Note {n:02}"), "company_id": company, "description": "Mot" });
        added(&program, ACTIVITIES, &note).await;
        app.advance(SignedDuration::from_secs(1));
    }
    let panel = format!("/crm/panneaux/activites/{company}");
    let first = owner.get(&panel).await.expect(200);
    assert!(first.round_trips() <= Some(2));
    let text = first.text();
    assert!(text.contains("Rappeler pour le devis") && text.contains("Note 29") && !text.contains("Note 04"), "{text}");
    assert!(text.find("Note 29") < text.find("Note 28") && text.find("Rappeler") < text.find("Note 29"));
    assert!(
        text.contains(&format!("/crm/contacts/{person}")) && !text.contains(&format!("/crm/entreprises/{company}\""))
    );
    let next = text.split("hx-get=\"").find_map(|rest| rest.strip_prefix(&format!("{panel}?cursor=")));
    let next = format!("{panel}?cursor={}", next.expect("a next page").split('"').next().expect("a cursor"));
    let second = owner.get(&next).await.expect(200).text();
    assert!(second.contains("Note 04") && !second.contains("Note 05"), "{second}");
    assert!(owner.get(&format!("/crm/panneaux/activites/{person}")).await.expect(200).text().contains("Rappeler"));

    let line = [("_key", "k"), ("type", "call"), ("subject", "Appelé"), ("on", "")];
    let htmx = owner.clone().header("hx-request", "true");
    for _ in 0..2 {
        let added = htmx.form(&panel, &line).await.expect(200);
        assert!(added.round_trips() <= Some(3));
        assert!(added.text().contains(&format!("hx-get=\"{panel}\"")));
    }
    let text = owner.get(&panel).await.expect(200).text();
    assert_eq!(text.matches("Appelé").count(), 1);
    let wrong = htmx.form(&panel, &[("type", "meeting"), ("subject", ""), ("on", "")]).await.expect(422);
    assert_eq!(wrong.header("hx-retarget"), Some("#activity-quick"));
    assert!(wrong.text().contains("obligatoire") && wrong.text().contains("data-problem"), "{}", wrong.text());

    let done = htmx.form(&format!("{panel}/terminer"), &[("activity", &id)]).await.expect(200);
    assert!(done.round_trips() <= Some(3));
    assert_eq!(program.get(&format!("{ACTIVITIES}/{id}")).await.field("/status"), "completed");
    app.stranger().get(&panel).await.expect(404);
    app.stranger().form(&panel, &line).await.expect(404);
    app.stranger().form(&format!("{panel}/terminer"), &[("activity", &id)]).await.expect(404);
}

#[tokio::test]
async fn the_form_adds_and_changes() {
    let app = app().await;
    let owner = app.owner();
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let form =
        owner.get(&format!("/crm/activites/nouvelle?pour={company}&le=2026-11-24&heure=11:00")).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    for part in [&format!("value=\"{company}\" selected"), "value=\"2026-11-24\"", "value=\"11:00\""] {
        assert!(form.text().contains(part), "{part}: {}", form.text());
    }
    let fields = [
        ("_key", "k"),
        ("type", "meeting"),
        ("subject", "Visite"),
        ("company_id", &company),
        ("on", "2026-11-24"),
        ("time", "11h"),
        ("remind", "60"),
    ];
    let first = owner.form("/crm/activites/nouvelle", &fields).await.expect(303);
    let path = first.header("location").expect("a place").to_owned();
    assert_eq!(
        owner.form("/crm/activites/nouvelle", &fields).await.expect(303).header("location"),
        Some(path.as_str())
    );
    let page = owner.get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    for part in
        ["Visite", "Rendez-vous", "mardi 24\u{a0}novembre\u{a0}2026 à 11:00", "1 heure avant", "Boulangerie Dupré"]
    {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let form = owner.get(&format!("{path}/modifier")).await.expect(200);
    assert!(form.round_trips() <= Some(2) && form.text().contains("name=\"_version\" value=\"1\""));
    let wrong =
        owner.form(&format!("{path}/modifier"), &[("type", "meeting"), ("subject", "Visite")]).await.expect(422);
    assert!(wrong.text().contains("une entreprise, un contact ou une opportunité"), "{}", wrong.text());
    for (act, told) in [("terminer", "Terminée"), ("rouvrir", "Prévue"), ("annuler", "Annulée"), ("rouvrir", "Prévue")]
    {
        assert!(owner.form(&format!("{path}/{act}"), &[]).await.expect(303).round_trips() <= Some(3));
        assert!(owner.get(&path).await.text().contains(told), "{act}");
    }
    let moved = [("on", "2026-11-26"), ("time", ""), ("_version", "5")];
    owner.form(&format!("{path}/deplacer"), &moved).await.expect(303);
    assert!(owner.get(&path).await.text().contains("jeudi 26\u{a0}novembre\u{a0}2026<"));
    owner.form(&format!("{path}/supprimer"), &[("_version", "1")]).await.expect(412);
    owner.form(&format!("{path}/supprimer"), &[("_version", "6")]).await.expect(303);
    owner.get(&path).await.expect(404);
}

#[tokio::test]
async fn who_sees_only_their_own_finds_no_others() {
    let app = app().await;
    let program = app.program();
    let (user, salesperson) = salesperson(&app).await;
    let other = added(&program, COMPANIES, &bakery()).await;
    let own = added(&program, COMPANIES, &json!({ "name": "Menuiserie Petit", "assigned_to": user })).await;
    let hidden = added(&program, ACTIVITIES, &with(call(&own), json!({ "subject": "Cachée" }))).await;
    let given = with(call(&other), json!({ "subject": "Confiée", "assigned_to": user }));
    let given = added(&program, ACTIVITIES, &given).await;
    let mine = added(&salesperson, ACTIVITIES, &with(call(&own), json!({ "subject": "Mienne" }))).await;

    for query in ["", "?status=planned", "?assigned_to=me", "?from=2026-11-01&to=2026-12-31"] {
        let mut shown = subjects(&salesperson, query).await;
        shown.sort();
        assert_eq!(shown, ["Confiée", "Mienne"], "{query}");
    }
    assert_eq!(subjects(&salesperson, &format!("?record={own}")).await, ["Mienne"]);
    salesperson.get(&format!("{ACTIVITIES}?record={other}")).await.expect(404);
    salesperson.get(&format!("{ACTIVITIES}?assigned_to={}", app.user_with_role(Role::Owner))).await.expect(404);
    let cursor = program.get(&format!("{ACTIVITIES}?limit=1")).await.expect(200).field("/next_cursor");
    let rest = salesperson.get(&format!("{ACTIVITIES}?cursor={cursor}")).await.expect(200);
    assert!(!column(&rest, "id").contains(&hidden));

    let path = format!("{ACTIVITIES}/{hidden}");
    salesperson.get(&path).await.expect(404);
    salesperson.put(&path, &call(&own)).await.expect(404);
    salesperson.delete(&path).await.expect(404);
    for act in ["complete", "cancel", "reopen"] {
        salesperson.post(&format!("{path}/{act}"), &json!({})).await.expect(404);
    }
    salesperson.post(&format!("{path}/reschedule"), &json!({ "on": "2026-12-01" })).await.expect(404);
    let drag = [("activity", hidden.as_str()), ("on", "2026-12-01")];
    salesperson.form("/crm/calendrier/deplacer", &drag).await.expect(404);

    // They plan for themselves, about what is theirs.
    let refused = salesperson.post(ACTIVITIES, &call(&other)).await.expect(422);
    assert_eq!(refused.violations(), ["/company_id"]);
    let owner = with(call(&own), json!({ "assigned_to": app.user_with_role(Role::Owner) }));
    assert_eq!(salesperson.post(ACTIVITIES, &owner).await.expect(422).violations(), ["/assigned_to"]);
    // To what is theirs a page leads.
    let deal = json!({ "name": "Escalier", "company_id": own });
    let deal = added(&salesperson, OPPORTUNITIES, &deal).await;
    let about = added(&salesperson, ACTIVITIES, &with(call(&own), json!({ "opportunity_id": deal }))).await;
    let page = salesperson.get(&format!("/crm/activites/{about}")).await.expect(200);
    assert!(page.round_trips() <= Some(2) && page.text().contains(&format!("/crm/opportunites/{deal}\"")));
    // What they were given stays about the company of another, and does not lead there.
    let changed = with(call(&other), json!({ "subject": "Confiée à moi" }));
    salesperson.put(&format!("{ACTIVITIES}/{given}"), &changed).await.expect(200);
    for page in [format!("/crm/activites/{given}"), "/crm/activites".into()] {
        let page = salesperson.get(&page).await.expect(200);
        assert!(page.round_trips() <= Some(2));
        assert!(page.text().contains("Boulangerie Dupré") && !page.text().contains(&other), "{}", page.text());
        assert!(!page.text().contains("Cachée") && !page.text().contains("Toute l’équipe"));
    }
    let panel = salesperson.get(&format!("/crm/panneaux/activites/{own}")).await.expect(200);
    assert!(panel.round_trips() <= Some(2));
    assert!(panel.text().contains("Mienne") && !panel.text().contains("Cachée"));
    salesperson.get(&format!("/crm/panneaux/activites/{other}")).await.expect(404);
    let calendar = salesperson.get("/crm/calendrier?le=2026-11-23").await.expect(200);
    assert!(calendar.round_trips() <= Some(2));
    assert!(calendar.text().contains("Mienne") && !calendar.text().contains("Cachée"));
    assert!(!mine.is_empty());
}

#[tokio::test]
async fn what_is_done_with_a_contact_is_an_activity_of_theirs() {
    let app = app().await;
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let [seen, logged, forgotten] = ["Vu", "Noté", "Oublié"];
    let mut ids = Vec::new();
    for name in [seen, logged, forgotten] {
        ids.push(contact(&app.program(), &company, name).await);
    }
    let planned = with(call(&company), json!({ "contact_id": ids[0] }));
    let planned = added(&app.program(), ACTIVITIES, &planned).await;
    app.advance(SignedDuration::from_hours(24 * 365 * 3));
    let program = app.program();
    let done = program.post(&format!("{ACTIVITIES}/{planned}/complete"), &json!({})).await.expect(200);
    assert!(done.round_trips() <= Some(3));
    let note = json!({ "type": "note", "subject": "Toujours là", "contact_id": ids[1] });
    assert!(program.post(ACTIVITIES, &note).await.expect(201).round_trips() <= Some(3));
    // Planning is none.
    let plan = json!({ "type": "task", "subject": "Rappeler", "contact_id": ids[2], "on": "2030-01-01" });
    added(&program, ACTIVITIES, &plan).await;
    app.advance(SignedDuration::from_hours(48));
    assert_eq!(column(&program.get("/api/v1/contacts/due").await.expect(200), "name"), [forgotten]);
    app.advance(SignedDuration::from_hours(24 * 365 * 3));
    let mut due = column(&program.get("/api/v1/contacts/due").await.expect(200), "name");
    due.sort();
    assert_eq!(due, [logged, forgotten, seen]);
}

#[tokio::test]
async fn who_is_erased_is_in_no_activity() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let person = contact(&program, &company, "Durand").await;
    let both = added(&program, ACTIVITIES, &with(call(&company), json!({ "contact_id": person }))).await;
    let alone = json!({ "type": "note", "subject": "Confidentiel", "contact_id": person });
    let alone = added(&program, ACTIVITIES, &alone).await;
    program.delete(&format!("{CONTACTS}/{person}")).await.expect(200);
    // Still there until the worker comes; completing does not wait for it.
    program.post(&format!("{ACTIVITIES}/{both}/complete"), &json!({})).await.expect(200);
    let erased = json!({ "name": "contact.erased.v1", "data": { "contact": person } });
    for _ in 0..2 {
        tell(&app, erased.clone()).await;
    }
    assert!(app.written_under("#OUTBOX#").contains("record.deleted.v1"), "it is looked for once more");
    let left = program.get(&format!("{ACTIVITIES}/{both}")).await.expect(200).json();
    assert!(left.get("contact").is_none() && left["company"]["id"] == json!(company), "{left}");
    program.get(&format!("{ACTIVITIES}/{alone}")).await.expect(404);
    let items = app.items_of(app.ours.id);
    for ((pk, _), item) in items.iter().filter(|((pk, _), _)| pk.contains("#ACTIVITY#") || pk.contains("#AUDIT#")) {
        let told = item.to_string();
        assert!(!told.contains("Durand"), "{pk}: {told}");
        // What was typed freely is in the log of who typed it, and nowhere else.
        assert!(pk.contains("#AUDIT#") || !told.contains("Confidentiel"), "{pk}: {told}");
    }

    let person = added(&program, COMPANIES, &json!({ "name": "Ana Petit", "is_business": "false" })).await;
    let about = added(&program, ACTIVITIES, &call(&person)).await;
    program.delete(&format!("{COMPANIES}/{person}")).await.expect(200);
    tell(&app, json!({ "name": "client.erased.v1", "data": { "client": person } })).await;
    program.get(&format!("{ACTIVITIES}/{about}")).await.expect(404);
}

#[tokio::test]
async fn a_record_that_is_renamed_is_followed() {
    use crm::{activity, record::Record};
    let app = app().await;
    let program = app.program();
    let [first, second] = [
        added(&program, COMPANIES, &bakery()).await,
        added(&program, COMPANIES, &with(bakery(), json!({ "name": "Autre" }))).await,
    ];
    let id = added(&program, ACTIVITIES, &call(&first)).await;
    let record = |id: &str| id.parse::<Record>().expect("a record");
    let scope = app.scope();
    activity::renamed(&scope, record(&first), "Maison Dupré").await.expect("it is renamed");
    let path = format!("{ACTIVITIES}/{id}");
    assert_eq!(program.get(&path).await.expect(200).field("/company/name"), "Maison Dupré");
    assert_eq!(program.get(&path).await.header("etag"), Some("\"2\""));
    // Again, and about another: nothing.
    activity::renamed(&scope, record(&first), "Maison Dupré").await.expect("it is renamed");
    activity::renamed(&scope, record(&second), "Autre").await.expect("nothing is");
    assert_eq!(program.get(&path).await.header("etag"), Some("\"2\""));
}

#[tokio::test]
async fn what_is_planned_is_given_away_with_the_rest() {
    let app = app().await;
    let program = app.program();
    let (user, salesperson) = salesperson(&app).await;
    let company = added(&salesperson, COMPANIES, &bakery()).await;
    let planned = added(&salesperson, ACTIVITIES, &call(&company)).await;
    let done =
        added(&salesperson, ACTIVITIES, &json!({ "type": "note", "subject": "Fait", "company_id": company })).await;
    app.part_with(user).await;
    let page = app.owner().get(&format!("/crm/reattribution?de={user}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains(&planned) && !page.text().contains(&done), "{}", page.text());
    let manager = app.user_with_role(Role::Manager);
    let given = json!({ "to": manager, "activities": [planned, done] });
    let given = program.post("/api/v1/contacts/reassignments", &given).await.expect(200);
    assert!(given.round_trips() <= Some(3));
    assert_eq!(given.field("/records"), "1");
    assert_eq!(subjects(&program, &format!("?assigned_to={manager}&status=planned")).await.len(), 1);
    assert_eq!(program.get(&format!("{ACTIVITIES}/{done}")).await.field("/assigned_to"), user.to_string());
}
