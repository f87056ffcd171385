//! Time through the router: who fills in what, who decides, what the law says at once, and what goes to the pay slips.

use futures::future::join_all;
use jiff::SignedDuration;
use kernel::permission::Role;
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{app, papers::emitted, pressed};

/// An employee with these of a member's; their id.
async fn hired(app: &App, number: &str, more: Value) -> String {
    let mut file = json!({ "number": number, "first_name": "Inès", "last_name": format!("Moreau {number}"), "born_on": "1990-05-12", "hired_on": "2024-03-04" });
    for (name, value) in more.as_object().into_iter().flatten() {
        file[name] = value.clone();
    }
    app.program().post("/api/v1/employees", &json!({ "employee": file, "contract": {} })).await.expect(201).field("/id")
}

/// The employee of our member, and of somebody who is above them: their ids.
async fn team(app: &App) -> (String, String) {
    let above = hired(app, "1", json!({ "user_id": app.user_with_role(Role::Reader) })).await;
    let own = hired(app, "2", json!({ "user_id": app.user_with_role(Role::Member), "manager_id": above })).await;
    (above, own)
}

fn week(id: &str) -> String {
    format!("/api/v1/employees/{id}/weeks/2026-W47")
}

fn day(on: &str, from: &str, to: &str) -> Value {
    json!({ "on": on, "from": from, "to": to })
}

