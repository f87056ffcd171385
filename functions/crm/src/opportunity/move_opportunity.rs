//! Moving an opportunity to another stage: one conditional write. Of two people who move the same one, the second is told
//! so.

use kernel::{Error, Result, id::OpportunityId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{
    Hand, MoveInput, Opportunity,
    store::{self, Told},
};
use crate::settings;

/// `seen` is the version that who moves it saw. It must be that still, or else the stage that they saw it at, where they
/// say so: what else of it changed meanwhile contradicts no move. Where it is there already, nothing is done.
pub async fn move_opportunity(
    asker: &Asker,
    id: OpportunityId,
    input: &MoveInput,
    seen: Option<u64>,
) -> Result<(Opportunity, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (current, settings) = side_by_side(store::read(scope, id), settings::SETTINGS.read(scope)).await;
            let (current, settings) = (current?, settings?);
            asker.must_see(current.assigned_to)?;
            let is_seen = match seen {
                Some(seen) => seen == current.version || input.saw(current.stage),
                None => input.from.is_empty() || input.saw(current.stage),
            };
            if !is_seen {
                return Err(Error::Stale);
            }
            let set = settings.clone().unwrap_or_else(Stored::unwritten);
            let (pipeline, stage, reason) = input.parse(&set)?;
            let changed = current.moved((pipeline.id, stage), reason, Hand::of(asker));
            let mut transaction = scope.begin("move_opportunity", id);
            if changed == current.value {
                return Ok((transaction.nothing(), (changed, current.version)));
            }
            settings::SETTINGS.hold(&mut transaction, settings.as_ref());
            let version = store::change(&mut transaction, &current, &changed, Told::Whole)?;
            Ok((transaction, (changed, version)))
        })
        .await
}
