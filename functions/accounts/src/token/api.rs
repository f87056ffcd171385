//! `/api/v1/tokens`

use http::StatusCode;
use serde::Serialize;
use web::{AccessToken, Answer, Asker, Failure, Id, Json, created};

use super::TokenInput;

#[derive(Serialize, utoipa::ToSchema)]
pub struct TokenView {
    /// `tok_…`
    id: String,
    name: String,
    scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<jiff::Timestamp>,
    /// Whether it opens nothing any more; it is listed for another month.
    is_expired: bool,
    /// When it was last used, to ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<jiff::Timestamp>,
    /// Shown once, when the token is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl TokenView {
    fn new(asker: &Asker, token: &AccessToken, secret: Option<String>) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            scopes: token.scopes.iter().map(|scope| scope.code().to_owned()).collect(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            is_expired: token.is_expired_at(asker.scope.now()),
            seen_at: token.seen_at,
            secret,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TokenList {
    items: Vec<TokenView>,
}

/// One's own tokens, the newest first.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "accounts", operation_id = "list_tokens",
    responses((status = 200, body = TokenList)))]
pub async fn list_tokens(asker: Asker) -> Result<axum::Json<TokenList>, Failure> {
    let tokens = super::list_tokens(&asker).await?;
    Ok(axum::Json(TokenList { items: tokens.iter().map(|token| TokenView::new(&asker, token, None)).collect() }))
}

/// Creates a token; asks for a session, not another token.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", operation_id = "create_token",
    request_body = TokenInput, responses((status = 201, body = TokenView)))]
pub async fn create_token(asker: Asker, Json(input): Json<TokenInput>) -> Result<Answer<TokenView>, Failure> {
    let new = super::create_token(&asker, &input).await?;
    let location = format!("/api/v1/tokens/{}", new.token.id);
    Ok(created(TokenView::new(&asker, &new.token, new.secret), 1, location))
}

/// Revokes a token of one's own.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "accounts", operation_id = "revoke_token",
    params(("id" = String, Path, description = "`tok_…`")), responses((status = 204)))]
pub async fn revoke_token(asker: Asker, Id(id): Id<kernel::id::TokenId>) -> Result<StatusCode, Failure> {
    super::revoke_token(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
