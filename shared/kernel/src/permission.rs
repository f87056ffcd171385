//! Who may do what: module × action, and the system roles.

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// A module and what may be done in it. `<module>:<action>` in tokens and in the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

permissions! {
    SettingsView = "settings:view",
    SettingsEdit = "settings:edit",
    CrmView = "crm:view",
    CrmCreate = "crm:create",
    InvoicingView = "invoicing:view",
    InvoicingCreate = "invoicing:create",
    InvoicingEdit = "invoicing:edit",
    /// Issuing is final: it gives a number and binds the company.
    InvoicingApprove = "invoicing:approve",
    InvoicingExport = "invoicing:export",
}

impl Permission {
    pub const fn french(self) -> &'static str {
        match self {
            Self::SettingsView => "Voir les paramètres",
            Self::SettingsEdit => "Modifier les paramètres",
            Self::CrmView => "Voir les clients",
            Self::CrmCreate => "Ajouter des clients",
            Self::InvoicingView => "Voir les devis et factures",
            Self::InvoicingCreate => "Créer des devis et factures",
            Self::InvoicingEdit => "Modifier, envoyer, encaisser",
            Self::InvoicingApprove => "Émettre des factures",
            Self::InvoicingExport => "Exporter et vérifier",
        }
    }
}

impl std::str::FromStr for Permission {
    type Err = UnknownPermission;
    fn from_str(code: &str) -> Result<Self, UnknownPermission> {
        Self::ALL.iter().copied().find(|permission| permission.code() == code).ok_or(UnknownPermission)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown permission")]
pub struct UnknownPermission;

impl Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The role of a member in one organization; never a property of the user alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Manager,
    Member,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Manager, Self::Member];

    pub const fn french(self) -> &'static str {
        match self {
            Self::Owner => "Propriétaire",
            Self::Admin => "Administrateur",
            Self::Manager => "Manager",
            Self::Member => "Membre",
        }
    }

    pub fn allows(self, permission: Permission) -> bool {
        use Permission::*;
        match self {
            Self::Owner | Self::Admin => true,
            Self::Manager => permission != SettingsEdit,
            Self::Member => matches!(permission, CrmView | CrmCreate | InvoicingView | InvoicingCreate),
        }
    }

    pub fn permissions(self) -> Permissions {
        Permissions(Permission::ALL.iter().copied().filter(|permission| self.allows(*permission)).collect())
    }
}

/// What somebody may do here and now: a role's permissions, narrowed by a token's scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions(Vec<Permission>);

impl Permissions {
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Both: a token never holds more than its holder.
    pub fn narrowed(mut self, scopes: &[Permission]) -> Self {
        self.0.retain(|permission| scopes.contains(permission));
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = Permission> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_holds_more_than_its_holder() {
        let narrowed = Role::Member.permissions().narrowed(&[Permission::SettingsEdit, Permission::CrmView]);
        assert!(narrowed.allow(Permission::CrmView));
        assert!(!narrowed.allow(Permission::SettingsEdit));
    }

    #[test]
    fn codes_are_unique_and_read_back() {
        for permission in Permission::ALL {
            assert_eq!(permission.code().parse(), Ok(*permission));
        }
    }
}
