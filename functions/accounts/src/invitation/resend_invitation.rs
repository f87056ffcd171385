//! Sending an invitation again: with a new link, for seven days more.

use kernel::{Error, Permission, Result, error::Conflict, event::Event, id::InvitationId};
use table::meter::side_by_side;
use web::{Asker, credentials::Secret};

use super::{Invitation, Invited, letter};
use crate::{
    member::{RoleChoice, granter, still_grants},
    role::list_roles,
};

/// The old link is dead at once.
pub async fn resend_invitation(asker: &Asker, id: InvitationId) -> Result<Invitation> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let secret = &Secret::invitation(asker.organization.id, id);
    scope
        .write(|| async {
            let wanted = [keys.invitation(id), keys.member(asker.user)];
            let (found, roles) = side_by_side(scope.get_many(&wanted), list_roles(scope)).await;
            let found = found?;
            let current = found.get::<Invitation>(&wanted[0])?.ok_or(Error::NotFound)?;
            let (by, own) = granter(asker, &found)?;
            by.must(Permission::SettingsCreate)?;
            by.must_grant(&current.role)?;
            let role = RoleChoice::of(&current.role).resolve(roles?).ok_or(Error::Conflict(Conflict::RoleGone))?;
            by.must_grant(&role.role)?;
            let resent = current.resent(role.role, secret.hash.clone(), scope.now())?;
            let mail = letter::write(asker, &asker.organization, &resent, secret).await?;
            let mut transaction = scope.begin("resend_invitation", id);
            transaction
                .update(&current, &resent)
                .patch(Invited::prolonged(keys, &resent)?)
                .create(&mail)
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            still_grants(&mut transaction, asker, &own);
            Ok((transaction, resent))
        })
        .await
}
