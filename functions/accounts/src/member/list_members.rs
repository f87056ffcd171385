//! Everybody in an organization.

use kernel::Result;
use table::{Order, Scope, Stored};
use web::Membership;

use super::LISTED;

/// In the order in which their users were created; visitors of the platform are marked as such, as long as they are
/// there.
pub async fn list_members(scope: &Scope) -> Result<Vec<Stored<Membership>>> {
    let mut members = scope.list::<Membership>(&scope.keys().members(), &LISTED, Order::Ascending).await?.items;
    members.retain(|member| member.holds_at(scope.now()));
    Ok(members)
}
