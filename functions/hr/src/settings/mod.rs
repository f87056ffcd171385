//! How an organization's HR is set up: departments, positions, work sites, and how its days of leave are counted.

pub mod api;
mod edit_hr_settings;
pub(crate) mod model;
pub mod pages;
pub mod store;

pub use edit_hr_settings::edit_hr_settings;
pub use model::{Department, HrSettings, HrSettingsInput, Position, WorkSite};
pub use store::SETTINGS;
