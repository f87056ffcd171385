//! The files of a record, one of them, and the link by which a version is downloaded.

use kernel::{Error, Result, id::AttachedId};
use table::{Stored, keys, meter::side_by_side};
use web::{Asker, export::Download};

use super::{
    AttachedFile,
    store::{self, Holder},
};
use crate::record::Record;

/// Of these, those that who asks may see, the newest first.
pub fn visible(asker: &Asker, mut files: Vec<AttachedFile>) -> Vec<AttachedFile> {
    files.retain(|file| file.is_seen_by(asker.user, asker.administers()));
    files.sort_by_key(|file| std::cmp::Reverse(file.id));
    files
}

/// Those that who asks may see, the newest first; and the record that they belong to.
pub async fn list_files(asker: &Asker, record: Record) -> Result<(Holder, Vec<AttachedFile>)> {
    let (scope, key) = (&asker.scope, [store::key(asker.scope.keys(), record)]);
    let beside = scope.keys().attached_files(&key[0]);
    let (found, files) = side_by_side(scope.get_many(&key), scope.collection(&beside)).await;
    let holder = Holder::of(asker, record, &found?)?;
    let files = files?.all::<AttachedFile>()?.into_iter().map(|file| file.value).collect();
    Ok((holder, visible(asker, files)))
}

/// A file that who asks may see.
pub async fn read(asker: &Asker, record: Record, id: AttachedId) -> Result<(Holder, Stored<AttachedFile>)> {
    let keys = asker.scope.keys();
    let key = store::key(keys, record);
    let file = keys.attached_file(&key, id);
    let found = asker.scope.get_many(&[key, file.clone()]).await?;
    let holder = Holder::of(asker, record, &found)?;
    let file = found.get::<AttachedFile>(&file)?.filter(|file| file.is_seen_by(asker.user, asker.administers()));
    Ok((holder, file.ok_or(Error::NotFound)?))
}

pub async fn show_file(asker: &Asker, record: Record, id: AttachedId) -> Result<(Holder, Stored<AttachedFile>)> {
    read(asker, record, id).await
}

/// A link to the version with this number, from 1; it downloads, whatever the browser could show.
pub async fn download_file(asker: &Asker, record: Record, id: AttachedId, number: usize) -> Result<Download> {
    let (_, file) = read(asker, record, id).await?;
    let version = file.version(number).ok_or(Error::NotFound)?;
    let s3_key = keys::attached_s3_key(asker.scope.tenant().organization(), id, version.upload);
    let file_name = file.file_name(number);
    let url = asker.deps().files.signed_link(&s3_key, &file_name, version.kind.media_type()).await?;
    Ok(Download { url, file_name })
}
