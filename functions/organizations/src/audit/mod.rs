//! The audit log as people and programs read it: who did what, when, from where, and what changed. Every context
//! writes it; here it is shown, searched and exported.

pub mod acts;
pub mod api;
pub mod dictionary;
mod export;
mod filter;
mod list_entries;
pub mod pages;
pub mod widget;
mod words;

pub use export::export_entries;
pub use filter::Filter;
pub use list_entries::list_entries;
