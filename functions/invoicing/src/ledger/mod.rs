//! The ledger under invoices and payments: its closings, its verification, its pages.

pub mod api;
pub mod archive_check;
pub mod check;
mod close_periods;
pub mod closing;
pub mod pages;
pub mod totals;
mod verify_ledger;

pub use close_periods::{close_periods, signing_purpose};
pub use verify_ledger::verify_ledger;
