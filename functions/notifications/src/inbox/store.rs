//! The item, which the clock finds when a summary is to leave.

use kernel::{Result, event::DueKind, id::UserId};
use table::{Audit, Index, Item, Key, Scope, Stored, TenantKeys};

use super::Inbox;

impl Item for Inbox {
    const TYPE: &'static str = "inbox";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.inbox(self.user)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_inboxes(self.user))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.digest_at.map(|at| keys.due_at(at, DueKind::NotificationDigest, self.user.ulid()))
    }
}

/// None of who was never told anything.
pub async fn read(scope: &Scope, user: UserId) -> Result<Option<Stored<Inbox>>> {
    scope.get(&scope.keys().inbox(user)).await
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{NotificationId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::inbox::model::Open;

    #[test]
    fn an_inbox_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let id = NotificationId::from_ulid(Ulid(3));
        let at = Timestamp::UNIX_EPOCH;
        let inbox = Inbox {
            unread_by: [(kernel::Permission::InvoicingView, [(jiff::civil::date(2026, 11, 22), 3)].into())].into(),
            all_read_at: Some(at),
            open: [("invoice_paid".into(), Open { notification: id, since: at, last: at })].into(),
            digest: vec![id],
            digest_more: 2,
            digest_at: Some(at),
            ..Inbox::of(UserId::from_ulid(Ulid(2)))
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#NOTIFICATIONS#00000000000000000000000002",
            "sk": "INBOX",
            "gsi1pk": "ORG#00000000000000000000000001#INBOXES",
            "gsi1sk": "00000000000000000000000002",
            "gsi2pk": "DUE#1970-01-01#2",
            "gsi2sk": "T#00:00#ORG#00000000000000000000000001#NOTIFICATION_DIGEST#00000000000000000000000002",
            "type": "inbox",
            "v": 1,
            "user": "usr_00000000000000000000000002",
            "unread_by": { "invoicing:view": { "2026-11-22": 3 } },
            "all_read_at": "1970-01-01T00:00:00Z",
            "open": {
                "invoice_paid": {
                    "notification": "not_00000000000000000000000003",
                    "since": "1970-01-01T00:00:00Z",
                    "last": "1970-01-01T00:00:00Z",
                },
            },
            "digest": ["not_00000000000000000000000003"],
            "digest_more": 2,
            "digest_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&inbox, keys).ok(), Some(expected));
        let empty = golden(&Inbox::of(UserId::from_ulid(Ulid(2))), keys).unwrap();
        assert!(empty.get("gsi2pk").is_none() && empty["unread_by"] == json!({}));
    }
}
