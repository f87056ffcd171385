//! Receipts: what a client paid at once, spread over several of their invoices; and what one of them had too much,
//! applied to another. Recorded as a whole, and taken back as a whole.

pub mod api;
mod apply_credit;
mod model;
pub mod pages;
mod record_receipt;
mod reverse_receipt;
pub mod store;

pub use apply_credit::{CreditInput, apply_credit, carry_over};
pub use model::{
    NewReceipt, PARTS_MAX, Receipt, ReceiptInput, ReceiptKind, ReceiptPart, ReceiptPartInput, payment_id, proposed,
};
pub use record_receipt::{invoices, record_receipt};
pub use reverse_receipt::{ReceiptReversalInput, reverse_receipt};
