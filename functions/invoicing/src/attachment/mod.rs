//! Files of the organization's own that go with a quote, an invoice or a credit note (pièces jointes): added to a draft,
//! frozen with the document as it leaves, mailed and shown to its client beside it.
//!
//! They stand in the document itself, so a list and its document cannot disagree: who issues and who adds at this moment
//! write to the same version. Their bytes lie in the bucket, in the folder of the document to which they were added. A
//! version that revises a quote and a corrective invoice keep them, and share the bytes; the invoices of a quote, a copy and
//! what recurs do not: what belongs to one document is not said of another by accident.

mod add_attachment;
pub mod api;
mod draft;
mod keep;
mod model;
pub mod pages;
mod remove_attachment;

pub use add_attachment::add_attachment;
pub use draft::{Attached, discard_files, download, read_attached};
pub use keep::keep_all;
pub use model::{ACCEPT, ATTACHMENT, AttachmentInput, BYTES_TOGETHER_MAX, FILES_MAX, announced, fits_mail};
pub use remove_attachment::remove_attachment;
