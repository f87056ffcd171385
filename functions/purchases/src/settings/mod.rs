//! When an expense wants somebody's approval.

pub mod api;
mod edit_settings;
pub mod pages;
pub mod store;

pub use edit_settings::{SettingsInput, edit_settings};
pub use store::THRESHOLD;
