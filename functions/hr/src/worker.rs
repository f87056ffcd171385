//! The worker of HR: what the clock finds due of people at work.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{expense, paper, retention};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "hr", event, |scope, envelope| async move {
        match envelope.event {
            // Nothing is due of anybody's leave yet.
            Event::LeaveAccountDue { .. } => Ok(()),
            Event::PapersDue { employee } => paper::alert_papers(&scope, employee).await,
            Event::ReceiptsDeleted { report, upload } => expense::forget_receipts(deps, &scope, report, upload).await,
            Event::EmployeeErased { employee } => retention::forget_employee(&scope, employee).await,
            Event::PaperDeleted { paper } => paper::forget_versions(deps, &scope, paper).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
