//! What this thread logs, kept to be read.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::{Arc, Mutex, Once},
};

#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

thread_local! {
    static KEPT: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// Writes what a thread logs to the log that it keeps, if it keeps one.
struct Kept;

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        KEPT.with_borrow(|kept| {
            if let Some(log) = kept {
                log.0.lock().unwrap().extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Ends the keeping.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        KEPT.set(None);
    }
}

/// As the functions log: `info` and above. Of the whole program and before anything is logged: a subscriber of one
/// thread races with other threads, which may be the first to log at a place and make it silent for all.
pub fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::INFO)
            .with_ansi(false)
            .with_writer(|| Kept)
            .finish();
        tracing::subscriber::set_global_default(subscriber).expect("the first one");
    });
}

pub fn start() -> (Log, Guard) {
    listen();
    let log = Log::default();
    KEPT.set(Some(log.clone()));
    (log, Guard)
}
