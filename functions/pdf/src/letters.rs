//! A letter about what a client owes: rendered as it was frozen, and what it leaves with may leave then.

use cloud::Deps;
use kernel::{Error, Result, document::File, event::Owner, id::LetterId};
use sha2::{Digest, Sha256};
use table::{
    Scope, keys,
    shared::{DocumentFile, FrozenLetter},
};

use crate::{MEDIA_TYPE, note_file};

pub async fn render_letter(deps: &Deps, scope: &Scope, id: LetterId) -> Result<()> {
    let (keys, owner) = (scope.keys(), Owner::Letter(id));
    let found = scope.get_many(&[keys.letter(id), keys.file(owner)]).await?;
    if found.first::<DocumentFile>()?.is_some() {
        return Ok(());
    }
    let frozen = found.first::<FrozenLetter>()?.ok_or_else(|| Error::internal(format!("no letter {id}")))?.value;
    let FrozenLetter { letter, mail, .. } = frozen;
    let file_name = letter.file_name();
    let s3_key = keys::s3_key(scope.tenant().organization(), owner, &file_name);
    let logo = match &letter.brand.logo {
        Some(logo) => cloud::fetch_logo(&deps.files, scope.tenant().organization(), logo).await?,
        None => None,
    };
    let rendering = tokio::task::spawn_blocking(move || documents::render_letter(&letter, logo.as_deref()));
    let pdf = rendering.await.map_err(|_| Error::internal("the renderer panicked"))?.map_err(Error::internal)?;
    let file = File {
        s3_key,
        file_name,
        sha256: hex::encode(Sha256::digest(&pdf)),
        bytes: pdf.len() as u64,
        rendered_at: scope.now(),
    };
    deps.files.put(&file.s3_key, pdf, MEDIA_TYPE).await?;
    note_file(scope, &DocumentFile { owner, file }, mail).await
}
