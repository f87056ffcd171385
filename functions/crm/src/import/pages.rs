//! `/crm/import`

use askama::Template;
use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode};
use kernel::{Error, Permission, id::ImportId, money::french_decimal};
use rust_decimal::Decimal;
use serde::Deserialize;
use table::meter::side_by_side;
use web::{
    Asker, Failure, Form, Id, Json, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
    sheet::FileColumn,
    upload::UploadInput,
};

use super::{
    Counts, FILE, Import, ImportInput, MappingInput, RowError, Stage, api,
    model::{Existing, KnownBy, ROWS_MAX},
};
use crate::{
    company::pages::day,
    exchange::columns::{self, Column},
    record::RecordKind,
    settings,
};

pub const PATH: &str = "/crm/import";

/// How many errors a page shows.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "import_begin.html")]
struct BeginPage {
    shell: Shell,
    accept: String,
    kinds: Vec<Choice>,
    rows_max: String,
    can_export: bool,
    imports: Vec<ImportRow>,
    next: Option<String>,
    first: Option<String>,
    /// None before a file was sent.
    error: Option<String>,
}

struct ImportRow {
    href: String,
    what: &'static str,
    rows: String,
    on: String,
    by: String,
    badge: &'static str,
    stage: &'static str,
}

impl ImportRow {
    fn of(asker: &Asker, import: &Import) -> Self {
        Self {
            href: format!("{PATH}/{}", import.id),
            what: import.of.french(),
            rows: french_decimal(Decimal::from(import.rows)),
            on: day(asker, import.created_at),
            by: import.by.name.clone(),
            badge: match import.stage {
                Stage::Draft | Stage::Checking | Stage::Checked | Stage::Importing => "info",
                Stage::Done => "success",
                Stage::Cancelled => "neutral",
                Stage::Refused => "warning",
            },
            stage: import.stage.french(),
        }
    }
}

/// What is wrong with a file, in the place of the button that sent it.
#[derive(Template)]
#[template(path = "import_upload.html")]
struct UploadFragment {
    accept: String,
    error: Option<String>,
}

fn accept() -> String {
    format!("{},.csv,.tsv,.txt,.vcf", FILE.accept())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Of which records: `contact`.
    of: String,
}

pub async fn list_imports(asker: Asker, Pagination(request): Pagination, Query(wanted): Query<Wanted>) -> PageResult {
    let found = super::list_imports(&asker, &request).await?;
    let kinds = RecordKind::ALL.into_iter().filter(|kind| super::kind(kind.name()).is_ok());
    page(&BeginPage {
        shell: Shell::new(&asker, "crm", "Importer un fichier"),
        accept: accept(),
        kinds: choices(kinds.map(|kind| (kind.name(), kind.french())), &wanted.of),
        can_export: asker.may(Permission::CrmExport),
        rows_max: french_decimal(Decimal::from(ROWS_MAX)),
        imports: found.items.iter().map(|import| ImportRow::of(&asker, import)).collect(),
        next: found.next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}")),
        first: request.cursor.is_some().then(|| PATH.into()),
        error: None,
    })
}

/// As the page's script asks for it.
pub async fn begin_on_page(asker: Asker, Json(input): Json<UploadInput>) -> Result<Response, Failure> {
    web::upload::begin_on_page(&asker, &FILE, &input).await
}

/// Leads to the columns of the file.
pub async fn begin_import(asker: Asker, form: Form<ImportInput>) -> PageResult {
    match super::begin_import(&asker, &asker.deps().files, &form.input).await {
        Ok(import) => {
            let to = format!("{PATH}/{}", import.id);
            if !asker.visitor.is_fragment {
                return redirect(&to);
            }
            let to = HeaderValue::from_str(&to).map_err(Error::internal)?;
            Ok((StatusCode::OK, [(HeaderName::from_static("hx-redirect"), to)]).into_response())
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let told = ["/upload_id", "/of", "/file_name"].into_iter().find_map(|pointer| errors.get(pointer));
            let error = told.or_else(|| errors.summary().map(str::to_owned));
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &UploadFragment { accept: accept(), error })
        }
    }
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    form_key: String,
    import: Details,
    /// Whether its columns can be chosen.
    is_open: bool,
    columns: Vec<FileColumn>,
    known_by: Vec<Choice>,
    existing: Vec<Choice>,
    /// Whether rows may name companies.
    names_companies: bool,
    creates_companies: bool,
    errors: FieldErrors,
}

struct Details {
    href: String,
    list_href: &'static str,
    file_name: String,
    rows: String,
    title: &'static str,
    is_running: bool,
    is_checked: bool,
    is_done: bool,
    is_cancelled: bool,
    is_refused: bool,
    /// Whether what follows is what would be done.
    would: bool,
    done: u32,
    total: u32,
    /// `1 500 sur 2 000`
    progress: String,
    counts: Counts,
    /// Whether anything is left to be done.
    has_work: bool,
    wrong: Vec<RowError>,
    has_report: bool,
    is_cut: bool,
}

