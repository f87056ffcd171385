//! What employees spent for the organization: a report of lines with their receipts, handed in, decided on by who is above them
//! or may decide, and paid back.

pub mod api;
mod decide_report;
mod edit_lines;
mod list_reports;
mod model;
mod open_report;
pub mod pages;
mod receipts;
mod scale;
mod store;

pub use decide_report::{approve_report, refuse_report, reimburse_report, submit_report};
pub use edit_lines::{remove_line, save_line};
pub use list_reports::{Sight, list_own_reports, list_reports, show_report};
pub use model::{
    DecisionInput, ExpenseInput, ExpenseLine, ExpenseReport, LINES_MAX, Mileage, ReimbursementInput, ReportInput,
    ReportState,
};
pub use open_report::{delete_report, open_report};
pub use receipts::{RECEIPT, add_receipt, download_receipt, forget_receipts, remove_receipt};
pub use scale::Vehicle;
