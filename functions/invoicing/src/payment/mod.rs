//! Payments: partial or whole, taken back, given back; each an entry of the ledger, none ever deleted.

pub mod api;
mod list_payments;
mod model;
pub mod pages;
mod record_payment;
mod refund_invoice;
mod reverse_payment;
pub mod store;

pub use list_payments::{Filter, Period, list_payments};
#[cfg(test)]
pub use model::tests;
pub use model::{Cash, Method, NewPayment, OfInvoice, Payment, PaymentInput, PaymentKind, amount, paid_on};
pub use record_payment::{Recorded, record_payment};
pub use refund_invoice::refund_invoice;
pub use reverse_payment::{ReversalInput, reverse_payment};
