//! Renders frozen documents: reads the snapshot, puts the PDF into the bucket, notes the file beside it.
//!
//! A message may come several times, and several times at once. Rendering gives the same bytes each time and
//! they go to the same key, so that part may be repeated; what tells the world (the file's item, the request
//! for the mail) is one transaction that only the first can write.

mod letters;
mod signed;
mod staff_letters;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, fetch_logo, worker};
use documents::Rendered;
use kernel::{
    Error, Result,
    document::{File, Snapshot},
    event::{Event, Owner},
    id::MailId,
};
use sha2::{Digest, Sha256};
use table::{
    Scope, keys,
    shared::{DocumentFile, FrozenDocument},
};

const MEDIA_TYPE: &str = "application/pdf";

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "pdf", event, |scope, envelope| async move {
        match envelope.event {
            Event::DocumentFrozen { owner: Owner::Letter(letter), .. } => {
                letters::render_letter(deps, &scope, letter).await
            }
            Event::DocumentFrozen { owner, mail } if owner.has_document() => {
                render_document(deps, &scope, owner, mail).await
            }
            Event::StaffLetterFrozen { employee, paper } => {
                staff_letters::render_staff_letter(deps, &scope, employee, paper).await
            }
            Event::QuoteSigned { quote, mail } => signed::render_signed_quote(deps, &scope, quote, mail).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}

async fn render_document(deps: &Deps, scope: &Scope, owner: Owner, mail: Option<MailId>) -> Result<()> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.snapshot(owner), keys.file(owner)]).await?;
    if found.get::<DocumentFile>(&keys.file(owner))?.is_some() {
        return Ok(());
    }
    // It is written in the transaction that asks for the rendering: without it something is broken.
    let frozen = found
        .get::<FrozenDocument>(&keys.snapshot(owner))?
        .ok_or_else(|| Error::internal(format!("no frozen document of {owner:?}")))?;
    let snapshot = frozen.value.snapshot;
    let file_name = format!("{}.pdf", snapshot.number);

    let logo = fetch_logo(&deps.files, scope.tenant().organization(), snapshot.brand.logo.as_ref()).await?;
    let pdf = render(snapshot, logo).await?.pdf;
    let file = keep(deps, scope, owner, file_name, pdf).await?;
    note_file(scope, &DocumentFile { owner, file }, mail.map(|mail| (owner, mail))).await
}

/// Off the threads that wait for answers: it is the one long computation of the product.
async fn render(snapshot: Snapshot, logo: Option<Vec<u8>>) -> Result<Rendered> {
    tokio::task::spawn_blocking(move || documents::render(&snapshot, logo.as_deref()))
        .await
        .map_err(|_| Error::internal("the renderer panicked"))?
        .map_err(Error::internal)
}

/// Puts what was rendered into the bucket: the same under the same key, however often.
async fn keep(deps: &Deps, scope: &Scope, owner: Owner, file_name: String, pdf: Vec<u8>) -> Result<File> {
    let file = File {
        s3_key: keys::s3_key(scope.tenant().organization(), owner, &file_name),
        file_name,
        sha256: hex::encode(Sha256::digest(&pdf)),
        bytes: pdf.len() as u64,
        rendered_at: scope.now(),
    };
    deps.files.put(&file.s3_key, pdf, MEDIA_TYPE).await?;
    Ok(file)
}

/// Tells that the document is there, and that its mail may leave, once.
async fn note_file(scope: &Scope, file: &DocumentFile, mail: Option<(Owner, MailId)>) -> Result<()> {
    let owner = file.owner;
    scope
        .write(|| async {
            let mut transaction = scope.begin("render_document", owner);
            if scope.get::<DocumentFile>(&scope.keys().file(owner)).await?.is_some() {
                return Ok((transaction.nothing(), ()));
            }
            transaction.create(file).emit(Event::DocumentRendered { owner });
            if let Some((owner, mail)) = mail {
                transaction.emit(Event::MailRequested { owner, mail });
            }
            Ok((transaction, ()))
        })
        .await
}
