//! `/api/v1/roles`

use http::StatusCode;
use kernel::{
    id::RoleId,
    permission::{CustomRole, Role},
};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::RoleInput;

#[derive(Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// `owner`, `admin`, …, or `rol_…`: what a member or an invitation names.
    id: String,
    name: String,
    permissions: Vec<String>,
    own_records_only: bool,
    /// Every organization has it, and none can change it.
    is_system: bool,
}

impl RoleView {
    fn of(role: &CustomRole) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name.clone(),
            permissions: role.permissions.iter().map(|permission| permission.code().to_owned()).collect(),
            own_records_only: role.own_records_only,
            is_system: false,
        }
    }

    fn of_system(role: Role) -> Self {
        Self {
            id: role.code().into(),
            name: role.french().into(),
            permissions: role.permissions().iter().map(|permission| permission.code().to_owned()).collect(),
            own_records_only: false,
            is_system: true,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RoleList {
    items: Vec<RoleView>,
}

/// The roles of the system, then those that the organization made.
#[utoipa::path(get, path = "/api/v1/roles", tag = "team", operation_id = "list_roles",
    responses((status = 200, body = RoleList)))]
pub async fn list_roles(asker: Asker) -> Result<axum::Json<RoleList>, Failure> {
    let own = super::list_roles(&asker.scope).await?;
    let items =
        Role::ALL.into_iter().map(RoleView::of_system).chain(own.iter().map(|role| RoleView::of(role))).collect();
    Ok(axum::Json(RoleList { items }))
}

/// Makes a role, with permissions that one has oneself.
#[utoipa::path(post, path = "/api/v1/roles", tag = "team", operation_id = "create_role",
    request_body = RoleInput, responses((status = 201, body = RoleView)))]
pub async fn create_role(asker: Asker, Json(input): Json<RoleInput>) -> Result<Answer<RoleView>, Failure> {
    let role = super::create_role(&asker, &input).await?;
    Ok(created(RoleView::of(&role), 1, format!("/api/v1/roles/{}", role.id)))
}

/// A role that the organization made.
#[utoipa::path(get, path = "/api/v1/roles/{id}", tag = "team", operation_id = "show_role",
    params(("id" = String, Path, description = "`rol_…`")), responses((status = 200, body = RoleView)))]
pub async fn show_role(asker: Asker, Id(id): Id<RoleId>) -> Result<Answer<RoleView>, Failure> {
    let role = super::show_role(&asker.scope, id).await?;
    Ok(seen(RoleView::of(&role), role.version))
}

/// Replaces a role; it holds for its holders at once.
#[utoipa::path(put, path = "/api/v1/roles/{id}", tag = "team", operation_id = "edit_role",
    params(("id" = String, Path, description = "`rol_…`")),
    request_body = RoleInput, responses((status = 200, body = RoleView)))]
pub async fn edit_role(
    asker: Asker,
    Id(id): Id<RoleId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RoleInput>,
) -> Result<Answer<RoleView>, Failure> {
    let (role, version) = super::edit_role(&asker, id, &input, version).await?;
    Ok(seen(RoleView::of(&role), version))
}

/// Deletes a role that nobody has.
#[utoipa::path(delete, path = "/api/v1/roles/{id}", tag = "team", operation_id = "delete_role",
    params(("id" = String, Path, description = "`rol_…`")), responses((status = 204)))]
pub async fn delete_role(asker: Asker, Id(id): Id<RoleId>) -> Result<StatusCode, Failure> {
    super::delete_role(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
