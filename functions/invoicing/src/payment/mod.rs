//! Payments: partial or whole, never more than is due, written into the ledger.

pub mod api;
mod model;
mod record_payment;
pub mod store;

pub use model::{Method, Payment, PaymentInput};
pub use record_payment::{Recorded, record_payment};
