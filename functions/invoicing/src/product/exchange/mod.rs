//! The catalogue as a file for a spreadsheet, out and in.

pub mod api;
mod columns;
mod export_products;
mod import_products;
mod model;
pub mod pages;

pub use export_products::export_products;
pub use import_products::{Checked, ImportInput, Imported, check_import, import_products};
