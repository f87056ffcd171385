//! What was merged in the last 30 days, the last one first; of one's own records for who sees no others.

use kernel::{
    Error, Result,
    id::MergeId,
    page::{Page, PageRequest},
};
use table::{Order, Stored};
use web::Asker;

use super::Merge;

pub async fn list_merges(asker: &Asker, page: &PageRequest) -> Result<Page<Stored<Merge>>> {
    let scope = &asker.scope;
    let mut found = scope.list::<Merge>(&scope.keys().merges().of(asker.only()), page, Order::Descending).await?;
    // The table forgets within days; what is due to be forgotten is at the end of the list.
    let kept = found.items.iter().take_while(|merge| scope.now() < merge.undoable_until()).count();
    if kept < found.items.len() {
        found.items.truncate(kept);
        found.next_cursor = None;
    }
    Ok(found)
}

pub async fn show_merge(asker: &Asker, id: MergeId) -> Result<Stored<Merge>> {
    let scope = &asker.scope;
    let merge = scope.get::<Merge>(&scope.keys().merge(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(merge.assigned_to)?;
    if scope.now() < merge.undoable_until() { Ok(merge) } else { Err(Error::NotFound) }
}
