//! A reading that was made before an act, side by side with something else. It is good for the act's first attempt;
//! a further one reads afresh.

use std::{future::Future, sync::Mutex};

use kernel::Result;

#[derive(Debug)]
pub struct First<T>(Mutex<Option<T>>);

impl<T> First<T> {
    pub const fn reading(read: T) -> Self {
        Self(Mutex::new(Some(read)))
    }

    pub async fn or<F: Future<Output = Result<T>>>(&self, again: impl FnOnce() -> F) -> Result<T> {
        let first = self.0.lock().ok().and_then(|mut first| first.take());
        match first {
            Some(read) => Ok(read),
            None => again().await,
        }
    }
}