fn rules(reply: &Value) -> Vec<&str> {
    reply["warnings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn hours_on_a_day_of_absence_and_on_a_holiday_are_told_to_who_enters_and_who_decides() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let (member, above) = (app.with_role(Role::Member), app.with_role(Role::Reader));
    let ill = json!({ "type_id": "lty_00000000000000000000000003", "from": "2026-11-09" });
    app.owner().post(&format!("/api/v1/employees/{own}/leave-requests"), &ill).await.expect(201);
    let path = format!("/api/v1/employees/{own}/weeks/2026-W46");
    let body = json!({ "spans": [day("2026-11-09", "8:00", "12:00"), day("2026-11-11", "8:00", "12:00")] });
    let told = member.put(&path, &body).await.expect(200);
    assert!(told.round_trips() <= Some(3));
    let told = told.json();
    assert_eq!(rules(&told), ["absence", "holiday"], "{told}");
    assert!(told["warnings"][0]["message"].as_str().unwrap().contains("jour d’absence validée"), "{told}");
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    let page = above.get(&format!("/rh/temps/{own}/2026-W46")).await.expect(200).text();
    assert!(page.contains("jour d’absence validée") && page.contains("jour férié"), "{page}");
}

#[tokio::test]
async fn a_week_that_breaks_a_rule_is_told_so_handed_in_approved_and_exported() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let (member, above) = (app.with_role(Role::Member), app.with_role(Role::Reader));
    let path = week(&own);
    let spans: Vec<_> = (16..=20).map(|on| day(&format!("2026-11-{on}"), "8:00", "16:00")).collect();
    let mut body = json!({ "spans": spans });
    body["spans"][0]["to"] = "19:00".into();
    let saved = member.put(&path, &body).await.expect(200);
    assert_eq!(saved.header("etag"), Some("\"1\""));
    let told = saved.json();
    assert_eq!(rules(&told)[..2], ["daily_maximum", "break"], "{told}");
    assert_eq!(told["warnings"][0]["article"], "C. trav., art. L3121-18");
    assert_eq!(told["warnings"][0]["on"], "2026-11-16");
    assert!(told["warnings"][0]["message"].as_str().unwrap().contains("11\u{a0}h de travail"));
    assert_eq!(
        told["tally"],
        json!({
            "worked": 43 * 60, "normal": 35 * 60, "additional_first": 0, "additional_second": 0, "overtime_first": 8 * 60,
            "overtime_second": 0, "night": 0, "leave": 0, "agreed": 35 * 60,
        })
    );
    assert_eq!((told["year_overtime"].clone(), told["quota"].clone()), (json!(480), json!(13_200)));
    // The page shows the same.
    let page = member.get(&format!("/rh/temps/{own}/2026-W47")).await.expect(200).text();
    assert!(page.contains("11\u{a0}h de travail le lundi 16\u{a0}novembre") && page.contains("L3121-16"), "{page}");

    // Who is above decides; the employee does not.
    member.post(&format!("{path}/approve"), &json!({})).await.expect(403);
    above.post(&format!("{path}/approve"), &json!({})).await.expect(409);
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    assert_eq!(member.put(&path, &body).await.expect(409).field("/code"), "week_locked");
    let waiting = above.get("/api/v1/time/weeks?undecided=true").await.expect(200).json();
    assert_eq!(waiting["items"][0]["employee_id"], json!(own));
    assert!(
        member.get("/api/v1/time/weeks?undecided=true").await.expect(200).json()["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let approved = above.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert_eq!(approved.field("/state"), "approved");

    // What was approved goes to the pay slips, and the file keeps what it said.
    let hr = app.with_role(Role::Hr);
    let file = hr.get("/api/v1/payrolls/2026-11/export").await.expect(200);
    assert!(file.header("content-type").unwrap().starts_with("text/csv"));
    let text = file.text();
    assert!(text.starts_with("\u{feff}Mois;Matricule;Nom;Prénom;Heures travaillées;"), "{text}");
    assert!(text.contains("2026-11;2;Moreau 2;Inès;43;0;0;0;8;0;0;0;0;0;;0;0;0"), "{text}");
    hr.post("/api/v1/payrolls/2026-11/close", &json!({})).await.expect(200);
    assert_eq!(
        hr.post("/api/v1/payrolls/2026-11/close", &json!({})).await.expect(409).field("/code"),
        "payroll_closed"
    );
    above.post(&format!("{path}/reopen"), &json!({ "reason": "" })).await.expect(422);
    above.post(&format!("{path}/reopen"), &json!({ "reason": "Le lundi était de 10 heures." })).await.expect(200);
    assert_eq!(hr.get("/api/v1/payrolls/2026-11/export").await.expect(200).text(), text);
    let seen = hr.get("/api/v1/payrolls/2026-11").await.expect(200).json();
    assert_eq!(
        seen["differences"][0],
        json!({ "name": "Inès Moreau 2", "column": "Heures travaillées", "closed": "43", "now": "0" })
    );
    let page = hr.get("/rh/paie/2026-11").await.expect(200).text();
    assert!(page.contains("Ce qui a changé depuis la clôture"));
    hr.post("/api/v1/payrolls/2026-11/reopen", &json!({ "reason": "Semaine 47 rouverte" })).await.expect(200);
    let now = hr.get("/api/v1/payrolls/2026-11/export").await.expect(200).text();
    assert!(now.contains("2026-11;2;Moreau 2;Inès;0;"), "{now}");
    assert_eq!(hr.get("/api/v1/payrolls/2026-11/export?closing=1").await.expect(200).text(), text);
    hr.get("/api/v1/payrolls/2026-11/export?closing=2").await.expect(404);
    let trace = hr.get("/api/v1/payrolls").await.expect(200).json();
    assert_eq!(trace["items"][0]["steps"][1]["reason"], "Semaine 47 rouverte");
}

#[tokio::test]
async fn whom_a_week_waits_for_and_whose_it_is_are_told_of_it() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let (member, above) = (app.with_role(Role::Member), app.with_role(Role::Reader));
    let [employee, manager] = [Role::Member, Role::Reader].map(|role| json!(app.user_with_role(role)));
    let path = week(&own);
    member.put(&path, &json!({ "spans": [day("2026-11-16", "8:00", "12:00")] })).await.expect(200);
    let reason = json!({ "reason": "Il manque mardi" });
    let acts = [
        (&member, "submit", json!({}), "time_week.submitted.v1", &manager),
        (&above, "approve", json!({}), "time_week.decided.v1", &employee),
        (&member, "dispute", reason.clone(), "time_week.disputed.v1", &manager),
        (&above, "answer", reason.clone(), "time_dispute.answered.v1", &employee),
    ];
    for (client, act, body, event, to) in acts {
        let done = client.post(&format!("{path}/{act}"), &body).await.expect(200);
        assert!(done.round_trips() <= Some(3), "{act}");
        let told = emitted(&app, event);
        assert_eq!(told.len(), 1, "{act}");
        let data = &told[0]["data"];
        assert_eq!((&data["employee"], &data["week"]), (&json!(own), &json!("2026-W47")));
        let (about, is_for_above) = (&data["about"], *to == manager);
        assert_eq!((&about["assigned_to"], &about["by"]), (to, if is_for_above { &employee } else { &manager }));
        // By no name, and without what was said.
        let label = if is_for_above { " (matricule 2)" } else { "" };
        assert_eq!(about["label"], format!("semaine 47, du 16 au 22\u{a0}novembre\u{a0}2026{label}"));
        assert!(!told[0].to_string().contains("Inès") && !told[0].to_string().contains("mardi"), "{told:?}");
    }
    above.post(&format!("{path}/reopen"), &reason).await.expect(200);
    let decided = emitted(&app, "time_week.decided.v1");
    let mut outcomes: Vec<_> = decided.iter().map(|one| one["data"]["is_approved"] == true).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, [false, true]);
    // What is refused tells nobody.
    member.post(&format!("{path}/dispute"), &reason).await.expect(409);
    above.post(&format!("{path}/answer"), &reason).await.expect(409);
    assert_eq!(emitted(&app, "time_week.disputed.v1").len() + emitted(&app, "time_dispute.answered.v1").len(), 2);
}

