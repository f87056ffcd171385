//! The worker of notifications: something happened, tell whom it concerns; the hour of somebody's summary came; somebody
//! was erased or left, forget what names them.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{
    notification::rule,
    telling::{forget_member, forget_person, send_digest, tell},
};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "notifications", event, |scope, envelope| async move {
        match &envelope.event {
            Event::NotificationDigestDue { user } => send_digest(deps, &scope, *user).await,
            Event::ContactErased { contact } => forget_person(&scope, &contact.to_string()).await,
            Event::ClientErased { client } => forget_person(&scope, &client.to_string()).await,
            Event::MemberLeft { user } => forget_member(&scope, *user).await,
            event => match rule::told(event) {
                Some(told) => tell(deps, &scope, envelope.id, told).await,
                None => Err(Error::internal(format!("not for this worker: {event:?}"))),
            },
        }
    })
    .await)
}
