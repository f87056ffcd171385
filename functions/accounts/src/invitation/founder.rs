//! `/plateforme/invitations/{id}`: of an organization without an owner, what its page of the platform shows of the
//! invitation of the first one.

use askama::Template;
use jiff::Timestamp;
use kernel::{
    Error,
    id::{InvitationId, OrganizationId},
    text,
};
use serde::Deserialize;
use web::{Asker, Form, Id, PageResult, page};

use super::{FounderInput, Founding, Invitation, Standing, list_founding, resend_founding};

#[derive(Template)]
#[template(path = "founder_panel.html")]
struct FounderPanel {
    organization: OrganizationId,
    form_key: String,
    invitations: Vec<Row>,
    has_owner: bool,
}

struct Row {
    id: InvitationId,
    email: String,
    sent_on: String,
    /// The day on which it expires; none once it has.
    expires_on: Option<String>,
}

impl Row {
    fn of(asker: &Asker, invitation: &Invitation) -> Self {
        let day = |at: Timestamp| text::short_date(asker.organization.day(at));
        let is_open = invitation.standing(asker.scope.now()) == Standing::Open;
        Self {
            id: invitation.id,
            email: invitation.email.clone(),
            sent_on: day(invitation.sent_at),
            expires_on: is_open.then(|| day(invitation.expires_at)),
        }
    }
}

pub async fn show_founder(asker: Asker, Id(organization): Id<OrganizationId>) -> PageResult {
    let Founding { has_owner, invitations } = list_founding(&asker, organization).await?;
    let invitations = invitations.iter().map(|invitation| Row::of(&asker, invitation)).collect();
    page(&FounderPanel { organization, form_key: asker.form_key(), invitations, has_owner })
}

pub async fn invite_founder(
    asker: Asker,
    Id(organization): Id<OrganizationId>,
    form: Form<FounderInput>,
) -> PageResult {
    let invitation = super::invite_founder(&asker, organization, &form.input).await?;
    let told = format!("Une invitation est envoyée à {}.", invitation.email);
    asker.done(&format!("/plateforme/entreprises/{organization}"), told)
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Which {
    invitation: String,
}

pub async fn resend_founding_invitation(
    asker: Asker,
    Id(organization): Id<OrganizationId>,
    form: Form<Which>,
) -> PageResult {
    let id = form.input.invitation.parse().map_err(|_| Error::NotFound)?;
    let invitation = resend_founding(&asker, organization, id).await?;
    let told = format!("Un nouveau lien est envoyé à {}. L’ancien n’est plus valable.", invitation.email);
    asker.done(&format!("/plateforme/entreprises/{organization}"), told)
}
