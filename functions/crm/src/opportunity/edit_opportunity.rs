//! Changing an opportunity, which may move with it.

use kernel::{Error, Result, id::OpportunityId};
use web::Asker;

use super::{
    Hand, Opportunity, OpportunityInput,
    links::Beside,
    store::{self, Told},
};
use crate::settings;

/// Replaces the opportunity. `seen` is the version that the client filled its form in on.
pub async fn edit_opportunity(
    asker: &Asker,
    id: OpportunityId,
    input: &OpportunityInput,
    seen: Option<u64>,
) -> Result<(Opportunity, u64)> {
    let scope = &asker.scope;
    let key = scope.keys().opportunity(id);
    scope
        .write(|| async {
            let beside = Beside::of(asker, input, Some(key.clone())).await?;
            let current = beside.opportunity(&key)?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            let current = current.expect_version(seen)?;
            let new = input.parse(&beside.settings(), current.currency, Some(&current))?;
            let mut transaction = scope.begin("edit_opportunity", id);
            let (company, contact) = beside.both(asker, Some(&current), &mut transaction)?;
            let assigned_to = asker.reassigned(beside.nominee, current.assigned_to)?;
            let changed = new.upon(&current, company, contact, assigned_to, Hand::of(asker));
            settings::SETTINGS.hold(&mut transaction, beside.settings.as_ref());
            let version = store::change(&mut transaction, &current, &changed, Told::Whole)?;
            Ok((transaction, (changed, version)))
        })
        .await
}
