//! Asking for an export of everything.

use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    export::{Export, Exports, Requester},
    id::ExportId,
    reference::OrganizationReference,
};
use table::Scope;

/// The worker writes it; who asks gets a mail once it is ready. Files of employees are in it for who may read them.
pub async fn request_export(scope: &Scope, by: &Requester, reads_staff: bool) -> Result<Export> {
    let keys = scope.keys();
    let id = scope.new_id(ExportId::new);
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.organization(), keys.exports()]).await?;
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?;
            if organization.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            let former = found.get::<Exports>(&keys.exports())?;
            let current = former.as_ref().map(|former| former.value.clone()).unwrap_or_default();
            let requested = current.requested(id, by.clone(), scope.now())?;
            let requested = if reads_staff { requested } else { requested.without_staff(id) };
            let mut transaction = scope.begin("request_export", id);
            transaction
                .save(former.as_ref(), &requested)
                .check(&keys.organization(), organization.version)
                .emit(Event::ExportRequested { export: id });
            let export = requested.find(id).cloned().ok_or_else(|| Error::internal("an export that is not there"))?;
            Ok((transaction, export))
        })
        .await
}
