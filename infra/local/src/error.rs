//! Why the system does not start, or does not come to rest.

use std::path::PathBuf;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("an emulated service failed")]
    Emulator(#[from] emulators::Error),
    #[error("the table could not be made")]
    Table(#[source] kernel::Error),
    #[error("a file could not be put into the bucket")]
    Bucket(#[source] kernel::Error),
    #[error("input or output failed")]
    Io(#[from] std::io::Error),
    #[error("the host's own state cannot be used")]
    State(#[from] rusqlite::Error),
    #[error("{0} is not a data folder of ABSERVICE; it is left alone")]
    NotOurs(PathBuf),
    #[error("{0} is in use by another process")]
    InUse(PathBuf),
    #[error("{0} does not hold the key of the vault; without it the secrets in this folder stay sealed")]
    VaultKey(PathBuf),
    #[error("the demo company could not be created: {0}")]
    Demo(String),
    #[error("work is left: {0}")]
    NotIdle(String),
}
