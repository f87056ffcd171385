//! The organization's settings.

pub mod api;
mod edit_organization;
mod model;
pub mod pages;

pub use edit_organization::edit_organization;
pub(crate) use edit_organization::read;
pub use model::OrganizationInput;
