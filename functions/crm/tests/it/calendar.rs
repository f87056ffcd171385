//! The calendar, and the file to which programs subscribe.

use jiff::SignedDuration;
use kernel::{
    Permission::{CrmCreate, CrmView, InvoicingView},
    permission::Role,
    reference::OrganizationReference,
};
use serde_json::{Value, json};
use testkit::{App, Client, SITE, own_records};

use crate::{ACTIVITIES, COMPANIES, added, app, bakery, with};

const FEEDS: &str = "/api/v1/calendar-feeds";

fn meeting(company: &str, subject: &str, on: &str, time: &str) -> Value {
    json!({ "type": "meeting", "subject": subject, "company_id": company, "on": on, "time": time, "minutes": "60" })
}

/// Where a new link leads, without the site.
async fn feed(client: &Client, shows: &str) -> String {
    let made = client.post(FEEDS, &json!({ "name": "Téléphone", "shows": shows })).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    made.field("/url").strip_prefix(SITE).expect("ours").to_owned()
}

async fn opened(app: &App, path: &str) -> String {
    let reply = app.anyone().get(path).await.expect(200);
    assert!(reply.round_trips() <= Some(3), "{:?}", reply.round_trips());
    assert_eq!(reply.header("content-type"), Some("text/calendar; charset=utf-8"));
    reply.text()
}

fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

#[tokio::test]
async fn each_view_shows_its_period() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let company = added(&program, COMPANIES, &bakery()).await;
    for (subject, on, time) in [
        ("Lundi matin", "2026-11-23", "09:30"),
        ("Toute la journée", "2026-11-24", ""),
        ("Très tôt", "2026-11-25", "05:00"),
        ("En décembre", "2026-12-15", "14:00"),
    ] {
        added(&program, ACTIVITIES, &meeting(&company, subject, on, time)).await;
    }
    let cancelled = added(&program, ACTIVITIES, &meeting(&company, "Annulé", "2026-11-23", "10:00")).await;
    program.post(&format!("{ACTIVITIES}/{cancelled}/cancel"), &json!({})).await.expect(200);
    for (view, shown, hidden) in [
        ("mois", vec!["Lundi matin", "Toute la journée", "Très tôt", "Novembre"], vec!["En décembre", "Annulé"]),
        ("semaine", vec!["Lundi matin", "Toute la journée", "Très tôt", "05:00", "Semaine du"], vec!["En décembre"]),
        ("jour", vec!["Lundi matin", "09:30\u{a0}–\u{a0}10:30"], vec!["Toute la journée</a>", "En décembre"]),
        ("liste", vec!["Lundi matin", "Très tôt", "En décembre"], vec!["Annulé"]),
    ] {
        let page = owner.get(&format!("/crm/calendrier?vue={view}&le=2026-11-23")).await.expect(200);
        assert!(page.round_trips() <= Some(2));
        for part in shown {
            assert!(page.text().contains(part), "{view}: {part}: {}", page.text());
        }
        for part in hidden {
            assert!(!page.text().contains(part), "{view}: {part}");
        }
    }
    let week = owner.get("/crm/calendrier?vue=semaine&le=2026-11-23").await.expect(200).text();
    assert!(week.contains("/crm/activites/nouvelle?le=2026-11-26&amp;heure=11:00"), "{week}");
    assert!(week.contains("data-on=\"2026-11-26\" data-time=\"11:00\"") && week.contains("data-time=\"none\""));
    assert!(week.contains("vue=semaine&#38;le=2026-11-30") && week.contains("vue=semaine&#38;le=2026-11-16"), "{week}");
    let none = owner.get("/crm/calendrier?vue=mois&le=2026-11-23&type=call").await.expect(200).text();
    assert!(!none.contains("Lundi matin"));
    let manager = app.user_with_role(Role::Manager);
    let none = owner.get(&format!("/crm/calendrier?le=2026-11-23&membre={manager}")).await.expect(200).text();
    assert!(!none.contains("Lundi matin") && none.contains("Toute l’équipe"));
    for wrong in ["?vue=siecle", "?le=hier", "?type=dance"] {
        owner.get(&format!("/crm/calendrier{wrong}")).await.expect(404);
    }
    // Who only looks has nothing to drag.
    let reader = app.with_role(Role::Reader).get("/crm/calendrier?le=2026-11-23").await.expect(200).text();
    assert!(!reader.contains("data-entry") && !reader.contains("id=\"calendar-move\""), "{reader}");
}

