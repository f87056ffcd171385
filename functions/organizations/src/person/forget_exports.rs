//! Somebody was erased: what was exported of them goes too, file and all.

use cloud::Deps;
use kernel::{Result, event::Person};
use table::{Scope, exports::PersonExports, keys};

/// Done twice, it finds nothing to do. One that is being written finds its request gone, and goes itself.
pub async fn forget_exports(deps: &Deps, scope: &Scope, of: Person) -> Result<()> {
    let key = scope.keys().person_exports(of);
    let Some(found) = scope.get::<PersonExports>(&key).await? else { return Ok(()) };
    for export in &found.exports.recent {
        deps.files.delete(&keys::person_export_s3_key(scope.tenant().organization(), export.id)).await?;
    }
    scope
        .write(|| async {
            let mut transaction = scope.begin("forget_person_exports", of);
            let read = scope.get::<PersonExports>(&key).await?;
            let Some(read) = read else { return Ok((transaction.nothing(), ())) };
            transaction.erase(&read);
            Ok((transaction, ()))
        })
        .await
}
