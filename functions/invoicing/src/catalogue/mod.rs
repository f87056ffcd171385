//! How the catalogue is ordered: categories, tags and price lists. All of it is one item, so that a page reads it beside
//! its own, and no two changes together can make a circle of categories.

pub mod api;
mod categories;
mod model;
pub mod pages;
pub mod store;
mod tags;

pub use categories::{create_category, delete_category, edit_category};
pub use model::{Branch, Catalogue, Category, CategoryInput, TagInput};
pub use store::CATALOGUE;
pub use tags::{create_tag, delete_tag, edit_tag};
