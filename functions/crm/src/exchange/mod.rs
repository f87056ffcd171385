//! Records as files: the columns of their tables, the cards of an address book, and exports, which an import reads back.

pub mod api;
pub mod columns;
mod download_export;
mod export_records;
mod list_exports;
mod model;
pub mod pages;
mod request_record_export;
mod store;
pub mod vcard;
mod write_record_export;

pub use download_export::download_record_export;
pub use export_records::{DIRECT, Most, export_records};
pub use list_exports::list_record_exports;
pub use model::{Format, RecordExport, RecordExportInput};
pub use request_record_export::request_record_export;
pub use write_record_export::write_record_export;
