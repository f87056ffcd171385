//! The worker of HR: what the clock finds due of people at work.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "hr", event, |_scope, envelope| async move {
        match envelope.event {
            // Nothing is due of anybody's leave yet.
            Event::LeaveAccountDue { .. } => Ok(()),
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
