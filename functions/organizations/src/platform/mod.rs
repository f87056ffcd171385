//! The platform's administrator: every organization, a visit to one, the end of its trial, closing one for a while,
//! deleting one for good.

pub mod api;
mod delete_organization;
mod enter_organization;
mod erase_organization;
mod kept;
mod leave_organization;
mod list_organizations;
pub mod pages;
mod resume_organization;
mod set_trial;
mod show_organization;
mod suspend_organization;

pub use delete_organization::{DeletionInput, delete_organization};
pub use enter_organization::{VISIT_LASTS, enter_organization};
pub use erase_organization::erase_organization;
pub use kept::{KeptDocument, kept_file, list_kept_documents};
pub use leave_organization::leave_organization;
pub use list_organizations::{list_deleted_organizations, list_organizations};
pub use resume_organization::resume_organization;
pub use set_trial::{TrialInput, set_trial};
pub use show_organization::{OrganizationDetails, show_organization};
pub use suspend_organization::suspend_organization;
