//! The services that the product uses, those of AWS and the provider of payments by card, as real HTTP servers inside this
//! process.
//!
//! Each listens on its own loopback port, speaks the wire protocol of its service and keeps what it is given in
//! a file, or in memory for a test. Nothing here knows the product: whoever starts an emulator decides what is
//! in it. Beside the HTTP side each has a small Rust side for the host: reading the table's stream, taking
//! messages, looking at the mails.
//!
//! What they refuse, they refuse as the service does (size limits, signatures, redrive). What they cannot do by
//! themselves, fail, they do on demand: see [`Faults`].

pub mod dynamodb;
mod error;
mod faults;
pub mod s3;
mod serve;
pub mod ses;
pub mod sqs;
mod store;
pub mod stripe;

pub use dynamodb::DynamoDb;
pub use error::{Error, Result};
pub use faults::Faults;
pub use s3::S3;
pub use ses::Ses;
pub use sqs::Sqs;
pub use stripe::Stripe;

/// The region that every emulator calls its own. The one that is deployed to, so that nothing is only right here.
pub const REGION: &str = "eu-west-3";
pub const ACCOUNT: &str = "000000000000";
