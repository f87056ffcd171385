//! Sending a document anew: what it was stays, as a former version.

use kernel::{
    Error, Result,
    id::{EmployeeId, PaperId},
};
use table::keys;
use tokio::sync::OnceCell;
use web::{
    Asker,
    file::{self, FILE, is_refusal},
    upload::{UploadedInput, discard_upload, refused},
};

use super::{Paper, PaperVersionInput, show_paper};

/// `seen` is the version of the item that the client saw.
pub async fn add_paper_version(
    asker: &Asker,
    employee: EmployeeId,
    id: PaperId,
    input: &PaperVersionInput,
    seen: Option<u64>,
) -> Result<(Paper, u64)> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let (scope, files) = (&asker.scope, &asker.deps().files);
    let s3_key = keys::paper_s3_key(scope.tenant().organization(), id, upload);
    let kept = OnceCell::new();
    let added = scope
        .write(|| async {
            let (holder, filed) = show_paper(asker, employee, id).await?;
            let mut transaction = scope.begin("add_paper_version", employee);
            let paper = filed.paper;
            if paper.versions.iter().any(|version| version.upload == upload) {
                return Ok((transaction.nothing(), (paper.value, paper.version)));
            }
            let paper = paper.expect_version(seen)?;
            let named = if input.name.is_empty() { paper.title.clone() } else { input.name.clone() };
            let next = kept.get_or_try_init(|| file::keep(asker, &FILE, upload, &named, &s3_key)).await?;
            let changed = paper.with_version(next.clone()).map_err(refused)?;
            transaction.update(&paper, &changed).check(&scope.keys().employee(employee), holder.version);
            Ok((transaction, (changed, paper.version + 1)))
        })
        .await;
    if added.as_ref().is_err_and(is_refusal) && kept.initialized() {
        file::discard(asker, &s3_key).await;
    }
    if matches!(added, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    added
}
