//! `/api/v1/products/{id}/picture`

use http::StatusCode;
use kernel::{Error, document::Logo, id::ProductId};
use serde::Serialize;
use table::keys;
use web::{
    Answer, Asker, Failure, Id, IfMatch, Json,
    upload::{IMAGE, PNG, UploadInput, UploadView, UploadedInput},
};

use crate::product::{api::ProductView, store};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PictureView {
    /// The PNG; works for five minutes.
    url: String,
    #[serde(flatten)]
    picture: Logo,
}

/// The picture of a product.
#[utoipa::path(get, path = "/api/v1/products/{id}/picture", tag = "catalogue", operation_id = "show_picture",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 200, body = PictureView)))]
pub async fn show_picture(asker: Asker, Id(id): Id<ProductId>) -> Result<axum::Json<PictureView>, Failure> {
    let picture = store::read(&asker.scope, id).await?.product.value.picture.ok_or(Error::NotFound)?;
    let key = keys::product_picture_s3_key(asker.organization.id, &picture.sha256);
    let url = asker.deps().files.inline_link(&key, PNG).await?;
    Ok(axum::Json(PictureView { url, picture }))
}

/// A link to which a PNG, JPEG, GIF or WebP of at most 5 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/products/{id}/picture/uploads", tag = "catalogue",
    operation_id = "begin_picture_upload", params(("id" = String, Path, description = "`prd_…`")),
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_picture_upload(
    asker: Asker,
    _id: Id<ProductId>,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &IMAGE, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Makes the picture that was sent that of the product: as PNG, at most 800 pixels wide and high, without its metadata.
#[utoipa::path(post, path = "/api/v1/products/{id}/picture", tag = "catalogue", operation_id = "change_picture",
    params(("id" = String, Path, description = "`prd_…`")),
    request_body = UploadedInput, responses((status = 200, body = ProductView)))]
pub async fn change_picture(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
    Json(input): Json<UploadedInput>,
) -> Result<Answer<ProductView>, Failure> {
    let files = &asker.deps().files;
    let shelf = super::change_picture(&asker.scope, files, id, &input, version).await?;
    Ok(ProductView::answer(&shelf.product, &shelf.catalogue))
}

/// Takes the picture off the product.
#[utoipa::path(delete, path = "/api/v1/products/{id}/picture", tag = "catalogue", operation_id = "remove_picture",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 204)))]
pub async fn remove_picture(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::remove_picture(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
