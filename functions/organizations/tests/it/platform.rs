//! The platform's administrator: who is one, visits, suspension.

use jiff::SignedDuration;
use kernel::{
    id::UserId,
    permission::{MemberRole, Role},
};
use serde_json::json;
use testkit::{App, Client, Reply};
use web::{Membership, path_in};

use crate::{app, settings};

async fn member(app: &App, user: UserId) -> Option<Membership> {
    let scope = app.scope();
    scope.get(&scope.keys().member(user)).await.expect("a reading").map(|stored| stored.value)
}

fn act(app: &App, act: &str) -> String {
    format!("/plateforme/entreprises/{}/{act}", app.ours.id)
}

/// Acts of our audit log and who did them, the newest first.
async fn log(app: &App) -> Vec<(String, String)> {
    let log = app.program().get("/api/v1/audit-entries").await.expect(200).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let items = log["items"].as_array().expect("a list").iter();
    items.map(|item| (text(&item["act"]), text(&item["actor"]["name"]))).filter(|(act, _)| act != "test").collect()
}

/// In our pages, whatever organization the session began in.
async fn ours(app: &App, client: &Client, path: &str) -> Reply {
    client.get(&path_in(app.ours.id, path)).await
}

#[tokio::test]
async fn for_everybody_else_there_is_no_platform() {
    let app = app().await;
    for client in [app.owner(), app.stranger(), app.program(), app.with_role(Role::Admin)] {
        client.get("/plateforme").await.expect(404);
        client.get(&format!("/plateforme/entreprises/{}", app.ours.id)).await.expect(404);
        for name in ["visiter", "quitter", "suspendre", "retablir"] {
            client.form(&act(&app, name), &[]).await.expect(404);
        }
        assert!(!client.get("/organisation").await.expect(200).text().contains("/plateforme"));
    }
    app.anyone().get("/plateforme").await.expect(303);
}

#[tokio::test]
async fn every_organization_is_listed_by_age_and_found_by_name() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let page = admin.get("/plateforme?limit=2").await.expect(200).text();
    assert!(page.contains("Suite") && page.contains("href=\"/plateforme\""), "{page}");
    let next = page.split("href=\"").find(|part| part.starts_with("/plateforme?") && part.contains("cursor=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let rest = admin.get(&next).await.expect(200).text();
    for name in ["Atelier Lumière", "Menuiserie Voisine"] {
        let seen = [&page, &rest].into_iter().filter(|page| page.contains(&format!(">{name}</a>"))).count();
        assert_eq!(seen, 1, "{name}");
    }
    let found = admin.get("/plateforme?q=ATELIER%20lumi%C3%A8").await.expect(200).text();
    assert!(found.contains("Atelier Lumière") && !found.contains("Menuiserie"));
    app.program().put("/api/v1/organization", &settings()).await.expect(200);
    let found = admin.get("/plateforme?q=atelier+du+p").await.expect(200).text();
    assert!(found.contains("Atelier du Pont"), "a new name is found");
    let found = admin.get("/plateforme?q=atelier+lumiere").await.expect(200).text();
    assert!(found.contains("Aucun résultat"), "and the former one is not");
    admin.get("/plateforme?cursor=7b7d").await.expect(400);
}

#[tokio::test]
async fn a_visit_is_seen_ends_by_itself_and_is_in_the_log_of_the_visited() {
    let app = app().await;
    let (user, admin) = app.platform_admin().await;
    ours(&app, &admin, "/organisation").await.expect(404);
    let entered = admin.form(&act(&app, "visiter"), &[]).await.expect(303);
    assert_eq!(entered.header("location"), Some(path_in(app.ours.id, "/").as_str()));
    assert_eq!(entered.round_trips(), Some(3));
    assert_eq!(member(&app, user).await.unwrap().role, MemberRole::System(Role::Admin));
    let page = ours(&app, &admin, "/organisation").await.expect(200).text();
    assert!(page.contains("Vous visitez <strong>Atelier Lumière</strong>"), "{page}");
    // The clock of the tests says nine o’clock UTC.
    assert!(page.contains("jusqu’à 11:00"), "{page}");
    assert!(page.contains(&format!("action=\"{}\"", act(&app, "quitter"))), "what is the platform’s keeps its address");
    app.advance(SignedDuration::from_mins(59));
    ours(&app, &admin, "/organisation").await.expect(200);
    app.advance(SignedDuration::from_mins(1));
    ours(&app, &admin, "/organisation").await.expect(404);

    admin.form(&act(&app, "visiter"), &[]).await.expect(303);
    ours(&app, &admin, "/organisation").await.expect(200);
    app.advance(SignedDuration::from_millis(1));
    admin.form(&act(&app, "quitter"), &[]).await.expect(303);
    ours(&app, &admin, "/organisation").await.expect(404);
    admin.form(&act(&app, "quitter"), &[]).await.expect(303);
    assert_eq!(member(&app, user).await, None);
    let who = "Camille Propriétaire".to_owned();
    let acts = ["leave_organization", "enter_organization", "enter_organization"];
    assert_eq!(log(&app).await, acts.map(|act| (act.to_owned(), who.clone())));
}

#[tokio::test]
async fn an_organization_that_is_not_there_is_not_entered() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let nowhere = "/plateforme/entreprises/org_00000000000000000000000000";
    admin.get(nowhere).await.expect(404);
    for act in ["visiter", "suspendre", "retablir"] {
        admin.form(&format!("{nowhere}/{act}"), &[]).await.expect(404);
    }
    admin.get("/plateforme/entreprises/com_00000000000000000000000000").await.expect(404);
}

