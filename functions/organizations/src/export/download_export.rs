//! A link to the file of an export.

use cloud::Files;
use kernel::{Error, Result, export::Export, id::ExportId};
use table::{Scope, keys};
use web::{
    Asker,
    export::{Download, reads_staff},
};

use super::list_exports;

/// One that is not ready, or no longer there, is no file; who may not read the files of employees has none that has them.
pub async fn download_export(asker: &Asker, id: ExportId) -> Result<Download> {
    let exports = list_exports(&asker.scope).await?;
    let export = exports.find(id).ok_or(Error::NotFound)?;
    if !export.without_staff && !reads_staff(asker) {
        return Err(Error::Forbidden);
    }
    link(&asker.scope, &asker.deps().files, export).await
}

pub async fn link(scope: &Scope, files: &Files, export: &Export) -> Result<Download> {
    let s3_key = keys::export_s3_key(scope.tenant().organization(), export.id);
    Download::of(files, &s3_key, "export", export, scope.now()).await
}
