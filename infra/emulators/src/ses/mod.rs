//! SES v2: mails kept instead of sent, with the events that SES publishes to EventBridge: each mail is sent and delivered,
//! but for the addresses of the mailbox simulator (`bounce@simulator.amazonses.com`…), and opened when a test says so.

mod api;
mod mime;

use std::{path::Path, sync::Arc};

use axum::{Router, routing::post};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

pub use self::mime::{Attachment, Content};
use crate::{ACCOUNT, Error, Faults, REGION, Result, serve, serve::Server, store::Store};

/// Of a message as it goes over the wire.
pub const MESSAGE_BYTES_MAX: usize = 40 * 1024 * 1024;
pub const RECIPIENTS_MAX: usize = 50;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS mails (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at_ms INTEGER NOT NULL,
    sender TEXT NOT NULL,
    destination TEXT NOT NULL,
    subject TEXT NOT NULL,
    tags TEXT NOT NULL,
    raw BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS configuration_sets (
    mail TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL
) STRICT;
";

/// The time that mails are stamped with. The host gives the product's clock, so that a mail sent "in a month" says so.
pub type Now = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

pub struct Ses {
    server: Server,
    post_office: Arc<PostOffice>,
    faults: Faults,
}

/// A mail without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Envelope {
    /// What SES answered: the message id.
    pub id: String,
    pub at: jiff::Timestamp,
    pub from: String,
    pub destination: Vec<String>,
    pub subject: String,
    pub tags: Vec<Tag>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Tag {
    pub name: String,
    pub value: String,
}

/// A mail as it would have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub envelope: Envelope,
    pub raw: Vec<u8>,
}

impl Mail {
    /// `None` when the MIME cannot be read at all.
    pub fn content(&self) -> Option<Content> {
        mime::read(&self.raw)
    }
}

impl Ses {
    /// Over the SQLite file at `path`, made if absent; without a path, in memory.
    pub async fn start(path: Option<&Path>, now: Now) -> Result<Self> {
        let post_office = Arc::new(PostOffice { store: Store::open(path, SCHEMA)?, now, sent: Notify::new() });
        let faults = Faults::default();
        let state = api::Api { post_office: post_office.clone(), faults: faults.clone() };
        let router = Router::new()
            .route("/v2/email/outbound-emails", post(api::send))
            // Base64 in JSON is a third longer than the message.
            .layer(axum::extract::DefaultBodyLimit::max(MESSAGE_BYTES_MAX / 2 * 3))
            .with_state(state);
        Ok(Self { server: Server::start(router).await?, post_office, faults })
    }

