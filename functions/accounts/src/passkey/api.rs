//! `/api/v1/accounts/me/passkeys`

use http::StatusCode;
use kernel::id::PasskeyId;
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, Json, created};

use super::{Begun, Described, NewPasskeyInput, PasskeyNameInput};
use crate::{security::ReauthenticationInput, session::api::begun, two_factor::RecoveryCode};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PasskeyList {
    items: Vec<Described>,
}

/// One's own passkeys, in the order in which they were added.
#[utoipa::path(get, path = "/api/v1/accounts/me/passkeys", tag = "accounts", operation_id = "list_passkeys",
    responses((status = 200, body = PasskeyList)))]
pub async fn list_passkeys(asker: Asker) -> Result<axum::Json<PasskeyList>, Failure> {
    let passkeys = super::list_passkeys(&asker).await?;
    Ok(axum::Json(PasskeyList { items: passkeys.iter().map(|passkey| Described::of(passkey)).collect() }))
}

/// Begins to add a passkey: shows the password or another passkey, and gets what the browser is asked.
#[utoipa::path(post, path = "/api/v1/accounts/me/passkeys/start", tag = "accounts",
    operation_id = "start_passkey_registration", request_body = ReauthenticationInput,
    responses((status = 201, body = Begun)))]
pub async fn start_passkey_registration(
    asker: Asker,
    Json(input): Json<ReauthenticationInput>,
) -> Result<Answer<Begun>, Failure> {
    Ok(begun(super::start_passkey_registration(&asker, &input).await?))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RegisteredView {
    passkey: Described,
    /// With somebody's first factor: ten codes, each good for one sign-in, shown this once.
    recovery_codes: Vec<String>,
}

/// Adds the passkey that the browser has made.
#[utoipa::path(post, path = "/api/v1/accounts/me/passkeys", tag = "accounts", operation_id = "register_passkey",
    request_body = NewPasskeyInput, responses((status = 201, body = RegisteredView)))]
pub async fn register_passkey(
    asker: Asker,
    Json(input): Json<NewPasskeyInput>,
) -> Result<Answer<RegisteredView>, Failure> {
    let registered = super::register_passkey(&asker, &input).await?;
    let location = format!("/api/v1/accounts/me/passkeys/{}", registered.passkey.id);
    let recovery_codes = registered.recovery.iter().map(RecoveryCode::shown).collect();
    Ok(created(RegisteredView { passkey: registered.passkey, recovery_codes }, 1, location))
}

/// Asks who is signed in for one of their passkeys, to be shown instead of the password.
#[utoipa::path(post, path = "/api/v1/accounts/me/passkeys/confirm", tag = "accounts",
    operation_id = "start_passkey_confirmation", responses((status = 201, body = Begun)))]
pub async fn start_passkey_confirmation(asker: Asker) -> Result<Answer<Begun>, Failure> {
    Ok(begun(super::start_passkey_confirmation(&asker).await?))
}

/// Calls a passkey something else.
#[utoipa::path(put, path = "/api/v1/accounts/me/passkeys/{id}", tag = "accounts", operation_id = "rename_passkey",
    params(("id" = String, Path, description = "`psk_…`")), request_body = PasskeyNameInput,
    responses((status = 200, body = Described)))]
pub async fn rename_passkey(
    asker: Asker,
    Id(id): Id<PasskeyId>,
    Json(input): Json<PasskeyNameInput>,
) -> Result<axum::Json<Described>, Failure> {
    Ok(axum::Json(super::rename_passkey(&asker, id, &input).await?))
}

/// Removes a passkey; shows the password or a passkey.
#[utoipa::path(post, path = "/api/v1/accounts/me/passkeys/{id}/remove", tag = "accounts",
    operation_id = "remove_passkey", params(("id" = String, Path, description = "`psk_…`")),
    request_body = ReauthenticationInput, responses((status = 204)))]
pub async fn remove_passkey(
    asker: Asker,
    Id(id): Id<PasskeyId>,
    Json(input): Json<ReauthenticationInput>,
) -> Result<StatusCode, Failure> {
    super::remove_passkey(&asker, id, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}
