//! `/api/v1/record-exports`

use http::StatusCode;
use kernel::id::ExportId;
use serde::Serialize;
use web::{Asker, Failure, Id, Json, export::Download};

use super::{Format, RecordExport, RecordExportInput};
use crate::record::RecordKind;

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecordExportView {
    /// `exp_…`
    #[schema(value_type = String)]
    id: ExportId,
    of: RecordKind,
    format: Format,
    query: String,
    #[schema(value_type = String, format = DateTime)]
    requested_at: jiff::Timestamp,
    /// `preparing`, `ready`, `expired` or `interrupted`.
    status: &'static str,
    /// How many records are in it, once it is ready.
    rows: Option<u32>,
    /// Length of the file, once it is ready.
    bytes: Option<u64>,
    /// Until when it can be downloaded.
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
}

impl RecordExportView {
    fn of(asker: &Asker, export: &RecordExport) -> Self {
        Self {
            id: export.id,
            of: export.of,
            format: export.format,
            query: export.query.clone(),
            requested_at: export.requested_at,
            status: export.standing(asker.scope.now()).code(),
            rows: export.file.map(|file| file.rows),
            bytes: export.file.map(|file| file.bytes),
            expires_at: export.kept_until(),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecordExportList {
    /// The newest first.
    items: Vec<RecordExportView>,
}

/// One's own exports of the last seven days.
#[utoipa::path(get, path = "/api/v1/record-exports", tag = "crm", operation_id = "list_record_exports",
    responses((status = 200, body = RecordExportList)))]
pub async fn list_record_exports(asker: Asker) -> Result<axum::Json<RecordExportList>, Failure> {
    let exports = super::list_record_exports(&asker).await?;
    Ok(axum::Json(RecordExportList {
        items: exports.iter().map(|export| RecordExportView::of(&asker, export)).collect(),
    }))
}

/// Asks for companies or contacts as a CSV or vCard file that an import reads back, of those that one may see. It is written
/// in the background and kept for seven days.
#[utoipa::path(post, path = "/api/v1/record-exports", tag = "crm", operation_id = "request_record_export",
    request_body = RecordExportInput, responses((status = 202, body = RecordExportView)))]
pub async fn request_record_export(
    asker: Asker,
    Json(input): Json<RecordExportInput>,
) -> Result<(StatusCode, axum::Json<RecordExportView>), Failure> {
    let export = super::request_record_export(&asker, &input).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(RecordExportView::of(&asker, &export))))
}

/// A link to the file of an export that is ready.
#[utoipa::path(get, path = "/api/v1/record-exports/{id}/file", tag = "crm", operation_id = "download_record_export",
    params(("id" = String, Path, description = "`exp_…`")), responses((status = 200, body = Download)))]
pub async fn download_record_export(asker: Asker, Id(id): Id<ExportId>) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_record_export(&asker, id).await?))
}
