//! The audit log forgets what it told of somebody who was erased.

use kernel::{Result, event::Person};
use table::Scope;

pub async fn redact_log(scope: &Scope, of: Person) -> Result<()> {
    scope.redact_log(of, || scope.begin("redact_log", of)).await
}
