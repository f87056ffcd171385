//! Who may do what: module × action, the system's roles, and those that an organization makes.

use serde::{Deserialize, Serialize};

use crate::id::{RoleId, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Module {
    Crm,
    Invoicing,
    Sales,
    Hr,
    Settings,
}

impl Module {
    pub const ALL: [Self; 5] = [Self::Crm, Self::Invoicing, Self::Sales, Self::Hr, Self::Settings];

    /// As permissions name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Invoicing => "invoicing",
            Self::Sales => "sales",
            Self::Hr => "hr",
            Self::Settings => "settings",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Crm => "CRM",
            Self::Invoicing => "Facturation",
            Self::Sales => "Ventes",
            Self::Hr => "RH",
            Self::Settings => "Paramètres",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    View,
    Create,
    Edit,
    Delete,
    Export,
    /// What binds the company: issuing an invoice, granting a leave.
    Approve,
    /// What few may read: salaries and social security numbers.
    ReadSecrets,
}

impl Action {
    pub const ALL: [Self; 7] =
        [Self::View, Self::Create, Self::Edit, Self::Delete, Self::Export, Self::Approve, Self::ReadSecrets];

    pub const fn french(self) -> &'static str {
        match self {
            Self::View => "Voir",
            Self::Create => "Créer",
            Self::Edit => "Modifier",
            Self::Delete => "Supprimer",
            Self::Export => "Exporter",
            Self::Approve => "Valider",
            Self::ReadSecrets => "Lire le confidentiel",
        }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $module:ident, $action:ident, $code:literal;)*) => {
        /// A module and what may be done in it. `<module>:<action>` in tokens and in the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            pub const fn module(self) -> Module {
                match self { $(Self::$name => Module::$module),* }
            }

            pub const fn action(self) -> Action {
                match self { $(Self::$name => Action::$action),* }
            }
        }
    };
}

permissions! {
    CrmView = Crm, View, "crm:view";
    CrmCreate = Crm, Create, "crm:create";
    CrmEdit = Crm, Edit, "crm:edit";
    CrmDelete = Crm, Delete, "crm:delete";
    CrmExport = Crm, Export, "crm:export";
    CrmApprove = Crm, Approve, "crm:approve";
    InvoicingView = Invoicing, View, "invoicing:view";
    InvoicingCreate = Invoicing, Create, "invoicing:create";
    InvoicingEdit = Invoicing, Edit, "invoicing:edit";
    InvoicingDelete = Invoicing, Delete, "invoicing:delete";
    InvoicingExport = Invoicing, Export, "invoicing:export";
    InvoicingApprove = Invoicing, Approve, "invoicing:approve";
    SalesView = Sales, View, "sales:view";
    SalesCreate = Sales, Create, "sales:create";
    SalesEdit = Sales, Edit, "sales:edit";
    SalesDelete = Sales, Delete, "sales:delete";
    SalesExport = Sales, Export, "sales:export";
    SalesApprove = Sales, Approve, "sales:approve";
    HrView = Hr, View, "hr:view";
    HrCreate = Hr, Create, "hr:create";
    HrEdit = Hr, Edit, "hr:edit";
    HrDelete = Hr, Delete, "hr:delete";
    HrExport = Hr, Export, "hr:export";
    HrApprove = Hr, Approve, "hr:approve";
    /// Salaries and social security numbers (NIR).
    HrReadSecrets = Hr, ReadSecrets, "hr:read_secrets";
    SettingsView = Settings, View, "settings:view";
    SettingsCreate = Settings, Create, "settings:create";
    SettingsEdit = Settings, Edit, "settings:edit";
    SettingsDelete = Settings, Delete, "settings:delete";
    SettingsExport = Settings, Export, "settings:export";
    SettingsApprove = Settings, Approve, "settings:approve";
}

impl Permission {
    pub fn of(module: Module, action: Action) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.module() == module && permission.action() == action)
    }

    /// `Facturation : valider`.
    pub fn french(self) -> String {
        format!("{}\u{a0}: {}", self.module().french(), self.action().french().to_lowercase())
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

/// A role that every organization has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Manager,
    Member,
    Sales,
    Accountant,
    Hr,
    Reader,
}

