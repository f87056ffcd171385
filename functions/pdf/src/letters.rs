//! A letter about what a client owes: rendered as it was frozen, and what it leaves with may leave then.

use cloud::{Deps, fetch_logo};
use kernel::{Error, Result, event::Owner, id::LetterId};
use table::{
    Scope,
    shared::{DocumentFile, FrozenLetter},
};

use crate::{keep, note_file};

pub async fn render_letter(deps: &Deps, scope: &Scope, id: LetterId) -> Result<()> {
    let (keys, owner) = (scope.keys(), Owner::Letter(id));
    let found = scope.get_many(&[keys.letter(id), keys.file(owner)]).await?;
    if found.first::<DocumentFile>()?.is_some() {
        return Ok(());
    }
    let frozen = found.first::<FrozenLetter>()?.ok_or_else(|| Error::internal(format!("no letter {id}")))?.value;
    let FrozenLetter { letter, mail, .. } = frozen;
    let file_name = letter.file_name();
    let logo = fetch_logo(&deps.files, scope.tenant().organization(), letter.brand.logo.as_ref()).await?;
    let rendering = tokio::task::spawn_blocking(move || documents::render_letter(&letter, logo.as_deref()));
    let pdf = rendering.await.map_err(|_| Error::internal("the renderer panicked"))?.map_err(Error::internal)?;
    let file = keep(deps, scope, owner, file_name, pdf).await?;
    note_file(scope, &DocumentFile { owner, file }, mail).await
}
