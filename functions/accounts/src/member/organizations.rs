//! `/compte/entreprises`, `/entreprises/nouvelle`

use askama::Template;
use http::StatusCode;
use kernel::Result;
use web::{Asker, Form, PageResult, Shell, form::FieldErrors, initials, page, page_with_status, path_in};

use super::{OrganizationName, list_organizations};

struct OrganizationRow {
    name: String,
    initials: String,
    href: String,
    is_current: bool,
}

/// In the menu of the header.
#[derive(Template)]
#[template(path = "organizations_menu.html")]
struct OrganizationsMenu {
    organizations: Vec<OrganizationRow>,
}

#[derive(Template)]
#[template(path = "organizations.html")]
struct OrganizationsPage {
    shell: Shell,
    organizations: Vec<OrganizationRow>,
}

#[derive(Template)]
#[template(path = "organization_form.html")]
struct OrganizationForm {
    shell: Shell,
    form_key: String,
    form: OrganizationName,
    errors: FieldErrors,
}

async fn rows(asker: &Asker) -> Result<Vec<OrganizationRow>> {
    let current = asker.organization.id;
    let lines = list_organizations(asker.deps(), asker.user).await?;
    let mut rows: Vec<_> = lines
        .iter()
        .map(|line| OrganizationRow {
            name: line.name.clone(),
            initials: initials(&line.name),
            href: path_in(line.organization, "/"),
            is_current: line.organization == current,
        })
        .collect();
    // Who visits an organization is in no list of it.
    if rows.iter().all(|row| !row.is_current) {
        let name = asker.organization.name.clone();
        let initials = initials(&name);
        rows.insert(0, OrganizationRow { name, initials, href: path_in(current, "/"), is_current: true });
    }
    Ok(rows)
}

/// The user's organizations: what the menu of the header loads, and a page of its own where there is no script.
pub async fn list(asker: Asker) -> PageResult {
    let organizations = rows(&asker).await?;
    if asker.visitor.is_fragment {
        return page(&OrganizationsMenu { organizations });
    }
    page(&OrganizationsPage { shell: Shell::new(&asker, "account", "Mes entreprises"), organizations })
}

impl OrganizationForm {
    fn new(asker: &Asker, form: OrganizationName, errors: FieldErrors) -> Self {
        let shell = Shell::new(asker, "account", "Créer une autre entreprise");
        Self { shell, form_key: asker.form_key(), form, errors }
    }
}

pub async fn new_organization(asker: Asker) -> PageResult {
    page(&OrganizationForm::new(&asker, OrganizationName::default(), FieldErrors::default()))
}

pub async fn create_organization(asker: Asker, form: Form<OrganizationName>) -> PageResult {
    match super::create_organization(&asker, &form.input).await {
        Ok(organization) => {
            let to = path_in(organization, "/organisation");
            asker.done(&to, "L’entreprise est créée. Complétez ce qui figurera sur vos documents.")
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &OrganizationForm::new(&asker, form.input, errors))
        }
    }
}
