//! `/organisation/export`

use askama::Template;
use kernel::{export::Export, id::ExportId};
use web::{
    Asker, Id, PageResult, Shell,
    export::{ExportRow, own_requester, reads_staff},
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
    reads_staff: bool,
}

pub async fn show_exports(asker: Asker) -> PageResult {
    let exports = super::list_exports(&asker.scope).await?;
    let reads_staff = reads_staff(&asker);
    // One that they may not have leads nowhere.
    let row = |export: &Export| {
        let row = ExportRow::of(&asker, export);
        ExportRow { is_ready: row.is_ready && (reads_staff || export.without_staff), ..row }
    };
    page(&ExportPage {
        shell: Shell::new(&asker, "settings", "Exporter toutes vos données"),
        form_key: asker.form_key(),
        is_under_way: exports.is_under_way(asker.scope.now()),
        reads_staff,
        exports: exports.recent.iter().map(row).collect(),
    })
}

pub async fn request_export(asker: Asker) -> PageResult {
    super::request_export(&asker.scope, &own_requester(&asker), reads_staff(&asker)).await?;
    asker.done(PATH, "L’export est demandé. Vous recevrez un e-mail dès qu’il sera prêt.")
}

/// Leads to the file.
pub async fn download_export(asker: Asker, Id(id): Id<ExportId>) -> PageResult {
    let download = super::download_export(&asker, id).await?;
    redirect(&download.url)
}
