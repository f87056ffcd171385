//! The batch's item.

use jiff::Timestamp;
use table::{Index, Item, Key, TenantKeys};

use super::IssueBatch;

impl Item for IssueBatch {
    const TYPE: &'static str = "issue_batch";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.issue_batch(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_issue_batches(self.id))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.kept_until())
    }
}
