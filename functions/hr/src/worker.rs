//! The worker of HR: what the clock finds due of people at work, and what follows from an act.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{expense, leave, paper, retention};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    let site = deps.config.public_url.as_str();
    Ok(worker::each(deps, "hr", event, |scope, envelope| async move {
        match envelope.event {
            Event::LeaveAccountDue { employee } => leave::look_at_leave(&scope, site, employee).await,
            Event::LeaveRequested { employee, request } => leave::tell_approver(&scope, site, employee, request).await,
            Event::LeaveInformed { employee, leave_type, year } => {
                leave::tell_informed(&scope, site, employee, leave_type, year).await
            }
            Event::LeaveRecountRequested { after } => leave::recount_leave(&scope, after).await,
            Event::PapersDue { employee } => paper::alert_papers(&scope, employee).await,
            Event::ReceiptsDeleted { report, upload } => expense::forget_receipts(deps, &scope, report, upload).await,
            Event::EmployeeErased { employee } => retention::forget_employee(&scope, employee).await,
            Event::PaperDeleted { paper } => paper::forget_versions(deps, &scope, paper).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
