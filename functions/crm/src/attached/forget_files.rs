//! The worker's part: the files of a record that is gone, and the versions of a file that is.

use cloud::Deps;
use kernel::{Result, event::Event, id::AttachedId};
use table::{Scope, keys};

use super::{AttachedFile, store};
use crate::record::Record;

/// How many files one step removes: two writes each, below what a transaction takes.
const STEP_MAX: usize = 40;

/// All files of somebody who was erased, or of a record that was deleted: the log does not keep what they were called. Done
/// twice, it finds nothing to do.
pub async fn forget_files(scope: &Scope, record: Record) -> Result<()> {
    let beside = scope.keys().attached_files(&store::key(scope.keys(), record));
    loop {
        let is_over = scope
            .write(|| async {
                let files = scope.collection(&beside).await?.all::<AttachedFile>()?;
                let mut transaction = scope.begin("forget_files", record);
                if files.is_empty() {
                    return Ok((transaction.nothing(), true));
                }
                for file in files.iter().take(STEP_MAX) {
                    transaction.erase(file).emit(Event::AttachedDeleted { file: file.id });
                }
                Ok((transaction, files.len() <= STEP_MAX))
            })
            .await?;
        if is_over {
            return Ok(());
        }
    }
}

/// What the bucket has of a file that was deleted.
pub async fn forget_versions(deps: &Deps, scope: &Scope, file: AttachedId) -> Result<()> {
    deps.files.delete_all(&keys::attached_s3_prefix(scope.tenant().organization(), file)).await
}
