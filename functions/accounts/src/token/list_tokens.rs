//! One's own tokens.

use kernel::{Result, page::PageRequest};
use table::{Order, Stored};
use web::{AccessToken, Asker};

/// How many tokens somebody may list; who needs more revokes some.
const TOKENS_MAX: u16 = 100;

/// The newest first.
pub async fn list_tokens(asker: &Asker) -> Result<Vec<Stored<AccessToken>>> {
    let list = asker.scope.keys().tokens(asker.user);
    let page = PageRequest { limit: TOKENS_MAX, cursor: None };
    Ok(asker.scope.list(&list, &page, Order::Descending).await?.items)
}
