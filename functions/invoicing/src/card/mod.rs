//! Payment by card: a client pays an invoice on a page of the provider's, and what the provider says of it is entered once.
//!
//! ```text
//! portal ─► open_checkout ─► page of the provider ─► return ─┐
//!                                 └─► webhook ───────────────┼─► settle: payment, ledger, invoice
//! what is owed changes, or the clock ─► look_at_checkout ────┘   (or the session is ended)
//! ```
//!
//! Whoever is first enters the payment: its id follows from the provider's. The provider is asked before an act is written,
//! never within it; what it is asked twice it does once.

pub mod api;
mod model;
mod open_checkout;
pub mod pages;
mod refund_card_payment;
mod settings;
mod settle;
mod store;
pub mod webhook;

pub use model::{Charge, Checkout, CheckoutState};
pub use open_checkout::{Returns, open_checkout};
pub use refund_card_payment::{CardRefundInput, left, refund_card_payment};
pub use settings::{
    CardsInput, PortalSettings, PortalSettingsInput, connect_cards, disconnect_cards, edit_portal_settings,
    read_portal_settings,
};
pub use settle::{Looked, look, look_at_checkout};
pub use store::Begun;
