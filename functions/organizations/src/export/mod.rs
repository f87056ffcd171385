//! Everything that an organization has, as one zip: asked for on a page, written by the worker, downloaded for a week.

pub mod api;
mod download_export;
mod list_exports;
mod model;
pub mod pages;
mod readme;
mod request_export;
mod spool;
mod store;
mod tables;
mod write_export;

pub use download_export::{Download, download_export, link};
pub use list_exports::list_exports;
pub use kernel::export::{Export, KEPT, Progress, Requester, Standing};
pub use model::Exports;
pub use request_export::{own_requester, request_export};
pub use write_export::write_export;
