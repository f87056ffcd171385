//! `/ventes/depenses/import`, `/ventes/depenses/export`

use askama::Template;
use axum::{extract::Query, response::IntoResponse};
use http::{HeaderValue, StatusCode, header};
use kernel::Result;
use web::{
    Asker, Form, PageResult, Shell,
    form::{FieldErrors, choices},
    page, page_with_status,
    sheet::FileColumn,
};

use super::{CSV, ExpenseImportInput, ExpensesChecked, columns::Column, model::ROWS_MAX};
use crate::expense::{Wanted, pages::PATH};

#[derive(Template)]
#[template(path = "expense_import.html")]
struct ImportPage {
    shell: Shell,
    accept: String,
    columns: [&'static str; 15],
    rows_max: usize,
}

/// What a file would do, in the place of the button that sent it.
#[derive(Template)]
#[template(path = "expense_import_check.html")]
struct CheckFragment {
    accept: String,
    form_key: String,
    upload: String,
    columns: Vec<FileColumn>,
    checked: Option<ExpensesChecked>,
    error: Option<String>,
}

fn accept() -> String {
    format!("{},.csv", CSV.accept())
}

pub async fn show_import(asker: Asker) -> PageResult {
    page(&ImportPage {
        shell: Shell::new(&asker, "sales", "Importer des dépenses"),
        accept: accept(),
        columns: Column::ALL.map(Column::french),
        rows_max: ROWS_MAX,
    })
}

pub async fn check_import(asker: Asker, form: Form<ExpenseImportInput>) -> PageResult {
    let checked = super::check_import(&asker, &asker.deps().files, &form.input).await;
    answer(&asker, &form.input, checked)
}

fn answer(asker: &Asker, input: &ExpenseImportInput, checked: Result<ExpensesChecked>) -> PageResult {
    let (status, checked, error) = match checked {
        Ok(checked) => (StatusCode::OK, Some(checked), None),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let told = errors.get("/upload_id").or_else(|| errors.summary().map(str::to_owned));
            (StatusCode::UNPROCESSABLE_ENTITY, None, told)
        }
    };
    let told = checked.as_ref().map(|checked| checked.columns.as_slice()).unwrap_or_default();
    let columns = told.iter().map(|column| {
        let choices = choices(Column::ALL.map(|one| (one.name(), one.french())), &column.column);
        FileColumn::new(&column.header, std::iter::once(&column.example), choices)
    });
    let columns = columns.collect();
    let (form_key, upload) = (asker.form_key(), input.upload_id.clone());
    page_with_status(status, &CheckFragment { accept: accept(), form_key, upload, columns, checked, error })
}

pub async fn import_expenses(asker: Asker, form: Form<ExpenseImportInput>) -> PageResult {
    let done = super::import_expenses(&asker, &asker.deps().files, &form.input).await?;
    asker.done(PATH, format!("Import terminé. Ajoutées : {}, déjà connues : {}.", done.created, done.known))
}

pub async fn export_expenses(asker: Asker, Query(wanted): Query<Wanted>) -> PageResult {
    file(&asker, &wanted).await
}

/// The file, as the page and the API give it.
pub async fn file(asker: &Asker, wanted: &Wanted) -> PageResult {
    let content = super::export_expenses(&asker.scope, wanted, asker.today()).await?;
    Ok(csv(content, "attachment; filename=\"depenses.csv\""))
}

pub fn csv(content: Vec<u8>, disposition: &'static str) -> axum::response::Response {
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
