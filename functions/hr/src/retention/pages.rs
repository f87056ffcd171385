//! `/rh/conservation`

use askama::Template;
use http::StatusCode;
use kernel::id::EmployeeId;
use web::{Asker, Form, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{ErasureInput, kept_until, rule};

pub const PATH: &str = "/rh/conservation";

#[derive(Template)]
#[template(path = "due_employees.html")]
struct DuePage {
    shell: Shell,
    form_key: String,
    rows: Vec<DueRow>,
    years: i16,
    source: &'static str,
    can_erase: bool,
    errors: FieldErrors,
}

struct DueRow {
    id: EmployeeId,
    name: String,
    number: String,
    left_on: String,
    kept_until: String,
}

async fn due_page(asker: &Asker, errors: FieldErrors) -> kernel::Result<DuePage> {
    let due = super::list_due_employees(asker).await?;
    let (today, organization) = (asker.today(), &asker.organization);
    let row = |employee: &table::Stored<crate::employee::Employee>| DueRow {
        id: employee.id,
        name: employee.name(),
        number: employee.number.clone(),
        left_on: employee.left_on.map(|on| organization.date(on)).unwrap_or_default(),
        kept_until: kept_until(employee, today).map(|on| organization.date(on)).unwrap_or_default(),
    };
    Ok(DuePage {
        shell: Shell::new(asker, "hr", "Dossiers à effacer"),
        form_key: asker.form_key(),
        rows: due.iter().map(row).collect(),
        years: rule(today).years,
        source: rule(today).source,
        can_erase: asker.may(kernel::Permission::HrDelete),
        errors,
    })
}

pub async fn list_due_employees(asker: Asker) -> PageResult {
    page(&due_page(&asker, FieldErrors::default()).await?)
}

pub async fn erase_employees(asker: Asker, form: Form<ErasureInput>) -> PageResult {
    match super::erase_employees(&asker, &form.input).await {
        Ok(1) => asker.done(PATH, "Le dossier est effacé."),
        Ok(count) => asker.done(PATH, format!("{count} dossiers sont effacés.")),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &due_page(&asker, errors).await?)
        }
    }
}
