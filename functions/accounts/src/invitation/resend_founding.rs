//! Sending the invitation of an organization's first owner again: there is no member yet who could.

use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{InvitationId, OrganizationId},
    reference::OrganizationReference,
};
use table::{Stored, meter::side_by_side};
use web::{Asker, credentials::Secret, team::Owners};

use super::{Invitation, Invited, letter, list_invitations};

/// What waits for a first owner.
pub struct Founding {
    pub has_owner: bool,
    /// None once there is one.
    pub invitations: Vec<Stored<Invitation>>,
}

pub async fn list_founding(asker: &Asker, organization: OrganizationId) -> Result<Founding> {
    let scope = &asker.scope_in(organization)?;
    let key = scope.keys().owners();
    let (owners, invitations) = side_by_side(scope.get::<Owners>(&key), list_invitations(scope)).await;
    let owners = owners?.ok_or(Error::NotFound)?;
    let mut invitations = invitations?;
    let has_owner = !owners.users.is_empty();
    invitations.retain(|invitation| !has_owner && invitation.role.is_owner());
    Ok(Founding { has_owner, invitations })
}

/// By an administrator of the platform. What members invite is theirs to send again.
pub async fn resend_founding(asker: &Asker, organization: OrganizationId, id: InvitationId) -> Result<Invitation> {
    let scope = &asker.scope_in(organization)?;
    let keys = scope.keys();
    let secret = &Secret::invitation(organization, id);
    scope
        .write(|| async {
            let wanted = [keys.organization(), keys.owners(), keys.invitation(id)];
            let found = scope.get_many(&wanted).await?;
            let founded = found.get::<OrganizationReference>(&wanted[0])?.ok_or(Error::NotFound)?;
            let owners = found.get::<Owners>(&wanted[1])?.ok_or(Error::NotFound)?;
            let current = found.get::<Invitation>(&wanted[2])?.ok_or(Error::NotFound)?;
            if founded.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            if !current.role.is_owner() {
                return Err(Error::NotFound);
            }
            let resent = current.resent(current.role.clone(), secret.hash.clone(), scope.now())?;
            if !owners.users.is_empty() {
                return Err(Error::NotFound);
            }
            let mail = letter::write(asker, &founded, &resent, secret).await?;
            let mut transaction = scope.begin("resend_invitation", id);
            transaction
                .update(&current, &resent)
                .patch(Invited::prolonged(keys, &resent)?)
                .create(&mail)
                .check(&wanted[1], owners.version)
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            Ok((transaction, resent))
        })
        .await
}
