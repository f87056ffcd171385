//! A letter to an employee: rendered as it was frozen, beside the document of their file that it is.

use cloud::{Deps, fetch_logo};
use kernel::{
    Error, Result,
    document::File,
    id::{EmployeeId, PaperId},
};
use sha2::{Digest, Sha256};
use table::{
    Scope, keys,
    shared::{FrozenStaffLetter, RenderedPaper},
};

use crate::MEDIA_TYPE;

/// Of a document that was deleted meanwhile, nothing is left in the bucket.
pub async fn render_staff_letter(deps: &Deps, scope: &Scope, employee: EmployeeId, paper: PaperId) -> Result<()> {
    let keys = scope.keys();
    let (frozen_key, file_key) = (keys.staff_letter(employee, paper), keys.rendered_paper(employee, paper));
    let found = scope.get_many(&[frozen_key.clone(), file_key.clone()]).await?;
    let Some(frozen) = found.first::<FrozenStaffLetter>()? else { return Ok(()) };
    if found.first::<RenderedPaper>()?.is_some() {
        return Ok(());
    }
    let letter = frozen.value.letter;
    let file_name = letter.file_name();
    let logo = fetch_logo(&deps.files, scope.tenant().organization(), letter.brand.logo.as_ref()).await?;
    let rendering = tokio::task::spawn_blocking(move || documents::render_staff_letter(&letter, logo.as_deref()));
    let pdf = rendering.await.map_err(|_| Error::internal("the renderer panicked"))?.map_err(Error::internal)?;
    let file = File {
        s3_key: keys::rendered_paper_s3_key(scope.tenant().organization(), paper),
        file_name,
        sha256: hex::encode(Sha256::digest(&pdf)),
        bytes: pdf.len() as u64,
        rendered_at: scope.now(),
    };
    deps.files.put(&file.s3_key, pdf, MEDIA_TYPE).await?;
    let rendered = RenderedPaper { employee, paper, file };
    let is_there = scope
        .write(|| async {
            let mut transaction = scope.begin("render_document", paper);
            let found = scope.get_many(&[frozen_key.clone(), file_key.clone()]).await?;
            let Some(frozen) = found.first::<FrozenStaffLetter>()? else { return Ok((transaction.nothing(), false)) };
            if found.first::<RenderedPaper>()?.is_none() {
                transaction.create(&rendered).check(&frozen_key, frozen.version);
                return Ok((transaction, true));
            }
            Ok((transaction.nothing(), true))
        })
        .await?;
    if !is_there {
        deps.files.delete(&rendered.file.s3_key).await?;
    }
    Ok(())
}
