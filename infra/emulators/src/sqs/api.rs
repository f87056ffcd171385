//! The HTTP side of SQS: AWS JSON 1.0, one `X-Amz-Target` per action.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    MESSAGE_BYTES_MAX,
    queues::{Attributes, Message, MessageAttribute, MessageAttributes, Queues, Redrive, is_receipt},
};
use crate::{ACCOUNT, Error, Faults, REGION, serve::random_id};

#[derive(Clone)]
pub(super) struct Api {
    pub(super) queues: Arc<Queues>,
    pub(super) faults: Faults,
    pub(super) endpoint: Arc<str>,
}

/// An error of the service: its modelled name, the name it has in the older protocol, and a sentence.
struct Refusal {
    status: StatusCode,
    name: &'static str,
    query_name: &'static str,
    message: String,
}

type Answer = Result<Value, Refusal>;

fn invalid(message: impl Into<String>) -> Refusal {
    refusal("InvalidParameterValue", "InvalidParameterValue", message)
}

fn refusal(name: &'static str, query_name: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, name, query_name, message: message.into() }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NoSuchQueue(_) => refusal(
                "QueueDoesNotExist",
                "AWS.SimpleQueueService.NonExistentQueue",
                "The specified queue does not exist.",
            ),
            error => {
                tracing::error!(%error, "SQS failed");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    name: "InternalFailure",
                    query_name: "InternalFailure",
                    message: "internal failure".into(),
                }
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "__type": format!("com.amazonaws.sqs#{}", self.name), "message": self.message });
        let mut response = (self.status, body.to_string()).into_response();
        let fault = if self.status.is_server_error() { "Receiver" } else { "Sender" };
        if let Ok(code) = HeaderValue::try_from(format!("{};{fault}", self.query_name)) {
            response.headers_mut().insert("x-amzn-query-error", code);
        }
        response
    }
}

pub(super) fn queue_url(endpoint: &str, queue: &str) -> String {
    format!("{endpoint}/{ACCOUNT}/{queue}")
}

fn queue_arn(queue: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")
}

/// The last part of a queue's URL or ARN.
fn queue_name(url: &str) -> &str {
    url.rsplit(['/', ':']).next().unwrap_or(url)
}

