//! Adding a file to a draft.

use cloud::Files;
use kernel::{Error, Result, event::Owner};
use table::Scope;
use tokio::sync::OnceCell;
use web::upload::refused;

use super::{
    Attached, AttachmentInput,
    draft::Document,
    keep::{keep, settle},
    model::{attached, id_of, must_have_room},
};

/// The same file that was sent, added again, is there already. `seen` is the version of the document that the client saw.
pub async fn add_attachment(
    scope: &Scope,
    files: &Files,
    owner: Owner,
    input: &AttachmentInput,
    seen: Option<u64>,
) -> Result<Attached> {
    let announced = input.parse()?;
    // Proven and put into the bucket once, however often the document is written by others meanwhile.
    let kept = OnceCell::new();
    let added = scope
        .write(|| async {
            let read = Document::read(scope, owner).await?;
            let mut transaction = scope.begin("add_attachment", owner);
            if read.has(id_of(announced.upload)) {
                return Ok((transaction.nothing(), read.attached()));
            }
            let read = read.expect_version(seen)?;
            read.must_be_draft()?;
            must_have_room(read.attachments()).map_err(refused)?;
            let kept = kept.get_or_try_init(|| keep(scope, files, owner, &announced)).await?;
            let file = attached(&announced, kept, read.attachments()).map_err(refused)?;
            let attachments = read.attachments().iter().cloned().chain([file]).collect();
            let after = read.save(&mut transaction, attachments);
            Ok((transaction, after))
        })
        .await;
    settle(scope, files, (&announced, kept.get()), &added, |added| &added.attachments).await;
    match added {
        // Somebody added it at the same moment, and what was sent is gone.
        Err(Error::Invalid(wrong)) => match Document::read(scope, owner).await {
            Ok(read) if read.has(id_of(announced.upload)) => Ok(read.attached()),
            _ => Err(wrong.into()),
        },
        added => added,
    }
}
