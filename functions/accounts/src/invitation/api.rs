//! `/api/v1/invitations`

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use kernel::{
    Error,
    id::{InvitationId, OrganizationId, UserId},
};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Json, Visitor, cookies, created,
    credentials::{InvitationLink, SESSION_VALID},
};

use super::{AcceptInput, FounderInput, FoundingInput, Invitation, InvitationInput};

#[derive(Serialize, utoipa::ToSchema)]
pub struct InvitationView {
    /// `itn_…`
    #[schema(value_type = String)]
    id: InvitationId,
    email: String,
    role: String,
    /// `usr_…`
    #[schema(value_type = String)]
    invited_by: UserId,
    #[schema(value_type = String, format = DateTime)]
    sent_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
}

impl InvitationView {
    fn of(invitation: &Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email.clone(),
            role: invitation.role.code(),
            invited_by: invitation.invited_by,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct InvitationList {
    items: Vec<InvitationView>,
}

/// The invitations that wait for an answer, the newest first.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "team", operation_id = "list_invitations",
    responses((status = 200, body = InvitationList)))]
pub async fn list_invitations(asker: Asker) -> Result<axum::Json<InvitationList>, Failure> {
    let invitations = super::list_invitations(&asker.scope).await?;
    Ok(axum::Json(InvitationList { items: invitations.iter().map(|found| InvitationView::of(found)).collect() }))
}

/// Invites somebody by e-mail, with a role that one may give. Valid for seven days.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "team", operation_id = "create_invitation",
    request_body = InvitationInput, responses((status = 201, body = InvitationView)))]
pub async fn create_invitation(
    asker: Asker,
    Json(input): Json<InvitationInput>,
) -> Result<Answer<InvitationView>, Failure> {
    let invitation = super::create_invitation(&asker, &input).await?;
    Ok(created(InvitationView::of(&invitation), 1, format!("/api/v1/invitations/{}", invitation.id)))
}

/// Sends an invitation again: with a new link, for seven days more. The old link is dead.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/resend", tag = "team", operation_id = "resend_invitation",
    params(("id" = String, Path, description = "`itn_…`")), responses((status = 200, body = InvitationView)))]
pub async fn resend_invitation(asker: Asker, Id(id): Id<InvitationId>) -> Result<axum::Json<InvitationView>, Failure> {
    let invitation = super::resend_invitation(&asker, id).await?;
    Ok(axum::Json(InvitationView::of(&invitation)))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FoundedOrganization {
    /// `org_…`
    #[schema(value_type = String)]
    id: OrganizationId,
    /// Of its first owner.
    invitation: InvitationView,
}

/// Creates an organization for somebody else, its first owner, who is invited by mail. Only with the session of an
/// administrator of the platform, who becomes no member.
#[utoipa::path(post, path = "/api/v1/platform/organizations", tag = "platform", operation_id = "found_organization",
    request_body = FoundingInput, responses((status = 201, body = FoundedOrganization)))]
pub async fn found_organization(
    asker: Asker,
    Json(input): Json<FoundingInput>,
) -> Result<Answer<FoundedOrganization>, Failure> {
    let (id, invitation) = super::found_organization(&asker, &input).await?;
    let founded = FoundedOrganization { id, invitation: InvitationView::of(&invitation) };
    Ok(created(founded, 1, format!("/api/v1/platform/organizations/{id}")))
}

/// The invitations that wait for the first owner of an organization; none once there is one.
#[utoipa::path(get, path = "/api/v1/platform/invitations/{id}", tag = "platform",
    operation_id = "list_founding_invitations", params(("id" = String, Path, description = "`org_…`")),
    responses((status = 200, body = InvitationList)))]
pub async fn list_founding_invitations(
    asker: Asker,
    Id(organization): Id<OrganizationId>,
) -> Result<axum::Json<InvitationList>, Failure> {
    let founding = super::list_founding(&asker, organization).await?;
    let items = founding.invitations.iter().map(|found| InvitationView::of(found)).collect();
    Ok(axum::Json(InvitationList { items }))
}

/// Invites a first owner, while nobody owns the organization: in the place of one who waits, or whose invitation is
/// forgotten.
#[utoipa::path(post, path = "/api/v1/platform/invitations/{id}", tag = "platform", operation_id = "invite_founder",
    params(("id" = String, Path, description = "`org_…`")),
    request_body = FounderInput, responses((status = 201, body = InvitationView)))]
pub async fn invite_founder(
    asker: Asker,
    Id(organization): Id<OrganizationId>,
    Json(input): Json<FounderInput>,
) -> Result<(StatusCode, axum::Json<InvitationView>), Failure> {
    let invitation = super::invite_founder(&asker, organization, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(InvitationView::of(&invitation))))
}

/// Which of them.
#[derive(Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FoundingInvitation {
    /// `itn_…`
    invitation: String,
}

/// Sends the invitation of a first owner again: with a new link, for seven days more.
#[utoipa::path(post, path = "/api/v1/platform/invitations/{id}/resend", tag = "platform",
    operation_id = "resend_founding_invitation", params(("id" = String, Path, description = "`org_…`")),
    request_body = FoundingInvitation, responses((status = 200, body = InvitationView)))]
pub async fn resend_founding_invitation(
    asker: Asker,
    Id(organization): Id<OrganizationId>,
    Json(input): Json<FoundingInvitation>,
) -> Result<axum::Json<InvitationView>, Failure> {
    let id = input.invitation.parse().map_err(|_| Error::NotFound)?;
    let invitation = super::resend_founding(&asker, organization, id).await?;
    Ok(axum::Json(InvitationView::of(&invitation)))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "team", operation_id = "cancel_invitation",
    params(("id" = String, Path, description = "`itn_…`")), responses((status = 204)))]
pub async fn cancel_invitation(asker: Asker, Id(id): Id<InvitationId>) -> Result<StatusCode, Failure> {
    super::cancel_invitation(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AcceptedView {
    /// `usr_…`
    user_id: String,
    /// `org_…`
    organization_id: String,
}

/// Accepts an invitation with what its link says, for the account of its address or for a new one. The session that a
/// new account begins with is in the cookie of the answer.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "team", operation_id = "accept_invitation",
    request_body = AcceptInput, responses((status = 200, body = AcceptedView)))]
pub async fn accept_invitation(visitor: Visitor, Json(input): Json<AcceptInput>) -> Result<Response, Failure> {
    let link = InvitationLink::read(&input.link).ok_or(Error::NotFound)?;
    let (accepted, secret) = super::accept_invitation(&visitor.deps, &visitor, &link, &input).await?;
    let view = AcceptedView { user_id: accepted.user.to_string(), organization_id: accepted.organization.to_string() };
    let mut response = axum::Json(view).into_response();
    let secure = visitor.deps.config.secure_cookies;
    if let Some(cookie) =
        secret.and_then(|secret| cookies::set(cookies::session_name(secure), &secret.text, SESSION_VALID, secure))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
