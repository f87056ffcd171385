//! Files that belong to a company, a contact or an opportunity: sent to the bucket, proven by their content, kept with their
//! former versions, seen by whoever sees the record or by their author alone.

mod add_file_version;
pub mod api;
mod attach_file;
mod delete_file;
mod edit_file;
mod forget_files;
mod keep;
mod list_files;
mod model;
pub mod pages;
pub mod store;

pub use add_file_version::add_file_version;
pub use attach_file::{Attached, attach_file};
pub use delete_file::delete_file;
pub use edit_file::edit_file;
pub use forget_files::{forget_files, forget_versions};
pub use list_files::{download_file, list_files, show_file};
pub use model::{AttachedFile, Audience, FILES_MAX, FileChange, FileInput, VersionInput};