#[tokio::test]
async fn a_member_keeps_their_role_whatever_they_administer() {
    let app = app().await;
    let (user, admin) = app.platform_admin().await;
    let scope = &app.scope();
    let joined = Membership {
        user,
        role: Role::Reader.into(),
        name: "Camille".into(),
        email: "camille@editeur.example".into(),
        joined_at: app.clock.now(),
        portrait: None,
        seen_at: None,
        visit: None,
    };
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", user);
            transaction.create(&joined);
            Ok((transaction, ()))
        })
        .await
        .expect("a member is written");
    admin.form(&act(&app, "visiter"), &[]).await.expect(303);
    admin.form(&act(&app, "quitter"), &[]).await.expect(303);
    assert_eq!(member(&app, user).await.map(|member| (member.role, member.visit)), Some((Role::Reader.into(), None)));
    assert_eq!(log(&app).await, []);
    // As a reader, who sees no settings.
    let page = ours(&app, &admin, "/organisation").await.expect(403).text();
    assert!(!page.contains("Vous visitez"), "{page}");
}

#[tokio::test]
async fn a_suspended_organization_lets_only_visitors_in() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let suspended = admin.form(&act(&app, "suspendre"), &[]).await.expect(303);
    assert_eq!(suspended.round_trips(), Some(3));
    let refused = app.owner().get("/organisation").await.expect(403).text();
    assert!(refused.contains("Entreprise suspendue"), "{refused}");
    // Not to a page that says the same: to one that is their own.
    assert!(refused.contains("href=\"/compte/entreprises\">Mes entreprises"), "{refused}");
    app.program().get("/api/v1/organization").await.expect(403);
    app.stranger().get("/organisation").await.expect(200);
    for path in ["/plateforme", "/plateforme?q=atelier"] {
        assert!(admin.get(path).await.expect(200).text().contains("Suspendue"), "{path}");
    }
    admin.form(&act(&app, "visiter"), &[]).await.expect(303);
    ours(&app, &admin, "/organisation").await.expect(200);
    app.advance(SignedDuration::from_millis(1));
    // Again changes nothing.
    admin.form(&act(&app, "suspendre"), &[]).await.expect(303);
    admin.form(&act(&app, "retablir"), &[]).await.expect(303);
    app.owner().get("/organisation").await.expect(200);
    assert!(!admin.get("/plateforme").await.expect(200).text().contains("Suspendue"));
    let acts: Vec<_> = log(&app).await.into_iter().map(|(act, _)| act).collect();
    assert_eq!(acts[0], "resume_organization");
    assert_eq!(acts.iter().filter(|act| *act == "suspend_organization").count(), 1);
}

