//! What of a month goes to who makes the pay slips: computed from what was approved, closed once, and kept as it was told.

pub mod api;
mod close_payroll;
mod model;
pub mod pages;
mod show_payroll;
mod store;

pub use close_payroll::{close_payroll, reopen_payroll};
pub use model::{Closing, Line, Payroll, PayrollExpenses};
pub use show_payroll::{Sight, show_payroll};
