//! Changing the organization's settings, and its name in each member's own list of organizations.

use kernel::{Error, Result, page::PageRequest, reference::OrganizationReference};
use table::{Order, Patch, Scope, Stored, keys};
use web::{Membership, team::UserOrganization};

use super::OrganizationInput;

/// More than there are, visitors of the platform included.
const MEMBERS_LISTED: u16 = 100;

/// Replaces the settings. `seen` is the version that the client filled its form in on.
pub async fn edit_organization(
    scope: &Scope,
    input: &OrganizationInput,
    seen: Option<u64>,
) -> Result<(OrganizationReference, u64)> {
    scope
        .write(|| async {
            let everybody = PageRequest { limit: MEMBERS_LISTED, cursor: None };
            let members = scope.keys().members();
            let (current, members) = table::meter::side_by_side(
                read(scope),
                scope.list::<Membership>(&members, &everybody, Order::Ascending),
            )
            .await;
            let (current, members) = (current?.expect_version(seen)?, members?.items);
            let today = scope.clock().today(&current.zone());
            let changed = input.parse(&current, today)?;
            let mut transaction = scope.begin("edit_organization", changed.id);
            transaction.update(&current, &changed);
            if changed.name != current.name {
                transaction.replace(&changed.card());
                for member in members.iter().filter(|member| member.visit.is_none()) {
                    let line = keys::membership_of_user(member.user, changed.id);
                    transaction.patch(Patch::of::<UserOrganization>(line).set("name", &changed.name));
                }
            }
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}

pub async fn read(scope: &Scope) -> Result<Stored<OrganizationReference>> {
    scope.get(&scope.keys().organization()).await?.ok_or(Error::NotFound)
}
