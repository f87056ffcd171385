//! Sessions: signing in and out.

pub mod api;
pub mod pages;
mod sign_in;
mod sign_out;

pub use sign_in::{SignInInput, sign_in};
pub use sign_out::sign_out;
