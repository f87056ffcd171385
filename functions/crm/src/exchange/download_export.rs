//! A link to the file of an export.

use kernel::{Error, Result, id::ExportId};
use table::keys;
use web::{Asker, export::Download};

use super::{RecordExport, model::Standing};

/// For who asked for it, while it is there.
pub async fn download_record_export(asker: &Asker, id: ExportId) -> Result<Download> {
    let scope = &asker.scope;
    let export = scope.get::<RecordExport>(&scope.keys().record_export(id)).await?.ok_or(Error::NotFound)?;
    if export.by != asker.user || export.standing(scope.now()) != Standing::Ready {
        return Err(Error::NotFound);
    }
    let file_name = file_name(asker, &export);
    let key = keys::record_export_s3_key(scope.tenant().organization(), id);
    let url = asker.deps().files.signed_link(&key, &file_name, export.format.media_type()).await?;
    Ok(Download { url, file_name })
}

fn file_name(asker: &Asker, export: &RecordExport) -> String {
    let day = asker.organization.day(export.requested_at);
    format!("{}-{day}.{}", kernel::text::folded(export.of.french()), export.format.ending())
}
