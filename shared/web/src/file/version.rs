//! One version of a file, as the API names and shows it.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use jiff::Timestamp;
use kernel::{
    Error,
    id::{NotAnId, UserId},
};
use serde::Serialize;

use super::{FileType, Version};
use crate::Failure;

#[derive(Serialize, utoipa::ToSchema)]
pub struct FileVersionView {
    /// From 1.
    number: usize,
    kind: FileType,
    media_type: &'static str,
    bytes: u64,
    /// In hexadecimal.
    sha256: String,
    /// `usr_…`
    #[schema(value_type = String)]
    author: UserId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl FileVersionView {
    /// The first one first.
    pub fn all(versions: &[Version]) -> Vec<Self> {
        let view = |(version, number): (&Version, usize)| Self {
            number,
            kind: version.kind,
            media_type: version.kind.media_type(),
            bytes: version.bytes,
            sha256: version.sha256.clone(),
            author: version.author,
            at: version.at,
        };
        versions.iter().zip(1..).map(view).collect()
    }
}

/// Its number in a path.
#[derive(Debug, Clone, Copy)]
pub struct VersionNumber(pub usize);

impl FromStr for VersionNumber {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| NotAnId)
    }
}

/// Whose the file is, the file, and the number of a version, all in the path.
pub struct OfVersion<T, U>(pub T, pub U, pub usize);

impl<T, U, S> FromRequestParts<S> for OfVersion<T, U>
where
    T: FromStr<Err = NotAnId>,
    U: FromStr<Err = NotAnId>,
    S: Send + Sync,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let unknown = || Failure(Error::NotFound);
        let path = Path::<(String, String, String)>::from_request_parts(parts, state).await;
        let Path((holder, file, number)) = path.map_err(|_| unknown())?;
        let (holder, file) = (holder.parse().map_err(|_| unknown())?, file.parse().map_err(|_| unknown())?);
        Ok(Self(holder, file, number.parse().map_err(|_| unknown())?))
    }
}