impl Role {
    pub const ALL: [Self; 8] =
        [Self::Owner, Self::Admin, Self::Manager, Self::Member, Self::Sales, Self::Accountant, Self::Hr, Self::Reader];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Member => "member",
            Self::Sales => "sales",
            Self::Accountant => "accountant",
            Self::Hr => "hr",
            Self::Reader => "reader",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Owner => "Propriétaire",
            Self::Admin => "Administrateur",
            Self::Manager => "Manager",
            Self::Member => "Membre",
            Self::Sales => "Commercial",
            Self::Accountant => "Comptable",
            Self::Hr => "RH",
            Self::Reader => "Lecteur",
        }
    }

    /// In a sentence, what it is for.
    pub const fn french_purpose(self) -> &'static str {
        match self {
            Self::Owner => "Tout, y compris nommer d’autres propriétaires.",
            Self::Admin => "Tout, sauf ce qui touche aux propriétaires.",
            Self::Manager => "Suit l’activité, émet les factures, valide les congés.",
            Self::Member => "Gère les clients et prépare devis et factures.",
            Self::Sales => "Gère les clients, les devis et le suivi des ventes.",
            Self::Accountant => "Émet et exporte les factures, suit les ventes.",
            Self::Hr => "Gère le personnel, rien d’autre.",
            Self::Reader => "Consulte les clients, les factures et les ventes.",
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    pub fn allows(self, permission: Permission) -> bool {
        use Action::{Approve, Create, Delete, Edit, Export, View};
        let action = permission.action();
        match (self, permission.module()) {
            (Self::Owner | Self::Admin, _) => true,
            (Self::Manager, Module::Crm | Module::Sales) => matches!(action, View | Create | Edit | Export),
            (Self::Manager, Module::Invoicing) => action != Delete,
            (Self::Manager, Module::Hr) => matches!(action, View | Approve),
            (Self::Manager, Module::Settings) => action == View,
            (Self::Member | Self::Sales, Module::Crm) => matches!(action, View | Create | Edit),
            (Self::Member | Self::Sales, Module::Invoicing) => matches!(action, View | Create),
            (Self::Sales, Module::Sales) => matches!(action, View | Create | Edit),
            (Self::Accountant, Module::Crm) => action == View,
            (Self::Accountant, Module::Invoicing) => action != Delete,
            (Self::Accountant, Module::Sales) => matches!(action, View | Export),
            (Self::Hr, Module::Hr) => true,
            (Self::Reader, Module::Crm | Module::Invoicing | Module::Sales) => action == View,
            _ => false,
        }
    }

    pub fn permissions(self) -> Permissions {
        Permission::ALL.iter().copied().filter(|permission| self.allows(*permission)).collect()
    }
}

/// A role that an organization made, as each of its holders carries it: a change of it changes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRole {
    pub id: RoleId,
    pub name: String,
    pub permissions: Permissions,
    /// Sees only the records that are assigned to them.
    pub own_records_only: bool,
}

/// The role of a member in one organization; never a property of the user alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "role", rename_all = "snake_case")]
pub enum MemberRole {
    System(Role),
    Custom(CustomRole),
}

impl From<Role> for MemberRole {
    fn from(role: Role) -> Self {
        Self::System(role)
    }
}

impl MemberRole {
    /// `owner`, or `rol_…`.
    pub fn code(&self) -> String {
        match self {
            Self::System(role) => role.code().into(),
            Self::Custom(role) => role.id.to_string(),
        }
    }

    pub fn french(&self) -> &str {
        match self {
            Self::System(role) => role.french(),
            Self::Custom(role) => &role.name,
        }
    }

    pub fn permissions(&self) -> Permissions {
        match self {
            Self::System(role) => role.permissions(),
            Self::Custom(role) => role.permissions.clone(),
        }
    }

    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Custom(CustomRole { own_records_only: true, .. }) => Visibility::Own,
            _ => Visibility::All,
        }
    }

    pub fn is_owner(&self) -> bool {
        *self == Self::System(Role::Owner)
    }

    /// Whether who has this role may give another one, or take it away: nobody gives what they do not have or sight of
    /// what they do not see, and only an owner makes or unmakes an owner.
    pub fn may_grant(&self, other: &Self) -> bool {
        (self.is_owner() || !other.is_owner())
            && self.permissions().contain(&other.permissions())
            && (self.visibility() == Visibility::All || other.visibility() == Visibility::Own)
    }
}

/// Which records of a list somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    All,
    /// Those that are assigned to them.
    Own,
}

impl Visibility {
    pub fn sees(self, user: UserId, assigned_to: Option<UserId>) -> bool {
        self == Self::All || assigned_to == Some(user)
    }
}

/// What somebody may do here and now: a role's permissions, narrowed by a token's scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(Vec<Permission>);

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut permissions: Vec<_> = permissions.into_iter().collect();
        permissions.sort_unstable();
        permissions.dedup();
        Self(permissions)
    }
}

