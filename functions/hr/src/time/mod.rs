//! The time that employees work: their weeks, how they are decided, and what the law says of them.

pub mod absence;
pub mod api;
pub mod calendar;
pub mod checks;
mod clock;
mod decide;
mod edit_time_settings;
mod edit_time_week;
mod law;
mod list_time_weeks;
pub mod measure;
pub(crate) mod model;
pub mod pages;
pub(crate) mod recap;
mod remove_time_weeks;
mod sight;
pub mod store;

pub use calendar::{IsoWeek, Month};
pub use clock::{Clocking, clock_in, clock_out, show_clocking};
pub use decide::{answer_time_dispute, approve_time_week, dispute_time_week, reopen_time_week, submit_time_week};
pub use edit_time_settings::{edit_time_settings, show_time_settings};
pub use edit_time_week::edit_time_week;
pub use law::{TimeSettings, TimeSettingsInput};
pub use list_time_weeks::{list_time_weeks, list_undecided_time_weeks};
pub use model::{ReasonInput, Span, SpanInput, TimeChange, TimeWeek, WeekInput, WeekState};
pub use recap::{Recap, show_recap};
pub use remove_time_weeks::{DueSelection, list_due_time_weeks, remove_due_time_weeks};
pub use sight::{WeekSight, changes, show_time_week};
