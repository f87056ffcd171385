//! Somebody who was erased (RGPD art. 17), a contact or a client who is a private person: what the workers still need to
//! find them by, and how the audit log forgets what it told of them.
//!
//! Of an entry only values go: who did what, when and from where stays, and so does which fields changed. It names the
//! entry that redacted it, and that one names every entry that it redacted: the log shows where it was touched, and
//! by which act.

use jiff::Timestamp;
use kernel::{
    Result,
    event::Person,
    id::{AuditId, CompanyId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::{
    Audit, AuditEntry, Index, Item, Key, Scope, Stored, TenantKeys, Transaction,
    audit::{Change, ERASED, month},
    codec,
    query::Span,
};

/// What proves that somebody was erased. It knows by which names they are to be found until nothing is left to find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Erasure {
    pub of: Person,
    /// Who saw them where one sees only one's own records, and so sees this.
    pub assigned_to: Option<UserId>,
    pub requested_at: Timestamp,
    /// None once both walks are done.
    pub traces: Option<Traces>,
    /// How far invoicing has come.
    pub documents: Walk<DocumentsAt>,
    /// How far the audit log is redacted: before this entry it is not yet.
    pub log: Walk<AuditId>,
    /// How many issued documents name them, which the law keeps.
    pub documents_kept: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traces {
    /// As documents and mails name them, now or before.
    pub names: Vec<String>,
    pub emails: Vec<String>,
    /// What else documents have of a client: telephone, street.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Where they were or had been.
    pub companies: Vec<CompanyId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "at", rename_all = "snake_case")]
pub enum Walk<T> {
    At(T),
    Done,
}

/// The companies before this one are done, and of this one the documents up to `after`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsAt {
    pub company: usize,
    pub after: Option<String>,
}

impl Item for Erasure {
    const TYPE: &'static str = "erasure";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.erasure(self.of)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_erasures(self.of))
    }
}

impl Traces {
    pub fn names(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| self.names.iter().any(|known| known == name))
    }

    /// Whether a text is any of it.
    fn tell(&self, text: Option<&str>) -> bool {
        let is = |known: &String| text.is_some_and(|text| known.eq_ignore_ascii_case(text));
        self.names(text) || self.emails.iter().chain(&self.details).any(is)
    }
}

