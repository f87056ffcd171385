//! Taking over a portrait that was sent.

use kernel::{Error, Result};
use table::keys;
use tokio::sync::{Mutex, OnceCell};
use web::{
    Asker,
    upload::{UploadedInput, discard_upload, keep_picture},
};

use super::store;
use crate::account::Account;

/// The side of the square, in pixels: sharp in the largest place where a portrait stands.
const SIDE_MAX: u32 = 256;

/// Makes what was sent one's portrait. `seen` is the version of the account that the client saw.
pub async fn change_portrait(asker: &Asker, input: &UploadedInput, seen: Option<u64>) -> Result<(Account, u64)> {
    let upload = input.parse()?;
    let (scope, files) = (&asker.scope, &asker.deps().files);
    // Decoded once, however often the account is written by others meanwhile.
    let kept = OnceCell::new();
    // As the act found it; where the act was done before, nothing is found and nothing deleted.
    let former = Mutex::new(None);
    let changed = scope
        .write(|| async {
            let (current, organizations) = store::read(asker).await?;
            let current = current.expect_version(seen)?;
            let harmless = |sent: &[u8]| images::squared(sent, SIDE_MAX).map(|portrait| (portrait.png, ()));
            let key = |_: &str| keys::portrait_s3_key(asker.user, upload);
            kept.get_or_try_init(|| keep_picture(scope, files, upload, harmless, key)).await?;
            *former.lock().await = current.portrait.filter(|former| *former != upload);
            let mut transaction = scope.begin("change_portrait", asker.user);
            let changed = store::write(&mut transaction, &current, &organizations, Some(upload));
            Ok((transaction, (changed, current.version + 1)))
        })
        .await;
    if matches!(changed, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    if changed.is_err() && kept.initialized() {
        store::discard_unnamed(asker, upload).await;
    }
    let changed = changed?;
    if let Some(former) = former.into_inner() {
        store::discard(asker, former).await;
    }
    Ok(changed)
}
