//! From what is frozen, or would be, to pages.

use cloud::fetch_logo;
use documents::{Mark, RenderError};
use kernel::{Error, Result, document::Snapshot};
use web::{
    Asker,
    drawing::{PAGES_MAX, PER_CENT, Pages, drawn},
};

/// A draft, as it will look; none where that takes too long.
pub async fn draft(asker: &Asker, snapshot: Snapshot) -> Result<Option<Pages>> {
    let drawn = drawing(asker, snapshot, |snapshot, logo| {
        documents::preview(snapshot, logo, Some(Mark::Draft), PER_CENT, PAGES_MAX)
    });
    Ok(drawn.await?.map(|(pictures, count)| Pages::fitting(pictures, count)))
}

/// The PDF of a copy, marked as one.
pub async fn copy(asker: &Asker, snapshot: Snapshot) -> Result<Vec<u8>> {
    let drawn = drawing(asker, snapshot, |snapshot, logo| documents::render_marked(snapshot, logo, Mark::Copy)).await?;
    drawn.ok_or_else(|| Error::unavailable("rendering took too long"))
}

async fn drawing<T: Send + 'static>(
    asker: &Asker,
    snapshot: Snapshot,
    draw: impl FnOnce(&Snapshot, Option<&[u8]>) -> Result<T, RenderError> + Send + 'static,
) -> Result<Option<T>> {
    let logo = fetch_logo(&asker.deps().files, asker.organization.id, snapshot.brand.logo.as_ref()).await?;
    drawn(move || draw(&snapshot, logo.as_deref())).await
}
