//! `/api/v1/products/exports`, `/api/v1/products/imports`

use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use web::{
    Asker, Failure, Json, PageResult,
    upload::{UploadInput, UploadView},
};

use super::{
    Checked, ImportInput, Imported,
    import_products::CSV,
    pages::{file, must_import},
};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub state: String,
}

/// The catalogue as CSV (`;`, UTF-8 with its mark), with French headers, as an import takes it back.
#[utoipa::path(get, path = "/api/v1/products/export", tag = "catalogue", operation_id = "export_products",
    params(("state" = Option<String>, Query, description = "`active` (where absent) or `archived`")),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_products(asker: Asker, Query(wanted): Query<Wanted>) -> PageResult {
    file(&asker, &wanted).await
}

/// A link to which a CSV file of at most 4 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/products/imports/uploads", tag = "catalogue",
    operation_id = "begin_import_upload", request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_import_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    must_import(&asker)?;
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &CSV, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Says what importing a file that was sent would do, row by row what is wrong with it, and does nothing.
#[utoipa::path(post, path = "/api/v1/products/imports/check", tag = "catalogue", operation_id = "check_product_import",
    request_body = ImportInput, responses((status = 200, body = Checked)))]
pub async fn check_import(asker: Asker, Json(input): Json<ImportInput>) -> Result<axum::Json<Checked>, Failure> {
    must_import(&asker)?;
    Ok(axum::Json(super::check_import(&asker, &asker.deps().files, &input).await?))
}

/// Imports a file that was sent: products by their reference, new ones and changed ones. Nothing where a row is wrong.
#[utoipa::path(post, path = "/api/v1/products/imports", tag = "catalogue", operation_id = "import_products",
    request_body = ImportInput, responses((status = 200, body = Imported)))]
pub async fn import_products(asker: Asker, Json(input): Json<ImportInput>) -> Result<axum::Json<Imported>, Failure> {
    must_import(&asker)?;
    Ok(axum::Json(super::import_products(&asker, &asker.deps().files, &input).await?))
}

/// As a page's script asks for it.
pub async fn begin_on_page(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    must_import(&asker)?;
    web::upload::begin_on_page(&asker, &CSV, &input).await
}
