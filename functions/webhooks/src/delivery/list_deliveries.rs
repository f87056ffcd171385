//! What was sent to one webhook, the newest first.

use kernel::{
    Result,
    id::{DeliveryId, WebhookId},
    page::{Page, PageRequest},
};
use table::{Order, Stored, meter::side_by_side};
use web::Asker;

use super::{Delivery, store};
use crate::webhook::{self, Webhook};

pub async fn list_deliveries(
    asker: &Asker,
    webhook: WebhookId,
    page: &PageRequest,
) -> Result<(Stored<Webhook>, Page<Stored<Delivery>>)> {
    let (scope, list) = (&asker.scope, asker.scope.keys().deliveries_of(webhook));
    let reading = scope.list::<Delivery>(&list, page, Order::Descending);
    let (hook, found) = side_by_side(webhook::store::read(scope, webhook), reading).await;
    Ok((hook?, found?))
}

pub async fn show_delivery(asker: &Asker, webhook: WebhookId, id: DeliveryId) -> Result<Stored<Delivery>> {
    store::read(&asker.scope, webhook, id).await
}
