//! The segments over a list, by name.

use kernel::{Result, page::PageRequest};
use table::Order;
use web::Asker;

use super::{Segment, model::SEGMENTS_MAX};
use crate::record::RecordKind;

/// Those that who asks has: their own, and what others share.
pub async fn list_segments(asker: &Asker, of: RecordKind) -> Result<Vec<Segment>> {
    let all = read(asker, of).await?;
    Ok(all.into_iter().filter(|segment| segment.is_for(asker.user)).collect())
}

/// Everybody's.
pub(super) async fn read(asker: &Asker, of: RecordKind) -> Result<Vec<Segment>> {
    let list = asker.scope.keys().segments(of.name());
    let page = PageRequest { limit: SEGMENTS_MAX as u16, cursor: None };
    let found = asker.scope.list::<Segment>(&list, &page, Order::Ascending).await?;
    Ok(found.items.into_iter().map(|segment| segment.value).collect())
}
