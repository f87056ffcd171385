//! Price lists: what some clients pay less, for everything or product by product.

pub mod api;
mod clients;
mod lists;
mod model;
pub mod pages;
mod set_prices;
pub mod store;

pub use clients::{assign_price_list, unassign_price_list};
pub use lists::{create_price_list, delete_price_list, edit_price_list};
pub use model::{ClientPriceList, PriceList, PriceListInput, PricesInput};
pub use set_prices::set_prices;
