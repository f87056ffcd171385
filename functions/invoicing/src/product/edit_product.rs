//! Changing a product. What documents say of it stays as it was written there.

use kernel::{Result, id::ProductId};
use table::Stored;
use web::Asker;

use super::{Product, ProductInput, ProductReference, store, store::Shelf};
use crate::catalogue::Catalogue;

/// `seen` is the version that the form was filled in on.
pub async fn edit_product(
    asker: &Asker,
    id: ProductId,
    input: &ProductInput,
    seen: Option<u64>,
) -> Result<(Stored<Product>, Catalogue)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let Shelf { product: read, catalogue, stock } = store::read(scope, id).await?;
            let read = read.expect_version(seen)?;
            let product = read.edited(input.parse(&asker.organization, &catalogue, asker.today())?);
            let mut transaction = scope.begin("edit_product", id);
            transaction.update(&read, &product);
            store::save_stock(&mut transaction, stock.as_ref(), &product);
            let (former, claim) = (read.claim().reference, product.claim());
            if former != claim.reference {
                transaction
                    .claim(&claim, store::taken)
                    .forget::<ProductReference>(|keys| keys.product_reference(&former));
            }
            Ok((transaction, (Stored { value: product, version: read.version + 1 }, catalogue)))
        })
        .await
}
