//! `/crm/exports`

use askama::Template;
use axum::{extract::Query, response::IntoResponse};
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, id::ExportId};
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page_with_status, redirect,
};

use super::{DIRECT, Format, RecordExport, RecordExportInput, model::Standing};
use crate::{company::pages::day, import, record::RecordKind};

pub const PATH: &str = "/crm/exports";

#[derive(Template)]
#[template(path = "record_exports.html")]
struct ExportsPage {
    shell: Shell,
    form_key: String,
    exports: Vec<ExportRow>,
    is_under_way: bool,
    /// What and how, in one choice.
    kinds: Vec<Choice>,
    formats: Vec<Choice>,
    query: String,
    errors: FieldErrors,
}

struct ExportRow {
    href: String,
    what: String,
    on: String,
    badge: &'static str,
    status: &'static str,
    rows: String,
    until: String,
    is_ready: bool,
}

impl ExportRow {
    fn of(asker: &Asker, export: &RecordExport) -> Self {
        let standing = export.standing(asker.scope.now());
        Self {
            href: format!("{PATH}/{}", export.id),
            what: format!("{} ({})", export.of.french(), french(export.format)),
            on: day(asker, export.requested_at),
            badge: match standing {
                Standing::Preparing => "info",
                Standing::Ready => "success",
                Standing::Expired => "neutral",
                Standing::Interrupted => "warning",
            },
            status: standing.french(),
            rows: export.file.map(|file| file.rows.to_string()).unwrap_or_default(),
            until: day(asker, export.kept_until()),
            is_ready: standing == Standing::Ready,
        }
    }
}

const fn french(format: Format) -> &'static str {
    match format {
        Format::Csv => "CSV",
        Format::Vcard => "vCard",
    }
}

/// What a link asks for; the form is filled in with it.
pub async fn list_record_exports(asker: Asker, Query(wanted): Query<RecordExportInput>) -> PageResult {
    show(&asker, StatusCode::OK, wanted, FieldErrors::default()).await
}

async fn show(asker: &Asker, status: StatusCode, typed: RecordExportInput, errors: FieldErrors) -> PageResult {
    let exports = super::list_record_exports(asker).await?;
    let now = asker.scope.now();
    let kinds = RecordKind::ALL.into_iter().filter(|kind| import::kind(kind.name()).is_ok());
    page_with_status(
        status,
        &ExportsPage {
            shell: Shell::new(asker, "crm", "Exports"),
            form_key: asker.form_key(),
            is_under_way: exports.iter().any(|export| export.standing(now) == Standing::Preparing),
            exports: exports.iter().map(|export| ExportRow::of(asker, export)).collect(),
            kinds: choices(kinds.map(|kind| (kind.name(), kind.french())), &typed.of),
            formats: choices(
                [("csv", "CSV, pour un tableur"), ("vcard", "vCard, pour un carnet d’adresses (contacts)")],
                &typed.format,
            ),
            query: typed.query,
            errors,
        },
    )
}

/// The worker writes it.
pub async fn request_record_export(asker: Asker, form: Form<RecordExportInput>) -> PageResult {
    match super::request_record_export(&asker, &form.input).await {
        Ok(_) => asker.done(PATH, "L’export est en préparation\u{a0}: il apparaîtra ici dès qu’il sera prêt."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, StatusCode::UNPROCESSABLE_ENTITY, form.input, errors).await
        }
    }
}

/// The file itself where it is small; else it is to be asked for.
pub async fn download_records(asker: Asker, Query(wanted): Query<RecordExportInput>) -> PageResult {
    let (of, format, query) = wanted.parse().map_err(|_| Error::Malformed { detail: "unknown export".into() })?;
    let mut file = Vec::new();
    if super::export_records(&asker, (of, format, &query), DIRECT, &mut file).await?.is_none() {
        let fields = [("of", of.name()), ("format", format.name()), ("query", &query)];
        let fields = serde_html_form::to_string(fields).map_err(Error::internal)?;
        return redirect(&format!("{PATH}?{fields}"));
    }
    let name =
        format!("attachment; filename=\"{}-{}.{}\"", kernel::text::folded(of.french()), asker.today(), format.ending());
    let mut response = file.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Error::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Leads to the file.
pub async fn download_record_export(asker: Asker, Id(id): Id<ExportId>) -> PageResult {
    redirect(&super::download_record_export(&asker, id).await?.url)
}
