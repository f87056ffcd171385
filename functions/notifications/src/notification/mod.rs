//! What one member is told.

pub mod api;
mod list_notifications;
pub mod model;
pub mod pages;
mod read_notifications;
pub mod rule;
pub mod store;

pub use list_notifications::{Filter, count_unread, latest, list_notifications};
pub use model::{Category, Kind, Notification};
pub use read_notifications::{read_all, read_notification};
