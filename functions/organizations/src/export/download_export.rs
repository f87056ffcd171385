//! A link to the file of an export.

use cloud::Files;
use kernel::{Error, Result, export::Export, id::ExportId};
use table::{Scope, keys};
use web::export::Download;

use super::list_exports;

/// One that is not ready, or no longer there, is no file.
pub async fn download_export(scope: &Scope, files: &Files, id: ExportId) -> Result<Download> {
    let exports = list_exports(scope).await?;
    link(scope, files, exports.find(id).ok_or(Error::NotFound)?).await
}

pub async fn link(scope: &Scope, files: &Files, export: &Export) -> Result<Download> {
    let s3_key = keys::export_s3_key(scope.tenant().organization(), export.id);
    Download::of(files, &s3_key, "export", export, scope.now()).await
}
