//! Expenses as a file: what a spreadsheet has, entered once each; what there is, for a spreadsheet.

pub mod api;
mod columns;
mod export_expenses;
mod import_expenses;
mod model;
pub mod pages;

pub use export_expenses::{export_expenses, plain};
pub use import_expenses::{CSV, ExpenseImportInput, ExpensesChecked, ExpensesImported, check_import, import_expenses};
