//! `/api/v1/notifications`

use jiff::SignedDuration;
use kernel::permission::Role;
use serde_json::json;

use crate::{APPROVERS, LIST, PREFERENCES, app, ids, paid, proposed, tell, titles, titles_at, unread};

#[tokio::test]
async fn a_list_comes_in_pages_narrowed_by_what_is_wanted() {
    let app = app().await;
    let owner = app.owner();
    for n in 0..30 {
        app.advance(SignedDuration::from_mins(11));
        tell(&app, n, if n % 3 == 0 { proposed(n) } else { paid(n) }).await;
    }
    let first = owner.get(&format!("{LIST}?limit=20")).await.expect(200);
    assert!(first.round_trips() <= Some(2));
    let cursor = first.field("/next_cursor");
    let rest = owner.get(&format!("{LIST}?limit=20&cursor={cursor}")).await.expect(200).json();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(10));
    assert!(rest.get("next_cursor").is_none());
    assert_eq!((unread(&owner).await, rest["unread"].as_u64()), (30, Some(30)));
    let read = ids(&owner).await;
    for id in &read[..10] {
        owner.post(&format!("{LIST}/{id}/read"), &json!({})).await.expect(200);
    }
    assert_eq!(unread(&owner).await, 20);
    let page = titles_at(&owner, &format!("{LIST}?unread=true&limit=15")).await;
    assert_eq!(page.len(), 15);
    let cursor = owner.get(&format!("{LIST}?unread=true&limit=15")).await.field("/next_cursor");
    assert_eq!(titles_at(&owner, &format!("{LIST}?unread=true&limit=15&cursor={cursor}")).await.len(), 5);
    assert_eq!(titles_at(&owner, &format!("{LIST}?category=crm")).await.len(), 0);
    assert_eq!(titles_at(&owner, &format!("{LIST}?category=invoicing&limit=100")).await.len(), 30);
    for wrong in ["unread=yes", "category=x", "cursor=x", "unread=true&cursor=x", "limit=0"] {
        owner.get(&format!("{LIST}?{wrong}")).await.expect(400);
    }
}

#[tokio::test]
async fn reading_one_or_all_counts_once() {
    let app = app().await;
    let owner = app.owner();
    tell(&app, 1, paid(1)).await;
    tell(&app, 2, proposed(1)).await;
    let id = ids(&owner).await.remove(0);
    let first = owner.post(&format!("{LIST}/{id}/read"), &json!({})).await.expect(200);
    assert!(first.round_trips() <= Some(3));
    assert_eq!(first.field("/is_unread"), "false");
    owner.post(&format!("{LIST}/{id}/read"), &json!({})).await.expect(200);
    assert_eq!(unread(&owner).await, 1);
    let all = owner.post(&format!("{LIST}/read"), &json!({})).await.expect(200);
    assert!(all.round_trips() <= Some(3));
    owner.post(&format!("{LIST}/read"), &json!({})).await.expect(200);
    assert_eq!((unread(&owner).await, titles(&owner).await.len()), (0, 2));
    assert!(titles_at(&owner, &format!("{LIST}?unread=true")).await.is_empty());
    // The others have theirs still.
    assert_eq!(unread(&app.with_role(Role::Accountant)).await, 2);
}

#[tokio::test]
async fn two_readers_at_once_count_once() {
    let app = app().await;
    let owner = app.owner();
    for n in 0..6 {
        app.advance(SignedDuration::from_mins(11));
        tell(&app, n, paid(n)).await;
    }
    let all = ids(&owner).await;
    let body = json!({});
    let path = |id: &String| format!("{LIST}/{id}/read");
    let (first, second, third) = (path(&all[0]), path(&all[0]), path(&all[1]));
    let (a, b, c) = tokio::join!(owner.post(&first, &body), owner.post(&second, &body), owner.post(&third, &body));
    assert!([a, b, c].iter().all(|reply| reply.status == 200));
    assert_eq!(unread(&owner).await, 4);
}

