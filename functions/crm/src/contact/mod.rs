//! Contacts: the people one deals with, most of them at a company.

pub mod api;
mod create_contact;
mod edit_contact;
mod erase_contact;
mod export_contact;
mod forget_employer;
mod keep_contact;
mod list_contacts;
mod model;
pub mod pages;
mod redact_log;
mod show_contact;
mod staff;
mod store;
mod traces;

pub use create_contact::{create_contact, create_contact_as};
pub use edit_contact::edit_contact;
pub(crate) use erase_contact::erase;
pub use erase_contact::{Erased, erase_contact, show_erasure};
pub use export_contact::{download_contact_export, list_contact_exports, request_contact_export};
pub use forget_employer::forget_employer;
pub use keep_contact::{KeepInput, keep_contact};
pub use list_contacts::list_contacts;
pub(crate) use model::FORMER_MAX;
pub use model::{
    Civility, Consent, Contact, ContactInput, ContactLink, Employer, Filing, FormerContact, FormerEmployer, Kept,
    Means, NewContact, Person,
};
pub use redact_log::redact_log;
pub use show_contact::{Known, show_contact, show_or_erased};
pub(crate) use staff::Staff;
pub use store::write_former;
pub(crate) use traces::traces_of_former;

/// How many entries of a history are looked through for former names.
pub(crate) const HISTORY_MAX: u16 = 500;
