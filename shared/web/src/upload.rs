//! Files that people send: past us, straight into the bucket, by a link that we sign; then taken over by the act for
//! which they were sent. A use case that takes files declares a [`FileKind`] and calls these three.
//!
//! ```text
//! begin_upload ─► link ─► the browser's or program's PUT ─► read_upload, the act, discard_upload
//! ```
//!
//! The link holds its sender to the type and the length that were announced; what the file really is, whoever takes
//! it over proves from its content. What is never taken over, the bucket forgets after a day.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use cloud::{Files, LINK_VALID, UploadLink};
use http::{HeaderValue, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Result, Rule, Violations, id::UploadId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use table::{Scope, keys};

use crate::{Asker, Failure, PageResult, redirect};

/// What every picture is that we keep.
pub const PNG: &str = "image/png";

/// Less than a signed link works, so that a page never shows one that has ended.
const LINK_KEPT: &str = "private, max-age=240";

/// What files an act takes.
#[derive(Debug, Clone, Copy)]
pub struct FileKind {
    /// Media types with the names that people know them by.
    pub media_types: &'static [(&'static str, &'static str)],
    pub megabytes_max: u64,
}

/// Pictures: logos, portraits.
pub const IMAGE: FileKind = FileKind {
    media_types: &[("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/gif", "GIF"), ("image/webp", "WebP")],
    megabytes_max: 5,
};

impl FileKind {
    pub const fn bytes_max(&self) -> u64 {
        self.megabytes_max * 1024 * 1024
    }

    /// What a page lets choose from: `image/png,image/jpeg`.
    pub fn accept(&self) -> String {
        self.media_types.iter().map(|(media_type, _)| *media_type).collect::<Vec<_>>().join(",")
    }

    /// As a sentence has it: `PNG, JPEG, GIF ou WebP`.
    pub fn names(&self) -> String {
        // Some kinds go by several types.
        let mut names: Vec<_> = self.media_types.iter().map(|(_, name)| *name).collect();
        names.dedup();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} ou {last}", others.join(", ")),
            None => String::new(),
        }
    }

    fn check(&self, input: &UploadInput) -> Result<(), Violations> {
        let mut wrong = Violations::default();
        if !self.media_types.iter().any(|(media_type, _)| *media_type == input.media_type) {
            wrong.add("/media_type", Rule::WrongFileType { accepted: self.names() });
        }
        if input.bytes == 0 {
            wrong.add("/bytes", Rule::EmptyFile);
        }
        if input.bytes > self.bytes_max() {
            wrong.add("/bytes", Rule::FileTooLarge { max_mb: self.megabytes_max });
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// The file that somebody is about to send.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UploadInput {
    /// `image/png`
    pub media_type: String,
    /// Its exact length.
    pub bytes: u64,
}

/// How to send it: `PUT` it to `url` with `headers`, then name `id` in the act that it is for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct UploadView {
    /// `upl_…`
    #[schema(value_type = String)]
    pub id: UploadId,
    pub url: String,
    pub headers: BTreeMap<String, String>,
    /// When the link ends, five minutes from now.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// The file that was sent, named to the act that it is for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UploadedInput {
    /// `upl_…`
    pub upload_id: String,
}

impl UploadedInput {
    pub fn parse(&self) -> Result<UploadId> {
        self.upload_id.parse().map_err(|_| no_upload())
    }
}

pub async fn begin_upload(scope: &Scope, files: &Files, kind: &FileKind, input: &UploadInput) -> Result<UploadView> {
    kind.check(input)?;
    let id = scope.new_id(UploadId::new);
    let key = keys::upload_s3_key(scope.tenant().organization(), id);
    let UploadLink { url, headers } = files.upload_link(&key, &input.media_type, input.bytes).await?;
    let valid = SignedDuration::try_from(LINK_VALID).map_err(Error::internal)?;
    Ok(UploadView { id, url, headers, expires_at: scope.now().saturating_add(valid).map_err(Error::internal)? })
}

