//! `/api/v1/organization/logo`

use http::StatusCode;
use kernel::{Error, document::Logo};
use serde::Serialize;
use table::keys;
use web::{
    Answer, Asker, Failure, IfMatch, Json, seen,
    upload::{IMAGE, PNG, UploadInput, UploadView, UploadedInput},
};

use crate::organization::api::OrganizationView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct LogoView {
    /// The PNG; works for five minutes.
    url: String,
    #[serde(flatten)]
    logo: Logo,
}

/// The organization's logo.
#[utoipa::path(get, path = "/api/v1/organization/logo", tag = "organizations", operation_id = "show_logo",
    responses((status = 200, body = LogoView)))]
pub async fn show_logo(asker: Asker) -> Result<axum::Json<LogoView>, Failure> {
    let logo = asker.organization.brand.logo.clone().ok_or(Error::NotFound)?;
    let key = keys::logo_s3_key(asker.organization.id, &logo.sha256);
    let url = asker.deps().files.inline_link(&key, PNG).await?;
    Ok(axum::Json(LogoView { url, logo }))
}

/// A link to which a PNG, JPEG, GIF or WebP of at most 5 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/organization/logo/uploads", tag = "organizations",
    operation_id = "begin_logo_upload", request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_logo_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &IMAGE, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Makes the picture that was sent the logo: as PNG, at most 512 pixels wide and high, without its metadata.
#[utoipa::path(post, path = "/api/v1/organization/logo", tag = "organizations", operation_id = "change_logo",
    request_body = UploadedInput, responses((status = 200, body = OrganizationView)))]
pub async fn change_logo(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<UploadedInput>,
) -> Result<Answer<OrganizationView>, Failure> {
    let files = &asker.deps().files;
    let (organization, version) = super::change_logo(&asker.scope, files, &input, version).await?;
    Ok(seen(OrganizationView::of(&organization), version))
}

/// Takes the logo off pages and new documents.
#[utoipa::path(delete, path = "/api/v1/organization/logo", tag = "organizations", operation_id = "remove_logo",
    responses((status = 204)))]
pub async fn remove_logo(asker: Asker, IfMatch(version): IfMatch) -> Result<StatusCode, Failure> {
    super::remove_logo(&asker.scope, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
