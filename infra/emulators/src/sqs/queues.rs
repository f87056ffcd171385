//! The queues themselves: one SQLite table, every action one transaction.

use std::{collections::BTreeMap, path::Path, time::Duration};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{
    Error, Result,
    serve::{now_ms, random_id},
    store::Store,
};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS queues (
    name TEXT PRIMARY KEY,
    attributes TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL REFERENCES queues (name),
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER,
    -- The handle of the latest receipt; NULL while nobody has the message.
    receipt TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible_at);
";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    pub visibility_seconds: u32,
    pub delay_seconds: u32,
    pub redrive: Option<Redrive>,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { visibility_seconds: 30, delay_seconds: 0, redrive: None }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redrive {
    pub dead_letters: String,
    /// How often a message is handed out before it goes to the dead letters.
    pub receives_max: u32,
}

pub type MessageAttributes = BTreeMap<String, MessageAttribute>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MessageAttribute {
    pub data_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

/// A message in the hands of who received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub receipt: String,
    pub body: String,
    pub attributes: MessageAttributes,
    pub sent_at_ms: i64,
    pub first_received_at_ms: i64,
    /// This time included.
    pub received: u32,
}

/// A message as somebody sees it who only looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    pub id: String,
    pub body: String,
    pub sent_at_ms: i64,
    pub visible_at_ms: i64,
    pub received: u32,
    pub in_flight: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Visible now.
    pub waiting: u64,
    /// In somebody's hands.
    pub in_flight: u64,
    /// Sent with a delay that has not passed.
    pub delayed: u64,
}

impl Counts {
    pub fn total(self) -> u64 {
        self.waiting + self.in_flight + self.delayed
    }
}

pub(crate) struct Queues {
    store: Store,
    pub(crate) changed: Notify,
}