pub(super) async fn answer(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let answer = if api.faults.strike() {
        Err(Refusal {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            name: "InternalFailure",
            query_name: "InternalFailure",
            message: "The request processing has failed because of an unknown error.".into(),
        })
    } else {
        api.act(target.strip_prefix("AmazonSQS.").unwrap_or_default(), &body).await
    };
    let mut response = match answer {
        Ok(value) => value.to_string().into_response(),
        Err(refusal) => refusal.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    if let Ok(id) = HeaderValue::try_from(random_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfQueue {
    queue_url: String,
    #[serde(default)]
    attribute_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    queue_name: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outgoing {
    /// Of a batch.
    #[serde(default)]
    id: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: Option<i64>,
    #[serde(default)]
    message_attributes: MessageAttributes,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Send {
    queue_url: String,
    #[serde(flatten)]
    message: Outgoing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch<T> {
    queue_url: String,
    entries: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Receipt {
    #[serde(default)]
    queue_url: String,
    #[serde(default)]
    id: String,
    receipt_handle: String,
    #[serde(default)]
    visibility_timeout: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Receive {
    queue_url: String,
    #[serde(default)]
    max_number_of_messages: Option<i64>,
    #[serde(default)]
    visibility_timeout: Option<i64>,
    #[serde(default)]
    wait_time_seconds: Option<i64>,
}

impl Api {
    async fn act(&self, action: &str, body: &[u8]) -> Answer {
        match action {
            "SendMessage" => self.send(read(body)?),
            "SendMessageBatch" => self.send_batch(read(body)?),
            "ReceiveMessage" => self.receive(read(body)?).await,
            "DeleteMessage" => self.delete(&read(body)?),
            "DeleteMessageBatch" => self.delete_batch(read(body)?),
            "ChangeMessageVisibility" => self.change_visibility(&read(body)?),
            "GetQueueAttributes" => self.get_attributes(&read(body)?),
            "GetQueueUrl" => self.get_url(&read(body)?),
            "CreateQueue" => self.create(&read(body)?),
            "PurgeQueue" => {
                self.queues.purge(queue_name(&read::<OfQueue>(body)?.queue_url))?;
                Ok(json!({}))
            }
            other => Err(refusal(
                "InvalidAction",
                "InvalidAction",
                format!("The action {other} is not one that this emulator has."),
            )),
        }
    }

    fn send(&self, send: Send) -> Answer {
        self.send_one(queue_name(&send.queue_url), send.message)
    }

    fn send_one(&self, queue: &str, message: Outgoing) -> Answer {
        if message.message_body.is_empty() {
            return Err(refusal("MissingRequiredParameterException", "MissingParameter", "MessageBody is empty"));
        }
        if size(&message) > MESSAGE_BYTES_MAX {
            return Err(invalid(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {MESSAGE_BYTES_MAX} bytes."
            )));
        }
        if let Some(character) = message.message_body.chars().find(|character| !is_allowed(*character)) {
            return Err(refusal(
                "InvalidMessageContents",
                "InvalidMessageContents",
                format!("Invalid character U+{:04X} in the message", u32::from(character)),
            ));
        }
        let delay = message.delay_seconds.map(|delay| seconds(delay, "DelaySeconds", 900)).transpose()?;
        let md5_of_attributes = md5_of_attributes(&message.message_attributes)?;
        let (id, _) = self.queues.send(queue, &message.message_body, message.message_attributes, delay)?;
        let mut answer = json!({ "MessageId": id, "MD5OfMessageBody": md5_hex(message.message_body.as_bytes()) });
        if let Some(md5) = md5_of_attributes {
            answer["MD5OfMessageAttributes"] = md5.into();
        }
        Ok(answer)
    }

    fn send_batch(&self, batch: Batch<Outgoing>) -> Answer {
        let queue = queue_name(&batch.queue_url);
        self.queues.attributes(queue)?;
        check_batch(batch.entries.iter().map(|entry| entry.id.as_str()))?;
        if batch.entries.iter().map(size).sum::<usize>() > MESSAGE_BYTES_MAX {
            return Err(refusal(
                "BatchRequestTooLong",
                "AWS.SimpleQueueService.BatchRequestTooLong",
                format!("Batch requests cannot be longer than {MESSAGE_BYTES_MAX} bytes."),
            ));
        }
        let entries = batch.entries.into_iter().map(|entry| (entry.id.clone(), entry));
        each(entries, |entry| self.send_one(queue, entry))
    }

    async fn receive(&self, receive: Receive) -> Answer {
        let queue = queue_name(&receive.queue_url);
        let max = receive.max_number_of_messages.unwrap_or(1);
        if !(1..=10).contains(&max) {
            return Err(invalid("MaxNumberOfMessages must be between 1 and 10"));
        }
        let max = usize::try_from(max).unwrap_or(1);
        let of_queue = self.queues.attributes(queue)?;
        let visibility = match receive.visibility_timeout {
            Some(visibility) => seconds(visibility, "VisibilityTimeout", 43_200)?,
            None => Duration::from_secs(of_queue.visibility_seconds.into()),
        };
        let wait = seconds(receive.wait_time_seconds.unwrap_or(0), "WaitTimeSeconds", 20)?;

        let give_up = tokio::time::Instant::now() + wait;
        loop {
            // Registered before looking, so that a message sent in between is not missed.
            let changed = self.queues.changed.notified();
            let messages = self.queues.receive(queue, max, visibility)?;
            if !messages.is_empty() || tokio::time::Instant::now() >= give_up {
                let messages: Vec<Value> = messages.iter().map(shown).collect::<Result<_, _>>()?;
                // The service leaves the field out when there is none.
                return Ok(if messages.is_empty() { json!({}) } else { json!({ "Messages": messages }) });
            }
            let shows = self.queues.next_visible_in(queue)?.map(|wait| tokio::time::Instant::now() + wait);
            let until = shows.map_or(give_up, |shows| shows.min(give_up));
            _ = tokio::time::timeout_at(until, changed).await;
        }
    }

    fn delete(&self, receipt: &Receipt) -> Answer {
        self.delete_one(queue_name(&receipt.queue_url), receipt)
    }

    /// Deleting what is gone, or was received by another since, is a success: as in the service.
    fn delete_one(&self, queue: &str, receipt: &Receipt) -> Answer {
        check_receipt(receipt)?;
        self.queues.delete(queue, &receipt.receipt_handle)?;
        Ok(json!({}))
    }

    fn delete_batch(&self, batch: Batch<Receipt>) -> Answer {
        let queue = queue_name(&batch.queue_url);
        self.queues.attributes(queue)?;
        check_batch(batch.entries.iter().map(|entry| entry.id.as_str()))?;
        let entries = batch.entries.into_iter().map(|entry| (entry.id.clone(), entry));
        each(entries, |entry| self.delete_one(queue, &entry))
    }

    fn change_visibility(&self, receipt: &Receipt) -> Answer {
        check_receipt(receipt)?;
        let visibility = receipt
            .visibility_timeout
            .ok_or_else(|| refusal("MissingRequiredParameterException", "MissingParameter", "VisibilityTimeout"))?;
        let visibility = seconds(visibility, "VisibilityTimeout", 43_200)?;
        if self.queues.change_visibility(queue_name(&receipt.queue_url), &receipt.receipt_handle, visibility)? {
            Ok(json!({}))
        } else {
            Err(refusal(
                "MessageNotInflight",
                "AWS.SimpleQueueService.MessageNotInflight",
                "The message is not in flight.",
            ))
        }
    }

    fn get_attributes(&self, asked: &OfQueue) -> Answer {
        let queue = queue_name(&asked.queue_url);
        let attributes = self.queues.attributes(queue)?;
        let counts = self.queues.counts(queue)?;
        let mut all = vec![
            ("ApproximateNumberOfMessages", counts.waiting.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
            ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
            ("VisibilityTimeout", attributes.visibility_seconds.to_string()),
            ("DelaySeconds", attributes.delay_seconds.to_string()),
            ("MaximumMessageSize", MESSAGE_BYTES_MAX.to_string()),
            ("QueueArn", queue_arn(queue)),
        ];
        if let Some(redrive) = attributes.redrive {
            let policy = json!({
                "deadLetterTargetArn": queue_arn(&redrive.dead_letters),
                "maxReceiveCount": redrive.receives_max,
            });
            all.push(("RedrivePolicy", policy.to_string()));
        }
        let wanted = |name: &str| asked.attribute_names.iter().any(|asked| asked == "All" || asked == name);
        let shown: Map<String, Value> =
            all.into_iter().filter(|(name, _)| wanted(name)).map(|(name, value)| (name.into(), value.into())).collect();
        Ok(json!({ "Attributes": shown }))
    }

    fn get_url(&self, named: &Named) -> Answer {
        self.queues.attributes(&named.queue_name)?;
        Ok(json!({ "QueueUrl": queue_url(&self.endpoint, &named.queue_name) }))
    }

    fn create(&self, named: &Named) -> Answer {
        let name = &named.queue_name;
        let valid = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if name.is_empty() || name.len() > 80 || !name.chars().all(valid) {
            return Err(invalid(
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
            ));
        }
        let mut attributes = Attributes::default();
        for (attribute, value) in &named.attributes {
            let number = || value.parse::<u32>().map_err(|_| invalid(format!("{attribute} is not a number")));
            match attribute.as_str() {
                "VisibilityTimeout" => attributes.visibility_seconds = number()?,
                "DelaySeconds" => attributes.delay_seconds = number()?,
                "RedrivePolicy" => attributes.redrive = Some(self.redrive_policy(value)?),
                // What has no effect here: retention, encryption, policies.
                _ => {}
            }
        }
        self.queues.create(name, &attributes)?;
        Ok(json!({ "QueueUrl": queue_url(&self.endpoint, name) }))
    }

    fn redrive_policy(&self, value: &str) -> Result<Redrive, Refusal> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Policy {
            dead_letter_target_arn: String,
            max_receive_count: Value,
        }
        let policy: Policy = serde_json::from_str(value).map_err(|_| invalid("RedrivePolicy cannot be read"))?;
        // The service takes a number and a number in quotes.
        let receives_max = match &policy.max_receive_count {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64().and_then(|count| u32::try_from(count).ok()),
        };
        let receives_max = receives_max
            .filter(|count| (1..=1000).contains(count))
            .ok_or_else(|| invalid("maxReceiveCount must be between 1 and 1000"))?;
        let dead_letters = queue_name(&policy.dead_letter_target_arn).to_owned();
        self.queues.attributes(&dead_letters)?;
        Ok(Redrive { dead_letters, receives_max })
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| refusal("SerializationException", "MalformedInput", error.to_string()))
}

fn check_batch<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Result<(), Refusal> {
    let count = ids.clone().count();
    if count == 0 {
        return Err(refusal("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", "There are no entries."));
    }
    if count > 10 {
        return Err(refusal(
            "TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            format!("Maximum number of entries per request are 10. You have sent {count}."),
        ));
    }
    let distinct: std::collections::BTreeSet<&str> = ids.collect();
    if distinct.len() != count {
        return Err(refusal(
            "BatchEntryIdsNotDistinct",
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            "Two entries have the same Id.",
        ));
    }
    Ok(())
}

/// Runs a batch: each entry succeeds or fails by itself.
fn each<T>(entries: impl Iterator<Item = (String, T)>, act: impl Fn(T) -> Answer) -> Answer {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, entry) in entries {
        match act(entry) {
            Ok(mut done) => {
                done["Id"] = id.into();
                successful.push(done);
            }
            Err(refusal) => failed.push(json!({
                "Id": id,
                "Code": refusal.query_name,
                "Message": refusal.message,
                "SenderFault": !refusal.status.is_server_error(),
            })),
        }
    }
    Ok(json!({ "Successful": successful, "Failed": failed }))
}

fn check_receipt(receipt: &Receipt) -> Result<(), Refusal> {
    if is_receipt(&receipt.receipt_handle) {
        Ok(())
    } else {
        Err(refusal("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "The input receipt handle is invalid."))
    }
}

fn seconds(value: i64, name: &str, max: u64) -> Result<Duration, Refusal> {
    u64::try_from(value)
        .ok()
        .filter(|value| *value <= max)
        .map(Duration::from_secs)
        .ok_or_else(|| invalid(format!("{name} must be between 0 and {max}")))
}

/// What counts against the limit: the body and the attributes, names and types included.
fn size(message: &Outgoing) -> usize {
    let attributes = message.message_attributes.iter().map(|(name, attribute)| {
        name.len()
            + attribute.data_type.len()
            + attribute.string_value.as_ref().map_or(0, String::len)
            + attribute.binary_value.as_ref().map_or(0, String::len) / 4 * 3
    });
    message.message_body.len() + attributes.sum::<usize>()
}

/// The characters of XML 1.0; the service takes no other.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A message as `ReceiveMessage` answers it. Attributes are always shown: asking for them changes nothing else.
fn shown(message: &Message) -> Answer {
    let mut shown = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MD5OfBody": md5_hex(message.body.as_bytes()),
        "Attributes": {
            "ApproximateReceiveCount": message.received.to_string(),
            "ApproximateFirstReceiveTimestamp": message.first_received_at_ms.to_string(),
            "SentTimestamp": message.sent_at_ms.to_string(),
            "SenderId": ACCOUNT,
        },
    });
    if let Some(md5) = md5_of_attributes(&message.attributes)? {
        shown["MD5OfMessageAttributes"] = md5.into();
        shown["MessageAttributes"] =
            serde_json::to_value(&message.attributes).map_err(|error| Error::Stored(message.id.clone(), error))?;
    }
    Ok(shown)
}

fn md5_hex(bytes: &[u8]) -> String {
    format!("{:x}", md5::compute(bytes))
}

/// The service's digest over sorted attributes: each name, type and value with its length before it. `None` when
/// there are none.
fn md5_of_attributes(attributes: &MessageAttributes) -> Result<Option<String>, Refusal> {
    if attributes.is_empty() {
        return Ok(None);
    }
    fn put(encoded: &mut Vec<u8>, bytes: &[u8]) {
        encoded.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        encoded.extend_from_slice(bytes);
    }
    let mut encoded = Vec::new();
    for (name, attribute) in attributes {
        let (kind, value) = value_of(name, attribute)?;
        put(&mut encoded, name.as_bytes());
        put(&mut encoded, attribute.data_type.as_bytes());
        encoded.push(kind);
        put(&mut encoded, &value);
    }
    Ok(Some(md5_hex(&encoded)))
}

fn value_of(name: &str, attribute: &MessageAttribute) -> Result<(u8, Vec<u8>), Refusal> {
    match (&attribute.string_value, &attribute.binary_value) {
        (Some(text), None) => Ok((1, text.as_bytes().to_vec())),
        (None, Some(encoded)) => BASE64_STANDARD
            .decode(encoded)
            .map(|bytes| (2, bytes))
            .map_err(|_| invalid(format!("The message attribute '{name}' is not base64"))),
        _ => Err(invalid(format!("The message attribute '{name}' must have one value"))),
    }
}
