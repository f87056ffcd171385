//! A product that is offered no more, and one that is offered again.

use jiff::civil::Date;
use kernel::{Result, id::ProductId};
use table::{Scope, Stored};

use super::{Product, store};

/// Archiving again changes nothing.
pub async fn archive_product(scope: &Scope, today: Date, id: ProductId, seen: Option<u64>) -> Result<Stored<Product>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let mut transaction = scope.begin("archive_product", id);
            if read.archived_on.is_some() {
                return Ok((transaction.nothing(), read));
            }
            let archived = Product { archived_on: Some(today), ..read.value.clone() };
            transaction.update(&read, &archived);
            Ok((transaction, Stored { value: archived, version: read.version + 1 }))
        })
        .await
}

pub async fn restore_product(scope: &Scope, id: ProductId, seen: Option<u64>) -> Result<Stored<Product>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let mut transaction = scope.begin("restore_product", id);
            if read.archived_on.is_none() {
                return Ok((transaction.nothing(), read));
            }
            let restored = Product { archived_on: None, ..read.value.clone() };
            transaction.update(&read, &restored);
            Ok((transaction, Stored { value: restored, version: read.version + 1 }))
        })
        .await
}
