//! Documents of employees' files: sent to the bucket, proven by their content, kept with their former versions; seen by who
//! may, and by the employee where they are shared with them. Who keeps the files is told before one ends.

mod add_paper_version;
mod alert_papers;
pub mod api;
mod attach_paper;
mod delete_paper;
mod edit_paper;
mod forget_papers;
mod list_papers;
mod model;
pub mod pages;
mod share_paper;
mod store;

pub use add_paper_version::add_paper_version;
pub use alert_papers::alert_papers;
pub use attach_paper::attach_paper;
pub use delete_paper::delete_paper;
pub use edit_paper::edit_paper;
pub use forget_papers::{erase_papers, forget_versions};
pub use list_papers::{
    Filed, download_letter, download_own_paper, download_paper, expiring_papers, list_papers, own_papers, show_paper,
};
pub use model::{Eyes, PAPERS_MAX, Paper, PaperChange, PaperInput, PaperKind, PaperVersionInput};
pub(crate) use share_paper::tell_shared;
