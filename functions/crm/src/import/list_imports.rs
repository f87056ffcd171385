//! Imports, the newest first.

use kernel::{
    Result,
    page::{Page, PageRequest},
};
use table::{Order, Stored};
use web::Asker;

use super::Import;

/// Those of who sees only their own are their own.
pub async fn list_imports(asker: &Asker, page: &PageRequest) -> Result<Page<Stored<Import>>> {
    let scope = &asker.scope;
    scope.list(&scope.keys().imports().of(asker.only()), page, Order::Descending).await
}
