//! Adding, changing and removing a tag.

use kernel::{Error, Result, id::TagId, tag::Tag};
use table::Scope;

use super::{TagInput, store::CATALOGUE};

/// With the catalogue's version after it.
pub async fn create_tag(scope: &Scope, input: &TagInput) -> Result<(Tag, u64)> {
    let id = scope.new_id(TagId::new);
    let begin = |scope: &Scope, organization| scope.begin("create_tag", organization);
    CATALOGUE
        .change(scope, None, begin, |catalogue| {
            let changed = catalogue.with_tag(id, input)?;
            let tag = changed.tag(id).cloned().ok_or(Error::NotFound)?;
            Ok((changed, tag))
        })
        .await
}

pub async fn edit_tag(scope: &Scope, id: TagId, input: &TagInput, seen: Option<u64>) -> Result<(Tag, u64)> {
    let begin = |scope: &Scope, organization| scope.begin("edit_tag", organization);
    CATALOGUE
        .change(scope, seen, begin, |catalogue| {
            catalogue.tag(id).ok_or(Error::NotFound)?;
            let changed = catalogue.with_tag(id, input)?;
            let tag = changed.tag(id).cloned().ok_or(Error::NotFound)?;
            Ok((changed, tag))
        })
        .await
}

pub async fn delete_tag(scope: &Scope, id: TagId, seen: Option<u64>) -> Result<()> {
    let begin = |scope: &Scope, organization| scope.begin("delete_tag", organization);
    let deleted = CATALOGUE.change(scope, seen, begin, |catalogue| Ok((catalogue.without_tag(id)?, ()))).await;
    deleted.map(|((), _)| ())
}
