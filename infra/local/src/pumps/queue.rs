//! A queue to its worker: batches, partial failures, waits that grow, dead letters after five receives.

use std::{sync::Arc, time::Duration};

use emulators::sqs::Message;
use serde_json::{Value, json};

use crate::{
    Worker,
    host::{Host, MAIL_QUEUE, SENT_QUEUE, stopped},
};

/// A look at an empty queue that nobody announced: only a precaution.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Beyond the function's timeout, so that nobody else is handed what it still holds.
const MARGIN: Duration = Duration::from_secs(30);

/// Events of SES come one by one, and the mailer only notes them.
const SENT_TIMEOUT: Duration = Duration::from_secs(15);
/// As the function's timeout in template.yaml: a mail has many files.
const MAIL_TIMEOUT: Duration = Duration::from_secs(120);

pub(super) async fn run(host: Arc<Host>, index: usize) {
    let queue = &host.functions.queues[index];
    pump(&host, queue.queue, queue.batch_max, queue.timeout, |messages| async {
        let event =
            json!({ "Records": messages.iter().map(|message| record(queue.queue, message)).collect::<Vec<_>>() });
        deliver(&host, queue.queue, &queue.worker, queue.timeout, event, messages).await
    })
    .await;
}

/// The events of SES: EventBridge hands over one at a time, as it is, and repeats what failed.
pub(super) async fn run_sent(host: Arc<Host>) {
    run_each(&host, SENT_QUEUE, &host.functions.sent, SENT_TIMEOUT).await;
}

/// What SES takes in: its rule calls the function once for each mail, and Lambda repeats what failed.
pub(super) async fn run_mail(host: Arc<Host>) {
    run_each(&host, MAIL_QUEUE, &host.functions.mail, MAIL_TIMEOUT).await;
}

/// One event at a time, as it is.
async fn run_each(host: &Arc<Host>, queue: &'static str, worker: &Worker, timeout: Duration) {
    pump(host, queue, 1, timeout, |messages| async {
        let event =
            messages.first().and_then(|message| serde_json::from_str(&message.body).ok()).unwrap_or(Value::Null);
        deliver(host, queue, worker, timeout, event, messages).await
    })
    .await;
}

/// Takes messages as they come; `deliver` says which of them have failed, by their place.
async fn pump<F, D>(host: &Arc<Host>, queue: &'static str, batch_max: usize, timeout: Duration, deliver: F)
where
    F: Fn(Arc<Vec<Message>>) -> D,
    D: Future<Output = Vec<bool>>,
{
    while !*host.stopping.borrow() {
        // Registered before receiving, so that no message falls between.
        let changed = host.sqs.changed().notified();
        let received = host.sqs.receive(queue, batch_max, timeout + MARGIN);
        let messages = match received {
            Ok(messages) if !messages.is_empty() => Arc::new(messages),
            Ok(_) => {
                let wait = host.sqs.next_visible_in(queue).ok().flatten().unwrap_or(LOOK_EVERY).min(LOOK_EVERY);
                tokio::select! {
                    // Whole milliseconds are rounded down: a little more, or we look just before it shows.
                    _ = tokio::time::timeout(wait + Duration::from_millis(1), changed) => {}
                    () = stopped(host) => {}
                }
                continue;
            }
            Err(error) => {
                tracing::error!(queue, %error, "the queue cannot be read");
                tokio::time::sleep(host.retry_after).await;
                continue;
            }
        };
        let failed = deliver(messages.clone()).await;
        for (message, failed) in messages.iter().zip(failed) {
            let settled = if failed {
                let wait = super::backoff(host.retry_after, message.received);
                host.sqs.change_visibility(queue, &message.receipt, wait)
            } else {
                host.sqs.delete(queue, &message.receipt)
            };
            if let Err(error) = settled {
                tracing::error!(queue, message = message.id, %error, "the message could not be settled");
            }
        }
    }
}

async fn deliver(
    host: &Host,
    function: &'static str,
    worker: &Worker,
    timeout: Duration,
    event: Value,
    messages: Arc<Vec<Message>>,
) -> Vec<bool> {
    match host.invoke(function, timeout, worker(event)).await {
        Ok(answer) => failed(&answer, &messages),
        Err(_) => vec![true; messages.len()],
    }
}

/// A message as a record of the event that Lambda hands to the worker.
fn record(queue: &str, message: &Message) -> Value {
    json!({
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": message.received.to_string(),
            "SentTimestamp": message.sent_at_ms.to_string(),
            "SenderId": emulators::ACCOUNT,
            "ApproximateFirstReceiveTimestamp": message.first_received_at_ms.to_string(),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:{}:{}:{queue}", emulators::REGION, emulators::ACCOUNT),
        "awsRegion": emulators::REGION,
    })
}

/// Those that the worker says have failed. An id that is none of them means all, as in Lambda.
fn failed(answer: &Value, messages: &[Message]) -> Vec<bool> {
    let failures: Vec<&str> = answer["batchItemFailures"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|failure| failure["itemIdentifier"].as_str().unwrap_or_default())
        .collect();
    let unknown = failures.iter().any(|id| messages.iter().all(|message| message.id != *id));
    messages.iter().map(|message| unknown || failures.contains(&message.id.as_str())).collect()
}
