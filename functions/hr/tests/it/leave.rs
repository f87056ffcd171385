//! Leave: what is earned, who asks and decides, who sees what.

use aws_lambda_events::sqs::SqsEvent;
use jiff::SignedDuration;
use kernel::{
    event::{Envelope, Queue},
    id::UserId,
    permission::Role,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, pressed};

pub const EMPLOYEES: &str = "/api/v1/employees";
pub const PAID_LEAVE: &str = "lty_00000000000000000000000001";
pub const SICKNESS: &str = "lty_00000000000000000000000003";

/// A team: the manager, who reports to nobody, an employee and a colleague of theirs; none has a role in HR.
pub struct Team {
    pub app: App,
    pub manager: (String, Client),
    pub ines: (String, Client),
    pub leo: (String, Client),
    done: Vec<String>,
}

async fn added(app: &App, name: &str, user: UserId, manager: &str) -> String {
    let body = json!({
        "employee": {
            "number": name, "first_name": name, "last_name": "Moreau", "hired_on": "2024-06-01",
            "user_id": user, "manager_id": manager,
        },
        "contract": {},
    });
    app.program().post(EMPLOYEES, &body).await.expect(201).field("/id")
}

impl Team {
    pub async fn new() -> Self {
        let app = app().await;
        let mut members = Vec::new();
        for name in ["Ada", "Ines", "Leo"] {
            let (user, client) = app.with_new_member(Role::Member.into()).await;
            let manager = members.first().map(|(id, _): &(String, Client)| id.clone()).unwrap_or_default();
            members.push((added(&app, name, user, &manager).await, client));
        }
        let [manager, ines, leo] = <[_; 3]>::try_from(members).ok().expect("three");
        let mut team = Self { app, manager, ines, leo, done: Vec::new() };
        team.work().await;
        team
    }

    /// What is on the worker's queue, all of it, once.
    async fn work(&mut self) {
        loop {
            let events = self.app.items().into_iter().filter(|item| item["type"]["S"] == "event");
            let text = |item: Value| item["envelope"]["S"].as_str().unwrap_or_default().to_owned();
            let mut envelopes: Vec<Envelope> =
                events.map(|item| serde_json::from_str(&text(item)).expect("an envelope")).collect();
            envelopes.retain(|envelope| {
                envelope.event.queues().contains(&Queue::Hr) && !self.done.contains(&envelope.id.to_string())
            });
            let Some(envelope) = envelopes.into_iter().min_by_key(|envelope| envelope.id) else { return };
            self.deliver(&envelope).await;
            self.done.push(envelope.id.to_string());
        }
    }

    async fn deliver(&self, envelope: &Envelope) {
        let body = serde_json::to_string(envelope).expect("JSON");
        let event: SqsEvent =
            serde_json::from_value(json!({ "Records": [{ "messageId": "1", "body": body }] })).expect("a message");
        let answer = hr::worker::handle(self.app.deps.clone(), event).await.expect("the worker answers");
        assert!(answer.batch_item_failures.is_empty(), "{envelope:?}");
    }

    /// The clock comes by for everybody.
    async fn tick(&self) {
        for (employee, _) in [&self.manager, &self.ines, &self.leo] {
            let envelope = json!({
                "id": "evt_00000000000000000000000001", "organization": self.app.ours.id,
                "at": "2026-01-01T00:00:00Z",
                "event": { "name": "leave_account.due.v1", "data": { "employee": employee } },
            });
            self.deliver(&serde_json::from_value(envelope).expect("an envelope")).await;
        }
    }

    fn events(&self, name: &str) -> usize {
        self.app.written_under("OUTBOX").matches(name).count()
    }

    async fn ask(&self, from: &str, to: &str) -> (u16, String, Value) {
        let (id, client) = &self.ines;
        let body = json!({ "type_id": PAID_LEAVE, "from": from, "to": to, "comment": "Mariage de ma cousine" });
        let reply = client.post(&format!("{EMPLOYEES}/{id}/leave-requests"), &body).await;
        let path = format!("{EMPLOYEES}/{id}/leave-requests/{}", reply.json()["id"].as_str().unwrap_or_default());
        (reply.status.as_u16(), path, reply.json())
    }

    /// Of paid leave that Inès may take: the year and what is left of it.
    async fn left(&self) -> Vec<(String, String)> {
        let leave = self.ines.1.get(&format!("{EMPLOYEES}/{}/leave", self.ines.0)).await.expect(200).json();
        let balances = leave["balances"].as_array().expect("balances").clone();
        let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
        balances.iter().map(|one| (text(one, "year"), text(one, "left"))).collect()
    }

    /// The account of an employee.
    pub fn user_of(&self, employee: &str) -> String {
        let items = self.app.items();
        let found = items.iter().find(|item| item["type"]["S"] == "employee" && item["id"]["S"] == employee);
        found.and_then(|item| item["user"]["S"].as_str()).expect("an account").to_owned()
    }

    fn stored(&self) -> Value {
        let account = self
            .app
            .items()
            .into_iter()
            .find(|item| item["type"]["S"] == "leave_account" && item["employee"]["S"] == self.ines.0.as_str());
        account.expect("an account")["sums"].clone()
    }
}

