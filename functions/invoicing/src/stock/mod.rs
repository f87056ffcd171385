//! Stock: how much of a product there is, what came and went, and when it is time to order more.

mod adjust_stock;
pub mod api;
mod model;
pub mod pages;
mod set_policy;
mod stocks;
pub mod store;

pub use adjust_stock::adjust_stock;
pub use model::{AdjustmentInput, Cause, PolicyInput, Stock, StockMove, StockRules, french_quantity, parse_threshold};
pub use set_policy::set_policy;
pub use stocks::{Stocks, unattended};
