//! All that there is on a client who is a private person, as a file (RGPD art. 15). A business is nobody; its contacts are.

use kernel::{
    Error, Result,
    event::Person,
    export::{Export, Exports},
    id::{CompanyId, ExportId},
    page::PageRequest,
};
use table::{AuditLog, Stored, exports::Sought, meter};
use web::{
    Asker,
    export::Download,
    person::{self, Known},
};

use super::{Company, show_company, traces::traces};
use crate::contact::HISTORY_MAX;

pub async fn request_client_export(asker: &Asker, id: CompanyId) -> Result<Export> {
    person::request_person_export(asker, Person::Client(id), || known(asker, id)).await
}

async fn known(asker: &Asker, id: CompanyId) -> Result<Known> {
    let scope = &asker.scope;
    let (log, page) = (AuditLog::Object(id.to_string()), PageRequest { limit: HISTORY_MAX, cursor: None });
    let (company, history) = meter::side_by_side(private_person(asker, id), scope.audit_log(&log, &page, None)).await;
    let company = company?;
    let sought = Sought { traces: traces(&company, &history?.items), ..Sought::default() };
    Ok(Known { sought, read: (scope.keys().company(id), company.version) })
}

/// Of a business, or once they are erased, there is no such person.
async fn private_person(asker: &Asker, id: CompanyId) -> Result<Stored<Company>> {
    let company = show_company::read(asker, id).await?;
    let is_person = !company.is_business && company.erased_at.is_none();
    if is_person { Ok(company) } else { Err(Error::NotFound) }
}

/// With whom they are about.
pub async fn list_client_exports(asker: &Asker, id: CompanyId) -> Result<(Stored<Company>, Exports)> {
    let listing = person::list_person_exports(asker, Person::Client(id));
    let (company, exports) = meter::side_by_side(private_person(asker, id), listing).await;
    Ok((company?, exports?))
}

pub async fn download_client_export(asker: &Asker, id: CompanyId, export: ExportId) -> Result<Download> {
    let file = person::download_person_export(asker, Person::Client(id), export);
    let (company, file) = meter::side_by_side(private_person(asker, id), file).await;
    company?;
    file
}
