//! Erasing a client who is a private person (RGPD art. 17): nothing of them is left in the CRM and in what it publishes but
//! a client without a name, whom the documents have that the law keeps (C. com. L123-22). The workers see to what drafts,
//! mails and the audit log still tell of them.

use kernel::{
    Error, Result,
    error::Conflict,
    event::{Event, Person},
    id::CompanyId,
    page::PageRequest,
    reference::ClientReference,
};
use table::{AuditLog, erasure::Erasure, meter};
use web::Asker;

use super::{Company, CompanyCard, group::part_with, traces::traces};
use crate::{
    contact::{ContactLink, Erased, HISTORY_MAX},
    retention::Retention,
};

/// Erasing again changes nothing.
pub async fn erase_client(asker: &Asker, id: CompanyId) -> Result<Erased> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let own = [keys.company(id), keys.company_card(id), keys.client_reference(id), keys.erasure(Person::Client(id))];
    let contacts = keys.company_people(id);
    let (log, page) = (AuditLog::Object(id.to_string()), PageRequest { limit: HISTORY_MAX, cursor: None });
    scope
        .write(|| async {
            let records = meter::side_by_side(scope.get_many(&own), scope.collection(&contacts));
            let ((found, contacts), history) = meter::side_by_side(records, scope.audit_log(&log, &page, None)).await;
            let (found, history) = (found?, history?);
            let mut transaction = scope.begin("erase_client", id);
            if let Some(erasure) = found.first::<Erasure>()? {
                asker.must_see(erasure.assigned_to)?;
                return Ok((transaction.nothing(), Erased::from(&erasure.value)));
            }
            let current = found.first::<Company>()?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            if current.is_business {
                return Err(Error::NotFound);
            }
            if contacts?.first::<ContactLink>()?.is_some() {
                return Err(Error::Conflict(Conflict::ClientHasContacts));
            }
            let card = found.first::<CompanyCard>()?.ok_or_else(|| Error::internal("a company without its card"))?;
            let reference =
                found.first::<ClientReference>()?.ok_or_else(|| Error::internal("a company without its reference"))?;
            let erased = current.erased(scope.now());
            let traces = traces(&current, &history.items);
            let erasure = Erasure::new(Person::Client(id), current.assigned_to, scope.now(), traces);
            // Every act on a contact of the company writes its card, so there is still none.
            transaction
                .redact(&current, &erased)
                .update(&card, &card.with(&erased))
                .update(&reference, &erased.reference(None))
                .forget::<Retention>(|keys| keys.prospect_retention(id))
                .create(&erasure)
                .emit(Event::ClientErased { client: id });
            if let Some(parent) = current.parent {
                part_with(&mut transaction, keys, parent, id);
            }
            Ok((transaction, Erased::from(&erasure)))
        })
        .await
}

/// How far it has come; none where there still is such a client.
pub async fn show_client_erasure(asker: &Asker, id: CompanyId) -> Result<Erased> {
    let erasure = asker.scope.get::<Erasure>(&asker.scope.keys().erasure(Person::Client(id))).await?;
    let erasure = erasure.ok_or(Error::NotFound)?;
    asker.must_see(erasure.assigned_to)?;
    Ok(Erased::from(&erasure.value))
}
