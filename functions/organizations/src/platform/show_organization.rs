//! One organization, as the platform sees it: who it is and who is in it, nothing of what they do.

use kernel::{Result, id::OrganizationId, page::PageRequest, reference::OrganizationReference};
use table::{Order, meter::side_by_side};
use web::{Asker, Membership};

use crate::organization;

/// More than there are, visitors of the platform included.
const MEMBERS_LISTED: u16 = 100;

pub struct OrganizationDetails {
    pub organization: OrganizationReference,
    /// In the order in which their users were created; visits that are over are left out.
    pub members: Vec<Membership>,
}

pub async fn show_organization(asker: &Asker, id: OrganizationId) -> Result<OrganizationDetails> {
    let scope = &asker.scope_in(id)?;
    let (everybody, listed) = (scope.keys().members(), PageRequest { limit: MEMBERS_LISTED, cursor: None });
    let (organization, members) =
        side_by_side(organization::read(scope), scope.list::<Membership>(&everybody, &listed, Order::Ascending)).await;
    let members = members?.items.into_iter().map(|member| member.value);
    Ok(OrganizationDetails {
        organization: organization?.value,
        members: members.filter(|member| member.holds_at(scope.now())).collect(),
    })
}
