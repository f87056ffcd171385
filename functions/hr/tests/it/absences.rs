//! Who is away: the calendar of a month, the panel, the calendars to which programs subscribe.

use kernel::{
    Permission::{CrmView, HrView},
    permission::Role,
};
use serde_json::json;
use testkit::{Client, SITE, own_records};

use crate::leave::{EMPLOYEES, PAID_LEAVE, SICKNESS, Team, days, monday};

const FEEDS: &str = "/api/v1/leave/feeds";
const PAGE: &str = "/rh/conges/calendrier";

/// Where a new link leads, without the site.
async fn feed(client: &Client, shows: &str) -> String {
    let made = client.post(FEEDS, &json!({ "name": "Téléphone", "shows": shows })).await.expect(201);
    assert!(made.round_trips() <= Some(3), "{:?}", made.round_trips());
    made.field("/url").strip_prefix(SITE).expect("ours").to_owned()
}

impl Team {
    async fn opened(&self, path: &str) -> String {
        let reply = self.app.anyone().get(path).await.expect(200);
        assert!(reply.round_trips() <= Some(3), "{:?}", reply.round_trips());
        assert_eq!(reply.header("content-type"), Some("text/calendar; charset=utf-8"));
        reply.text().replace("\r\n ", "")
    }

    /// Asked for by Inès, of another type than usual.
    async fn ask_of(&self, kind: &str, from: &str, to: &str, ends_at_noon: bool) -> String {
        let (id, client) = &self.ines;
        let body = json!({ "type_id": kind, "from": from, "to": to, "ends_at_noon": ends_at_noon.to_string() });
        let path = format!("{EMPLOYEES}/{id}/leave-requests");
        format!("{path}/{}", client.post(&path, &body).await.expect(201).field("/id"))
    }

