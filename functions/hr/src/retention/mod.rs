//! Files of those who left, which are due to go: listed, and erased by an act, never by themselves.

pub mod api;
mod erase_employees;
mod list_due;
mod model;
pub mod pages;

pub use erase_employees::{ErasureInput, erase_employees, forget_employee};
pub use list_due::list_due_employees;
pub use model::{kept_until, rule};
