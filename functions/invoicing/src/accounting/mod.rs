//! What accountants and the administration need: the account plan, entries as files, the FEC, archives.

pub mod api;
pub mod archive;
mod book;
mod edit_plan;
mod formats;
mod job;
pub mod pages;
mod plan;
mod request_job;
mod run_job;
mod source;
mod store;

pub use edit_plan::{edit_plan, read_plan};
pub use formats::Format;
pub use job::{Job, JobInput, Jobs, Progress, Task};
pub use plan::AccountPlan;
pub use request_job::{list_jobs, request_job};
pub use run_job::run_job;
