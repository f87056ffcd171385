//! What somebody says of a stock: a delivery, an inventory, a breakage.

use kernel::{
    Error, Result,
    error::Conflict,
    id::{ProductId, StockMoveId},
};
use serde::{Deserialize, Serialize};
use table::{Patch, Scope};

use super::{AdjustmentInput, Cause, Stock, StockMove, model::Change};
use crate::{catalogue::Catalogue, product::Product};

/// The move with what there is after it. None where what was counted is what was known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Adjusted {
    pub stock: Stock,
    pub moved: Option<StockMove>,
}

pub async fn adjust_stock(scope: &Scope, id: ProductId, input: &AdjustmentInput) -> Result<Adjusted> {
    let adjustment = input.parse()?;
    let moved = scope.new_id(StockMoveId::new);
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.product(id), keys.stock(id), keys.catalogue()]).await?;
            let product = found.first::<Product>()?.ok_or(Error::NotFound)?;
            let read = found.first::<Stock>()?.filter(|stock| stock.is_tracked);
            let read = read.ok_or(Error::Conflict(Conflict::StockNotTracked))?;
            let allows_negative = found.first::<Catalogue>()?.is_some_and(|catalogue| catalogue.allows_negative_stock);
            let (by, pointer) = match adjustment.change {
                Change::By(by) => (by, "/quantity"),
                Change::To(counted) => (counted - read.quantity, "/counted"),
            };
            let mut transaction = scope.begin("adjust_stock", id);
            if by.is_zero() {
                return Ok((transaction.nothing(), Adjusted { stock: read.value, moved: None }));
            }
            let stock = read.changed(by, allows_negative).map_err(|rule| Error::field(pointer, rule))?;
            let (reason, left) = (adjustment.reason.clone(), stock.quantity);
            let cause = Cause::Adjusted { reason };
            let moved = StockMove { id: moved, product: id, at: scope.now(), quantity: by, left, cause };
            transaction.update(&read, &stock).create(&moved);
            if !product.is_used {
                transaction.patch(Patch::of::<Product>(keys.product(id)).set_value("is_used", &true)?);
            }
            Ok((transaction, Adjusted { stock, moved: Some(moved) }))
        })
        .await
}