#[tokio::test]
async fn what_is_corrected_says_why_and_what_was_there_before() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let (member, above) = (app.with_role(Role::Member), app.with_role(Role::Reader));
    let path = week(&own);
    let body = |from: &str, reason: &str| json!({ "spans": [day("2026-11-16", from, "12:00")], "reason": reason });
    member.put(&path, &body("8:00", "")).await.expect(200);
    app.advance(SignedDuration::from_secs(1));
    // Of somebody else's time one says why.
    assert_eq!(above.put(&path, &body("9:00", "")).await.expect(422).violations(), ["/reason"]);
    above.put(&path, &body("9:00", "Arrivée à 9 h, vue sur place")).await.expect(200);
    let changes = member.get(&format!("{path}/changes")).await.expect(200).json();
    let last = &changes["items"][0];
    assert_eq!((&last["reason"], &last["by"]), (&json!("Arrivée à 9 h, vue sur place"), &json!("Camille Lecteur")));
    assert_eq!((&last["before"][0]["from"], &last["after"][0]["from"]), (&json!("08:00"), &json!("09:00")));
    assert_eq!(changes["items"].as_array().unwrap().len(), 2);
    // Sent again, it changes nothing and leaves no trace.
    let shown = member.get(&path).await.expect(200);
    let version = shown.header("etag").unwrap().to_owned();
    let again = shown.json()["spans"][0].clone();
    let again = json!({ "spans": [{ "id": again["id"], "on": "2026-11-16", "from": "09:00", "to": "12:00" }] });
    member.put(&path, &again).await.expect(200);
    let changes = member.get(&format!("{path}/changes")).await.expect(200).json();
    assert_eq!(changes["items"].as_array().unwrap().len(), 2);
    // On what one saw, and not on what somebody wrote meanwhile.
    let stale = member.clone().header("if-match", "\"1\"").put(&path, &body("7:00", "")).await;
    stale.expect(412);
    member.clone().header("if-match", &version).put(&path, &body("7:00", "")).await.expect(200);
    // What a form sends, with what is wrong in it.
    let page = format!("/rh/temps/{own}/2026-W47");
    let fields = [("spans.0.on", "2026-11-17"), ("spans.0.from", "8:00"), ("spans.0.to", "8:00")];
    let wrong = member.form(&page, &fields).await.expect(422).text();
    assert!(wrong.contains("Indiquez une durée") && wrong.contains("value=\"8:00\""), "{wrong}");
    let fields = [("spans.0.on", "2026-11-17"), ("spans.0.from", "8:00"), ("spans.0.to", "12:00")];
    member.form(&page, &fields).await.expect(303);
    assert_eq!(member.get(&path).await.expect(200).field("/spans/0/on"), "2026-11-17");
    // Nobody has worked tomorrow yet, and nobody before they were hired.
    let tomorrow = json!({ "spans": [day("2026-11-23", "8:00", "12:00")] });
    let next = format!("/api/v1/employees/{own}/weeks/2026-W48");
    assert_eq!(member.put(&next, &tomorrow).await.expect(422).violations(), ["/spans/0/on"]);
    let early = json!({ "spans": [day("2024-03-01", "8:00", "12:00")] });
    let before = format!("/api/v1/employees/{own}/weeks/2024-W09");
    assert_eq!(member.put(&before, &early).await.expect(422).violations(), ["/spans/0/on"]);
}

