//! The worker of organizations: what takes longer than a request may. Exports, what is left to do once an organization is
//! deleted, and the exports of somebody who was erased.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{
    Error, Result,
    event::{Event, Person},
};

use crate::{export, person, platform};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "organizations", event, |scope, envelope| async move {
        match envelope.event {
            Event::ExportRequested { export } => export::write_export(deps, &scope, export).await,
            Event::PersonExportRequested { of, export } => person::write_person_export(deps, &scope, of, export).await,
            Event::ContactErased { contact } => person::forget_exports(deps, &scope, Person::Contact(contact)).await,
            Event::ClientErased { client } => person::forget_exports(deps, &scope, Person::Client(client)).await,
            Event::OrganizationDeleted {} => platform::erase_organization(deps, &scope).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
