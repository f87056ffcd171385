//! The receipt of a line: a picture or a PDF, proven by its content.

use cloud::Deps;
use kernel::{
    Error, Result,
    event::Event,
    id::{ExpenseReportId, UploadId},
};
use table::{Scope, keys};
use tokio::sync::OnceCell;
use web::{
    Asker,
    export::Download,
    file::{self, is_refusal},
    upload::{FileKind, UploadedInput, discard_upload},
};

use super::{ExpenseReport, edit_lines::own_report, show_report};

pub const RECEIPT: FileKind = FileKind {
    media_types: &[("application/pdf", "PDF"), ("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WebP")],
    megabytes_max: 10,
};

/// Puts what was sent beside a line, in the place of what was there.
pub async fn add_receipt(
    asker: &Asker,
    id: ExpenseReportId,
    number: u16,
    input: &UploadedInput,
    seen: Option<u64>,
) -> Result<(ExpenseReport, u64)> {
    let upload = input.parse()?;
    let (scope, files) = (&asker.scope, &asker.deps().files);
    let s3_key = keys::receipt_s3_key(scope.tenant().organization(), id, upload);
    let kept = OnceCell::new();
    let added = scope
        .write(|| async {
            let (_, report) = own_report(asker, id, None).await?;
            let mut transaction = scope.begin("add_receipt", id);
            let line = report.line(number).ok_or(Error::NotFound)?;
            let before = line.receipt.as_ref().map(|receipt| receipt.upload);
            if before == Some(upload) {
                return Ok((transaction.nothing(), (report.value, report.version)));
            }
            let report = report.expect_version(seen)?;
            report.must_be_open()?;
            let receipt = kept.get_or_try_init(|| file::keep(asker, &RECEIPT, upload, "", &s3_key)).await?;
            let mut changed = report.value.clone();
            for line in changed.lines.iter_mut().filter(|line| line.number == number) {
                line.receipt = Some(receipt.clone());
            }
            transaction.update(&report, &changed);
            if before.is_some() {
                transaction.emit(Event::ReceiptsDeleted { report: id, upload: before });
            }
            Ok((transaction, (changed, report.version + 1)))
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

pub async fn remove_receipt(
    asker: &Asker,
    id: ExpenseReportId,
    number: u16,
    seen: Option<u64>,
) -> Result<(ExpenseReport, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (_, report) = own_report(asker, id, seen).await?;
            report.must_be_open()?;
            let mut transaction = scope.begin("remove_receipt", id);
            let line = report.line(number).ok_or(Error::NotFound)?;
            let Some(before) = line.receipt.as_ref().map(|receipt| receipt.upload) else {
                return Ok((transaction.nothing(), (report.value, report.version)));
            };
            let mut changed = report.value.clone();
            for line in changed.lines.iter_mut().filter(|line| line.number == number) {
                line.receipt = None;
            }
            transaction.update(&report, &changed);
            transaction.emit(Event::ReceiptsDeleted { report: id, upload: Some(before) });
            Ok((transaction, (changed, report.version + 1)))
        })
        .await
}

/// A link to it, for who sees the report.
pub async fn download_receipt(asker: &Asker, id: ExpenseReportId, number: u16) -> Result<Download> {
    let sight = show_report(asker, id).await?;
    let receipt = sight.report.line(number).and_then(|line| line.receipt.clone()).ok_or(Error::NotFound)?;
    let s3_key = keys::receipt_s3_key(asker.scope.tenant().organization(), id, receipt.upload);
    let file_name = format!("justificatif-{number}.{}", receipt.kind.ending());
    let url = asker.deps().files.signed_link(&s3_key, &file_name, receipt.kind.media_type()).await?;
    Ok(Download { url, file_name })
}

/// The worker's part: one receipt that was taken away, or all of a report that was.
pub async fn forget_receipts(deps: &Deps, scope: &Scope, id: ExpenseReportId, upload: Option<UploadId>) -> Result<()> {
    let organization = scope.tenant().organization();
    match upload {
        Some(upload) => deps.files.delete(&keys::receipt_s3_key(organization, id, upload)).await,
        None => deps.files.delete_all(&keys::receipts_s3_prefix(organization, id)).await,
    }
}
