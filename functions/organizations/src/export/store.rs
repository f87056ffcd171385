//! The item of exports: one for all of them, so that of two who ask at the same time one is refused.

use table::{Audit, Item, Key, TenantKeys};

use super::Exports;

impl Item for Exports {
    const TYPE: &'static str = "exports";
    /// Each act names the export that it is about.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.exports()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{ExportId, OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::export::Requester;

    #[test]
    fn exports_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let (user, name, email) = (UserId::from_ulid(Ulid(2)), "Camille".to_owned(), "c@a.example".to_owned());
        let by = Requester { user, name, email, platform: false };
        let id = ExportId::from_ulid(Ulid(3));
        let exports = Exports::default().requested(id, by, Timestamp::UNIX_EPOCH).unwrap();
        let exports = exports.finished(id, 7, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(
            golden(&exports, keys).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#ORGANIZATION", "sk": "EXPORTS", "type": "exports", "v": 1,
                "recent": [{
                    "id": "exp_00000000000000000000000003", "requested_at": "1970-01-01T00:00:00Z",
                    "requested_by": {
                        "user": "usr_00000000000000000000000002", "name": "Camille", "email": "c@a.example",
                        "platform": false,
                    },
                    "progress": {
                        "state": "ready", "at": "1970-01-01T00:00:00Z", "bytes": 7,
                        "expires_at": "1970-01-08T00:00:00Z",
                    },
                }],
            })
        );
    }
}
