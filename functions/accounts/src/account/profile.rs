//! `/compte`: one's profile.

use askama::Template;
use http::StatusCode;
use web::{Asker, Form, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::ProfileInput;
use crate::portrait::pages::PortraitBox;

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfilePage {
    shell: Shell,
    form_key: String,
    version: Option<u64>,
    email: String,
    role: String,
    form: ProfileInput,
    portrait: PortraitBox,
    errors: FieldErrors,
}

impl ProfilePage {
    fn new(asker: &Asker, version: Option<u64>, form: ProfileInput, errors: FieldErrors) -> Self {
        Self {
            shell: Shell::new(asker, "account", "Mon profil"),
            form_key: asker.form_key(),
            version,
            email: asker.email.clone(),
            role: asker.role.french().into(),
            portrait: PortraitBox::new(&asker.name, asker.portrait),
            form,
            errors,
        }
    }
}

pub async fn show_profile(asker: Asker) -> PageResult {
    let account = super::show_profile(&asker).await?;
    let form = ProfileInput::of(&account);
    page(&ProfilePage::new(&asker, Some(account.version), form, FieldErrors::default()))
}

pub async fn edit_profile(asker: Asker, form: Form<ProfileInput>) -> PageResult {
    match super::edit_profile(&asker, &form.input, form.version).await {
        Ok(_) => asker.done("/compte", "Votre profil est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = ProfilePage::new(&asker, form.version, form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
