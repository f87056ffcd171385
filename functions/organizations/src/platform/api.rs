//! `/api/v1/platform/organizations`: what the platform's administrator does, for programs that have their session.

use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{OrganizationId, UserId},
    page::{Page, PageRequest},
    reference::{OrganizationCard, OrganizationReference},
};
use serde::Serialize;
use web::{Asker, Failure, Id, Json, Membership, Pagination, Search};

use super::{OrganizationDetails, TrialInput};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PlatformOrganization {
    /// `org_…`
    #[schema(value_type = String)]
    id: OrganizationId,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Set while nobody gets in.
    #[schema(value_type = Option<String>, format = DateTime)]
    suspended_at: Option<Timestamp>,
    /// Set once it is deleted, for good.
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
}

impl PlatformOrganization {
    fn of(card: OrganizationCard) -> Self {
        Self {
            id: card.id,
            created_at: card.id.given_at(),
            name: card.name,
            suspended_at: card.suspended_at,
            deleted_at: card.deleted_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PlatformOrganizationList {
    items: Vec<PlatformOrganization>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Who is in an organization.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PlatformMember {
    /// `usr_…`
    #[schema(value_type = String)]
    id: UserId,
    name: String,
    email: String,
    /// `owner`, `admin`, …, or `rol_…`.
    role: String,
    /// Until when, for an administrator of the platform who visits.
    #[schema(value_type = Option<String>, format = DateTime)]
    visits_until: Option<Timestamp>,
    /// To about ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Timestamp>,
}

impl PlatformMember {
    fn of(member: Membership) -> Self {
        Self {
            id: member.user,
            role: member.role.code(),
            name: member.name,
            email: member.email,
            visits_until: member.visit.map(|visit| visit.until),
            seen_at: member.seen_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PlatformOrganizationDetails {
    #[serde(flatten)]
    organization: PlatformOrganization,
    siret: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    /// The last day of its trial, if it has one.
    #[schema(value_type = Option<String>, format = Date)]
    trial_ends_on: Option<Date>,
    members: Vec<PlatformMember>,
}

impl PlatformOrganizationDetails {
    fn of(details: OrganizationDetails) -> Self {
        let organization = PlatformOrganization::of(details.organization.card());
        let OrganizationReference { legal, trial_ends_on, .. } = details.organization;
        Self {
            organization,
            siret: legal.siret,
            email: legal.email,
            phone: legal.phone,
            trial_ends_on,
            members: details.members.into_iter().map(PlatformMember::of).collect(),
        }
    }
}

fn answer(organization: &OrganizationReference) -> axum::Json<PlatformOrganization> {
    axum::Json(PlatformOrganization::of(organization.card()))
}

/// Organizations, the newest first; searched for, by name, deleted ones among them. Only with the session of an
/// administrator of the platform, as all of these; anybody else is answered 404.
#[utoipa::path(get, path = "/api/v1/platform/organizations", tag = "platform",
    operation_id = "list_platform_organizations",
    params(
        ("q" = Option<String>, Query, description = "What the name begins with; case and accents do not matter"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = PlatformOrganizationList)))]
pub async fn list_organizations(asker: Asker, search: Search) -> Result<axum::Json<PlatformOrganizationList>, Failure> {
    let found = super::list_organizations(&asker.deps().table, &search.prefix(), &search.page).await?;
    let Page { items, next_cursor } = found.map(PlatformOrganization::of);
    Ok(axum::Json(PlatformOrganizationList { items, next_cursor }))
}

/// Organizations that were deleted, the newest first.
#[utoipa::path(get, path = "/api/v1/platform/deleted-organizations", tag = "platform",
    operation_id = "list_deleted_organizations",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = PlatformOrganizationList)))]
pub async fn list_deleted_organizations(
    asker: Asker,
    Pagination(page): Pagination,
) -> Result<axum::Json<PlatformOrganizationList>, Failure> {
    let found = super::list_deleted_organizations(&asker.deps().table, &page).await?;
    let Page { items, next_cursor } = found.map(PlatformOrganization::of);
    Ok(axum::Json(PlatformOrganizationList { items, next_cursor }))
}

/// One organization and who is in it.
#[utoipa::path(get, path = "/api/v1/platform/organizations/{id}", tag = "platform",
    operation_id = "show_platform_organization", params(("id" = String, Path, description = "`org_…`")),
    responses((status = 200, body = PlatformOrganizationDetails)))]
pub async fn show_organization(
    asker: Asker,
    Id(id): Id<OrganizationId>,
) -> Result<axum::Json<PlatformOrganizationDetails>, Failure> {
    let details = super::show_organization(&asker, id, &PageRequest::default()).await?;
    Ok(axum::Json(PlatformOrganizationDetails::of(details)))
}

/// Closes an organization from its members' next request on. Its data stay.
#[utoipa::path(post, path = "/api/v1/platform/organizations/{id}/suspend", tag = "platform",
    operation_id = "suspend_organization", params(("id" = String, Path, description = "`org_…`")),
    responses((status = 200, body = PlatformOrganization)))]
pub async fn suspend_organization(
    asker: Asker,
    Id(id): Id<OrganizationId>,
) -> Result<axum::Json<PlatformOrganization>, Failure> {
    Ok(answer(&super::suspend_organization(&asker, id).await?))
}

/// Opens a suspended organization again.
#[utoipa::path(post, path = "/api/v1/platform/organizations/{id}/resume", tag = "platform",
    operation_id = "resume_organization", params(("id" = String, Path, description = "`org_…`")),
    responses((status = 200, body = PlatformOrganization)))]
pub async fn resume_organization(
    asker: Asker,
    Id(id): Id<OrganizationId>,
) -> Result<axum::Json<PlatformOrganization>, Failure> {
    Ok(answer(&super::resume_organization(&asker, id).await?))
}

/// Makes oneself an administrator of an organization for an hour, in sight of its team and in its audit log.
#[utoipa::path(post, path = "/api/v1/platform/organizations/{id}/visit", tag = "platform",
    operation_id = "enter_organization", params(("id" = String, Path, description = "`org_…`")),
    responses((status = 204)))]
pub async fn enter_organization(asker: Asker, Id(id): Id<OrganizationId>) -> Result<StatusCode, Failure> {
    super::enter_organization(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one's visit before its time.
#[utoipa::path(delete, path = "/api/v1/platform/organizations/{id}/visit", tag = "platform",
    operation_id = "leave_organization", params(("id" = String, Path, description = "`org_…`")),
    responses((status = 204)))]
pub async fn leave_organization(asker: Asker, Id(id): Id<OrganizationId>) -> Result<StatusCode, Failure> {
    super::leave_organization(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Trial {
    /// The last day, if there is a trial.
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<Date>,
}

/// Sets or clears the last day of an organization's trial. Its pages tell it from fourteen days before; nothing closes by
/// itself.
#[utoipa::path(put, path = "/api/v1/platform/organizations/{id}/trial", tag = "platform", operation_id = "set_trial",
    params(("id" = String, Path, description = "`org_…`")),
    request_body = TrialInput, responses((status = 200, body = Trial)))]
pub async fn set_trial(
    asker: Asker,
    Id(id): Id<OrganizationId>,
    Json(input): Json<TrialInput>,
) -> Result<axum::Json<Trial>, Failure> {
    let organization = super::set_trial(&asker, id, &input).await?;
    Ok(axum::Json(Trial { ends_on: organization.trial_ends_on }))
}
