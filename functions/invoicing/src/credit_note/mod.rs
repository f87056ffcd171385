//! Credit notes (avoirs): what of an issued invoice is given back, in whole or in part, in a series of their own.

pub mod api;
mod credit_invoice;
mod model;
pub mod pages;
pub mod store;

pub use credit_invoice::{Credited, credit_invoice, frame};
pub use model::{Credit, CreditInput, CreditNote, Own};
