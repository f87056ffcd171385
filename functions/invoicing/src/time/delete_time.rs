//! Deleting time that stands on no invoice.

use kernel::{Result, id::TimeEntryId};
use web::Asker;

use super::store;

pub async fn delete_time(asker: &Asker, id: TimeEntryId, seen: Option<u64>) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(asker, id).await?.expect_version(seen)?;
            read.must_be_open()?;
            let mut transaction = scope.begin("delete_time", id);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
