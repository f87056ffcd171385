//! Letters about what a client owes (courriers): reminders as they left, and statements of account.

pub mod api;
mod model;
pub mod pages;
mod read_account;
mod write_statement;

pub use model::{Account, WriteStatementInput, of_reminder};
pub use read_account::{Statement, read_account};
pub use write_statement::write_statement;
