//! Everything that an organization has, as one zip: asked for on a page, written by the worker, downloaded for a week.

pub mod api;
mod download_export;
mod list_exports;
pub mod pages;
mod readme;
mod request_export;
mod spool;
mod tables;
mod write_export;

pub use download_export::{download_export, link};
pub use list_exports::list_exports;
pub use request_export::request_export;
pub(crate) use spool::{ATTACHING, attachments};
pub(crate) use write_export::DOCUMENT_BYTES_MAX;
pub use write_export::write_export;
