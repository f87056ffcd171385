//! Writing an export into the bucket, part by part. A message may come several times: each writes the whole file anew under
//! the same key, and the first to note that it is ready counts.

use cloud::Deps;
use kernel::{Error, Permission, Result, id::ExportId};
use table::{Scope, keys};
use web::Asker;

use super::{Most, RecordExport, export_records, export_records::Sink, model::ExportFile};

/// More than anybody has.
const MOST: Most = Most { rows: 1_000_000, read: u32::MAX };

pub async fn write_record_export(deps: &Deps, scope: &Scope, id: ExportId) -> Result<()> {
    let key = scope.keys().record_export(id);
    let Some(export) = scope.get::<RecordExport>(&key).await? else { return Ok(()) };
    if export.file.is_some() {
        return Ok(());
    }
    let organization = scope.tenant().organization();
    let asker = Asker::standing_in(deps, organization, export.by).await?;
    // Who may not any more gets none; it is shown as interrupted.
    let Some(asker) = asker.filter(|asker| asker.may(Permission::CrmExport)) else { return Ok(()) };
    let s3_key = keys::record_export_s3_key(organization, id);
    let parts = deps.files.begin_parts(&s3_key, export.format.media_type()).await?;
    let mut to = Counted { parts, bytes: 0 };
    let what = (export.of, export.format, export.query.as_str());
    let rows = export_records(&asker, what, MOST, &mut to).await?;
    let rows = rows.ok_or_else(|| Error::internal("more records than an export holds"))?;
    let Counted { parts, bytes } = to;
    parts.finish().await?;
    finish_record_export(&asker.scope, id, rows, bytes).await
}

async fn finish_record_export(scope: &Scope, id: ExportId, rows: u32, bytes: u64) -> Result<()> {
    scope
        .write(|| async {
            let read = scope.get::<RecordExport>(&scope.keys().record_export(id)).await?.ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("finish_record_export", id);
            if read.file.is_some() {
                return Ok((transaction.nothing(), ()));
            }
            let file = Some(ExportFile { rows, bytes, at: scope.now() });
            transaction.update(&read, &RecordExport { file, ..read.value.clone() });
            Ok((transaction, ()))
        })
        .await
}

/// Parts of a file, and how many bytes they have.
struct Counted {
    parts: cloud::Parts,
    bytes: u64,
}

impl Sink for Counted {
    const PART: usize = cloud::PART_BYTES;

    async fn take(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.bytes += bytes.len() as u64;
        self.parts.send(bytes).await
    }
}
