//! Who did what, when, from where, and what changed: one entry in every transaction. Entries are only ever
//! added; what they tell of somebody who was erased goes by [`crate::erasure`] alone.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Actor, Error, Result,
    id::AuditId,
    page::{Page, PageRequest},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

pub use crate::changes::{Change, ERASED, Fields, HIDDEN, Operation};
use crate::{Index, Item, Key, Scope, TenantKeys, codec, item::Audit, meter, query::Span};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Timestamp,
    pub actor: Actor,
    /// The use case: `issue_invoice`.
    pub act: String,
    /// The id of what it was done to.
    pub object: String,
    /// The items that changed.
    #[serde(default, with = "crate::codec::as_text")]
    pub changed: Vec<Change>,
    /// How many further fields changed, for which there was no room.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: u64,
    #[serde(default)]
    pub request_id: Option<String>,
    #[serde(default)]
    pub user_agent: Option<String>,
    /// The entry that tells why values of this one were erased.
    #[serde(default)]
    pub redacted_by: Option<AuditId>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The request that an act came with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub request_id: Option<String>,
    pub user_agent: Option<String>,
}

impl Item for AuditEntry {
    const TYPE: &'static str = "audit";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.audit(month(self.at), self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_audit_of(&self.object, self.id))
    }
}

/// The month under which an entry is stored.
pub(crate) fn month(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date().first_of_month()
}

/// A part of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditLog {
    /// A month of somebody's calendar.
    Month { from: Timestamp, until: Timestamp },
    /// What was done to one object, whenever.
    Object(String),
}

impl AuditLog {
    /// The month of a day, in a time zone.
    pub fn month(day: Date, zone: &TimeZone) -> Result<Self> {
        let first = day.first_of_month();
        let next = first.last_of_month().tomorrow().map_err(Error::internal)?;
        let start = |day: Date| day.to_zoned(zone.clone()).map(|start| start.timestamp()).map_err(Error::internal);
        Ok(Self::Month { from: start(first)?, until: start(next)? })
    }

    /// The parts to read, the newest first: a month of a calendar reaches into two of those that are stored.
    fn spans(&self, keys: TenantKeys, before: Option<AuditId>) -> (Option<Span>, Option<Span>) {
        let at = |at: Timestamp| AuditId::new(at, 0).ulid();
        let before = before.map(AuditId::ulid);
        match self {
            Self::Object(object) => (Span::of_list(&keys.audit_of(object), Ulid(0), before), None),
            Self::Month { from, until } => {
                let end = at(*until).min(before.unwrap_or(Ulid(u128::MAX)));
                let newest =
                    Timestamp::from_millisecond(Ulid(end.0.saturating_sub(1)).timestamp_ms() as i64).unwrap_or(*until);
                let span = |month: Date| Span::of_collection(&keys.audit_month(month), at(*from), Some(end));
                let (newest, oldest) = (month(newest), month(*from));
                (span(newest), (oldest < newest).then(|| span(oldest)).flatten())
            }
        }
    }
}

/// How many entries are looked through for one page of those that are wanted.
const EXAMINED_MAX: u16 = 500;

