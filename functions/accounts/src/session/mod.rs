//! Sessions: signing in, what stands between the password and the session, ending them.

pub mod api;
pub mod challenge;
mod open_session;
pub mod pages;
mod sessions;
mod sign_in;
mod sign_in_with_passkey;
mod sign_out;
mod start_passkey_sign_in;

pub use open_session::{Opening, destination};
pub use sessions::{end_session, list_sessions, sign_out_everywhere, tell_sessions};
pub use sign_in::{SignInInput, SignedIn, sign_in};
pub use sign_in_with_passkey::{PasskeyInput, sign_in_with_passkey};
pub use sign_out::sign_out;
pub use start_passkey_sign_in::start_passkey_sign_in;
