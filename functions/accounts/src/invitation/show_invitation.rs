//! An invitation as its link opens it.

use cloud::Deps;
use kernel::{Error, Result, reference::OrganizationReference};
use table::TenantKeys;
use web::credentials::InvitationLink;

use super::Invitation;

pub struct Shown {
    pub invitation: Invitation,
    pub organization: OrganizationReference,
}

/// Nothing where the link's secret is not the invitation's, which another link may have replaced.
pub async fn show_invitation(deps: &Deps, link: &InvitationLink) -> Result<Shown> {
    let keys = TenantKeys::of(link.organization);
    let found = deps.table.get_many(&[keys.invitation(link.invitation), keys.organization()]).await?;
    let invitation = found.get::<Invitation>(&keys.invitation(link.invitation))?;
    let invitation = invitation.filter(|invitation| invitation.hash == link.hash).ok_or(Error::NotFound)?;
    let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?;
    Ok(Shown { invitation: invitation.value, organization: organization.value })
}
