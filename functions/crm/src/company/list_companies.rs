//! Companies by name.

use kernel::{
    Result,
    page::{Page, PageRequest},
};
use table::{Order, Scope, Stored};

use super::Company;

/// Those whose sorted name begins with `prefix`.
pub async fn list_companies(scope: &Scope, prefix: &str, page: &PageRequest) -> Result<Page<Stored<Company>>> {
    scope.list(&scope.keys().companies(prefix), page, Order::Ascending).await
}
