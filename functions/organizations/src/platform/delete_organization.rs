//! Deleting an organization for good: nobody gets in from the next request on, and the worker removes what the law does
//! not keep. Only with a full export that can still be downloaded.

use kernel::{
    Error, Result, Rule,
    error::Conflict,
    event::Event,
    export::Exports,
    id::OrganizationId,
    reference::{Deletion, OrganizationReference},
};
use serde::Deserialize;
use web::Asker;

/// The organization's name, typed again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeletionInput {
    pub name: String,
}

impl DeletionInput {
    /// Spaces at the ends are nobody's intention.
    fn confirms(&self, organization: &OrganizationReference) -> Result<()> {
        let same = self.name.trim() == organization.name.trim();
        if same { Ok(()) } else { Err(Error::field("/name", Rule::NotTheName)) }
    }
}

/// Of one that is deleted already, nothing changes.
pub async fn delete_organization(
    asker: &Asker,
    id: OrganizationId,
    input: &DeletionInput,
) -> Result<OrganizationReference> {
    let scope = &asker.scope_in(id)?;
    let keys = scope.keys();
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.organization(), keys.exports()]).await?;
            let current = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("delete_organization", id);
            if current.deletion.is_some() {
                return Ok((transaction.nothing(), current.value));
            }
            input.confirms(&current)?;
            let exports = found.get::<Exports>(&keys.exports())?.ok_or(Error::Conflict(Conflict::ExportNeeded))?;
            exports.ready(scope.now()).ok_or(Error::Conflict(Conflict::ExportNeeded))?;
            let deletion = Some(Deletion { at: scope.now(), erased_at: None });
            let deleted = OrganizationReference { deletion, ..current.value.clone() };
            transaction
                .update(&current, &deleted)
                .replace(&deleted.card())
                .check(&keys.exports(), exports.version)
                .emit(Event::OrganizationDeleted {});
            Ok((transaction, deleted))
        })
        .await
}
