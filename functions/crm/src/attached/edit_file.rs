//! Calling a file otherwise, or showing it to others.

use kernel::{Error, Result, Rule, id::AttachedId};
use web::{Asker, file::titled};

use super::{AttachedFile, Audience, FileChange, list_files::read};
use crate::record::Record;

/// `seen` is the version that the client filled its form in on.
pub async fn edit_file(
    asker: &Asker,
    record: Record,
    id: AttachedId,
    input: &FileChange,
    seen: Option<u64>,
) -> Result<(AttachedFile, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (_, file) = read(asker, record, id).await?;
            let file = file.expect_version(seen)?;
            if input.name.trim().is_empty() {
                return Err(Error::field("/name", Rule::Required));
            }
            let audience = match input.audience.as_str() {
                "" => file.audience,
                name => Audience::named(name).map_err(|rule| Error::field("/audience", rule))?,
            };
            if audience != file.audience && file.author != asker.user && !asker.administers() {
                return Err(Error::Forbidden);
            }
            let last = file.last().ok_or_else(|| Error::internal("a file without a version"))?;
            let changed =
                AttachedFile { name: titled(&input.name, last.kind.endings()), audience, ..file.value.clone() };
            let mut transaction = scope.begin("edit_file", record);
            if changed == file.value {
                return Ok((transaction.nothing(), (changed, file.version)));
            }
            transaction.update(&file, &changed);
            Ok((transaction, (changed, file.version + 1)))
        })
        .await
}
