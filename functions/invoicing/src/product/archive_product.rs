//! A product that is offered no more, and one that is offered again.

use jiff::civil::Date;
use kernel::{Result, id::ProductId};
use table::{Scope, Stored};

use super::{Product, store, store::Shelf};
use crate::catalogue::Catalogue;

/// Archiving again changes nothing.
pub async fn archive_product(
    scope: &Scope,
    today: Date,
    id: ProductId,
    seen: Option<u64>,
) -> Result<(Stored<Product>, Catalogue)> {
    scope
        .write(|| async {
            let Shelf { product: read, catalogue, stock } = store::read(scope, id).await?;
            let read = read.expect_version(seen)?;
            let mut transaction = scope.begin("archive_product", id);
            if read.archived_on.is_some() {
                return Ok((transaction.nothing(), (read, catalogue)));
            }
            let archived = Product { archived_on: Some(today), ..read.value.clone() };
            transaction.update(&read, &archived);
            store::save_stock(&mut transaction, stock.as_ref(), &archived);
            Ok((transaction, (Stored { value: archived, version: read.version + 1 }, catalogue)))
        })
        .await
}

pub async fn restore_product(scope: &Scope, id: ProductId, seen: Option<u64>) -> Result<(Stored<Product>, Catalogue)> {
    scope
        .write(|| async {
            let Shelf { product: read, catalogue, stock } = store::read(scope, id).await?;
            let read = read.expect_version(seen)?;
            let mut transaction = scope.begin("restore_product", id);
            if read.archived_on.is_none() {
                return Ok((transaction.nothing(), (read, catalogue)));
            }
            let restored = Product { archived_on: None, ..read.value.clone() };
            transaction.update(&read, &restored);
            store::save_stock(&mut transaction, stock.as_ref(), &restored);
            Ok((transaction, (Stored { value: restored, version: read.version + 1 }, catalogue)))
        })
        .await
}
