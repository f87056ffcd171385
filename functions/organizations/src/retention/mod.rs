//! What is kept, how long and why. What is due to go, the CRM lists.

pub mod api;
mod model;
pub mod pages;

pub use model::{RetentionRule, retention_rules};
