//! The account: an e-mail, a password, and the organizations it opens.

pub mod api;
mod model;
pub mod pages;
pub mod password;
mod sign_up;
pub mod store;

pub use model::{NewAccount, SignUpInput};
pub use sign_up::{SignedUp, sign_up};