    pub fn endpoint(&self) -> &str {
        &self.server.endpoint
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The latest mails, newest first.
    pub fn mails(&self, limit: usize) -> Result<Vec<Envelope>> {
        self.post_office.list(limit)
    }

    pub fn mail(&self, id: &str) -> Result<Option<Mail>> {
        self.post_office.get(id)
    }

    /// The oldest events that were not acknowledged yet, each with its number.
    pub fn next_events(&self, max: usize) -> Result<Vec<(i64, Value)>> {
        self.post_office.next_events(max)
    }

    /// The event was delivered: it is not given again.
    pub fn ack(&self, number: i64) -> Result<()> {
        self.post_office.ack(number)
    }

    pub fn pending_events(&self) -> Result<u64> {
        self.post_office.pending()
    }

    /// Somebody reads the mail: SES tells so each time its picture is fetched. False where there is no such mail.
    pub fn open(&self, id: &str) -> Result<bool> {
        self.post_office.open(id)
    }

    /// Wakes whoever waits on it after each mail.
    pub fn sent(&self) -> &Notify {
        &self.post_office.sent
    }
}

/// What a request to send comes down to.
struct Posted {
    from: String,
    destination: Vec<String>,
    tags: Vec<Tag>,
    configuration_set: Option<String>,
    raw: Vec<u8>,
}

struct PostOffice {
    store: Store,
    now: Now,
    sent: Notify,
}

impl PostOffice {
    /// Keeps the mail and, in the same transaction, the event about it.
    fn accept(&self, posted: &Posted) -> Result<String> {
        let id = format!("0102{}-{}-000000", &serve::random_id()[..12].replace('-', ""), serve::random_id());
        let at = (self.now)();
        let content = mime::read(&posted.raw);
        let subject = content.as_ref().map(|content| content.subject.clone()).unwrap_or_default();
        let mut events = vec![event("Send", "send", json!({}), &id, at, posted, content.as_ref())];
        for (kind, name, told) in fate(at, &posted.destination) {
            events.push(event(kind, name, told, &id, at, posted, content.as_ref()));
        }
        {
            let mut connection = self.store.lock();
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO mails (id, at_ms, sender, destination, subject, tags, raw)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id,
                    at.as_millisecond(),
                    posted.from,
                    json(&id, &posted.destination)?,
                    subject,
                    json(&id, &posted.tags)?,
                    posted.raw
                ],
            )?;
            if let Some(set) = &posted.configuration_set {
                transaction.execute("INSERT INTO configuration_sets (mail, name) VALUES (?1, ?2)", [&id, set])?;
            }
            for event in &events {
                transaction.execute("INSERT INTO events (event) VALUES (?1)", [event.to_string()])?;
            }
            transaction.commit()?;
        }
        self.sent.notify_waiters();
        Ok(id)
    }

    fn open(&self, id: &str) -> Result<bool> {
        let Some(mail) = self.get(id)? else { return Ok(false) };
        let content = mime::read(&mail.raw);
        let Envelope { from, destination, tags, .. } = mail.envelope;
        let configuration_set = self
            .store
            .lock()
            .query_row("SELECT name FROM configuration_sets WHERE mail = ?1", [id], |row| row.get(0))
            .optional()?;
        let posted = Posted { from, destination, tags, configuration_set, raw: mail.raw };
        let told = json!({ "timestamp": instant((self.now)()), "ipAddress": "127.0.0.1", "userAgent": "emulator" });
        let event = event("Open", "open", told, id, mail.envelope.at, &posted, content.as_ref());
        self.store.lock().execute("INSERT INTO events (event) VALUES (?1)", [event.to_string()])?;
        self.sent.notify_waiters();
        Ok(true)
    }

    fn list(&self, limit: usize) -> Result<Vec<Envelope>> {
        let connection = self.store.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id, at_ms, sender, destination, subject, tags FROM mails ORDER BY number DESC LIMIT ?1",
        )?;
        let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], stored)?;
        rows.map(|row| row?.envelope()).collect()
    }

    fn get(&self, id: &str) -> Result<Option<Mail>> {
        let connection = self.store.lock();
        let found = connection
            .prepare_cached("SELECT id, at_ms, sender, destination, subject, tags, raw FROM mails WHERE id = ?1")?
            .query_row([id], |row| Ok((stored(row)?, row.get::<_, Vec<u8>>(6)?)))
            .optional()?;
        found.map(|(stored, raw)| Ok(Mail { envelope: stored.envelope()?, raw })).transpose()
    }

    fn next_events(&self, max: usize) -> Result<Vec<(i64, Value)>> {
        let connection = self.store.lock();
        let mut statement = connection.prepare_cached("SELECT number, event FROM events ORDER BY number LIMIT ?1")?;
        let rows = statement.query_map([i64::try_from(max).unwrap_or(i64::MAX)], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            let (number, event) = row?;
            let event = serde_json::from_str(&event).map_err(|error| Error::Stored("an event".into(), error))?;
            Ok((number, event))
        })
        .collect()
    }

    fn ack(&self, number: i64) -> Result<()> {
        self.store.lock().execute("DELETE FROM events WHERE number = ?1", [number])?;
        self.sent.notify_waiters();
        Ok(())
    }

    fn pending(&self) -> Result<u64> {
        Ok(self.store.lock().query_row("SELECT COUNT(*) FROM events", [], |row| row.get(0))?)
    }
}

/// A row of `mails` as it is stored.
struct Stored {
    id: String,
    at_ms: i64,
    from: String,
    destination: String,
    subject: String,
    tags: String,
}

fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        id: row.get(0)?,
        at_ms: row.get(1)?,
        from: row.get(2)?,
        destination: row.get(3)?,
        subject: row.get(4)?,
        tags: row.get(5)?,
    })
}

