//! Electronic invoices of suppliers (Factur-X, CII, UBL): taken in, each an expense, and what is said of them.

pub mod api;
mod confirm_account;
mod list_received;
mod model;
pub mod pages;
mod reason;
mod receive_invoice;
mod state_invoice;
pub mod store;

pub use confirm_account::confirm_account;
pub use list_received::{Wanted, list_received};
pub use model::{Lifecycle, ReceivedInvoice, ReceivedLine, ReceivedNumber, ReceivedSyntax, Step};
pub use reason::{Reason, ReasonInput, Why};
pub use receive_invoice::{Carrier, INVOICE, Incoming, ReceivedInput, receive_invoice, take_in};
pub use state_invoice::state_invoice;
