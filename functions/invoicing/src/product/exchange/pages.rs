//! `/facturation/catalogue/import`, `/facturation/catalogue/export`

use askama::Template;
use axum::{extract::Query, response::IntoResponse};
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Permission, Result};
use web::{
    Asker, Form, PageResult, Shell,
    form::{FieldErrors, choices},
    page, page_with_status,
    sheet::FileColumn,
};

use super::{Checked, ImportInput, api::Wanted, columns::Column, import_products::CSV, model::ROWS_MAX};
use crate::product::pages::PATH;

#[derive(Template)]
#[template(path = "product_import.html")]
struct ImportPage {
    shell: Shell,
    accept: String,
    columns: [&'static str; 11],
    rows_max: usize,
}

/// What a file would do, in the place of the button that sent it.
#[derive(Template)]
#[template(path = "product_import_check.html")]
struct CheckFragment {
    accept: String,
    form_key: String,
    upload: String,
    columns: Vec<FileColumn>,
    checked: Option<Checked>,
    error: Option<String>,
}

/// Who imports adds and changes.
pub fn must_import(asker: &Asker) -> Result<()> {
    if asker.may(Permission::InvoicingCreate) { Ok(()) } else { Err(Error::Forbidden) }
}

pub async fn show_import(asker: Asker) -> PageResult {
    must_import(&asker)?;
    page(&ImportPage {
        shell: Shell::new(&asker, "invoicing", "Importer des produits"),
        accept: format!("{},.csv", CSV.accept()),
        columns: Column::ALL.map(Column::french),
        rows_max: ROWS_MAX,
    })
}

pub async fn check_import(asker: Asker, form: Form<ImportInput>) -> PageResult {
    must_import(&asker)?;
    let checked = super::check_import(&asker, &asker.deps().files, &form.input).await;
    answer(&asker, &form.input, checked)
}

fn answer(asker: &Asker, input: &ImportInput, checked: Result<Checked>) -> PageResult {
    let (status, checked, error) = match checked {
        Ok(checked) => (StatusCode::OK, Some(checked), None),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let told = errors.get("/upload_id").or_else(|| errors.summary().map(str::to_owned));
            (StatusCode::UNPROCESSABLE_ENTITY, None, told)
        }
    };
    let accept = format!("{},.csv", CSV.accept());
    let (form_key, upload) = (asker.form_key(), input.upload_id.clone());
    let told = checked.as_ref().map(|checked| checked.columns.as_slice()).unwrap_or_default();
    let columns = told.iter().map(|column| {
        let choices = choices(Column::ALL.map(|one| (one.name(), one.french())), &column.column);
        FileColumn::new(&column.header, std::iter::once(&column.example), choices)
    });
    let columns = columns.collect();
    page_with_status(status, &CheckFragment { accept, form_key, upload, columns, checked, error })
}

pub async fn import_products(asker: Asker, form: Form<ImportInput>) -> PageResult {
    must_import(&asker)?;
    let done = super::import_products(&asker, &asker.deps().files, &form.input).await?;
    let told = format!(
        "Import terminé. Ajoutés : {}, modifiés : {}, inchangés : {}.",
        done.created, done.updated, done.unchanged
    );
    asker.done(PATH, told)
}

pub async fn export_products(asker: Asker, Query(wanted): Query<Wanted>) -> PageResult {
    file(&asker, &wanted).await
}

/// The file, as the page and the API give it.
pub async fn file(asker: &Asker, wanted: &Wanted) -> PageResult {
    let is_archived = match wanted.state.as_str() {
        "" | "active" => false,
        "archived" => true,
        _ => return Err(Error::Malformed { detail: "unknown state".into() }.into()),
    };
    let content = super::export_products(&asker.scope, is_archived).await?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"catalogue.csv\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
