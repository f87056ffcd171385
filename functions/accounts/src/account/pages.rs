//! `/inscription`, `/connexion/oubli`, `/connexion/reinitialisation`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{Error, error::Conflict};
use serde::Deserialize;
use web::{Flash, Form, PageResult, Plain, Visitor, form::FieldErrors, page, page_with_status, redirect_with};

use super::{ResetInput, ResetRequestInput, SignUpInput};
use crate::session;

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
    if !visitor.deps.config.open_sign_up {
        return Err(Error::Conflict(Conflict::SignUpClosed).into());
    }
    page(&SignUpPage::new(&visitor, SignUpInput::default(), FieldErrors::default()))
}

/// Creates the account and signs its owner in.
pub async fn sign_up(visitor: Visitor, form: Form<SignUpInput>) -> PageResult {
    match super::sign_up_and_in(&visitor.deps, &visitor, &form.input).await {
        Ok(secret) => session::pages::enter(&visitor, &secret, "/organisation"),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let input = SignUpInput { password: String::new(), ..form.input };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SignUpPage::new(&visitor, input, errors))
        }
    }
}

// ---- another password -----------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "reset_request.html")]
struct ResetRequestPage {
    plain: Plain,
    form: ResetRequestInput,
    errors: FieldErrors,
    is_sent: bool,
}

pub async fn new_reset(visitor: Visitor) -> PageResult {
    page(&ResetRequestPage {
        plain: Plain::new(&visitor, "Mot de passe oublié"),
        form: ResetRequestInput::default(),
        errors: FieldErrors::default(),
        is_sent: false,
    })
}

pub async fn request_reset(visitor: Visitor, form: Form<ResetRequestInput>) -> PageResult {
    let asked = super::request_reset(&visitor.deps, &visitor, &form.input).await;
    let (status, errors) = match asked {
        Ok(()) => (StatusCode::OK, FieldErrors::default()),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::from_error(error)?),
    };
    let is_sent = errors.is_empty();
    let plain = Plain::new(&visitor, "Mot de passe oublié");
    page_with_status(status, &ResetRequestPage { plain, form: form.input, errors, is_sent })
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage {
    plain: Plain,
    email: String,
    secret: String,
    errors: FieldErrors,
}

/// The secret is in the query, which no log keeps, and not in the path.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ResetLink {
    jeton: String,
}

pub async fn show_reset(visitor: Visitor, Query(link): Query<ResetLink>) -> PageResult {
    let reset = super::find_reset(&visitor.deps, &link.jeton).await?;
    page(&ResetPage {
        plain: Plain::new(&visitor, "Nouveau mot de passe"),
        email: reset.email.clone(),
        secret: link.jeton,
        errors: FieldErrors::default(),
    })
}

pub async fn reset_password(visitor: Visitor, form: Form<ResetInput>) -> PageResult {
    if let Err(error) = super::reset_password(&visitor.deps, &visitor, &form.input).await {
        let errors = FieldErrors::from_error(error)?;
        let plain = Plain::new(&visitor, "Nouveau mot de passe");
        let page = ResetPage { plain, email: String::new(), secret: form.input.secret, errors };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let done = Flash::success("Votre mot de passe est changé. Connectez-vous avec le nouveau.");
    redirect_with("/connexion", &done, visitor.deps.config.secure_cookies)
}
