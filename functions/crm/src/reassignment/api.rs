//! `/api/v1/contacts/reassignments`

use serde::Serialize;
use web::{Asker, Failure, Json};

use super::Reassignment;

#[derive(Serialize, utoipa::ToSchema)]
pub struct Reassigned {
    /// How many of the records are theirs now.
    records: usize,
}

/// Gives companies, contacts and planned activities to a member, as those of somebody who left. Doing it again changes nothing more.
#[utoipa::path(post, path = "/api/v1/contacts/reassignments", tag = "crm", operation_id = "reassign_records",
    request_body = Reassignment, responses((status = 200, body = Reassigned)))]
pub async fn reassign_records(
    asker: Asker,
    Json(input): Json<Reassignment>,
) -> Result<axum::Json<Reassigned>, Failure> {
    Ok(axum::Json(Reassigned { records: super::reassign_records(&asker, &input).await? }))
}
