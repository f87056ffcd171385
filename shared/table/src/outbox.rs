//! The outbox: an event is an item of the transaction that causes it. The stream carries it to the relay,
//! which reads the attribute `envelope` (JSON text) and puts it, unchanged, on the queues that want it.

use jiff::{SignedDuration, Timestamp};
use kernel::event::Envelope;
use serde::{Deserialize, Serialize};

use crate::{Item, Key, TenantKeys};

/// An event is kept a week after it was carried out, for whoever investigates.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxEvent {
    #[serde(with = "as_text")]
    pub envelope: Envelope,
}

impl Item for OutboxEvent {
    const TYPE: &'static str = "event";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.event(self.envelope.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.envelope.at.saturating_add(KEPT).unwrap_or(Timestamp::MAX))
    }
}

mod as_text {
    use kernel::event::Envelope;
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub fn serialize<S: Serializer>(envelope: &Envelope, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&serde_json::to_string(envelope).map_err(ser::Error::custom)?)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Envelope, D::Error> {
        serde_json::from_str(&std::borrow::Cow::<str>::deserialize(from)?).map_err(de::Error::custom)
    }
}
