//! Removing a target. What was sold stays as it is.

use kernel::{Result, id::TargetId};
use web::Asker;

use super::show_target;

pub async fn delete_target(asker: &Asker, id: TargetId, seen: Option<u64>) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let shown = show_target(asker, id).await?;
            let read = shown.target.expect_version(seen)?;
            let mut transaction = scope.begin("delete_target", id);
            transaction.delete(&read);
            if let Some(standing) = &shown.standing {
                transaction.delete(standing);
            }
            Ok((transaction, ()))
        })
        .await
}
