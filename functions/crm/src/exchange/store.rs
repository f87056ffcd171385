//! The item of an export.

use jiff::Timestamp;
use kernel::id::UserId;
use table::{Audit, Index, Item, Key, TenantKeys};

use super::RecordExport;

impl Item for RecordExport {
    const TYPE: &'static str = "record_export";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.record_export(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_record_exports(self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        Some(self.by)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.kept_until())
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::exchange::model::tests::export;

    #[test]
    fn an_export_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#RECORD_EXPORT#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#RECORD_EXPORTS",
            "gsi1sk": "00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#RECORD_EXPORTS#OF#00000000000000000000000004",
            "gsi3sk": "00000000000000000000000002",
            "type": "record_export",
            "v": 1,
            "ttl": 604_800,
            "id": "exp_00000000000000000000000002",
            "of": "contact",
            "format": "csv",
            "query": "q=dup",
            "by": "usr_00000000000000000000000004",
            "by_name": "Camille",
            "requested_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&export(), keys).ok(), Some(expected));
    }
}
