//! `/notifications/preferences`

use askama::Template;
use http::StatusCode;
use kernel::Result;
use web::{
    Asker, Form, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{Delivery, PreferencesInput};
use crate::notification::Category;

pub const PATH: &str = "/notifications/preferences";

#[derive(Template)]
#[template(path = "preferences.html")]
struct PreferencesPage {
    shell: Shell,
    form_key: String,
    version: u64,
    categories: Vec<CategoryField>,
    email: String,
    errors: FieldErrors,
}

struct CategoryField {
    code: &'static str,
    label: &'static str,
    purpose: &'static str,
    choices: Vec<Choice>,
    error: Option<String>,
}

fn form(asker: &Asker, input: &PreferencesInput, version: u64, errors: FieldErrors) -> PreferencesPage {
    let field = |category: Category| CategoryField {
        code: category.code(),
        label: category.french(),
        purpose: category.french_purpose(),
        choices: choices(
            Delivery::ALL.map(|delivery| (delivery.code(), delivery.french())),
            match input.get(category) {
                "" => Delivery::default().code(),
                chosen => chosen,
            },
        ),
        error: errors.get(&format!("/{}", category.code())),
    };
    PreferencesPage {
        shell: Shell::new(asker, "notifications", "Préférences de notification"),
        form_key: asker.form_key(),
        version,
        categories: Category::ALL.into_iter().map(field).collect(),
        email: asker.email.clone(),
        errors,
    }
}

async fn preferences_page(asker: &Asker) -> Result<PreferencesPage> {
    let preferences = super::shown(asker).await?;
    Ok(form(asker, &PreferencesInput::of(&preferences), preferences.version, FieldErrors::default()))
}

pub async fn show_preferences(asker: Asker) -> PageResult {
    page(&preferences_page(&asker).await?)
}

pub async fn edit_preferences(asker: Asker, sent: Form<PreferencesInput>) -> PageResult {
    match super::edit_preferences(&asker, &sent.input, sent.version).await {
        Ok(_) => asker.done(PATH, "Vos préférences sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let again = form(&asker, &sent.input, sent.version.unwrap_or_default(), errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}
