//! Taking over a file that was sent: proven, and put where it stays. What came of it is known once the document is written.

use cloud::Files;
use kernel::{Error, Result, Rule, document::AttachedFile, event::Owner, id::AttachmentId};
use sha2::{Digest, Sha256};
use table::{Scope, keys};
use web::upload::{discard_upload, read_upload, refused};

use super::model::{ATTACHMENT, Announced, AttachmentInput, FILES_MAX, Kept, Kind, attached, within};

/// Reads what was sent, finds out what it is, and puts it into the folder of its document, under a name of its own.
pub async fn keep(scope: &Scope, files: &Files, owner: Owner, announced: &Announced) -> Result<Kept> {
    let sent = read_upload(scope, files, &ATTACHMENT, announced.upload).await?;
    let name = announced.file_name.clone();
    let proven = tokio::task::spawn_blocking(move || {
        let kind = Kind::of(&sent, &name)?;
        let sha256 = hex::encode(Sha256::digest(&sent));
        Ok((kind, sha256, sent))
    });
    let (kind, sha256, sent) =
        proven.await.map_err(|_| Error::internal("the check of a file panicked"))?.map_err(refused)?;
    let place = scope.new_id(AttachmentId::new).ulid();
    let s3_key = keys::attachment_s3_key(scope.tenant().organization(), owner, place);
    let bytes = sent.len() as u64;
    files.put(&s3_key, sent, kind.media_type()).await?;
    Ok(Kept { s3_key, kind, bytes, sha256 })
}

/// What is wrong with an input, or was found to be, will not be mended by trying again: neither what was sent nor what was
/// kept of it is needed. Of any other failure it is not known whether the document has it.
pub async fn settle<T>(
    scope: &Scope,
    files: &Files,
    (announced, kept): (&Announced, Option<&Kept>),
    written: &Result<T>,
    attachments: impl FnOnce(&T) -> &[AttachedFile],
) {
    let has_it = |attachments: &[AttachedFile], kept: &Kept| attachments.iter().any(|file| file.s3_key == kept.s3_key);
    let (is_settled, is_kept) = match written {
        Ok(written) => (true, kept.is_some_and(|kept| has_it(attachments(written), kept))),
        Err(Error::Invalid(_)) => (true, false),
        Err(Error::NotFound | Error::Conflict(_) | Error::Stale) => (false, false),
        Err(_) => return,
    };
    if is_settled {
        discard_upload(scope, files, announced.upload).await;
    }
    if let Some(kept) = kept.filter(|_| !is_kept) {
        discard(files, &kept.s3_key).await;
    }
}

/// The act is done: where this fails, a file is left that nothing names.
pub async fn discard(files: &Files, s3_key: &str) {
    if let Err(error) = files.delete(s3_key).await {
        tracing::warn!(%error, s3_key, "a file that no document has is not deleted");
    }
}

/// What was taken over for a document that leaves as it is made.
#[derive(Debug, Default)]
pub struct Taken {
    pub attachments: Vec<AttachedFile>,
    kept: Vec<(Announced, Kept)>,
}

/// Takes over the files of a document that leaves as it is made. Whoever writes it says by [`Taken::settle`] what came of it.
pub async fn keep_all(scope: &Scope, files: &Files, owner: Owner, inputs: &[AttachmentInput]) -> Result<Taken> {
    if inputs.len() > FILES_MAX {
        return Err(Error::field("/attachments", Rule::TooManyFiles { max: FILES_MAX }));
    }
    let announced = inputs.iter().enumerate().map(|(place, input)| input.parse().map_err(|error| within(error, place)));
    let announced = announced.collect::<Result<Vec<_>>>()?;
    let mut taken = Taken::default();
    for (place, announced) in announced.into_iter().enumerate() {
        if let Err(error) = taken.take(scope, files, owner, announced).await {
            for (_, kept) in &taken.kept {
                discard(files, &kept.s3_key).await;
            }
            return Err(within(error, place));
        }
    }
    Ok(taken)
}

impl Taken {
    async fn take(&mut self, scope: &Scope, files: &Files, owner: Owner, announced: Announced) -> Result<()> {
        if self.kept.iter().any(|(other, _)| other.upload == announced.upload) {
            return Err(refused(Rule::Repeated));
        }
        let kept = keep(scope, files, owner, &announced).await?;
        let file = attached(&announced, &kept, &self.attachments).map_err(refused);
        self.kept.push((announced, kept));
        self.attachments.push(file?);
        Ok(())
    }

    pub async fn settle<T>(
        &self,
        scope: &Scope,
        files: &Files,
        written: &Result<T>,
        attachments: impl Fn(&T) -> &[AttachedFile],
    ) {
        for (announced, kept) in &self.kept {
            settle(scope, files, (announced, Some(kept)), written, &attachments).await;
        }
    }
}
