//! The holidays of a year, where one works. What they are, [`kernel::holiday`] knows.

pub mod api;
mod model;
pub mod pages;

pub use model::{YearInput, region};
