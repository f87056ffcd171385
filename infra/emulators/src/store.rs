//! The SQLite file (or memory) behind an emulator.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;

use crate::Result;

#[derive(Debug)]
pub(crate) struct Store(Mutex<Connection>);

impl Store {
    pub(crate) fn open(path: Option<&Path>, schema: &str) -> Result<Self> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        // A commit must outlive kill -9, not a power cut: no fsync per commit.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000")?;
        connection.execute_batch(schema)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// A panic of another holder rolled its transaction back, so the connection is fit for use.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
