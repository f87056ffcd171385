//! Taking over what was sent: proven, then put where versions lie.

use kernel::{
    Error, Result, Rule,
    id::{AttachedId, UploadId},
};
use sha2::{Digest, Sha256};
use table::keys;
use web::{
    Asker,
    upload::{FileKind, read_upload, refused},
};

use super::{FileType, Version};

/// What may be sent. Browsers tell tables and office documents by other types too; what a file is, its content says.
pub const FILE: FileKind = FileKind {
    media_types: &[
        ("application/pdf", "PDF"),
        ("application/msword", "Word"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
        ("application/vnd.ms-excel", "Excel"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
        ("application/vnd.oasis.opendocument.text", "OpenDocument"),
        ("application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("text/plain", "texte"),
        ("text/csv", "CSV"),
        ("application/csv", "CSV"),
        ("image/png", "PNG"),
        ("image/jpeg", "JPEG"),
        ("image/webp", "WebP"),
        ("application/octet-stream", "WebP"),
    ],
    megabytes_max: 25,
};

/// Reads, proves and keeps what was sent as a version of a file; `name` is what it is called where it comes from.
pub async fn keep(asker: &Asker, file: AttachedId, upload: UploadId, name: &str) -> Result<Version> {
    let (scope, files) = (&asker.scope, &asker.deps().files);
    let sent = read_upload(scope, files, &FILE, upload).await?;
    let name = name.to_owned();
    let proof = move || {
        let kind = FileType::of(&sent, &name);
        let sha256 = hex::encode(Sha256::digest(&sent));
        (sent, kind, sha256)
    };
    let proven = tokio::task::spawn_blocking(proof).await;
    let (sent, kind, sha256) = proven.map_err(|_| Error::internal("the proof of a file panicked"))?;
    let kind = kind.ok_or_else(|| refused(Rule::WrongFileType { accepted: FILE.names() }))?;
    let bytes = sent.len() as u64;
    let s3_key = keys::attached_s3_key(scope.tenant().organization(), file, upload);
    files.put(&s3_key, sent, kind.media_type()).await?;
    Ok(Version { upload, kind, bytes, sha256, author: asker.user, at: scope.now() })
}

/// Whether an act was certainly refused. Of another failure it may have been done all the same, its answer lost: what was
/// kept for it then stays.
pub const fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::NotFound | Error::Forbidden | Error::Stale | Error::Conflict(_))
}

/// What was kept for an act that was then refused.
pub async fn discard(asker: &Asker, file: AttachedId, upload: UploadId) {
    let s3_key = keys::attached_s3_key(asker.scope.tenant().organization(), file, upload);
    if let Err(error) = asker.deps().files.delete(&s3_key).await {
        tracing::warn!(%error, s3_key, "a version that no file has is not deleted");
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Violations, error::Conflict};

    use super::*;

    #[test]
    fn what_may_have_been_done_is_no_refusal() {
        let refused = [
            Error::Invalid(Violations::default()),
            Error::NotFound,
            Error::Forbidden,
            Error::Stale,
            Error::Conflict(Conflict::ActivityClosed),
        ];
        assert!(refused.iter().all(is_refusal));
        assert!(!is_refusal(&Error::Unavailable { detail: "no answer".into() }));
        assert!(!is_refusal(&Error::internal("no answer")));
    }
}
