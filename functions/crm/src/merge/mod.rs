//! Two records become one: of each field somebody chooses whose value stays, what pointed to the loser points to the winner,
//! and for 30 days they can be two again.
//!
//! The loser goes in the transaction that changes the winner, so that nobody writes to it any more; what points to it
//! follows in chunks, by the worker (`run_merge`, `moves`), each of which notes what it moved. Undoing brings the loser back
//! the same way and takes back what was moved and still points to the winner; what was changed since stays.
//!
//! Documents name their client by its id and are kept as they are, so of two companies only the one without any may go.

pub mod api;
mod fields;
mod forget_merges;
mod list_merges;
mod merge_companies;
mod merge_contacts;
mod merge_records;
mod model;
mod moves;
pub mod pages;
mod run_merge;
mod store;
mod undo_merge;

pub use fields::Field;
pub use forget_merges::{forget_deleted, forget_merges};
pub use list_merges::{list_merges, show_merge};
pub(crate) use merge_records::must_be_settled;
pub use merge_records::{CompanySide, ContactSide, Pair, gone, merge_records, read_pair, survivor};
pub use model::{Copies, FormerPlace, Merge, MergeInput, MergeInto, Merged, Moved, MovedKind, State, Step, Thing};
pub use run_merge::run_merge;
pub use undo_merge::undo_merge;
