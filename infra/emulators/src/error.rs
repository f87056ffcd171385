//! What can go wrong on the Rust side of an emulator. The HTTP sides answer with the service's own errors.

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the emulator's server cannot run")]
    Io(#[from] std::io::Error),
    #[error("the emulator's file cannot be used")]
    Sqlite(#[from] rusqlite::Error),
    #[error("DynamoDB: {0}")]
    DynamoDb(String),
    #[error("S3: {0}")]
    S3(String),
    #[error("the stored attributes of {0} cannot be read")]
    Stored(String, #[source] serde_json::Error),
    #[error("no such queue: {0}")]
    NoSuchQueue(String),
}
