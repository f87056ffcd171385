//! `/api/v1/accounts`

use http::StatusCode;
use kernel::id::ExportId;
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, IfMatch, Json, Visitor,
    export::{Download, ExportList, ExportView},
    seen,
};

use crate::security::ReauthenticationInput;

use super::{PasswordInput, ProfileInput, ResetInput, ResetRequestInput, SignUpInput, store::Account};

#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountView {
    /// `usr_…`
    user_id: String,
    /// `org_…`
    organization_id: String,
}

/// Creates an account and its organization. Sign in next.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", operation_id = "sign_up",
    request_body = SignUpInput, responses((status = 201, body = AccountView)))]
pub async fn sign_up(visitor: Visitor, Json(input): Json<SignUpInput>) -> Result<Answer<AccountView>, Failure> {
    let signed_up = super::sign_up(&visitor.deps, &visitor, &input).await?;
    Ok(Answer {
        status: StatusCode::CREATED,
        version: None,
        location: None,
        body: AccountView { user_id: signed_up.user.to_string(), organization_id: signed_up.organization.to_string() },
    })
}

/// One's own profile.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProfileView {
    /// `usr_…`
    user_id: String,
    email: String,
    name: String,
    job_title: String,
    phone: String,
    has_portrait: bool,
}

impl ProfileView {
    pub fn of(account: &Account) -> Self {
        let ProfileInput { name, job_title, phone } = ProfileInput::of(account);
        Self {
            user_id: account.user.to_string(),
            email: account.email.clone(),
            name,
            job_title,
            phone,
            has_portrait: account.portrait.is_some(),
        }
    }
}

/// Who asks.
#[utoipa::path(get, path = "/api/v1/accounts/me", tag = "accounts", operation_id = "show_profile",
    responses((status = 200, body = ProfileView)))]
pub async fn show_profile(asker: Asker) -> Result<Answer<ProfileView>, Failure> {
    let account = super::show_profile(&asker).await?;
    Ok(seen(ProfileView::of(&account), account.version))
}

/// Replaces one's profile.
#[utoipa::path(put, path = "/api/v1/accounts/me", tag = "accounts", operation_id = "edit_profile",
    request_body = ProfileInput, responses((status = 200, body = ProfileView)))]
pub async fn edit_profile(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<ProfileInput>,
) -> Result<Answer<ProfileView>, Failure> {
    let (account, version) = super::edit_profile(&asker, &input, version).await?;
    Ok(seen(ProfileView::of(&account), version))
}

/// Changes one's password; one's other sessions end.
#[utoipa::path(post, path = "/api/v1/accounts/me/password", tag = "accounts", operation_id = "change_password",
    request_body = PasswordInput, responses((status = 204)))]
pub async fn change_password(asker: Asker, Json(input): Json<PasswordInput>) -> Result<StatusCode, Failure> {
    super::change_password(&asker, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes one's account, and with it one's place in every organization. Refused to the last owner of one.
#[utoipa::path(post, path = "/api/v1/accounts/me/deletion", tag = "accounts", operation_id = "delete_account",
    request_body = ReauthenticationInput, responses((status = 204)))]
pub async fn delete_account(asker: Asker, Json(input): Json<ReauthenticationInput>) -> Result<StatusCode, Failure> {
    Box::pin(super::delete_account(&asker, &input)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a link by which another password can be chosen, if the address has an account; the answer does not tell.
#[utoipa::path(post, path = "/api/v1/accounts/password-resets", tag = "accounts", operation_id = "request_reset",
    request_body = ResetRequestInput, responses((status = 202)))]
pub async fn request_reset(visitor: Visitor, Json(input): Json<ResetRequestInput>) -> Result<StatusCode, Failure> {
    super::request_reset(&visitor.deps, &visitor, &input).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Chooses another password by the secret of the link; all sessions end.
#[utoipa::path(post, path = "/api/v1/accounts/password-resets/redeem", tag = "accounts",
    operation_id = "reset_password", request_body = ResetInput, responses((status = 204)))]
pub async fn reset_password(visitor: Visitor, Json(input): Json<ResetInput>) -> Result<StatusCode, Failure> {
    super::reset_password(&visitor.deps, &visitor, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The exports of all that there is on oneself, of the last days.
#[utoipa::path(get, path = "/api/v1/accounts/me/exports", tag = "accounts", operation_id = "list_own_exports",
    responses((status = 200, body = ExportList)))]
pub async fn list_own_exports(asker: Asker) -> Result<axum::Json<ExportList>, Failure> {
    let exports = super::list_own_exports(&asker).await?;
    Ok(axum::Json(ExportList::of(&asker, &exports)))
}

/// Asks for a zip of all that there is on oneself (RGPD art. 15): one at a time, three a day. It is kept for seven days.
#[utoipa::path(post, path = "/api/v1/accounts/me/exports", tag = "accounts", operation_id = "request_own_export",
    responses((status = 202, body = ExportView)))]
pub async fn request_own_export(asker: Asker) -> Result<(StatusCode, axum::Json<ExportView>), Failure> {
    let export = super::request_own_export(&asker).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ExportView::of(&asker, &export))))
}

/// A link to the file of such an export that is ready.
#[utoipa::path(get, path = "/api/v1/accounts/me/exports/{export}/file", tag = "accounts", operation_id = "download_own_export",
    params(("export" = String, Path, description = "`exp_…`")), responses((status = 200, body = Download)))]
pub async fn download_own_export(asker: Asker, Id(export): Id<ExportId>) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_own_export(&asker, export).await?))
}
