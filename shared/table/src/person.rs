//! Exports of all that there is on one person (RGPD art. 15 and 20): asked for by the context that knows the person, written
//! by the worker of organizations, which reaches everything. The last one is kept beside the person.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result,
    error::Conflict,
    export::Export,
    id::{ContactId, UploadId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::{Audit, Item, Key, TenantKeys, erasure::Traces, keys};

/// Who asked waits so long before they ask again.
const APART: SignedDuration = SignedDuration::from_hours(1);

/// Of a contact, by somebody of the organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactExport {
    pub contact: ContactId,
    pub export: Export,
    /// By what they are found elsewhere; none once the file is written.
    pub traces: Option<Traces>,
    /// Whether documents and their mails are in it: for who may see these.
    pub documents: bool,
    /// Whether what the audit log tells of them is in it: for who may see that.
    pub log: bool,
}

/// Of a user, by themselves.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountExport {
    pub user: UserId,
    pub export: Export,
    pub portrait: Option<UploadId>,
    /// What accounts alone may read, as JSON text without secrets; none once the file is written.
    pub own: Option<String>,
}

impl std::fmt::Debug for AccountExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccountExport({:?})", self.export)
    }
}

/// Whether another one may be asked for after the last.
pub fn may_follow(last: Option<&Export>, now: Timestamp) -> Result<()> {
    match last {
        Some(last) if last.standing(now).is_under_way() => Err(Error::Conflict(Conflict::ExportUnderWay)),
        Some(last) if now.duration_since(last.requested_at) < APART => Err(Error::Conflict(Conflict::ExportedLately)),
        _ => Ok(()),
    }
}

impl Item for ContactExport {
    const TYPE: &'static str = "contact_export";
    /// Each act names the contact.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.contact_export(self.contact)
    }
}

impl Item for AccountExport {
    const TYPE: &'static str = "account_export";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, _: TenantKeys) -> Key {
        keys::account_export(self.user)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{
        export::Requester,
        id::{ExportId, OrganizationId},
    };
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::item::golden;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn export() -> Export {
        let (user, name, email) = (UserId::from_ulid(Ulid(2)), "Camille".to_owned(), "c@a.example".to_owned());
        let by = Requester { user, name, email, platform: false };
        Export::new(ExportId::from_ulid(Ulid(3)), by, Timestamp::UNIX_EPOCH)
    }

    fn stored() -> serde_json::Value {
        json!({
            "id": "exp_00000000000000000000000003", "requested_at": "1970-01-01T00:00:00Z",
            "requested_by": {
                "user": "usr_00000000000000000000000002", "name": "Camille", "email": "c@a.example", "platform": false,
            },
            "progress": { "state": "requested" },
        })
    }

    #[test]
    fn exports_of_persons_as_they_are_stored() {
        let traces = Traces { names: vec!["Zoé Durand".into()], ..Traces::default() };
        let of_contact = ContactExport {
            contact: ContactId::from_ulid(Ulid(4)),
            export: export(),
            traces: Some(traces),
            documents: true,
            log: false,
        };
        assert_eq!(
            golden(&of_contact, KEYS).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000004", "sk": "EXPORT",
                "type": "contact_export", "v": 1, "contact": "con_00000000000000000000000004", "export": stored(),
                "traces": { "names": ["Zoé Durand"], "emails": [], "companies": [] }, "documents": true, "log": false,
            })
        );
        let of_account = AccountExport {
            user: UserId::from_ulid(Ulid(2)),
            export: export(),
            portrait: Some(UploadId::from_ulid(Ulid(5))),
            own: Some("{}".into()),
        };
        assert_eq!(
            golden(&of_account, KEYS).unwrap(),
            json!({
                "pk": "USER#00000000000000000000000002", "sk": "EXPORT", "type": "account_export", "v": 1,
                "user": "usr_00000000000000000000000002", "export": stored(),
                "portrait": "upl_00000000000000000000000005", "own": "{}",
            })
        );
    }

    #[test]
    fn another_follows_once_the_last_is_ready_and_an_hour_is_over() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        assert!(may_follow(None, at(0)).is_ok());
        let refused = |last: &Export, minutes| match may_follow(Some(last), at(minutes)) {
            Err(Error::Conflict(conflict)) => Some(conflict),
            _ => None,
        };
        assert_eq!(refused(&export(), 90), Some(Conflict::ExportUnderWay));
        let ready = export().finished(7, at(1)).unwrap();
        assert_eq!(refused(&ready, 59), Some(Conflict::ExportedLately));
        assert_eq!(refused(&ready, 60), None);
        // One that nobody finished holds nobody off for ever.
        assert_eq!(refused(&export(), 7 * 60), None);
    }
}
