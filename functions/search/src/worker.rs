//! The worker of the search: an item changed, see what the index has of it; the index is to be made anew.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{document, rebuild};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    Ok(worker::each(&deps, "search", event, |scope, envelope| async move {
        match &envelope.event {
            Event::ItemChanged { item } => document::index_named(&scope, item).await,
            Event::SearchRebuildRequested {} => rebuild::run_rebuild(&scope).await,
            event => Err(Error::internal(format!("not for this worker: {event:?}"))),
        }
    })
    .await)
}
