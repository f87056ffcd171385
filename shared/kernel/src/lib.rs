//! What every context shares and nothing outside the process: ids, money, dates, permissions,
//! events, errors. Pure: no I/O, no async, no clock of its own.

pub mod clock;
pub mod color;
pub mod country;
pub mod document;
pub mod einvoice;
pub mod error;
pub mod event;
pub mod expense;
pub mod export;
pub mod holiday;
pub mod id;
pub mod late;
pub mod legal;
pub mod letter;
pub mod mail;
pub mod money;
pub mod network;
pub mod page;
pub mod permission;
pub mod pricing;
pub mod purchase;
pub mod reference;
pub mod rhythm;
pub mod sealed;
pub mod search;
pub mod sepa;
pub mod staff_letter;
pub mod tag;
pub mod target;
pub mod tenant;
pub mod terms;
pub mod text;
pub mod vat;
pub mod violation;

pub use clock::Clock;
pub use color::Color;
pub use error::{Error, Result};
pub use money::{Currency, Minor};
pub use permission::Permission;
pub use sealed::Sealed;
pub use tenant::{Actor, Tenant};
pub use violation::{Rule, Violation, Violations};
