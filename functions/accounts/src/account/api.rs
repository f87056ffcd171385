//! `/api/v1/accounts`

use http::StatusCode;
use serde::Serialize;
use web::{Answer, Failure, Json, Visitor};

use super::SignUpInput;

#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountView {
    /// `usr_…`
    user_id: String,
    /// `org_…`
    organization_id: String,
}

/// Creates an account and its organization. Sign in next.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", operation_id = "sign_up",
    request_body = SignUpInput, responses((status = 201, body = AccountView)))]
pub async fn sign_up(visitor: Visitor, Json(input): Json<SignUpInput>) -> Result<Answer<AccountView>, Failure> {
    let signed_up = super::sign_up(&visitor.deps, &visitor, &input).await?;
    Ok(Answer {
        status: StatusCode::CREATED,
        version: None,
        location: None,
        body: AccountView { user_id: signed_up.user.to_string(), organization_id: signed_up.organization.to_string() },
    })
}
