//! How much a member has not read, what is being counted together, and what their next summary is to tell.

mod model;
pub mod store;

pub use model::{DIGEST_MAX, Inbox};
