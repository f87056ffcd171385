//! What acts on members read and write together.

use kernel::{
    Error, Result,
    id::UserId,
    page::PageRequest,
    permission::{CustomRole, MemberRole},
};
use table::{Items, Patch, Stored, TenantKeys, Transaction};
use web::{
    Asker, Membership,
    team::{Owners, RoleHolder},
};

use super::{Granter, RoleChoice};

/// All members, invitations or roles of an organization: each has fewer.
pub(crate) const LISTED: PageRequest = PageRequest { limit: 100, cursor: None };

/// Who asks, as their membership says in the same reading as what they act on.
pub(crate) fn granter(asker: &Asker, found: &Items) -> Result<(Granter, Stored<Membership>)> {
    let own = found.get::<Membership>(&asker.scope.keys().member(asker.user))?.ok_or(Error::Forbidden)?;
    Ok((Granter::new(own.role.clone(), &asker.permissions), own))
}

/// The act holds only if who asks still has what they gave it on.
pub(crate) fn still_grants(transaction: &mut Transaction, asker: &Asker, own: &Stored<Membership>) {
    transaction.check(&asker.scope.keys().member(asker.user), own.version);
}

pub(crate) fn owners(found: &Items, keys: TenantKeys) -> Result<Stored<Owners>> {
    found.get(&keys.owners())?.ok_or_else(|| Error::internal("an organization without its owners"))
}

impl RoleChoice {
    /// The role itself; `own` are roles that the organization made, as they are stored.
    pub(crate) fn resolve(self, own: Vec<Stored<CustomRole>>) -> Option<Resolved> {
        match self {
            Self::System(role) => Some(Resolved { role: role.into(), stored: None }),
            Self::Custom(id) => {
                let stored = own.into_iter().find(|role| role.id == id)?;
                Some(Resolved { role: MemberRole::Custom(stored.value.clone()), stored: Some(stored) })
            }
        }
    }
}

pub(crate) struct Resolved {
    pub role: MemberRole,
    pub stored: Option<Stored<CustomRole>>,
}

/// A member takes a role on: a later change of it finds them, and one of now makes this fail.
pub(crate) fn take_role(transaction: &mut Transaction, user: UserId, role: &Resolved) {
    if let Some(stored) = &role.stored {
        transaction.update(stored, &stored.value).replace(&RoleHolder { role: stored.id, user });
    }
}

/// A member lays a role down. Its version rises, so that nobody who changes it meanwhile gives it back to them.
pub(crate) fn leave_role(transaction: &mut Transaction, keys: TenantKeys, user: UserId, role: &MemberRole) {
    if let MemberRole::Custom(CustomRole { id, .. }) = role {
        transaction
            .patch(Patch::of::<CustomRole>(keys.role(*id)))
            .forget::<RoleHolder>(|keys| keys.role_holder(*id, user));
    }
}
