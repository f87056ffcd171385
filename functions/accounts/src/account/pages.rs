//! `/inscription`

use askama::Template;
use http::StatusCode;
use web::{Form, PageResult, Plain, Visitor, form::FieldErrors, page, page_with_status};

use super::SignUpInput;
use crate::session::{self, SignInInput};

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpPage {
    plain: Plain,
    form: SignUpInput,
    errors: FieldErrors,
}

impl SignUpPage {
    fn new(visitor: &Visitor, form: SignUpInput, errors: FieldErrors) -> Self {
        Self { plain: Plain::new(visitor, "Créer votre compte"), form, errors }
    }
}

pub async fn new_account(visitor: Visitor) -> PageResult {
    page(&SignUpPage::new(&visitor, SignUpInput::default(), FieldErrors::default()))
}

/// Creates the account and signs its owner in.
pub async fn sign_up(visitor: Visitor, form: Form<SignUpInput>) -> PageResult {
    if let Err(error) = super::sign_up(&visitor.deps, &visitor, &form.input).await {
        let errors = FieldErrors::from_error(error)?;
        let page = SignUpPage::new(&visitor, form.input, errors);
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let credentials = SignInInput { email: form.input.email, password: form.input.password, suite: String::new() };
    let secret = session::sign_in(&visitor.deps, &visitor, &credentials).await?;
    session::pages::enter(&visitor, &secret, "/organisation")
}
