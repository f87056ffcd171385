//! `/connexion`, `/deconnexion`

use askama::Template;
use axum::extract::RawQuery;
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Rule};
use serde::Deserialize;
use web::{
    Asker, Form, PageResult, Plain, Visitor, cookies,
    credentials::{SESSION_VALID, Secret},
    form::FieldErrors,
    page, page_with_status, redirect,
};

use super::{PasskeyInput, SignInInput, SignedIn, challenge};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    plain: Plain,
    form: SignInInput,
    errors: FieldErrors,
    next: String,
    demo_href: Option<String>,
}

impl SignInPage {
    fn new(visitor: &Visitor, form: SignInInput, errors: FieldErrors) -> Self {
        Self {
            plain: Plain::new(visitor, "Connexion"),
            next: form.suite.clone(),
            form,
            errors,
            demo_href: visitor.deps.config.demo_href.clone(),
        }
    }
}

#[derive(Default, Deserialize)]
struct Back {
    #[serde(default)]
    suite: String,
}

pub async fn new_session(visitor: Visitor, RawQuery(query): RawQuery) -> PageResult {
    let back: Back = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let form = SignInInput { suite: back.suite, ..SignInInput::default() };
    page(&SignInPage::new(&visitor, form, FieldErrors::default()))
}

pub async fn sign_in(visitor: Visitor, form: Form<SignInInput>) -> PageResult {
    match super::sign_in(&visitor.deps, &visitor, &form.input).await {
        Ok(SignedIn::Session(secret)) => enter(&visitor, &secret, own_path(&form.input.suite)),
        Ok(SignedIn::Challenge(secret)) => challenged(&visitor, &secret, own_path(&form.input.suite)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let input = SignInInput { password: String::new(), ..form.input };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SignInPage::new(&visitor, input, errors))
        }
    }
}

pub async fn sign_in_with_passkey(visitor: Visitor, form: Form<PasskeyInput>) -> PageResult {
    match super::sign_in_with_passkey(&visitor, &form.input).await {
        Ok(secret) => enter(&visitor, &secret, own_path(&form.input.suite)),
        Err(error) => {
            let errors = FieldErrors::summary_of(match error {
                Error::WrongCredentials => Error::field("/response", Rule::WrongPasskey),
                other => other,
            })?;
            let input = SignInInput { suite: form.input.suite, ..SignInInput::default() };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SignInPage::new(&visitor, input, errors))
        }
    }
}

pub async fn sign_out(asker: Asker) -> PageResult {
    super::sign_out(&asker).await?;
    let secure = asker.deps().config.secure_cookies;
    let mut response = redirect("/connexion")?;
    if let Some(cookie) = cookies::clear(cookies::session_name(secure), secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// On to the second factor, and from there to where one wanted to go.
fn challenged(visitor: &Visitor, secret: &Secret, to: &str) -> PageResult {
    let query = serde_html_form::to_string([("suite", to)]).map_err(Error::internal)?;
    let mut response = redirect(&format!("/connexion/verification?{query}"))?;
    response.headers_mut().append(header::SET_COOKIE, challenge_cookie(visitor, secret)?);
    Ok(response)
}

/// What stands for the sign-in until the second factor is shown.
pub(super) fn challenge_cookie(visitor: &Visitor, secret: &Secret) -> Result<HeaderValue, Error> {
    let secure = visitor.deps.config.secure_cookies;
    cookies::set(cookies::challenge_name(secure), &secret.text, challenge::VALID, secure)
        .ok_or_else(|| Error::internal("a challenge's cookie"))
}

/// Sets the session's cookie and goes on.
pub fn enter(visitor: &Visitor, secret: &Secret, to: &str) -> PageResult {
    let secure = visitor.deps.config.secure_cookies;
    let cookie = cookies::set(cookies::session_name(secure), &secret.text, SESSION_VALID, secure)
        .ok_or_else(|| Error::internal("a session's cookie"))?;
    let mut response = redirect(to)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    if visitor.challenge.is_some()
        && let Some(cookie) = cookies::clear(cookies::challenge_name(secure), secure)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A path of ours, never another site: browsers read `//host` and `/\host` as one.
pub(crate) fn own_path(path: &str) -> &str {
    let is_own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    if is_own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn coming_back_never_leads_to_another_site() {
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a b"]
        {
            assert_eq!(own_path(foreign), "/", "{foreign}");
        }
        assert_eq!(own_path("/facturation/devis?limit=5"), "/facturation/devis?limit=5");
    }
}
