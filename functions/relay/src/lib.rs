//! Carries the events of the table's stream to the queues that want them, unchanged; and says of each item that can be
//! found, written or gone, that it changed.
//!
//! # What becomes of a record that fails
//!
//! A stream is read in order: of what we report, Lambda looks at the smallest sequence number only and hands
//! over everything from there on again, until it passes or the event source mapping gives up and passes all of
//! it (as pointers to the stream) to its dead-letter queue. From this follows:
//!
//! - One number is reported, that of the first record that failed. What comes after it will be sent twice; the
//!   workers are idempotent, so this costs messages and no harm.
//! - The records after a failed one are sent all the same. A tenant's event does not wait for another's, and
//!   when the mapping gives up on a batch, nothing in it is lost but what never could be sent.
//! - A record that cannot be read is a failure like any other. Skipping it would lose it in silence, and
//!   mostly it is right to come again: an event that only a newer relay knows is readable once the deployment
//!   that brought it is complete. Meanwhile its part of the stream gets no further than this batch, which is
//!   why the template limits the retries.
//! - After a queue did not answer, the rest for it is not tried: it follows the failed record and so comes
//!   again. After a queue refused one batch, it is tried: that batch may never pass, and who stands behind it
//!   must not be lost with it.

use aws_lambda_events::{
    dynamodb,
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use cloud::{BATCH_MAX, Deps};
use futures::future::join_all;
use kernel::{
    Error, Result,
    event::{Envelope, Event, Queue},
    id::EventId,
    search::category_of,
};
use serde_dynamo::AttributeValue;
use table::{Item, keys, outbox::OutboxEvent};

/// A message with the place, in the batch, of the record that it comes from.
struct Message {
    place: usize,
    body: String,
}

pub async fn handle(deps: Deps, event: dynamodb::Event) -> Result<DynamoDbEventResponse> {
    let mut first_failed = None;
    let mut outgoing: Vec<(Queue, Vec<Message>)> = Queue::ALL.map(|queue| (queue, Vec::new())).into();
    for (place, record) in event.records.iter().enumerate() {
        if let Some(body) = found_otherwise(&deps, record)? {
            for (_, messages) in outgoing.iter_mut().filter(|(queue, _)| *queue == Queue::Search) {
                messages.push(Message { place, body: body.clone() });
            }
            continue;
        }
        let Some(text) = envelope_of(record) else { continue };
        // Not serde's words: they quote what they did not expect.
        let Ok(envelope) = serde_json::from_str::<Envelope>(text) else {
            let number = record.change.sequence_number.as_deref();
            tracing::error!(record = number, "an item of the outbox cannot be read");
            first_failed.get_or_insert(place);
            continue;
        };
        for (_, messages) in outgoing.iter_mut().filter(|(queue, _)| envelope.event.queues().contains(queue)) {
            messages.push(Message { place, body: text.to_owned() });
        }
    }
    let sent = join_all(outgoing.into_iter().map(|(queue, messages)| send(&deps, queue, messages))).await;
    let first_failed = sent.into_iter().flatten().chain(first_failed).min();

    let mut response = DynamoDbEventResponse::default();
    if let Some(record) = first_failed.and_then(|place| event.records.get(place)) {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = record.change.sequence_number.clone();
        response.batch_item_failures.push(failure);
    }
    Ok(response)
}

/// The envelope's text, where the record is a new item of the outbox. The mapping's filter lets nothing else
/// through; what comes without a filter is passed over. An item without an envelope has an unreadable one.
fn envelope_of(record: &dynamodb::EventRecord) -> Option<&str> {
    let text = |name| match record.change.new_image.get(name) {
        Some(AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    (record.event_name == "INSERT" && text("type") == Some(OutboxEvent::TYPE))
        .then(|| text("envelope").unwrap_or_default())
}

/// What the search is told, where the record is of an item that can be found. Its index reads the item afresh, so that it
/// changed is all there is to say.
fn found_otherwise(deps: &Deps, record: &dynamodb::EventRecord) -> Result<Option<String>> {
    let change = &record.change;
    let image = if change.new_image.is_empty() { &change.old_image } else { &change.new_image };
    let text = |name| match image.get(name) {
        Some(AttributeValue::S(text)) => text.as_str(),
        _ => "",
    };
    let Some((organization, item)) = category_of(text("type")).and_then(|_| keys::tenant_item(text("pk"), text("sk")))
    else {
        return Ok(None);
    };
    let at = deps.clock.now();
    let id = EventId::new(at, deps.table.random());
    let envelope = Envelope { id, organization, at, event: Event::ItemChanged { item } };
    serde_json::to_string(&envelope).map(Some).map_err(Error::internal)
}

/// Sends in order; gives the place of the first record that did not go.
async fn send(deps: &Deps, queue: Queue, messages: Vec<Message>) -> Option<usize> {
    let mut first_failed = None;
    for batch in messages.chunks(BATCH_MAX) {
        let bodies: Vec<String> = batch.iter().map(|message| message.body.clone()).collect();
        match deps.queues.send(queue, &bodies).await {
            Ok(refused) if refused.is_empty() => {}
            Ok(refused) => {
                tracing::warn!(queue = queue.name(), refused = refused.len(), "messages were refused");
                // A position that is none of ours counts for the whole batch.
                let place = refused.iter().map(|&at| batch.get(at).unwrap_or(&batch[0]).place).min();
                first_failed = first_failed.or(place);
            }
            Err(error) => {
                tracing::warn!(queue = queue.name(), %error, "a batch was not sent");
                first_failed = first_failed.or(Some(batch[0].place));
                if error.retryable() {
                    break;
                }
            }
        }
    }
    first_failed
}
