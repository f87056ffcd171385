//! `/api/v1/documents/{id}/attachments`

use axum::Json as Plain;
use http::StatusCode;
use kernel::{document::AttachedFile, event::Owner, id::AttachmentId};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, created, seen,
    upload::{UploadInput, UploadView},
};

use super::{ATTACHMENT, Attached, AttachmentInput};
use crate::document::DownloadView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct AttachmentView {
    /// `att_…`
    #[schema(value_type = String)]
    id: AttachmentId,
    file_name: String,
    description: Option<String>,
    /// `application/pdf`
    media_type: String,
    bytes: u64,
    /// In hexadecimal.
    sha256: String,
}

impl From<AttachedFile> for AttachmentView {
    fn from(file: AttachedFile) -> Self {
        Self {
            id: file.id,
            file_name: file.file_name,
            description: file.description,
            media_type: file.media_type,
            bytes: file.bytes,
            sha256: file.sha256,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AttachmentList {
    /// In the order in which they were added.
    items: Vec<AttachmentView>,
    /// Whether they can change: until the document is sent or issued.
    is_draft: bool,
}

impl From<Attached> for AttachmentList {
    fn from(attached: Attached) -> Self {
        Self { items: attached.attachments.into_iter().map(Into::into).collect(), is_draft: attached.is_draft }
    }
}

/// The files that go with a document. The ETag is the document's.
#[utoipa::path(get, path = "/api/v1/documents/{id}/attachments", tag = "invoicing",
    operation_id = "list_attachments",
    params(("id" = String, Path, description = "`quo_…`, `inv_…` or `cre_…`")),
    responses((status = 200, body = AttachmentList)))]
pub async fn list_attachments(asker: Asker, Id(owner): Id<Owner>) -> Result<Answer<AttachmentList>, Failure> {
    let attached = super::read_attached(&asker.scope, owner).await?;
    let version = attached.version;
    Ok(seen(attached.into(), version))
}

/// A link to which a PDF, PNG, JPEG, CSV, XLSX or ODS of at most 5 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/documents/{id}/attachments/uploads", tag = "invoicing",
    operation_id = "begin_attachment_upload",
    params(("id" = String, Path, description = "`quo_…`, `inv_…`; of a credit note, that of its invoice")),
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_attachment_upload(
    asker: Asker,
    _id: Id<Owner>,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, Plain<UploadView>), Failure> {
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &ATTACHMENT, &input).await?;
    Ok((StatusCode::CREATED, Plain(upload)))
}

/// Adds the file that was sent to the draft of a quote or an invoice: at most 10 files, 15 MB together. What it is, its
/// content says. Adding it again changes nothing.
#[utoipa::path(post, path = "/api/v1/documents/{id}/attachments", tag = "invoicing",
    operation_id = "add_attachment",
    params(("id" = String, Path, description = "`quo_…` or `inv_…`")), request_body = AttachmentInput,
    responses((status = 201, body = AttachmentList)))]
pub async fn add_attachment(
    asker: Asker,
    Id(owner): Id<Owner>,
    IfMatch(version): IfMatch,
    Json(input): Json<AttachmentInput>,
) -> Result<Answer<AttachmentList>, Failure> {
    let attached = super::add_attachment(&asker.scope, &asker.deps().files, owner, &input, version).await?;
    let version = attached.version;
    Ok(created(attached.into(), version, format!("/api/v1/documents/{owner}/attachments")))
}

/// Takes a file off a draft.
#[utoipa::path(delete, path = "/api/v1/documents/{id}/attachments/{attachment}", tag = "invoicing",
    operation_id = "remove_attachment",
    params(("id" = String, Path, description = "`quo_…` or `inv_…`"),
        ("attachment" = String, Path, description = "`att_…`")),
    responses((status = 200, body = AttachmentList)))]
pub async fn remove_attachment(
    asker: Asker,
    Ids((owner, id)): Ids<Owner, AttachmentId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<AttachmentList>, Failure> {
    let attached = super::remove_attachment(&asker.scope, &asker.deps().files, owner, id, version).await?;
    let version = attached.version;
    Ok(seen(attached.into(), version))
}

/// A link that downloads a file of a document for five minutes.
#[utoipa::path(get, path = "/api/v1/documents/{id}/attachments/{attachment}", tag = "invoicing",
    operation_id = "download_attachment",
    params(("id" = String, Path, description = "`quo_…`, `inv_…` or `cre_…`"),
        ("attachment" = String, Path, description = "`att_…`")),
    responses((status = 200, body = DownloadView)))]
pub async fn download_attachment(
    asker: Asker,
    Ids((owner, id)): Ids<Owner, AttachmentId>,
) -> Result<Plain<DownloadView>, Failure> {
    let (url, file_name) = super::download(&asker.scope, &asker.deps().files, owner, id).await?;
    Ok(Plain(DownloadView { url, file_name }))
}
