//! Adding, changing and removing a category.

use kernel::{Error, Result, id::CategoryId};
use table::Scope;

use super::{Category, CategoryInput, store::CATALOGUE};

/// With the catalogue's version after it.
pub async fn create_category(scope: &Scope, input: &CategoryInput) -> Result<(Category, u64)> {
    let id = scope.new_id(CategoryId::new);
    let begin = |scope: &Scope, organization| scope.begin("create_category", organization);
    CATALOGUE
        .change(scope, None, begin, |catalogue| {
            let changed = catalogue.with_category(id, input)?;
            let category = changed.category(id).cloned().ok_or(Error::NotFound)?;
            Ok((changed, category))
        })
        .await
}

pub async fn edit_category(
    scope: &Scope,
    id: CategoryId,
    input: &CategoryInput,
    seen: Option<u64>,
) -> Result<(Category, u64)> {
    let begin = |scope: &Scope, organization| scope.begin("edit_category", organization);
    CATALOGUE
        .change(scope, seen, begin, |catalogue| {
            catalogue.category(id).ok_or(Error::NotFound)?;
            let changed = catalogue.with_category(id, input)?;
            let category = changed.category(id).cloned().ok_or(Error::NotFound)?;
            Ok((changed, category))
        })
        .await
}

pub async fn delete_category(scope: &Scope, id: CategoryId, seen: Option<u64>) -> Result<()> {
    let begin = |scope: &Scope, organization| scope.begin("delete_category", organization);
    let deleted = CATALOGUE.change(scope, seen, begin, |catalogue| Ok((catalogue.without_category(id)?, ()))).await;
    deleted.map(|((), _)| ())
}
