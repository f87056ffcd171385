//! `/api/v1/members`

use http::StatusCode;
use kernel::id::{ExportId, OrganizationId, UserId};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Membership,
    export::{Download, ExportList, ExportView},
    seen,
};

use super::{MemberInput, OrganizationName};

#[derive(Serialize, utoipa::ToSchema)]
pub struct MemberView {
    /// `usr_…`
    #[schema(value_type = String)]
    id: UserId,
    name: String,
    email: String,
    /// `owner`, `admin`, …, or `rol_…`.
    role: String,
    permissions: Vec<String>,
    own_records_only: bool,
    has_portrait: bool,
    #[schema(value_type = String, format = DateTime)]
    joined_at: jiff::Timestamp,
    /// To about ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<jiff::Timestamp>,
}

impl MemberView {
    fn of(member: &Membership) -> Self {
        Self {
            id: member.user,
            name: member.name.clone(),
            email: member.email.clone(),
            role: member.role.code(),
            permissions: member.role.permissions().iter().map(|permission| permission.code().to_owned()).collect(),
            own_records_only: member.role.visibility() == kernel::permission::Visibility::Own,
            has_portrait: member.portrait.is_some(),
            joined_at: member.joined_at,
            seen_at: member.seen_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreatedOrganization {
    /// `org_…`
    #[schema(value_type = String)]
    id: OrganizationId,
}

/// Creates an organization of which one is the owner. With a session: a token stays in its organization.
#[utoipa::path(post, path = "/api/v1/organizations", tag = "organizations", operation_id = "create_organization",
    request_body = OrganizationName, responses((status = 201, body = CreatedOrganization)))]
pub async fn create_organization(
    asker: Asker,
    Json(input): Json<OrganizationName>,
) -> Result<(StatusCode, axum::Json<CreatedOrganization>), Failure> {
    let id = super::create_organization(&asker, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(CreatedOrganization { id })))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MemberList {
    items: Vec<MemberView>,
}

/// All members of the organization.
#[utoipa::path(get, path = "/api/v1/members", tag = "team", operation_id = "list_members",
    responses((status = 200, body = MemberList)))]
pub async fn list_members(asker: Asker) -> Result<axum::Json<MemberList>, Failure> {
    let members = super::list_members(&asker.scope).await?;
    let items = members.iter().filter(|member| member.visit.is_none()).map(|member| MemberView::of(member)).collect();
    Ok(axum::Json(MemberList { items }))
}

/// Gives a member another role. One may only give and take away roles that one has oneself.
#[utoipa::path(put, path = "/api/v1/members/{id}", tag = "team", operation_id = "change_role",
    params(("id" = String, Path, description = "`usr_…`")),
    request_body = MemberInput, responses((status = 200, body = MemberView)))]
pub async fn change_role(
    asker: Asker,
    Id(id): Id<UserId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MemberInput>,
) -> Result<Answer<MemberView>, Failure> {
    let (member, version) = super::change_role(&asker, id, &input, version).await?;
    Ok(seen(MemberView::of(&member), version))
}

/// Removes a member. Their sessions and tokens open nothing here any more.
#[utoipa::path(delete, path = "/api/v1/members/{id}", tag = "team", operation_id = "remove_member",
    params(("id" = String, Path, description = "`usr_…`")), responses((status = 204)))]
pub async fn remove_member(asker: Asker, Id(id): Id<UserId>) -> Result<StatusCode, Failure> {
    super::remove_member(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The exports of all that there is on a member, of the last days.
#[utoipa::path(get, path = "/api/v1/members/{id}/exports", tag = "team", operation_id = "list_member_exports",
    params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 200, body = ExportList)))]
pub async fn list_member_exports(asker: Asker, Id(id): Id<UserId>) -> Result<axum::Json<ExportList>, Failure> {
    let (_, exports) = super::list_member_exports(&asker, id).await?;
    Ok(axum::Json(ExportList::of(&asker, &exports)))
}

/// Asks for a zip of all that there is on a member (RGPD art. 15): one at a time, three a day. It is kept for seven days.
#[utoipa::path(post, path = "/api/v1/members/{id}/exports", tag = "team", operation_id = "request_member_export",
    params(("id" = String, Path, description = "`usr_…`")),
    responses((status = 202, body = ExportView)))]
pub async fn request_member_export(
    asker: Asker,
    Id(id): Id<UserId>,
) -> Result<(StatusCode, axum::Json<ExportView>), Failure> {
    let export = super::request_member_export(&asker, id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ExportView::of(&asker, &export))))
}

/// A link to the file of such an export that is ready.
#[utoipa::path(get, path = "/api/v1/members/{id}/exports/{export}/file", tag = "team", operation_id = "download_member_export",
    params(("id" = String, Path, description = "`usr_…`"), ("export" = String, Path, description = "`exp_…`")), responses((status = 200, body = Download)))]
pub async fn download_member_export(
    asker: Asker,
    Ids((id, export)): Ids<UserId, ExportId>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_member_export(&asker, id, export).await?))
}
