//! Pipelines: how they are set up, and the board on which their opportunities move.

pub mod api;
pub mod board;
mod create_pipeline;
mod delete_pipeline;
mod edit_pipeline;
mod emptied;
pub mod pages;

pub use create_pipeline::create_pipeline;
pub use delete_pipeline::delete_pipeline;
pub use edit_pipeline::edit_pipeline;
