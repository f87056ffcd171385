//! Asking for a list of records as a file, which the worker writes.

use kernel::{Result, event::Event, id::ExportId};
use web::Asker;

use super::{RecordExport, RecordExportInput};

pub async fn request_record_export(asker: &Asker, input: &RecordExportInput) -> Result<RecordExport> {
    let scope = &asker.scope;
    let (of, format, query) = input.parse()?;
    let id = scope.new_id(ExportId::new);
    scope
        .write(|| async {
            let export = RecordExport {
                id,
                of,
                format,
                query: query.clone(),
                by: asker.user,
                by_name: asker.name.clone(),
                requested_at: scope.now(),
                file: None,
            };
            let mut transaction = scope.begin("request_record_export", id);
            transaction.create(&export).emit(Event::RecordExportRequested { export: id });
            Ok((transaction, export))
        })
        .await
}