impl Queues {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        Ok(Self { store: Store::open(path, SCHEMA)?, changed: Notify::new() })
    }

    pub(crate) fn create(&self, queue: &str, attributes: &Attributes) -> Result<()> {
        let attributes = serde_json::to_string(attributes).map_err(|error| Error::Stored(queue.to_owned(), error))?;
        self.store.lock().execute(
            "INSERT INTO queues (name, attributes) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET attributes = excluded.attributes",
            params![queue, attributes],
        )?;
        Ok(())
    }

    pub(crate) fn all(&self) -> Result<Vec<(String, Attributes)>> {
        let connection = self.store.lock();
        let mut statement = connection.prepare_cached("SELECT name, attributes FROM queues ORDER BY name")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (name, attributes) = row?;
            let attributes = serde_json::from_str(&attributes).map_err(|error| Error::Stored(name.clone(), error))?;
            Ok((name, attributes))
        })
        .collect()
    }

    pub(crate) fn attributes(&self, queue: &str) -> Result<Attributes> {
        attributes(&self.store.lock(), queue)
    }

    /// Returns the id of the message and when it was sent.
    pub(crate) fn send(
        &self,
        queue: &str,
        body: &str,
        message_attributes: MessageAttributes,
        delay: Option<Duration>,
    ) -> Result<(String, i64)> {
        let sent = {
            let connection = self.store.lock();
            let of_queue = attributes(&connection, queue)?;
            let delay = delay.unwrap_or(Duration::from_secs(of_queue.delay_seconds.into()));
            let (id, now) = (random_id(), now_ms());
            let message_attributes =
                serde_json::to_string(&message_attributes).map_err(|error| Error::Stored(id.clone(), error))?;
            connection
                .prepare_cached(
                    "INSERT INTO messages (queue, id, body, attributes, sent_at, visible_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![queue, id, body, message_attributes, now, now + ms(delay)])?;
            (id, now)
        };
        self.changed.notify_waiters();
        Ok(sent)
    }

    pub(crate) fn receive(&self, queue: &str, max: usize, visibility: Duration) -> Result<Vec<Message>> {
        let mut buried = false;
        let messages = {
            let mut connection = self.store.lock();
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let redrive = attributes(&transaction, queue)?.redrive;
            let now = now_ms();
            if let Some(redrive) = &redrive {
                buried = bury(&transaction, queue, redrive, now)? > 0;
            }
            let taken = take(&transaction, queue, max, now, now + ms(visibility))?;
            transaction.commit()?;
            taken
        };
        if buried {
            self.changed.notify_waiters();
        }
        messages
            .into_iter()
            .map(|(message, attributes)| {
                let attributes =
                    serde_json::from_str(&attributes).map_err(|error| Error::Stored(message.id.clone(), error))?;
                Ok(Message { attributes, ..message })
            })
            .collect()
    }

    pub(crate) fn delete(&self, queue: &str, receipt: &str) -> Result<bool> {
        let deleted = {
            let connection = self.store.lock();
            attributes(&connection, queue)?;
            connection
                .prepare_cached("DELETE FROM messages WHERE number = ?1 AND queue = ?2 AND receipt = ?3")?
                .execute(params![number(receipt), queue, receipt])?
        };
        self.changed.notify_waiters();
        Ok(deleted > 0)
    }

    pub(crate) fn change_visibility(&self, queue: &str, receipt: &str, visibility: Duration) -> Result<bool> {
        let changed = {
            let connection = self.store.lock();
            attributes(&connection, queue)?;
            let now = now_ms();
            connection
                .prepare_cached(
                    "UPDATE messages SET visible_at = ?4
                     WHERE number = ?1 AND queue = ?2 AND receipt = ?3 AND visible_at > ?5",
                )?
                .execute(params![number(receipt), queue, receipt, now + ms(visibility), now])?
        };
        self.changed.notify_waiters();
        Ok(changed > 0)
    }

    pub(crate) fn counts(&self, queue: &str) -> Result<Counts> {
        let connection = self.store.lock();
        attributes(&connection, queue)?;
        Ok(connection
            .prepare_cached(
                "SELECT COALESCE(SUM(visible_at <= ?2), 0),
                        COALESCE(SUM(visible_at > ?2 AND receipt IS NOT NULL), 0),
                        COALESCE(SUM(visible_at > ?2 AND receipt IS NULL), 0)
                 FROM messages WHERE queue = ?1",
            )?
            .query_row(params![queue, now_ms()], |row| {
                Ok(Counts { waiting: row.get(0)?, in_flight: row.get(1)?, delayed: row.get(2)? })
            })?)
    }

    pub(crate) fn list(&self, queue: &str, limit: usize) -> Result<Vec<Listed>> {
        let connection = self.store.lock();
        attributes(&connection, queue)?;
        let now = now_ms();
        let mut statement = connection.prepare_cached(
            "SELECT id, body, sent_at, visible_at, received, receipt IS NOT NULL
             FROM messages WHERE queue = ?1 ORDER BY number LIMIT ?2",
        )?;
        let rows = statement.query_map(params![queue, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let visible_at_ms = row.get(3)?;
            let held: bool = row.get(5)?;
            Ok(Listed {
                id: row.get(0)?,
                body: row.get(1)?,
                sent_at_ms: row.get(2)?,
                visible_at_ms,
                received: row.get(4)?,
                in_flight: held && visible_at_ms > now,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn redrive(&self, from: &str, to: &str) -> Result<usize> {
        let moved = {
            let connection = self.store.lock();
            attributes(&connection, from)?;
            attributes(&connection, to)?;
            let now = now_ms();
            connection.execute(
                "UPDATE messages SET queue = ?2, received = 0, receipt = NULL, first_received_at = NULL, visible_at = ?3
                 WHERE queue = ?1 AND visible_at <= ?3",
                params![from, to, now],
            )?
        };
        self.changed.notify_waiters();
        Ok(moved)
    }

    pub(crate) fn purge(&self, queue: &str) -> Result<usize> {
        let purged = {
            let connection = self.store.lock();
            attributes(&connection, queue)?;
            connection.execute("DELETE FROM messages WHERE queue = ?1", [queue])?
        };
        self.changed.notify_waiters();
        Ok(purged)
    }

    pub(crate) fn release_in_flight(&self) -> Result<usize> {
        let now = now_ms();
        let released = self.store.lock().execute(
            "UPDATE messages SET visible_at = ?1, receipt = NULL, received = MAX(received - 1, 0)
             WHERE receipt IS NOT NULL AND visible_at > ?1",
            [now],
        )?;
        self.changed.notify_waiters();
        Ok(released)
    }

    pub(crate) fn next_visible_in(&self, queue: &str) -> Result<Option<Duration>> {
        let now = now_ms();
        let next: Option<i64> = self
            .store
            .lock()
            .prepare_cached("SELECT MIN(visible_at) FROM messages WHERE queue = ?1")?
            .query_row([queue], |row| row.get(0))?;
        Ok(next.map(|at| Duration::from_millis(u64::try_from(at - now).unwrap_or(0))))
    }
}

fn attributes(connection: &Connection, queue: &str) -> Result<Attributes> {
    let stored: Option<String> = connection
        .prepare_cached("SELECT attributes FROM queues WHERE name = ?1")?
        .query_row([queue], |row| row.get(0))
        .optional()?;
    let stored = stored.ok_or_else(|| Error::NoSuchQueue(queue.to_owned()))?;
    serde_json::from_str(&stored).map_err(|error| Error::Stored(queue.to_owned(), error))
}

/// Moves what was received too often to the dead letters.
fn bury(transaction: &Transaction<'_>, queue: &str, redrive: &Redrive, now: i64) -> Result<usize> {
    Ok(transaction
        .prepare_cached(
            "UPDATE messages SET queue = ?3, receipt = NULL, visible_at = ?2
             WHERE queue = ?1 AND visible_at <= ?2 AND received >= ?4",
        )?
        .execute(params![queue, now, redrive.dead_letters, redrive.receives_max])?)
}

/// The messages taken, each with its stored attributes.
fn take(
    transaction: &Transaction<'_>,
    queue: &str,
    max: usize,
    now: i64,
    visible_at: i64,
) -> Result<Vec<(Message, String)>> {
    let mut due = transaction.prepare_cached(
        "SELECT number, id, body, attributes, sent_at, COALESCE(first_received_at, ?2), received + 1
         FROM messages WHERE queue = ?1 AND visible_at <= ?2 ORDER BY visible_at, number LIMIT ?3",
    )?;
    let mut taking = transaction.prepare_cached(
        "UPDATE messages SET receipt = ?2, visible_at = ?3, received = received + 1,
                first_received_at = COALESCE(first_received_at, ?4)
         WHERE number = ?1",
    )?;
    let limit = i64::try_from(max).unwrap_or(i64::MAX);
    let found = due.query_map(params![queue, now, limit], |row| {
        let number: i64 = row.get(0)?;
        let message = Message {
            id: row.get(1)?,
            receipt: format!("{number}.{}", random_id()),
            body: row.get(2)?,
            attributes: MessageAttributes::new(),
            sent_at_ms: row.get(4)?,
            first_received_at_ms: row.get(5)?,
            received: row.get(6)?,
        };
        Ok((number, message, row.get::<_, String>(3)?))
    })?;
    let mut taken = Vec::new();
    for found in found {
        let (number, message, attributes) = found?;
        taking.execute(params![number, message.receipt, visible_at, now])?;
        taken.push((message, attributes));
    }
    Ok(taken)
}

/// A receipt handle begins with the message's row; a forged one names no row that has this very handle.
fn number(receipt: &str) -> i64 {
    receipt.split_once('.').and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}

pub(super) fn is_receipt(receipt: &str) -> bool {
    number(receipt) > 0
}

fn ms(duration: Duration) -> i64 {
    // Half the range, so that adding "now" cannot overflow.
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 2).min(i64::MAX / 2)
}
