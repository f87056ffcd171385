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
