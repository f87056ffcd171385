//! How a worker takes a batch: each record by itself, so that a bad one hurts nobody else, and only those that
//! failed come back.

use std::future::Future;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use kernel::{Actor, Error, Result, Tenant, event::Envelope};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};
use table::Scope;

use crate::Deps;

/// Runs a worker under Lambda.
pub async fn run<E, R, F, D>(handle: F) -> std::result::Result<(), lambda_runtime::Error>
where
    E: DeserializeOwned,
    R: Serialize,
    F: Fn(Deps, E) -> D,
    D: Future<Output = Result<R>>,
{
    crate::logging();
    let deps = Deps::from_environment().await?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<E>| {
        // Boxed, here and below: the clients' futures are deep, and the compiler counts how deep.
        let done = Box::pin(handle(deps.clone(), event.payload));
        async { done.await.map_err(lambda_runtime::Error::from) }
    }))
    .await
}

/// Gives every envelope of the batch to `act`, in the scope of its tenant, one after the other.
pub async fn each<F, D>(deps: &Deps, worker: &str, event: SqsEvent, act: F) -> SqsBatchResponse
where
    F: Fn(Scope, Envelope) -> D,
    D: Future<Output = Result<()>>,
{
    let mut response = SqsBatchResponse::default();
    for record in event.records {
        if let Err(error) = one(deps, worker, &record, &act).await {
            tracing::warn!(worker, message = record.message_id.as_deref(), %error, detail = detail(&error), "failed");
            response.add_failure(record.message_id.unwrap_or_default());
        }
    }
    response
}

async fn one<F, D>(deps: &Deps, worker: &str, record: &SqsMessage, act: &F) -> Result<()>
where
    F: Fn(Scope, Envelope) -> D,
    D: Future<Output = Result<()>>,
{
    let body = record.body.as_deref().unwrap_or_default();
    let envelope: Envelope = serde_json::from_str(body).map_err(|_| Error::internal("not an envelope of ours"))?;
    let actor = Actor::System { name: worker.into() };
    // Boxed: a use case in a transaction in a batch nests deeper than the compiler lays out.
    Box::pin(act(deps.table.scope(Tenant::proven(envelope.organization, actor)), envelope)).await
}

fn detail(error: &Error) -> &str {
    match error {
        Error::Internal { detail } | Error::Unavailable { detail } => detail,
        _ => "",
    }
}