#[tokio::test]
async fn anothers_notification_is_not_there() {
    let app = app().await;
    tell(&app, 1, paid(1)).await;
    let id = ids(&app.owner()).await.remove(0);
    for client in [app.with_role(Role::Admin), app.with_role(Role::Hr), app.stranger()] {
        client.post(&format!("{LIST}/{id}/read"), &json!({})).await.expect(404);
        client.form(&format!("/notifications/{id}/lue"), &[]).await.expect(404);
        client.form(&format!("/notifications/{id}/ouvrir"), &[]).await.expect(404);
    }
    assert_eq!(unread(&app.owner()).await, 1);
    // A page of another's list leads nowhere else than into one's own.
    let cursor = app.with_role(Role::Hr).get(&format!("{LIST}?cursor={id}")).await.expect(200).json();
    assert_eq!(cursor["items"], json!([]));
}

#[tokio::test]
async fn the_count_takes_two_trips_and_costs_the_same_however_many_there_are() {
    let app = app().await;
    let owner = app.owner();
    for path in ["/notifications/compteur", "/api/v1/notifications/unread-count"] {
        assert_eq!(owner.get(path).await.expect(200).round_trips(), Some(2), "{path}");
    }
    for n in 0..40 {
        app.advance(SignedDuration::from_hours(25));
        tell(&app, n, paid(n)).await;
    }
    let reply = owner.get("/notifications/compteur").await.expect(200);
    assert_eq!(reply.round_trips(), Some(2));
    assert!(reply.text().contains("40 notifications non lues"), "{}", reply.text());
    // What was told 180 days ago is neither counted nor shown.
    app.advance(SignedDuration::from_hours(24 * 150));
    assert_eq!(unread(&owner).await, 28);
    assert_eq!(titles_at(&owner, &format!("{LIST}?limit=100")).await.len(), 28);
    assert_eq!(titles_at(&owner, &format!("{LIST}?limit=100&unread=true")).await.len(), 28);
}

#[tokio::test]
async fn preferences_are_ones_own_and_written_on_what_was_seen() {
    let app = app().await;
    let owner = app.owner();
    let seen = owner.get(PREFERENCES).await.expect(200);
    assert_eq!(seen.field("/invoicing"), "recommended");
    owner.put(PREFERENCES, &json!({ "invoicing": "sms" })).await.expect(422);
    owner.put(PREFERENCES, &json!({ "weather": "in_app" })).await.expect(400);
    let put = owner.put(PREFERENCES, &json!({ "invoicing": "digest", "hr": "nothing" })).await.expect(200);
    assert!(put.round_trips() <= Some(3));
    assert_eq!((put.header("etag"), put.field("/hr")), (Some("\"1\""), "nothing".into()));
    let stale = owner.clone().header("if-match", "\"0\"");
    stale.put(PREFERENCES, &json!({})).await.expect(412);
    owner.clone().header("if-match", "\"1\"").put(PREFERENCES, &json!({})).await.expect(200);
    for role in APPROVERS {
        assert_eq!(app.with_role(role).get(PREFERENCES).await.field("/invoicing"), "recommended");
    }
}

#[tokio::test]
async fn a_permission_that_was_lost_hides_what_the_bell_counts_too() {
    let app = app().await;
    let owner = app.owner();
    tell(&app, 1, paid(1)).await;
    let export =
        kernel::event::Event::ExportRequested { export: "exp_00000000000000000000000001".parse().expect("an id") };
    tell(&app, 2, export).await;
    assert_eq!((unread(&owner).await, titles(&owner).await.len()), (2, 2));
    let user = app.user_with_role(Role::Owner);
    for (role, left) in [(Role::Hr, 0), (Role::Reader, 1), (Role::Owner, 2)] {
        change_role(&app, user, role).await;
        let shown = titles_at(&owner, &format!("{LIST}?unread=true")).await.len();
        assert_eq!((unread(&owner).await, shown), (left, left as usize), "{role:?}");
        let bell = owner.get("/notifications/compteur").await.expect(200).text();
        assert_eq!(bell.contains("bell-count"), left > 0, "{role:?}: {bell}");
    }
}

