//! `/organisation/export`

use askama::Template;
use kernel::id::ExportId;
use web::{
    Asker, Id, PageResult, Shell,
    export::{ExportRow, own_requester, rows},
    page, redirect,
};

pub const PATH: &str = "/organisation/export";

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    shell: Shell,
    form_key: String,
    exports: Vec<ExportRow>,
    is_under_way: bool,
}

pub async fn show_exports(asker: Asker) -> PageResult {
    let exports = super::list_exports(&asker.scope).await?;
    page(&ExportPage {
        shell: Shell::new(&asker, "settings", "Exporter toutes vos données"),
        form_key: asker.form_key(),
        is_under_way: exports.is_under_way(asker.scope.now()),
        exports: rows(&asker, &exports),
    })
}

pub async fn request_export(asker: Asker) -> PageResult {
    super::request_export(&asker.scope, &own_requester(&asker)).await?;
    asker.done(PATH, "L’export est demandé. Vous recevrez un e-mail dès qu’il sera prêt.")
}

/// Leads to the file.
pub async fn download_export(asker: Asker, Id(id): Id<ExportId>) -> PageResult {
    let download = super::download_export(&asker.scope, &asker.deps().files, id).await?;
    redirect(&download.url)
}