#[tokio::test]
async fn a_program_reads_the_calendar_by_its_link() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let company = added(&program, COMPANIES, &bakery()).await;
    let long = "Visite du fournil; avec le chef, l’équipe et l’architecte \\ « à l’heure » dite, sans faute aucune";
    let id =
        added(&program, ACTIVITIES, &with(meeting(&company, long, "2026-11-23", "10:00"), json!({ "place": "Lyon" })))
            .await;
    let manager = json!({ "assigned_to": app.user_with_role(Role::Manager) });
    let others = added(&program, ACTIVITIES, &with(meeting(&company, "Autre", "2026-12-24", ""), manager)).await;
    let past = added(&program, ACTIVITIES, &meeting(&company, "Ancien", "2026-07-01", "10:00")).await;

    let path = feed(&owner, "own").await;
    assert!(path.starts_with("/ical/agenda.ics?lien="), "no secret stands in a path: {path}");
    let text = opened(&app, &path).await;
    for line in text.strip_suffix("\r\n").expect("an end").split("\r\n") {
        assert!(line.len() <= 75, "{line}");
    }
    let plain = unfolded(&text);
    for line in [
        "BEGIN:VCALENDAR",
        &format!("UID:{id}@abservice"),
        "DTSTART:20261123T090000Z",
        "DTEND:20261123T100000Z",
        "LOCATION:Lyon",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:Rendez-vous\u{a0}: Visite du fournil\\; avec le chef\\, l’équipe et l’architecte \\\\ « à l’heure » dite\\, sans faute aucune",
        "DESCRIPTION:Boulangerie Dupré",
    ] {
        assert!(plain.contains(&format!("{line}\r\n")), "{line}: {plain}");
    }
    assert!(!plain.contains(&others) && !plain.contains(&past), "{plain}");
    let team = feed(&owner, "team").await;
    let whole = unfolded(&opened(&app, &team).await);
    assert!(whole.contains(&others) && whole.contains("DTSTART;VALUE=DATE:20261224"), "{whole}");

    // The same is not sent twice.
    let first = app.anyone().get(&path).await.expect(200);
    let etag = first.header("etag").expect("an etag").to_owned();
    let again = app.anyone().header("if-none-match", &etag).get(&path).await.expect(304);
    assert!(again.body.is_empty());
    app.advance(SignedDuration::from_mins(20));
    app.anyone().header("if-none-match", &format!("W/{etag}")).get(&path).await.expect(304);
    let moved = json!({ "on": "2026-11-24", "time": "11:00" });
    program.post(&format!("{ACTIVITIES}/{id}/reschedule"), &moved).await.expect(200);
    let changed = app.anyone().header("if-none-match", &etag).get(&path).await.expect(200).text();
    for line in ["DTSTART:20261124T100000Z", "SEQUENCE:1", "LAST-MODIFIED:20261122T092000Z"] {
        assert!(unfolded(&changed).contains(line), "{line}");
    }
    program.post(&format!("{ACTIVITIES}/{id}/cancel"), &json!({})).await.expect(200);
    assert!(opened(&app, &path).await.contains("STATUS:CANCELLED"));

    // When a link was used is seen; its secret is nowhere.
    let listed = owner.get(FEEDS).await.expect(200);
    assert!(listed.text().contains("last_seen_at") && !listed.text().contains("lien="));
    let secret = path.splitn(4, '_').nth(3).expect("a secret");
    assert!(app.items().iter().all(|item| !item.to_string().contains(secret)));
}

#[tokio::test]
async fn a_link_that_is_revoked_or_renewed_opens_nothing() {
    let app = app().await;
    let owner = app.owner();
    let first = feed(&owner, "own").await;
    let id = owner.get(FEEDS).await.expect(200).field("/items/0/id");
    opened(&app, &first).await;
    let rotated = owner.post(&format!("{FEEDS}/{id}/rotate"), &json!({})).await.expect(200);
    assert!(rotated.round_trips() <= Some(3));
    let second = rotated.field("/url").strip_prefix(SITE).expect("ours").to_owned();
    app.anyone().get(&first).await.expect(404);
    opened(&app, &second).await;
    // Nobody else's, and by no token.
    app.with_role(Role::Manager).delete(&format!("{FEEDS}/{id}")).await.expect(404);
    app.stranger().delete(&format!("{FEEDS}/{id}")).await.expect(404);
    app.with_role(Role::Manager).post(&format!("{FEEDS}/{id}/rotate"), &json!({})).await.expect(404);
    app.program().post(FEEDS, &json!({ "name": "x" })).await.expect(403);
    owner.delete(&format!("{FEEDS}/{id}")).await.expect(204);
    app.anyone().get(&second).await.expect(404);
    for wrong in ["/ical/agenda.ics", "/ical/agenda.ics?lien=x", &second.replace("lien=", "lien=0")] {
        app.anyone().get(wrong).await.expect(404);
    }
    for _ in 0..10 {
        feed(&owner, "own").await;
    }
    let full = owner.post(FEEDS, &json!({ "name": "x" })).await.expect(409);
    assert_eq!(full.field("/code"), "too_many_feeds");
}

