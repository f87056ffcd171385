//! Letters to employees: the certificate of employment, an attestation, an amendment, and those of one's own words. They are
//! made of the file as it was on a day, looked at first, then frozen and rendered into a document of the file.

pub mod api;
mod edit_letter_templates;
mod make_letter;
mod model;
pub mod pages;
mod store;

pub use edit_letter_templates::edit_letter_templates;
pub use make_letter::{Composed, compose_letter, make_letter};
pub(crate) use make_letter::{Made, add_letter};
pub(crate) use model::{Asked, Ground, LeaveInformation};
pub use model::{LetterInput, LetterTemplate, LetterTemplates, LetterTemplatesInput, WORDS, What};
