//! What is due to go: contacts, and companies that never became more than prospects, of whom nothing has changed for the
//! years of `kernel::legal::contact_years`.

pub mod api;
mod erase_due_contacts;
mod keep_contacts;
mod list_due;
mod model;
pub mod pages;
mod store;

pub use erase_due_contacts::erase_due_contacts;
pub use keep_contacts::keep_contacts;
pub use list_due::{list_due_contacts, list_due_prospects};
pub use model::{Retention, Selection, Subject};
