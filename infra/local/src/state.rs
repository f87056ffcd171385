//! What the host itself must remember: how far the stream was read, how far the clock was moved, the last runs.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use crate::Result;

pub(crate) struct State(Mutex<Connection>);

impl State {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
             CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        )?;
        Ok(Self(Mutex::new(connection)))
    }

    /// What was put under this name; nothing, too, where an older version put something else there.
    pub(crate) fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found: Option<String> = connection
            .prepare_cached("SELECT value FROM state WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(found.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(crate) fn put<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let text = serde_json::json!(value).to_string();
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection
            .prepare_cached(
                "INSERT INTO state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute([name, &text])?;
        Ok(())
    }
}
