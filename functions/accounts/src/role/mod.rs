//! The roles that an organization makes, beside those of the system.

pub mod api;
mod create_role;
mod delete_role;
mod edit_role;
mod list_roles;
mod model;
pub mod pages;

pub use create_role::create_role;
pub use delete_role::delete_role;
pub use edit_role::edit_role;
pub use list_roles::{list_roles, show_role};
pub use model::{ROLES_MAX, RoleInput};
