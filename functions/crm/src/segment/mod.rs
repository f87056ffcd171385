//! Segments: filters over the lists of records that somebody gave a name, for themselves or for everybody.

pub mod api;
mod create_segment;
mod delete_segment;
mod edit_segment;
mod list_segments;
mod model;
pub mod pages;
mod store;

pub use create_segment::create_segment;
pub use delete_segment::delete_segment;
pub use edit_segment::edit_segment;
pub use list_segments::list_segments;
pub use model::{Segment, SegmentInput, query};