/// The civil date of the application.
fn today(app: &App) -> jiff::civil::Date {
    app.scope().now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// A Monday, some weeks from now.
pub fn monday(app: &App, weeks: i64) -> jiff::civil::Date {
    use jiff::ToSpan;
    let today = today(app);
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).expect("a date");
    monday.checked_add((7 * weeks).days()).expect("a date")
}

pub fn days(monday: jiff::civil::Date, count: i64) -> (String, String) {
    use jiff::ToSpan;
    (monday.to_string(), monday.checked_add((count - 1).days()).expect("a date").to_string())
}

#[tokio::test]
async fn one_asks_and_the_manager_decides() {
    let mut team = Team::new().await;
    let before = team.left().await;
    let (from, to) = days(monday(&team.app, 3), 2);
    let (status, path, asked) = team.ask(&from, &to).await;
    assert_eq!((status, asked["state"].as_str()), (201, Some("pending")));
    assert_ne!(team.left().await, before, "its days are reserved");
    team.work().await;
    // The queue tells it once more.
    team.done.clear();
    team.work().await;
    let mails = team.app.written_under("MAIL#");
    assert!(mails.contains("valider") && mails.contains("Ines Moreau"), "{mails}");
    assert!(!mails.contains("cousine") && !mails.contains("Congés payés"), "a mail never says why: {mails}");
    assert_eq!(team.events("leave.presented.v1"), 1);
    // Neither a colleague nor who asks may decide, nor is there anything for who is no colleague.
    let yes = json!({ "comment": "Bonnes vacances" });
    team.ines.1.post(&format!("{path}/approve"), &yes).await.expect(403);
    team.leo.1.post(&format!("{path}/approve"), &yes).await.expect(404);
    team.leo.1.get(&path).await.expect(404);
    team.app.stranger().get(&path).await.expect(404);
    let awaited = team.manager.1.get("/api/v1/leave/awaited").await.expect(200).json();
    assert_eq!(awaited["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(awaited["items"][0]["days"], "2");
    let page = team.manager.1.get("/rh/conges/a-valider").await.expect(200).text();
    assert!(page.contains("Ines Moreau"), "{page}");
    let said = team.manager.1.post(&format!("{path}/approve"), &yes).await.expect(200);
    assert_eq!((said.field("/state"), said.field("/decision_comment")), ("approved".into(), "Bonnes vacances".into()));
    assert!(said.round_trips() <= Some(3));
    assert_eq!(team.events("leave.approved.v1"), 1);
    // A colleague sees that she is away, and no more; her manager of what kind it is.
    let absences = format!("/api/v1/leave/absences?from={from}&to={to}");
    let seen = team.leo.1.get(&absences).await.expect(200).json();
    assert_eq!(seen["items"][0]["employee_id"], team.ines.0.as_str());
    assert!(seen["items"][0]["type_id"].is_null() && seen["items"][0]["request_id"].is_null(), "{seen}");
    assert_eq!(team.manager.1.get(&absences).await.expect(200).json()["items"][0]["type_id"], PAID_LEAVE);
    let month = &from[..7];
    let page = team.leo.1.get(&format!("/rh/conges/calendrier?month={month}")).await.expect(200).text();
    assert!(page.contains("Absent") && !page.contains("Congés payés"), "{page}");
    // She takes it back before it begins.
    team.ines.1.post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    assert_eq!(team.left().await, before);
    assert_eq!(team.leo.1.get(&absences).await.expect(200).json()["items"].as_array().map(Vec::len), Some(0));
    // What the log tells is that, and not why.
    let log = team.app.written_under("AUDIT");
    assert!(log.contains("approve_leave") && !log.contains("cousine") && !log.contains(PAID_LEAVE), "{log}");
}

#[tokio::test]
async fn who_is_away_today_is_told_to_everybody_and_why_to_who_may_see_it() {
    use jiff::ToSpan;
    let team = Team::new().await;
    let widget = "/rh/widgets/absents";
    let nobody = team.leo.1.get(widget).await.expect(200).text();
    assert!(nobody.contains("Personne n’est absent"), "{nobody}");
    let day = |days: i64| today(&team.app).saturating_add(days.days()).to_string();
    let path = format!("{EMPLOYEES}/{}/leave-requests", team.ines.0);
    let hr = team.app.with_role(Role::Hr);
    let ill = json!({ "type_id": SICKNESS, "from": day(-2), "to": day(2), "comment": "Grippe" });
    let id = hr.post(&path, &ill).await.expect(201).field("/id");
    // Only asked for: nobody is away for that yet.
    let wanted = json!({ "type_id": PAID_LEAVE, "from": day(-2), "to": day(3) });
    let path = format!("{EMPLOYEES}/{}/leave-requests", team.leo.0);
    team.leo.1.post(&path, &wanted).await.expect(201);
    let page = team.leo.1.get(widget).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let seen = page.text();
    assert!(seen.contains("Ines Moreau") && !seen.contains("Leo Moreau"), "{seen}");
    assert!(!seen.contains("maladie") && !seen.contains("Maladie") && !seen.contains(&id), "{seen}");
    for client in [&team.manager.1, &team.ines.1, &hr] {
        let seen = client.get(widget).await.expect(200).text();
        assert!(seen.contains(&id) && seen.to_lowercase().contains("maladie"), "{seen}");
        assert!(!seen.contains("Grippe"), "{seen}");
    }
}

#[tokio::test]
async fn two_who_decide_at_once_are_one_decision() {
    let team = Team::new().await;
    let (from, to) = days(monday(&team.app, 3), 2);
    let (_, path, _) = team.ask(&from, &to).await;
    let hr = team.app.with_role(Role::Hr);
    let (yes, no) = (format!("{path}/approve"), format!("{path}/refuse"));
    let (comment, nothing) = (json!({ "comment": "Trop de monde absent" }), json!({}));
    let (first, second) = tokio::join!(team.manager.1.post(&yes, &nothing), hr.post(&no, &comment));
    let mut told = [first.status.as_u16(), second.status.as_u16()];
    told.sort_unstable();
    assert_eq!(told, [200, 409]);
    assert_eq!(team.events("leave.approved.v1") + team.events("leave.refused.v1"), 1);
}

#[tokio::test]
async fn a_double_click_asks_once() {
    let team = Team::new().await;
    let (id, client) = &team.ines;
    let day = monday(&team.app, 3).to_string();
    let fields = [("_key", "once"), ("type_id", PAID_LEAVE), ("from", day.as_str())];
    let path = format!("/rh/conges/{id}/demander");
    let first = client.form(&path, &fields).await.expect(303);
    let again = client.form(&path, &fields).await.expect(303);
    assert_eq!(first.header("location"), again.header("location"));
    let page = client.get(first.header("location").expect("a page")).await.expect(200).text();
    assert!(page.contains("Retirer la demande") && page.contains("1\u{a0}jour"), "{page}");
    let other = [("type_id", PAID_LEAVE), ("from", day.as_str())];
    let refused = client.form(&path, &other).await.expect(422).text();
    assert!(refused.contains("Une autre absence est déjà posée"), "{refused}");
    let live = format!("/rh/conges/{id}/decompte?type_id={PAID_LEAVE}&from={day}");
    let live = client.get(&live).await.expect(200).text();
    assert!(live.contains("1\u{a0}jour") && live.contains("Une autre absence est déjà posée"), "{live}");
    let empty = client.get(&format!("/rh/conges/{id}/decompte")).await.expect(200).text();
    assert!(empty.contains("Choisissez des dates"));
}

#[tokio::test]
async fn however_many_ask_at_once_no_more_is_taken_than_there_is() {
    let mut team = Team::new().await;
    // All but 12 days are taken back.
    let left = team.left().await;
    let left_years: Vec<_> = left.iter().map(|(year, _)| year.clone()).collect();
    for (year, left) in &left {
        let keep = if Some(year) == left_years.last() { 12 } else { 0 };
        let days = Decimal::from(keep) - left.parse::<Decimal>().expect("days");
        let correction = json!({ "type_id": PAID_LEAVE, "year": year, "days": days.to_string(), "reason": "Reprise" });
        team.app.owner().post(&format!("{EMPLOYEES}/{}/leave/adjustments", team.ines.0), &correction).await.expect(200);
    }
    team.work().await;
    let mut seed = 7_u64;
    for round in 0..4 {
        let asks: Vec<_> = (0..4)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                days(monday(&team.app, 2 + (seed >> 33) as i64 % 6), 1 + (seed >> 40) as i64 % 5)
            })
            .collect();
        let (a, b, c, d) = tokio::join!(
            team.ask(&asks[0].0, &asks[0].1),
            team.ask(&asks[1].0, &asks[1].1),
            team.ask(&asks[2].0, &asks[2].1),
            team.ask(&asks[3].0, &asks[3].1),
        );
        for (status, path, _) in [a, b, c, d] {
            assert!(matches!(status, 201 | 422), "{status}");
            if status == 201 && round % 2 == 0 {
                team.manager.1.post(&format!("{path}/approve"), &json!({})).await.expect(200);
            }
        }
        for (year, left) in team.left().await {
            assert!(!left.starts_with('-'), "round {round}: {left} left of {year}");
        }
        // What is stored is what facts say: the clock changes nothing of it.
        let stored = team.stored();
        team.tick().await;
        assert_eq!(team.stored(), stored);
    }
}

