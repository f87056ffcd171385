//! The bank's statements: imported line by line, each once, and matched with what they settle.

pub mod api;
mod camt;
mod import_statement;
mod match_line;
mod model;
pub mod pages;
mod settle_line;
mod statement_csv;
pub mod store;
mod suggestions;

pub use import_statement::{Imported, STATEMENT, StatementInput, import_statement};
pub use match_line::{MatchInput, match_line};
pub use model::{BankLine, LineState, MAX_LINES, StatementLine};
pub use settle_line::{ignore_line, reopen_line};
pub use suggestions::{Suggestion, suggestions};