#[tokio::test]
async fn coming_and_leaving_twice_is_once() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let member = app.with_role(Role::Member);
    let path = |act: &str| format!("/api/v1/employees/{own}/{act}");
    member.post(&path("clock-out"), &json!({})).await.expect(409);
    let presses = (0..4).map(|_| member.clone()).map(|member| {
        let path = path("clock-in");
        async move { member.post(&path, &json!({})).await.expect(200).field("/since") }
    });
    let since = join_all(presses).await;
    assert!(since.iter().all(|since| *since == "2026-11-22T09:00:00Z"), "{since:?}");
    let shown = member.get(&path("clocking")).await.expect(200).json();
    assert_eq!(shown["week"]["spans"].as_array().unwrap().len(), 1);
    let page = member.get(&format!("/rh/temps/{own}/2026-W47")).await.expect(200).text();
    assert!(page.contains("depuis 10:00") && page.contains("Pointer mon départ"), "{page}");
    // A week in which somebody is still there is not handed in.
    assert_eq!(
        member.post(&format!("{}/submit", week(&own)), &json!({})).await.expect(409).field("/code"),
        "clocked_in"
    );
    app.advance(SignedDuration::from_mins(11 * 60));
    let left = member.post(&path("clock-out"), &json!({})).await.expect(200).json();
    assert_eq!(left["since"], Value::Null);
    assert_eq!(left["week"]["tally"]["worked"], 660);
    assert!(rules(&left["week"]).contains(&"daily_maximum"), "{left}");
    member.post(&path("clock-out"), &json!({})).await.expect(200);
    // Over midnight on Sunday: the week in which they came.
    app.advance(SignedDuration::from_mins(2 * 60));
    member.post(&path("clock-in"), &json!({})).await.expect(200);
    app.advance(SignedDuration::from_mins(3 * 60));
    let left = member.post(&path("clock-out"), &json!({})).await.expect(200).json();
    assert_eq!((&left["week"]["week"], left["week"]["spans"].as_array().unwrap().len()), (&json!("2026-W47"), 2));
    // A clocked time is corrected with a word.
    let mut spans = member.get(&week(&own)).await.expect(200).json()["spans"].clone();
    for span in spans.as_array_mut().unwrap() {
        span.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "minutes" | "clocked"));
    }
    spans[0]["from"] = "09:30".into();
    assert_eq!(member.put(&week(&own), &json!({ "spans": spans })).await.expect(422).violations(), ["/reason"]);
    member.put(&week(&own), &json!({ "spans": spans, "reason": "Badge oublié" })).await.expect(200);
    // Nobody comes for somebody else.
    app.with_role(Role::Reader).post(&path("clock-in"), &json!({})).await.expect(403);
    app.with_role(Role::Sales).post(&path("clock-in"), &json!({})).await.expect(404);
    // By the page, with the key of its form: once.
    let form = format!("/rh/temps/{own}/arriver");
    for _ in 0..2 {
        member.form(&form, &[("_key", "01K00000000000000000000000")]).await.expect(303);
    }
}

