//! The members of an organization: who they are, which role they have, and where else a user is one.

pub mod api;
mod change_role;
mod create_organization;
pub mod data;
mod export_member;
mod list_members;
mod list_organizations;
mod model;
pub mod organizations;
pub mod pages;
mod remove_member;
mod store;

pub use change_role::change_role;
pub use create_organization::{OrganizationName, create_organization};
pub use export_member::{download_member_export, list_member_exports, request_member_export};
pub use list_members::list_members;
pub use list_organizations::list_organizations;
pub use model::{Granter, MemberInput, RoleChoice, owners_after};
pub use remove_member::remove_member;
pub(crate) use store::{LISTED, granter, leave_role, owners, still_grants, take_role};
