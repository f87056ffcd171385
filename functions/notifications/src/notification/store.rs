//! The items: a notification among those of its member, in the list of the unread ones until it is read; and that an event
//! was counted in another one.

use jiff::{Timestamp, tz::TimeZone};
use kernel::id::{NotificationId, UserId};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, TenantKeys};
use ulid::Ulid;

use super::Notification;

impl Notification {
    /// When the table may forget it.
    pub(crate) fn forgotten_at(&self) -> Timestamp {
        self.forgotten_on().to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
    }

    /// Its place among the unread ones: by when it was told, which may be long after it happened.
    fn told(&self) -> Ulid {
        Ulid::from_parts(millisecond(self.told_at), self.id.ulid().random())
    }
}

fn millisecond(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or_default()
}

impl Item for Notification {
    const TYPE: &'static str = "notification";
    /// What somebody is told repeats what the log has from whoever did it.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.notification(self.user, self.id)
    }

    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        self.read_at.is_none().then(|| keys.in_unread_notifications(self.user, self.told()))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.forgotten_at())
    }
}

/// An event that was counted in a notification of its kind, so that it is counted once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotificationFold {
    /// What it would be by itself.
    pub id: NotificationId,
    pub user: UserId,
    pub into: NotificationId,
    pub expires_at: Timestamp,
}

impl Item for NotificationFold {
    const TYPE: &'static str = "notification_fold";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.notification_fold(self.user, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Permission, id::OrganizationId};
    use serde_json::json;
    use table::item::golden;

    use super::*;
    use crate::notification::{Category, Kind};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn notification() -> Notification {
        Notification {
            id: NotificationId::from_ulid(Ulid(3)),
            user: UserId::from_ulid(Ulid(2)),
            rule: "invoice_paid".into(),
            category: Category::Invoicing,
            kind: Kind::Success,
            needs: Some(Permission::InvoicingView),
            link: "/facturation/factures/inv_00000000000000000000000004".into(),
            label: Some("F-2026-0004".into()),
            who: Some("Boulangerie Dupré".into()),
            named: vec!["com_00000000000000000000000005".into()],
            note: Some("1 200,00 €".into()),
            count: 1,
            told_at: Timestamp::UNIX_EPOCH,
            last_at: Timestamp::UNIX_EPOCH,
            read_at: None,
        }
    }

    #[test]
    fn a_notification_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#NOTIFICATIONS#00000000000000000000000002",
            "sk": "NOTIFICATION#00000000000000000000000003",
            "gsi3pk": "ORG#00000000000000000000000001#UNREAD#00000000000000000000000002",
            "gsi3sk": "00000000000000000000000003",
            "type": "notification",
            "v": 1,
            "ttl": 15_552_000,
            "id": "not_00000000000000000000000003",
            "user": "usr_00000000000000000000000002",
            "rule": "invoice_paid",
            "category": "invoicing",
            "kind": "success",
            "needs": "invoicing:view",
            "link": "/facturation/factures/inv_00000000000000000000000004",
            "label": "F-2026-0004",
            "who": "Boulangerie Dupré",
            "named": ["com_00000000000000000000000005"],
            "note": "1 200,00 €",
            "count": 1,
            "told_at": "1970-01-01T00:00:00Z",
            "last_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&notification(), KEYS).ok(), Some(expected));
        let read = Notification { read_at: Some(Timestamp::UNIX_EPOCH), ..notification() };
        let stored = golden(&read, KEYS).unwrap();
        assert!(stored.get("gsi3pk").is_none() && stored["read_at"] == "1970-01-01T00:00:00Z");
    }

    #[test]
    fn an_event_that_was_counted_as_it_is_stored() {
        let fold = NotificationFold {
            id: NotificationId::from_ulid(Ulid(4)),
            user: UserId::from_ulid(Ulid(2)),
            into: NotificationId::from_ulid(Ulid(3)),
            expires_at: Timestamp::UNIX_EPOCH,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#NOTIFICATIONS#00000000000000000000000002",
            "sk": "FOLD#00000000000000000000000004",
            "type": "notification_fold",
            "v": 1,
            "ttl": 0,
            "id": "not_00000000000000000000000004",
            "user": "usr_00000000000000000000000002",
            "into": "not_00000000000000000000000003",
            "expires_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&fold, KEYS).ok(), Some(expected));
    }
}
