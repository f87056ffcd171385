//! One organization, as the platform sees it: who it is and who is in it, nothing of what they do. Of one that is deleted,
//! what the law keeps.

use kernel::{
    Error, Result,
    export::Exports,
    id::OrganizationId,
    page::{Page, PageRequest},
    reference::OrganizationReference,
};
use table::{Order, meter::side_by_side};
use web::{Asker, Membership};

use super::{KeptDocument, list_kept_documents};

/// More than there are, visitors of the platform included.
const MEMBERS_LISTED: u16 = 100;

pub struct OrganizationDetails {
    pub organization: OrganizationReference,
    pub exports: Exports,
    /// In the order in which their users were created; visits that are over are left out.
    pub members: Vec<Membership>,
    /// Of one that is deleted.
    pub kept: Page<KeptDocument>,
}

/// `page` is that of the documents that were kept.
pub async fn show_organization(asker: &Asker, id: OrganizationId, page: &PageRequest) -> Result<OrganizationDetails> {
    let scope = &asker.scope_in(id)?;
    let keys = scope.keys();
    let (wanted, everybody) = ([keys.organization(), keys.exports()], keys.members());
    let listed = PageRequest { limit: MEMBERS_LISTED, cursor: None };
    let members = scope.list::<Membership>(&everybody, &listed, Order::Ascending);
    let beside = side_by_side(members, list_kept_documents(scope, page));
    let (found, (members, kept)) = side_by_side(scope.get_many(&wanted), beside).await;
    let found = found?;
    let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?.value;
    let members = members?.items.into_iter().map(|member| member.value);
    Ok(OrganizationDetails {
        organization,
        exports: found.get::<Exports>(&keys.exports())?.map(|exports| exports.value).unwrap_or_default(),
        members: members.filter(|member| member.holds_at(scope.now())).collect(),
        kept: kept?,
    })
}
