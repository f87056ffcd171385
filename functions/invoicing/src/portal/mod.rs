//! The client's side: whoever holds a link to a document reads it, without an account.
//!
//! ```text
//! mail or member ─► link (its secret: with its holder only) ─► visit: proof, throttle ─► pages
//! ```
//!
//! It is part of invoicing and not a context of its own: what a client does here are acts of invoicing, by its use cases
//! and its rules. What a link reaches is held by [`visit`] alone, which gives the scope of the link's organization and
//! the document that the link names, and nothing else.

mod access;
mod answer_quote;
pub mod api;
mod link;
pub mod mails;
pub mod pages;
pub mod panel;
mod payment;
mod sheet;
mod signature;
pub mod space;
mod visit;

pub use link::{LinkInput, create_document_link, list_document_links, revoke_document_link};