impl Erasure {
    pub fn new(of: Person, assigned_to: Option<UserId>, requested_at: Timestamp, traces: Traces) -> Self {
        let until = requested_at.saturating_add(jiff::SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
        let documents = if traces.companies.is_empty() { Walk::Done } else { Walk::At(DocumentsAt::default()) };
        let log = Walk::At(AuditId::new(until, 0));
        Self { of, assigned_to, requested_at, traces: Some(traces), documents, log, documents_kept: 0 }
    }

    pub fn is_done(&self) -> bool {
        self.traces.is_none()
    }

    pub fn with_documents(&self, documents: Walk<DocumentsAt>, kept: u32) -> Self {
        let documents_kept = self.documents_kept.saturating_add(kept);
        Self { documents, documents_kept, ..self.clone() }.settled()
    }

    fn with_log(&self, log: Walk<AuditId>) -> Self {
        Self { log, ..self.clone() }.settled()
    }

    /// Once there is nothing left to find, what it was to be found by goes too.
    fn settled(mut self) -> Self {
        if self.documents == Walk::Done && self.log == Walk::Done {
            self.traces = None;
        }
        self
    }
}

/// Items that belong to a person's record, and of which acts upon it tell.
const BESIDE: [&str; 1] = ["attached_file"];

impl AuditEntry {
    /// The entry without what it tells of somebody; none where it tells nothing.
    fn without(&self, of: Person, traces: &Traces, by: AuditId) -> Option<Self> {
        let item = if matches!(of, Person::Client(_)) { "company" } else { "contact" };
        let is_theirs = |change: &Change| {
            change.item == item
                && change.id.as_ref().is_some_and(|id| *id == of.to_string() || *id == of.ulid().to_string())
        };
        // A file's name may tell who it is about.
        let is_beside = |change: &Change| self.object == of.to_string() && BESIDE.contains(&change.item.as_str());
        let mut changed = self.changed.clone();
        for change in &mut changed {
            let own = is_theirs(change) || is_beside(change);
            for (path, value) in change.before.iter_mut().chain(change.after.iter_mut()) {
                let told = if own { path != "id" && !value.is_null() } else { traces.tell(value.as_str()) };
                if told {
                    *value = ERASED.into();
                }
            }
            if change.label.is_some() && (own || traces.names(change.label.as_deref())) {
                change.label = Some(ERASED.into());
            }
        }
        (changed != self.changed).then(|| Self { changed, redacted_by: Some(by), ..self.clone() })
    }
}

/// How many entries one transaction redacts: with its own and the erasure, below what DynamoDB takes.
const REDACTED_MAX: usize = 90;
const READ_AT_ONCE: i32 = 200;
/// How many readings lead to one note of how far it has come.
const READINGS_MAX: usize = 20;

/// Entries that tell of somebody, and where to go on.
struct Found {
    entries: Vec<(Stored<AuditEntry>, AuditEntry)>,
    log: Walk<AuditId>,
}

impl Scope {
    /// Removes from the log what it tells of somebody who was erased, from where it was left; done twice, or by two at
    /// once, it changes nothing more. `begin` names the act.
    pub async fn redact_log(&self, of: Person, begin: impl Fn() -> Transaction + Send + Sync) -> Result<()> {
        loop {
            let is_over = self
                .write(|| async {
                    let mut transaction = begin();
                    let read = self.get::<Erasure>(&self.keys().erasure(of)).await?;
                    let open = read.as_ref().and_then(|read| match (&read.log, &read.traces) {
                        (Walk::At(before), Some(traces)) => Some((read, *before, traces)),
                        _ => None,
                    });
                    let (Some((read, before, traces)), Some(by)) = (open, transaction.entry_id()) else {
                        return Ok((transaction.nothing(), true));
                    };
                    let Found { entries, log } = self.telling(of, traces, before, by).await?;
                    let is_over = log == Walk::Done;
                    for (stored, redacted) in &entries {
                        transaction.update(stored, redacted);
                    }
                    let ids: Vec<AuditId> = entries.iter().map(|(stored, _)| stored.id).collect();
                    transaction.tell_redacted(&ids);
                    transaction.update(read, &read.with_log(log));
                    Ok((transaction, is_over))
                })
                .await?;
            if is_over {
                return Ok(());
            }
        }
    }

