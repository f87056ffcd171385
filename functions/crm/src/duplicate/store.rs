//! The items: by what a record is recognised, its pairs, and the search through all.

use kernel::id::UserId;
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Duplicate, Identity, search::Search};
use crate::record::{Record, RecordKind};

/// The key of the record itself.
pub fn key(keys: TenantKeys, record: Record) -> Key {
    match record {
        Record::Company(id) => keys.company(id),
        Record::Contact(id) => keys.contact(id),
        Record::Opportunity(id) => keys.opportunity(id),
    }
}

/// As keys name a kind.
pub const fn of(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Company => "COMPANY",
        RecordKind::Contact => "CONTACT",
        RecordKind::Opportunity => "OPPORTUNITY",
    }
}

pub const OPEN: &str = "OPEN";
pub const DISMISSED: &str = "DISMISSED";

impl Item for Identity {
    const TYPE: &'static str = "identity";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.identity(&key(keys, self.record), self.way.key())
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let (record, sign) = (key(keys, self.record), self.way.sign().name());
        Some(keys.in_identities(of(self.record.kind()), sign, &self.value, &record, self.way.key()))
    }
}

impl Item for Duplicate {
    const TYPE: &'static str = "duplicate";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.duplicate(&key(keys, self.record), self.other.ulid())
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let state = if self.dismissed_at.is_some() { DISMISSED } else { OPEN };
        let strength = self.signs.first().map_or(u8::MAX, |sign| sign.strength());
        let (record, other) = (key(keys, self.record), self.other.ulid());
        self.is_listed().then(|| keys.in_duplicates(of(self.record.kind()), state, strength, &record, other))
    }

    /// In the part of a member's list only if both are theirs.
    fn assigned_to(&self) -> Option<UserId> {
        self.subject.assigned_to.filter(|user| self.other_subject.assigned_to == Some(*user))
    }
}

impl Item for Search {
    const TYPE: &'static str = "duplicate_search";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.duplicate_search()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{ContactId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::duplicate::{Sign, Subject, model::Way, search::Place};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn subject(name: &str) -> Subject {
        Subject { name: name.into(), detail: None, assigned_to: Some(UserId::from_ulid(Ulid(4))) }
    }

    fn contact(number: u128) -> Record {
        Record::Contact(ContactId::from_ulid(Ulid(number)))
    }

    #[test]
    fn an_identity_as_it_is_stored() {
        let identity = Identity {
            record: contact(3),
            way: Way::Mobile,
            value: "+33612345678".into(),
            subject: subject("Zoé Durand"),
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000003",
            "sk": "IDENTITY#MOBILE",
            "gsi1pk": "ORG#00000000000000000000000001#IDENTITIES#CONTACT#phone#+33612345678",
            "gsi1sk": "00000000000000000000000003#MOBILE",
            "type": "identity",
            "v": 1,
            "record": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "way": "mobile",
            "value": "+33612345678",
            "name": "Zoé Durand",
            "assigned_to": "usr_00000000000000000000000004",
        });
        assert_eq!(golden(&identity, KEYS).ok(), Some(expected));
    }

    #[test]
    fn a_pair_as_it_is_stored() {
        let pair = Duplicate {
            record: contact(3),
            subject: subject("Zoé Durand"),
            other: contact(5),
            other_subject: subject("Zoe Durand"),
            signs: vec![Sign::Email, Sign::Name],
            found_at: Timestamp::UNIX_EPOCH,
            dismissed_at: None,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000003",
            "sk": "DUPLICATE#00000000000000000000000005",
            "gsi1pk": "ORG#00000000000000000000000001#DUPLICATES#CONTACT#OPEN",
            "gsi1sk": "2#00000000000000000000000003#00000000000000000000000005",
            "gsi3pk": "ORG#00000000000000000000000001#DUPLICATES#CONTACT#OPEN#OF#00000000000000000000000004",
            "gsi3sk": "2#00000000000000000000000003#00000000000000000000000005",
            "type": "duplicate",
            "v": 1,
            "record": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "subject": { "name": "Zoé Durand", "assigned_to": "usr_00000000000000000000000004" },
            "other": { "kind": "contact", "id": "con_00000000000000000000000005" },
            "other_subject": { "name": "Zoe Durand", "assigned_to": "usr_00000000000000000000000004" },
            "signs": ["email", "name"],
            "found_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&pair, KEYS).ok(), Some(expected));
        let turned = golden(&pair.turned(), KEYS).unwrap();
        assert_eq!(turned.get("gsi1pk"), None, "a pair is listed once");
    }

    #[test]
    fn a_search_as_it_is_stored() {
        let search = Search {
            place: Some(Place { kind: RecordKind::Contact, cursor: Some("abc".into()) }),
            looked_at: 25,
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CRM",
            "sk": "DUPLICATE_SEARCH",
            "type": "duplicate_search",
            "v": 1,
            "place": { "kind": "contact", "cursor": "abc" },
            "looked_at": 25,
            "started_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&search, KEYS).ok(), Some(expected));
    }
}
