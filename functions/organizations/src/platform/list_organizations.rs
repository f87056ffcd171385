//! Every organization of the platform.

use kernel::{
    Result,
    page::{Page, PageRequest},
    reference::{OrganizationCard, OrganizationReference},
};
use table::{Order, Table, keys};

/// Those whose sorted name begins with `prefix`, by name, deleted ones among them; without one all that are there, the
/// newest first.
pub async fn list_organizations(table: &Table, prefix: &str, page: &PageRequest) -> Result<Page<OrganizationCard>> {
    if prefix.is_empty() {
        let all = table.list::<OrganizationReference>(&keys::organizations(), page, Order::Descending).await?;
        return Ok(all.map(|organization| organization.card()));
    }
    let found = table.list::<OrganizationCard>(&keys::organizations_by_name(prefix), page, Order::Ascending).await?;
    Ok(found.map(|card| card.value))
}

/// Those that were deleted, the newest first.
pub async fn list_deleted_organizations(table: &Table, page: &PageRequest) -> Result<Page<OrganizationCard>> {
    let deleted = table.list::<OrganizationReference>(&keys::deleted_organizations(), page, Order::Descending).await?;
    Ok(deleted.map(|organization| organization.card()))
}
