//! A user's portrait: sent to the bucket, made harmless, shown wherever they are a member. It is the user's and lies outside
//! the tenants; each membership names it, so a page that knows a member knows where their portrait is.

pub mod api;
mod change_portrait;
pub mod pages;
mod remove_portrait;
mod store;

pub use change_portrait::change_portrait;
pub use remove_portrait::remove_portrait;
pub use store::{discard as discard_portrait, find_portrait};
