//! Opening a suspended organization again.

use kernel::{Error, Result, error::Conflict, id::OrganizationId, reference::OrganizationReference};
use web::Asker;

use crate::organization;

pub async fn resume_organization(asker: &Asker, id: OrganizationId) -> Result<OrganizationReference> {
    let scope = &asker.scope_in(id)?;
    scope
        .write(|| async {
            let current = organization::read(scope).await?;
            if current.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            let mut transaction = scope.begin("resume_organization", id);
            if current.suspended_at.is_none() {
                return Ok((transaction.nothing(), current.value));
            }
            let resumed = OrganizationReference { suspended_at: None, ..current.value.clone() };
            transaction.update(&current, &resumed).replace(&resumed.card());
            Ok((transaction, resumed))
        })
        .await
}
