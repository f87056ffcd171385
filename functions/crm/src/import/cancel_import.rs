//! Stopping an import. What was written stays; the file goes.

use cloud::Files;
use kernel::{Error, Result, id::ImportId};
use table::Stored;
use web::Asker;

use super::{Import, report::Place};

/// Cancelling again changes nothing.
pub async fn cancel_import(asker: &Asker, files: &Files, id: ImportId) -> Result<Stored<Import>> {
    let scope = &asker.scope;
    let cancelled = scope
        .write(|| async {
            let read = scope.get::<Import>(&scope.keys().import(id)).await?.ok_or(Error::NotFound)?;
            asker.must_see(Some(read.by.user))?;
            let mut transaction = scope.begin("cancel_import", id);
            let Some(cancelled) = read.cancelled(scope.now()) else { return Ok((transaction.nothing(), read)) };
            transaction.update(&read, &cancelled);
            Ok((transaction, Stored { value: cancelled, version: read.version + 1 }))
        })
        .await?;
    Place::of(scope, files, &cancelled).discard_rows().await;
    Ok(cancelled)
}