#[tokio::test]
async fn the_clock_counts_each_month_once_however_late() {
    let team = Team::new().await;
    let first = team.stored();
    team.tick().await;
    team.tick().await;
    assert_eq!(team.stored(), first, "twice is once");
    team.app.advance(SignedDuration::from_hours(24 * 70));
    team.tick().await;
    let late = team.stored();
    assert_ne!(late, first);
    team.tick().await;
    assert_eq!(team.stored(), late);
}

#[tokio::test]
async fn what_waits_is_taken_back_or_decided_on_though_somebody_was_told_of_it_meanwhile() {
    let mut team = Team::new().await;
    let (ines, manager) = (team.ines.1.clone(), team.manager.1.clone());
    for (weeks, act, client) in [(3, "retirer", &ines), (4, "approuver", &manager)] {
        let (from, to) = days(monday(&team.app, weeks), 1);
        let (_, path, _) = team.ask(&from, &to).await;
        let path = path.replace(EMPLOYEES, "/rh/conges").replace("/leave-requests", "");
        let page = client.get(&path).await.expect(200).text();
        team.work().await;
        pressed(client, &page, &format!("{path}/{act}"), &[]).await.expect(303);
        pressed(client, &page, &format!("{path}/{act}"), &[("comment", "Encore")]).await.expect(422);
    }
    assert!(team.app.written_under("MAIL#").contains("Congé d’Ines Moreau à valider"));
    // A draft says something else once it is edited: who saw it before is told.
    let (id, path) = (&team.ines.0, format!("{EMPLOYEES}/{}/leave-requests", team.ines.0));
    let draft = |weeks: i64| {
        let day = monday(&team.app, weeks).to_string();
        json!({ "type_id": PAID_LEAVE, "from": day, "is_draft": "true" })
    };
    let made = ines.post(&path, &draft(5)).await.expect(201).field("/id");
    let own = format!("/rh/conges/{id}/{made}");
    let page = ines.get(&own).await.expect(200).text();
    ines.put(&format!("{path}/{made}"), &draft(6)).await.expect(200);
    let stale = pressed(&ines, &page, &format!("{own}/retirer"), &[]).await.expect(422).text();
    assert!(stale.contains("Quelqu’un a modifié cet élément"), "{stale}");
}