#[tokio::test]
async fn who_may_not_see_it_any_more_is_told_nothing() {
    let app = app().await;
    let company = added(&app.program(), COMPANIES, &bakery()).await;
    added(&app.program(), ACTIVITIES, &meeting(&company, "Cachée", "2026-11-23", "10:00")).await;
    let (user, salesperson) = app.with_new_member(own_records([CrmView, CrmCreate])).await;
    let refused = salesperson.post(FEEDS, &json!({ "name": "x", "shows": "team" })).await.expect(422);
    assert_eq!(refused.violations(), ["/shows"]);
    let path = feed(&salesperson, "own").await;
    let own = added(&salesperson, COMPANIES, &json!({ "name": "Menuiserie Petit" })).await;
    added(&salesperson, ACTIVITIES, &meeting(&own, "Mienne", "2026-11-24", "10:00")).await;
    let text = opened(&app, &path).await;
    assert!(text.contains("Mienne") && !text.contains("Cachée"));
    app.part_with(user).await;
    app.anyone().get(&path).await.expect(404);

    let (_, blind) = app.with_new_member(own_records([InvoicingView])).await;
    blind.post(FEEDS, &json!({ "name": "x" })).await.expect(403);
    let path = feed(&app.owner(), "team").await;
    let suspended = OrganizationReference { suspended_at: Some(app.clock.now()), ..app.ours.clone() };
    app.replace_organization(&suspended).await;
    app.anyone().get(&path).await.expect(404);
    app.replace_organization(&app.ours).await;
    opened(&app, &path).await;
}

#[tokio::test]
async fn whoever_tries_links_is_slowed_down_and_programs_are_not() {
    let app = app().await;
    let path = feed(&app.owner(), "own").await;
    for _ in 0..70 {
        app.anyone().get(&path).await.expect(200);
    }
    for _ in 0..60 {
        app.anyone().get("/ical/agenda.ics?lien=x").await.expect(404);
    }
    app.anyone().get("/ical/agenda.ics?lien=x").await.expect(429);
}

#[tokio::test]
async fn the_page_of_links_shows_a_new_one_once() {
    let app = app().await;
    let owner = app.owner();
    const PAGE: &str = "/crm/calendrier/abonnement";
    assert!(owner.get(PAGE).await.expect(200).text().contains("Aucun lien"));
    let made = owner.form(PAGE, &[("_key", "k"), ("name", "Téléphone"), ("shows", "team")]).await.expect(200);
    assert!(made.round_trips() <= Some(3));
    assert!(made.text().contains("/ical/agenda.ics?lien=") && made.text().contains("webcal://app.abservice.example"));
    let again = owner.form(PAGE, &[("_key", "k"), ("name", "Téléphone"), ("shows", "team")]).await.expect(200).text();
    assert!(!again.contains("lien=") && again.contains("Téléphone"));
    let page = owner.get(PAGE).await.expect(200);
    assert!(page.round_trips() <= Some(2) && !page.text().contains("lien="));
    assert!(owner.form(PAGE, &[("name", "")]).await.expect(422).text().contains("obligatoire"));
    let id = owner.get(FEEDS).await.expect(200).field("/items/0/id");
    let renewed = owner.form(&format!("{PAGE}/{id}/renouveler"), &[]).await.expect(200);
    assert!(renewed.round_trips() <= Some(3) && renewed.text().contains("lien="));
    assert!(owner.form(&format!("{PAGE}/{id}/revoquer"), &[]).await.expect(303).round_trips() <= Some(3));
    assert!(owner.get(PAGE).await.expect(200).text().contains("Aucun lien"));
}

#[tokio::test]
async fn what_is_to_come_stands_first_and_long_texts_are_cut() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    for (subject, on) in
        [("Hier", "2026-11-21"), ("Avant-hier", "2026-11-20"), ("Bientôt", "2026-11-22"), ("Loin", "2027-03-01")]
    {
        let long = with(meeting(&company, subject, on, "23:30"), json!({ "description": "é".repeat(5_000) }));
        added(&program, ACTIVITIES, &long).await;
    }
    let text = unfolded(&opened(&app, &feed(&app.owner(), "team").await).await);
    let summaries = text.split("\r\n").filter_map(|line| line.strip_prefix("SUMMARY:"));
    let subjects: Vec<_> = summaries.filter_map(|summary| summary.split(": ").last()).collect();
    assert_eq!(subjects, ["Bientôt", "Loin", "Hier", "Avant-hier"]);
    assert!(text.len() < 10_000 && text.contains("é…"), "{}", text.len());
    let page = app.owner().get("/crm/calendrier?vue=jour&le=2026-11-22").await.expect(200).text();
    assert!(!page.contains("23:59"), "{page}");
    assert!(page.contains("23:30\u{a0}–\u{a0}00:30"), "{page}");
}
