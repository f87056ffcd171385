//! `/api/v1/expenses/export`, `/api/v1/expenses/imports`

use axum::{extract::Query, response::Response};
use http::StatusCode;
use web::{
    Asker, Failure, Json, PageResult,
    upload::{UploadInput, UploadView},
};

use super::{CSV, ExpenseImportInput, ExpensesChecked, ExpensesImported, pages::file};
use crate::expense::Wanted;

/// Expenses as CSV (`;`, UTF-8 with its mark), with French headers, as an import reads them. Narrowed as the list is.
#[utoipa::path(get, path = "/api/v1/expenses/export", tag = "purchases", operation_id = "export_expenses",
    params(
        ("from" = Option<String>, Query, description = "`YYYY-MM-DD`"),
        ("to" = Option<String>, Query, description = "`YYYY-MM-DD`, included"),
        ("category" = Option<String>, Query, description = "One of the eleven"),
    ),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_expenses(asker: Asker, Query(wanted): Query<Wanted>) -> PageResult {
    file(&asker, &wanted).await
}

/// A link to which a CSV file of at most 4 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/expenses/imports/uploads", tag = "purchases",
    operation_id = "begin_expense_import_upload", request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_expense_import_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = web::upload::begin_upload(&asker.scope, &asker.deps().files, &CSV, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Says what importing a file that was sent would do, row by row what is wrong with it, and does nothing.
#[utoipa::path(post, path = "/api/v1/expenses/imports/check", tag = "purchases", operation_id = "check_expense_import",
    request_body = ExpenseImportInput, responses((status = 200, body = ExpensesChecked)))]
pub async fn check_expense_import(
    asker: Asker,
    Json(input): Json<ExpenseImportInput>,
) -> Result<axum::Json<ExpensesChecked>, Failure> {
    Ok(axum::Json(super::check_import(&asker, &asker.deps().files, &input).await?))
}

/// Enters the expenses of a file that was sent, each row once however often the file comes. Nothing where a row is wrong.
#[utoipa::path(post, path = "/api/v1/expenses/imports", tag = "purchases", operation_id = "import_expenses",
    request_body = ExpenseImportInput, responses((status = 200, body = ExpensesImported)))]
pub async fn import_expenses(
    asker: Asker,
    Json(input): Json<ExpenseImportInput>,
) -> Result<axum::Json<ExpensesImported>, Failure> {
    Ok(axum::Json(super::import_expenses(&asker, &asker.deps().files, &input).await?))
}

/// As a page's script asks for it.
pub async fn begin_on_page(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    web::upload::begin_on_page(&asker, &CSV, &input).await
}
