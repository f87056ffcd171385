//! Adding a product to the catalogue.

use kernel::{Result, id::ProductId};
use table::Stored;
use web::Asker;

use super::{Product, ProductInput, store};

pub async fn create_product(asker: &Asker, input: &ProductInput) -> Result<Stored<Product>> {
    let new = input.parse(&asker.organization, asker.today())?;
    let scope = &asker.scope;
    let id = scope.new_id(ProductId::new);
    scope
        .write(|| async {
            let product = Product::new(id, scope.now(), new.clone());
            let mut transaction = scope.begin("create_product", id);
            transaction.create(&product).claim(&product.claim(), store::taken);
            Ok((transaction, Stored { value: product, version: 1 }))
        })
        .await
}
