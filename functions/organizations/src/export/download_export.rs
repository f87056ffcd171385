//! A link to the file of an export.

use cloud::{Files, archive::MEDIA_TYPE};
use jiff::tz::TimeZone;
use kernel::{Error, Result, id::ExportId};
use table::{Scope, keys};

use super::{Export, list_exports};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Download {
    /// Works for five minutes.
    pub url: String,
    pub file_name: String,
}

/// One that is not ready, or no longer there, is no file.
pub async fn download_export(scope: &Scope, files: &Files, id: ExportId) -> Result<Download> {
    let exports = list_exports(scope).await?;
    link(scope, files, exports.find(id).ok_or(Error::NotFound)?).await
}

pub async fn link(scope: &Scope, files: &Files, export: &Export) -> Result<Download> {
    export.file(scope.now()).ok_or(Error::NotFound)?;
    let day = export.requested_at.to_zoned(TimeZone::UTC).date();
    let file_name = format!("abservice-export-{day}.zip");
    let key = keys::export_s3_key(scope.tenant().organization(), export.id);
    Ok(Download { url: files.signed_link(&key, &file_name, MEDIA_TYPE).await?, file_name })
}
