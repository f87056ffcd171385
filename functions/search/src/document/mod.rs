//! What the index has: of each item that can be found, what is shown of it and by which words.

mod index_item;
pub mod kinds;
pub mod model;
pub mod store;

pub use index_item::{Reason, index_item, index_named};
pub use model::Found;
