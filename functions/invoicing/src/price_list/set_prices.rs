//! What a product costs in price lists, where it is not what their reduction makes of its price.

use kernel::{Error, Result, id::ProductId};
use table::{Scope, Stored};

use super::PricesInput;
use crate::{catalogue::Catalogue, product::Product};

/// Replaces all prices that the product has of its own.
pub async fn set_prices(
    scope: &Scope,
    id: ProductId,
    input: &PricesInput,
    seen: Option<u64>,
) -> Result<(Stored<Product>, Catalogue)> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.product(id), keys.catalogue()]).await?;
            let read = found.first::<Product>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let catalogue = found.first::<Catalogue>()?.unwrap_or_else(Stored::unwritten).value;
            let product = Product { prices: input.parse(&catalogue)?, ..read.value.clone() };
            let mut transaction = scope.begin("set_prices", id);
            transaction.update(&read, &product);
            Ok((transaction, (Stored { value: product, version: read.version + 1 }, catalogue)))
        })
        .await
}
