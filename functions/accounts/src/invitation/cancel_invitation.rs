//! Taking an invitation back.

use kernel::{Error, Permission, Result, id::InvitationId};
use web::Asker;

use super::{Invitation, Invited};
use crate::member::{granter, still_grants};

/// Its link says so from then on.
pub async fn cancel_invitation(asker: &Asker, id: InvitationId) -> Result<()> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.invitation(id), keys.member(asker.user)]).await?;
            let current = found.get::<Invitation>(&keys.invitation(id))?.ok_or(Error::NotFound)?;
            let (by, own) = granter(asker, &found)?;
            by.must(Permission::SettingsDelete)?;
            by.must_grant(&current.role)?;
            let cancelled = current.cancelled(scope.now())?;
            let mut transaction = scope.begin("cancel_invitation", id);
            transaction.update(&current, &cancelled).forget::<Invited>(|keys| keys.invited(&current.email));
            still_grants(&mut transaction, asker, &own);
            Ok((transaction, ()))
        })
        .await
}
