//! Deleting a role that nobody has.

use kernel::{
    Error, Permission, Result,
    error::Conflict,
    id::RoleId,
    permission::{CustomRole, MemberRole},
};
use table::meter::side_by_side;
use web::{Asker, team::RoleHolder};

use crate::member::{granter, still_grants};

pub async fn delete_role(asker: &Asker, id: RoleId) -> Result<()> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let (own, role) = ([keys.member(asker.user)], keys.role(id).collection());
            let (found, beside) = side_by_side(scope.get_many(&own), scope.collection(&role)).await;
            let beside = beside?;
            let role = beside.first::<CustomRole>()?.ok_or(Error::NotFound)?;
            let (by, own) = granter(asker, &found?)?;
            by.must(Permission::SettingsDelete)?;
            by.must_grant(&MemberRole::Custom(role.value.clone()))?;
            if beside.first::<RoleHolder>()?.is_some() {
                return Err(Error::Conflict(Conflict::RoleHeld));
            }
            let mut transaction = scope.begin("delete_role", id);
            transaction.delete(&role);
            still_grants(&mut transaction, asker, &own);
            Ok((transaction, ()))
        })
        .await
}
