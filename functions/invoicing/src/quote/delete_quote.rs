//! Deleting a draft, and the files that were added to it. What was sent stays, and can be revised anew.

use cloud::Files;
use kernel::{Result, event::Owner, id::QuoteId};
use table::{Patch, Scope};

use super::{Quote, store};
use crate::{attachment, panel::ClientDocument};

pub async fn delete_quote(scope: &Scope, files: &Files, id: QuoteId, seen: Option<u64>) -> Result<()> {
    let attachments = scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_draft()?;
            let client = read.client.reference.id;
            let mut transaction = scope.begin("delete_quote", id);
            transaction.delete(&read).forget::<ClientDocument>(|keys| keys.client_document(client, Owner::Quote(id)));
            if let Some(former) = read.former.last() {
                transaction.patch(Patch::of::<Quote>(scope.keys().quote(former.id)).remove("revised_by"));
            }
            Ok((transaction, read.value.attachments))
        })
        .await?;
    attachment::discard_files(files, scope.tenant().organization(), Owner::Quote(id), &attachments).await;
    Ok(())
}
