//! SQS: visibility, redrive, batches, limits, restarts.

use std::time::Duration;

use aws_sdk_sqs::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        DeleteMessageBatchRequestEntry, MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName,
        SendMessageBatchRequestEntry,
    },
};
use emulators::{
    Sqs,
    sqs::{Attributes, MESSAGE_BYTES_MAX, Redrive},
};

use crate::sdk;

const MINUTE: Duration = Duration::from_secs(60);

async fn start() -> (Sqs, Client) {
    let sqs = Sqs::start(None).await.unwrap();
    create(&sqs);
    let client = Client::new(&sdk(sqs.endpoint()));
    (sqs, client)
}

fn create(sqs: &Sqs) {
    sqs.create_queue("pdf-dead", &Attributes::default()).unwrap();
    let redrive = Some(Redrive { dead_letters: "pdf-dead".into(), receives_max: 2 });
    sqs.create_queue("pdf", &Attributes { redrive, ..Attributes::default() }).unwrap();
}

#[tokio::test]
async fn a_message_is_hidden_while_it_is_held_and_gone_when_deleted() {
    let (sqs, client) = start().await;
    let url = sqs.queue_url("pdf");
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("hello")
        .message_attributes(
            "kind",
            MessageAttributeValue::builder().data_type("String").string_value("greeting").build().unwrap(),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(sent.md5_of_message_body(), Some("5d41402abc4b2a76b9719d911017c592"));

    let receive = || {
        client
            .receive_message()
            .queue_url(&url)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
    };
    let received = receive().await.unwrap();
    let message = &received.messages()[0];
    assert_eq!(message.body(), Some("hello"));
    assert_eq!(message.message_id(), sent.message_id());
    let attributes = message.attributes().unwrap();
    assert_eq!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount], "1");
    assert_eq!(message.message_attributes().unwrap()["kind"].string_value(), Some("greeting"));
    assert!(receive().await.unwrap().messages().is_empty(), "it is held");
    assert_eq!(sqs.counts("pdf").unwrap().in_flight, 1);

    let receipt = message.receipt_handle().unwrap();
    client.delete_message().queue_url(&url).receipt_handle(receipt).send().await.unwrap();
    assert_eq!(sqs.counts("pdf").unwrap().total(), 0);
}

#[tokio::test]
async fn the_receipt_of_an_earlier_receiver_deletes_nothing() {
    let (sqs, client) = start().await;
    sqs.send("pdf", "body", Duration::ZERO).unwrap();
    let first = sqs.receive("pdf", 1, MINUTE).unwrap().remove(0);
    assert!(sqs.change_visibility("pdf", &first.receipt, Duration::ZERO).unwrap());
    let second = sqs.receive("pdf", 1, MINUTE).unwrap().remove(0);
    assert_eq!((second.id, second.received), (first.id, 2));
    let url = sqs.queue_url("pdf");
    client.delete_message().queue_url(&url).receipt_handle(&first.receipt).send().await.unwrap();
    assert_eq!(sqs.counts("pdf").unwrap().in_flight, 1);
    assert!(sqs.delete("pdf", &second.receipt).unwrap());
}

#[tokio::test]
async fn after_its_last_receive_a_message_goes_to_the_dead_letters_and_can_be_redriven() {
    let (sqs, _) = start().await;
    sqs.send("pdf", "poison", Duration::ZERO).unwrap();
    for _ in 0..2 {
        let message = sqs.receive("pdf", 10, MINUTE).unwrap().remove(0);
        sqs.change_visibility("pdf", &message.receipt, Duration::ZERO).unwrap();
    }
    assert!(sqs.receive("pdf", 10, MINUTE).unwrap().is_empty());
    let dead = sqs.messages("pdf-dead", 10).unwrap();
    assert_eq!((dead[0].body.as_str(), dead[0].received), ("poison", 2));

    assert_eq!(sqs.redrive("pdf-dead", "pdf").unwrap(), 1);
    assert_eq!(sqs.receive("pdf", 10, MINUTE).unwrap()[0].received, 1);
}

