//! A feed's item.

use table::{Audit, Index, Item, Key, TenantKeys};

use super::CalendarFeed;

impl Item for CalendarFeed {
    const TYPE: &'static str = "calendar_feed";
    const AUDIT: Audit = Audit::Masked(&["hash"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.calendar_feed(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_calendar_feeds(self.user, self.id))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{FeedId, OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::calendar::Which;

    #[test]
    fn a_feed_as_it_is_stored() {
        let feed = CalendarFeed {
            id: FeedId::from_ulid(Ulid(2)),
            user: UserId::from_ulid(Ulid(4)),
            calendar: Which::Activities,
            name: "Téléphone".into(),
            shows: "own".into(),
            hash: "a".into(),
            created_at: Timestamp::UNIX_EPOCH,
            drawn_at: Timestamp::UNIX_EPOCH,
            last_seen_at: None,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CALENDAR_FEED#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#CALENDAR_FEEDS",
            "gsi1sk": "00000000000000000000000004#00000000000000000000000002",
            "type": "calendar_feed",
            "v": 1,
            "id": "fee_00000000000000000000000002",
            "user": "usr_00000000000000000000000004",
            "name": "Téléphone",
            "shows": "own",
            "hash": "a",
            "created_at": "1970-01-01T00:00:00Z",
            "drawn_at": "1970-01-01T00:00:00Z",
        });
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        assert_eq!(golden(&feed, keys).ok(), Some(expected));
    }
}
