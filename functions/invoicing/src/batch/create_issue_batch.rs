//! Asking for many drafts to be issued: they are noted, and the worker begins.

use kernel::{Result, event::Event, id::IssueBatchId};
use table::{Scope, Stored};

use super::{BatchInput, IssueBatch};

pub async fn create_issue_batch(scope: &Scope, input: &BatchInput) -> Result<Stored<IssueBatch>> {
    let invoices = input.parse()?;
    let id = scope.new_id(IssueBatchId::new);
    scope
        .write(|| async {
            let batch = IssueBatch::new(id, scope.now(), invoices.clone());
            let mut transaction = scope.begin("create_issue_batch", id);
            transaction.create(&batch).emit(Event::IssueBatchRequested { batch: id });
            Ok((transaction, Stored { value: batch, version: 1 }))
        })
        .await
}
