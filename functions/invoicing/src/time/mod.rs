//! Time that was worked for clients and is invoiced by the hour: recorded entry by entry, each on one invoice at most.

pub mod api;
mod delete_time;
mod edit_time;
mod invoice_time;
mod model;
pub mod pages;
mod record_time;
mod release_time;
pub mod store;
mod take_over_time;

pub use delete_time::delete_time;
pub use edit_time::edit_time;
pub use invoice_time::{Grouping, InvoiceTimeInput, invoice_time};
pub use model::{STATES, TimeContent, TimeEntry, TimeInput};
pub use record_time::record_time;
pub use release_time::{release, release_time};
pub use take_over_time::take_over_time;
