//! `/organisation/export`

use askama::Template;
use kernel::{id::ExportId, text};
use web::{Asker, Id, PageResult, Shell, page, redirect};

use super::{Export, Exports, Standing, own_requester};

pub const PATH: &str = "/organisation/export";

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    shell: Shell,
    form_key: String,
    exports: Vec<ExportRow>,
    is_under_way: bool,
}

/// An export as pages show it.
pub struct ExportRow {
    pub id: ExportId,
    pub requested_on: String,
    pub requested_by: String,
    pub status: &'static str,
    pub badge: &'static str,
    pub is_ready: bool,
    /// `12,4 Mo`, while it is ready.
    pub size: String,
    /// The last day on which it can be downloaded, while it is ready.
    pub until: String,
}

impl ExportRow {
    pub fn of(asker: &Asker, export: &Export) -> Self {
        let now = asker.scope.now();
        let standing = export.standing(now);
        let instant = |at: jiff::Timestamp| {
            let at = at.to_zoned(asker.organization.zone());
            format!("{} à {:02}:{:02}", text::short_date(at.date()), at.hour(), at.minute())
        };
        let (size, until) = export.file(now).map(|(bytes, until)| (size(bytes), instant(until))).unwrap_or_default();
        Self {
            id: export.id,
            requested_on: instant(export.requested_at),
            requested_by: export.requested_by.name.clone(),
            status: standing.french(),
            badge: match standing {
                Standing::Requested | Standing::Preparing => "info",
                Standing::Ready => "success",
                Standing::Expired => "neutral",
                Standing::Interrupted => "warning",
            },
            is_ready: standing == Standing::Ready,
            size,
            until,
        }
    }
}

pub fn rows(asker: &Asker, exports: &Exports) -> Vec<ExportRow> {
    exports.recent.iter().map(|export| ExportRow::of(asker, export)).collect()
}

/// In the unit that one reads with ease.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (bytes.saturating_mul(10).saturating_add(unit / 2)) / unit;
        if tenths.is_multiple_of(10) { format!("{}", tenths / 10) } else { format!("{},{}", tenths / 10, tenths % 10) }
    };
    match bytes {
        0..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}Ko", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{}\u{a0}Mo", tenths(1_000_000)),
        _ => format!("{}\u{a0}Go", tenths(1_000_000_000)),
    }
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

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_as_one_says_it() {
        for (bytes, said) in [
            (7, "7\u{a0}octets"),
            (1_000, "1\u{a0}Ko"),
            (12_350, "12,4\u{a0}Ko"),
            (2_500_000, "2,5\u{a0}Mo"),
            (3_000_000_000, "3\u{a0}Go"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
