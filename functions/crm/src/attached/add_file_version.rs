//! Sending a file anew: what it was stays, as a former version.

use kernel::{Error, Result, id::AttachedId};
use tokio::sync::OnceCell;
use web::{
    Asker,
    file::is_refusal,
    upload::{UploadedInput, discard_upload, refused},
};

use super::{
    AttachedFile, VersionInput,
    keep::{discard, keep},
    list_files::read,
};
use crate::record::Record;

/// `seen` is the version of the item that the client saw.
pub async fn add_file_version(
    asker: &Asker,
    record: Record,
    id: AttachedId,
    input: &VersionInput,
    seen: Option<u64>,
) -> Result<(AttachedFile, u64)> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let (scope, files) = (&asker.scope, &asker.deps().files);
    let kept = OnceCell::new();
    let added = scope
        .write(|| async {
            let (holder, file) = read(asker, record, id).await?;
            holder.takes_files()?;
            let mut transaction = scope.begin("add_file_version", record);
            if file.versions.iter().any(|version| version.upload == upload) {
                return Ok((transaction.nothing(), (file.value, file.version)));
            }
            let file = file.expect_version(seen)?;
            let named = if input.name.is_empty() { file.current_name() } else { input.name.clone() };
            let next = kept.get_or_try_init(|| keep(asker, id, upload, &named)).await?;
            let changed = file.with(next.clone()).map_err(refused)?;
            transaction.update(&file, &changed);
            holder.hold(&mut transaction);
            Ok((transaction, (changed, file.version + 1)))
        })
        .await;
    if added.as_ref().is_err_and(is_refusal) && kept.initialized() {
        discard(asker, id, upload).await;
    }
    if matches!(added, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    added
}
