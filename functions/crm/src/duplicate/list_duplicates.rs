//! Pairs that may be one, the surest first.

use kernel::{
    Error, Result,
    page::{Page, PageRequest},
};
use table::{Order, Stored};
use web::Asker;

use super::{Duplicate, store};
use crate::record::RecordKind;

/// Of one's own records for who sees no others.
pub async fn list_duplicates(
    asker: &Asker,
    kind: RecordKind,
    is_dismissed: bool,
    page: &PageRequest,
) -> Result<Page<Stored<Duplicate>>> {
    let state = if is_dismissed { store::DISMISSED } else { store::OPEN };
    let list = asker.scope.keys().duplicates(store::of(kind), state).of(asker.only());
    asker.scope.list(&list, page, Order::Ascending).await
}

/// `company`, which an empty text means too, or `contact`.
pub fn kind(text: &str) -> Result<RecordKind> {
    match text {
        "" | "company" => Ok(RecordKind::Company),
        "contact" => Ok(RecordKind::Contact),
        _ => Err(Error::Malformed { detail: "of must be `company` or `contact`".into() }),
    }
}
