//! The items of a merge.

use jiff::{SignedDuration, Timestamp};
use kernel::id::UserId;
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Merge, MergeInto, Merged, Moved};
use crate::duplicate::key;

/// The table forgets within two days of it.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

impl Item for Merge {
    const TYPE: &'static str = "merge";
    /// The log tells of the records themselves.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.merge(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_merges(self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.undoable_until().saturating_add(MARGIN).ok()
    }
}

impl Item for Moved {
    const TYPE: &'static str = "moved";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.moved(self.merge, self.kind.key(), self.record.ulid())
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at.saturating_add(MARGIN).ok()
    }
}

impl Item for Merged {
    const TYPE: &'static str = "merged";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.merged(&key(keys, self.record))
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_merged_records(&key(keys, self.record)))
    }
}

impl Item for MergeInto {
    const TYPE: &'static str = "merge_into";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.merge_into(&key(keys, self.record), self.merge)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{ContactId, MergeId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{
        contact::{Civility, Contact, Filing, Person},
        merge::{Copies, FormerPlace, MovedKind, State, Thing},
        record::Record,
    };

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
    const MERGE: MergeId = MergeId::from_ulid(Ulid(9));

    fn contact(number: u128) -> Contact {
        let person = Person {
            civility: Civility::None,
            first_name: None,
            last_name: "Durand".into(),
            job_title: None,
            email: None,
            phone: None,
            mobile: None,
            notes: None,
            department: None,
            address: None,
        };
        Contact {
            id: ContactId::from_ulid(Ulid(number)),
            company: None,
            person,
            assigned_to: None,
            created_at: Timestamp::UNIX_EPOCH,
            kept: None,
            filing: Filing::default(),
            former: Vec::new(),
        }
    }

    #[test]
    fn a_merge_as_it_is_stored_and_read_again() {
        let [loser, winner] = [3, 2].map(contact);
        let merge = Merge {
            id: MERGE,
            loser: Record::Contact(loser.id),
            loser_name: "Durand".into(),
            winner: Record::Contact(winner.id),
            winner_name: "Durand".into(),
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            created_at: Timestamp::UNIX_EPOCH,
            state: State::Done { at: Timestamp::UNIX_EPOCH },
            moved: 0,
            copies: Copies::Contact { loser: loser.into(), before: winner.clone().into(), after: winner.into() },
        };
        let copy = |id: &str| {
            json!({
                "id": id,
                "person": { "civility": "none", "last_name": "Durand" },
                "created_at": "1970-01-01T00:00:00Z",
            })
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#MERGE#00000000000000000000000009",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#MERGES",
            "gsi1sk": "00000000000000000000000009",
            "gsi3pk": "ORG#00000000000000000000000001#MERGES#OF#00000000000000000000000004",
            "gsi3sk": "00000000000000000000000009",
            "type": "merge",
            "v": 1,
            "ttl": 2_595_600,
            "id": "mrg_00000000000000000000000009",
            "loser": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "loser_name": "Durand",
            "winner": { "kind": "contact", "id": "con_00000000000000000000000002" },
            "winner_name": "Durand",
            "assigned_to": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
            "state": { "state": "done", "at": "1970-01-01T00:00:00Z" },
            "moved": 0,
            "copies": {
                "kind": "contact",
                "loser": copy("con_00000000000000000000000003"),
                "before": copy("con_00000000000000000000000002"),
                "after": copy("con_00000000000000000000000002"),
            },
        });
        let stored = golden(&merge, KEYS).unwrap();
        assert_eq!(stored, expected);
        assert_eq!(serde_json::from_value::<Merge>(stored).unwrap(), merge);
    }

    #[test]
    fn what_stands_around_it_as_it_is_stored() {
        let [loser, winner] = [3, 2].map(|number| Record::Contact(ContactId::from_ulid(Ulid(number))));
        let moved = Moved {
            merge: MERGE,
            kind: MovedKind::Contact,
            record: Thing::Contact(ContactId::from_ulid(Ulid(3))),
            former: Vec::new(),
            expires_at: Timestamp::UNIX_EPOCH,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#MERGE#00000000000000000000000009",
            "sk": "MOVED#CONTACT#00000000000000000000000003",
            "type": "moved",
            "v": 1,
            "ttl": 3_600,
            "merge": "mrg_00000000000000000000000009",
            "kind": "contact",
            "record": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "expires_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&moved, KEYS).ok(), Some(expected));
        let former = vec![FormerPlace { behind: 1, until: jiff::civil::date(2026, 11, 30) }];
        let stored = golden(&Moved { kind: MovedKind::Former, former, ..moved.clone() }, KEYS).unwrap();
        assert_eq!(stored["sk"], "MOVED#FORMER#00000000000000000000000003");
        assert_eq!(stored["former"], json!([{ "behind": 1, "until": "2026-11-30" }]));
        let record = Thing::Activity(kernel::id::ActivityId::from_ulid(Ulid(7)));
        let stored = golden(&Moved { kind: MovedKind::Activity, record, ..moved }, KEYS).unwrap();
        assert_eq!(stored["record"], json!({ "kind": "activity", "id": "act_00000000000000000000000007" }));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000003",
            "sk": "MERGED",
            "gsi1pk": "ORG#00000000000000000000000001#MERGED_RECORDS",
            "gsi1sk": "00000000000000000000000003",
            "type": "merged",
            "v": 1,
            "record": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "into": { "kind": "contact", "id": "con_00000000000000000000000002" },
            "merge": "mrg_00000000000000000000000009",
        });
        assert_eq!(golden(&Merged { record: loser, into: winner, merge: MERGE }, KEYS).ok(), Some(expected));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000002",
            "sk": "MERGE#00000000000000000000000009",
            "type": "merge_into",
            "v": 1,
            "record": { "kind": "contact", "id": "con_00000000000000000000000002" },
            "merge": "mrg_00000000000000000000000009",
            "loser": { "kind": "contact", "id": "con_00000000000000000000000003" },
        });
        assert_eq!(golden(&MergeInto { record: winner, merge: MERGE, loser }, KEYS).ok(), Some(expected));
    }
}
