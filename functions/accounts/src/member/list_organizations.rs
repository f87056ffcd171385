//! Where a user is a member.

use cloud::Deps;
use kernel::{Result, id::UserId, text};
use table::keys;
use web::team::UserOrganization;

/// By name.
pub async fn list_organizations(deps: &Deps, user: UserId) -> Result<Vec<UserOrganization>> {
    let found = deps.table.collection(&keys::memberships_of_user(user)).await?;
    let mut organizations: Vec<_> = found.all::<UserOrganization>()?.into_iter().map(|line| line.value).collect();
    organizations.sort_by_cached_key(|line| text::sorted(&line.name));
    Ok(organizations)
}
