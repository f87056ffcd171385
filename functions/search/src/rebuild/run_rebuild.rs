//! A few chunks of it, and the event again for the rest.

use kernel::{Result, event::Event, page::PageRequest};
use table::{Key, Order, Scope, meter};

use super::{Rebuild, model::Place};
use crate::document::{Reason, index_item};

/// Items of one chunk, and how many of them at the same time.
const CHUNK: u16 = 48;
const AT_ONCE: usize = 8;
/// Chunks of one message, so that no worker runs out of time.
const CHUNKS_MAX: usize = 6;

pub async fn run_rebuild(scope: &Scope) -> Result<()> {
    for chunk in 1..=CHUNKS_MAX {
        if !run_chunk(scope, chunk == CHUNKS_MAX).await? {
            break;
        }
    }
    Ok(())
}

/// Whether there is more to do. `is_last` asks for the rest by an event.
async fn run_chunk(scope: &Scope, is_last: bool) -> Result<bool> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("run_search_rebuild", "search").unlogged();
            let Some(read) = scope.get::<Rebuild>(&scope.keys().search_rebuild()).await? else {
                return Ok((transaction.nothing(), false));
            };
            let Some(place) = &read.place else { return Ok((transaction.nothing(), false)) };
            let (items, next) = items(scope, place).await?;
            // What stands in the index and is written anew already is only looked at: it may be gone.
            let reason = if matches!(place, Place::List { .. }) { Reason::Rebuild } else { Reason::Changed };
            for some in items.chunks(AT_ONCE) {
                let looks: Vec<_> = some.iter().map(|key| Box::pin(index_item(scope, key, reason))).collect();
                meter::all_at_once(looks).await.into_iter().collect::<Result<()>>()?;
            }
            let rebuild = read.advanced(items.len(), next, scope.keys().findable().len(), scope.now());
            transaction.update(&read, &rebuild);
            if rebuild.is_under_way() && is_last {
                transaction.emit(Event::SearchRebuildRequested {});
            }
            Ok((transaction, rebuild.is_under_way()))
        })
        .await
}

/// The keys of a chunk of items, and where its list goes on.
async fn items(scope: &Scope, place: &Place) -> Result<(Vec<Key>, Option<String>)> {
    let keys = scope.keys();
    match place {
        Place::List { at, cursor } => {
            let Some(list) = keys.findable().into_iter().nth(*at) else { return Ok((Vec::new(), None)) };
            let page = PageRequest { limit: CHUNK, cursor: cursor.clone() };
            let page = scope.listed_keys(&list, &page, Order::Ascending).await?;
            Ok((page.items, page.next_cursor))
        }
        Place::Index { after } => {
            let (found, last) = scope.collection_page(&keys.all_searched(), after.as_deref()).await?;
            let items = found.keys().iter().filter_map(|document| keys.item_named(document.parts().1)).collect();
            Ok((items, last))
        }
    }
}
