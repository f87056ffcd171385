//! Money that left an account, as the bank says, and the expenses that it paid.

pub mod api;
mod match_line;
mod model;
pub mod pages;
pub mod store;

pub use match_line::{SpendingInput, enter_spending_line, match_spending_line};
pub use model::{Reason, SpendingLine, SpendingState};
