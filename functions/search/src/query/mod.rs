//! What somebody searches for: words, in whatever order, of which each may be the beginning of one.

pub mod api;
pub mod model;
pub mod pages;
mod search_records;

pub use search_records::{COUNTED_MAX, Extent, Results, SHOWN_MAX, search_records};
