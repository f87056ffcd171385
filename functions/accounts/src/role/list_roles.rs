//! The roles that an organization made.

use kernel::{Error, Result, id::RoleId, permission::CustomRole};
use table::{Order, Scope, Stored};

use crate::member::LISTED;

/// In the order in which they were made.
pub async fn list_roles(scope: &Scope) -> Result<Vec<Stored<CustomRole>>> {
    Ok(scope.list(&scope.keys().roles(), &LISTED, Order::Ascending).await?.items)
}

pub async fn show_role(scope: &Scope, id: RoleId) -> Result<Stored<CustomRole>> {
    scope.get(&scope.keys().role(id)).await?.ok_or(Error::NotFound)
}