async fn change_role(app: &testkit::App, user: kernel::id::UserId, role: Role) {
    let scope = app.scope();
    scope
        .write(|| async {
            let member = scope.get::<web::Membership>(&scope.keys().member(user)).await?.expect("a member");
            let mut transaction = scope.begin("test", user);
            transaction.update(&member, &web::Membership { role: role.into(), ..member.value.clone() });
            Ok((transaction, ()))
        })
        .await
        .expect("a role");
}

/// How many notifications somebody has at first.
const FEW: usize = 100;
/// And then; `ABSERVICE_ITEMS` says another number.
const MANY: usize = 3_000;

/// What a member is told, over and over, as the table has it.
fn copies(app: &testkit::App, from: usize, to: usize) -> Vec<serde_json::Value> {
    let items = app.items_of(app.ours.id);
    let one = items.values().find(|item| item["type"]["S"] == "notification").expect("one").to_string();
    let id = ulid::Ulid::from_string(items.keys().find_map(|(_, sk)| sk.strip_prefix("NOTIFICATION#")).expect("one"))
        .expect("an id");
    let other = |n: usize| ulid::Ulid::from_parts(id.timestamp_ms(), (n as u128 + 1) << 20).to_string();
    (from..to).map(|n| serde_json::from_str(&one.replace(&id.to_string(), &other(n))).expect("an item")).collect()
}

/// The bell and what it opens cost the same, whatever one has not read; each day has as many of it. `--nocapture` prints it.
#[tokio::test]
async fn counting_costs_the_same_however_many_there_are() {
    let many = std::env::var("ABSERVICE_ITEMS").map_or(MANY, |many| many.parse().expect("a number of items"));
    let app = app().await;
    let (owner, user) = (app.owner(), app.user_with_role(Role::Owner));
    tell(&app, 1, paid(1)).await;
    let paths =
        ["/api/v1/notifications/unread-count", "/notifications/compteur", LIST, "/notifications/widgets/dernieres"];
    let (mut charged, mut held) = (Vec::new(), 0);
    for many in [FEW, many] {
        for from in (held..many).step_by(5_000) {
            app.load(copies(&app, from, many.min(from + 5_000)));
        }
        held = many;
        let days: i64 = 179.min(many as i64);
        let today = app.clock.today(&jiff::tz::TimeZone::UTC);
        let each = u32::try_from(many as i64 / days).expect("a number");
        let counts = (0..days).map(|back| (today.saturating_sub(jiff::Span::new().days(back)), each)).collect();
        let scope = app.scope();
        scope
            .write(|| async {
                let read =
                    scope.get::<notifications::inbox::Inbox>(&scope.keys().inbox(user)).await?.expect("an inbox");
                let mut inbox = read.value.clone();
                inbox.unread_by.insert(kernel::Permission::InvoicingView, std::collections::BTreeMap::clone(&counts));
                let mut transaction = scope.begin("test", user).unlogged();
                transaction.update(&read, &inbox);
                Ok((transaction, ()))
            })
            .await
            .expect("a count");
        assert_eq!(unread(&owner).await, u64::from(each) * days as u64);
        let mut units = Vec::new();
        for path in paths {
            units.push(table::meter::charged(Box::pin(owner.get(path))).await.1);
        }
        println!(
            "{many:>7} notifications: {}",
            paths.iter().zip(&units).map(|(path, units)| format!("{path} {units}")).collect::<Vec<_>>().join(", ")
        );
        charged.push(units);
    }
    for (path, (few, many)) in paths.iter().zip(charged[0].iter().zip(&charged[1])) {
        assert!(few.abs_diff(*many) * 10 <= *few, "{path}: {few} and {many} thousandths of a unit");
    }
}
