//! Changing a product. What documents say of it stays as it was written there.

use kernel::{Result, id::ProductId};
use table::Stored;
use web::Asker;

use super::{Product, ProductInput, ProductReference, store};

/// `seen` is the version that the form was filled in on.
pub async fn edit_product(
    asker: &Asker,
    id: ProductId,
    input: &ProductInput,
    seen: Option<u64>,
) -> Result<Stored<Product>> {
    let new = input.parse(&asker.organization, asker.today())?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let product = read.edited(new.clone());
            let mut transaction = scope.begin("edit_product", id);
            transaction.update(&read, &product);
            let (former, claim) = (read.claim().reference, product.claim());
            if former != claim.reference {
                transaction
                    .claim(&claim, store::taken)
                    .forget::<ProductReference>(|keys| keys.product_reference(&former));
            }
            Ok((transaction, Stored { value: product, version: read.version + 1 }))
        })
        .await
}
