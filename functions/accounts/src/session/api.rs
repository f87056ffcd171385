//! `/api/v1/sessions`

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use kernel::{Error, id::SessionId};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Json, Visitor, cookies,
    credentials::{SESSION_VALID, Secret},
};

use super::{PasskeyInput, SignInInput, SignedIn, pages::challenge_cookie};
use crate::passkey::Begun;

/// What a sign-in still wants.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ChallengeView {
    /// Always true: `POST /api/v1/sessions/second-factor` with the cookie of this answer.
    second_factor_required: bool,
}

/// Signs in; the session is in the cookie of the answer. Programs create a token with it and use that. With a second
/// factor set up, the answer is 202 and another cookie that stands for ten minutes.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "accounts", operation_id = "sign_in",
    request_body = SignInInput, responses((status = 204), (status = 202, body = ChallengeView)))]
pub async fn sign_in(visitor: Visitor, Json(input): Json<SignInInput>) -> Result<Response, Failure> {
    match super::sign_in(&visitor.deps, &visitor, &input).await? {
        SignedIn::Session(secret) => entered(&visitor, &secret),
        SignedIn::Challenge(secret) => {
            let cookie = challenge_cookie(&visitor, &secret)?;
            let view = axum::Json(ChallengeView { second_factor_required: true });
            Ok((StatusCode::ACCEPTED, [(header::SET_COOKIE, cookie)], view).into_response())
        }
    }
}

/// Asks for a passkey, whoever's it is; its answer signs in.
#[utoipa::path(post, path = "/api/v1/sessions/passkey/start", tag = "accounts", operation_id = "start_passkey_sign_in",
    responses((status = 201, body = Begun)))]
pub async fn start_passkey_sign_in(visitor: Visitor) -> Result<Answer<Begun>, Failure> {
    Ok(begun(super::start_passkey_sign_in(&visitor).await?))
}

/// Signs in with nothing but a passkey; the session is in the cookie of the answer. It counts as a second factor too.
#[utoipa::path(post, path = "/api/v1/sessions/passkey", tag = "accounts", operation_id = "sign_in_with_passkey",
    request_body = PasskeyInput, responses((status = 204)))]
pub async fn sign_in_with_passkey(visitor: Visitor, Json(input): Json<PasskeyInput>) -> Result<Response, Failure> {
    let secret = super::sign_in_with_passkey(&visitor, &input).await?;
    entered(&visitor, &secret)
}

/// A ceremony that the browser goes on with.
pub(crate) fn begun(body: Begun) -> Answer<Begun> {
    Answer { status: StatusCode::CREATED, version: None, location: None, body }
}

/// The session's cookie and nothing else.
pub(crate) fn entered(visitor: &Visitor, secret: &Secret) -> Result<Response, Failure> {
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

#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// `ses_…`
    id: String,
    created_at: String,
    seen_at: String,
    address: Option<String>,
    user_agent: Option<String>,
    is_current: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionList {
    items: Vec<SessionView>,
}

/// One's own sessions, the newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "accounts", operation_id = "list_sessions",
    responses((status = 200, body = SessionList)))]
pub async fn list_sessions(asker: Asker) -> Result<axum::Json<SessionList>, Failure> {
    let sessions = super::list_sessions(&asker).await?;
    let items = sessions.into_iter().map(|session| SessionView {
        id: session.id.to_string(),
        created_at: session.created_at.to_string(),
        seen_at: session.seen_at.to_string(),
        address: session.address.map(|address| address.to_string()),
        user_agent: session.user_agent.clone(),
        is_current: asker.session.as_ref().is_some_and(|current| current.id == session.id),
    });
    Ok(axum::Json(SessionList { items: items.collect() }))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "accounts", operation_id = "end_session",
    params(("id" = String, Path, description = "`ses_…`")), responses((status = 204)))]
pub async fn end_session(asker: Asker, Id(id): Id<SessionId>) -> Result<StatusCode, Failure> {
    super::end_session(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session but the one that asks.
#[utoipa::path(post, path = "/api/v1/sessions/end-others", tag = "accounts", operation_id = "sign_out_everywhere",
    responses((status = 204)))]
pub async fn sign_out_everywhere(asker: Asker) -> Result<StatusCode, Failure> {
    super::sign_out_everywhere(&asker).await?;
    Ok(StatusCode::NO_CONTENT)
}
