//! `/api/v1/imports`

use http::StatusCode;
use kernel::{Error, id::ImportId};
use serde::Serialize;
use table::Stored;
use web::{
    Answer, Asker, Failure, Id, Json, Pagination, created,
    export::Download,
    seen,
    upload::{UploadInput, UploadView},
};

use super::{Counts, FILE, Import, ImportInput, MappingInput, RowError, Stage, report::Place};
use crate::record::RecordKind;

#[derive(Serialize, utoipa::ToSchema)]
pub struct ImportView {
    /// `imp_…`
    #[schema(value_type = String)]
    id: ImportId,
    of: RecordKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
    state: Stage,
    rows: u32,
    /// How many of them were dealt with in this state.
    done: u32,
    columns: Vec<FileColumn>,
    known_by: String,
    existing: &'static str,
    creates_companies: bool,
    /// What checking found; complete once the state is `checked`.
    checked: Counts,
    /// What importing did.
    imported: Counts,
    created_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<jiff::Timestamp>,
}

/// A column of the file.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FileColumn {
    /// As the file names it.
    header: String,
    /// What it has in the first rows.
    examples: Vec<String>,
    /// The field that it is taken for; empty where it is left out.
    column: String,
}

impl ImportView {
    fn of(import: &Import) -> Self {
        let column = |(at, header): (usize, &String)| FileColumn {
            header: header.clone(),
            examples: import.examples.iter().filter_map(|row| row.get(at).cloned()).collect(),
            column: import.mapping.columns.get(at).cloned().unwrap_or_default(),
        };
        Self {
            id: import.id,
            of: import.of,
            file_name: import.file_name.clone(),
            state: import.stage,
            rows: import.rows,
            done: import.counts().rows(),
            columns: import.header.iter().enumerate().map(column).collect(),
            known_by: import.mapping.known_by.to_string(),
            existing: import.mapping.existing.name(),
            creates_companies: import.mapping.creates_companies,
            checked: import.checked,
            imported: import.imported,
            created_by: import.by.name.clone(),
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ImportList {
    /// The newest first.
    items: Vec<ImportView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ImportErrorList {
    /// Of the last check or import; the first 1 000. The report has all.
    items: Vec<RowError>,
}

/// A link to which a CSV or vCard file of at most 20 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/imports/uploads", tag = "crm", operation_id = "begin_record_upload",
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_record_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &FILE, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Takes over a file that was sent: at most 50 000 companies or contacts. Its columns are guessed; nothing is imported yet.
#[utoipa::path(post, path = "/api/v1/imports", tag = "crm", operation_id = "begin_import",
    request_body = ImportInput, responses((status = 201, body = ImportView)))]
pub async fn begin_import(asker: Asker, Json(input): Json<ImportInput>) -> Result<Answer<ImportView>, Failure> {
    let import = super::begin_import(&asker, &asker.deps().files, &input).await?;
    Ok(created(ImportView::of(&import), import.version, format!("/api/v1/imports/{}", import.id)))
}

/// Imports of the last 90 days, the newest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "crm", operation_id = "list_imports",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ImportList)))]
pub async fn list_imports(asker: Asker, Pagination(page): Pagination) -> Result<axum::Json<ImportList>, Failure> {
    let found = super::list_imports(&asker, &page).await?.map(|import| ImportView::of(&import));
    Ok(axum::Json(ImportList { items: found.items, next_cursor: found.next_cursor }))
}

/// How far an import has come.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "crm", operation_id = "show_import",
    params(("id" = String, Path, description = "`imp_…`")), responses((status = 200, body = ImportView)))]
pub async fn show_import(asker: Asker, Id(id): Id<ImportId>) -> Result<Answer<ImportView>, Failure> {
    let (import, _) = super::show_import(&asker, id).await?;
    Ok(seen(ImportView::of(&import), import.version))
}

/// Says what an import would do with these columns, row by row, in the background: ask for the import until its state is
/// `checked`. Nothing is imported.
#[utoipa::path(post, path = "/api/v1/imports/{id}/check", tag = "crm", operation_id = "check_import",
    params(("id" = String, Path, description = "`imp_…`")),
    request_body = MappingInput, responses((status = 200, body = ImportView)))]
pub async fn check_import(
    asker: Asker,
    Id(id): Id<ImportId>,
    Json(input): Json<MappingInput>,
) -> Result<Answer<ImportView>, Failure> {
    answer(super::check_import(&asker, id, &input).await)
}

/// Imports what was checked, in the background: rows with something wrong are passed over. Importing the same file again
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/imports/{id}/start", tag = "crm", operation_id = "start_import",
    params(("id" = String, Path, description = "`imp_…`")), responses((status = 200, body = ImportView)))]
pub async fn start_import(asker: Asker, Id(id): Id<ImportId>) -> Result<Answer<ImportView>, Failure> {
    answer(super::start_import(&asker, id).await)
}

/// Stops an import. What it wrote stays.
#[utoipa::path(post, path = "/api/v1/imports/{id}/cancel", tag = "crm", operation_id = "cancel_import",
    params(("id" = String, Path, description = "`imp_…`")), responses((status = 200, body = ImportView)))]
pub async fn cancel_import(asker: Asker, Id(id): Id<ImportId>) -> Result<Answer<ImportView>, Failure> {
    answer(super::cancel_import(&asker, &asker.deps().files, id).await)
}

fn answer(import: kernel::Result<Stored<Import>>) -> Result<Answer<ImportView>, Failure> {
    let import = import?;
    Ok(seen(ImportView::of(&import), import.version))
}

/// What is wrong with which rows.
#[utoipa::path(get, path = "/api/v1/imports/{id}/errors", tag = "crm", operation_id = "list_import_errors",
    params(("id" = String, Path, description = "`imp_…`")), responses((status = 200, body = ImportErrorList)))]
pub async fn list_import_errors(asker: Asker, Id(id): Id<ImportId>) -> Result<axum::Json<ImportErrorList>, Failure> {
    let (_, items) = super::show_import(&asker, id).await?;
    Ok(axum::Json(ImportErrorList { items }))
}

/// A link to a CSV file of all rows with something wrong, as they came, with what is wrong in the column `Erreur`; for seven
/// days.
#[utoipa::path(get, path = "/api/v1/imports/{id}/report", tag = "crm", operation_id = "download_import_report",
    params(("id" = String, Path, description = "`imp_…`")), responses((status = 200, body = Download)))]
pub async fn download_import_report(asker: Asker, Id(id): Id<ImportId>) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(report(&asker, id).await?))
}

/// The report, as pages and the API give it.
pub(super) async fn report(asker: &Asker, id: ImportId) -> kernel::Result<Download> {
    let (import, _) = super::show_import(asker, id).await?;
    if !import.has_report || import.file_until() <= asker.scope.now() {
        return Err(Error::NotFound);
    }
    let file_name = format!("erreurs-import-{}.csv", asker.organization.day(import.created_at));
    let url = Place::of(&asker.scope, &asker.deps().files, &import).link(&file_name).await?;
    Ok(Download { url, file_name })
}