#[tokio::test]
async fn the_page_of_an_organization_tells_who_is_in_it() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let path = format!("/plateforme/entreprises/{}", app.ours.id);
    let page = admin.get(&path).await.expect(200);
    assert_eq!(page.round_trips(), Some(2));
    let page = page.text();
    assert!(page.contains("Camille Propriétaire") && page.contains("732\u{a0}829\u{a0}320"), "{page}");
    assert!(page.contains("<dd>8</dd>") && !page.contains("Assistance ABSERVICE"), "{page}");
    admin.form(&act(&app, "visiter"), &[]).await.expect(303);
    let page = admin.get(&path).await.expect(200).text();
    assert!(page.contains("<dd>8</dd>") && page.contains("Assistance ABSERVICE"), "{page}");
}

const API: &str = "/api/v1/platform/organizations";

/// In the API, of our organization.
fn api(app: &App, act: &str) -> String {
    format!("{API}/{}{act}", app.ours.id)
}

#[tokio::test]
async fn for_everybody_else_there_is_no_platform_in_the_api() {
    let app = app().await;
    let (user, _) = app.platform_admin().await;
    // Not even for the token of an administrator, which proves no second factor.
    let token = app.program_of(user).await;
    for client in [app.owner(), app.stranger(), app.program(), app.with_role(Role::Admin), token] {
        client.get(API).await.expect(404);
        client.get(&api(&app, "")).await.expect(404);
        for act in ["/suspend", "/resume", "/visit"] {
            client.post(&api(&app, act), &json!({})).await.expect(404);
        }
        client.delete(&api(&app, "/visit")).await.expect(404);
    }
    app.anyone().get(API).await.expect(401);
    app.owner().get("/organisation").await.expect(200);
}

#[tokio::test]
async fn programs_find_every_organization_page_by_page_and_by_name() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{API}?limit=1&cursor={cursor}")).await.expect(200).json();
        names.extend(page["items"].as_array().into_iter().flatten().map(|found| found["name"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, ["Atelier Lumière", "Menuiserie Voisine", "Éditeur"]);
    let found = admin.get(&format!("{API}?q=ATELIER%20lumi")).await.expect(200).json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["items"][0]["id"], app.ours.id.to_string());
    admin.get(&format!("{API}?cursor=7b7d")).await.expect(400);
    admin.get(&format!("{API}?limit=101")).await.expect(400);
}

#[tokio::test]
async fn programs_see_who_is_in_an_organization_and_nothing_of_what_they_do() {
    let app = app().await;
    let (user, admin) = app.platform_admin().await;
    admin.post(&api(&app, "/visit"), &json!({})).await.expect(204);
    let shown = admin.get(&api(&app, "")).await.expect(200).json();
    assert_eq!((&shown["name"], &shown["siret"]), (&json!("Atelier Lumière"), &json!("73282932000074")));
    let members = shown["members"].as_array().expect("a list");
    assert_eq!(members.len(), Role::ALL.len() + 1);
    let visitors: Vec<_> = members.iter().filter(|member| !member["visits_until"].is_null()).collect();
    assert_eq!(visitors.len(), 1);
    assert_eq!(
        (&visitors[0]["id"], &visitors[0]["visits_until"]),
        (&json!(user.to_string()), &json!("2026-11-22T10:00:00Z"))
    );
    assert!(!shown.to_string().contains("iban"));
}

