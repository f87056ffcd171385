//! `/api/v1/organization/exports`

use http::StatusCode;
use kernel::id::ExportId;
use web::{
    Asker, Failure, Id,
    export::{Download, ExportList, ExportView, own_requester, reads_staff},
};

/// The exports of the last days.
#[utoipa::path(get, path = "/api/v1/organization/exports", tag = "organizations", operation_id = "list_exports",
    responses((status = 200, body = ExportList)))]
pub async fn list_exports(asker: Asker) -> Result<axum::Json<ExportList>, Failure> {
    let exports = super::list_exports(&asker.scope).await?;
    Ok(axum::Json(ExportList::of(&asker, &exports)))
}

/// Asks for a zip of everything that the organization has: one at a time, three a day. It is kept for seven days. The files of
/// employees are in it for who may read them, salaries included (`hr:view` and `hr:read_secrets`).
#[utoipa::path(post, path = "/api/v1/organization/exports", tag = "organizations", operation_id = "request_export",
    responses((status = 202, body = ExportView)))]
pub async fn request_export(asker: Asker) -> Result<(StatusCode, axum::Json<ExportView>), Failure> {
    let export = super::request_export(&asker.scope, &own_requester(&asker), reads_staff(&asker)).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ExportView::of(&asker, &export))))
}

/// A link to the file of an export that is ready.
#[utoipa::path(get, path = "/api/v1/organization/exports/{id}/file", tag = "organizations",
    operation_id = "download_export", params(("id" = String, Path)), responses((status = 200, body = Download)))]
pub async fn download_export(asker: Asker, Id(id): Id<ExportId>) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_export(&asker, id).await?))
}
