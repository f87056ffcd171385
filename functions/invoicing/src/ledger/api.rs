//! `/api/v1/ledger/verification`

use axum::extract::Query;
use serde::Deserialize;
use table::ledger::{LedgerFault, verify_part};
use web::{Asker, Failure};

/// Readings of 1 MB, some thousand entries each: what a request has time for.
const READINGS: usize = 4;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    after: u64,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct VerificationView {
    /// How many entries were checked.
    entries: u64,
    /// Those that are no closings: documents and payments.
    movements: u64,
    /// SHA-256 of the last of them, in hexadecimal.
    head: String,
    is_intact: bool,
    /// Each break of the chain; none where it is intact.
    #[schema(value_type = Vec<Object>)]
    faults: Vec<LedgerFault>,
    /// Where the ledger goes on: to be asked for as `after`. Absent where this was its end.
    next_after: Option<u64>,
}

/// Recomputes the chain of the organization's ledger, some thousand entries at once.
#[utoipa::path(get, path = "/api/v1/ledger/verification", tag = "invoicing", operation_id = "verify_ledger",
    params(("after" = Option<u64>, Query, description = "goes on behind this entry, which was checked before")),
    responses((status = 200, body = VerificationView)))]
pub async fn verify_ledger(
    asker: Asker,
    Query(Part { after }): Query<Part>,
) -> Result<axum::Json<VerificationView>, Failure> {
    let (found, next_after) = verify_part(&asker.scope, after, READINGS).await?;
    Ok(axum::Json(VerificationView {
        entries: found.entries,
        movements: found.movements,
        head: found.head,
        is_intact: found.faults.is_empty(),
        faults: found.faults,
        next_after,
    }))
}
