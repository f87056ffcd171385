//! Recurring expenses: entered by the clock, each once.

mod acts;
pub mod api;
mod make_recurring_expenses;
mod model;
pub mod pages;
mod restate_recurring_expenses;
pub mod store;

pub use acts::{
    create_recurring_expense, edit_recurring_expense, pause_recurring_expense, resume_recurring_expense,
    stop_recurring_expense,
};
pub use make_recurring_expenses::make_recurring_expenses;
#[cfg(test)]
pub use model::tests;
pub use model::{Plan, RecurringExpense, RecurringExpenseInput, RecurringStatus};
pub use restate_recurring_expenses::restate_recurring_expenses;
