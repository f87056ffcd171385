//! Sending one again, by somebody's wish: with the same id of the event, so that who has it already does nothing.

use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{DeliveryId, WebhookId},
};
use table::Stored;
use web::Asker;

use super::Delivery;
use crate::webhook;

pub async fn replay_delivery(asker: &Asker, webhook: WebhookId, id: DeliveryId) -> Result<Stored<Delivery>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.webhook(webhook), keys.webhook_delivery(id)]).await?;
            let hook = found.first::<webhook::Webhook>()?.ok_or(Error::NotFound)?;
            let read = found.first::<Delivery>()?.filter(|one| one.webhook == webhook).ok_or(Error::NotFound)?;
            if !hook.is_active() {
                return Err(Error::Conflict(Conflict::WebhookPaused));
            }
            let again = read.replayed(scope.now());
            let mut transaction = scope.begin("replay_webhook_delivery", webhook);
            transaction.update(&read, &again).emit(Event::WebhookDeliveryDue { delivery: id });
            Ok((transaction, Stored { value: again, version: read.version + 1 }))
        })
        .await
}
