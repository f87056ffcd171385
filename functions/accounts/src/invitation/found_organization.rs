//! Creating an organization for somebody else: its first owner is invited by mail.

use kernel::{
    Result, Violations,
    event::Event,
    id::{InvitationId, OrganizationId},
    legal,
    permission::Role,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use web::{Asker, credentials::Secret, team::Owners};

use super::{Invitation, Invited, letter};

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FoundingInput {
    pub name: String,
    /// Of the first owner.
    pub email: String,
}

impl FoundingInput {
    fn parse(&self) -> std::result::Result<(String, String), Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let email = wrong.take("/email", legal::email(&self.email));
        name.zip(email).ok_or(wrong)
    }
}

/// By an administrator of the platform, who becomes no member. Nobody owns it until the invitation is accepted.
pub async fn found_organization(asker: &Asker, input: &FoundingInput) -> Result<(OrganizationId, Invitation)> {
    let (name, email) = input.parse()?;
    let organization = asker.scope.new_id(OrganizationId::new);
    let scope = &asker.scope_in(organization)?;
    let founded = &OrganizationReference::new(organization, name);
    let id = scope.new_id(InvitationId::new);
    let secret = &Secret::invitation(organization, id);
    scope
        .write(|| async {
            let now = scope.now();
            let by = (asker.user, asker.name.clone());
            let invitation = Invitation::pending(id, email.clone(), Role::Owner.into(), by, secret.hash.clone(), now)?;
            let mail = letter::write(asker, founded, &invitation, secret).await?;
            let mut transaction = scope.begin("create_organization", organization);
            transaction
                .create(founded)
                .create(&founded.card())
                .create(&Owners { users: Vec::new() })
                .create(&invitation)
                .create(&Invited::of(&invitation))
                .create(&mail)
                .emit(Event::OrganizationCreated {})
                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            Ok((transaction, (organization, invitation)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = FoundingInput { name: " ".into(), email: "claire".into() }.parse().unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/email"]);
    }
}
