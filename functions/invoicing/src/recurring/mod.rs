//! Recurring invoices (factures récurrentes): what is invoiced again and again, made by the clock.

pub mod api;
mod create_recurring_invoice;
mod edit_recurring_invoice;
mod make_recurring_invoices;
mod model;
pub mod pages;
mod restate_recurring_invoices;
mod rhythm;
pub mod store;
mod turn_recurring_invoice;

pub use create_recurring_invoice::create_recurring_invoice;
pub use edit_recurring_invoice::{edit_recurring_invoice, reprice_recurring_invoice};
pub use make_recurring_invoices::make_recurring_invoices;
pub use model::{
    LinePriceInput, Occurrence, PricesInput, Recurred, RecurringContent, RecurringInput, RecurringInvoice, Status, Then,
};
pub use restate_recurring_invoices::restate_recurring_invoices;
pub use rhythm::{PLACEHOLDERS, Period, PeriodRule, Rhythm, Unit};
pub use turn_recurring_invoice::{pause_recurring_invoice, resume_recurring_invoice, stop_recurring_invoice};
