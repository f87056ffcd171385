//! Taking over a picture that was sent.

use cloud::Files;
use kernel::{
    Error, Result,
    document::{Brand, Logo},
    id::UploadId,
    reference::OrganizationReference,
};
use table::{Scope, keys};
use tokio::sync::OnceCell;
use web::upload::{UploadedInput, discard_upload, keep_picture};

use crate::organization;

/// The longest side, in pixels: sharp at the height of a letterhead, small in every PDF.
const SIDE_MAX: u32 = 512;

/// Makes what was sent the organization's logo. `seen` is the version that the client saw.
pub async fn change_logo(
    scope: &Scope,
    files: &Files,
    input: &UploadedInput,
    seen: Option<u64>,
) -> Result<(OrganizationReference, u64)> {
    let upload = input.parse()?;
    // Decoded once, however often the organization is written by others meanwhile.
    let kept = OnceCell::new();
    let changed = scope
        .write(|| async {
            let current = organization::read(scope).await?.expect_version(seen)?;
            let logo = kept.get_or_try_init(|| keep(scope, files, upload)).await?;
            let brand = Brand { logo: Some(logo.clone()), ..current.brand.clone() };
            let changed = OrganizationReference { brand, ..current.value.clone() };
            let mut transaction = scope.begin("change_logo", changed.id);
            transaction.update(&current, &changed);
            Ok((transaction, (changed, current.version + 1)))
        })
        .await;
    if matches!(changed, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    changed
}

/// Re-encodes the picture and puts it under its own hash. The one before stays: documents that were frozen name it.
async fn keep(scope: &Scope, files: &Files, upload: UploadId) -> Result<Logo> {
    let harmless = |sent: &[u8]| images::reencoded(sent, SIDE_MAX).map(|logo| (logo.png, (logo.width, logo.height)));
    let key = |sha256: &str| keys::logo_s3_key(scope.tenant().organization(), sha256);
    let (sha256, (width, height)) = keep_picture(scope, files, upload, harmless, key).await?;
    Ok(Logo { sha256, width, height })
}
