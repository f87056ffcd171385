//! A stage that goes, or means something else from now on, holds no opportunity, and gets none while it goes.

use kernel::{Result, Rule, Violations, id::StageId};
use table::{Scope, Stored, Transaction};

use crate::{
    opportunity::figures::StageCount,
    settings::{Pipeline, Stage},
};

/// How many opportunities are at each stage, as an act read it.
pub struct Counts(Vec<Stored<StageCount>>);

impl Counts {
    /// One query, whatever their number: stages that were removed left an item each.
    pub async fn of(scope: &Scope) -> Result<Self> {
        Ok(Self(scope.collection(&scope.keys().stage_counts()).await?.all()?))
    }

    fn at(&self, stage: StageId) -> Option<&Stored<StageCount>> {
        self.0.iter().find(|count| count.stage == stage)
    }

    /// Refuses to change what is not empty; what is, must still be when the act is written. `after` is what the pipeline
    /// will be; none for one that goes.
    pub fn hold(
        &self,
        scope: &Scope,
        transaction: &mut Transaction,
        before: &Pipeline,
        after: Option<&Pipeline>,
    ) -> Result<()> {
        let mut wrong = Violations::default();
        for stage in changed(before, after) {
            let (key, read) = (scope.keys().stage_count(stage.id), self.at(stage.id));
            let count = read.map_or(0, |read| read.count).unsigned_abs();
            if count != 0 {
                wrong.add("/stages", Rule::StageInUse { stage: stage.name.clone(), count });
            }
            match read {
                Some(read) => transaction.check(&key, read.version),
                None => transaction.check_absent(&key),
            };
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
    }
}

/// The stages of `before` that `after` has no more, or that mean something else there.
fn changed<'a>(before: &'a Pipeline, after: Option<&Pipeline>) -> Vec<&'a Stage> {
    let is_kept =
        |stage: &Stage| after.and_then(|after| after.stage(stage.id)).is_some_and(|kept| kept.outcome == stage.outcome);
    before.stages.iter().filter(|stage| !is_kept(stage)).collect()
}
