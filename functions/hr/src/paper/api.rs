//! `/api/v1/employees/{id}/papers`, `/api/v1/expiring-papers`, `/api/v1/my-papers`

use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::id::{EmployeeId, PaperId, UserId};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Pagination, created,
    export::Download,
    file::{FILE, FileVersionView, OfVersion, VersionNumber},
    seen,
    upload::{UploadInput, UploadView, begin_upload},
};

use super::{Filed, Paper, PaperChange, PaperInput, PaperKind, PaperVersionInput};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PaperView {
    /// `pap_…`
    #[schema(value_type = String)]
    id: PaperId,
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    kind: PaperKind,
    title: String,
    is_confidential: bool,
    is_shared: bool,
    #[schema(value_type = Option<String>, format = Date)]
    valid_from: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Date>,
    /// Whether it is a letter that was made out here.
    is_letter: bool,
    /// Of a letter: whether its file is there yet.
    is_rendered: bool,
    /// `usr_…`
    #[schema(value_type = String)]
    author: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The first one first; a letter may have none.
    versions: Vec<FileVersionView>,
}

impl PaperView {
    pub fn new(paper: &Paper, is_rendered: bool) -> Self {
        Self {
            id: paper.id,
            employee_id: paper.employee,
            kind: paper.kind,
            title: paper.title.clone(),
            is_confidential: paper.is_confidential,
            is_shared: paper.is_shared,
            valid_from: paper.valid_from,
            valid_until: paper.valid_until,
            is_letter: paper.is_letter,
            is_rendered,
            author: paper.author,
            created_at: paper.created_at,
            versions: FileVersionView::all(&paper.versions),
        }
    }

    fn of(filed: &Filed) -> Self {
        Self::new(&filed.paper, filed.file.is_some())
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PaperList {
    /// At most 300, the newest first.
    items: Vec<PaperView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpiringPapers {
    /// Those whose last day comes first.
    items: Vec<PaperView>,
    next_cursor: Option<String>,
}

/// The documents of a file that who asks may see. Those that are confidential are for who may read secrets.
#[utoipa::path(get, path = "/api/v1/employees/{id}/papers", tag = "hr", operation_id = "list_papers",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = PaperList)))]
pub async fn list_papers(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<PaperList>, Failure> {
    let (_, filed) = super::list_papers(&asker, id).await?;
    Ok(axum::Json(PaperList { items: filed.iter().map(PaperView::of).collect() }))
}

/// A link to which one file of at most 25 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/employees/{id}/papers/uploads", tag = "hr", operation_id = "begin_paper_upload",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_paper_upload(
    asker: Asker,
    _id: Id<EmployeeId>,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = begin_upload(&asker.scope, &asker.deps().files, &FILE, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Adds the file that was sent to an employee's, which has 300 documents at most. What it is, its content says.
#[utoipa::path(post, path = "/api/v1/employees/{id}/papers", tag = "hr", operation_id = "attach_paper",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = PaperInput, responses((status = 201, body = PaperView)))]
pub async fn attach_paper(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<PaperInput>,
) -> Result<Answer<PaperView>, Failure> {
    let paper = super::attach_paper(&asker, id, &input).await?;
    Ok(created(PaperView::new(&paper, false), 1, format!("/api/v1/employees/{id}/papers/{}", paper.id)))
}

/// One document of a file.
#[utoipa::path(get, path = "/api/v1/employees/{id}/papers/{paper}", tag = "hr", operation_id = "show_paper",
    params(("id" = String, Path, description = "`emp_…`"), ("paper" = String, Path, description = "`pap_…`")),
    responses((status = 200, body = PaperView)))]
pub async fn show_paper(
    asker: Asker,
    Ids((id, paper)): Ids<EmployeeId, PaperId>,
) -> Result<Answer<PaperView>, Failure> {
    let (_, filed) = super::show_paper(&asker, id, paper).await?;
    Ok(seen(PaperView::of(&filed), filed.paper.version))
}

/// Says something else of a document: what it is, who sees it, until when it holds.
#[utoipa::path(put, path = "/api/v1/employees/{id}/papers/{paper}", tag = "hr", operation_id = "edit_paper",
    params(("id" = String, Path, description = "`emp_…`"), ("paper" = String, Path, description = "`pap_…`")),
    request_body = PaperChange, responses((status = 200, body = PaperView)))]
pub async fn edit_paper(
    asker: Asker,
    Ids((id, paper)): Ids<EmployeeId, PaperId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PaperChange>,
) -> Result<Answer<PaperView>, Failure> {
    let (paper, version) = super::edit_paper(&asker, id, paper, &input, version).await?;
    Ok(seen(PaperView::new(&paper, paper.is_letter), version))
}

/// Makes what was sent the next version of a document; the former ones stay, 20 in all.
#[utoipa::path(post, path = "/api/v1/employees/{id}/papers/{paper}/versions", tag = "hr",
    operation_id = "add_paper_version",
    params(("id" = String, Path, description = "`emp_…`"), ("paper" = String, Path, description = "`pap_…`")),
    request_body = PaperVersionInput, responses((status = 200, body = PaperView)))]
