//! Where programs listen, and for what.

pub mod api;
mod create_webhook;
mod delete_webhook;
mod edit_webhook;
mod list_webhooks;
mod model;
pub mod pages;
mod rotate_webhook_secret;
pub mod store;

pub use create_webhook::create_webhook;
pub use delete_webhook::delete_webhook;
pub use edit_webhook::edit_webhook;
pub use list_webhooks::{list_webhooks, show_webhook};
pub use model::{FormerSecret, NewSecret, Noted, Webhook, WebhookInput};
pub use rotate_webhook_secret::rotate_webhook_secret;
