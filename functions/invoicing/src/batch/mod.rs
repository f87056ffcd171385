//! Issuing many drafts at once: a batch with its progress, worked through in chunks.

pub mod api;
mod create_issue_batch;
mod issue_invoices;
mod model;
pub mod pages;
mod store;

pub use create_issue_batch::create_issue_batch;
pub use issue_invoices::issue_invoices;
pub use model::{BatchInput, IssueBatch, Refused};
