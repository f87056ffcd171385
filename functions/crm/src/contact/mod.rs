//! Contacts: the people one deals with, most of them at a company.

pub mod api;
mod create_contact;
mod edit_contact;
mod list_contacts;
mod model;
pub mod pages;
mod show_contact;
mod staff;
mod store;

pub use create_contact::create_contact;
pub use edit_contact::edit_contact;
pub use list_contacts::list_contacts;
pub use model::{Civility, Contact, ContactInput, ContactLink, Employer, NewContact, Person};
pub use show_contact::show_contact;
