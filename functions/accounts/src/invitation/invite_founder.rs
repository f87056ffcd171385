//! Inviting a first owner anew: the invitation that came with the organization is forgotten thirty days after it expired, or
//! went to the wrong address.

use kernel::{
    Error, Result, Violations,
    error::Conflict,
    event::Event,
    id::{InvitationId, OrganizationId},
    legal,
    permission::Role,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::meter::side_by_side;
use web::{Asker, credentials::Secret, team::Owners};

use super::{Invitation, Invited, letter, list_invitations};

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FounderInput {
    /// Of the first owner.
    pub email: String,
}

impl FounderInput {
    fn parse(&self) -> std::result::Result<String, Violations> {
        let mut wrong = Violations::default();
        wrong.take("/email", legal::email(&self.email)).ok_or(wrong)
    }
}

/// By an administrator of the platform, while nobody owns the organization. An invitation that still waits is sent again
/// instead, or to another address: then the one before is dead.
pub async fn invite_founder(asker: &Asker, organization: OrganizationId, input: &FounderInput) -> Result<Invitation> {
    let email = input.parse()?;
    let scope = &asker.scope_in(organization)?;
    let keys = scope.keys();
    let id = scope.new_id(InvitationId::new);
    let secret = &Secret::invitation(organization, id);
    scope
        .write(|| async {
            let wanted = [keys.organization(), keys.owners(), keys.invited(&email)];
            let (found, waiting) = side_by_side(scope.get_many(&wanted), list_invitations(scope)).await;
            let (found, waiting) = (found?, waiting?);
            let founded = found.get::<OrganizationReference>(&wanted[0])?.ok_or(Error::NotFound)?;
            let owners = found.get::<Owners>(&wanted[1])?.ok_or(Error::NotFound)?;
            if founded.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            if !owners.users.is_empty() {
                return Err(Error::NotFound);
            }
            if found.get::<Invited>(&wanted[2])?.is_some() {
                return Err(Error::Conflict(Conflict::AlreadyInvited));
            }
            let now = scope.now();
            let by = (asker.user, asker.name.clone());
            let invitation = Invitation::pending(id, email.clone(), Role::Owner.into(), by, secret.hash.clone(), now)?;
            let mail = letter::write(asker, &founded, &invitation, secret).await?;
            let mut transaction = scope.begin("create_invitation", id);
            for former in waiting.iter().filter(|former| former.role.is_owner()) {
                transaction
                    .update(former, &former.cancelled(now)?)
                    .forget::<Invited>(|keys| keys.invited(&former.email));
            }
            transaction
                .create(&invitation)
                .claim(&Invited::of(&invitation), || Error::Conflict(Conflict::AlreadyInvited))
                .create(&mail)
                .check(&wanted[1], owners.version)
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            Ok((transaction, invitation))
        })
        .await
}
