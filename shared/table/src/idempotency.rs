//! A POST that comes twice with the same key is done once: the answer of the first is stored in its own
//! transaction and given again.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Result, id::UserId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Audit, Item, Key, Stored, TenantKeys};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What a client may choose as a key: 1 to 64 printable ASCII characters without `#`.
pub fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    pub user: UserId,
    pub key: String,
    /// SHA-256 over method, path and body of the request.
    pub request: String,
    /// What the use case answered, as JSON text.
    pub outcome: String,
    pub at: Timestamp,
}

impl Item for IdempotencyRecord {
    const TYPE: &'static str = "idempotency";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.idempotency(self.user, &self.key)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.at.saturating_add(KEPT).unwrap_or(Timestamp::MAX))
    }
}

/// What a request says of its own repetition, and what is known of it.
#[derive(Debug, Clone, Default)]
pub enum Idempotency {
    #[default]
    None,
    Claimed(Arc<Claim>),
}

#[derive(Debug)]
pub struct Claim {
    /// The organization that who asks acts for. The record stands there, whatever organization the act is done in: that
    /// is where the gate looks for it.
    pub home: TenantKeys,
    pub user: UserId,
    pub key: String,
    pub request: String,
    /// As it was read together with the session.
    pub known: Option<IdempotencyRecord>,
}

impl Claim {
    pub(crate) fn record(&self, outcome: String, at: Timestamp) -> IdempotencyRecord {
        IdempotencyRecord { user: self.user, key: self.key.clone(), request: self.request.clone(), outcome, at }
    }

    pub(crate) fn replay<T: DeserializeOwned>(&self, known: &IdempotencyRecord) -> Result<T> {
        if known.request != self.request {
            return Err(Error::KeyReused);
        }
        serde_json::from_str(&known.outcome).map_err(Error::internal)
    }

    pub(crate) fn replay_stored<T: DeserializeOwned>(&self, stored: Option<Stored<IdempotencyRecord>>) -> Result<T> {
        // TTL may remove the record between the refused write and this reading.
        let stored = stored.ok_or_else(|| Error::unavailable("idempotency record vanished"))?;
        self.replay(&stored.value)
    }
}
