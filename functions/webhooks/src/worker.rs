//! The worker of webhooks: something happened, tell the programs that asked for it; what they did not take is due again.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{delivery, public_event};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "webhooks", event, |scope, envelope| async move {
        match &envelope.event {
            Event::WebhookDeliveryDue { delivery } => delivery::send_delivery(deps, &scope, *delivery).await,
            event => match public_event::told(event) {
                Some((kind, data)) => delivery::tell(deps, &scope, &envelope, kind, data).await,
                None => Err(Error::internal(format!("not for this worker: {event:?}"))),
            },
        }
    })
    .await)
}
