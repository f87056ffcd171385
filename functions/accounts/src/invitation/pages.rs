//! `/equipe/invitations`

use http::StatusCode;
use kernel::id::InvitationId;
use web::{Asker, Form, Id, PageResult, form::FieldErrors};

use super::InvitationInput;
use crate::member::pages::{PATH, team_page};

pub async fn create_invitation(asker: Asker, form: Form<InvitationInput>) -> PageResult {
    match super::create_invitation(&asker, &form.input).await {
        Ok(invitation) => asker.done(PATH, format!("L’invitation est envoyée à {}.", invitation.email)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            team_page(&asker, StatusCode::UNPROCESSABLE_ENTITY, form.input, errors).await
        }
    }
}

pub async fn resend_invitation(asker: Asker, Id(id): Id<InvitationId>) -> PageResult {
    let invitation = super::resend_invitation(&asker, id).await?;
    asker.done(PATH, format!("Un nouveau lien est envoyé à {}. L’ancien n’est plus valable.", invitation.email))
}

pub async fn cancel_invitation(asker: Asker, Id(id): Id<InvitationId>) -> PageResult {
    super::cancel_invitation(&asker, id).await?;
    asker.done(PATH, "L’invitation est annulée.")
}
