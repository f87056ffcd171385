//! Direct debits: mandates of clients, remittances of what is due, and what the bank sends back; and the transfers by which
//! clients are refunded.

pub mod api;
mod create_mandate;
mod create_remittance;
mod creditor;
mod mandate;
pub mod pages;
mod pain;
mod remittance;
mod settle_remittance;
pub mod store;
mod transfer;

pub use create_mandate::{create_mandate, revoke_mandate};
pub use create_remittance::{RemittanceInput, RemittanceLineInput, create_remittance};
pub use creditor::{CreditorInput, NOTICE_DAYS, SepaCreditor, set_creditor};
pub use mandate::{Mandate, MandateInput, MandateReference, Scheme, Sequence, Used};
pub use pain::Version;
pub use remittance::{Creditor, DebitLine, REMITTED_MAX, Remittance};
pub use settle_remittance::{ConfirmationInput, RejectionInput, cancel_remittance, confirm_remittance, reject_debit};
pub use transfer::{RefundTransfer, TransferInput, refund_by_transfer, transfer_file};