#[tokio::test]
async fn programs_suspend_resume_and_visit_as_the_pages_do() {
    let app = app().await;
    let (user, admin) = app.platform_admin().await;
    let suspended = admin.post(&api(&app, "/suspend"), &json!({})).await.expect(200);
    assert_eq!(suspended.field("/suspended_at"), "2026-11-22T09:00:00Z");
    app.owner().get("/organisation").await.expect(403);
    assert!(admin.post(&api(&app, "/resume"), &json!({})).await.expect(200).json()["suspended_at"].is_null());
    app.owner().get("/organisation").await.expect(200);
    app.advance(SignedDuration::from_millis(1));
    admin.post(&api(&app, "/visit"), &json!({})).await.expect(204);
    ours(&app, &admin, "/organisation").await.expect(200);
    app.advance(SignedDuration::from_millis(1));
    admin.delete(&api(&app, "/visit")).await.expect(204);
    admin.delete(&api(&app, "/visit")).await.expect(204);
    assert_eq!(member(&app, user).await, None);
    let acts: Vec<_> = log(&app).await.into_iter().map(|(act, _)| act).collect();
    assert_eq!(acts[..2], ["leave_organization", "enter_organization"]);
    let mut others = acts[2..].to_vec();
    others.sort();
    assert_eq!(others, ["resume_organization", "suspend_organization"]);
}

#[tokio::test]
async fn programs_reach_no_organization_that_is_not_there() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    for id in ["org_00000000000000000000000000", "com_00000000000000000000000000", "nowhere"] {
        admin.get(&format!("{API}/{id}")).await.expect(404);
        for act in ["suspend", "resume", "visit"] {
            admin.post(&format!("{API}/{id}/{act}"), &json!({})).await.expect(404);
        }
    }
    admin.delete(&format!("{API}/org_00000000000000000000000000/visit")).await.expect(204);
}

#[tokio::test]
async fn an_act_on_another_organization_is_known_again_by_its_key() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let once = admin.clone().idempotency_key("once");
    let suspended = once.post(&api(&app, "/suspend"), &json!({})).await.expect(200);
    app.advance(SignedDuration::from_mins(1));
    admin.post(&api(&app, "/resume"), &json!({})).await.expect(200);
    // The first request again, late: it does nothing more.
    assert_eq!(once.post(&api(&app, "/suspend"), &json!({})).await.expect(200).json(), suspended.json());
    app.owner().get("/organisation").await.expect(200);
    once.post(&api(&app, "/visit"), &json!({})).await.expect(422);
}

/// A day as forms send it, so many days after the tests begin.
fn day(after: i64) -> String {
    (jiff::civil::date(2026, 11, 22) + jiff::Span::new().days(after)).to_string()
}

#[tokio::test]
async fn the_end_of_a_trial_is_told_gently_from_two_weeks_before() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let banner = async || {
        let page = app.owner().get("/organisation").await.expect(200).text();
        let banner = page.split("aria-label=\"Période d’essai\"").nth(1).and_then(|rest| rest.split("</div>").next());
        banner.map(str::to_owned)
    };
    assert_eq!(banner().await, None);
    let done = admin.form(&act(&app, "essai"), &[("ends_on", &day(15))]).await.expect(303);
    assert_eq!(done.round_trips(), Some(3));
    assert_eq!(banner().await, None);
    let settings = app.owner().get("/organisation").await.expect(200).text();
    assert_eq!(settings.matches("se termine le 07/12/2026").count(), 1);

    app.advance(SignedDuration::from_hours(24));
    let told = banner().await.expect("two weeks before");
    assert!(
        told.contains("se termine le 07/12/2026") && told.contains("mailto:assistance@abservice.example"),
        "{told}"
    );
    let settings = app.owner().get("/organisation").await.expect(200).text();
    assert_eq!(settings.matches("se termine le 07/12/2026").count(), 1, "told once on a page");

    admin.form(&act(&app, "essai"), &[("ends_on", &day(2))]).await.expect(303);
    app.advance(SignedDuration::from_hours(24));
    assert!(banner().await.expect("the last day").contains("se termine aujourd’hui"));
    // Midnight is that of the organization: in Paris, an hour before it is in Greenwich.
    app.advance(SignedDuration::from_hours(14));
    let told = banner().await.expect("afterwards");
    assert!(told.contains("s’est terminée le 24/11/2026"), "{told}");
    // Nothing closed.
    app.program().put("/api/v1/organization", &crate::settings()).await.expect(200);
    assert!(!app.stranger().get("/organisation").await.expect(200).text().contains("période d’essai"));

    admin.form(&act(&app, "essai"), &[("ends_on", "")]).await.expect(303);
    assert_eq!(banner().await, None);
    let entries: Vec<_> = log(&app).await.into_iter().filter(|(act, _)| act == "set_trial").collect();
    assert_eq!(entries.len(), 3);
    let journal = app.owner().get("/organisation/journal").await.expect(200).text();
    assert!(journal.contains("Fin de la période d’essai fixée par la plateforme"));
}

