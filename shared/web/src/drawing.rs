//! Pages that are drawn while somebody waits for them, within the limits of one process: few at once, and not for ever. What draws
//! is given, so that nobody who does not draw carries a renderer.

use std::{error::Error as Cause, time::Duration};

use kernel::{Error, Result};
use tokio::sync::Semaphore;

/// How many pages are shown; of more it is said how many there are.
pub const PAGES_MAX: usize = 4;
/// 993 pixels wide: sharp where it is shown half as wide on a fine screen, and on a telephone.
pub const PER_CENT: u16 = 125;
/// Of all pictures together: what a function answers has at most 6 MB, and base64 takes a third more.
const BYTES_MAX: usize = 3 * 1024 * 1024;
/// 500 lines take a second; who waits longer is told.
const WAIT_MAX: Duration = Duration::from_secs(8);
/// How many are drawn at once in one process, however many type.
const AT_ONCE: usize = 2;

static DESKS: Semaphore = Semaphore::const_new(AT_ONCE);

/// The first pages as PNG, and how many there are.
pub struct Pages {
    pub pictures: Vec<Vec<u8>>,
    pub count: usize,
}

impl Pages {
    /// As many of them as an answer holds.
    pub fn fitting(mut pictures: Vec<Vec<u8>>, count: usize) -> Self {
        let mut bytes = 0;
        let fitting = pictures.iter().take_while(|picture| {
            bytes += picture.len();
            bytes <= BYTES_MAX
        });
        pictures.truncate(fitting.count());
        Self { pictures, count }
    }

    /// What is not shown, in a sentence.
    pub fn note(&self) -> String {
        match self.pictures.len() {
            shown if shown == self.count => String::new(),
            1 => format!("Première page sur {}.", self.count),
            shown => format!("Les {shown} premières pages sur {}.", self.count),
        }
    }
}

/// Draws off the threads that wait for answers; none where that takes too long. What is given up keeps its desk until it is done:
/// nothing stops it.
pub async fn drawn<T, E>(draw: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<Option<T>>
where
    T: Send + 'static,
    E: Cause + Send + Sync + 'static,
{
    let drawn = tokio::time::timeout(WAIT_MAX, async {
        let desk = DESKS.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let drawn = draw();
            drop(desk);
            drawn
        })
        .await
        .map_err(|_| Error::internal("the renderer panicked"))?
        .map_err(Error::internal)
    });
    drawn.await.ok().transpose()
}
