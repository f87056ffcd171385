//! Having the worker look at what an import would do, with these columns. Nothing is written.

use kernel::{Error, Result, event::Event, id::ImportId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Import, MappingInput, may_import};
use crate::settings;

pub async fn check_import(asker: &Asker, id: ImportId, input: &MappingInput) -> Result<Stored<Import>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let key = scope.keys().import(id);
            let reading = scope.get::<Import>(&key);
            let (read, settings) = side_by_side(reading, settings::SETTINGS.shown(scope)).await;
            let read = read?.ok_or(Error::NotFound)?;
            asker.must_see(Some(read.by.user))?;
            let mapping = input.parse(&read, &*settings?)?;
            if !may_import(asker, mapping.existing) {
                return Err(Error::Forbidden);
            }
            let checking = read.checking(mapping, scope.now())?;
            let mut transaction = scope.begin("check_import", id);
            transaction.update(&read, &checking).emit(Event::ImportRequested { import: id });
            Ok((transaction, Stored { value: checking, version: read.version + 1 }))
        })
        .await
}
