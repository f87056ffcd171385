//! Another way of selling.

use kernel::{
    Error, Result,
    id::{PipelineId, StageId},
};
use web::Asker;

use crate::settings::{self, Pipeline, PipelineInput};

/// And the version of the settings after it.
pub async fn create_pipeline(asker: &Asker, input: &PipelineInput, seen: Option<u64>) -> Result<(Pipeline, u64)> {
    asker.must_see(None)?;
    let scope = &asker.scope;
    let id = scope.new_id(PipelineId::new);
    let begin = |scope: &table::Scope, _| scope.begin("create_pipeline", id);
    settings::SETTINGS
        .change(scope, seen, begin, |settings| {
            let plan = settings.with_pipeline(id, input, || scope.new_id(StageId::new))?;
            let changed = settings.with_pipelines(plan);
            let pipeline =
                changed.pipeline(id).cloned().ok_or_else(|| Error::internal("a pipeline that is not there"))?;
            Ok((changed, pipeline))
        })
        .await
}
