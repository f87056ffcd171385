//! Who did what, when, from where: one entry in every transaction.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Actor, id::AuditId};
use serde::{Deserialize, Serialize};

use crate::{Item, Key, TenantKeys};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Timestamp,
    pub actor: Actor,
    /// The use case: `issue_invoice`.
    pub act: String,
    /// The id of what it was done to.
    pub object: String,
    /// What changed, secrets left out.
    pub changes: Option<serde_json::Value>,
}

impl AuditEntry {
    fn month(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}

impl Item for AuditEntry {
    const TYPE: &'static str = "audit";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.audit(self.month(), self.id)
    }
}
