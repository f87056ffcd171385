//! The worker of notifications: something happened, tell whom it concerns; figures changed, tell open pages; the hour of
//! somebody's summary came; somebody was erased or left, forget what names them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event, id::OrganizationId, permission::Module};
use table::Scope;

use crate::{
    notification::rule,
    socket,
    telling::{forget_member, forget_person, send_digest, tell},
};

/// What changed in a batch, told once after it.
type Changed = Mutex<BTreeMap<OrganizationId, (Scope, BTreeSet<Module>)>>;

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let (deps, changed) = (&deps, &Changed::default());
    let response = worker::each(deps, "notifications", event, |scope, envelope| async move {
        act(deps, &scope, envelope.id, &envelope.event).await?;
        let modules = envelope.event.changes();
        if !modules.is_empty() {
            let mut changed = changed.lock().map_err(|_| Error::internal("what changed is not known"))?;
            let of = changed.entry(envelope.organization).or_insert_with(|| (scope.clone(), BTreeSet::new()));
            of.1.extend(modules);
        }
        Ok(())
    })
    .await;
    let changed = std::mem::take(&mut *changed.lock().map_err(|_| Error::internal("what changed is not known"))?);
    for (scope, modules) in changed.values() {
        socket::post_changed(deps, scope, modules).await;
    }
    Ok(response)
}

async fn act(deps: &Deps, scope: &Scope, id: kernel::id::EventId, event: &Event) -> Result<()> {
    match event {
        Event::NotificationDigestDue { user } => send_digest(deps, scope, *user).await,
        Event::ContactErased { contact } => forget_person(scope, &contact.to_string()).await,
        Event::ClientErased { client } => forget_person(scope, &client.to_string()).await,
        Event::MemberLeft { user } => forget_member(scope, *user).await,
        event => match rule::told(event) {
            Some(told) => tell(deps, scope, id, told).await,
            None if !event.changes().is_empty() => Ok(()),
            None => Err(Error::internal(format!("not for this worker: {event:?}"))),
        },
    }
}
