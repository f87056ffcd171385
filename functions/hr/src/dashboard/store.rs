//! An interview's item, beside its employee, in the list of all.

use table::{Audit, Index, Item, Key, TenantKeys};

use super::Interview;

impl Item for Interview {
    const TYPE: &'static str = "interview";
    const AUDIT: Audit = Audit::Masked(&["note", "on", "is_summary"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.interview(self.employee, self.on)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_interviews(self.employee, self.on))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use kernel::id::{EmployeeId, OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn an_interview_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let interview = Interview {
            employee: EmployeeId::from_ulid(Ulid(5)),
            on: date(2026, 10, 1),
            is_summary: false,
            note: Some("Souhaite se former.".into()),
            by: UserId::from_ulid(Ulid(4)),
            recorded_at: Timestamp::UNIX_EPOCH,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "INTERVIEW#2026-10-01",
            "gsi1pk": "ORG#00000000000000000000000001#INTERVIEWS",
            "gsi1sk": "00000000000000000000000005#2026-10-01",
            "type": "interview",
            "v": 1,
            "employee": "emp_00000000000000000000000005",
            "on": "2026-10-01",
            "is_summary": false,
            "note": "Souhaite se former.",
            "by": "usr_00000000000000000000000004",
            "recorded_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&interview, keys).ok(), Some(expected));
    }
}
