//! Sent, signed, again until it is taken, once however often the event comes.

use jiff::{SignedDuration, Timestamp};
use kernel::{event::Event, id::InvoiceId};
use serde_json::{Value, json};
use ulid::Ulid;
use webhooks::delivery::{RETRY_AFTER, signature};

use crate::{API, Program, app, deliver, deliveries, due, envelope, paid, webhook};

#[tokio::test]
async fn an_event_arrives_once_signed_and_says_what_it_is_about() {
    let (app, program) = (app().await, Program::start().await);
    let (id, secret) = webhook(&app, &program).await;
    let event = envelope(&app, 1, paid(1));
    // Twice, and beside one that nobody wants.
    let other = envelope(&app, 2, Event::InvoiceIssued { invoice: InvoiceId::from_ulid(Ulid(2)) });
    deliver(&app, &[event.clone(), event.clone(), other]).await;
    let sent = program.sent();
    assert_eq!(sent.len(), 1);
    let expected = json!({
        "id": event.id, "type": "invoice.paid.v1", "created": event.at, "organization": app.ours.id,
        "data": {
            "invoice": "inv_00000000000000000000000001", "number": "F-2026-0001",
            "amount_minor": 120_000, "currency": "EUR",
        },
    });
    assert_eq!((sent[0].json(), sent[0].event.as_str()), (expected, event.id.to_string().as_str()));
    let signed = signature([secret.as_bytes()].into_iter(), app.clock.now().as_second(), &sent[0].body).expect("one");
    assert_eq!(sent[0].signature, signed);
    let log = deliveries(&app, &id).await;
    assert_eq!((log.len(), &log[0]["state"], &log[0]["attempts"][0]["status"]), (1, &json!("delivered"), &json!(204)));
    // Another tenant's is not told.
    let theirs = kernel::event::Envelope { organization: app.theirs.id, ..envelope(&app, 3, paid(3)) };
    deliver(&app, &[theirs]).await;
    assert_eq!(program.sent().len(), 1);
    app.stranger().get(&format!("{API}/{id}/deliveries")).await.expect(404);
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_on_its_schedule_with_the_same_bytes() {
    let (app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    program.answer(500, "Erreur\u{0}interne");
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    for (failed, after) in RETRY_AFTER.iter().enumerate() {
        let one = deliveries(&app, &id).await.remove(0);
        let next: Timestamp = one["next_at"].as_str().expect("when").parse().expect("an instant");
        assert_eq!((next.duration_since(app.clock.now()), program.sent().len()), (*after, failed + 1));
        // Too early, nothing.
        due(&app, &one).await;
        assert_eq!(program.sent().len(), failed + 1);
        app.advance(*after);
        due(&app, &one).await;
        due(&app, &one).await;
    }
    let one = deliveries(&app, &id).await.remove(0);
    assert_eq!((one["state"].as_str(), one["answer"].as_str()), (Some("given_up"), Some("Erreurinterne")));
    assert!(one.get("next_at").is_none_or(Value::is_null));
    let sent = program.sent();
    assert_eq!(sent.len(), 8);
    assert!(sent.iter().all(|again| again.body == sent[0].body && again.event == sent[0].event));
    // Each at its own time.
    assert_eq!(sent.iter().map(|again| again.signature.clone()).collect::<std::collections::BTreeSet<_>>().len(), 8);
}

#[tokio::test]
async fn somebody_sends_one_again_and_it_is_the_same_event() {
    let (app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    program.answer(410, "");
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    let one = deliveries(&app, &id).await.remove(0);
    assert_eq!(one["state"], "given_up");
    let replay = format!("{API}/{id}/deliveries/{}/replay", one["id"].as_str().expect("an id"));
    // 410 says that nobody wants anything any more.
    app.owner().post(&replay, &json!({})).await.expect(409);
    let input = json!({ "url": program.url, "events": ["invoice.paid.v1"] });
    app.owner().put(&format!("{API}/{id}"), &input).await.expect(200);
    program.answer(200, "");
    let again = app.owner().idempotency_key("again").post(&replay, &json!({})).await.expect(200);
    assert!(again.round_trips() <= Some(3));
    app.owner().idempotency_key("again").post(&replay, &json!({})).await.expect(200);
    due(&app, &one).await;
    let sent = program.sent();
    assert_eq!((sent.len(), sent[0].event == sent[1].event), (2, true));
    let log = deliveries(&app, &id).await.remove(0);
    assert_eq!((log["state"].as_str(), log["attempts"].as_array().map(Vec::len)), (Some("delivered"), Some(2)));
    assert_eq!(app.written_under("#OUTBOX#").matches("webhook_delivery.due.v1").count(), 1);
}

#[tokio::test]
async fn a_webhook_that_fails_for_five_days_is_given_up_and_who_administers_is_told() {
    let (app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    program.answer(503, "");
    for day in 0..6 {
        deliver(&app, &[envelope(&app, day, paid(day))]).await;
        app.advance(SignedDuration::from_hours(24));
    }
    let hook = app.owner().get(&format!("{API}/{id}")).await.expect(200).json();
    assert!(hook["disabled_at"].is_string() && hook["failing_since"].is_string(), "{hook}");
    assert_eq!(app.written_under("#OUTBOX#").matches("webhook.disabled.v1").count(), 1);
    // Nothing goes there any more, what waited included.
    let before = program.sent().len();
    deliver(&app, &[envelope(&app, 9, paid(9))]).await;
    for one in deliveries(&app, &id).await {
        due(&app, &one).await;
    }
    assert_eq!(program.sent().len(), before);
    // Whoever saves it tries again.
    program.answer(200, "");
    let input = json!({ "url": program.url, "events": ["invoice.paid.v1"] });
    app.owner().put(&format!("{API}/{id}"), &input).await.expect(200);
    deliver(&app, &[envelope(&app, 10, paid(10))]).await;
    assert_eq!(program.sent().len(), before + 1);
    let hook = app.owner().get(&format!("{API}/{id}")).await.json();
    assert!(hook["failing_since"].is_null(), "{hook}");
}

#[tokio::test]
async fn nothing_is_sent_to_what_only_we_reach() {
    let (mut app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    // As it is everywhere but in tests: whatever stands in the item, it is judged again.
    app.deps.outbound = cloud::Outbound::new(false);
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    let one = deliveries(&app, &id).await.remove(0);
    assert_eq!((program.sent().len(), &one["attempts"][0]["failure"]), (0, &json!("not_public")));
    assert!(one["attempts"][0].get("status").is_none());
}

#[tokio::test]
async fn of_two_workers_one_sends_and_who_is_stopped_is_followed_by_another() {
    let (app, program) = (app().await, Program::start().await);
    let (id, _) = webhook(&app, &program).await;
    program.answer(500, "");
    deliver(&app, &[envelope(&app, 1, paid(1))]).await;
    let one = deliveries(&app, &id).await.remove(0);
    app.advance(RETRY_AFTER[0]);
    tokio::join!(due(&app, &one), due(&app, &one), due(&app, &one));
    assert_eq!(program.sent().len(), 2);
    // Nobody listens: what was claimed comes again after its lease.
    let scope = app.scope();
    let key = scope.keys().webhook_delivery(one["id"].as_str().expect("an id").parse().expect("an id"));
    let read = scope.get::<webhooks::delivery::Delivery>(&key).await.expect("a reading").expect("it");
    app.advance(RETRY_AFTER[1]);
    let claimed = read.claimed(app.clock.now()).expect("a try");
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", "x").unlogged();
            transaction.update(&read, &claimed);
            Ok((transaction, ()))
        })
        .await
        .expect("a claim");
    due(&app, &one).await;
    assert_eq!(program.sent().len(), 2);
    app.advance(SignedDuration::from_mins(2));
    due(&app, &one).await;
    assert_eq!(program.sent().len(), 3);
}

#[tokio::test]
async fn a_bad_message_hurts_nobody_else() {
    let (app, program) = (app().await, Program::start().await);
    webhook(&app, &program).await;
    let poison =
        serde_json::from_str(include_str!("../../../../events/webhooks-worker/poison.json")).expect("an event");
    let done = webhooks::worker::handle(app.deps.clone(), poison).await.expect("the worker answers");
    assert_eq!(done.batch_item_failures.len(), 1);
    for event in [
        include_str!("../../../../events/webhooks-worker/invoice_paid.json"),
        include_str!("../../../../events/webhooks-worker/webhook_delivery_due.json"),
    ] {
        let event = serde_json::from_str(event).expect("an event");
        let done = webhooks::worker::handle(app.deps.clone(), event).await.expect("the worker answers");
        assert!(done.batch_item_failures.is_empty(), "{done:?}");
    }
}
