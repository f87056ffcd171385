//! The worker of the CRM: somebody was erased, and the audit log still tells of them.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{
    Error, Result,
    event::{Event, Person},
};

use crate::contact;

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    Ok(worker::each(&deps, "crm", event, |scope, envelope| async move {
        match envelope.event {
            Event::ContactErased { contact } => contact::redact_log(&scope, Person::Contact(contact)).await,
            Event::ClientErased { client } => contact::redact_log(&scope, Person::Client(client)).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
