//! Exports: of everything that an organization has, and of all that there is on one person (RGPD art. 15 and 20). Those of
//! a person are asked for by the context that knows the person, and written by the worker of organizations, which reaches
//! everything. One item for all of one kind, so that of two who ask at the same time one is refused.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Result,
    event::Person,
    export::{Export, Exports, Requester},
    id::{ExportId, UploadId},
};
use serde::{Deserialize, Serialize};

use crate::{Audit, Index, Item, Key, TenantKeys, erasure::Traces};

/// Of an organization.
impl Item for Exports {
    const TYPE: &'static str = "exports";
    /// Each act names the export that it is about.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.exports()
    }
}

/// How long it is known which were asked for; the log knows it for ever.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonExports {
    pub of: Person,
    pub exports: Exports,
    /// What is in each of them, beside what whoever may ask for one may see.
    pub parts: BTreeMap<ExportId, Parts>,
    /// By what the person is found, until it was.
    pub sought: Option<Sought>,
}

/// What is in an export only if who asked may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// Documents and what belongs to them.
    pub documents: bool,
    /// What the audit log tells.
    pub log: bool,
    /// Files of a record that are for their author and for who administers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// The file of an employee: what they earn, what is noted of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hr: bool,
}

impl Parts {
    /// Whether somebody who may see these may have a file with those that are in it.
    pub const fn allow(self, needed: Self) -> bool {
        (self.documents || !needed.documents)
            && (self.log || !needed.log)
            && (self.private || !needed.private)
            && (self.hr || !needed.hr)
    }
}

/// What only the context that knows a person can say of them.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sought {
    pub traces: Traces,
    pub portrait: Option<UploadId>,
    /// What accounts alone may read, as JSON text by the name of its file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<String, String>,
}

impl std::fmt::Debug for Sought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sought")
    }
}

impl PersonExports {
    pub fn none(of: Person) -> Self {
        Self { of, exports: Exports::default(), parts: BTreeMap::new(), sought: None }
    }

    /// With another one: one at a time, and some a day.
    pub fn requested(&self, id: ExportId, by: Requester, parts: Parts, sought: Sought, now: Timestamp) -> Result<Self> {
        let exports = self.exports.requested(id, by, now)?;
        let mut all = self.parts.clone();
        all.insert(id, parts);
        all.retain(|id, _| exports.find(*id).is_some());
        Ok(Self { of: self.of, exports, parts: all, sought: Some(sought) })
    }

    /// None where there is nothing to prepare: it is ready, or forgotten.
    pub fn prepared(&self, id: ExportId, now: Timestamp) -> Option<Self> {
        Some(Self { exports: self.exports.prepared(id, now)?, ..self.clone() })
    }

    /// None where somebody else was faster. By what they are found is forgotten, unless a later one still has to find them:
    /// this one had been given up.
    pub fn finished(&self, id: ExportId, bytes: u64, now: Timestamp) -> Option<Self> {
        let exports = self.exports.finished(id, bytes, now)?;
        let sought = self.sought.clone().filter(|_| exports.is_under_way(now));
        Some(Self { exports, sought, ..self.clone() })
    }

    pub fn find(&self, id: ExportId) -> Option<(&Export, Parts)> {
        Some((self.exports.find(id)?, *self.parts.get(&id)?))
    }
}

impl Item for PersonExports {
    const TYPE: &'static str = "person_exports";
    /// Each act names the person.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.person_exports(self.of)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_person_exports(self.of))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        let newest = self.exports.recent.first()?;
        newest.requested_at.checked_add(REMEMBERED).ok()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{
        Error,
        error::Conflict,
        id::{ContactId, OrganizationId, UserId},
    };
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::item::golden;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
    const ID: ExportId = ExportId::from_ulid(Ulid(3));
    const PARTS: Parts = Parts { documents: true, log: false, private: false, hr: false };

    #[test]
    fn a_file_is_for_who_may_see_all_that_is_in_it() {
        let nothing = Parts { documents: false, ..PARTS };
        let hr = Parts { hr: true, ..PARTS };
        assert!(PARTS.allow(nothing) && PARTS.allow(PARTS) && hr.allow(PARTS) && hr.allow(hr));
        for needed in [hr, Parts { log: true, ..PARTS }, Parts { private: true, ..PARTS }] {
            assert!(!PARTS.allow(needed), "{needed:?}");
        }
        // Of before there were files of employees.
        let old: Parts = serde_json::from_value(json!({ "documents": true, "log": false })).unwrap();
        assert_eq!(old, PARTS);
    }