impl Details {
    fn of(asker: &Asker, import: &Import, errors: &[RowError]) -> Self {
        let counts = import.counts();
        let rows = french_decimal(Decimal::from(import.rows));
        Self {
            href: format!("{PATH}/{}", import.id),
            list_href: import.of.path(),
            file_name: import.file_name.clone().unwrap_or_default(),
            progress: format!("{} sur {rows}", french_decimal(Decimal::from(counts.rows()))),
            rows,
            title: import.stage.french(),
            is_running: import.stage.is_running(),
            is_checked: import.stage == Stage::Checked,
            is_done: import.stage == Stage::Done,
            is_cancelled: import.stage == Stage::Cancelled,
            is_refused: import.stage == Stage::Refused,
            would: matches!(import.stage, Stage::Checking | Stage::Checked),
            done: counts.rows(),
            total: import.rows,
            has_work: counts.created + counts.updated > 0,
            counts,
            wrong: errors.iter().take(SHOWN).cloned().collect(),
            has_report: import.has_report && import.file_until() > asker.scope.now(),
            is_cut: counts.refused as usize > SHOWN,
        }
    }
}

fn column_rows(
    import: &Import,
    settings: &settings::Settings,
    typed: &MappingInput,
    errors: &FieldErrors,
) -> Vec<FileColumn> {
    let known: Vec<Column> = columns::columns(import.of, settings);
    let row = |(at, header): (usize, &String)| {
        let chosen = typed.columns.get(at).map(String::as_str).unwrap_or_default();
        let cells = import.examples.iter().filter_map(|row| row.get(at));
        let choices = choices(known.iter().map(|one| (one.name.clone(), one.french.clone())), chosen);
        FileColumn { error: errors.get(&format!("/columns/{at}")), ..FileColumn::new(header, cells, choices) }
    };
    import.header.iter().enumerate().map(row).collect()
}

pub async fn show_import(asker: Asker, Id(id): Id<ImportId>) -> PageResult {
    show(&asker, id, StatusCode::OK, None, FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: ImportId,
    status: StatusCode,
    typed: Option<&MappingInput>,
    errors: FieldErrors,
) -> PageResult {
    let (read, settings) = side_by_side(super::show_import(asker, id), settings::SETTINGS.shown(&asker.scope)).await;
    let ((import, wrong), settings) = (read?, settings?);
    let of_import = MappingInput::of(&import.mapping);
    let is_open = import.stage.is_open() && import.file_until() > asker.scope.now();
    let typed = typed.unwrap_or(&of_import);
    page_with_status(
        status,
        &ImportPage {
            shell: Shell::new(asker, "crm", format!("Import\u{a0}: {}", import.of.french().to_lowercase())),
            form_key: asker.form_key(),
            import: Details::of(asker, &import, &wrong),
            is_open,
            columns: if is_open { column_rows(&import, &settings, typed, &errors) } else { Vec::new() },
            known_by: choices(KnownBy::choices(import.of, &settings), &typed.known_by),
            existing: choices(Existing::ALL.map(|one| (one.name(), one.french())), &typed.existing),
            names_companies: import.of != RecordKind::Company,
            creates_companies: typed.creates_companies != "false",
            errors,
        },
    )
}

/// The columns of the form come under one name, those left out as empty texts; a box that is not ticked does not come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MappingFields {
    #[serde(deserialize_with = "web::form::column")]
    columns: Vec<String>,
    known_by: String,
    existing: String,
    creates_companies: String,
}

pub async fn check_import(asker: Asker, Id(id): Id<ImportId>, form: Form<MappingFields>) -> PageResult {
    let MappingFields { columns, known_by, existing, creates_companies } = form.input;
    let creates_companies = if creates_companies.is_empty() { "false".into() } else { creates_companies };
    let input = MappingInput { columns, known_by, existing, creates_companies };
    match super::check_import(&asker, id, &input).await {
        Ok(_) => redirect(&format!("{PATH}/{id}")),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, Some(&input), errors).await
        }
    }
}

pub async fn start_import(asker: Asker, Id(id): Id<ImportId>) -> PageResult {
    match super::start_import(&asker, id).await {
        Ok(_) => redirect(&format!("{PATH}/{id}")),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, None, errors).await
        }
    }
}

pub async fn cancel_import(asker: Asker, Id(id): Id<ImportId>) -> PageResult {
    super::cancel_import(&asker, &asker.deps().files, id).await?;
    asker.done(&format!("{PATH}/{id}"), "L’import est annulé.")
}

/// Leads to the report.
pub async fn download_import_report(asker: Asker, Id(id): Id<ImportId>) -> PageResult {
    redirect(&api::report(&asker, id).await?.url)
}
