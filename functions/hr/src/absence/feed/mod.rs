//! Absences as calendars to which programs subscribe: one's own, with what they are; those of a team or of a colleague, never why.

pub mod api;
mod open;
pub mod pages;

use kernel::Result;
pub use open::show_absences;
use web::Asker;

use super::Who;
use crate::leave::staff;

/// What is offered beside one's own, as it is named and as people call it.
async fn offered(asker: &Asker) -> Result<Vec<(String, String)>> {
    Ok(Who::offered(&staff(&asker.scope, asker.user).await?, asker.today()))
}
