//! A quote that its client signed on the portal: what was frozen, with the signature on it, as a file of its own beside
//! the one that was signed.

use cloud::{Deps, LOGO_BYTES_MAX, fetch_logo};
use documents::Rendered;
use kernel::{
    Error, Result,
    document::Signature,
    event::{Event, Owner},
    id::{MailId, QuoteId},
};
use sha2::{Digest, Sha256};
use table::{
    Scope, keys,
    shared::{FrozenDocument, QuoteSignature, SignedFile},
};

use crate::keep;

pub async fn render_signed_quote(deps: &Deps, scope: &Scope, quote: QuoteId, mail: Option<MailId>) -> Result<()> {
    let (keys, owner) = (scope.keys(), Owner::Quote(quote));
    let wanted = [keys.snapshot(owner), keys.quote_signature(quote), keys.signed_file(quote)];
    let found = scope.get_many(&wanted).await?;
    if found.first::<SignedFile>()?.is_some() {
        return Ok(());
    }
    let missing = |what: &str| Error::internal(format!("no {what} of {owner}"));
    let snapshot = found.first::<FrozenDocument>()?.ok_or_else(|| missing("frozen document"))?.value.snapshot;
    let signature = found.first::<QuoteSignature>()?.ok_or_else(|| missing("signature"))?.value.signature;
    let file_name = format!("{}-signe.pdf", snapshot.number);

    let logo = fetch_logo(&deps.files, scope.tenant().organization(), snapshot.brand.logo.as_ref()).await?;
    let picture = fetch_picture(deps, scope, quote, &signature).await?;
    let rendering = tokio::task::spawn_blocking(move || {
        documents::render_signed(&snapshot, logo.as_deref(), &signature, picture.as_deref())
    });
    let Rendered { pdf, .. } =
        rendering.await.map_err(|_| Error::internal("the renderer panicked"))?.map_err(Error::internal)?;
    let file = keep(deps, scope, owner, file_name, pdf).await?;
    note_file(scope, &SignedFile { quote, file }, mail).await
}

/// What was drawn. Unlike a logo it is the point of the document: without it there is none.
async fn fetch_picture(deps: &Deps, scope: &Scope, quote: QuoteId, signature: &Signature) -> Result<Option<Vec<u8>>> {
    let Some(picture) = &signature.picture else { return Ok(None) };
    let key = keys::signature_s3_key(scope.tenant().organization(), quote, &picture.sha256);
    let found = deps.files.find(&key, LOGO_BYTES_MAX).await?;
    let right = found.filter(|png| hex::encode(Sha256::digest(png)) == picture.sha256);
    right.map(Some).ok_or_else(|| Error::internal(format!("the picture of a signature is not what it was: {key}")))
}

async fn note_file(scope: &Scope, file: &SignedFile, mail: Option<MailId>) -> Result<()> {
    let owner = Owner::Quote(file.quote);
    scope
        .write(|| async {
            let mut transaction = scope.begin("render_document", owner);
            if scope.get::<SignedFile>(&scope.keys().signed_file(file.quote)).await?.is_some() {
                return Ok((transaction.nothing(), ()));
            }
            transaction.create(file).emit(Event::DocumentRendered { owner });
            if let Some(mail) = mail {
                transaction.emit(Event::MailRequested { owner, mail });
            }
            Ok((transaction, ()))
        })
        .await
}
