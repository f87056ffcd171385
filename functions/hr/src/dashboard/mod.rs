//! HR at a glance, told from the list of employees; and the interviews that the law wants each to be given.

pub mod api;
mod interview;
mod model;
pub mod pages;
mod record_interview;
mod show_figures;
mod store;

pub use interview::{Interview, InterviewInput};
pub use model::{Due, Figures, Held, interview_rule, next_interview};
pub use record_interview::{list_interviews, record_interview, remove_interview};
pub use show_figures::show_figures;
