//! Closing an organization for a while: its data stay, nobody further gets in.

use kernel::{Error, Result, error::Conflict, id::OrganizationId, reference::OrganizationReference};
use web::Asker;

use crate::organization;

/// Holds from each member's next request on. One that is suspended already stays so since then.
pub async fn suspend_organization(asker: &Asker, id: OrganizationId) -> Result<OrganizationReference> {
    let scope = &asker.scope_in(id)?;
    scope
        .write(|| async {
            let current = organization::read(scope).await?;
            if current.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            let mut transaction = scope.begin("suspend_organization", id);
            if current.suspended_at.is_some() {
                return Ok((transaction.nothing(), current.value));
            }
            let suspended = OrganizationReference { suspended_at: Some(scope.now()), ..current.value.clone() };
            transaction.update(&current, &suspended).replace(&suspended.card());
            Ok((transaction, suspended))
        })
        .await
}
