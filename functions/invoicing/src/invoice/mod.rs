//! Invoices (factures): a draft without a number, then issued for good.

pub mod api;
mod correct_invoice;
mod create_invoice;
mod delete_invoice;
mod duplicate_invoice;
mod edit_invoice;
mod issue_invoice;
mod model;
pub mod pages;
pub mod store;

pub use correct_invoice::correct_invoice;
pub use create_invoice::{create_invoice, typed_invoice};
pub use delete_invoice::delete_invoice;
pub use duplicate_invoice::duplicate_invoice;
pub use edit_invoice::{edit_invoice, retyped_invoice};
pub use issue_invoice::{Issuing, frame, issue_invoice};
#[cfg(test)]
pub use model::tests;
pub use model::{
    Corrected, Deduction, Invoice, InvoiceContent, InvoiceInput, Issued, OPERATIONS, PaymentStatus, PlannedDebit,
    Replacement, late, operations_name,
};
