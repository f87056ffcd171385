//! Making a role.

use kernel::{
    Error, Permission, Result,
    error::Conflict,
    id::RoleId,
    permission::{CustomRole, MemberRole},
};
use table::meter::side_by_side;
use web::Asker;

use super::{ROLES_MAX, RoleInput, list_roles, model::distinct};
use crate::member::{granter, still_grants};

/// With nothing that its maker does not have.
pub async fn create_role(asker: &Asker, input: &RoleInput) -> Result<CustomRole> {
    let scope = &asker.scope;
    let role = input.parse(scope.new_id(RoleId::new))?;
    scope
        .write(|| async {
            let own = [scope.keys().member(asker.user)];
            let (found, roles) = side_by_side(scope.get_many(&own), list_roles(scope)).await;
            let (by, own) = granter(asker, &found?)?;
            by.must(Permission::SettingsCreate)?;
            by.must_grant(&MemberRole::Custom(role.clone()))?;
            let roles = roles?;
            distinct(&role, roles.iter().map(|other| &other.value))?;
            if roles.len() >= ROLES_MAX {
                return Err(Error::Conflict(Conflict::TooManyRoles));
            }
            let mut transaction = scope.begin("create_role", role.id);
            transaction.create(&role);
            still_grants(&mut transaction, asker, &own);
            Ok((transaction, role.clone()))
        })
        .await
}
