//! Deleting a file with all its versions. They leave the bucket once the worker hears of it.

use kernel::{Error, Permission, Result, event::Event, id::AttachedId};
use web::Asker;

use super::{AttachedFile, list_files::read};
use crate::record::Record;

/// One's own, or with the permission to delete.
pub fn may_delete(asker: &Asker, file: &AttachedFile) -> bool {
    asker.may(Permission::CrmDelete) || file.author == asker.user
}

/// `seen` is the version that the client saw.
pub async fn delete_file(asker: &Asker, record: Record, id: AttachedId, seen: Option<u64>) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (_, file) = read(asker, record, id).await?;
            let file = file.expect_version(seen)?;
            if !may_delete(asker, &file) {
                return Err(Error::Forbidden);
            }
            let mut transaction = scope.begin("delete_file", record);
            transaction.delete(&file).emit(Event::AttachedDeleted { file: id });
            Ok((transaction, ()))
        })
        .await
}