#[tokio::test]
async fn a_page_says_what_can_still_be_clocked_and_typed() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let (member, above) = (app.with_role(Role::Member), app.with_role(Role::Reader));
    let at = |week: &str| format!("/rh/temps/{own}/{week}");
    let here = at("2026-W48");
    // A Monday.
    app.advance(SignedDuration::from_hours(24));
    let page = member.get(&here).await.expect(200).text();
    pressed(&member, &page, &format!("/rh/temps/{own}/arriver"), &[]).await.expect(303);
    let page = member.get(&here).await.expect(200).text();
    pressed(&member, &page, &format!("/rh/temps/{own}/partir"), &[]).await.expect(303);
    let clocked = member.get(&format!("/api/v1/employees/{own}/clocking")).await.expect(200).json();
    assert_eq!((&clocked["since"], &clocked["week"]["spans"]), (&Value::Null, &json!([])));
    let week = format!("/api/v1/employees/{own}/weeks/2026-W48");
    member.put(&week, &json!({ "spans": [day("2026-11-23", "7:00", "9:00")], "reason": "Saisie" })).await.expect(200);
    let page = member.get(&here).await.expect(200).text();
    assert!(page.contains("Pointer mon arrivée") && page.contains("La semaine n’est pas finie"), "{page}");
    pressed(&member, &page, &format!("{here}/soumettre"), &[]).await.expect(303);
    let page = member.get(&here).await.expect(200).text();
    assert!(!page.contains("Pointer mon arrivée") && page.contains("rouvrez-la pour pointer"), "{page}");
    let page = above.get(&here).await.expect(200).text();
    pressed(&above, &page, &format!("{here}/approuver"), &[]).await.expect(303);
    let page = member.get(&here).await.expect(200).text();
    assert!(!page.contains("Pointer mon arrivée") && page.contains("peut la rouvrir"), "{page}");
    // Without a word nothing is contested, and the field says so.
    let wrong = pressed(&member, &page, &format!("{here}/contester"), &[("reason", " ")]).await.expect(422).text();
    assert!(wrong.contains("id=\"contester-reason-error\"") && wrong.contains("Ce champ est obligatoire"), "{wrong}");
    // A week that is over is handed in as it is.
    member.put(&self::week(&own), &json!({ "spans": [day("2026-11-16", "8:00", "12:00")] })).await.expect(200);
    assert!(!member.get(&at("2026-W47")).await.expect(200).text().contains("La semaine n’est pas finie"));
}

#[tokio::test]
async fn a_month_of_pay_is_reopened_with_a_word() {
    let app = app().await;
    team(&app).await;
    let hr = app.with_role(Role::Hr);
    hr.post("/api/v1/payrolls/2026-11/close", &json!({})).await.expect(200);
    let wrong = hr.form("/rh/paie/2026-11/rouvrir", &[("reason", "")]).await.expect(422).text();
    assert!(wrong.contains("id=\"reason-error\"") && wrong.contains("data-open-now"), "{wrong}");
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_does_and_the_employee_may_contest_it() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let (member, above, hr) = (app.with_role(Role::Member), app.with_role(Role::Reader), app.with_role(Role::Hr));
    let path = week(&own);
    member.put(&path, &json!({ "spans": [day("2026-11-16", "8:00", "12:00")] })).await.expect(200);
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    let approve = format!("{path}/approve");
    let nothing = json!({});
    let (first, second) = tokio::join!(above.post(&approve, &nothing), hr.post(&approve, &nothing));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let steps = member.get(&path).await.expect(200).json()["steps"].as_array().unwrap().len();
    assert_eq!(steps, 2);
    // A click that came twice says the same.
    let keyed = above.clone().idempotency_key("twice");
    keyed.post(&format!("{path}/reopen"), &json!({ "reason": "À revoir" })).await.expect(200);
    keyed.post(&format!("{path}/reopen"), &json!({ "reason": "À revoir" })).await.expect(200);
    let body = json!({ "spans": [day("2026-11-16", "8:00", "12:30")] });
    assert_eq!(member.put(&path, &body).await.expect(422).violations(), ["/reason"]);
    let body = json!({ "spans": [day("2026-11-16", "8:00", "12:30")], "reason": "Fin à 12 h 30" });
    member.put(&path, &body).await.expect(200);
    member.post(&format!("{path}/dispute"), &json!({ "reason": "x" })).await.expect(409);
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    hr.post(&approve, &json!({})).await.expect(200);
    let comment = json!({ "reason": "Il manque lundi soir." });
    above.post(&format!("{path}/dispute"), &comment).await.expect(403);
    member.post(&format!("{path}/dispute"), &comment).await.expect(200);
    let waiting = above.get("/api/v1/time/weeks?undecided=true").await.expect(200).json();
    assert_eq!(waiting["items"][0]["is_disputed"], true);
    let page = above.get(&format!("/rh/temps/{own}/2026-W47")).await.expect(200).text();
    assert!(page.contains("Il manque lundi soir.") && page.contains("Répondre à la contestation"), "{page}");
    above.post(&format!("{path}/answer"), &json!({ "reason": "Payé en octobre." })).await.expect(200);
    let after = member.get(&path).await.expect(200).json();
    assert_eq!((&after["is_disputed"], &after["state"]), (&json!(false), &json!("approved")));
    assert!(above.get("/rh/temps/equipe?week=2026-W47").await.expect(200).text().contains("Moreau 2"));
    // Who hands in takes it back while nobody decided.
    above.post(&format!("{path}/reopen"), &json!({ "reason": "Encore" })).await.expect(200);
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    member.post(&format!("{path}/reopen"), &json!({ "reason": "Oubli" })).await.expect(200);
    // One's own nobody approves, but who decides for everybody and has nobody above them.
    let hr_file = hired(&app, "3", json!({ "user_id": app.user_with_role(Role::Hr) })).await;
    let path = week(&hr_file);
    hr.put(&path, &json!({ "spans": [day("2026-11-16", "8:00", "12:00")] })).await.expect(200);
    hr.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    hr.post(&format!("{path}/approve"), &json!({})).await.expect(200);
}

