//! Taking over a picture that was sent, and doing without one.

use cloud::Files;
use kernel::{Error, Result, document::Logo, id::ProductId};
use table::{Scope, Stored, keys};
use tokio::sync::OnceCell;
use web::upload::{UploadedInput, discard_upload, keep_picture};

use crate::product::{
    Product,
    store::{self, Shelf},
};

/// The longest side, in pixels: sharp on a page, small on the way.
const SIDE_MAX: u32 = 800;

/// Makes what was sent the picture of a product. `seen` is the version that the client saw.
pub async fn change_picture(
    scope: &Scope,
    files: &Files,
    id: ProductId,
    input: &UploadedInput,
    seen: Option<u64>,
) -> Result<Shelf> {
    let upload = input.parse()?;
    // Decoded once, however often the product is written by others meanwhile.
    let kept = OnceCell::new();
    let changed = scope
        .write(|| async {
            let shelf = store::read(scope, id).await?;
            let read = shelf.product.clone().expect_version(seen)?;
            let keep = async {
                let harmless =
                    |sent: &[u8]| images::reencoded(sent, SIDE_MAX).map(|kept| (kept.png, (kept.width, kept.height)));
                let key = |sha256: &str| keys::product_picture_s3_key(scope.tenant().organization(), sha256);
                let (sha256, (width, height)) = keep_picture(scope, files, upload, harmless, key).await?;
                Ok::<_, Error>(Logo { sha256, width, height })
            };
            let picture = kept.get_or_try_init(|| keep).await?;
            let product = Product { picture: Some(picture.clone()), ..read.value.clone() };
            let mut transaction = scope.begin("change_picture", id);
            transaction.update(&read, &product);
            Ok((transaction, Shelf { product: Stored { value: product, version: read.version + 1 }, ..shelf }))
        })
        .await;
    if matches!(changed, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    changed
}

/// Its file stays: another product may have the same picture.
pub async fn remove_picture(scope: &Scope, id: ProductId, seen: Option<u64>) -> Result<Shelf> {
    scope
        .write(|| async {
            let shelf = store::read(scope, id).await?;
            let read = shelf.product.clone().expect_version(seen)?;
            let product = Product { picture: None, ..read.value.clone() };
            let mut transaction = scope.begin("remove_picture", id);
            if read.picture.is_none() {
                return Ok((transaction.nothing(), shelf));
            }
            transaction.update(&read, &product);
            Ok((transaction, Shelf { product: Stored { value: product, version: read.version + 1 }, ..shelf }))
        })
        .await
}
