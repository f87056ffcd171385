//! Deleting an activity that should not be there.

use kernel::{Result, id::ActivityId};
use web::Asker;

use super::{show_activity, store};

pub async fn delete_activity(asker: &Asker, id: ActivityId, seen: Option<u64>) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = show_activity(asker, id).await?.expect_version(seen)?;
            let mut transaction = scope.begin("delete_activity", id);
            store::forget_lines(&mut transaction, &read);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
