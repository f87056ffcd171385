//! Quotes (devis): draft → sent → accepted or refused → invoiced. A sent quote has a number and a document, and is revised
//! by a version that takes its place.

mod answer_quote;
pub mod api;
mod create_quote;
mod delete_quote;
mod duplicate_quote;
mod edit_quote;
mod expire_quote;
mod invoice_quote;
mod model;
pub mod pages;
mod restate_quotes;
mod revise_quote;
mod send_quote;
pub mod situation;
pub mod store;

pub use answer_quote::{accept_quote, enter_acceptance, refuse_quote};
pub use create_quote::{create_quote, typed_quote};
pub use delete_quote::delete_quote;
pub use duplicate_quote::duplicate_quote;
pub use edit_quote::{edit_quote, retyped_quote};
pub use expire_quote::expire_quote;
pub use invoice_quote::{invoice_deposit, invoice_quote, invoice_situation};
pub use model::{
    AcceptanceInput, DepositInput, Progress, Quote, QuoteDeposit, QuoteInput, QuoteStatus, Recovery, SituationInput,
    Version,
};
pub use restate_quotes::restate_quotes;
pub use revise_quote::revise_quote;
pub use send_quote::{frame, send_quote};
