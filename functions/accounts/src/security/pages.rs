//! `/compte/securite`, `/connexion/verification`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{Error, id::SessionId, text};
use serde::Deserialize;
use table::meter;
use web::{
    Asker, Form, Id, PageResult, Plain, Session, Shell, Visitor, form::FieldErrors, page, page_with_status, redirect,
};

use super::{CodeInput, ReauthenticationInput, VerificationInput};
use crate::{
    account::{self, PasswordInput},
    session::{self, challenge},
    two_factor::{Enrolment, RecoveryCode},
};

#[derive(Template)]
#[template(path = "security.html")]
struct SecurityPage {
    shell: Shell,
    sessions: Vec<SessionRow>,
    has_totp: bool,
    recovery_codes_left: usize,
    is_required: bool,
    errors: FieldErrors,
}

struct SessionRow {
    id: SessionId,
    device: String,
    address: String,
    since: String,
    seen: String,
    is_current: bool,
}

impl SessionRow {
    fn new(asker: &Asker, session: &Session) -> Self {
        let zone = asker.organization.zone();
        let day = |at: Timestamp| text::short_date(at.to_zoned(zone.clone()).date());
        let is_current = asker.session.as_ref().is_some_and(|current| current.id == session.id);
        Self {
            id: session.id,
            device: device(session.user_agent.as_deref().unwrap_or_default()),
            address: session.address.map(|address| address.to_string()).unwrap_or_default(),
            since: day(session.created_at),
            seen: if is_current { "À l’instant".into() } else { day(session.seen_at) },
            is_current,
        }
    }
}

/// The browser and its system in a few words, as far as they say so themselves.
fn device(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // The order counts: everybody calls themselves Safari and Chrome.
    let browser = named(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = named(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(name), None) | (None, Some(name)) => name.into(),
        (None, None) => "Appareil inconnu".into(),
    }
}

impl SecurityPage {
    async fn new(asker: &Asker, errors: FieldErrors) -> Result<Self, Error> {
        let (sessions, factor) =
            meter::side_by_side(session::list_sessions(asker), super::read_second_factor(asker)).await;
        let factor = factor?.filter(|factor| factor.is_confirmed());
        Ok(Self {
            shell: Shell::new(asker, "account", "Sécurité"),
            sessions: sessions?.iter().map(|session| SessionRow::new(asker, session)).collect(),
            has_totp: factor.is_some(),
            recovery_codes_left: factor.map_or(0, |factor| factor.recovery_codes_left()),
            is_required: asker.organization.requires_two_factor,
            errors,
        })
    }
}

pub async fn show_security(asker: Asker) -> PageResult {
    page(&SecurityPage::new(&asker, FieldErrors::default()).await?)
}

pub async fn change_password(asker: Asker, form: Form<PasswordInput>) -> PageResult {
    let done = "Votre mot de passe est changé. Vos autres sessions sont fermées.";
    match account::change_password(&asker, &form.input).await {
        Ok(()) => asker.done("/compte/securite", done),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SecurityPage::new(&asker, errors).await?)
        }
    }
}

pub async fn end_session(asker: Asker, Id(id): Id<SessionId>) -> PageResult {
    session::end_session(&asker, id).await?;
    asker.done("/compte/securite", "La session est fermée.")
}

pub async fn sign_out_everywhere(asker: Asker) -> PageResult {
    session::sign_out_everywhere(&asker).await?;
    asker.done("/compte/securite", "Toutes vos autres sessions sont fermées.")
}

// ---- codes of an application ------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "totp.html")]
struct TotpPage {
    shell: Shell,
    /// An SVG element.
    qr: String,
    uri: String,
    seed: String,
    errors: FieldErrors,
}

impl TotpPage {
    fn new(asker: &Asker, enrolment: &Enrolment, errors: FieldErrors) -> Result<Self, Error> {
        Ok(Self {
            shell: Shell::new(asker, "account", "Activer la double authentification"),
            qr: enrolment.qr_svg()?,
            uri: enrolment.uri()?,
            seed: enrolment.typed_seed(),
            errors,
        })
    }
}

pub async fn start_totp(asker: Asker) -> PageResult {
    super::start_totp(&asker).await?;
    redirect("/compte/securite/totp")
}

pub async fn show_totp(asker: Asker) -> PageResult {
    match super::pending_totp(&asker).await {
        Ok(enrolment) => page(&TotpPage::new(&asker, &enrolment, FieldErrors::default())?),
        Err(Error::NotFound) => redirect("/compte/securite"),
        Err(error) => Err(error.into()),
    }
}

pub async fn confirm_totp(asker: Asker, form: Form<CodeInput>) -> PageResult {
    match super::confirm_totp(&asker, &form.input).await {
        Ok(codes) => show_codes(&asker, &codes),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let enrolment = super::pending_totp(&asker).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &TotpPage::new(&asker, &enrolment, errors)?)
        }
    }
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct RecoveryCodesPage {
    shell: Shell,
    recovery_codes: Vec<String>,
}

/// Recovery codes that no later page shows.
fn show_codes(asker: &Asker, codes: &[RecoveryCode]) -> PageResult {
    let shell = Shell::new(asker, "account", "Vos codes de secours");
    page(&RecoveryCodesPage { shell, recovery_codes: codes.iter().map(RecoveryCode::shown).collect() })
}

pub async fn disable_totp(asker: Asker, form: Form<ReauthenticationInput>) -> PageResult {
    match super::disable_totp(&asker, &form.input).await {
        Ok(()) => asker.done("/compte/securite", "La double authentification est désactivée."),
        Err(error) => refused(&asker, error).await,
    }
}

pub async fn renew_recovery_codes(asker: Asker, form: Form<ReauthenticationInput>) -> PageResult {
    match super::renew_recovery_codes(&asker, &form.input).await {
        Ok(codes) => show_codes(&asker, &codes),
        Err(error) => refused(&asker, error).await,
    }
}

/// What is wrong is told above all of the page: the dialog that asked is closed.
async fn refused(asker: &Asker, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SecurityPage::new(asker, errors).await?)
}

// ---- the second step of signing in --------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "verification.html")]
struct VerificationPage {
    plain: Plain,
    next: String,
    errors: FieldErrors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    suite: String,
}

pub async fn new_verification(visitor: Visitor, Query(back): Query<Back>) -> PageResult {
    challenge::of_visitor(&visitor).await?;
    let plain = Plain::new(&visitor, "Vérification");
    page(&VerificationPage { plain, next: back.suite, errors: FieldErrors::default() })
}

pub async fn verify_second_factor(visitor: Visitor, form: Form<VerificationInput>) -> PageResult {
    match super::verify_second_factor(&visitor, &form.input).await {
        Ok(secret) => session::pages::enter(&visitor, &secret, session::pages::own_path(&form.input.suite)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let plain = Plain::new(&visitor, "Vérification");
            let page = VerificationPage { plain, next: form.input.suite, errors };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_named_by_what_it_says() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120";
        assert_eq!(device(edge), "Edge sur Windows");
        assert_eq!(device("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"), "Safari sur iPhone");
        assert_eq!(device("curl/8.0"), "curl");
        assert_eq!(device(""), "Appareil inconnu");
    }
}