    async fn approve(&self, path: &str) {
        self.manager.1.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn a_month_shows_who_is_away_and_why_to_whom_it_concerns() {
    let team = Team::new().await;
    let first = monday(&team.app, 8);
    let (from, to) = days(first, 3);
    let path = team.ask_of(PAID_LEAVE, &from, &to, true).await;
    let page = |client: &Client, query: &str| {
        let path = format!("{PAGE}?month={}{query}", &from[..7]);
        let client = client.clone();
        async move {
            let reply = client.get(&path).await.expect(200);
            assert!(reply.round_trips() <= Some(2), "{:?}", reply.round_trips());
            reply.text()
        }
    };
    // What is only asked for is between who asks and who decides.
    let pending = page(&team.manager.1, "").await;
    assert!(pending.contains("absence-pending") && pending.contains("Congés payés, en attente"), "{pending}");
    assert!(!page(&team.leo.1, "").await.contains("title=\"Absent"));
    team.approve(&path).await;
    let seen = page(&team.manager.1, "").await;
    assert!(seen.contains("title=\"Congés payés\"") && seen.contains("title=\"Congés payés, matin\""), "{seen}");
    assert!(seen.contains("Ines Moreau") && seen.contains("Leo Moreau") && seen.contains("Ada Moreau"));
    let colleague = page(&team.leo.1, "").await;
    assert!(colleague.contains("title=\"Absent\"") && !colleague.contains("Congés payés"), "{colleague}");
    assert!(!colleague.contains("Tous les types"), "nothing that they know of is there to choose from");
    // One team, one colleague, one type.
    let reports = page(&team.manager.1, "&qui=reports").await;
    assert!(reports.contains(">Ines Moreau</a></th>") && !reports.contains(">Ada Moreau</a></th>"), "{reports}");
    let leo = page(&team.manager.1, &format!("&qui={}", team.leo.0)).await;
    assert!(leo.contains(">Leo Moreau</a></th>") && !leo.contains("title=\"Congés payés"), "{leo}");
    assert!(leo.contains("Personne n’est absent"));
    let sick = page(&team.manager.1, &format!("&type={SICKNESS}")).await;
    assert!(!sick.contains("title=\"Congés payés"), "{sick}");
    let paid = page(&team.manager.1, &format!("&type={PAID_LEAVE}")).await;
    assert!(paid.contains("title=\"Congés payés"));
    // A colleague learns nothing by asking for a type.
    let guess = page(&team.leo.1, &format!("&type={PAID_LEAVE}")).await;
    assert!(!guess.contains("title=\"Absent\"") && guess.contains("Personne n’est absent"), "{guess}");
    for wrong in ["?month=juillet", "?qui=own", "?type=x"] {
        team.manager.1.get(&format!("{PAGE}{wrong}")).await.expect(404);
    }
    assert!(
        !team.app.stranger().get(&format!("{PAGE}?month={}", &from[..7])).await.expect(200).text().contains("Ines")
    );
}

#[tokio::test]
async fn the_calendar_of_activities_learns_who_is_away_and_never_why() {
    let team = Team::new().await;
    let (from, to) = days(monday(&team.app, 8), 5);
    let path = team.ask_of(PAID_LEAVE, &from, &to, false).await;
    let panel = format!("/rh/conges/absents?du={from}&au={to}&grille=true");
    let (_, seller) = team.app.with_new_member(own_records([CrmView])).await;
    assert!(!seller.get(&panel).await.expect(200).text().contains("Ines"), "nothing is approved");
    team.approve(&path).await;
    let owner = team.app.owner();
    for client in [&seller, &owner] {
        let reply = client.get(&panel).await.expect(200);
        assert!(reply.round_trips() <= Some(2));
        let page = reply.text();
        assert!(page.contains(&format!("id=\"absent-{from}\" hx-swap-oob=\"true\"")) && page.contains("Ines Moreau"));
        assert!(!page.contains("Congés payés"), "{page}");
    }
    // A list has no days, and a member alone is asked for by their account.
    assert!(!seller.get(&panel.replace("&grille=true", "")).await.expect(200).text().contains("hx-swap-oob"));
    let of_leo = format!("{panel}&membre={}", team.user_of(&team.leo.0));
    assert!(!seller.get(&of_leo).await.expect(200).text().contains("Ines"));
    let of_ines = format!("{panel}&membre={}", team.user_of(&team.ines.0));
    assert!(seller.get(&of_ines).await.expect(200).text().contains("Ines"));
    assert!(!team.app.stranger().get(&panel).await.expect(200).text().contains("Ines"));
    for wrong in ["", "?du=2026-01-01", "?du=2026-01-01&au=2026-12-31", "?du=2026-02-01&au=2026-01-01"] {
        seller.get(&format!("/rh/conges/absents{wrong}")).await.expect(404);
    }
}

#[tokio::test]
async fn programs_subscribe_to_absences() {
    let team = Team::new().await;
    let (from, to) = days(monday(&team.app, 8), 5);
    let path = team.ask_of(PAID_LEAVE, &from, &to, true).await;
    let own = feed(&team.ines.1, "own").await;
    let colleague = feed(&team.leo.1, "team").await;
    let reports = feed(&team.manager.1, "reports").await;
    let one = feed(&team.leo.1, &team.ines.0).await;
    let hr = feed(&team.app.with_role(Role::Hr), "all").await;
    assert!(own.starts_with("/ical/absences.ics?lien="), "no secret stands in a path: {own}");
    for link in [&own, &colleague, &reports, &one, &hr] {
        assert!(!team.opened(link).await.contains("VEVENT"), "nothing is approved");
    }
    team.approve(&path).await;
    let plain = from.replace('-', "");
    let id = path.rsplit('/').next().expect("an id");
    let text = team.opened(&own).await;
    assert!(text.contains("SUMMARY:Congés payés (jusqu’à midi le dernier jour)\r\n"), "{text}");
    assert!(text.contains(&format!("DTSTART;VALUE=DATE:{plain}")) && text.contains(&format!("UID:{id}@abservice")));
    // Why, nobody reads in a calendar of others: not even who may know it.
    for link in [&colleague, &reports, &one, &hr] {
        let text = team.opened(link).await;
        assert!(text.contains("SUMMARY:Absent\u{a0}: Ines Moreau (jusqu’à midi le dernier jour)\r\n"), "{text}");
        assert!(!text.contains("Congés") && !text.contains(&format!("/rh/conges/{}", team.ines.0)), "{text}");
    }
    let leo = feed(&team.ines.1, &team.leo.0).await;
    assert!(!team.opened(&leo).await.contains("VEVENT"));
    // What is offered is what there is; no link opens the other calendar.
    let strange = json!({ "name": "x", "shows": "emp_00000000000000000000000009" });
    assert_eq!(team.ines.1.post(FEEDS, &strange).await.expect(422).violations(), ["/shows"]);
    team.app.anyone().get(&own.replace("absences", "agenda")).await.expect(404);
    team.app.program().post(FEEDS, &json!({ "name": "x" })).await.expect(403);
    // She takes it back: it is gone from each.
    team.ines.1.post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    for link in [&own, &colleague, &hr] {
        assert!(!team.opened(link).await.contains("VEVENT"));
    }
    let listed = team.ines.1.get(FEEDS).await.expect(200).json();
    let feeds = listed["items"].as_array().expect("links");
    let feed = feeds.iter().find(|feed| feed["shows"] == "own").expect("hers")["id"].as_str().expect("an id");
    team.leo.1.delete(&format!("{FEEDS}/{feed}")).await.expect(404);
    team.app.stranger().delete(&format!("{FEEDS}/{feed}")).await.expect(404);
    team.ines.1.delete(&format!("{FEEDS}/{feed}")).await.expect(204);
    team.app.anyone().get(&own).await.expect(404);
    let log = team.app.written_under("AUDIT");
    assert!(log.contains("create_absence_feed") && log.contains("revoke_absence_feed"));
}

#[tokio::test]
async fn a_link_opens_nothing_once_its_member_has_left() {
    let team = Team::new().await;
    let (user, member) = team.app.with_new_member(own_records([HrView])).await;
    let link = feed(&member, "all").await;
    team.opened(&link).await;
    team.app.part_with(user).await;
    team.app.anyone().get(&link).await.expect(404);
}

#[tokio::test]
async fn the_page_of_links_offers_teams_and_shows_a_new_link_once() {
    let team = Team::new().await;
    const LINKS: &str = "/rh/conges/calendrier/abonnement";
    let page = team.manager.1.get(LINKS).await.expect(200).text();
    for offered in ["Mes absences", "Toute l’entreprise", "Mes collaborateurs", "Ines Moreau"] {
        assert!(page.contains(offered), "{offered}: {page}");
    }
    let made =
        team.manager.1.form(LINKS, &[("_key", "k"), ("name", "Outlook"), ("shows", "reports")]).await.expect(200);
    assert!(made.round_trips() <= Some(3), "{:?}", made.round_trips());
    assert!(made.text().contains("/ical/absences.ics?lien=") && made.text().contains("webcal://"));
    let again = team.manager.1.get(LINKS).await.expect(200).text();
    assert!(again.contains("Outlook") && !again.contains("lien="));
    let id = team.manager.1.get(FEEDS).await.expect(200).field("/items/0/id");
    let renewed = team.manager.1.form(&format!("{LINKS}/{id}/renouveler"), &[]).await.expect(200);
    assert!(renewed.round_trips() <= Some(3) && renewed.text().contains("lien="));
    team.manager.1.form(&format!("{LINKS}/{id}/revoquer"), &[]).await.expect(303);
    assert!(team.manager.1.form(LINKS, &[("name", "")]).await.expect(422).text().contains("obligatoire"));
    // Links to activities are not among them.
    assert!(team.manager.1.get(LINKS).await.expect(200).text().contains("Aucun lien"));
}
