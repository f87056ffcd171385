//! Leave: how many days an absence takes.

pub mod api;
pub(crate) mod model;
pub mod pages;

pub use model::{Absence, Counted, Counting, Halves, LeaveInput, Reason, Week, counted};
