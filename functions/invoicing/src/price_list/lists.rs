//! Adding, changing and removing a price list.

use kernel::{Error, Result, id::PriceListId};
use table::Scope;

use super::{PriceList, PriceListInput};
use crate::catalogue::CATALOGUE;

/// With the catalogue's version after it.
pub async fn create_price_list(scope: &Scope, input: &PriceListInput) -> Result<(PriceList, u64)> {
    let id = scope.new_id(PriceListId::new);
    let begin = |scope: &Scope, organization| scope.begin("create_price_list", organization);
    CATALOGUE
        .change(scope, None, begin, |catalogue| {
            let changed = catalogue.with_price_list(id, input)?;
            let list = changed.price_list(id).cloned().ok_or(Error::NotFound)?;
            Ok((changed, list))
        })
        .await
}

pub async fn edit_price_list(
    scope: &Scope,
    id: PriceListId,
    input: &PriceListInput,
    seen: Option<u64>,
) -> Result<(PriceList, u64)> {
    let begin = |scope: &Scope, organization| scope.begin("edit_price_list", organization);
    CATALOGUE
        .change(scope, seen, begin, |catalogue| {
            catalogue.price_list(id).ok_or(Error::NotFound)?;
            let changed = catalogue.with_price_list(id, input)?;
            let list = changed.price_list(id).cloned().ok_or(Error::NotFound)?;
            Ok((changed, list))
        })
        .await
}

/// What products cost in it, and which clients had it, counts for nothing any more.
pub async fn delete_price_list(scope: &Scope, id: PriceListId, seen: Option<u64>) -> Result<()> {
    let begin = |scope: &Scope, organization| scope.begin("delete_price_list", organization);
    let deleted = CATALOGUE.change(scope, seen, begin, |catalogue| Ok((catalogue.without_price_list(id)?, ()))).await;
    deleted.map(|((), _)| ())
}
