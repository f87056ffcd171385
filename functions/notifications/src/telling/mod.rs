//! Telling people of what happened: who, in which words, in which ways; and forgetting what was told.

mod digest;
mod facts;
mod forget;
mod letters;
mod tell;

pub use digest::send_digest;
pub use forget::{forget_member, forget_person};
pub use tell::tell;
