//! Forms that an organization puts on its web site: what somebody types there becomes a contact and an opportunity.
//!
//! ```text
//! form ─► its page, with a ticket ─► what was typed ─► visit: throttle, ticket ─► receive_lead
//! ```
//!
//! Nobody is signed in there: the form acts, under the organization that its address names. Of the organization the page says
//! no more than what the form is made of, and of its contacts nothing at all.

pub mod api;
mod create_web_form;
mod delete_web_form;
mod edit_web_form;
mod lead;
mod list_web_forms;
mod model;
pub mod pages;
mod receive_lead;
pub mod site;
mod store;
mod ticket;
mod visit;

pub use create_web_form::create_web_form;
pub use delete_web_form::delete_web_form;
pub use edit_web_form::edit_web_form;
pub use lead::{Lead, LeadInput};
pub use list_web_forms::{list_web_forms, show_web_form};
pub use model::{Asked, LeadFields, WebForm, WebFormInput};
