//! Lists of quotes, invoices and credit notes: narrowed by state, period, client and words, in pages, as a file.

pub mod api;
mod export;
mod list_documents;
mod model;
pub mod pages;

pub use export::export_documents;
pub use list_documents::{Found, list_documents};
pub use model::{Filter, FilterInput, Shape, Sort, State, shelf_of};