#[tokio::test]
async fn what_a_balance_offers_is_done_by_its_button() {
    let team = Team::new().await;
    let hr = team.app.with_role(Role::Hr);
    let path = format!("/rh/conges/{}", team.ines.0);
    let page = hr.get(&path).await.expect(200).text();
    assert!(page.contains("2 jours dus") && page.contains("à prendre jusqu’au 31/05/2027"), "{page}");
    assert!(page.contains("Congés d’Ines Moreau"), "{page}");
    pressed(&hr, &page, &format!("{path}/corriger"), &[]).await.expect(303);
    assert!(!page.contains("Reporter de 15 mois"), "they were not ill: {page}");
    let ill = json!({ "type_id": SICKNESS, "from": "2026-10-12", "to": "2026-11-14" });
    hr.post(&format!("{EMPLOYEES}/{}/leave-requests", team.ines.0), &ill).await.expect(201);
    let page = hr.get(&path).await.expect(200).text();
    pressed(&hr, &page, &format!("{path}/informer"), &[("on", "2026-11-20")]).await.expect(303);
    let page = hr.get(&path).await.expect(200).text();
    assert!(page.contains("Jours de fractionnement") && !page.contains("jours dus"), "{page}");
    // Once, and as many as the law says.
    let more = json!({ "type_id": PAID_LEAVE, "year": "2025-06-01", "days": "30", "why": "split" });
    let again = hr.post(&format!("{EMPLOYEES}/{}/leave/adjustments", team.ines.0), &more).await.expect(422);
    assert_eq!(again.violations(), ["/days"]);
}

#[tokio::test]
async fn who_has_leave_to_take_is_reminded_once_before_it_is_lost() {
    let team = Team::new().await;
    team.tick().await;
    assert!(!team.app.written_under("MAIL#").contains("Congés à prendre avant le"));
    // From 22 November to 2 April.
    team.app.advance(SignedDuration::from_hours(24 * 131));
    team.tick().await;
    team.tick().await;
    let mails = team.app.written_under("MAIL#");
    assert!(mails.contains("Il vous reste 30\u{a0}jours de congés payés, acquis de juin"), "{mails}");
    let told =
        team.app.items().into_iter().filter(|item| item["type"]["S"] == "mail" || item["subject"]["S"].is_string());
    let told = told.filter(|item| item.to_string().contains("Congés à prendre avant le 31")).count();
    assert_eq!(told, 3, "each of them once");
}

#[tokio::test]
async fn what_was_lost_stays_visible_for_a_year() {
    let team = Team::new().await;
    let id = team.ines.0.clone();
    // From November 2026 to June 2027.
    team.app.advance(SignedDuration::from_hours(24 * 200));
    team.tick().await;
    let (_, hr) = team.app.with_new_member(Role::Hr.into()).await;
    let leave = hr.get(&format!("{EMPLOYEES}/{id}/leave")).await.expect(200).json();
    let of_2025 =
        leave["balances"].as_array().and_then(|all| all.iter().find(|one| one["year"] == "2025-06-01")).cloned();
    let of_2025 = of_2025.expect("what was lost");
    assert_eq!((&of_2025["lost"], &of_2025["left"]), (&json!("30"), &json!("0")));
    let page = hr.get(&format!("/rh/conges/{id}")).await.expect(200).text();
    assert!(page.contains("30 perdus"), "{page}");
    let file = hr.get("/api/v1/leave/balances/export").await.expect(200).text();
    assert!(
        file.contains("Ines;Moreau;Ines;Congés payés;01/06/2025;31/05/2026;jours ouvrables;30;0;0;30;0;31/05/2027"),
        "{file}"
    );
    team.app.advance(SignedDuration::from_hours(24 * 365));
    team.tick().await;
    let (_, hr) = team.app.with_new_member(Role::Hr.into()).await;
    let leave = hr.get(&format!("{EMPLOYEES}/{id}/leave")).await.expect(200).json();
    assert!(leave["balances"].as_array().is_some_and(|all| all.iter().all(|one| one["year"] != "2025-06-01")));
}

