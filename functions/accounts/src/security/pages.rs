//! `/compte/securite`, `/connexion/verification`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error,
    id::{PasskeyId, SessionId},
    text,
};
use serde::Deserialize;
use table::{Stored, keys, meter};
use web::{
    Asker, Form, Id, PageResult, Plain, Session, Shell, Visitor, form::FieldErrors, page, page_with_status, redirect,
};

use super::{CodeInput, ReauthenticationInput, VerificationInput, device};
use crate::{
    account::{self, PasswordInput},
    passkey::{PASSKEYS_MAX, Passkey},
    session::{self, challenge},
    two_factor::{Enrolment, RecoveryCode, RecoveryCodes, SecondFactor},
};

pub(crate) const PATH: &str = "/compte/securite";

#[derive(Template)]
#[template(path = "security.html")]
struct SecurityPage {
    shell: Shell,
    sessions: Vec<SessionRow>,
    passkeys: Vec<PasskeyRow>,
    may_add_passkey: bool,
    has_totp: bool,
    /// None without a second factor.
    recovery_codes_left: Option<usize>,
    /// Whether a single factor is left.
    is_last: bool,
    is_required: bool,
    errors: FieldErrors,
}

struct PasskeyRow {
    id: PasskeyId,
    name: String,
    added_on: String,
    last_used_on: Option<String>,
    is_synchronized: bool,
}

impl PasskeyRow {
    fn new(asker: &Asker, passkey: &Passkey) -> Self {
        let day = |at: Timestamp| text::short_date(at.to_zoned(asker.organization.zone()).date());
        Self {
            id: passkey.id,
            name: passkey.name.clone(),
            added_on: day(passkey.created_at),
            last_used_on: passkey.last_used_at.map(day),
            is_synchronized: passkey.backed_up,
        }
    }
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

impl SecurityPage {
    async fn new(asker: &Asker, errors: FieldErrors) -> Result<Self, Error> {
        let factors = keys::factors(asker.user);
        let reading = asker.deps().table.collection(&factors);
        let (sessions, factors) = meter::side_by_side(session::list_sessions(asker), reading).await;
        let factors = factors?;
        let mut passkeys = factors.all::<Passkey>()?;
        passkeys.sort_by_key(|passkey| passkey.id);
        let has_totp = factors.first::<SecondFactor>()?.is_some_and(|totp| totp.is_confirmed());
        let recovery = factors.first::<RecoveryCodes>()?;
        let has_factor = has_totp || !passkeys.is_empty();
        Ok(Self {
            shell: Shell::new(asker, "account", "Sécurité"),
            sessions: sessions?.iter().map(|session| SessionRow::new(asker, session)).collect(),
            passkeys: passkeys.iter().map(|passkey| PasskeyRow::new(asker, passkey)).collect(),
            may_add_passkey: passkeys.len() < PASSKEYS_MAX,
            is_last: passkeys.len() + usize::from(has_totp) == 1,
            has_totp,
            recovery_codes_left: has_factor.then(|| recovery.map_or(0, |codes: Stored<_>| codes.hashes.len())),
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
        Ok(()) => asker.done(PATH, done),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SecurityPage::new(&asker, errors).await?)
        }
    }
}

pub async fn end_session(asker: Asker, Id(id): Id<SessionId>) -> PageResult {
    session::end_session(&asker, id).await?;
    asker.done(PATH, "La session est fermée.")
}

pub async fn sign_out_everywhere(asker: Asker) -> PageResult {
    session::sign_out_everywhere(&asker).await?;
    asker.done(PATH, "Toutes vos autres sessions sont fermées.")
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
        Err(Error::NotFound) => redirect(PATH),
        Err(error) => Err(error.into()),
    }
}

pub async fn confirm_totp(asker: Asker, form: Form<CodeInput>) -> PageResult {
    match super::confirm_totp(&asker, &form.input).await {
        Ok(codes) if codes.is_empty() => asker.done(PATH, "L’application d’authentification est associée."),
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
pub(crate) fn show_codes(asker: &Asker, codes: &[RecoveryCode]) -> PageResult {
    let shell = Shell::new(asker, "account", "Vos codes de secours");
    page(&RecoveryCodesPage { shell, recovery_codes: codes.iter().map(RecoveryCode::shown).collect() })
}

pub async fn disable_totp(asker: Asker, form: Form<ReauthenticationInput>) -> PageResult {
    match super::disable_totp(&asker, &form.input).await {
        Ok(true) => asker.done(PATH, "L’application d’authentification est désactivée."),
        Ok(false) => asker.done(PATH, "La double authentification est désactivée."),
        Err(error) => refused(&asker, error).await,
    }
}

pub async fn renew_recovery_codes(asker: Asker, form: Form<ReauthenticationInput>) -> PageResult {
    match super::renew_recovery_codes(&asker, &form.input).await {
        Ok(codes) if codes.is_empty() => redirect(PATH),
        Ok(codes) => show_codes(&asker, &codes),
        Err(error) => refused(&asker, error).await,
    }
}

/// What is wrong is told above all of the page: the dialog that asked is closed.
pub(crate) async fn refused(asker: &Asker, error: Error) -> PageResult {
    let errors = FieldErrors::summary_of(error)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SecurityPage::new(asker, errors).await?)
}

// ---- the second step of signing in --------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "verification.html")]
struct VerificationPage {
    plain: Plain,
    next: String,
    has_totp: bool,
    has_passkey: bool,
    errors: FieldErrors,
}

impl VerificationPage {
    async fn new(visitor: &Visitor, next: String, errors: FieldErrors) -> Result<Self, Error> {
        let (_, account) = challenge::with_account(visitor).await?;
        Ok(Self {
            plain: Plain::new(visitor, "Vérification"),
            next,
            has_totp: account.has_totp,
            has_passkey: account.passkeys > 0,
            errors,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    suite: String,
}

pub async fn new_verification(visitor: Visitor, Query(back): Query<Back>) -> PageResult {
    page(&VerificationPage::new(&visitor, back.suite, FieldErrors::default()).await?)
}

pub async fn verify_second_factor(visitor: Visitor, form: Form<VerificationInput>) -> PageResult {
    match super::verify_second_factor(&visitor, &form.input).await {
        Ok(secret) => session::pages::enter(&visitor, &secret, session::pages::own_path(&form.input.suite)),
        Err(error) => {
            let shown = !form.input.code.is_empty();
            let errors = if shown { FieldErrors::from_error(error) } else { FieldErrors::summary_of(error) }?;
            let page = VerificationPage::new(&visitor, form.input.suite, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