#[tokio::test]
async fn anothers_time_is_not_there_for_who_may_not_see_it() {
    let app = app().await;
    let (above, own) = team(&app).await;
    let member = app.with_role(Role::Member);
    for (client, id) in [(&member, &above), (&app.with_role(Role::Sales), &own), (&app.stranger(), &own)] {
        for path in [
            week(id),
            format!("{}/changes", week(id)),
            format!("/api/v1/employees/{id}/clocking"),
            format!("/api/v1/employees/{id}/months/2026-11"),
            format!("/api/v1/employees/{id}/months/2026-11/export"),
            format!("/rh/temps/{id}/2026-W47"),
            format!("/rh/temps/{id}/mois/2026-11"),
            format!("/rh/temps/{id}/mois/2026-11/export"),
        ] {
            client.get(&path).await.expect(404);
        }
        client.put(&week(id), &json!({ "spans": [] })).await.expect(404);
        for act in ["submit", "approve"] {
            client.post(&format!("{}/{act}", week(id)), &json!({})).await.expect(404);
        }
        for act in ["reopen", "dispute", "answer"] {
            client.post(&format!("{}/{act}", week(id)), &json!({ "reason": "x" })).await.expect(404);
        }
    }
    for path in [
        "/rh/paie",
        "/rh/paie/2026-11",
        "/rh/paie/2026-11/export",
        "/api/v1/payrolls",
        "/api/v1/payrolls/2026-11",
        "/api/v1/payrolls/2026-11/export",
        "/rh/temps/reglages",
        "/rh/temps/conservation",
        "/api/v1/time/due",
    ] {
        member.get(path).await.expect(403);
        app.with_role(Role::Reader).get(path).await.expect(403);
    }
    let seen = |client: Client| async move {
        let listed = client.get("/api/v1/time/weeks?week=2026-W47").await.expect(200).json();
        listed["items"].as_array().unwrap().len()
    };
    assert_eq!(seen(member.clone()).await, 1, "their own");
    assert_eq!(seen(app.with_role(Role::Reader)).await, 2, "their own, and of whom they are above");
    assert_eq!(seen(app.with_role(Role::Sales)).await, 0);
    assert_eq!(seen(app.with_role(Role::Hr)).await, 2);
    // Who reads files reads time, and changes none of it.
    let manager = app.with_role(Role::Manager);
    manager.get(&week(&own)).await.expect(200);
    manager.put(&week(&own), &json!({ "spans": [] })).await.expect(403);
    assert_eq!(member.get("/api/v1/employees/me").await.expect(200).field("/employee_id"), own);
    app.with_role(Role::Sales).get("/api/v1/employees/me").await.expect(404);
    let led = member.get("/rh/temps").await.expect(303);
    assert_eq!(led.header("location"), Some(format!("/rh/temps/{own}/2026-W47").as_str()));
    assert!(app.with_role(Role::Sales).get("/rh/temps").await.expect(200).text().contains("Aucun dossier"));
    // What is wrong in an address is nothing.
    member.get(&format!("/rh/temps/{own}/2026-W60")).await.expect(404);
    member.get(&format!("/rh/temps/{own}/mois/2026-13")).await.expect(404);
}