/// What was sent; a violation of `/upload_id` where nothing was, or by somebody of another organization.
pub async fn read_upload(scope: &Scope, files: &Files, kind: &FileKind, upload: UploadId) -> Result<Vec<u8>> {
    let key = keys::upload_s3_key(scope.tenant().organization(), upload);
    match files.find(&key, kind.bytes_max()).await {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(no_upload()),
        Err(Error::TooLarge) => Err(refused(Rule::FileTooLarge { max_mb: kind.megabytes_max })),
        Err(other) => Err(other),
    }
}

/// Makes a picture harmless: its PNG, and what else is to be told of it.
type Prepare<T> = fn(&[u8]) -> Result<(Vec<u8>, T), Rule>;

/// Takes over a picture: `prepare` makes it harmless, `key` says where its PNG goes by its SHA-256. Gives the SHA-256, and
/// what `prepare` tells besides.
pub async fn keep_picture<T: Send + 'static>(
    scope: &Scope,
    files: &Files,
    upload: UploadId,
    prepare: Prepare<T>,
    key: impl FnOnce(&str) -> String,
) -> Result<(String, T)> {
    let sent = read_upload(scope, files, &IMAGE, upload).await?;
    let (png, told) = tokio::task::spawn_blocking(move || prepare(&sent))
        .await
        .map_err(|_| Error::internal("the decoder panicked"))?
        .map_err(refused)?;
    let sha256 = hex::encode(Sha256::digest(&png));
    files.put(&key(&sha256), png, PNG).await?;
    Ok((sha256, told))
}

/// Leads to a picture that was kept. Pages name it by an address that changes with it, so browsers need not ask often.
pub async fn show_picture(files: &Files, key: &str) -> PageResult {
    let mut response = redirect(&files.inline_link(key, PNG).await?)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(LINK_KEPT));
    Ok(response)
}

/// As [`begin_upload`], asked by a page's script, which shows `message` where there is one.
pub async fn begin_on_page(asker: &Asker, kind: &FileKind, input: &UploadInput) -> Result<Response, Failure> {
    match begin_upload(&asker.scope, &asker.deps().files, kind, input).await {
        Ok(upload) => Ok(axum::Json(upload).into_response()),
        Err(Error::Invalid(violations)) => {
            let told: Vec<_> = violations.iter().map(|violation| violation.rule.french()).collect();
            let body = axum::Json(json!({ "message": told.join(" ") }));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
        Err(other) => Err(Failure(other)),
    }
}

/// Deletes what was taken over. The act is done: where this fails, the bucket forgets it by itself.
pub async fn discard_upload(scope: &Scope, files: &Files, upload: UploadId) {
    let key = keys::upload_s3_key(scope.tenant().organization(), upload);
    if let Err(error) = files.delete(&key).await {
        tracing::warn!(%error, key, "an upload that was taken over is not deleted");
    }
}

/// What its content says against the file that was sent.
pub fn refused(rule: Rule) -> Error {
    Error::field("/upload_id", rule)
}

fn no_upload() -> Error {
    refused(Rule::NoUpload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_says_what_it_takes() {
        assert_eq!(IMAGE.names(), "PNG, JPEG, GIF ou WebP");
        assert_eq!(IMAGE.accept(), "image/png,image/jpeg,image/gif,image/webp");
        let input = |media_type: &str, bytes| UploadInput { media_type: media_type.into(), bytes };
        assert!(IMAGE.check(&input("image/png", 5 * 1024 * 1024)).is_ok());
        let wrong = IMAGE.check(&input("image/svg+xml", 5 * 1024 * 1024 + 1)).unwrap_err();
        assert_eq!(wrong.french("/bytes").as_deref(), Some("Ce fichier est trop volumineux : 5 Mo au plus."));
        assert!(wrong.french("/media_type").is_some_and(|told| told.contains("PNG, JPEG, GIF ou WebP")));
    }
}
