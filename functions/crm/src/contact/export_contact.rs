//! All that there is on a contact, as a file (RGPD art. 15): who may export contacts and sees this one asks for it.

use kernel::{
    Error, Result,
    event::Person,
    export::{Export, Exports},
    id::{ContactId, ExportId},
    page::PageRequest,
};
use table::{AuditLog, Stored, exports::Sought, meter};
use web::{
    Asker,
    export::Download,
    person::{self, Known},
};

use super::{Contact, HISTORY_MAX, show_contact, traces::traces};

pub async fn request_contact_export(asker: &Asker, id: ContactId) -> Result<Export> {
    person::request_person_export(asker, Person::Contact(id), || known(asker, id)).await
}

/// By what they are found elsewhere: the names and addresses that they have, or had.
async fn known(asker: &Asker, id: ContactId) -> Result<Known> {
    let (scope, key) = (&asker.scope, asker.scope.keys().contact(id));
    let (log, page) = (AuditLog::Object(id.to_string()), PageRequest { limit: HISTORY_MAX, cursor: None });
    let (contact, history) = meter::side_by_side(scope.get::<Contact>(&key), scope.audit_log(&log, &page, None)).await;
    let contact = contact?.ok_or(Error::NotFound)?;
    asker.must_see(contact.assigned_to)?;
    let sought = Sought { traces: traces(&contact, &history?.items), ..Sought::default() };
    Ok(Known { sought, read: (key, contact.version) })
}

/// With whom they are about.
pub async fn list_contact_exports(asker: &Asker, id: ContactId) -> Result<(Stored<Contact>, Exports)> {
    let listing = person::list_person_exports(asker, Person::Contact(id));
    let (contact, exports) = meter::side_by_side(show_contact(asker, id), listing).await;
    Ok((contact?, exports?))
}

pub async fn download_contact_export(asker: &Asker, id: ContactId, export: ExportId) -> Result<Download> {
    let file = person::download_person_export(asker, Person::Contact(id), export);
    let (contact, file) = meter::side_by_side(show_contact(asker, id), file).await;
    contact?;
    file
}
