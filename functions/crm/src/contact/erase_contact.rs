//! Erasing a contact (RGPD art. 17): they are gone at once from lists, from their company and from what it publishes;
//! the workers see to what drafts, mails and the audit log still tell of them. What was issued stays (C. com. L123-22).

use jiff::Timestamp;
use kernel::{
    Error, Result,
    event::{Event, Person},
    id::ContactId,
    page::PageRequest,
};
use serde::{Deserialize, Serialize};
use table::{AuditLog, erasure::Erasure, meter};
use web::Asker;

use super::{Contact, ContactLink, HISTORY_MAX, staff::Staff, store::write_former, traces::traces};
use crate::retention::Retention;

/// Somebody who was erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Erased {
    pub of: Person,
    pub requested_at: Timestamp,
    /// Whether nothing is left to do.
    pub is_done: bool,
    /// Issued documents that name them and that the law keeps.
    pub documents_kept: u32,
}

impl From<&Erasure> for Erased {
    fn from(erasure: &Erasure) -> Self {
        Self {
            of: erasure.of,
            requested_at: erasure.requested_at,
            is_done: erasure.is_done(),
            documents_kept: erasure.documents_kept,
        }
    }
}

/// Erasing again changes nothing.
pub async fn erase_contact(asker: &Asker, id: ContactId) -> Result<Erased> {
    erase(asker, id, |_| true).await?.ok_or(Error::NotFound)
}

/// As [`erase_contact`], if `wanted` says so of since when nothing of them has changed.
pub async fn erase(
    asker: &Asker,
    id: ContactId,
    wanted: impl Fn(Option<&Retention>) -> bool,
) -> Result<Option<Erased>> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let retention = keys.contact_retention(id);
    let (contact, erasure) = (keys.contact(id), keys.erasure(Person::Contact(id)));
    let log = AuditLog::Object(id.to_string());
    let page = PageRequest { limit: HISTORY_MAX, cursor: None };
    scope
        .write(|| async {
            let read = [contact.clone(), erasure.clone(), retention.clone()];
            let (found, history) = meter::side_by_side(scope.get_many(&read), scope.audit_log(&log, &page, None)).await;
            let (found, history) = (found?, history?);
            let mut transaction = scope.begin("erase_contact", id);
            if let Some(erasure) = found.get::<Erasure>(&erasure)? {
                asker.must_see(erasure.assigned_to)?;
                return Ok((transaction.nothing(), Some(Erased::from(&erasure.value))));
            }
            let current = found.get::<Contact>(&contact)?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            if !wanted(found.get::<Retention>(&retention)?.as_deref()) {
                return Ok((transaction.nothing(), None));
            }
            let erasure =
                Erasure::new(Person::Contact(id), current.assigned_to, scope.now(), traces(&current, &history.items));
            transaction.erase(&current).create(&erasure).forget::<Retention>(|keys| keys.contact_retention(id));
            if let Some(former) = &current.company {
                let link = keys.company_contact(former.id, id);
                transaction.forget::<ContactLink>(|_| link);
                Staff::part_with(former, keys, &mut transaction);
            }
            write_former(&mut transaction, &current, &Contact { former: Vec::new(), ..current.value.clone() });
            transaction.emit(Event::ContactErased { contact: id });
            Ok((transaction, Some(Erased::from(&erasure))))
        })
        .await
}

/// A contact who was erased; none where there never was such a contact, or there still is.
pub async fn show_erasure(asker: &Asker, id: ContactId) -> Result<Erased> {
    let erasure =
        asker.scope.get::<Erasure>(&asker.scope.keys().erasure(Person::Contact(id))).await?.ok_or(Error::NotFound)?;
    asker.must_see(erasure.assigned_to)?;
    Ok(Erased::from(&erasure.value))
}
