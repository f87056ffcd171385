//! `/equipe/roles`

use askama::Template;
use http::StatusCode;
use kernel::{
    Permission,
    id::RoleId,
    permission::{Action, CustomRole, MemberRole, Module, Permissions, Role},
};
use table::meter::side_by_side;
use web::{Asker, Form, Id, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{RoleInput, list_roles};
use crate::member::{Granter, RoleChoice, list_members};

const PATH: &str = "/equipe/roles";

#[derive(Template)]
#[template(path = "roles.html")]
struct RolesPage {
    shell: Shell,
    form_key: String,
    actions: [&'static str; 7],
    own: Vec<RoleRow>,
    system: Vec<RoleRow>,
    can_create: bool,
    can_edit: bool,
    can_delete: bool,
}

struct RoleRow {
    id: String,
    name: String,
    purpose: String,
    /// How many members have it, in words.
    holders: String,
    is_held: bool,
    /// Whether who asks has all of it, so they may change it.
    can_touch: bool,
    matrix: Vec<ModuleRow>,
}

/// A line of the matrix: a module and what may be done in it.
struct ModuleRow {
    module: &'static str,
    key: &'static str,
    boxes: Vec<PermissionBox>,
}

struct PermissionBox {
    code: &'static str,
    action: &'static str,
    is_given: bool,
    /// Who asks has it, so they may give it.
    can_give: bool,
}

const ACTIONS: [&str; 7] = [
    Action::ALL[0].french(),
    Action::ALL[1].french(),
    Action::ALL[2].french(),
    Action::ALL[3].french(),
    Action::ALL[4].french(),
    Action::ALL[5].french(),
    Action::ALL[6].french(),
];

fn matrix(given: impl Fn(Permission) -> bool, held: &Permissions) -> Vec<ModuleRow> {
    let row = |module: Module| {
        let permissions = Permission::ALL.iter().filter(move |permission| permission.module() == module);
        let boxes = permissions.map(|permission| PermissionBox {
            code: permission.code(),
            action: permission.action().french(),
            is_given: given(*permission),
            can_give: held.allow(*permission),
        });
        let boxes: Vec<_> = boxes.collect();
        let key = boxes.first().and_then(|first| first.code.split(':').next()).unwrap_or_default();
        ModuleRow { module: module.french(), key, boxes }
    };
    Module::ALL.into_iter().map(row).collect()
}

fn holders(count: usize) -> String {
    match count {
        0 => "Personne".into(),
        1 => "1\u{a0}membre".into(),
        many => format!("{many}\u{a0}membres"),
    }
}

pub async fn list(asker: Asker) -> PageResult {
    let (roles, members) = side_by_side(list_roles(&asker.scope), list_members(&asker.scope)).await;
    let (roles, members) = (roles?, members?);
    let members: Vec<_> = members.iter().filter(|member| member.visit.is_none()).collect();
    let count = |choice| members.iter().filter(|member| RoleChoice::of(&member.role) == choice).count();
    let row = |id: String, name: &str, purpose: &str, held: usize, permissions: &Permissions| RoleRow {
        id,
        name: name.to_owned(),
        purpose: purpose.to_owned(),
        holders: holders(held),
        is_held: held > 0,
        can_touch: false,
        matrix: matrix(|permission| permissions.allow(permission), &asker.permissions),
    };
    let by = Granter::new(asker.role.clone(), &asker.permissions);
    let own = |role: &CustomRole| {
        let purpose = if role.own_records_only { "Ne voit que les fiches qui lui sont attribuées." } else { "" };
        let held = count(RoleChoice::Custom(role.id));
        RoleRow {
            can_touch: by.may_grant(&MemberRole::Custom(role.clone())),
            ..row(role.id.to_string(), &role.name, purpose, held, &role.permissions)
        }
    };
    let system = |role: Role| {
        let held = count(RoleChoice::System(role));
        row(role.code().into(), role.french(), role.french_purpose(), held, &role.permissions())
    };
    page(&RolesPage {
        shell: Shell::new(&asker, "settings", "Rôles"),
        form_key: asker.form_key(),
        actions: ACTIONS,
        own: roles.iter().map(|role| own(role)).collect(),
        system: Role::ALL.into_iter().map(system).collect(),
        can_create: asker.may(Permission::SettingsCreate),
        can_edit: asker.may(Permission::SettingsEdit),
        can_delete: asker.may(Permission::SettingsDelete),
    })
}

#[derive(Template)]
#[template(path = "role_form.html")]
struct RoleForm {
    shell: Shell,
    form_key: String,
    action: String,
    /// Absent for a new role.
    version: Option<u64>,
    form: RoleInput,
    errors: FieldErrors,
    actions: [&'static str; 7],
    matrix: Vec<ModuleRow>,
    own_records_only: bool,
}

impl RoleForm {
    /// `role` is the one to change; none for a new one.
    fn new(asker: &Asker, role: Option<RoleId>, version: Option<u64>, form: RoleInput) -> Self {
        let title = if role.is_some() { "Modifier le rôle" } else { "Nouveau rôle" };
        Self {
            shell: Shell::new(asker, "settings", title),
            form_key: asker.form_key(),
            action: role.map_or_else(|| format!("{PATH}/nouveau"), |id| format!("{PATH}/{id}/modifier")),
            version,
            errors: FieldErrors::default(),
            actions: ACTIONS,
            matrix: matrix(
                |permission| form.permissions.iter().any(|code| code == permission.code()),
                &asker.permissions,
            ),
            own_records_only: form.own_records_only == "true",
            form,
        }
    }

    fn refused(self, error: kernel::Error) -> PageResult {
        let errors = FieldErrors::from_error(error)?;
        page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &Self { errors, ..self })
    }
}

pub async fn new_role(asker: Asker) -> PageResult {
    page(&RoleForm::new(&asker, None, None, RoleInput::default()))
}

pub async fn create_role(asker: Asker, form: Form<RoleInput>) -> PageResult {
    match super::create_role(&asker, &form.input).await {
        Ok(role) => asker.done(PATH, format!("Le rôle «\u{a0}{}\u{a0}» est créé.", role.name)),
        Err(error) => RoleForm::new(&asker, None, None, form.input).refused(error),
    }
}

pub async fn role_form(asker: Asker, Id(id): Id<RoleId>) -> PageResult {
    let role = super::show_role(&asker.scope, id).await?;
    page(&RoleForm::new(&asker, Some(id), Some(role.version), RoleInput::of(&role)))
}

pub async fn edit_role(asker: Asker, Id(id): Id<RoleId>, form: Form<RoleInput>) -> PageResult {
    match super::edit_role(&asker, id, &form.input, form.version).await {
        Ok((role, _)) => asker.done(PATH, format!("Le rôle «\u{a0}{}\u{a0}» est enregistré.", role.name)),
        Err(error) => RoleForm::new(&asker, Some(id), form.version, form.input).refused(error),
    }
}

pub async fn delete_role(asker: Asker, Id(id): Id<RoleId>) -> PageResult {
    super::delete_role(&asker, id).await?;
    asker.done(PATH, "Le rôle est supprimé.")
}