impl Stored {
    fn envelope(self) -> Result<Envelope> {
        let wrong = |error| Error::Stored(self.id.clone(), error);
        Ok(Envelope {
            at: jiff::Timestamp::from_millisecond(self.at_ms).unwrap_or_default(),
            from: self.from,
            destination: serde_json::from_str(&self.destination).map_err(wrong)?,
            subject: self.subject,
            tags: serde_json::from_str(&self.tags).map_err(wrong)?,
            id: self.id,
        })
    }
}

fn json<T: Serialize>(id: &str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Stored(id.to_owned(), error))
}

/// What becomes of a mail: type, field and content of its events. Any part of an address of the simulator may have a
/// label: `bounce+1@…`.
fn fate(at: jiff::Timestamp, destination: &[String]) -> Vec<(&'static str, &'static str, Value)> {
    let at = instant(at);
    let first = destination.first().map(String::as_str).unwrap_or_default();
    let simulated = first.rsplit_once('@').filter(|(_, domain)| *domain == "simulator.amazonses.com");
    let simulated = simulated.map(|(local, _)| local.split('+').next().unwrap_or_default());
    let bounce = |kind: &str, detail: &str| {
        let recipients: Vec<_> = destination.iter().map(|address| json!({ "emailAddress": address })).collect();
        let told = json!({
            "bounceType": kind, "bounceSubType": detail, "bouncedRecipients": recipients, "timestamp": at,
        });
        vec![("Bounce", "bounce", told)]
    };
    let delivery = || ("Delivery", "delivery", json!({ "timestamp": at, "recipients": destination }));
    match simulated {
        Some("bounce") => bounce("Permanent", "General"),
        Some("suppressionlist") => bounce("Permanent", "OnAccountSuppressionList"),
        Some("ooto") => vec![delivery()],
        Some("complaint") => vec![delivery(), ("Complaint", "complaint", json!({ "timestamp": at }))],
        _ => vec![delivery()],
    }
}

fn instant(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// What EventBridge calls an event of this type.
fn detail_type(kind: &str) -> &'static str {
    match kind {
        "Delivery" => "Email Delivered",
        "Open" => "Email Opened",
        "Bounce" => "Email Bounced",
        "Complaint" => "Email Complaint Received",
        _ => "Email Sent",
    }
}

/// The event as EventBridge hands it to a rule's target.
///
/// In AWS a configuration set must name EventBridge as its destination and the mail must name the set; here every
/// mail has its event.
fn event(
    kind: &str,
    name: &str,
    told: Value,
    id: &str,
    at: jiff::Timestamp,
    posted: &Posted,
    content: Option<&Content>,
) -> Value {
    let mut tags = serde_json::Map::new();
    let mut tag = |name: &str, value: &str| {
        if let Value::Array(values) = tags.entry(name).or_insert_with(|| json!([])) {
            values.push(value.into());
        }
    };
    tag("ses:operation", "SendEmail");
    tag("ses:source-ip", "127.0.0.1");
    if let Some(set) = &posted.configuration_set {
        tag("ses:configuration-set", set);
    }
    for Tag { name, value } in &posted.tags {
        tag(name, value);
    }
    let time = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    json!({
        "version": "0",
        "id": serve::random_id(),
        "detail-type": detail_type(kind),
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": time,
        "region": REGION,
        "resources": [format!(
            "arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{}",
            posted.configuration_set.as_deref().unwrap_or("default"),
        )],
        "detail": {
            "eventType": kind,
            "mail": {
                "timestamp": instant(at),
                "source": posted.from,
                "sendingAccountId": ACCOUNT,
                "messageId": id,
                "destination": posted.destination,
                "headersTruncated": false,
                "headers": content.map(|content| content.headers.iter()
                    .map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>())
                    .unwrap_or_default(),
                "commonHeaders": {
                    "from": [posted.from],
                    "to": content.map(|content| content.to.clone()).unwrap_or_default(),
                    "messageId": id,
                    "subject": content.map(|content| content.subject.clone()).unwrap_or_default(),
                },
                "tags": tags,
            },
            name: told,
        },
    })
}
