//! Having the worker do what was checked.

use kernel::{Error, Result, event::Event, id::ImportId};
use table::Stored;
use web::Asker;

use super::{Import, may_import};

pub async fn start_import(asker: &Asker, id: ImportId) -> Result<Stored<Import>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = scope.get::<Import>(&scope.keys().import(id)).await?.ok_or(Error::NotFound)?;
            asker.must_see(Some(read.by.user))?;
            if !may_import(asker, read.mapping.existing) {
                return Err(Error::Forbidden);
            }
            let importing = read.importing(scope.now())?;
            let mut transaction = scope.begin("start_import", id);
            transaction.update(&read, &importing).emit(Event::ImportRequested { import: id });
            Ok((transaction, Stored { value: importing, version: read.version + 1 }))
        })
        .await
}
