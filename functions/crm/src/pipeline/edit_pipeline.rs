//! Another name, other stages or another order of them. A stage that holds opportunities is not removed, and means what it
//! meant.

use kernel::{
    Error, Result,
    id::{PipelineId, StageId},
};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::emptied::Counts;
use crate::settings::{self, Pipeline, PipelineInput};

/// And the version of the settings after it.
pub async fn edit_pipeline(
    asker: &Asker,
    id: PipelineId,
    input: &PipelineInput,
    seen: Option<u64>,
) -> Result<(Pipeline, u64)> {
    asker.must_see(None)?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, counts) = side_by_side(settings::SETTINGS.read(scope), Counts::of(scope)).await;
            let (read, counts) = (read?, counts?);
            let current = read.clone().unwrap_or_else(Stored::unwritten);
            let before = current.pipeline(id).ok_or(Error::NotFound)?;
            current.clone().expect_version(seen)?;
            let plan = current.with_pipeline(id, input, || scope.new_id(StageId::new))?;
            let changed = current.with_pipelines(plan);
            let mut transaction = scope.begin("edit_pipeline", id);
            let after = changed.pipeline(id).ok_or(Error::NotFound)?;
            counts.hold(scope, &mut transaction, before, Some(after))?;
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, (after.clone(), current.version + 1)))
        })
        .await
}
