//! `/api/v1/accounts/me/portrait`, `/api/v1/members/{id}/portrait`

use http::StatusCode;
use kernel::id::UserId;
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, IfMatch, Json, seen,
    upload::{IMAGE, PNG, UploadInput, UploadView, UploadedInput},
};

use crate::account::api::ProfileView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct PortraitView {
    /// The PNG, a square; works for five minutes.
    url: String,
}

async fn shown(asker: &Asker, user: UserId) -> Result<axum::Json<PortraitView>, Failure> {
    let key = super::find_portrait(asker, user).await?;
    Ok(axum::Json(PortraitView { url: asker.deps().files.inline_link(&key, PNG).await? }))
}

/// One's own portrait.
#[utoipa::path(get, path = "/api/v1/accounts/me/portrait", tag = "accounts", operation_id = "show_portrait",
    responses((status = 200, body = PortraitView)))]
pub async fn show_portrait(asker: Asker) -> Result<axum::Json<PortraitView>, Failure> {
    shown(&asker, asker.user).await
}

/// The portrait of a member.
#[utoipa::path(get, path = "/api/v1/members/{id}/portrait", tag = "team", operation_id = "show_member_portrait",
    params(("id" = String, Path, description = "`usr_…`")), responses((status = 200, body = PortraitView)))]
pub async fn show_member_portrait(asker: Asker, Id(id): Id<UserId>) -> Result<axum::Json<PortraitView>, Failure> {
    shown(&asker, id).await
}

/// A link to which a PNG, JPEG, GIF or WebP of at most 5 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/accounts/me/portrait/uploads", tag = "accounts",
    operation_id = "begin_portrait_upload", request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_portrait_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &IMAGE, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Makes the square in the middle of the picture that was sent one's portrait: as PNG, at most 256 pixels wide, without its
/// metadata.
#[utoipa::path(post, path = "/api/v1/accounts/me/portrait", tag = "accounts", operation_id = "change_portrait",
    request_body = UploadedInput, responses((status = 200, body = ProfileView)))]
pub async fn change_portrait(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<UploadedInput>,
) -> Result<Answer<ProfileView>, Failure> {
    let (account, version) = super::change_portrait(&asker, &input, version).await?;
    Ok(seen(ProfileView::of(&account), version))
}

/// Removes one's portrait, and its file.
#[utoipa::path(delete, path = "/api/v1/accounts/me/portrait", tag = "accounts", operation_id = "remove_portrait",
    responses((status = 204)))]
pub async fn remove_portrait(asker: Asker, IfMatch(version): IfMatch) -> Result<StatusCode, Failure> {
    super::remove_portrait(&asker, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