#[tokio::test]
async fn time_for_clients_is_published_once_it_is_approved() {
    let app = app().await;
    let own = hired(&app, "1", json!({ "user_id": app.user_with_role(Role::Member) })).await;
    let (member, hr) = (app.with_role(Role::Member), app.with_role(Role::Hr));
    let client = app.publish_client("Client SA").await.id.to_string();
    hr.put("/api/v1/time/settings", &json!({ "hourly_price": "65" })).await.expect(200);
    let path = week(&own);
    let mut worked = day("2026-11-16", "8:00", "12:00");
    worked["client_id"] = json!(client);
    assert_eq!(member.put(&path, &json!({ "spans": [worked] })).await.expect(422).violations(), ["/spans/0/note"]);
    worked["note"] = json!("Étude d’éclairage");
    member.put(&path, &json!({ "spans": [worked, day("2026-11-17", "8:00", "12:00")] })).await.expect(200);
    worked["client_id"] = json!("com_00000000000000000000000000");
    assert_eq!(member.put(&path, &json!({ "spans": [worked] })).await.expect(422).violations(), ["/spans/0/client_id"]);
    let page = member.get(&format!("/rh/temps/{own}/2026-W47")).await.expect(200).text();
    assert!(page.contains("Client SA"));
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    assert!(!app.written_under("OUTBOX").contains("time_week.approved.v1"));
    hr.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert!(app.written_under("OUTBOX").contains("time_week.approved.v1"));
    let published = app.written_under("EMPLOYEE");
    assert!(published.contains("WEEK_BILLABLE#2026-W47") && published.contains("Étude d’éclairage"), "{published}");
    // Who may name no clients keeps those that are named.
    let other = hired(&app, "2", json!({ "user_id": app.user_with_role(Role::Hr) })).await;
    let page = hr.get(&format!("/rh/temps/{other}/2026-W47")).await.expect(200).text();
    assert!(!page.contains("Client SA"));
}

#[tokio::test]
async fn weeks_that_are_old_enough_are_listed_and_removed_with_their_history() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let hr = app.with_role(Role::Hr);
    let old = format!("/api/v1/employees/{own}/weeks/2025-W46");
    let body = json!({ "spans": [day("2025-11-10", "8:00", "12:00")], "reason": "Reprise du papier" });
    hr.put(&old, &body).await.expect(200);
    hr.put(&week(&own), &json!({ "spans": [day("2026-11-16", "8:00", "12:00")], "reason": "Reprise" }))
        .await
        .expect(200);
    let due = hr.get("/api/v1/time/due").await.expect(200).json();
    assert_eq!(due["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&due["items"][0]["week"], &due["items"][0]["rule"]),
        (&json!("2025-W46"), &json!("C. trav., art. D3171-16"))
    );
    let page = hr.get("/rh/temps/conservation").await.expect(200).text();
    assert!(page.contains("Semaine 46"));
    let selection = json!({ "weeks": [format!("{own}/2025-W46"), format!("{own}/2026-W47")] });
    assert_eq!(hr.post("/api/v1/time/due/remove", &selection).await.expect(200).field("/removed"), "1");
    assert_eq!(hr.post("/api/v1/time/due/remove", &selection).await.expect(200).field("/removed"), "0");
    let left = app.items_of(app.ours.id);
    assert!(!left.keys().any(|(_, sk)| sk.contains("2025-W46")), "{left:?}");
    assert!(left.keys().any(|(_, sk)| sk == "WEEK#2026-W47"));
    let form = [("weeks", format!("{own}/2025-W46"))];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    hr.form("/rh/temps/conservation", &form).await.expect(303);
    hr.form("/rh/temps/conservation", &[]).await.expect(422);
}

