//! The whole system in one process: what API Gateway, the event source mappings, EventBridge and the scheduler
//! do in AWS, around the same functions and the emulated services.
//!
//! - [`gateway`]: an HTTP request becomes the event that API Gateway would make of it, goes through Lambda's own
//!   adapter to the function that the route table names, and comes back.
//! - `pumps`: the table's stream to the relay, each queue to its worker, SES events to the mailer, the schedule
//!   to the clock function. At least once, with retries, partial batches and dead letters, across kill -9.
//! - `operator`: `/_local/`, where a person moves the clock, reads the mail and looks at the queues.
//!
//! Functions meet the host as JSON in and JSON out, as in Lambda: see [`Functions`].

mod activity;
mod data;
pub mod demo;
mod error;
mod functions;
pub mod gateway;
mod host;
mod operator;
mod options;
mod product;
mod pumps;
pub mod rebuild;
pub mod reindex;
mod state;
mod system;
pub mod verify;

pub use error::{Error, Result};
pub use functions::{Functions, QueueWorker, Worker, worker};
pub use options::{Options, Where};
pub use product::product;
pub use system::System;