impl Permissions {
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Whether all of the others are among these.
    pub fn contain(&self, others: &Self) -> bool {
        others.0.iter().all(|permission| self.allow(*permission))
    }

    /// Whether anything may be done in a module.
    pub fn reach(&self, module: Module) -> bool {
        self.0.iter().any(|permission| permission.module() == module)
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
    use ulid::Ulid;

    use super::*;

    fn custom(permissions: &[Permission]) -> MemberRole {
        MemberRole::Custom(CustomRole {
            id: RoleId::from_ulid(Ulid(1)),
            name: "Standard téléphonique".into(),
            permissions: permissions.iter().copied().collect(),
            own_records_only: true,
        })
    }

    #[test]
    fn a_token_never_holds_more_than_its_holder() {
        let narrowed = Role::Member.permissions().narrowed(&[Permission::SettingsEdit, Permission::CrmView]);
        assert!(narrowed.allow(Permission::CrmView));
        assert!(!narrowed.allow(Permission::SettingsEdit));
    }

    #[test]
    fn every_module_has_every_action_and_codes_read_back() {
        let everywhere = |action: &Action| *action != Action::ReadSecrets;
        for module in Module::ALL {
            for action in Action::ALL.into_iter().filter(everywhere) {
                let permission = Permission::of(module, action).unwrap_or_else(|| panic!("{module:?} {action:?}"));
                assert_eq!(permission.code().parse(), Ok(permission));
            }
        }
        // Secrets are those of the staff.
        assert_eq!(Permission::ALL.len(), Module::ALL.len() * (Action::ALL.len() - 1) + 1);
        assert_eq!("hr:read_secrets".parse(), Ok(Permission::HrReadSecrets));
    }

    #[test]
    fn nobody_gives_what_they_do_not_have() {
        let [owner, admin, manager]: [MemberRole; 3] = [Role::Owner, Role::Admin, Role::Manager].map(Into::into);
        assert!(owner.may_grant(&owner));
        assert!(!admin.may_grant(&owner), "only an owner makes an owner");
        assert!(admin.may_grant(&admin));
        assert!(!manager.may_grant(&admin));
        assert!(manager.may_grant(&custom(&[Permission::CrmView])));
        assert!(
            !custom(&[Permission::SettingsEdit]).may_grant(&custom(&[Permission::SettingsEdit, Permission::HrView]))
        );
    }

    #[test]
    fn who_sees_only_their_own_records_gives_nobody_sight_of_all() {
        let own = custom(&[Permission::CrmView, Permission::SettingsEdit]);
        let MemberRole::Custom(role) = own.clone() else { panic!("a role of its own") };
        let all = MemberRole::Custom(CustomRole { own_records_only: false, ..role });
        assert!(own.may_grant(&own) && all.may_grant(&own));
        assert!(!own.may_grant(&all));
    }

    #[test]
    fn a_role_of_own_records_sees_no_others() {
        let (me, other) = (UserId::from_ulid(Ulid(1)), UserId::from_ulid(Ulid(2)));
        let own = custom(&[Permission::CrmView]).visibility();
        assert!(own.sees(me, Some(me)));
        assert!(!own.sees(me, Some(other)) && !own.sees(me, None));
        assert!(MemberRole::from(Role::Sales).visibility().sees(me, Some(other)));
    }

    #[test]
    fn roles_do_what_their_names_say() {
        use Permission::*;
        assert!(Role::Accountant.allows(InvoicingApprove) && !Role::Accountant.allows(InvoicingDelete));
        assert!(!Role::Accountant.allows(CrmCreate) && Role::Accountant.allows(SalesExport));
        assert!(Role::Hr.allows(HrDelete) && !Role::Hr.allows(CrmView));
        assert!(Role::Sales.allows(SalesEdit) && !Role::Sales.allows(InvoicingApprove));
        assert!(Role::Reader.permissions().iter().all(|permission| permission.action() == Action::View));
        assert!(Role::Manager.allows(SettingsView) && !Role::Manager.allows(SettingsEdit));
    }

    #[test]
    fn a_member_s_role_is_stored_with_what_it_allows() {
        let stored = serde_json::to_value(custom(&[Permission::CrmView])).unwrap_or_default();
        assert_eq!(
            stored,
            serde_json::json!({ "kind": "custom", "role": {
                "id": "rol_00000000000000000000000001", "name": "Standard téléphonique",
                "permissions": ["crm:view"], "own_records_only": true,
            } })
        );
        let stored = serde_json::to_value(MemberRole::from(Role::Owner)).unwrap_or_default();
        assert_eq!(stored, serde_json::json!({ "kind": "system", "role": "owner" }));
    }
}
