//! Which widgets stand where, and how wide, for one member in one organization.

pub mod api;
mod arrange;
mod model;
pub mod pages;

pub use arrange::{arrange_dashboard, arrange_widget, shown};
pub use model::{Act, ActInput, DashboardInput, PlacedInput, Shown};
