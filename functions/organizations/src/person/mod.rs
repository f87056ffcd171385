//! All that there is on one person, as one zip (RGPD art. 15 and 20): asked for where the person is known (CRM, accounts),
//! written by the worker. What belongs to whom, each kind of item says (`crate::kinds`).

mod forget_exports;
mod gather;
mod readme;
mod write_person_export;

pub use forget_exports::forget_exports;
pub use write_person_export::write_person_export;
