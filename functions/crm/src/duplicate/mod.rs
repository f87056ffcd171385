//! Duplicates: companies or contacts that may be one and the same, by SIREN, e-mail, telephone or name.
//!
//! By what a record is recognised is noted beside it, and found by its value with one query. The worker does that upon
//! `record.changed.v1`, which every act on a company or contact emits, and notes the pairs: an act has no room in its
//! transaction for them, and nobody waits for them. A search through all records does the same for those that were there
//! before, and mends what two workers at once did not see of each other.

pub mod api;
mod check_duplicates;
mod dismiss_duplicate;
mod list_duplicates;
mod model;
mod name;
mod note_record;
pub mod pages;
mod search;
mod store;

pub use check_duplicates::{CheckInput, Possible, check_duplicates};
pub use dismiss_duplicate::{PairInput, dismiss_duplicate};
pub use list_duplicates::list_duplicates;
pub use model::{Duplicate, Duplicates, Identity, Sign, Subject};
pub use note_record::note_record;
pub use search::{Search, run_search, show_search, start_search};
pub(crate) use store::key;
