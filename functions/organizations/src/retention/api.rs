//! `/api/v1/organization/retention`

use serde::Serialize;
use web::{Asker, Failure};

use super::{RetentionRule, retention_rules};

#[derive(Serialize, utoipa::ToSchema)]
pub struct RetentionRules {
    /// In French, as the page tells them.
    items: Vec<RetentionRule>,
}

/// How long everything is kept, and why.
#[utoipa::path(get, path = "/api/v1/organization/retention", tag = "organizations", operation_id = "list_retention_rules",
    responses((status = 200, body = RetentionRules)))]
pub async fn list_retention_rules(asker: Asker) -> Result<axum::Json<RetentionRules>, Failure> {
    Ok(axum::Json(RetentionRules { items: retention_rules(asker.organization.day(asker.scope.now())) }))
}
