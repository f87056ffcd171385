//! From what is frozen, or would be, to pages.

use std::time::Duration;

use cloud::fetch_logo;
use documents::{Mark, RenderError};
use kernel::{Error, Result, document::Snapshot};
use tokio::sync::Semaphore;
use web::Asker;

/// How many pages are shown; of more it is said how many there are.
const PAGES_MAX: usize = 4;
/// 993 pixels wide: sharp where it is shown half as wide on a fine screen, and on a telephone.
const PER_CENT: u16 = 125;
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

/// A draft, as it will look; none where that takes too long.
pub async fn draft(asker: &Asker, snapshot: Snapshot) -> Result<Option<Pages>> {
    let drawn = drawing(asker, snapshot, |snapshot, logo| {
        documents::preview(snapshot, logo, Some(Mark::Draft), PER_CENT, PAGES_MAX)
    });
    Ok(drawn.await?.map(|(mut pictures, count)| {
        let mut bytes = 0;
        let fitting = pictures.iter().take_while(|picture| {
            bytes += picture.len();
            bytes <= BYTES_MAX
        });
        pictures.truncate(fitting.count());
        Pages { pictures, count }
    }))
}

/// The PDF of a copy, marked as one.
pub async fn copy(asker: &Asker, snapshot: Snapshot) -> Result<Vec<u8>> {
    let drawn = drawing(asker, snapshot, |snapshot, logo| documents::render_marked(snapshot, logo, Mark::Copy)).await?;
    drawn.ok_or_else(|| Error::unavailable("rendering took too long"))
}

/// Off the threads that wait for answers. What is given up keeps its desk until it is done: nothing stops it.
async fn drawing<T: Send + 'static>(
    asker: &Asker,
    snapshot: Snapshot,
    draw: impl FnOnce(&Snapshot, Option<&[u8]>) -> Result<T, RenderError> + Send + 'static,
) -> Result<Option<T>> {
    let logo = fetch_logo(&asker.deps().files, asker.organization.id, snapshot.brand.logo.as_ref()).await?;
    let drawn = tokio::time::timeout(WAIT_MAX, async {
        let desk = DESKS.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let drawn = draw(&snapshot, logo.as_deref());
            drop(desk);
            drawn
        })
        .await
        .map_err(|_| Error::internal("the renderer panicked"))?
        .map_err(Error::internal)
    });
    drawn.await.ok().transpose()
}
