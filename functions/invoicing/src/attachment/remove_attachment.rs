//! Taking a file off a draft.

use cloud::Files;
use kernel::{Error, Result, document::AttachedFile, event::Owner, id::AttachmentId};
use table::Scope;

use super::{Attached, discard_files, draft::Document};

/// Its bytes go as well, unless the document that this one revises has them.
pub async fn remove_attachment(
    scope: &Scope,
    files: &Files,
    owner: Owner,
    id: AttachmentId,
    seen: Option<u64>,
) -> Result<Attached> {
    let (attached, removed): (Attached, AttachedFile) = scope
        .write(|| async {
            let read = Document::read(scope, owner).await?.expect_version(seen)?;
            let removed = read.attachments().iter().find(|file| file.id == id).cloned().ok_or(Error::NotFound)?;
            read.must_be_draft()?;
            let left = read.attachments().iter().filter(|file| file.id != id).cloned().collect();
            let mut transaction = scope.begin("remove_attachment", owner);
            let after = read.save(&mut transaction, left);
            Ok((transaction, (after, removed)))
        })
        .await?;
    discard_files(files, scope.tenant().organization(), owner, &[removed]).await;
    Ok(attached)
}
