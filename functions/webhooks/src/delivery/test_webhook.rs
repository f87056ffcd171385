//! An event of no consequence, for whoever sets a webhook up.

use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{EventId, WebhookId},
};
use serde_json::json;
use table::Stored;
use web::Asker;

use super::Delivery;
use crate::{public_event::TEST, webhook::store};

pub async fn test_webhook(asker: &Asker, webhook: WebhookId) -> Result<Stored<Delivery>> {
    let scope = &asker.scope;
    let event = scope.new_id(EventId::new);
    scope
        .write(|| async {
            let hook = store::read(scope, webhook).await?;
            if !hook.is_active() {
                return Err(Error::Conflict(Conflict::WebhookPaused));
            }
            let data = [("message".to_owned(), json!("Essai d’ABSERVICE"))].into();
            let one = Delivery::new(webhook, event, TEST, scope.now(), data, scope.now());
            let mut transaction = scope.begin("test_webhook", webhook);
            transaction.create(&one).emit(Event::WebhookDeliveryDue { delivery: one.id });
            Ok((transaction, Stored { value: one.clone(), version: 1 }))
        })
        .await
}
