//! `/api/v1/records/{record}/files`

use http::StatusCode;
use jiff::Timestamp;
use kernel::id::{AttachedId, UserId};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, created,
    export::Download,
    file::{FILE, FileVersionView, OfVersion},
    seen,
    upload::{UploadInput, UploadView, begin_upload},
};

use super::{AttachedFile, Audience, FileChange, FileInput, VersionInput};
use crate::record::Record;

#[derive(Serialize, utoipa::ToSchema)]
pub struct FileView {
    /// `fil_…`
    #[schema(value_type = String)]
    id: AttachedId,
    /// `com_…`, `con_…` or `opp_…`
    record: String,
    /// With the ending of its last version.
    name: String,
    audience: Audience,
    /// `usr_…`
    #[schema(value_type = String)]
    author: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The first one first; the last one is what the file is now.
    versions: Vec<FileVersionView>,
}

impl FileView {
    fn of(file: &AttachedFile) -> Self {
        Self {
            id: file.id,
            record: file.record.to_string(),
            name: file.current_name(),
            audience: file.audience,
            author: file.author,
            created_at: file.created_at,
            versions: FileVersionView::all(&file.versions),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FileList {
    /// At most 100.
    items: Vec<FileView>,
}

/// The files of a company, a contact or an opportunity that who asks may see, the newest first.
#[utoipa::path(get, path = "/api/v1/records/{record}/files", tag = "crm", operation_id = "list_files",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`")),
    responses((status = 200, body = FileList)))]
pub async fn list_files(asker: Asker, Id(record): Id<Record>) -> Result<axum::Json<FileList>, Failure> {
    let (_, files) = super::list_files(&asker, record).await?;
    Ok(axum::Json(FileList { items: files.iter().map(FileView::of).collect() }))
}

/// A link to which one file of at most 25 MB is then PUT, with the headers given: PDF, Word, Excel, OpenDocument, text, CSV,
/// PNG, JPEG or WebP.
#[utoipa::path(post, path = "/api/v1/records/{record}/files/uploads", tag = "crm", operation_id = "begin_file_upload",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`")),
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_file_upload(
    asker: Asker,
    _record: Id<Record>,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = begin_upload(&asker.scope, &asker.deps().files, &FILE, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Adds the file that was sent to a record, which has 100 at most. What it is, its content says.
#[utoipa::path(post, path = "/api/v1/records/{record}/files", tag = "crm", operation_id = "attach_file",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`")),
    request_body = FileInput, responses((status = 201, body = FileView)))]
pub async fn attach_file(
    asker: Asker,
    Id(record): Id<Record>,
    Json(input): Json<FileInput>,
) -> Result<Answer<FileView>, Failure> {
    let file = super::attach_file(&asker, record, &input).await?.file;
    Ok(created(FileView::of(&file), 1, format!("/api/v1/records/{record}/files/{}", file.id)))
}

/// One file of a record.
#[utoipa::path(get, path = "/api/v1/records/{record}/files/{file}", tag = "crm", operation_id = "show_file",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`"), ("file" = String, Path, description = "`fil_…`")),
    responses((status = 200, body = FileView)))]
pub async fn show_file(
    asker: Asker,
    Ids((record, file)): Ids<Record, AttachedId>,
) -> Result<Answer<FileView>, Failure> {
    let (_, file) = super::show_file(&asker, record, file).await?;
    Ok(seen(FileView::of(&file), file.version))
}

/// Calls a file otherwise, or shows it to others.
#[utoipa::path(put, path = "/api/v1/records/{record}/files/{file}", tag = "crm", operation_id = "edit_file",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`"), ("file" = String, Path, description = "`fil_…`")),
    request_body = FileChange, responses((status = 200, body = FileView)))]
pub async fn edit_file(
    asker: Asker,
    Ids((record, file)): Ids<Record, AttachedId>,
    IfMatch(version): IfMatch,
    Json(input): Json<FileChange>,
) -> Result<Answer<FileView>, Failure> {
    let (file, version) = super::edit_file(&asker, record, file, &input, version).await?;
    Ok(seen(FileView::of(&file), version))
}

/// Makes what was sent the next version of a file; the former ones stay, 20 in all.
#[utoipa::path(post, path = "/api/v1/records/{record}/files/{file}/versions", tag = "crm", operation_id = "add_file_version",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`"), ("file" = String, Path, description = "`fil_…`")),
    request_body = VersionInput, responses((status = 200, body = FileView)))]
pub async fn add_file_version(
    asker: Asker,
    Ids((record, file)): Ids<Record, AttachedId>,
    IfMatch(version): IfMatch,
    Json(input): Json<VersionInput>,
) -> Result<Answer<FileView>, Failure> {
    let (file, version) = super::add_file_version(&asker, record, file, &input, version).await?;
    Ok(seen(FileView::of(&file), version))
}

/// A link by which a version of a file is downloaded, for five minutes.
#[utoipa::path(get, path = "/api/v1/records/{record}/files/{file}/versions/{number}", tag = "crm",
    operation_id = "download_file",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`"), ("file" = String, Path, description = "`fil_…`"),
        ("number" = usize, Path, description = "From 1")),
    responses((status = 200, body = Download)))]
pub async fn download_file(
    asker: Asker,
    OfVersion(record, file, number): OfVersion<Record, AttachedId>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_file(&asker, record, file, number).await?))
}

/// Deletes a file with all its versions: one's own, or any with the permission to delete.
#[utoipa::path(delete, path = "/api/v1/records/{record}/files/{file}", tag = "crm", operation_id = "delete_file",
    params(("record" = String, Path, description = "`com_…`, `con_…` or `opp_…`"), ("file" = String, Path, description = "`fil_…`")),
    responses((status = 204)))]
pub async fn delete_file(
    asker: Asker,
    Ids((record, file)): Ids<Record, AttachedId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_file(&asker, record, file, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