#[tokio::test]
async fn the_page_of_the_platform_shows_the_trial_and_says_what_is_wrong() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let path = format!("/plateforme/entreprises/{}", app.ours.id);
    let refused = admin.form(&act(&app, "essai"), &[("ends_on", "31/02/2027")]).await.expect(422).text();
    assert!(refused.contains("value=\"31/02/2027\"") && refused.contains("id=\"ends_on-error\""), "{refused}");
    assert!(!admin.get(&path).await.expect(200).text().contains("Fin de l’essai"));
    admin.form(&act(&app, "essai"), &[("ends_on", "2027-02-28")]).await.expect(303);
    let page = admin.get(&path).await.expect(200).text();
    assert!(page.contains("Fin de l’essai") && page.contains("28/02/2027") && page.contains("value=\"2027-02-28\""));
    // Again changes nothing.
    admin.form(&act(&app, "essai"), &[("ends_on", "2027-02-28")]).await.expect(303);
    assert_eq!(log(&app).await.len(), 1);
}

#[tokio::test]
async fn a_program_sets_and_clears_a_trial_and_nobody_else_does() {
    let app = app().await;
    let (user, admin) = app.platform_admin().await;
    let input = json!({ "ends_on": "2027-02-28" });
    for client in [app.owner(), app.stranger(), app.program(), app.program_of(user).await] {
        client.put(&api(&app, "/trial"), &input).await.expect(404);
        client.form(&act(&app, "essai"), &[("ends_on", "2027-02-28")]).await.expect(404);
    }
    assert_eq!(admin.put(&api(&app, "/trial"), &input).await.expect(200).field("/ends_on"), "2027-02-28");
    assert_eq!(admin.get(&api(&app, "")).await.expect(200).field("/trial_ends_on"), "2027-02-28");
    assert_eq!(app.program().get("/api/v1/organization").await.field("/trial_ends_on"), "2027-02-28");
    for wrong in ["2027-02-29", "28/02/2027", "demain", "0000-00-00"] {
        let refused = admin.put(&api(&app, "/trial"), &json!({ "ends_on": wrong })).await.expect(422);
        assert_eq!(refused.violations(), ["/ends_on"]);
    }
    for wrong in [json!({ "ends_on": null }), json!({ "until": "2027-02-28" })] {
        admin.put(&api(&app, "/trial"), &wrong).await.expect(400);
    }
    assert!(admin.put(&api(&app, "/trial"), &json!({ "ends_on": "" })).await.expect(200).json()["ends_on"].is_null());
    admin.put(&format!("{API}/org_00000000000000000000000000/trial"), &input).await.expect(404);

    let deletion = Some(kernel::reference::Deletion { at: app.clock.now(), erased_at: None });
    app.replace_organization(&kernel::reference::OrganizationReference { deletion, ..app.ours.clone() }).await;
    admin.put(&api(&app, "/trial"), &input).await.expect(409);
    admin.form(&act(&app, "essai"), &[("ends_on", "2027-02-28")]).await.expect(409);
}

#[tokio::test]
async fn an_organization_without_members_shows_whom_it_waits_for() {
    let app = app().await;
    let (_, admin) = app.platform_admin().await;
    let panel = format!("hx-get=\"/plateforme/invitations/{}\"", app.ours.id);
    let path = format!("/plateforme/entreprises/{}", app.ours.id);
    assert!(!admin.get(&path).await.expect(200).text().contains(&panel));
    for role in Role::ALL {
        app.part_with(app.user_with_role(role)).await;
    }
    assert!(admin.get(&path).await.expect(200).text().contains(&panel));
    // Who visits is nobody who could invite an owner.
    admin.form(&act(&app, "visiter"), &[]).await.expect(303);
    assert!(admin.get(&path).await.expect(200).text().contains(&panel));
}
