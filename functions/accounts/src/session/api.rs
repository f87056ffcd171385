//! `/api/v1/sessions`

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use kernel::Error;
use web::{Asker, Failure, Json, Visitor, cookies, credentials::SESSION_VALID};

use super::SignInInput;

/// Signs in; the session is in the cookie of the answer. Programs create a token with it and use that.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "accounts", operation_id = "sign_in",
    request_body = SignInInput, responses((status = 204)))]
pub async fn sign_in(visitor: Visitor, Json(input): Json<SignInInput>) -> Result<Response, Failure> {
    let secret = super::sign_in(&visitor.deps, &visitor, &input).await?;
    let secure = visitor.deps.config.secure_cookies;
    let cookie = cookies::set(cookies::session_name(secure), &secret.text, SESSION_VALID, secure)
        .ok_or_else(|| Error::internal("a session's cookie"))?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Ends the session that asks.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "accounts", operation_id = "sign_out",
    responses((status = 204)))]
pub async fn sign_out(asker: Asker) -> Result<StatusCode, Failure> {
    super::sign_out(&asker).await?;
    Ok(StatusCode::NO_CONTENT)
}
