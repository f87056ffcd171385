//! What is accepted of a role. Pure.

use kernel::{
    Permission, Rule, Violations,
    id::RoleId,
    legal,
    permission::{CustomRole, Permissions},
    text,
};
use serde::{Deserialize, Serialize};

/// How many roles of its own an organization may have.
pub const ROLES_MAX: usize = 50;
const NAME_MAX: usize = 60;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoleInput {
    pub name: String,
    /// Such as `invoicing:create`; at least one.
    pub permissions: Vec<String>,
    /// `true` for a role that sees only the records assigned to its holder.
    pub own_records_only: String,
}

impl RoleInput {
    pub fn of(role: &CustomRole) -> Self {
        Self {
            name: role.name.clone(),
            permissions: role.permissions.iter().map(|permission| permission.code().to_owned()).collect(),
            own_records_only: if role.own_records_only { "true".into() } else { String::new() },
        }
    }

    pub fn parse(&self, id: RoleId) -> Result<CustomRole, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, NAME_MAX));
        let permissions = wrong.take("/permissions", permissions(&self.permissions));
        let own_records_only = wrong.take(
            "/own_records_only",
            match self.own_records_only.as_str() {
                "true" => Ok(true),
                "" | "false" => Ok(false),
                _ => Err(Rule::NotAChoice),
            },
        );
        match (name, permissions, own_records_only) {
            (Some(name), Some(permissions), Some(own_records_only)) => {
                Ok(CustomRole { id, name, permissions, own_records_only })
            }
            _ => Err(wrong),
        }
    }
}

fn permissions(codes: &[String]) -> Result<Permissions, Rule> {
    if codes.is_empty() {
        return Err(Rule::Required);
    }
    if codes.len() > Permission::ALL.len() {
        return Err(Rule::TooMany { max: Permission::ALL.len() });
    }
    codes.iter().map(|code| code.parse::<Permission>().map_err(|_| Rule::NotAChoice)).collect()
}

/// Refuses a name that another role has: people choose by it.
pub fn distinct<'a>(role: &CustomRole, others: impl IntoIterator<Item = &'a CustomRole>) -> Result<(), Violations> {
    let name = text::folded(&role.name);
    let of_system = kernel::permission::Role::ALL.iter().any(|other| text::folded(other.french()) == name);
    let taken = of_system || others.into_iter().any(|other| other.id != role.id && text::folded(&other.name) == name);
    let mut wrong = Violations::default();
    if taken {
        wrong.add("/name", Rule::AlreadyTaken);
        return Err(wrong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    const ID: RoleId = RoleId::from_ulid(Ulid(1));

    fn input() -> RoleInput {
        RoleInput {
            name: "Standard".into(),
            permissions: vec!["crm:view".into(), "crm:edit".into()],
            own_records_only: "true".into(),
        }
    }

    #[test]
    fn a_role_reads_back_as_it_was_typed() {
        let role = input().parse(ID).unwrap();
        assert!(role.own_records_only && role.permissions.allow(Permission::CrmEdit));
        assert_eq!(RoleInput::of(&role).permissions, ["crm:view", "crm:edit"]);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = RoleInput { name: " ".into(), permissions: vec!["root:all".into()], own_records_only: "x".into() };
        let wrong = wrong.parse(ID).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/permissions", "/own_records_only"]);
        let none = RoleInput { permissions: Vec::new(), ..input() }.parse(ID).unwrap_err();
        assert!(none.iter().any(|violation| violation.rule == Rule::Required));
    }

    #[test]
    fn a_name_stands_for_one_role() {
        let role = input().parse(ID).unwrap();
        let other = CustomRole { id: RoleId::from_ulid(Ulid(2)), name: "STANDARD".into(), ..role.clone() };
        assert!(distinct(&role, [&role]).is_ok());
        assert!(distinct(&role, [&other]).is_err());
        assert!(distinct(&CustomRole { name: "propriétaire".into(), ..role }, []).is_err());
    }
}
