//! Pages that are open hear at once that something is unread, and of which modules figures changed: each connects to the gateway's WebSocket by a ticket, and the
//! worker posts to it. Nothing depends on it: a page that hears nothing asks once a minute.

pub mod api;
mod create_ticket;
mod gateway;
mod model;
mod post;
mod store;

pub use create_ticket::create_ticket;
pub use gateway::handle;
pub use model::{Socket, Ticket, TicketView};
pub(crate) use post::{post_changed, post_unread};
