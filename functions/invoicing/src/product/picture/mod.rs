//! The picture of a product: sent to the bucket, made harmless, shown in the catalogue.

pub mod api;
mod change_picture;
pub mod pages;

pub use change_picture::{change_picture, remove_picture};
