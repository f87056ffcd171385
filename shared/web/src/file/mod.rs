//! Files that are kept with something, each with its versions: proven by their content, called harmlessly, and put where the
//! versions of that thing lie. What is no file of this kind is a picture ([`crate::upload::keep_picture`]).

mod kind;
mod name;
mod version;

use jiff::Timestamp;
use kernel::{
    Error, Result, Rule,
    id::{UploadId, UserId},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use kind::FileType;
pub use name::{name_of, titled};
pub use version::{FileVersionView, OfVersion, VersionNumber};

use crate::{
    Asker,
    upload::{FileKind, read_upload, refused},
};

/// How many versions of a file are kept at most.
pub const VERSIONS_MAX: usize = 20;

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

/// What somebody sent, as it lies in the bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// By which it came; where it lies is named after it.
    pub upload: UploadId,
    pub kind: FileType,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
    pub author: UserId,
    pub at: Timestamp,
}

/// These with another one behind them.
pub fn with_version(versions: &[Version], version: Version) -> Result<Vec<Version>, Rule> {
    if versions.len() >= VERSIONS_MAX {
        return Err(Rule::TooMany { max: VERSIONS_MAX });
    }
    if versions.last().is_some_and(|last| last.sha256 == version.sha256) {
        return Err(Rule::SameFile);
    }
    Ok(versions.iter().cloned().chain([version]).collect())
}

/// Under which name the version with this number (from 1) is downloaded; a former one says which it is.
pub fn file_name(name: &str, versions: &[Version], number: usize) -> String {
    let version = number.checked_sub(1).and_then(|at| versions.get(at));
    let ending = version.map_or("", |version| version.kind.ending());
    if number == versions.len() { format!("{name}.{ending}") } else { format!("{name} (version {number}).{ending}") }
}

/// What was sent is, by its content, where that is taken: a kind that takes less than what is known says so by its media types.
pub fn proven(kind: &FileKind, sent: &[u8], name: &str) -> Result<FileType, Rule> {
    let accepted = |found: &FileType| kind.media_types.iter().any(|(media_type, _)| *media_type == found.media_type());
    FileType::of(sent, name).filter(accepted).ok_or_else(|| Rule::WrongFileType { accepted: kind.names() })
}

/// Reads, proves and keeps what was sent as a version; `name` is what it is called where it comes from, `s3_key` where it goes.
pub async fn keep(asker: &Asker, kind: &FileKind, upload: UploadId, name: &str, s3_key: &str) -> Result<Version> {
    let (scope, files) = (&asker.scope, &asker.deps().files);
    let sent = read_upload(scope, files, kind, upload).await?;
    let (kind, name) = (*kind, name.to_owned());
    let proof = move || {
        let found = proven(&kind, &sent, &name);
        let sha256 = hex::encode(Sha256::digest(&sent));
        (sent, found, sha256)
    };
    let done = tokio::task::spawn_blocking(proof).await;
    let (sent, found, sha256) = done.map_err(|_| Error::internal("the proof of a file panicked"))?;
    let found = found.map_err(refused)?;
    let bytes = sent.len() as u64;
    files.put(s3_key, sent, found.media_type()).await?;
    Ok(Version { upload, kind: found, bytes, sha256, author: asker.user, at: scope.now() })
}

/// Whether an act was certainly refused. Of another failure it may have been done all the same, its answer lost: what was
/// kept for it then stays.
pub const fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::NotFound | Error::Forbidden | Error::Stale | Error::Conflict(_))
}

/// Deletes what was kept for an act that was then refused.
pub async fn discard(asker: &Asker, s3_key: &str) {
    if let Err(error) = asker.deps().files.delete(s3_key).await {
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
