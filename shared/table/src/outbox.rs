//! The outbox: an event is an item of the transaction that causes it. The stream carries it to the relay,
//! which reads the attribute `envelope` (JSON text) and puts it, unchanged, on the queues that want it.

use jiff::{SignedDuration, Timestamp};
use kernel::event::Envelope;
use serde::{Deserialize, Serialize};

use crate::{Audit, Item, Key, TenantKeys};

/// An event is kept a week after it was carried out, for whoever investigates.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEvent {
    #[serde(with = "crate::codec::as_text")]
    pub envelope: Envelope,
}

impl Item for OutboxEvent {
    const TYPE: &'static str = "event";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.event(self.envelope.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.envelope.at.saturating_add(KEPT).unwrap_or(Timestamp::MAX))
    }
}
