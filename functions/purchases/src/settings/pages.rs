//! `/ventes/depenses/reglages`

use askama::Template;
use http::StatusCode;
use kernel::Permission;
use web::{Asker, Form, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::SettingsInput;

pub const PATH: &str = "/ventes/depenses/reglages";

#[derive(Template)]
#[template(path = "purchase_settings.html")]
struct SettingsPage {
    shell: Shell,
    tab: &'static str,
    form_key: String,
    version: u64,
    form: SettingsInput,
    errors: FieldErrors,
    currency_symbol: &'static str,
    can_edit: bool,
}

impl SettingsPage {
    fn new(asker: &Asker, form: SettingsInput, version: u64, errors: FieldErrors) -> Self {
        Self {
            shell: Shell::new(asker, "sales", "Approbation des dépenses"),
            tab: "settings",
            form_key: asker.form_key(),
            version,
            form: SettingsInput { approval_from: form.approval_from.replace('.', ",") },
            errors,
            currency_symbol: asker.organization.currency.symbol(),
            can_edit: asker.may(Permission::SalesApprove),
        }
    }
}

pub async fn show_settings(asker: Asker) -> PageResult {
    let (form, version) = SettingsInput::read(&asker).await?;
    page(&SettingsPage::new(&asker, form, version, FieldErrors::default()))
}

pub async fn edit_settings(asker: Asker, form: Form<SettingsInput>) -> PageResult {
    match super::edit_settings(&asker, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "Le seuil d’approbation est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = SettingsPage::new(&asker, form.input, form.version.unwrap_or_default(), errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