impl Scope {
    /// A page of the log, the newest first. With `wanted` it may have fewer entries than its limit, even none, and
    /// still be followed by others: so many are looked through in one round trip.
    pub async fn audit_log(
        &self,
        log: &AuditLog,
        page: &PageRequest,
        wanted: Option<&(dyn Fn(&AuditEntry) -> bool + Sync)>,
    ) -> Result<Page<AuditEntry>> {
        let before = match &page.cursor {
            Some(cursor) => Some(cursor.parse().map_err(|_| Error::Malformed { detail: "unknown cursor".into() })?),
            None => None,
        };
        let examined_max = if wanted.is_some() { EXAMINED_MAX.max(page.limit) } else { page.limit };
        let (newer, older) = log.spans(self.keys(), before);
        let read = async |span: Option<Span>| match span {
            Some(span) => self.table().query_span(&span, i32::from(examined_max)).await,
            None => Ok((Vec::new(), false)),
        };
        let (newer, older) = meter::side_by_side(read(newer), read(older)).await;
        let ((mut found, mut is_followed), (older, older_is_followed)) = (newer?, older?);
        if !is_followed {
            found.extend(older);
            is_followed = older_is_followed;
        }
        let mut items = Vec::new();
        let mut examined = None;
        let mut found = found.iter().peekable();
        while let Some(attributes) = found.next() {
            let entry = codec::decode::<AuditEntry>(attributes)?.value;
            examined = Some(entry.id);
            if wanted.is_none_or(|wanted| wanted(&entry)) {
                items.push(entry);
            }
            if items.len() == usize::from(page.limit) {
                is_followed |= found.peek().is_some();
                break;
            }
        }
        let next_cursor = examined.filter(|_| is_followed).map(|id| id.to_string());
        Ok(Page { items, next_cursor })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::id::{OrganizationId, UserId};
    use serde_json::json;

    use super::*;
    use crate::item::golden;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn an_entry_as_it_is_stored() {
        let change = Change {
            item: "company".into(),
            operation: Operation::Update,
            id: Some("com_00000000000000000000000003".into()),
            label: Some("La Poste".into()),
            before: Fields::new(),
            after: Fields::from([("email".into(), "a@b.fr".into())]),
            named_only: Vec::new(),
        };
        let entry = AuditEntry {
            id: AuditId::from_ulid(Ulid(2)),
            at: "2026-11-30T23:30:00Z".parse().expect("an instant"),
            actor: Actor::User { id: UserId::from_ulid(Ulid(4)), name: "Camille".into(), address: None },
            act: "edit_company".into(),
            object: "com_00000000000000000000000003".into(),
            changed: vec![change],
            omitted: 0,
            request_id: Some("R".into()),
            user_agent: None,
            redacted_by: None,
        };
        let changed = concat!(
            r#"[{"type":"company","operation":"update","id":"com_00000000000000000000000003","label":"La Poste","#,
            r#""after":{"email":"a@b.fr"}}]"#,
        );
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#AUDIT#2026-11",
            "sk": "00000000000000000000000002",
            "gsi1pk": "ORG#00000000000000000000000001#AUDIT_OF#com_00000000000000000000000003",
            "gsi1sk": "00000000000000000000000002",
            "type": "audit",
            "v": 1,
            "id": "aud_00000000000000000000000002",
            "at": "2026-11-30T23:30:00Z",
            "actor": { "kind": "user", "id": "usr_00000000000000000000000004", "name": "Camille" },
            "act": "edit_company",
            "object": "com_00000000000000000000000003",
            "changed": changed,
            "request_id": "R",
        });
        assert_eq!(golden(&entry, KEYS).ok(), Some(expected));
    }

    #[test]
    fn a_month_of_paris_is_read_from_two_stored_months() {
        let paris = TimeZone::get("Europe/Paris").expect("a zone");
        let log = AuditLog::month(date(2026, 11, 22), &paris).expect("a month");
        let AuditLog::Month { from, until } = &log else { panic!("a month") };
        assert_eq!(
            (from.to_string().as_str(), until.to_string().as_str()),
            ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z")
        );
        let months = |before: Option<&str>| {
            let before = before.map(|at| AuditId::new(at.parse().expect("an instant"), 0));
            let (newer, older) = log.spans(KEYS, before);
            [newer, older].map(|span| span.map(|span| span.pk.rsplit('#').next().unwrap_or_default().to_owned()))
        };
        assert_eq!(months(None), [Some("2026-11".into()), Some("2026-10".into())]);
        assert_eq!(months(Some("2026-10-31T23:30:00Z")), [Some("2026-10".into()), None]);
        assert_eq!(months(Some("2026-10-01T00:00:00Z")), [None, None]);
    }
}
