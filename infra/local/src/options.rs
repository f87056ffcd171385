//! How a system is started.

use std::{path::PathBuf, time::Duration};

use kernel::Clock;

#[derive(Clone, Debug)]
pub enum Where {
    Memory,
    /// In this folder; emptied first if `fresh`.
    Folder {
        path: PathBuf,
        fresh: bool,
    },
}

#[derive(Clone, Debug)]
pub struct Options {
    pub data: Where,
    /// Another is taken when this one is in use; 0 for any.
    pub port: u16,
    /// Whether the demo company is created at the start.
    pub demo: bool,
    /// E-mail addresses of who administers the platform.
    pub platform_admins: Vec<String>,
    pub clock: Clock,
    /// Whether webhooks may lead to this machine: for tests alone.
    pub reaches_this_machine: bool,
    /// How long a failed message or batch waits before its second try; it doubles from try to try.
    pub retry_after: Duration,
    /// How often the schedule ticks, in real time. It also ticks at the start and when the clock is moved.
    pub tick_every: Duration,
}

impl Options {
    /// For a test: nothing is kept, any port, and whoever fails is asked again at once.
    pub fn memory() -> Self {
        Self {
            data: Where::Memory,
            port: 0,
            demo: false,
            platform_admins: Vec::new(),
            clock: Clock::system(),
            reaches_this_machine: false,
            retry_after: Duration::from_millis(20),
            tick_every: Duration::from_secs(60),
        }
    }

    /// For a person, with everything in a folder.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self {
            data: Where::Folder { path: path.into(), fresh: false },
            port: 8787,
            retry_after: Duration::from_secs(2),
            ..Self::memory()
        }
    }

    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }
}