#[tokio::test]
async fn a_batch_succeeds_and_fails_entry_by_entry() {
    let (sqs, client) = start().await;
    let url = sqs.queue_url("pdf");
    let entry =
        |id: &str, body: &str| SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap();
    let answer = client
        .send_message_batch()
        .queue_url(&url)
        .entries(entry("good", "fine"))
        .entries(entry("bad", "a control character: \u{1}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.successful()[0].id(), "good");
    assert_eq!(answer.failed()[0].id(), "bad");

    let held = sqs.receive("pdf", 10, MINUTE).unwrap().remove(0);
    let entry =
        |id: &str, receipt: &str| DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(receipt).build();
    let answer = client
        .delete_message_batch()
        .queue_url(&url)
        .entries(entry("held", &held.receipt).unwrap())
        .entries(entry("forged", "no receipt").unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.successful()[0].id(), "held");
    assert_eq!(answer.failed()[0].code(), "ReceiptHandleIsInvalid");
}

#[tokio::test]
async fn a_message_beyond_the_limit_and_an_unknown_queue_are_refused() {
    let (sqs, client) = start().await;
    let url = sqs.queue_url("pdf");
    let send = |url: &str, bytes: usize| client.send_message().queue_url(url).message_body("x".repeat(bytes)).send();
    send(&url, MESSAGE_BYTES_MAX).await.unwrap();
    let refused = send(&url, MESSAGE_BYTES_MAX + 1).await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidParameterValue"));
    let unknown = send(&sqs.queue_url("nowhere"), 1).await.unwrap_err().into_service_error();
    assert!(unknown.is_queue_does_not_exist(), "{unknown:?}");
}

#[tokio::test]
async fn a_long_poll_ends_with_the_message_that_arrives() {
    let (sqs, client) = start().await;
    let url = sqs.queue_url("pdf");
    let waiting = tokio::spawn(client.receive_message().queue_url(&url).wait_time_seconds(20).send());
    sqs.send("pdf", "late", Duration::ZERO).unwrap();
    let received = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap().unwrap();
    assert_eq!(received.messages()[0].body(), Some("late"));
}

#[tokio::test]
async fn a_delayed_message_is_counted_and_not_handed_out() {
    let (sqs, client) = start().await;
    let url = sqs.queue_url("pdf");
    client.send_message().queue_url(&url).message_body("later").delay_seconds(900).send().await.unwrap();
    assert!(sqs.receive("pdf", 10, MINUTE).unwrap().is_empty());
    let attributes =
        client.get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::All).send().await.unwrap();
    let attributes = attributes.attributes().unwrap();
    assert_eq!(attributes[&QueueAttributeName::ApproximateNumberOfMessagesDelayed], "1");
    assert!(attributes[&QueueAttributeName::RedrivePolicy].contains("pdf-dead"));
}

#[tokio::test]
async fn what_a_dead_process_held_is_handed_out_again_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queues.sqlite");
    {
        let sqs = Sqs::start(Some(&file)).await.unwrap();
        create(&sqs);
        sqs.send("pdf", "held", Duration::ZERO).unwrap();
        sqs.receive("pdf", 1, MINUTE).unwrap();
    }
    let sqs = Sqs::start(Some(&file)).await.unwrap();
    assert!(sqs.receive("pdf", 1, MINUTE).unwrap().is_empty());
    assert_eq!(sqs.release_in_flight().unwrap(), 1);
    // Who held it was killed: that is no failure of the message.
    assert_eq!(sqs.receive("pdf", 1, MINUTE).unwrap()[0].received, 1);
}

#[tokio::test]
async fn queues_are_made_found_and_emptied_over_http() {
    let (sqs, client) = start().await;
    let made = client
        .create_queue()
        .queue_name("mailer")
        .attributes(QueueAttributeName::VisibilityTimeout, "5")
        .send()
        .await
        .unwrap();
    let found = client.get_queue_url().queue_name("mailer").send().await.unwrap();
    assert_eq!(made.queue_url(), found.queue_url());
    assert_eq!(found.queue_url(), Some(sqs.queue_url("mailer").as_str()));
    sqs.send("mailer", "one", Duration::ZERO).unwrap();
    client.purge_queue().queue_url(sqs.queue_url("mailer")).send().await.unwrap();
    assert_eq!(sqs.counts("mailer").unwrap().total(), 0);
}

#[tokio::test]
async fn it_fails_on_demand() {
    let (sqs, client) = start().await;
    let url = sqs.queue_url("pdf");
    sqs.faults().set_failing(true);
    let failed = client.send_message().queue_url(&url).message_body("x").send().await;
    assert_eq!(failed.unwrap_err().code(), Some("InternalFailure"));
    sqs.faults().set_failing(false);
    client.send_message().queue_url(&url).message_body("x").send().await.unwrap();
}
