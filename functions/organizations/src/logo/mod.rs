//! The organization's logo: sent to the bucket, made harmless, shown on pages and documents.

pub mod api;
mod change_logo;
pub mod pages;
mod remove_logo;

pub use change_logo::change_logo;
pub use remove_logo::remove_logo;
