//! The index made anew: after a rule of what is found changed, or when somebody does not trust it. It walks everything that
//! can be found, in chunks, says how far it has come, and goes on from there whenever it is killed; then it looks at what
//! stands in the index for what is gone. The search answers all the while.

pub mod api;
mod model;
pub mod pages;
mod run_rebuild;
mod start_rebuild;

pub use model::Rebuild;
pub use run_rebuild::run_rebuild;
pub use start_rebuild::{show_rebuild, start_everywhere, start_in, start_rebuild};
