//! The picture that a document names: read by whoever draws it.

use kernel::{Result, document::Logo, id::OrganizationId};
use sha2::{Digest, Sha256};
use table::keys;

use crate::Files;

/// More than any picture of 512 by 512 pixels takes.
pub const LOGO_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// None where there is none. Without it a document is still the document: an invoice does not wait for a picture that somebody took out of the bucket.
pub async fn fetch_logo(files: &Files, organization: OrganizationId, logo: Option<&Logo>) -> Result<Option<Vec<u8>>> {
    let Some(logo) = logo else { return Ok(None) };
    let key = keys::logo_s3_key(organization, &logo.sha256);
    let found = files.find(&key, LOGO_BYTES_MAX).await?;
    let right = found.filter(|png| hex::encode(Sha256::digest(png)) == logo.sha256);
    if right.is_none() {
        tracing::error!(key, "the logo of a document is not what it was; the document is drawn without it");
    }
    Ok(right)
}
