//! Keeping several contacts for the same reason: each is an act of its own.

use kernel::{Error, Result};
use table::{idempotency::Idempotency, meter};
use web::Asker;

use super::Selection;
use crate::contact::{self, KeepInput};

/// How many of the chosen are kept now. Done twice, it changes nothing more.
pub async fn keep_contacts(asker: &Asker, selection: &Selection) -> Result<usize> {
    let (chosen, input) = (selection.parse()?, KeepInput { reason: selection.reason.clone() });
    input.parse()?;
    let asker = &Asker { scope: asker.scope.clone().with_idempotency(Idempotency::None), ..asker.clone() };
    let mut kept = 0;
    for done in meter::all_at_once(chosen.into_iter().map(|id| contact::keep_contact(asker, id, &input))).await {
        match done {
            Ok(_) => kept += 1,
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(kept)
}
