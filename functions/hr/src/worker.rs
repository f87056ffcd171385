//! The worker of HR: what the clock finds due of people at work, and what follows from an act.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::leave;

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let site = deps.config.public_url.as_str();
    Ok(worker::each(&deps, "hr", event, |scope, envelope| async move {
        match envelope.event {
            Event::LeaveAccountDue { employee } => leave::look_at_leave(&scope, site, employee).await,
            Event::LeaveRequested { employee, request } => leave::tell_approver(&scope, site, employee, request).await,
            Event::LeaveInformed { employee, leave_type, year } => {
                leave::tell_informed(&scope, site, employee, leave_type, year).await
            }
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