#[tokio::test]
async fn a_question_about_last_march_is_answered_with_what_held_then() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let hr = app.with_role(Role::Hr);
    let amendment = json!({ "from": "2026-06-01", "hours": "28" });
    app.program().post(&format!("/api/v1/employees/{own}/contracts"), &amendment).await.expect(200);
    let agreements = json!([{ "from": "2026-06-01", "first_percent": "10", "quota_hours": "180" }]);
    hr.put("/api/v1/time/settings", &json!({ "agreements": agreements })).await.expect(200);
    let body = |monday: &str, friday: &str| {
        let days: Vec<_> = monday[8..]
            .parse::<u8>()
            .into_iter()
            .flat_map(|first| (first..first + 5).map(move |on| format!("{}{on:02}", &monday[..8])))
            .collect();
        let spans: Vec<_> = days.iter().map(|on| json!({ "on": on, "from": "8:00", "to": if *on == days[4] { friday } else { "16:00" }, "break_minutes": "60" })).collect();
        json!({ "spans": spans, "reason": "Reprise" })
    };
    let march = format!("/api/v1/employees/{own}/weeks/2026-W11");
    let told = hr.put(&march, &body("2026-03-09", "17:00")).await.expect(200).json();
    assert_eq!((&told["tally"]["agreed"], &told["tally"]["overtime_first"]), (&json!(2_100), &json!(60)));
    assert_eq!(told["quota"], 13_200);
    let told = hr.put(&week(&own), &body("2026-11-16", "16:00")).await.expect(200).json();
    assert_eq!(told["tally"]["additional_first"], 168);
    assert_eq!(told["tally"]["additional_second"], 252);
    assert!(rules(&told).contains(&"full_time") && rules(&told).contains(&"additional_hours"), "{told}");
    assert_eq!((&told["quota"], &told["year_overtime"]), (&json!(10_800), &json!(60)));
    let recap = hr.get(&format!("/api/v1/employees/{own}/months/2026-03")).await.expect(200).json();
    assert_eq!((&recap["worked"], &recap["paid"]["overtime_first"]), (&json!(36 * 60), &json!(60)));
    let page = hr.get(&format!("/rh/temps/{own}/mois/2026-03")).await.expect(200).text();
    assert!(page.contains("36\u{a0}h") && page.contains("Semaine 11"), "{page}");
    let file = hr.get(&format!("/rh/temps/{own}/mois/2026-03/export")).await.expect(200).text();
    assert!(file.contains("Semaine 11 de 2026;36;0;0;1;"), "{file}");
    // What an agreement may not say.
    let wrong = json!({ "agreements": [{ "from": "2026-06-01", "first_percent": "9" }] });
    assert_eq!(hr.put("/api/v1/time/settings", &wrong).await.expect(422).violations(), ["/agreements/0/first_percent"]);
    let form = [("agreements.0.from", "2026-06-01"), ("agreements.0.average_hours", "47")];
    assert!(hr.form("/rh/temps/reglages", &form).await.expect(422).text().contains("entre 44 et 46"));
    hr.form("/rh/temps/reglages", &form[..1]).await.expect(303);
    assert!(hr.get("/rh/temps/reglages").await.expect(200).text().contains("2026-06-01"));
}

#[tokio::test]
async fn days_of_absence_that_were_approved_are_in_the_month() {
    let app = app().await;
    let (_, own) = team(&app).await;
    let hr = app.with_role(Role::Hr);
    let ill = json!({ "type_id": "lty_00000000000000000000000003", "from": "2026-11-19", "to": "2026-11-20" });
    let entered = hr.post(&format!("/api/v1/employees/{own}/leave-requests"), &ill).await.expect(201);
    assert_eq!(entered.field("/state"), "approved");
    let recap = app.with_role(Role::Member).get(&format!("/api/v1/employees/{own}/months/2026-11")).await.expect(200);
    let recap = recap.json();
    assert_eq!(recap["absences"].as_array().map(Vec::len), Some(1), "{recap}");
    let payroll = hr.get("/api/v1/payrolls/2026-11").await.expect(200).json();
    let line = payroll["lines"].as_array().unwrap().iter().find(|line| line["employee_id"] == json!(own)).unwrap();
    assert_eq!(line["absences"], recap["absences"]);
    let october = hr.get(&format!("/api/v1/employees/{own}/months/2026-10")).await.expect(200).json();
    assert_eq!(october["absences"], json!([]));
}
