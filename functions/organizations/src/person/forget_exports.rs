//! Somebody was erased: what was exported of them goes too, file and all.

use cloud::Deps;
use kernel::{Result, event::Person};
use table::{Scope, exports::PersonExports, keys};

/// Done twice, it finds nothing to do. One that is being written finds its request gone, and goes itself; one that becomes
/// ready meanwhile changes what is read here, so that its file is deleted by the next attempt.
pub async fn forget_exports(deps: &Deps, scope: &Scope, of: Person) -> Result<()> {
    let key = scope.keys().person_exports(of);
    scope
        .write(|| async {
            let mut transaction = scope.begin("forget_person_exports", of);
            let read = scope.get::<PersonExports>(&key).await?;
            let Some(read) = read else { return Ok((transaction.nothing(), ())) };
            for export in &read.exports.recent {
                deps.files.delete(&keys::person_export_s3_key(scope.tenant().organization(), export.id)).await?;
            }
            transaction.erase(&read);
            Ok((transaction, ()))
        })
        .await
}
