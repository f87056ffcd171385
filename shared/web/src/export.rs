//! Exports as people and programs see them: of everything that an organization has, and of all that there is on a person.

use cloud::{Files, archive::MEDIA_TYPE};
use jiff::{Timestamp, tz::TimeZone};
use kernel::{
    Error, Permission, Result,
    export::{Export, Exports, Requester, Standing},
    id::ExportId,
    text,
};
use serde::Serialize;

use crate::Asker;

/// For an organization's own people.
pub fn own_requester(asker: &Asker) -> Requester {
    Requester { user: asker.user, name: asker.name.clone(), email: asker.email.clone(), platform: false }
}

/// Whether who asks may read the files of employees, salaries included.
pub fn reads_staff(asker: &Asker) -> bool {
    asker.may(Permission::HrView) && asker.may(Permission::HrReadSecrets)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExportView {
    /// `exp_…`
    #[schema(value_type = String)]
    id: ExportId,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    requested_by: String,
    /// `requested`, `preparing`, `ready`, `expired` or `interrupted`.
    status: &'static str,
    /// Length of the file, while it is ready.
    bytes: Option<u64>,
    /// Until when it can be downloaded, while it is ready.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExportList {
    /// The newest first.
    items: Vec<ExportView>,
}

impl ExportView {
    pub fn of(asker: &Asker, export: &Export) -> Self {
        let now = asker.scope.now();
        let (bytes, expires_at) = export.file(now).unzip();
        Self {
            id: export.id,
            requested_at: export.requested_at,
            requested_by: export.requested_by.name.clone(),
            status: export.standing(now).code(),
            bytes,
            expires_at,
        }
    }
}

impl ExportList {
    pub fn of(asker: &Asker, exports: &Exports) -> Self {
        Self { items: exports.recent.iter().map(|export| ExportView::of(asker, export)).collect() }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Download {
    /// Works for five minutes.
    pub url: String,
    pub file_name: String,
}

impl Download {
    /// A link to the file of an export that is ready.
    pub async fn of(files: &Files, s3_key: &str, called: &str, export: &Export, now: Timestamp) -> Result<Self> {
        export.file(now).ok_or(Error::NotFound)?;
        let day = export.requested_at.to_zoned(TimeZone::UTC).date();
        let file_name = format!("abservice-{called}-{day}.zip");
        Ok(Self { url: files.signed_link(s3_key, &file_name, MEDIA_TYPE).await?, file_name })
    }
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
        let instant = |at: Timestamp| {
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
