//! Changing a role, and with it all who have it.

use kernel::{
    Error, Permission, Result,
    id::RoleId,
    permission::{CustomRole, MemberRole},
};
use table::{Patch, meter::side_by_side};
use web::{Asker, team::RoleHolder};

use super::{RoleInput, list_roles, model::distinct};
use crate::member::{granter, still_grants};

/// It holds from their next request. `seen` is the version that the client filled its form in on.
pub async fn edit_role(asker: &Asker, id: RoleId, input: &RoleInput, seen: Option<u64>) -> Result<(CustomRole, u64)> {
    let changed = input.parse(id)?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let (own, role) = ([keys.member(asker.user)], keys.role(id).collection());
            let ((found, roles), beside) =
                side_by_side(side_by_side(scope.get_many(&own), list_roles(scope)), scope.collection(&role)).await;
            let beside = beside?;
            let current = beside.first::<CustomRole>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (by, own) = granter(asker, &found?)?;
            by.must(Permission::SettingsEdit)?;
            by.must_grant(&MemberRole::Custom(current.value.clone()))?;
            by.must_grant(&MemberRole::Custom(changed.clone()))?;
            distinct(&changed, roles?.iter().map(|other| &other.value))?;
            let mut transaction = scope.begin("edit_role", id);
            transaction.update(&current, &changed);
            let role = MemberRole::Custom(changed.clone());
            let holders = beside.all::<RoleHolder>()?;
            // Taking or laying down the role raises its version, so these are still its holders.
            for holder in &holders {
                transaction.patch(Patch::of::<web::Membership>(keys.member(holder.user)).set_value("role", &role)?);
            }
            if holders.iter().all(|holder| holder.user != asker.user) {
                still_grants(&mut transaction, asker, &own);
            }
            Ok((transaction, (changed.clone(), current.version + 1)))
        })
        .await
}
