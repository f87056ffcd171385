//! Activities: calls, meetings, tasks… that are planned or were done, each about a company, a contact or an opportunity.

pub mod api;
mod close_activity;
mod create_activity;
mod delete_activity;
mod edit_activity;
mod follow;
mod list_activities;
mod model;
pub mod pages;
pub mod panel;
mod records;
mod remind_activity;
mod reschedule_activity;
mod show_activity;
mod store;
mod view;

pub(crate) use api::read;
pub use close_activity::{cancel_activity, complete_activity, reopen_activity};
pub use create_activity::create_activity;
pub use delete_activity::delete_activity;
pub use edit_activity::edit_activity;
pub use follow::{forgotten, renamed};
pub use list_activities::{Filter, Overdue, between, list_activities, overdue};
pub use model::{Activity, ActivityInput, ActivityLine, Kind, MoveInput, Shown, Start, Status};
pub use records::must_see_record;
pub use remind_activity::remind_activity;
pub use reschedule_activity::reschedule_activity;
pub use show_activity::show_activity;
pub(crate) use store::save;
pub(crate) use view::{kinds, members, when};
