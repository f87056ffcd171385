//! `/api/v1/organization/exports`

use http::StatusCode;
use jiff::Timestamp;
use kernel::id::ExportId;
use serde::Serialize;
use web::{Asker, Failure, Id};

use super::{Download, Export, own_requester};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExportView {
    /// `exp_…`
    #[schema(value_type = String)]
    id: ExportId,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    requested_by: String,
    /// `requested`, `preparing`, `ready`, `expired` or `interrupted`.
    status: &'static str,
    /// Length of the file, while it is ready.
    bytes: Option<u64>,
    /// Until when it can be downloaded, while it is ready.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExportList {
    /// The newest first.
    items: Vec<ExportView>,
}

impl ExportView {
    fn of(asker: &Asker, export: &Export) -> Self {
        let now = asker.scope.now();
        let (bytes, expires_at) = export.file(now).unzip();
        Self {
            id: export.id,
            requested_at: export.requested_at,
            requested_by: export.requested_by.name.clone(),
            status: export.standing(now).code(),
            bytes,
            expires_at,
        }
    }
}

/// The exports of the last days.
#[utoipa::path(get, path = "/api/v1/organization/exports", tag = "organizations", operation_id = "list_exports",
    responses((status = 200, body = ExportList)))]
pub async fn list_exports(asker: Asker) -> Result<axum::Json<ExportList>, Failure> {
    let exports = super::list_exports(&asker.scope).await?;
    let items = exports.recent.iter().map(|export| ExportView::of(&asker, export)).collect();
    Ok(axum::Json(ExportList { items }))
}

/// Asks for a zip of everything that the organization has: one at a time, three a day. It is kept for seven days.
#[utoipa::path(post, path = "/api/v1/organization/exports", tag = "organizations", operation_id = "request_export",
    responses((status = 202, body = ExportView)))]
pub async fn request_export(asker: Asker) -> Result<(StatusCode, axum::Json<ExportView>), Failure> {
    let export = super::request_export(&asker.scope, &own_requester(&asker)).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ExportView::of(&asker, &export))))
}

/// A link to the file of an export that is ready.
#[utoipa::path(get, path = "/api/v1/organization/exports/{id}/file", tag = "organizations",
    operation_id = "download_export", params(("id" = String, Path)), responses((status = 200, body = Download)))]
pub async fn download_export(asker: Asker, Id(id): Id<ExportId>) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_export(&asker.scope, &asker.deps().files, id).await?))
}
