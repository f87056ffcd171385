//! Deleting a product that nothing ever named. Whoever names one notes it on the product first
//! ([`super::Named`]), so that this cannot pass by it.

use kernel::{Error, Result, error::Conflict, id::ProductId};
use table::Scope;

use super::{ProductReference, store};

pub async fn delete_product(scope: &Scope, id: ProductId, seen: Option<u64>) -> Result<()> {
    scope
        .write(|| async {
            let shelf = store::read(scope, id).await?;
            let read = shelf.product.expect_version(seen)?;
            if read.is_used {
                return Err(Error::Conflict(Conflict::ProductUsed));
            }
            let reference = read.claim().reference;
            let mut transaction = scope.begin("delete_product", id);
            transaction.delete(&read).forget::<ProductReference>(|keys| keys.product_reference(&reference));
            if let Some(stock) = &shelf.stock {
                transaction.delete(stock);
            }
            Ok((transaction, ()))
        })
        .await
}
