//! The exports of the last days.

use kernel::{Result, page::PageRequest};
use table::Order;
use web::Asker;

use super::RecordExport;

const SHOWN: PageRequest = PageRequest { limit: 25, cursor: None };

/// One's own: what is in them is what who asked for them may see.
pub async fn list_record_exports(asker: &Asker) -> Result<Vec<RecordExport>> {
    let list = asker.scope.keys().record_exports().of(Some(asker.user));
    let found = asker.scope.list::<RecordExport>(&list, &SHOWN, Order::Descending).await?;
    Ok(found.items.into_iter().map(|export| export.value).collect())
}
