//! Adding a product to the catalogue.

use kernel::{Result, id::ProductId};
use table::Stored;
use web::Asker;

use super::{Product, ProductInput, store};
use crate::catalogue::{self, Catalogue};

pub async fn create_product(asker: &Asker, input: &ProductInput) -> Result<(Stored<Product>, Catalogue)> {
    let scope = &asker.scope;
    let id = scope.new_id(ProductId::new);
    scope
        .write(|| async {
            let catalogue = catalogue::CATALOGUE.shown(scope).await?.value;
            let new = input.parse(&asker.organization, &catalogue, asker.today())?;
            let product = Product::new(id, scope.now(), new);
            let mut transaction = scope.begin("create_product", id);
            transaction.create(&product).claim(&product.claim(), store::taken);
            store::save_stock(&mut transaction, None, &product);
            Ok((transaction, (Stored { value: product, version: 1 }, catalogue)))
        })
        .await
}
