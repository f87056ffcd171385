//! Inviting somebody by e-mail.

use kernel::{Error, Permission, Result, Rule, error::Conflict, event::Event, id::InvitationId};
use table::meter::side_by_side;
use web::{Asker, credentials::Secret, team::MEMBERS_MAX};

use super::{Invitation, InvitationInput, Invited, letter, list_invitations};
use crate::member::{RoleChoice, granter, list_members, still_grants};

/// One waits for an answer per e-mail; an expired one makes room.
pub async fn create_invitation(asker: &Asker, input: &InvitationInput) -> Result<Invitation> {
    let (email, choice) = input.parse()?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let id = scope.new_id(InvitationId::new);
    let secret = &Secret::invitation(asker.organization.id, id);
    scope
        .write(|| async {
            let now = scope.now();
            let mut wanted = vec![keys.member(asker.user), keys.invited(&email)];
            if let RoleChoice::Custom(role) = choice {
                wanted.push(keys.role(role));
            }
            let (found, (members, pending)) =
                side_by_side(scope.get_many(&wanted), side_by_side(list_members(scope), list_invitations(scope))).await;
            let (found, members, pending) = (found?, members?, pending?);
            let (by, own) = granter(asker, &found)?;
            by.must(Permission::SettingsCreate)?;
            let role = choice.resolve(found.all()?).ok_or_else(|| Error::field("/role", Rule::NotAChoice))?.role;
            by.must_grant(&role)?;
            if members.iter().any(|member| member.visit.is_none() && member.email.eq_ignore_ascii_case(&email)) {
                return Err(Error::Conflict(Conflict::AlreadyMember));
            }
            let former = found.get::<Invited>(&keys.invited(&email))?;
            if former.as_ref().is_some_and(|former| former.expires_at > now) {
                return Err(Error::Conflict(Conflict::AlreadyInvited));
            }
            let members = members.iter().filter(|member| member.visit.is_none()).count();
            if members + pending.len() >= MEMBERS_MAX {
                return Err(Error::Conflict(Conflict::TeamFull));
            }
            let by = (asker.user, asker.name.clone());
            let invitation = Invitation::pending(id, email.clone(), role, by, secret.hash.clone(), now)?;
            let mail = letter::write(asker, &asker.organization, &invitation, secret).await?;
            let mut transaction = scope.begin("create_invitation", id);
            if let Some(former) = &former {
                transaction.forget::<Invitation>(|keys| keys.invitation(former.invitation));
            }
            transaction
                .create(&invitation)
                .save(former.as_ref(), &Invited::of(&invitation))
                .create(&mail)
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            still_grants(&mut transaction, asker, &own);
            Ok((transaction, invitation))
        })
        .await
}
