//! Files of records that are taken in: sent, their columns chosen, looked at row by row, then written, by the worker, in
//! steps that can be done again.

pub mod api;
mod begin_import;
mod cancel_import;
mod check_import;
mod list_imports;
mod model;
pub mod pages;
mod records;
mod report;
mod rows;
mod run_import;
mod start_import;
mod store;

pub use begin_import::begin_import;
pub use cancel_import::cancel_import;
pub use check_import::check_import;
pub use list_imports::list_imports;
pub use model::{By, Counts, Import, ImportErrors, ImportInput, Mapping, MappingInput, RowError, Stage};
pub use run_import::run_import;
pub use start_import::start_import;
pub use store::read as show_import;

pub(crate) use model::kind;

use kernel::Permission::{CrmCreate, CrmEdit};
use web::{Asker, upload::FileKind};

use model::Existing;

/// Files of spreadsheets and of address books. Windows calls them by the program that opens them.
pub const FILE: FileKind = FileKind {
    media_types: &[
        ("text/csv", "CSV"),
        ("text/plain", "CSV"),
        ("text/tab-separated-values", "CSV"),
        ("application/vnd.ms-excel", "CSV"),
        ("application/octet-stream", "CSV"),
        ("text/vcard", "vCard"),
        ("text/x-vcard", "vCard"),
        ("text/directory", "vCard"),
    ],
    megabytes_max: 20,
};

/// Who imports adds; who changes what is there edits.
pub(crate) fn may_import(asker: &Asker, existing: Existing) -> bool {
    asker.may(CrmCreate) && (existing == Existing::Ignore || asker.may(CrmEdit))
}
