//! The worker of accounting: what of invoicing takes long, or signs.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{accounting, ledger};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "accounting", event, |scope, envelope| async move {
        match envelope.event {
            Event::LedgerDue {} => ledger::close_periods(deps, &scope).await,
            Event::JobRequested { job } => accounting::run_job(deps, &scope, job).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
