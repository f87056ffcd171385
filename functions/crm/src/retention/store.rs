//! Where it stands: beside its contact or company, in a list by day.

use jiff::civil::Date;
use kernel::id::{ContactId, UserId};
use table::{Audit, Index, Item, Key, Patch, TenantKeys};

use super::{Retention, Subject};

impl Item for Retention {
    const TYPE: &'static str = "retention";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        match self.subject {
            Subject::Contact(id) => keys.contact_retention(id),
            Subject::Prospect(id) => keys.prospect_retention(id),
        }
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(match self.subject {
            Subject::Contact(id) => keys.in_contact_retentions(self.since, id),
            Subject::Prospect(id) => keys.in_prospect_retentions(self.since, id),
        })
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Retention {
    /// That something was done with a contact on this day, written without reading: the item must be there.
    pub fn touched(keys: TenantKeys, contact: ContactId, on: Date) -> Patch {
        let place = keys.in_contact_retentions(on, contact);
        Patch::of::<Self>(keys.contact_retention(contact)).set("since", &on.to_string()).at(&place)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{CompanyId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_contact_s_and_a_prospect_s_as_they_are_stored() {
        let contact = Retention {
            subject: Subject::Contact(ContactId::from_ulid(Ulid(3))),
            name: "Zoé Durand".into(),
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            since: jiff::civil::date(2026, 11, 25),
            reason: Some("Contrat en cours.".into()),
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000003",
            "sk": "RETENTION",
            "gsi1pk": "ORG#00000000000000000000000001#CONTACT_RETENTIONS",
            "gsi1sk": "2026-11-25#00000000000000000000000003",
            "gsi3pk": "ORG#00000000000000000000000001#CONTACT_RETENTIONS#OF#00000000000000000000000004",
            "gsi3sk": "2026-11-25#00000000000000000000000003",
            "type": "retention",
            "v": 1,
            "subject": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "name": "Zoé Durand",
            "assigned_to": "usr_00000000000000000000000004",
            "since": "2026-11-25",
            "reason": "Contrat en cours.",
        });
        assert_eq!(golden(&contact, KEYS).ok(), Some(expected));
        let subject = Subject::Prospect(CompanyId::from_ulid(Ulid(2)));
        let prospect = Retention { subject, assigned_to: None, reason: None, ..contact };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#COMPANY#00000000000000000000000002",
            "sk": "RETENTION",
            "gsi1pk": "ORG#00000000000000000000000001#PROSPECT_RETENTIONS",
            "gsi1sk": "2026-11-25#00000000000000000000000002",
            "type": "retention",
            "v": 1,
            "subject": { "kind": "prospect", "id": "com_00000000000000000000000002" },
            "name": "Zoé Durand",
            "since": "2026-11-25",
        });
        assert_eq!(golden(&prospect, KEYS).ok(), Some(expected));
    }
}
