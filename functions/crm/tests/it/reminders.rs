//! Reminders: at their time, once, to who is still there.

use jiff::SignedDuration;
use kernel::{
    Permission::{CrmCreate, CrmView},
    id::UserId,
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, own_records};

use crate::{ACTIVITIES, COMPANIES, activities::tell, added, app, bakery};

/// At ten in Lyon, to be reminded of half an hour before: 08:30 UTC.
async fn planned(app: &App, who: UserId) -> String {
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    let activity = json!({
        "type": "call", "subject": "Rappeler le fournil", "company_id": company, "on": "2026-11-23", "time": "10:00",
        "minutes": "15", "place": "Lyon", "remind": "30", "assigned_to": who,
    });
    added(&app.program(), ACTIVITIES, &activity).await
}

async fn due(app: &App, id: &str) {
    tell(app, json!({ "name": "activity.due.v1", "data": { "activity": id } })).await;
}

/// The mails that wait, and whom the events say was reminded.
fn reminded(app: &App) -> (Vec<Value>, usize) {
    let items = app.items_of(app.ours.id);
    let mails = items.values().filter(|item| item["type"]["S"] == "mail").cloned().collect();
    (mails, app.written_under("#OUTBOX#").matches("activity.reminded.v1").count())
}

fn place(app: &App, id: &str) -> Option<String> {
    let ulid = id.trim_start_matches("act_");
    let items = app.items_of(app.ours.id);
    let item = items.iter().find(|((pk, sk), _)| pk.ends_with(ulid) && sk == "META").map(|(_, item)| item.clone())?;
    item["gsi2sk"]["S"].as_str().map(|sk| format!("{} {}", item["gsi2pk"]["S"].as_str().unwrap_or_default(), sk))
}

#[tokio::test]
async fn it_comes_at_its_time_and_once_however_often_it_is_asked_for() {
    let app = app().await;
    let who = app.user_with_role(Role::Manager);
    let id = planned(&app, who).await;
    let waits = place(&app, &id).expect("it waits");
    assert!(waits.contains("DUE#2026-11-23#") && waits.contains("T#08:30#ORG#"), "{waits}");
    app.advance(SignedDuration::from_hours(23));
    due(&app, &id).await;
    assert_eq!(reminded(&app), (vec![], 0), "not before");

    // An hour late, and many times at once.
    app.advance(SignedDuration::from_mins(90));
    tokio::join!(due(&app, &id), due(&app, &id), due(&app, &id));
    due(&app, &id).await;
    let (mails, told) = reminded(&app);
    assert_eq!((mails.len(), told), (1, 1));
    assert_eq!(place(&app, &id), None, "the clock finds it no more");
    let text = mails[0]["mail"]["M"]["text"]["S"].as_str().expect("a text");
    for part in
        ["Rappeler le fournil", "lundi 23\u{a0}novembre\u{a0}2026 à 10:00", "Lyon", &format!("/crm/activites/{id}")]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains(testkit::SITE) && !text.contains("Dupré"), "{text}");
    assert!(app.written_under("#OUTBOX#").contains(&who.to_string()));

    // Moved, it comes again.
    let moved = json!({ "on": "2026-11-24" });
    app.program().post(&format!("{ACTIVITIES}/{id}/reschedule"), &moved).await.expect(200);
    assert!(place(&app, &id).is_some_and(|waits| waits.contains("DUE#2026-11-24#")));
    due(&app, &id).await;
    assert_eq!(reminded(&app).0.len(), 1);
    app.advance(SignedDuration::from_hours(24));
    due(&app, &id).await;
    assert_eq!(reminded(&app).0.len(), 2);
}

#[tokio::test]
async fn what_is_done_or_gone_reminds_nobody() {
    let app = app().await;
    let who = app.user_with_role(Role::Manager);
    let ids = [planned(&app, who).await, planned(&app, who).await, planned(&app, who).await];
    for (id, act) in ids.iter().zip(["complete", "cancel"]) {
        app.program().post(&format!("{ACTIVITIES}/{id}/{act}"), &json!({})).await.expect(200);
        assert_eq!(place(&app, id), None);
    }
    app.program().delete(&format!("{ACTIVITIES}/{}", ids[2])).await.expect(204);
    app.advance(SignedDuration::from_hours(48));
    for id in &ids {
        due(&app, id).await;
    }
    assert_eq!(reminded(&app), (vec![], 0));
}

#[tokio::test]
async fn only_a_member_who_may_see_it_is_reminded() {
    let app = app().await;
    let (gone, _) = app.with_new_member(Role::Member.into()).await;
    let first = planned(&app, gone).await;
    let (blind, _) = app.with_new_member(own_records([CrmView, CrmCreate])).await;
    let second = planned(&app, blind).await;
    app.part_with(gone).await;
    app.part_with(blind).await;
    app.advance(SignedDuration::from_hours(48));
    for id in [&first, &second] {
        due(&app, id).await;
        assert_eq!(place(&app, id), None, "nobody is looked for again");
    }
    assert_eq!(reminded(&app), (vec![], 0));

    let third = planned(&app, app.user_with_role(Role::Manager)).await;
    assert_eq!(place(&app, &third), None, "its time is over");
    let suspended =
        kernel::reference::OrganizationReference { suspended_at: Some(app.clock.now()), ..app.ours.clone() };
    let fourth = {
        let company = added(&app.program(), COMPANIES, &bakery()).await;
        let task =
            json!({ "type": "task", "subject": "Plus tard", "company_id": company, "on": "2026-12-01", "remind": "0" });
        added(&app.program(), ACTIVITIES, &task).await
    };
    app.replace_organization(&suspended).await;
    app.advance(SignedDuration::from_hours(24 * 10));
    due(&app, &fourth).await;
    assert_eq!(reminded(&app), (vec![], 0));
}

#[tokio::test]
async fn clocks_that_were_set_otherwise_meanwhile_are_followed() {
    let app = app().await;
    let id = planned(&app, app.user_with_role(Role::Manager)).await;
    let elsewhere =
        kernel::reference::OrganizationReference { time_zone: "America/Martinique".into(), ..app.ours.clone() };
    app.replace_organization(&elsewhere).await;
    // Half past eight in Lyon, half past four there: it waits until half past nine of theirs.
    app.advance(SignedDuration::from_hours(24));
    due(&app, &id).await;
    assert_eq!(reminded(&app), (vec![], 0));
    assert!(place(&app, &id).is_some_and(|waits| waits.contains("T#13:30#ORG#")));
    app.advance(SignedDuration::from_hours(5));
    due(&app, &id).await;
    assert_eq!(reminded(&app).0.len(), 1);
}
