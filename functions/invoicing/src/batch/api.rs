//! `/api/v1/invoices/issue-batches`

use jiff::Timestamp;
use kernel::{
    Error,
    error::Conflict,
    id::{InvoiceId, IssueBatchId},
};
use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, Id, Json, created, seen};

use super::{BatchInput, IssueBatch};

/// How far a batch has come.
#[derive(Serialize, utoipa::ToSchema)]
pub struct IssueBatchView {
    /// `iba_…`
    #[schema(value_type = String)]
    id: IssueBatchId,
    total: usize,
    /// Dealt with so far: issued or refused.
    done: usize,
    issued: usize,
    refused: Vec<RefusedView>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Absent while it goes on.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

/// An invoice that could not be issued.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RefusedView {
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    /// As a single issue would be refused; absent where there is no such invoice.
    #[schema(value_type = Option<String>)]
    code: Option<Conflict>,
    detail: &'static str,
}

impl IssueBatchView {
    fn of(batch: &IssueBatch) -> Self {
        Self {
            id: batch.id,
            total: batch.invoices.len(),
            done: batch.done,
            issued: batch.issued,
            refused: batch
                .refused
                .iter()
                .map(|refused| RefusedView {
                    invoice_id: refused.invoice,
                    code: refused.reason,
                    detail: refused.reason.map_or("There is no such invoice.", Conflict::english),
                })
                .collect(),
            created_at: batch.created_at,
            finished_at: batch.finished_at,
        }
    }
}

/// Issues many drafts, one after the other, in the background: ask for the batch to see how far it has come.
#[utoipa::path(post, path = "/api/v1/invoices/issue-batches", tag = "invoicing", operation_id = "create_issue_batch",
    request_body = BatchInput, responses((status = 201, body = IssueBatchView)))]
pub async fn create_issue_batch(
    asker: Asker,
    Json(input): Json<BatchInput>,
) -> Result<Answer<IssueBatchView>, Failure> {
    let batch = super::create_issue_batch(&asker.scope, &input).await?;
    let location = format!("/api/v1/invoices/issue-batches/{}", batch.id);
    Ok(created(IssueBatchView::of(&batch), batch.version, location))
}

#[utoipa::path(get, path = "/api/v1/invoices/issue-batches/{id}", tag = "invoicing", operation_id = "show_issue_batch",
    params(("id" = String, Path, description = "`iba_…`")), responses((status = 200, body = IssueBatchView)))]
pub async fn show_issue_batch(asker: Asker, Id(id): Id<IssueBatchId>) -> Result<Answer<IssueBatchView>, Failure> {
    let key = asker.scope.keys().issue_batch(id);
    let batch: Stored<IssueBatch> = asker.scope.get(&key).await?.ok_or(Error::NotFound)?;
    Ok(seen(IssueBatchView::of(&batch), batch.version))
}
