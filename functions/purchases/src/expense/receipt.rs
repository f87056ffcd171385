//! The proof of an expense: sent into the bucket, proven by its content, kept as it came. What took its place, and what was
//! taken off, leaves the bucket by an event.

use cloud::{Deps, Files};
use kernel::{
    Error, Result, Rule,
    event::Event,
    id::{ExpenseId, OrganizationId, UploadId},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use table::{Scope, Stored, keys};
use tokio::sync::OnceCell;
use web::{
    Asker,
    export::Download,
    file::{self, name_of},
    upload::{FileKind, UploadedInput, discard_upload, read_upload, refused},
};

use super::{Expense, Receipt, Source, store};

/// Pictures and PDF.
pub const RECEIPT: FileKind = FileKind {
    media_types: &[("application/pdf", "PDF"), ("image/jpeg", "JPEG"), ("image/png", "PNG"), ("image/webp", "WebP")],
    megabytes_max: 10,
};

/// A file that was sent, named to the act that it is for. The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExpenseReceiptInput)]
pub struct ReceiptInput {
    /// `upl_…`
    pub upload_id: String,
    /// What it is called where it comes from.
    pub name: String,
}

fn proven(sent: &[u8], upload: UploadId, name: &str) -> Result<Receipt, Rule> {
    let kind = file::proven(&RECEIPT, sent, name)?;
    Ok(Receipt {
        upload,
        kind: Some(kind),
        name: name_of(name, kind.endings()),
        bytes: sent.len() as u64,
        sha256: hex::encode(Sha256::digest(sent)),
    })
}

async fn keep(asker: &Asker, expense: ExpenseId, upload: UploadId, name: &str) -> Result<Receipt> {
    let (scope, files) = (&asker.scope, &asker.deps().files);
    let sent = read_upload(scope, files, &RECEIPT, upload).await?;
    let receipt = proven(&sent, upload, name).map_err(refused)?;
    let key = keys::expense_s3_key(scope.tenant().organization(), expense, upload);
    files.put(&key, sent, receipt.media_type()).await?;
    Ok(receipt)
}

/// Adds the proof, or takes the place of the one there is. What a supplier sent stays.
pub async fn attach_receipt(
    asker: &Asker,
    id: ExpenseId,
    input: &ReceiptInput,
    seen: Option<u64>,
) -> Result<Stored<Expense>> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let scope = &asker.scope;
    let kept = OnceCell::new();
    let attached = scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let mut transaction = scope.begin("attach_receipt", id);
            if read.receipt.as_ref().is_some_and(|known| known.upload == upload) {
                return Ok((transaction.nothing(), read));
            }
            let read = read.expect_version(seen)?;
            must_be_own(&read)?;
            let receipt = kept.get_or_try_init(|| keep(asker, id, upload, &input.name)).await?;
            let after = Expense { receipt: Some(receipt.clone()), ..read.value.clone() };
            store::save(&mut transaction, Some(&read), Some(&after));
            if let Some(former) = &read.receipt {
                transaction.emit(Event::ExpenseFileRemoved { expense: id, upload: former.upload });
            }
            Ok((transaction, Stored { value: after, version: read.version + 1 }))
        })
        .await;
    if matches!(attached, Ok(_) | Err(Error::Invalid(_))) {
        discard_upload(scope, &asker.deps().files, upload).await;
    }
    attached
}

pub async fn remove_receipt(scope: &Scope, id: ExpenseId, seen: Option<u64>) -> Result<Stored<Expense>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            must_be_own(&read)?;
            let former = read.receipt.clone().ok_or(Error::NotFound)?;
            let after = Expense { receipt: None, ..read.value.clone() };
            let mut transaction = scope.begin("remove_expense_receipt", id);
            store::save(&mut transaction, Some(&read), Some(&after));
            transaction.emit(Event::ExpenseFileRemoved { expense: id, upload: former.upload });
            Ok((transaction, Stored { value: after, version: read.version + 1 }))
        })
        .await
}

fn must_be_own(expense: &Expense) -> Result<()> {
    match expense.source {
        Source::Invoice { .. } => Err(Error::Conflict(kernel::error::Conflict::ExpenseFromInvoice)),
        _ => Ok(()),
    }
}

/// A link by which the proof is downloaded, for five minutes.
pub async fn download_receipt(asker: &Asker, id: ExpenseId) -> Result<Download> {
    let read = store::read(&asker.scope, id).await?;
    link(&asker.deps().files, asker.scope.tenant().organization(), &read).await
}

pub async fn link(files: &Files, organization: OrganizationId, expense: &Expense) -> Result<Download> {
    let receipt = expense.receipt.as_ref().ok_or(Error::NotFound)?;
    let key = keys::expense_s3_key(organization, expense.id, receipt.upload);
    let file_name = receipt.file_name();
    let url = files.signed_link(&key, &file_name, receipt.media_type()).await?;
    Ok(Download { url, file_name })
}

/// The worker's part: what no expense has any more leaves the bucket, however often that is said.
pub async fn forget_file(deps: &Deps, scope: &Scope, expense: ExpenseId, upload: UploadId) -> Result<()> {
    let found = scope.get::<Expense>(&scope.keys().expense(expense)).await?;
    if found.is_some_and(|read| read.receipt.as_ref().is_some_and(|receipt| receipt.upload == upload)) {
        return Ok(());
    }
    deps.files.delete(&keys::expense_s3_key(scope.tenant().organization(), expense, upload)).await
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_proof_is_a_picture_or_a_pdf_by_its_content() {
        let upload = UploadId::from_ulid(Ulid(1));
        let pdf = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n";
        let receipt = proven(pdf, upload, "ticket.png").unwrap();
        assert_eq!((receipt.file_name().as_str(), receipt.media_type()), ("ticket.png.pdf", "application/pdf"));
        for other in [b"MZ\x90\0".as_slice(), b"Bonjour", b"<html></html>", b""] {
            assert!(proven(other, upload, "ticket.pdf").is_err());
        }
    }
}
