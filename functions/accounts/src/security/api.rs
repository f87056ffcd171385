//! `/api/v1/sessions/second-factor`, `/api/v1/accounts/me/totp`, `/api/v1/accounts/me/recovery-codes`

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use web::{Answer, Asker, Failure, Json, Visitor};

use super::{CodeInput, ReauthenticationInput, VerificationInput};
use crate::{passkey::Begun, session, two_factor::RecoveryCode};

/// Shows the second factor after the password; the session is in the cookie of the answer.
#[utoipa::path(post, path = "/api/v1/sessions/second-factor", tag = "accounts",
    operation_id = "verify_second_factor", request_body = VerificationInput, responses((status = 204)))]
pub async fn verify_second_factor(visitor: Visitor, Json(input): Json<VerificationInput>) -> Result<Response, Failure> {
    let secret = super::verify_second_factor(&visitor, &input).await?;
    session::api::entered(&visitor, &secret)
}

/// Asks for a passkey of whoever showed the password; its answer is the second factor.
#[utoipa::path(post, path = "/api/v1/sessions/second-factor/start", tag = "accounts",
    operation_id = "start_second_step", responses((status = 201, body = Begun)))]
pub async fn start_second_step(visitor: Visitor) -> Result<Answer<Begun>, Failure> {
    Ok(session::api::begun(super::start_second_step(&visitor).await?))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct EnrolmentView {
    /// `otpauth://totp/…`, for an authenticator application.
    uri: String,
    /// The seed in base32, in groups of four.
    seed: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecoveryCodesView {
    /// Ten codes, each good for one sign-in, shown this once; none where there are some already, or when an
    /// Idempotency-Key gives the first answer again.
    recovery_codes: Vec<String>,
}

impl RecoveryCodesView {
    fn of(codes: &[RecoveryCode]) -> Self {
        Self { recovery_codes: codes.iter().map(RecoveryCode::shown).collect() }
    }
}

/// Draws the seed of a second factor, which counts once a first code confirms it.
#[utoipa::path(post, path = "/api/v1/accounts/me/totp", tag = "accounts", operation_id = "start_totp",
    responses((status = 201, body = EnrolmentView)))]
pub async fn start_totp(asker: Asker) -> Result<Answer<EnrolmentView>, Failure> {
    let enrolment = super::start_totp(&asker).await?;
    let body = EnrolmentView { uri: enrolment.uri()?, seed: enrolment.typed_seed() };
    Ok(Answer { status: StatusCode::CREATED, version: None, location: None, body })
}

/// Confirms the second factor with a first code. Somebody's first factor comes with recovery codes.
#[utoipa::path(post, path = "/api/v1/accounts/me/totp/confirm", tag = "accounts", operation_id = "confirm_totp",
    request_body = CodeInput, responses((status = 200, body = RecoveryCodesView)))]
pub async fn confirm_totp(
    asker: Asker,
    Json(input): Json<CodeInput>,
) -> Result<axum::Json<RecoveryCodesView>, Failure> {
    let codes = super::confirm_totp(&asker, &input).await?;
    Ok(axum::Json(RecoveryCodesView::of(&codes)))
}

/// Asks for no codes any more.
#[utoipa::path(post, path = "/api/v1/accounts/me/totp/disable", tag = "accounts", operation_id = "disable_totp",
    request_body = ReauthenticationInput, responses((status = 204)))]
pub async fn disable_totp(asker: Asker, Json(input): Json<ReauthenticationInput>) -> Result<StatusCode, Failure> {
    super::disable_totp(&asker, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives new recovery codes in the place of the old ones.
#[utoipa::path(post, path = "/api/v1/accounts/me/recovery-codes", tag = "accounts",
    operation_id = "renew_recovery_codes", request_body = ReauthenticationInput,
    responses((status = 200, body = RecoveryCodesView)))]
pub async fn renew_recovery_codes(
    asker: Asker,
    Json(input): Json<ReauthenticationInput>,
) -> Result<axum::Json<RecoveryCodesView>, Failure> {
    let codes = super::renew_recovery_codes(&asker, &input).await?;
    Ok(axum::Json(RecoveryCodesView::of(&codes)))
}
