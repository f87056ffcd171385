//! A document's item, beside the employee whose file it is of.

use kernel::event::DueKind;
use table::{Audit, Index, Item, Key, TenantKeys};

use super::Paper;

impl Item for Paper {
    const TYPE: &'static str = "paper";
    // Who may read the log may not read the files.
    const AUDIT: Audit = Audit::Masked(&[
        "kind",
        "title",
        "is_confidential",
        "is_shared",
        "valid_from",
        "valid_until",
        "alert_on",
        "versions",
    ]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.paper(self.employee, self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        self.valid_until.map(|until| keys.in_expiring_papers(until, self.id))
    }

    /// By employee: all of theirs whose day came are looked at together.
    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.alert_on.map(|on| keys.due(on, DueKind::Papers, self.employee.ulid()))
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use crate::paper::model::tests::paper;

    use super::*;

    #[test]
    fn a_document_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "PAPER#00000000000000000000000006",
            "gsi1pk": "ORG#00000000000000000000000001#EXPIRING_PAPERS",
            "gsi1sk": "2027-03-01#00000000000000000000000006",
            "gsi2pk": "DUE#2026-12-31#5",
            "gsi2sk": "ORG#00000000000000000000000001#PAPERS#00000000000000000000000005",
            "type": "paper",
            "v": 1,
            "id": "pap_00000000000000000000000006",
            "employee": "emp_00000000000000000000000005",
            "kind": "id_document",
            "title": "Titre de séjour",
            "is_confidential": true,
            "is_shared": false,
            "valid_until": "2027-03-01",
            "alert_on": "2026-12-31",
            "author": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
            "versions": [{
                "upload": "upl_00000000000000000000000007",
                "kind": "pdf",
                "bytes": 7,
                "sha256": "ab",
                "author": "usr_00000000000000000000000004",
                "at": "1970-01-01T00:00:00Z",
            }],
        });
        assert_eq!(golden(&paper(), keys).ok(), Some(expected));
    }
}
