//! `/api/v1/ledger/verification`

use table::ledger::{LedgerFault, verify};
use web::{Asker, Failure};

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct VerificationView {
    /// How many entries the ledger has.
    entries: u64,
    /// Those that are no closings: documents and payments.
    movements: u64,
    /// SHA-256 of the last entry, in hexadecimal.
    head: String,
    is_intact: bool,
    /// Each break of the chain; none where it is intact.
    #[schema(value_type = Vec<Object>)]
    faults: Vec<LedgerFault>,
}

/// Recomputes the whole chain of the organization's ledger.
#[utoipa::path(get, path = "/api/v1/ledger/verification", tag = "invoicing", operation_id = "verify_ledger",
    responses((status = 200, body = VerificationView)))]
pub async fn verify_ledger(asker: Asker) -> Result<axum::Json<VerificationView>, Failure> {
    let found = verify(&asker.scope).await?;
    Ok(axum::Json(VerificationView {
        entries: found.entries,
        movements: found.movements,
        head: found.head,
        is_intact: found.faults.is_empty(),
        faults: found.faults,
    }))
}
