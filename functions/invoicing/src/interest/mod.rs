//! Late-payment interest: what it comes to, day by day, and the invoice that asks for it.

pub mod api;
mod invoice_interest;
mod model;
pub mod pages;
mod store;

pub use invoice_interest::invoice_interest;
pub use model::{Claim, Interest, InterestOf, Rates, SemesterRate, SemesterRateInput, Stretch, accrued, rates_asked};
pub use store::{Late, payments_of, read, released};
