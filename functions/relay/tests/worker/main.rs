//! The relay as Lambda calls it, from the events in `events/relay`, with queues of its own.

mod parts;

use kernel::{
    event::{Event, Owner, Queue},
    id::InvoiceId,
};
use parts::{Parts, bodies, failed, inserts, poison, record};

#[tokio::test]
async fn each_event_goes_to_the_queues_that_want_it_unchanged() {
    let parts = Parts::start(&Queue::ALL).await;
    assert_eq!(failed(&parts.deliver(inserts()).await), None);
    let sent = bodies(&inserts());
    assert_eq!(parts.messages(Queue::Pdf), [sent[0].clone()]);
    assert_eq!(parts.messages(Queue::Mailer), [sent[1].clone()]);
    assert_eq!(parts.messages(Queue::Invoicing), [sent[2].clone()]);
    // Nobody wants the fourth.
}

#[tokio::test]
async fn three_shuffled_deliveries_carry_the_same_events() {
    let parts = Parts::start(&Queue::ALL).await;
    for turn in 0..3 {
        let mut event = inserts();
        let records = event["Records"].as_array_mut().unwrap();
        records.rotate_left(turn);
        records.swap(0, 2);
        assert_eq!(failed(&parts.deliver(event).await), None);
    }
    let sent = bodies(&inserts());
    for (queue, body) in [(Queue::Pdf, &sent[0]), (Queue::Mailer, &sent[1]), (Queue::Invoicing, &sent[2])] {
        assert_eq!(parts.messages(queue), [body.clone(), body.clone(), body.clone()]);
    }
}

#[tokio::test]
async fn a_poisonous_record_is_reported_and_holds_nobody_back() {
    let parts = Parts::start(&Queue::ALL).await;
    assert_eq!(failed(&parts.deliver(poison()).await), Some("100000000000000000001".into()));
    assert_eq!(parts.messages(Queue::Mailer).len(), 1);
    // What the table forgot is no event.
    assert_eq!(parts.messages(Queue::Invoicing).len(), 0);
}

#[tokio::test]
async fn an_item_without_an_envelope_is_reported() {
    let parts = Parts::start(&Queue::ALL).await;
    let mut event = inserts();
    event["Records"][1]["dynamodb"]["NewImage"].as_object_mut().unwrap().remove("envelope");
    assert_eq!(failed(&parts.deliver(event).await), Some("100000000000000000002".into()));
    assert_eq!((parts.messages(Queue::Pdf).len(), parts.messages(Queue::Invoicing).len()), (1, 1));
}

#[tokio::test]
async fn changes_and_other_items_are_passed_over() {
    let parts = Parts::start(&Queue::ALL).await;
    let mut event = inserts();
    event["Records"][0]["eventName"] = "MODIFY".into();
    event["Records"][1]["dynamodb"]["NewImage"]["type"]["S"] = "mail".into();
    assert_eq!(failed(&parts.deliver(event).await), None);
    assert_eq!((parts.messages(Queue::Pdf).len(), parts.messages(Queue::Mailer).len()), (0, 0));
}

#[tokio::test]
async fn while_sqs_fails_the_first_record_is_reported_and_nothing_is_lost() {
    let parts = Parts::start(&Queue::ALL).await;
    parts.sqs.faults().set_failing(true);
    assert_eq!(failed(&parts.deliver(inserts()).await), Some("100000000000000000001".into()));
    parts.sqs.faults().set_failing(false);
    assert_eq!(failed(&parts.deliver(inserts()).await), None);
    for queue in [Queue::Pdf, Queue::Mailer, Queue::Invoicing] {
        assert_eq!(parts.messages(queue).len(), 1, "{queue:?}");
    }
}

#[tokio::test]
async fn a_queue_that_is_away_holds_no_other_queue_back() {
    let parts = Parts::start(&[Queue::Pdf, Queue::Invoicing]).await;
    assert_eq!(failed(&parts.deliver(inserts()).await), Some("100000000000000000002".into()));
    assert_eq!((parts.messages(Queue::Pdf).len(), parts.messages(Queue::Invoicing).len()), (1, 1));
}

#[tokio::test]
async fn of_several_failures_the_first_is_reported() {
    let parts = Parts::start(&[Queue::Pdf, Queue::Mailer]).await;
    let mut event = inserts();
    event["Records"][1]["dynamodb"]["NewImage"]["envelope"]["S"] = "{}".into();
    assert_eq!(failed(&parts.deliver(event).await), Some("100000000000000000002".into()));
}

#[tokio::test]
async fn many_events_go_in_order() {
    let parts = Parts::start(&Queue::ALL).await;
    let mut event = inserts();
    let records = (0..25).map(|n| record(event["Records"][0].clone(), n)).collect::<Vec<_>>();
    event["Records"] = records.into();
    assert_eq!(failed(&parts.deliver(event.clone()).await), None);
    assert_eq!(parts.messages(Queue::Pdf), bodies(&event));
}

#[tokio::test]
async fn what_a_transaction_emits_comes_through_the_stream() {
    let parts = Parts::start(&Queue::ALL).await;
    let owner = Owner::Invoice("inv_01KAN8V3T00000000001NV0001".parse::<InvoiceId>().unwrap());
    parts.emit(Event::DocumentFrozen { owner, mail: None }).await;
    assert_eq!(failed(&parts.deliver(parts.stream()).await), None);
    let messages = parts.messages(Queue::Pdf);
    assert_eq!(messages.len(), 1);
    let envelope: kernel::event::Envelope = serde_json::from_str(&messages[0]).unwrap();
    assert_eq!(envelope.event, Event::DocumentFrozen { owner, mail: None });
}

#[tokio::test]
async fn what_can_be_found_is_told_of_when_it_is_written_and_when_it_is_gone() {
    let parts = Parts::start(&Queue::ALL).await;
    let mut event = inserts();
    let image = serde_json::json!({
        "pk": { "S": "ORG#01KAN8V3T0ABSERV1CEDEM0000#CONTACT#01KAN8V3T00000000000C0N001" },
        "sk": { "S": "META" },
        "type": { "S": "contact" },
    });
    event["Records"][0]["eventName"] = "MODIFY".into();
    event["Records"][0]["dynamodb"]["NewImage"] = image.clone();
    event["Records"][1]["eventName"] = "REMOVE".into();
    event["Records"][1]["dynamodb"]["OldImage"] = image;
    event["Records"][1]["dynamodb"].as_object_mut().unwrap().remove("NewImage");
    assert_eq!(failed(&parts.deliver(event).await), None);
    let told = parts.messages(Queue::Search);
    assert_eq!(told.len(), 2);
    for message in told {
        let envelope: kernel::event::Envelope = serde_json::from_str(&message).unwrap();
        assert_eq!(envelope.organization.to_string(), "org_01KAN8V3T0ABSERV1CEDEM0000");
        let item = "CONTACT#01KAN8V3T00000000000C0N001|META".into();
        assert_eq!(envelope.event, Event::ItemChanged { item });
    }
    assert_eq!((parts.messages(Queue::Pdf).len(), parts.messages(Queue::Invoicing).len()), (0, 1));
}
