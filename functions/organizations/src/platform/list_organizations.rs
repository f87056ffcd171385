//! Every organization of the platform.

use kernel::{
    Result,
    page::{Page, PageRequest},
    reference::{OrganizationCard, OrganizationReference},
};
use table::{Order, Table, keys};

/// Those whose sorted name begins with `prefix`, by name; without one all of them, the newest first.
pub async fn list_organizations(table: &Table, prefix: &str, page: &PageRequest) -> Result<Page<OrganizationCard>> {
    if prefix.is_empty() {
        let all = table.list::<OrganizationReference>(&keys::organizations(), page, Order::Descending).await?;
        return Ok(all.map(|organization| organization.card()));
    }
    let found = table.list::<OrganizationCard>(&keys::organizations_by_name(prefix), page, Order::Ascending).await?;
    Ok(found.map(|card| card.value))
}
