//! The items, beside what their member is told.

use jiff::Timestamp;
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Socket, Ticket};

impl Item for Ticket {
    const TYPE: &'static str = "socket_ticket";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.socket_ticket(self.user, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Item for Socket {
    const TYPE: &'static str = "socket";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.socket(self.user, &self.connection)
    }

    /// Among those of everybody, who hear that figures changed.
    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_open_pages(self.user, &self.connection))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_ticket_and_a_page_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let (user, expires_at) = (UserId::from_ulid(Ulid(2)), Timestamp::UNIX_EPOCH);
        let ticket = Ticket { user, hash: "abc".into(), expires_at };
        assert_eq!(
            golden(&ticket, keys).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#NOTIFICATIONS#00000000000000000000000002",
                "sk": "TICKET#abc", "type": "socket_ticket", "v": 1, "ttl": 0,
                "user": "usr_00000000000000000000000002", "hash": "abc", "expires_at": "1970-01-01T00:00:00Z",
            })
        );
        let socket = Socket { user, connection: "eBjN=".into(), expires_at };
        assert_eq!(
            golden(&socket, keys).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#NOTIFICATIONS#00000000000000000000000002",
                "sk": "SOCKET#eBjN=",
                "gsi1pk": "ORG#00000000000000000000000001#SOCKETS",
                "gsi1sk": "00000000000000000000000002#eBjN=",
                "type": "socket", "v": 1, "ttl": 0,
                "user": "usr_00000000000000000000000002", "connection": "eBjN=", "expires_at": "1970-01-01T00:00:00Z",
            })
        );
    }
}
