//! Erasing several contacts at once: each is an act of its own, as if it alone were erased.

use kernel::{Error, Result};
use table::{idempotency::Idempotency, meter};
use web::Asker;

use super::Selection;
use crate::contact;

/// How many of the chosen are erased now. Who is not due any more stays, and so does who is not there for these eyes.
/// Done twice, it changes nothing more and says the same: an act per contact leaves no room for one record of all.
pub async fn erase_due_contacts(asker: &Asker, selection: &Selection) -> Result<usize> {
    let chosen = selection.parse()?;
    let today = asker.organization.day(asker.scope.now());
    let asker = &Asker { scope: asker.scope.clone().with_idempotency(Idempotency::None), ..asker.clone() };
    let erasing = chosen.into_iter().map(|id| {
        contact::erase(asker, id, move |retention| retention.is_some_and(|retention| retention.is_due(today)))
    });
    let mut erased = 0;
    for done in meter::all_at_once(erasing).await {
        match done {
            Ok(done) => erased += usize::from(done.is_some()),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(erased)
}
