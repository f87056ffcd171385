//! The audit log forgets what it told of an erased contact.

use kernel::{Result, id::ContactId};
use table::Scope;

pub async fn redact_log(scope: &Scope, id: ContactId) -> Result<()> {
    scope.redact_log(id, || scope.begin("redact_log", id)).await
}
