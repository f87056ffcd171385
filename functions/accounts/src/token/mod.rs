//! Personal access tokens, for programs.

pub mod api;
mod create_token;
mod list_tokens;
pub mod pages;
mod revoke_token;

pub use create_token::{NewToken, TokenInput, create_token};
pub use list_tokens::list_tokens;
pub use revoke_token::revoke_token;
