//! Adding a document to an employee's file. Who may not read secrets may add one that is confidential, and sees it no more.

use kernel::{Error, Result, Rule, id::EmployeeId};
use table::{keys, meter::side_by_side};
use tokio::sync::OnceCell;
use web::{
    Asker,
    file::{self, FILE, is_refusal, name_of},
    upload::{UploadedInput, discard_upload},
};

use super::{PAPERS_MAX, Paper, PaperInput, model::next_alert, tell_shared};
use crate::employee::Employee;

pub async fn attach_paper(asker: &Asker, employee: EmployeeId, input: &PaperInput) -> Result<Paper> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let said = input.said()?;
    let (scope, keys, files, today) = (&asker.scope, asker.scope.keys(), &asker.deps().files, asker.today());
    let id = Paper::id_of(employee, upload);
    let s3_key = keys::paper_s3_key(scope.tenant().organization(), id, upload);
    let (key, collection) = (keys.employee(employee), keys.papers(employee));
    // Proven once, however often the file is written by others meanwhile.
    let kept = OnceCell::new();
    let attached = scope
        .write(|| async {
            let (read, beside) = side_by_side(scope.get::<Employee>(&key), scope.collection(&collection)).await;
            let (read, beside) = (read?.ok_or(Error::NotFound)?, beside?.all::<Paper>()?);
            let mut transaction = scope.begin("attach_paper", employee);
            let (known, count) = (beside.iter().find(|known| known.id == id), beside.len());
            if let Some(known) = known {
                return Ok((transaction.nothing(), known.value.clone()));
            }
            if count >= PAPERS_MAX {
                return Err(Error::field("/upload_id", Rule::TooMany { max: PAPERS_MAX }));
            }
            let first = kept.get_or_try_init(|| file::keep(asker, &FILE, upload, &input.name, &s3_key)).await?;
            let said = said.clone();
            let title =
                if input.title.trim().is_empty() { name_of(&said.title, first.kind.endings()) } else { said.title };
            let paper = Paper {
                id,
                employee,
                kind: said.kind,
                title,
                is_confidential: said.is_confidential,
                is_shared: said.is_shared,
                valid_from: said.valid_from,
                valid_until: said.valid_until,
                alert_on: said.valid_until.and_then(|until| next_alert(until, today)),
                is_letter: false,
                author: asker.user,
                created_at: first.at,
                versions: vec![first.clone()],
            };
            transaction.create(&paper).check(&key, read.version);
            tell_shared(&mut transaction, asker, &read, None, &paper);
            Ok((transaction, paper))
        })
        .await;
    if attached.as_ref().is_err_and(is_refusal) && kept.initialized() {
        file::discard(asker, &s3_key).await;
    }
    if matches!(attached, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, files, upload).await;
    }
    attached
}