pub async fn add_paper_version(
    asker: Asker,
    Ids((id, paper)): Ids<EmployeeId, PaperId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PaperVersionInput>,
) -> Result<Answer<PaperView>, Failure> {
    let (paper, version) = super::add_paper_version(&asker, id, paper, &input, version).await?;
    Ok(seen(PaperView::new(&paper, paper.is_letter), version))
}

/// A link by which a version of a document is downloaded, for five minutes.
#[utoipa::path(get, path = "/api/v1/employees/{id}/papers/{paper}/versions/{number}", tag = "hr",
    operation_id = "download_paper",
    params(("id" = String, Path, description = "`emp_…`"), ("paper" = String, Path, description = "`pap_…`"),
        ("number" = usize, Path, description = "From 1")),
    responses((status = 200, body = Download)))]
pub async fn download_paper(
    asker: Asker,
    OfVersion(id, paper, number): OfVersion<EmployeeId, PaperId>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_paper(&asker, id, paper, number).await?))
}

/// The same of the file of a letter that was made out here.
#[utoipa::path(get, path = "/api/v1/employees/{id}/papers/{paper}/letter", tag = "hr", operation_id = "download_staff_letter",
    params(("id" = String, Path, description = "`emp_…`"), ("paper" = String, Path, description = "`pap_…`")),
    responses((status = 200, body = Download)))]
pub async fn download_letter(
    asker: Asker,
    Ids((id, paper)): Ids<EmployeeId, PaperId>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_letter(&asker, id, paper).await?))
}

/// Deletes a document with all its versions: what one added, or any with the permission to delete.
#[utoipa::path(delete, path = "/api/v1/employees/{id}/papers/{paper}", tag = "hr", operation_id = "delete_paper",
    params(("id" = String, Path, description = "`emp_…`"), ("paper" = String, Path, description = "`pap_…`")),
    responses((status = 204)))]
pub async fn delete_paper(
    asker: Asker,
    Ids((id, paper)): Ids<EmployeeId, PaperId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_paper(&asker, id, paper, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The documents of employees that end some day, as far as who asks may see them.
#[utoipa::path(get, path = "/api/v1/expiring-papers", tag = "hr", operation_id = "list_expiring_papers",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ExpiringPapers)))]
pub async fn list_expiring_papers(
    asker: Asker,
    Pagination(page): Pagination,
) -> Result<axum::Json<ExpiringPapers>, Failure> {
    let found = super::expiring_papers(&asker, &page).await?;
    let items = found.items.iter().map(|(_, paper)| PaperView::new(paper, paper.is_letter)).collect();
    Ok(axum::Json(ExpiringPapers { items, next_cursor: found.next_cursor }))
}

/// The documents of one's own file that were shared with who asks.
#[utoipa::path(get, path = "/api/v1/my-papers", tag = "hr", operation_id = "list_own_papers",
    responses((status = 200, body = PaperList)))]
pub async fn list_own_papers(asker: Asker) -> Result<axum::Json<PaperList>, Failure> {
    let own = super::own_papers(&asker).await?.unwrap_or_default();
    Ok(axum::Json(PaperList { items: own.iter().map(PaperView::of).collect() }))
}

/// A link by which a version of a document of one's own is downloaded, for five minutes; `0` is the letter that was made out.
#[utoipa::path(get, path = "/api/v1/my-papers/{paper}/versions/{number}", tag = "hr", operation_id = "download_own_paper",
    params(("paper" = String, Path, description = "`pap_…`"), ("number" = usize, Path, description = "From 1")),
    responses((status = 200, body = Download)))]
pub async fn download_own_paper(
    asker: Asker,
    Ids((paper, number)): Ids<PaperId, VersionNumber>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_own_paper(&asker, paper, number.0).await?))
}
