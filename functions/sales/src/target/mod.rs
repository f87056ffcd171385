//! What the organization, a team or somebody wants to reach in each month, quarter or year.

pub mod api;
mod count;
mod create_target;
mod delete_target;
mod edit_target;
mod list_targets;
mod look_at_targets;
mod model;
pub mod pages;
mod store;

pub use create_target::create_target;
pub use delete_target::delete_target;
pub use edit_target::edit_target;
pub use list_targets::{Shown, list_targets, show_target};
pub use look_at_targets::{look_at_target, look_at_targets};
pub use model::{Aim, Mark, News, Pace, Progress, Span, Standing, Target, TargetInput, TargetKind};