#[tokio::test]
async fn what_an_absence_takes_is_told_with_what_is_unusual_of_it() {
    let team = Team::new().await;
    let (id, ines) = &team.ines;
    let live = async |type_id: &str, from: &str, to: &str, hours: &str| {
        let path = format!("/rh/conges/{id}/decompte?type_id={type_id}&from={from}&to={to}&hours={hours}");
        ines.get(&path).await.expect(200).text()
    };
    // 30 jours ouvrables, and 24.
    let long = live(PAID_LEAVE, "2027-02-01", "2027-03-06", "").await;
    assert!(long.contains("30\u{a0}jours") && long.contains("L3141-17"), "{long}");
    let usual = live(PAID_LEAVE, "2027-02-01", "2027-02-27", "").await;
    assert!(usual.contains("24\u{a0}jours") && !usual.contains("L3141-17"), "{usual}");
    assert!(usual.contains("Reprise le lundi 1er\u{a0}mars"), "{usual}");
    // Who decides is told the same.
    let (_, path, _) = team.ask("2027-02-01", "2027-03-06").await;
    let page = path.replace("/api/v1/employees", "/rh/conges").replace("/leave-requests", "");
    let page = team.manager.1.get(&page).await.expect(200).text();
    assert!(page.contains("L3141-17") && page.contains("Approuver"), "{page}");
    let year = [("type_id", PAID_LEAVE), ("from", "2027-01-01"), ("to", "2028-06-30")];
    let refused = ines.form(&format!("/rh/conges/{id}/demander"), &year).await.expect(422).text();
    assert!(refused.contains("366 jours au plus"), "{refused}");
}

#[tokio::test]
async fn half_a_day_is_a_morning_or_an_afternoon() {
    let team = Team::new().await;
    let (id, ines) = &team.ines;
    let day = monday(&team.app, 3).to_string();
    let both = [("type_id", PAID_LEAVE), ("from", &day), ("starts_at_noon", "true"), ("ends_at_noon", "true")];
    let refused = ines.form(&format!("/rh/conges/{id}/demander"), &both).await.expect(422).text();
    assert!(refused.contains("cochez le matin ou l’après-midi, pas les deux"), "{refused}");
}

#[tokio::test]
async fn nobody_asks_for_days_on_which_they_were_not_there() {
    let team = Team::new().await;
    let early = json!({ "type_id": SICKNESS, "from": "2024-05-30", "to": "2024-06-05" });
    let path = format!("{EMPLOYEES}/{}/leave-requests", team.ines.0);
    let refused = team.app.with_role(Role::Hr).post(&path, &early).await.expect(422);
    assert_eq!(refused.violations(), ["/from"]);
}

#[tokio::test]
async fn who_does_not_decide_is_reminded_once() {
    let mut team = Team::new().await;
    let (from, to) = days(monday(&team.app, 8), 2);
    team.ask(&from, &to).await;
    team.work().await;
    team.tick().await;
    assert_eq!(team.events("leave.presented.v1"), 1, "not before its day");
    team.app.advance(SignedDuration::from_hours(24 * 4));
    team.tick().await;
    team.tick().await;
    assert_eq!(team.events("leave.presented.v1"), 2);
    assert!(team.app.written_under("MAIL#").contains("Rappel"));
}

#[tokio::test]
async fn illness_in_leave_gives_its_days_back() {
    let team = Team::new().await;
    let before = team.left().await;
    let monday = monday(&team.app, 3);
    let (from, to) = days(monday, 5);
    let (status, path, asked) = team.ask(&from, &to).await;
    assert_eq!(status, 201, "{asked}");
    team.manager.1.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    let taken = team.left().await;
    assert_ne!(taken, before);
    // Entered by who keeps the files and decides: at once.
    let ill = json!({ "type_id": SICKNESS, "from": from, "to": to });
    let path = format!("{EMPLOYEES}/{}/leave-requests", team.ines.0);
    let entered = team.app.with_role(Role::Hr).post(&path, &ill).await.expect(201);
    assert_eq!(entered.field("/state"), "approved");
    let given_back = team.left().await;
    // The Saturday before the return, on which she was not ill, stays taken where days are ouvrables.
    assert_ne!(given_back, taken);
    let page = team.ines.1.get(&format!("/rh/conges/{}", team.ines.0)).await.expect(200).text();
    assert!(page.contains("Rendu"), "{page}");
}

#[tokio::test]
async fn what_is_taken_by_hours_is_told_to_pay_in_hours() {
    let team = Team::new().await;
    let hr = team.app.with_role(Role::Hr);
    let types = "/api/v1/leave/types";
    let new = json!({ "name": "Délégation", "unit": "hours", "is_paid": "true", "is_active": "true" });
    hr.put(types, &json!({ "types": [new] })).await.expect(200);
    let known = hr.get(types).await.expect(200).json();
    let id = known["types"].as_array().and_then(|types| types.iter().find(|one| one["name"] == "Délégation"));
    let id = id.expect("the type")["id"].clone();
    let monday = monday(&team.app, 1);
    let path = format!("{EMPLOYEES}/{}/leave-requests", team.ines.0);
    let (from, _) = days(monday, 1);
    let asked = json!({ "type_id": id, "from": from, "to": from, "hours": "2:30" });
    hr.post(&path, &asked).await.expect(201);
    let month = &from[..7];
    let told = hr.get(&format!("/api/v1/payrolls/{month}")).await.expect(200).json();
    let line = told["lines"].as_array().and_then(|lines| lines.iter().find(|line| line["first_name"] == "Ines"));
    let line = line.expect("a line");
    assert_eq!(
        (&line["absence_hours"], &line["absences"]),
        (&json!([{ "name": "Délégation", "minutes": 150 }]), &json!([]))
    );
    let file = hr.get(&format!("/api/v1/payrolls/{month}/export")).await.expect(200).text();
    assert!(file.contains("2,5;Délégation 2,5 h"), "{file}");
}

