//! Companies by name.

use kernel::{
    Result,
    id::UserId,
    page::{Page, PageRequest},
};
use table::{Order, Scope, Stored};

use super::Company;

/// Those whose sorted name begins with `prefix`; of one member, if one is named.
pub async fn list_companies(
    scope: &Scope,
    of: Option<UserId>,
    prefix: &str,
    page: &PageRequest,
) -> Result<Page<Stored<Company>>> {
    scope.list(&scope.keys().companies(prefix).of(of), page, Order::Ascending).await
}
