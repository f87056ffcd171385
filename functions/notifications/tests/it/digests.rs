//! The daily summary.

use jiff::SignedDuration;
use kernel::{event::Event, id::UserId, permission::Role};
use serde_json::json;
use testkit::App;

use crate::{PREFERENCES, app, envelope, ids, mails, paid, proposed, tell};

/// Somebody who wants a summary of what is of invoicing.
async fn wanting(app: &App) -> UserId {
    app.owner().put(PREFERENCES, &json!({ "invoicing": "digest" })).await.expect(200);
    app.user_with_role(Role::Owner)
}

/// The clock finds it due, twice at once.
async fn look(app: &App, user: UserId) {
    let due = || {
        notifications::worker::handle(
            app.deps.clone(),
            crate::batch(&[envelope(app, 99, Event::NotificationDigestDue { user })]),
        )
    };
    let (first, second) = tokio::join!(due(), due());
    for done in [first, second] {
        assert!(done.expect("an answer").batch_item_failures.is_empty());
    }
}

#[tokio::test]
async fn a_summary_leaves_at_eight_once_with_what_is_unread() {
    let app = app().await;
    let user = wanting(&app).await;
    // Sunday, ten o’clock in Paris.
    tell(&app, 1, paid(1)).await;
    tell(&app, 2, paid(2)).await;
    app.advance(SignedDuration::from_secs(1));
    tell(&app, 3, proposed(3)).await;
    assert!(mails(&app, user).await.is_empty());
    look(&app, user).await;
    assert!(mails(&app, user).await.is_empty(), "its hour has not come");
    app.advance(SignedDuration::from_hours(22));
    look(&app, user).await;
    look(&app, user).await;
    let sent = mails(&app, user).await;
    assert_eq!(sent.len(), 1);
    let text = &sent[0].mail.text;
    assert_eq!(sent[0].mail.subject, "Votre résumé\u{a0}: 2 notifications – Atelier Lumière");
    let expected = "Facturation\u{a0}: 2 factures payées\u{a0}; Relance à valider\u{a0}: facture F-2026-0003.";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains(&format!("/o/{}/notifications", app.ours.id.ulid())));
    // The next day begins with nothing.
    app.advance(SignedDuration::from_hours(24));
    look(&app, user).await;
    assert_eq!(mails(&app, user).await.len(), 1);
}

#[tokio::test]
async fn what_was_read_or_is_wanted_otherwise_is_not_in_it() {
    let app = app().await;
    let user = wanting(&app).await;
    let owner = app.owner();
    tell(&app, 1, paid(1)).await;
    tell(&app, 2, proposed(2)).await;
    owner.post(&format!("/api/v1/notifications/{}/read", ids(&owner).await[0]), &json!({})).await.expect(200);
    app.advance(SignedDuration::from_hours(22));
    look(&app, user).await;
    assert_eq!(mails(&app, user).await[0].mail.subject, "Votre résumé\u{a0}: une notification – Atelier Lumière");
    // All of it read: nothing leaves.
    tell(&app, 3, paid(3)).await;
    owner.post("/api/v1/notifications/read", &json!({})).await.expect(200);
    app.advance(SignedDuration::from_hours(24));
    look(&app, user).await;
    // Wanted otherwise in between.
    tell(&app, 4, paid(4)).await;
    owner.put(PREFERENCES, &json!({})).await.expect(200);
    app.advance(SignedDuration::from_hours(24));
    look(&app, user).await;
    assert_eq!(mails(&app, user).await.len(), 1);
}

#[tokio::test]
async fn who_left_gets_none() {
    let app = app().await;
    let (user, client) = app.with_new_member(Role::Manager.into()).await;
    client.put(PREFERENCES, &json!({ "invoicing": "digest" })).await.expect(200);
    tell(&app, 1, paid(1)).await;
    app.part_with(user).await;
    app.advance(SignedDuration::from_hours(22));
    look(&app, user).await;
    assert!(mails(&app, user).await.is_empty());
}

#[tokio::test]
async fn the_clock_finds_who_has_something_to_be_told() {
    let app = app().await;
    let user = wanting(&app).await;
    tell(&app, 1, paid(1)).await;
    let due = || {
        let items = app.items_of(app.ours.id);
        let inbox =
            items.into_values().find(|item| item["user"]["S"] == user.to_string() && item["type"]["S"] == "inbox");
        let inbox = inbox.expect("an inbox");
        let text = |name: &str| inbox[name]["S"].as_str().map(str::to_owned);
        text("gsi2pk").zip(text("gsi2sk"))
    };
    // At eight in Paris, not from midnight on at every tick.
    let (day, instant) = due().expect("a place");
    assert!(day.starts_with("DUE#2026-11-23#") && instant.starts_with("T#07:00#"), "{day} {instant}");
    app.advance(SignedDuration::from_hours(22));
    look(&app, user).await;
    assert_eq!(due(), None);
}
