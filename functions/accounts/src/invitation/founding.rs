//! `/plateforme/entreprises/nouvelle`

use askama::Template;
use http::StatusCode;
use web::{Asker, Form, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{FoundingInput, found_organization};

#[derive(Template)]
#[template(path = "founding.html")]
struct FoundingForm {
    shell: Shell,
    form_key: String,
    form: FoundingInput,
    errors: FieldErrors,
}

impl FoundingForm {
    fn new(asker: &Asker, form: FoundingInput, errors: FieldErrors) -> Self {
        let shell = Shell::new(asker, "platform", "Nouvelle entreprise");
        Self { shell, form_key: asker.form_key(), form, errors }
    }
}

pub async fn new_organization(asker: Asker) -> PageResult {
    page(&FoundingForm::new(&asker, FoundingInput::default(), FieldErrors::default()))
}

pub async fn create_organization(asker: Asker, form: Form<FoundingInput>) -> PageResult {
    match found_organization(&asker, &form.input).await {
        Ok((organization, invitation)) => {
            let told = format!("L’entreprise est créée, et une invitation est envoyée à {}.", invitation.email);
            asker.done(&format!("/plateforme/entreprises/{organization}"), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &FoundingForm::new(&asker, form.input, errors))
        }
    }
}
