//! The dashboard, interviews, and files that are due to go.

use jiff::{SignedDuration, ToSpan};
use kernel::{event::Event, permission::Role};
use serde_json::json;

use crate::{
    app,
    employees::{EMPLOYEES, added, hired},
    papers::worked,
};

#[tokio::test]
async fn who_may_see_files_is_led_to_the_figures_and_others_to_their_own_file() {
    let app = app().await;
    let owner = app.owner();
    assert_eq!(owner.get("/rh").await.expect(303).header("location"), Some("/rh/tableau-de-bord"));
    assert_eq!(app.with_role(Role::Member).get("/rh").await.expect(303).header("location"), Some("/rh/moi"));
    app.with_role(Role::Member).get("/rh/tableau-de-bord").await.expect(403);
    assert!(owner.get("/rh/tableau-de-bord").await.expect(200).text().contains("Aucun salarié pour l’instant"));
    let mut body = hired("M-1", "Moreau");
    body["employee"]["hired_on"] = json!("2024-03-04");
    let id = added(&app.program(), &body).await;
    let figures = owner.get("/api/v1/hr-figures").await.expect(200);
    assert!(figures.round_trips() <= Some(2));
    let figures = figures.json();
    assert_eq!((&figures["headcount"], &figures["full_time_hundredths"]), (&json!(1), &json!(100)));
    assert_eq!(figures["interviews"][0]["which"], "first", "hired more than a year ago, and none was held");
    let page = owner.get("/rh/tableau-de-bord").await.expect(200).text();
    assert!(page.contains("loi 2025-989") && page.contains("Premier entretien"), "{page}");
    // It is held, and another one is due in four years.
    let interviews = format!("{EMPLOYEES}/{id}/interviews");
    let today = app.ours.day(app.clock.now()).to_string();
    let held = json!({ "on": today, "note": "Souhaite se former au placage." });
    app.program().post(&interviews, &held).await.expect(201);
    assert_eq!(app.program().post(&interviews, &held).await.expect(422).violations(), ["/on"]);
    let figures = owner.get("/api/v1/hr-figures").await.expect(200).json();
    assert!(figures["interviews"].as_array().is_some_and(Vec::is_empty), "{figures}");
    let panel = owner.get(&format!("/rh/panneaux/entretiens/{id}")).await.expect(200).text();
    assert!(panel.contains("Souhaite se former"), "{panel}");
    // Who only reads files reads no notes of interviews.
    app.with_role(Role::Manager).get(&interviews).await.expect(403);
    app.stranger().get(&interviews).await.expect(404);
    assert!(!app.written_under("AUDIT").contains("Souhaite"));
    app.program().delete(&format!("{interviews}/{today}")).await.expect(204);
    app.program().delete(&format!("{interviews}/{today}")).await.expect(404);
    owner.form(&format!("/rh/employes/{id}/entretiens"), &[("on", &today)]).await.expect(303);
    owner.form(&format!("/rh/employes/{id}/entretiens/{today}/retirer"), &[]).await.expect(303);
}

#[tokio::test]
async fn a_file_is_erased_once_the_law_wants_it_no_more_and_nothing_of_it_is_left() {
    let app = app().await;
    let program = app.program();
    let today = app.ours.day(app.clock.now());
    let mut body = hired("M-1", "Moreau");
    body["employee"]["hired_on"] = json!("2015-01-05");
    body["employee"]["left_on"] = json!(today.saturating_sub(5.years()).to_string());
    body["employee"]["user_id"] = json!(app.user_with_role(Role::Member));
    let id = added(&program, &body).await;
    let below = {
        let mut below = hired("M-2", "Petit");
        below["employee"]["manager_id"] = json!(id);
        added(&program, &below).await
    };
    program.put(&format!("{EMPLOYEES}/{id}/nir"), &json!({ "nir": "255081416802538" })).await.expect(204);
    let letter = json!({ "letter": "attestation", "on": "2016-01-05" });
    program.post(&format!("{EMPLOYEES}/{id}/letters"), &letter).await.expect(201);
    program.post(&format!("{EMPLOYEES}/{id}/interviews"), &json!({ "on": "2016-01-05" })).await.expect(201);
    let member = app.with_role(Role::Member);
    let draft = member.post("/api/v1/expense-reports", &json!({ "title": "Ancienne note" })).await.expect(201);
    let chosen = json!({ "employees": [id] });
    let due = |list: serde_json::Value| list["items"].as_array().map_or(0, Vec::len);
    assert_eq!(due(program.get("/api/v1/due-employees").await.expect(200).json()), 0, "the last day is kept");
    program.post("/api/v1/due-employees/erase", &chosen).await.expect(409);
    program.post("/api/v1/due-employees/erase", &json!({ "employees": [below] })).await.expect(409);
    app.advance(SignedDuration::from_hours(24));
    assert_eq!(due(program.get("/api/v1/due-employees").await.expect(200).json()), 1);
    assert!(app.owner().get("/rh/conservation").await.expect(200).text().contains("Inès Moreau"));
    app.with_role(Role::Manager).get("/rh/conservation").await.expect(403);
    app.with_role(Role::Manager).post("/api/v1/due-employees/erase", &chosen).await.expect(403);
    let stranger = app.stranger().post("/api/v1/due-employees/erase", &chosen).await.expect(200).json();
    assert_eq!(stranger["erased"], 0, "theirs alone");
    let form = [("employees", id.as_str())];
    app.owner().form("/rh/conservation/effacer", &form).await.expect(303);
    assert_eq!(program.post("/api/v1/due-employees/erase", &chosen).await.expect(200).json()["erased"], 0);
    let everybody = program.get(EMPLOYEES).await.expect(200).text();
    assert!(
        !everybody.contains(&id) && !app.owner().get("/rh/registre.csv").await.expect(200).text().contains("Moreau")
    );
    let employee = id.parse().expect("an id");
    worked(&app, Event::EmployeeErased { employee }).await;
    worked(&app, Event::EmployeeErased { employee }).await;
    let other = below.parse().expect("an id");
    worked(&app, Event::EmployeeErased { employee: other }).await;
    program.get(&format!("{EMPLOYEES}/{below}")).await.expect(200);
    program.get(&format!("{EMPLOYEES}/{id}")).await.expect(404);
    member.get(&format!("/api/v1/expense-reports/{}", draft.field("/id"))).await.expect(404);
    let ulid = id.trim_start_matches("emp_");
    let left: Vec<_> = app
        .items_of(app.ours.id)
        .into_iter()
        .filter(|((pk, _), item)| {
            let kind = item["type"]["S"].as_str().unwrap_or_default();
            !matches!(kind, "audit" | "event" | "idempotency") && (pk.contains(ulid) || item.to_string().contains(&id))
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let log = app.written_under("AUDIT");
    assert!(log.contains("erase_employee") && !log.contains("Moreau"), "{log}");
    assert!(app.with_role(Role::Member).get("/rh/moi").await.expect(200).text().contains("Aucun dossier"));
    // Their number is free, and who was below them is below nobody.
    assert_eq!(program.get(&format!("{EMPLOYEES}/{below}")).await.expect(200).field("/manager_id"), "");
    added(&program, &hired("M-1", "Roux")).await;
}
