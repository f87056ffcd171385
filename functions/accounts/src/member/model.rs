//! Who may give which role to whom. Pure.

use kernel::{
    Error, Permission, Result, Rule, Violations,
    id::{RoleId, UserId},
    permission::{MemberRole, Permissions, Role},
};
use serde::{Deserialize, Serialize};
use web::team::Owners;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MemberInput {
    /// `owner`, `admin`, `manager`, `member`, `sales`, `accountant`, `hr`, `reader`, or `rol_…`.
    pub role: String,
}

impl MemberInput {
    pub fn parse(&self) -> std::result::Result<RoleChoice, Violations> {
        let mut wrong = Violations::default();
        wrong.take("/role", RoleChoice::parse(&self.role)).ok_or(wrong)
    }
}

/// A role as it is named, before it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleChoice {
    System(Role),
    Custom(RoleId),
}

impl RoleChoice {
    pub fn parse(code: &str) -> std::result::Result<Self, Rule> {
        let code = code.trim();
        if code.is_empty() {
            return Err(Rule::Required);
        }
        let custom = || code.parse().ok().map(Self::Custom);
        Role::named(code).map(Self::System).or_else(custom).ok_or(Rule::NotAChoice)
    }

    pub const fn of(role: &MemberRole) -> Self {
        match role {
            MemberRole::System(role) => Self::System(*role),
            MemberRole::Custom(role) => Self::Custom(role.id),
        }
    }
}

/// Who gives and takes roles.
#[derive(Debug, Clone)]
pub struct Granter {
    role: MemberRole,
    permissions: Permissions,
}

impl Granter {
    /// `role` as it is now; `held` is what the request came with: a token's scopes narrow what it may give.
    pub fn new(role: MemberRole, held: &Permissions) -> Self {
        let held: Vec<_> = held.iter().collect();
        Self { permissions: role.permissions().narrowed(&held), role }
    }

    pub fn may_grant(&self, role: &MemberRole) -> bool {
        self.role.may_grant(role) && self.permissions.contain(&role.permissions())
    }

    pub fn must(&self, permission: Permission) -> Result<()> {
        if self.permissions.allow(permission) { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub fn must_grant(&self, role: &MemberRole) -> Result<()> {
        if self.may_grant(role) { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// The owners once somebody has another role, or none. The last one stays.
pub fn owners_after(
    owners: &Owners,
    user: UserId,
    from: Option<&MemberRole>,
    to: Option<&MemberRole>,
) -> Result<Owners> {
    match (from.is_some_and(MemberRole::is_owner), to.is_some_and(MemberRole::is_owner)) {
        (true, false) => owners.without(user),
        (false, true) => Ok(owners.with(user)),
        _ => Ok(owners.clone()),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{error::Conflict, permission::CustomRole};
    use ulid::Ulid;

    use super::*;

    fn granter(role: Role) -> Granter {
        Granter::new(role.into(), &role.permissions())
    }

    #[test]
    fn only_owners_touch_owners_and_nobody_gives_more_than_they_have() {
        assert!(granter(Role::Owner).may_grant(&Role::Owner.into()));
        assert!(!granter(Role::Admin).may_grant(&Role::Owner.into()));
        assert!(granter(Role::Admin).may_grant(&Role::Admin.into()));
        assert!(!granter(Role::Manager).may_grant(&Role::Admin.into()));
        assert!(matches!(granter(Role::Manager).must(Permission::SettingsEdit), Err(Error::Forbidden)));
    }

    #[test]
    fn a_token_gives_no_more_than_its_scopes() {
        let held = [Permission::SettingsEdit, Permission::CrmView].into_iter().collect();
        let token = Granter::new(Role::Owner.into(), &held);
        assert!(!token.may_grant(&Role::Reader.into()));
        let phone = CustomRole {
            id: RoleId::from_ulid(Ulid(1)),
            name: "Standard".into(),
            permissions: [Permission::CrmView].into_iter().collect(),
            own_records_only: false,
        };
        assert!(token.may_grant(&MemberRole::Custom(phone)));
    }

    #[test]
    fn what_was_lost_meanwhile_is_no_longer_given() {
        let demoted = Granter::new(Role::Reader.into(), &Role::Owner.permissions());
        assert!(matches!(demoted.must(Permission::SettingsEdit), Err(Error::Forbidden)));
        assert!(!demoted.may_grant(&Role::Manager.into()));
    }

    #[test]
    fn the_last_owner_is_neither_demoted_nor_removed() {
        let [a, b] = [1, 2].map(|n| UserId::from_ulid(Ulid(n)));
        let (owner, member) = (Role::Owner.into(), Role::Member.into());
        let one = Owners { users: vec![a] };
        let last = |result| matches!(result, Err(Error::Conflict(Conflict::LastOwner)));
        assert!(last(owners_after(&one, a, Some(&owner), Some(&member))));
        assert!(last(owners_after(&one, a, Some(&owner), None)));
        assert_eq!(owners_after(&one, b, Some(&member), None).ok(), Some(one.clone()));
        let two = owners_after(&one, b, None, Some(&owner)).unwrap();
        assert_eq!(owners_after(&two, a, Some(&owner), None).unwrap().users, [b]);
    }

    #[test]
    fn roles_are_named_by_their_code() {
        assert_eq!(RoleChoice::parse("accountant"), Ok(RoleChoice::System(Role::Accountant)));
        let id = RoleId::from_ulid(Ulid(3));
        assert_eq!(RoleChoice::parse(&id.to_string()), Ok(RoleChoice::Custom(id)));
        assert_eq!(RoleChoice::parse("root"), Err(Rule::NotAChoice));
        assert_eq!(RoleChoice::parse(" "), Err(Rule::Required));
    }
}
