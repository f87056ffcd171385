//! Products (what the catalogue offers): goods, services, subscriptions, digital goods, each with its price.

pub mod api;
mod archive_product;
mod create_product;
mod delete_product;
mod edit_product;
pub mod exchange;
mod list_products;
mod model;
mod named;
pub mod pages;
pub mod picture;
pub mod store;

pub use archive_product::{archive_product, restore_product};
pub use create_product::create_product;
pub use delete_product::delete_product;
pub use edit_product::edit_product;
pub use list_products::{Found, Wanted, find_products, list_products};
#[cfg(test)]
pub use model::tests;
pub use model::{Product, ProductContent, ProductInput, ProductKind, ProductReference};
pub use named::Named;
