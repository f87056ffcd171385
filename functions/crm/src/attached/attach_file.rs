//! Adding a file to a record.

use kernel::{Error, Result, Rule};
use table::meter::side_by_side;
use tokio::sync::{Mutex, OnceCell};
use web::{
    Asker,
    file::{is_refusal, name_of},
    upload::{UploadedInput, discard_upload},
};

use super::{
    AttachedFile, Audience, FILES_MAX, FileInput,
    keep::{discard, keep},
    list_files::visible,
    store::{self, Holder},
};
use crate::record::Record;

/// A file that was added.
pub struct Attached {
    pub file: AttachedFile,
    /// The others of its record that who asks may see, the newest first; none where the request was carried out before.
    pub beside: Option<Vec<AttachedFile>>,
}

pub async fn attach_file(asker: &Asker, record: Record, input: &FileInput) -> Result<Attached> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let audience = Audience::named(&input.audience).map_err(|rule| Error::field("/audience", rule))?;
    let (scope, keys, files) = (&asker.scope, asker.scope.keys(), &asker.deps().files);
    let id = AttachedFile::id_of(record, upload);
    let key = [store::key(keys, record)];
    let collection = keys.attached_files(&key[0]);
    // Proven once, however often the record is written by others meanwhile.
    let kept = OnceCell::new();
    let others = Mutex::new(None);
    let attached = scope
        .write(|| async {
            let (found, beside) = side_by_side(scope.get_many(&key), scope.collection(&collection)).await;
            let holder = Holder::of(asker, record, &found?)?;
            holder.takes_files()?;
            let mut beside: Vec<_> = beside?.all::<AttachedFile>()?.into_iter().map(|file| file.value).collect();
            let mut transaction = scope.begin("attach_file", record);
            let known = beside.iter().position(|known| known.id == id).map(|at| beside.remove(at));
            let is_full = beside.len() >= FILES_MAX;
            *others.lock().await = Some(visible(asker, beside));
            if let Some(known) = known {
                return Ok((transaction.nothing(), known));
            }
            if is_full {
                return Err(Error::field("/upload_id", Rule::TooMany { max: FILES_MAX }));
            }
            let first = kept.get_or_try_init(|| keep(asker, id, upload, &input.name)).await?;
            let file = AttachedFile {
                id,
                record,
                name: name_of(&input.name, first.kind.endings()),
                audience,
                author: asker.user,
                created_at: first.at,
                versions: vec![first.clone()],
            };
            transaction.create(&file);
            holder.hold(&mut transaction);
            Ok((transaction, file))
        })
        .await;
    if attached.as_ref().is_err_and(is_refusal) && kept.initialized() {
        discard(asker, id, upload).await;
    }
    if matches!(attached, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    Ok(Attached { file: attached?, beside: others.into_inner() })
}
