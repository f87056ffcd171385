//! Electronic invoices that come by mail, to an address that is the organization's own.

mod address;
pub mod api;
mod mime;
mod model;
mod receive_mail;
pub mod store;

pub use address::{address_of, renew_invoice_address};
pub use model::{InboundAddress, Outcome, PartOutcome, ReceivedMail};
pub use receive_mail::{FOLDER, handle};
