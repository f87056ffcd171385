//! The single table. The only crate that names DynamoDB.
//!
//! A context reaches the table through a [`Scope`], which only a proven tenant opens; it reads items that it
//! describes with [`Item`], and writes them in one [`Transaction`] that carries the audit entry, the events,
//! the idempotency record and, where money is concerned, the ledger entry with it.

pub mod audit;
mod changes;
mod client;
mod codec;
mod counter;
pub mod erasure;
pub mod exports;
mod first;
pub mod idempotency;
pub mod item;
pub mod keys;
pub mod ledger;
mod mark;
pub mod meter;
pub mod outbox;
mod patch;
mod query;
mod schema;
mod scope;
pub mod sequence;
pub mod shared;
mod single;
mod transaction;
pub mod walk;

pub use client::{Table, failure, http_client, https_client};
pub use first::First;
pub use item::{Audit, Item, Items, Stored};
pub use keys::{Index, Key, List, TenantKeys};
pub use patch::Patch;
pub use scope::Scope;
pub use single::Single;
pub use transaction::{Transaction, WRITES_MAX};

pub use audit::{AuditEntry, AuditLog, Origin};
pub use query::{Due, Order, Sieve};
