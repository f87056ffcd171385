//! What stands beside a membership: who owns the organization, who holds a role of its own, and the user's own list of
//! organizations. Whoever writes a membership writes these in the same transaction.

use kernel::{
    Error, Result,
    error::Conflict,
    id::{OrganizationId, RoleId, UserId},
};
use serde::{Deserialize, Serialize};
use table::{Audit, Item, Key, TenantKeys, keys};

/// How many members an organization has at most: an act that changes all of them is one transaction.
pub const MEMBERS_MAX: usize = 80;
/// How many organizations one user may be in.
pub const ORGANIZATIONS_MAX: usize = 50;

/// One line of the user's own list of organizations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserOrganization {
    pub user: UserId,
    pub organization: OrganizationId,
    /// The organization's, as it is now.
    pub name: String,
}

impl Item for UserOrganization {
    const TYPE: &'static str = "user_organization";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, _: TenantKeys) -> Key {
        keys::membership_of_user(self.user, self.organization)
    }
}

/// The owners of an organization: an item of its own, so that of two who remove each other one remains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Owners {
    pub users: Vec<UserId>,
}

impl Owners {
    pub fn with(&self, user: UserId) -> Self {
        let others = self.users.iter().copied().filter(|owner| *owner != user);
        Self { users: others.chain([user]).collect() }
    }

    /// Refused for the last one.
    pub fn without(&self, user: UserId) -> Result<Self> {
        let users: Vec<_> = self.users.iter().copied().filter(|owner| *owner != user).collect();
        if users.is_empty() { Err(Error::Conflict(Conflict::LastOwner)) } else { Ok(Self { users }) }
    }
}

impl Item for Owners {
    const TYPE: &'static str = "owners";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.owners()
    }
}

/// That a member has a role of the organization's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleHolder {
    pub role: RoleId,
    pub user: UserId,
}

impl Item for RoleHolder {
    const TYPE: &'static str = "role_holder";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.role_holder(self.role, self.user)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn the_last_owner_stays() {
        let [a, b] = [1, 2].map(|n| UserId::from_ulid(Ulid(n)));
        let both = Owners { users: vec![a] }.with(b).with(b);
        assert_eq!(both.users, [a, b]);
        let one = both.without(a).unwrap();
        assert!(matches!(one.without(b), Err(Error::Conflict(Conflict::LastOwner))));
    }

    #[test]
    fn they_are_stored_beside_what_they_are_about() {
        let user = UserId::from_ulid(Ulid(2));
        let owners = golden(&Owners { users: vec![user] }, KEYS).unwrap();
        assert_eq!(
            owners,
            json!({
                "pk": "ORG#00000000000000000000000001#ORGANIZATION", "sk": "OWNERS", "type": "owners", "v": 1,
                "users": ["usr_00000000000000000000000002"],
            })
        );
        let holder = golden(&RoleHolder { role: RoleId::from_ulid(Ulid(3)), user }, KEYS).unwrap();
        assert_eq!(
            holder,
            json!({
                "pk": "ORG#00000000000000000000000001#ROLE#00000000000000000000000003",
                "sk": "HOLDER#00000000000000000000000002", "type": "role_holder", "v": 1,
                "role": "rol_00000000000000000000000003", "user": "usr_00000000000000000000000002",
            })
        );
        let organization = OrganizationId::from_ulid(Ulid(1));
        let line = golden(&UserOrganization { user, organization, name: "Atelier".into() }, KEYS).unwrap();
        assert_eq!(
            line,
            json!({
                "pk": "USER#00000000000000000000000002", "sk": "MEMBER#00000000000000000000000001",
                "type": "user_organization", "v": 1, "user": "usr_00000000000000000000000002",
                "organization": "org_00000000000000000000000001", "name": "Atelier",
            })
        );
    }
}
