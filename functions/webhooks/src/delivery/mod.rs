//! Events on their way to webhooks: sent, signed, again until they are taken, and kept for thirty days with what became of
//! them.

pub mod api;
mod list_deliveries;
mod model;
pub mod pages;
mod replay_delivery;
mod send_delivery;
mod sign;
pub mod store;
mod tell;
mod test_webhook;

pub use list_deliveries::{list_deliveries, show_delivery};
pub use model::{Attempt, Delivery, Failure, RETRY_AFTER, State, delivery_id};
pub use replay_delivery::replay_delivery;
pub use send_delivery::send_delivery;
pub use sign::{SIGNATURE, signature};
pub use tell::tell;
pub use test_webhook::test_webhook;