    /// Looks through the log from `before` on, back to when they were added.
    async fn telling(&self, of: Person, traces: &Traces, before: AuditId, by: AuditId) -> Result<Found> {
        let began = of.given_at();
        let mut before = before;
        let mut entries = Vec::new();
        for _ in 0..READINGS_MAX {
            let at = Timestamp::from_millisecond(before.ulid().timestamp_ms().saturating_sub(1) as i64)
                .unwrap_or(Timestamp::UNIX_EPOCH);
            let collection = self.keys().audit_month(month(at));
            let from = AuditId::new(began, 0).ulid();
            let (found, is_followed) = match Span::of_collection(&collection, from, Some(before.ulid())) {
                Some(span) => self.table().query_span(&span, READ_AT_ONCE).await?,
                None => (Vec::new(), false),
            };
            for attributes in &found {
                let stored = codec::decode::<AuditEntry>(attributes)?;
                before = stored.id;
                if let Some(redacted) = stored.without(of, traces, by) {
                    entries.push((stored, redacted));
                }
                if entries.len() == REDACTED_MAX {
                    return Ok(Found { entries, log: Walk::At(before) });
                }
            }
            if !is_followed {
                let first = month(at);
                if first <= month(began) {
                    return Ok(Found { entries, log: Walk::Done });
                }
                let start = first.to_zoned(jiff::tz::TimeZone::UTC).map_err(kernel::Error::internal)?.timestamp();
                before = AuditId::new(start, 0);
            }
        }
        Ok(Found { entries, log: Walk::At(before) })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{
        Actor,
        id::{ContactId, OrganizationId},
    };
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::{
        audit::{Fields, Operation},
        item::golden,
    };

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
    const CONTACT: ContactId = ContactId::from_ulid(Ulid(3));
    const OF: Person = Person::Contact(CONTACT);

    fn traces() -> Traces {
        Traces {
            names: vec!["Zoé Durand".into()],
            emails: vec!["zoe@dupre.example".into()],
            companies: vec![CompanyId::from_ulid(Ulid(2))],
            ..Traces::default()
        }
    }

    #[test]
    fn an_erasure_as_it_is_stored_and_without_any_name_once_it_is_done() {
        let erasure = Erasure::new(OF, None, Timestamp::UNIX_EPOCH, traces());
        let stored = golden(&erasure, KEYS).unwrap();
        assert_eq!(
            stored,
            json!({
                "pk": "ORG#00000000000000000000000001#ERASURE#00000000000000000000000003", "sk": "META",
                "gsi1pk": "ORG#00000000000000000000000001#ERASURES", "gsi1sk": "00000000000000000000000003",
                "type": "erasure", "v": 1, "of": { "kind": "contact", "id": "con_00000000000000000000000003" },
                "requested_at": "1970-01-01T00:00:00Z",
                "traces": { "names": ["Zoé Durand"], "emails": ["zoe@dupre.example"],
                    "companies": ["com_00000000000000000000000002"] },
                "documents": { "state": "at", "at": { "company": 0 } },
                "log": { "state": "at", "at": "aud_00000000010000000000000000" },
                "documents_kept": 0,
            })
        );
        let half = erasure.with_documents(Walk::Done, 2);
        assert!(!half.is_done());
        let done = half.with_log(Walk::Done);
        assert!(done.is_done() && done.documents_kept == 2);
        assert!(!golden(&done, KEYS).unwrap().to_string().contains("Durand"));
    }

    #[test]
    fn an_entry_loses_what_it_tells_of_them_and_keeps_the_rest() {
        let fields = |fields: &[(&str, &str)]| -> Fields {
            fields.iter().map(|(path, value)| ((*path).to_owned(), (*value).into())).collect()
        };
        let change = |item: &str, id: &str, label: &str, after: Fields| Change {
            item: item.into(),
            operation: Operation::Update,
            id: Some(id.into()),
            label: Some(label.into()),
            before: Fields::new(),
            after,
            named_only: Vec::new(),
        };
        let contact = CONTACT.to_string();
        let entry = AuditEntry {
            id: AuditId::from_ulid(Ulid(5)),
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::System { name: "test".into() },
            act: "edit_contact".into(),
            object: contact.clone(),
            changed: vec![
                change("contact", &contact, "Zoé Durand", fields(&[("id", &contact), ("person.phone", "06")])),
                change("contact", "con_00000000000000000000000004", "Zoé Petit", fields(&[("person.phone", "07")])),
                change(
                    "quote",
                    "quo_1",
                    "D-1",
                    fields(&[("client.reference.contact", "Zoé Durand"), ("subject", "Durand")]),
                ),
            ],
            omitted: 0,
            request_id: None,
            user_agent: None,
            redacted_by: None,
        };
        let by = AuditId::from_ulid(Ulid(9));
        let redacted = entry.without(OF, &traces(), by).expect("a change");
        let after: Vec<_> = redacted.changed.iter().map(|change| json!([change.label, change.after])).collect();
        assert_eq!(
            json!(after),
            json!([
                [ERASED, { "id": contact, "person.phone": ERASED }],
                ["Zoé Petit", { "person.phone": "07" }],
                ["D-1", { "client.reference.contact": ERASED, "subject": "Durand" }],
            ])
        );
        assert_eq!((redacted.redacted_by, &redacted.act, redacted.at), (Some(by), &entry.act, entry.at));
        assert_eq!(redacted.without(OF, &traces(), AuditId::from_ulid(Ulid(10))), None);
    }
}