#[tokio::test]
async fn who_was_ill_is_told_what_they_may_still_take() {
    let mut team = Team::new().await;
    let (year, _) = team.left().await.first().cloned().expect("a year");
    let informed = json!({ "type_id": PAID_LEAVE, "year": year });
    let path = format!("{EMPLOYEES}/{}/leave/information", team.ines.0);
    team.ines.1.post(&path, &informed).await.expect(403);
    assert_eq!(team.app.owner().post(&path, &informed).await.expect(422).violations(), ["/on"], "they were not ill");
    let ill = json!({ "type_id": SICKNESS, "from": "2026-10-12", "to": "2026-11-14" });
    team.app.owner().post(&format!("{EMPLOYEES}/{}/leave-requests", team.ines.0), &ill).await.expect(201);
    let told = team.app.owner().post(&path, &informed).await.expect(200);
    assert!(told.field("/balances/0/usable_until") > format!("{}", today(&team.app)), "fifteen months from now");
    team.work().await;
    let mails = team.app.written_under("MAIL#");
    assert!(mails.contains("Vos congés reportés") && mails.contains("L3141-19-3"), "{mails}");
}

#[tokio::test]
async fn two_yeses_where_two_are_wanted() {
    let mut team = Team::new().await;
    let owner = team.app.owner();
    let mut settings = owner.get("/api/v1/leave/types").await.expect(200).json();
    settings["is_decided_twice"] = json!("true");
    owner.put("/api/v1/leave/types", &settings).await.expect(200);
    let (from, to) = days(monday(&team.app, 3), 1);
    let (_, path, _) = team.ask(&from, &to).await;
    let first = team.manager.1.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert_eq!((first.field("/state"), first.json()["is_approved_once"].clone()), ("pending".into(), json!(true)));
    team.manager.1.post(&format!("{path}/approve"), &json!({})).await.expect(409);
    team.work().await;
    let hr = team.app.with_role(Role::Hr);
    assert_eq!(hr.get("/api/v1/leave/awaited").await.expect(200).json()["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        team.manager.1.get("/api/v1/leave/awaited").await.expect(200).json()["items"].as_array().map(Vec::len),
        Some(0)
    );
    assert_eq!(hr.post(&format!("{path}/approve"), &json!({})).await.expect(200).field("/state"), "approved");
}

#[tokio::test]
async fn a_manager_who_is_away_hands_decisions_over() {
    let team = Team::new().await;
    let (from, to) = days(monday(&team.app, 3), 1);
    let (_, path, _) = team.ask(&from, &to).await;
    let today = today(&team.app).to_string();
    let handed = json!({ "to": team.leo.0, "from": today, "until": today });
    team.manager.1.put("/api/v1/leave/delegation", &handed).await.expect(204);
    let wrong = json!({ "to": team.manager.0, "from": "demain", "until": today });
    let mut told = team.manager.1.put("/api/v1/leave/delegation", &wrong).await.expect(422).violations();
    told.sort_unstable();
    assert_eq!(told, ["/from", "/to"]);
    let past = json!({ "to": team.leo.0, "from": "2026-11-02", "until": "2026-11-03" });
    assert_eq!(team.manager.1.put("/api/v1/leave/delegation", &past).await.expect(422).violations(), ["/until"]);
    let decided = team.leo.1.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert_eq!(decided.field("/state"), "approved");
    team.app.owner().put("/api/v1/leave/delegation", &handed).await.expect(404);
}

#[tokio::test]
async fn balances_of_all_are_for_who_reads_files() {
    let team = Team::new().await;
    team.ines.1.get("/api/v1/leave/balances").await.expect(403);
    team.ines.1.get("/rh/conges/soldes").await.expect(403);
    let hr = team.app.with_role(Role::Hr);
    let all = hr.get("/api/v1/leave/balances").await.expect(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(3));
    let page = hr.get("/rh/conges/soldes").await.expect(200).text();
    assert!(page.contains("Ines Moreau") && !page.contains("Calculer les soldes"), "{page}");
    let own = team.ines.1.get("/rh/conges").await.expect(303);
    assert_eq!(own.header("location").map(|to| to.ends_with(&team.ines.0)), Some(true));
    team.leo.1.get(&format!("/rh/conges/{}", team.ines.0)).await.expect(404);
    team.app.stranger().get(&format!("{EMPLOYEES}/{}/leave", team.ines.0)).await.expect(404);
    let page = hr.get("/rh/conges/reglages").await.expect(200).text();
    assert!(page.contains("Congés payés") && page.contains("L3141-3"), "{page}");
}

#[tokio::test]
async fn all_balances_are_a_table_for_who_may_export() {
    let team = Team::new().await;
    let hr = team.app.with_role(Role::Hr);
    let file = hr.get("/api/v1/leave/balances/export").await.expect(200);
    assert!(
        file.round_trips() <= Some(2) && file.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"))
    );
    let text = file.text();
    assert!(text.starts_with("\u{feff}Matricule;Nom;Prénom;Type;Acquis du;Acquis au;Unité;Acquis;"), "{text}");
    let row = "Ines;Moreau;Ines;Congés payés;01/06/2025;31/05/2026;jours ouvrables;30;0;0;0;30;31/05/2027";
    assert!(text.contains(row), "{text}");
    assert_eq!(text.lines().count(), 1 + 2 * 3, "two years of each: {text}");
    assert_eq!(hr.get("/rh/conges/soldes/export").await.expect(200).text(), text);
    assert!(hr.get("/rh/conges/soldes").await.expect(200).text().contains("/rh/conges/soldes/export"));
    // Who reads balances may not take all of them along.
    let manager = team.app.with_role(Role::Manager);
    assert!(!manager.get("/rh/conges/soldes").await.expect(200).text().contains("/rh/conges/soldes/export"));
    for path in ["/rh/conges/soldes/export", "/api/v1/leave/balances/export"] {
        manager.get(path).await.expect(403);
        team.ines.1.get(path).await.expect(403);
    }
}

#[tokio::test]
async fn who_is_back_from_illness_is_told_of_their_leave_by_a_letter_made_in_one_click() {
    let mut team = Team::new().await;
    let hr = team.app.with_role(Role::Hr);
    let (id, ines) = team.ines.clone();
    let letter = format!("{EMPLOYEES}/{id}/leave/information-letter");
    hr.post(&letter, &json!({})).await.expect(409);
    let ill = json!({ "type_id": SICKNESS, "from": "2026-10-12", "to": "2026-11-14" });
    hr.post(&format!("{EMPLOYEES}/{id}/leave-requests"), &ill).await.expect(201);
    let account = |team: &Team| {
        let items = team.app.items().into_iter();
        items.filter(|item| item["type"]["S"] == "leave_account").find(|item| item["employee"]["S"] == id.as_str())
    };
    assert_eq!(account(&team).expect("an account")["look_on"]["S"], "2026-11-23", "it was entered too late");
    team.work().await;
    team.tick().await;
    team.tick().await;
    assert_eq!(team.events("leave.information_due.v1"), 1);
    assert_eq!(account(&team).expect("an account")["look_on"]["S"], "2026-12-01");
    let page = hr.get(&format!("/rh/conges/{id}")).await.expect(200).text();
    assert!(page.contains("Établir la lettre") && page.contains("15/12/2026"), "{page}");
    assert!(page.contains("30 jours ouvrables acquis de juin"), "{page}");
    assert!(!ines.get(&format!("/rh/conges/{id}")).await.expect(200).text().contains("Établir la lettre"));

    ines.post(&letter, &json!({})).await.expect(403);
    let made = hr.post(&letter, &json!({})).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    assert_eq!((&made.json()["is_shared"], &made.json()["is_confidential"]), (&json!(true), &json!(true)));
    let frozen = team.app.items().into_iter().find(|item| item["type"]["S"] == "staff_letter").expect("a letter");
    let said = frozen.to_string();
    assert!(said.contains("30 jours ouvrables, à prendre jusqu’au 31\u{a0}mai\u{a0}2027"), "{said}");
    assert!(said.contains("L3141-19-3") && !said.contains("quinze mois"), "it can be taken in its time: {said}");
    assert!(said.contains("acquis de juin\u{a0}2026"), "what they have of the year that goes on as well: {said}");
    assert_eq!((team.events("leave.informed.v1"), team.events("paper.shared.v1")), (2, 1));
    assert!(team.app.written_under("OUTBOX").contains("document confidentiel"));
    let own = ines.get("/api/v1/my-papers").await.expect(200);
    assert_eq!(own.field("/items/0/id"), made.field("/id"));
    // It is noted as given.
    hr.post(&letter, &json!({})).await.expect(409);
    let page = hr.get(&format!("/rh/conges/{id}")).await.expect(200).text();
    assert!(!page.contains("Établir la lettre"), "{page}");
    let refused = hr.form(&format!("/rh/conges/{id}/lettre"), &[]).await.expect(422).text();
    assert!(refused.contains("rien à annoncer"), "{refused}");
    team.work().await;
    let mails = team.app.written_under("MAIL#");
    assert!(mails.contains("Vos congés après votre arrêt") && !mails.contains("Vos congés reportés"), "{mails}");
    team.tick().await;
    assert_eq!(team.events("leave.information_due.v1"), 1);
}

#[tokio::test]
async fn what_illness_kept_somebody_from_is_carried_over_from_the_day_of_the_letter() {
    let team = Team::new().await;
    let hr = team.app.with_role(Role::Hr);
    let id = &team.ines.0;
    // What was earned until May 2025 could be taken until May 2026.
    let ill = json!({ "type_id": SICKNESS, "from": "2026-04-20", "to": "2026-11-13" });
    hr.post(&format!("{EMPLOYEES}/{id}/leave-requests"), &ill).await.expect(201);
    let until = |leave: &Value, year: &str| {
        let found = leave["balances"].as_array().expect("balances").iter().find(|one| one["year"] == year).cloned();
        found.map(|one| (one["left"].clone(), one["usable_until"].clone()))
    };
    let path = format!("{EMPLOYEES}/{id}/leave");
    assert_eq!(until(&hr.get(&path).await.expect(200).json(), "2024-06-01"), None, "it is lost");
    hr.post(&format!("{path}/information-letter"), &json!({})).await.expect(201);
    let leave = hr.get(&path).await.expect(200).json();
    assert_eq!(until(&leave, "2024-06-01"), Some((json!("30"), json!("2028-02-22"))));
    assert_eq!(until(&leave, "2025-06-01").map(|(_, until)| until), Some(json!("2027-05-31")));
    let frozen = team.app.items().into_iter().find(|item| item["type"]["S"] == "staff_letter").expect("a letter");
    assert!(frozen.to_string().contains("quinze mois"), "{frozen}");
}

#[tokio::test]
async fn other_settings_count_what_lies_ahead_anew_and_leave_what_was_as_it_was() {
    let mut team = Team::new().await;
    let (id, hr) = (team.ines.0.clone(), team.app.with_role(Role::Hr));
    let site = json!({ "name": "Strasbourg", "region": "mainland" });
    let mut settings = hr.put("/api/v1/hr-settings", &json!({ "sites": [site] })).await.expect(200).json();
    let there = json!({ "from": "2026-01-01", "site_id": settings["sites"][0]["id"] });
    hr.post(&format!("{EMPLOYEES}/{id}/contracts"), &there).await.expect(200);
    team.work().await;
    let requests = format!("{EMPLOYEES}/{id}/leave-requests");
    let mut asked = Vec::new();
    // With Good Friday in it; with 26 December in it.
    for (from, to) in [("2026-03-30", "2026-04-04"), ("2026-12-24", "2026-12-28")] {
        let wanted = json!({ "type_id": PAID_LEAVE, "from": from, "to": to });
        asked.push(hr.post(&requests, &wanted).await.expect(201).field("/id"));
    }
    let days = async |team: &mut Team, settings: &Value| {
        hr.put("/api/v1/hr-settings", settings).await.expect(200);
        team.work().await;
        let mut days = Vec::new();
        for request in &asked {
            days.push(hr.get(&format!("{requests}/{request}")).await.expect(200).field("/days"));
        }
        days
    };
    assert_eq!(days(&mut team, &settings).await, ["6", "3"]);
    let recounts = team.events("leave.recount_requested.v1");
    settings["sites"][0]["region"] = json!("alsace_moselle");
    assert_eq!(days(&mut team, &settings).await, ["6", "2"]);
    assert_eq!(team.events("leave.recount_requested.v1"), recounts + 1);
    let ahead = |team: &Team| {
        let lines = team.app.items().into_iter().filter(|item| item["type"]["S"] == "absence");
        lines.filter(|item| item["month"]["S"] == "2026-12-01").map(|item| item["days"]["L"].clone()).next()
    };
    assert_eq!(
        ahead(&team).and_then(|days| days.as_array().map(Vec::len)),
        Some(2),
        "what the calendar and the payroll read"
    );
    // Jours ouvrés: a day less of what lies ahead, and what was taken stays a week.
    settings["counting"] = json!("ouvres");
    assert_eq!(days(&mut team, &settings).await, ["6", "2"]);
    let left = team.left().await;
    let of = |year: &str| left.iter().find(|(known, _)| known == year).map(|(_, left)| left.clone());
    // 30 are 25, less the two; the week was of the year before.
    assert_eq!(of("2025-06-01").as_deref(), Some("23"));
    let page = hr.get(&format!("/rh/conges/{id}")).await.expect(200).text();
    assert!(page.contains("Passage en jours ouvrés") && page.contains("En jours ouvrés."), "{page}");
    let stored = team.stored();
    team.tick().await;
    assert_eq!(team.stored(), stored);
}

#[tokio::test]
async fn hours_of_a_type_are_earned_asked_for_and_left_as_hours() {
    let mut team = Team::new().await;
    let owner = team.app.owner();
    let kind = json!({ "name": "Récupération", "unit": "hours", "per_month": "1.5", "first_month": "6", "is_paid": "true",
        "needs_approval": "true", "is_active": "true" });
    let settings = owner.put("/api/v1/leave/types", &json!({ "types": [kind] })).await.expect(200).json();
    let kind = settings["types"].as_array().and_then(|types| types.last()).expect("a type")["id"].clone();
    team.app.advance(SignedDuration::from_hours(24 * 70));
    team.tick().await;
    team.work().await;
    let (id, ines) = team.ines.clone();
    let day = monday(&team.app, 3).to_string();
    let ask = |hours: &str| json!({ "type_id": kind, "from": day, "hours": hours });
    let requests = format!("{EMPLOYEES}/{id}/leave-requests");
    let refused = ines.post(&requests, &ask("9:00")).await.expect(422);
    assert_eq!(refused.violations(), ["/hours"]);
    let asked = ines.post(&requests, &ask("0:45")).await.expect(201).field("/id");
    assert_eq!(ines.get(&format!("{requests}/{asked}")).await.expect(200).field("/days"), "0.75");
    let page = ines.get(&format!("/rh/conges/{id}")).await.expect(200).text();
    assert!(page.contains("45\u{a0}min"), "{page}");
    let table = team.app.with_role(Role::Hr).get("/rh/conges/soldes").await.expect(200).text();
    assert!(table.contains("Récupération") && table.contains("\u{a0}h"), "{table}");
}