    fn by() -> Requester {
        let (user, name, email) = (UserId::from_ulid(Ulid(2)), "Camille".to_owned(), "c@a.example".to_owned());
        Requester { user, name, email, platform: false }
    }

    fn export(progress: &serde_json::Value) -> serde_json::Value {
        json!({
            "id": "exp_00000000000000000000000003", "requested_at": "1970-01-01T00:00:00Z",
            "requested_by": {
                "user": "usr_00000000000000000000000002", "name": "Camille", "email": "c@a.example", "platform": false,
            },
            "progress": progress,
        })
    }

    fn ready() -> serde_json::Value {
        let (at, expires_at) = ("1970-01-01T00:00:00Z", "1970-01-08T00:00:00Z");
        json!({ "state": "ready", "at": at, "bytes": 7, "expires_at": expires_at })
    }

    #[test]
    fn exports_of_an_organization_as_they_are_stored() {
        let exports = Exports::default().requested(ID, by(), Timestamp::UNIX_EPOCH).unwrap();
        let exports = exports.finished(ID, 7, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(
            golden(&exports, KEYS).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#ORGANIZATION", "sk": "EXPORTS", "type": "exports", "v": 1,
                "recent": [export(&ready())],
            })
        );
    }

    #[test]
    fn exports_of_a_person_as_they_are_stored_and_without_any_name_once_one_is_ready() {
        let traces = Traces { names: vec!["Zoé Durand".into()], ..Traces::default() };
        let sought = Sought { traces, ..Sought::default() };
        let none = PersonExports::none(Person::Contact(ContactId::from_ulid(Ulid(4))));
        let asked = none.requested(ID, by(), PARTS, sought, Timestamp::UNIX_EPOCH).unwrap();
        let mut expected = json!({
            "pk": "ORG#00000000000000000000000001#PERSON#00000000000000000000000004", "sk": "EXPORTS#contact",
            "gsi1pk": "ORG#00000000000000000000000001#PERSON_EXPORTS",
            "gsi1sk": "00000000000000000000000004#contact",
            "type": "person_exports", "v": 1, "ttl": 30 * 24 * 60 * 60,
            "of": { "kind": "contact", "id": "con_00000000000000000000000004" },
            "exports": { "recent": [export(&json!({ "state": "requested" }))] },
            "parts": { "exp_00000000000000000000000003": { "documents": true, "log": false } },
            "sought": { "traces": { "names": ["Zoé Durand"], "emails": [], "companies": [] } },
        });
        assert_eq!(golden(&asked, KEYS).unwrap(), expected);
        let done = asked.finished(ID, 7, Timestamp::UNIX_EPOCH).unwrap();
        expected["exports"] = json!({ "recent": [export(&ready())] });
        expected.as_object_mut().unwrap().remove("sought");
        assert_eq!(golden(&done, KEYS).unwrap(), expected);
    }

    #[test]
    fn one_that_was_given_up_and_ends_late_leaves_the_next_what_it_needs() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let next = ExportId::from_ulid(Ulid(5));
        let all = PersonExports::none(Person::User(UserId::from_ulid(Ulid(4))));
        let all = all.requested(ID, by(), PARTS, Sought::default(), at(0)).unwrap();
        let all = all.requested(next, by(), PARTS, Sought::default(), at(7)).unwrap();
        let all = all.finished(ID, 1, at(7)).unwrap();
        assert!(all.sought.is_some());
        assert!(all.finished(next, 1, at(8)).unwrap().sought.is_none());
    }

    #[test]
    fn one_at_a_time_and_only_what_is_remembered() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let mut all = PersonExports::none(Person::User(UserId::from_ulid(Ulid(4))));
        for n in 0..12_u32 {
            let id = ExportId::from_ulid(Ulid(u128::from(n)));
            let hour = i64::from(n) * 24;
            all = all.requested(id, by(), PARTS, Sought::default(), at(hour)).unwrap();
            let again = all.requested(ID, by(), PARTS, Sought::default(), at(hour));
            assert!(matches!(again, Err(Error::Conflict(Conflict::ExportUnderWay))));
            all = all.finished(id, 1, at(hour)).unwrap();
        }
        assert_eq!(all.parts.len(), all.exports.recent.len());
        assert_eq!(all.find(ExportId::from_ulid(Ulid(11))).map(|(_, parts)| parts), Some(PARTS));
        assert_eq!(all.find(ExportId::from_ulid(Ulid(0))), None);
    }
}
