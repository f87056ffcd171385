//! Giving the records of a member to another one: of somebody who leaves, or left.

pub mod api;
mod list_records;
mod model;
pub mod pages;
mod reassign_records;

pub use list_records::{Records, list_records};
pub use model::Reassignment;
pub use reassign_records::reassign_records;
