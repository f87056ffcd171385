//! How a member wants to be told: per category, in the application, by mail at once, in a daily summary, or not at all.

pub mod api;
mod edit_preferences;
mod model;
pub mod pages;
mod store;

pub use edit_preferences::edit_preferences;
pub use model::{Delivery, Preferences, PreferencesInput, Ways};
pub use store::shown;
