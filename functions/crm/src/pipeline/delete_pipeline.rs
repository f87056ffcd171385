//! A way of selling that is used no more: only one that holds no opportunity, and never the last.

use kernel::{Error, Result, error::Conflict, id::PipelineId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::emptied::Counts;
use crate::settings::{self, Settings};

pub async fn delete_pipeline(asker: &Asker, id: PipelineId, seen: Option<u64>) -> Result<()> {
    asker.must_see(None)?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, counts) = side_by_side(settings::SETTINGS.read(scope), Counts::of(scope)).await;
            let (read, counts) = (read?, counts?);
            let current = read.clone().unwrap_or_else(Stored::unwritten);
            let before = current.pipeline(id).ok_or(Error::NotFound)?;
            current.clone().expect_version(seen)?;
            if current.pipelines.len() == 1 {
                return Err(Error::Conflict(Conflict::LastPipeline));
            }
            let pipelines = current.pipelines.iter().filter(|pipeline| pipeline.id != id).cloned().collect();
            let changed = Settings { pipelines, ..current.value.clone() };
            let mut transaction = scope.begin("delete_pipeline", id);
            counts.hold(scope, &mut transaction, before, None)?;
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, ()))
        })
        .await
}
