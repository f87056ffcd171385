//! Taking over what was sent: proven, then put where versions lie.

use kernel::{
    Result,
    id::{AttachedId, UploadId},
};
use table::keys;
use web::{
    Asker,
    file::{self, FILE, Version},
};

/// Reads, proves and keeps what was sent as a version of a file; `name` is what it is called where it comes from.
pub async fn keep(asker: &Asker, file: AttachedId, upload: UploadId, name: &str) -> Result<Version> {
    file::keep(asker, &FILE, upload, name, &s3_key(asker, file, upload)).await
}

/// What was kept for an act that was then refused.
pub async fn discard(asker: &Asker, file: AttachedId, upload: UploadId) {
    file::discard(asker, &s3_key(asker, file, upload)).await;
}

fn s3_key(asker: &Asker, file: AttachedId, upload: UploadId) -> String {
    keys::attached_s3_key(asker.scope.tenant().organization(), file, upload)
}
