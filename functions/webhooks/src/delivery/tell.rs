//! One event, told to each webhook that wants it: noted first, then sent at once to all of them side by side. A repetition
//! finds it noted; what nobody sent after that, the clock finds.

use cloud::Deps;
use kernel::{Result, event::Envelope, id::WebhookId};
use table::{Scope, meter};

use super::{Delivery, send_delivery};
use crate::{public_event::Data, webhook::store};

pub async fn tell(deps: &Deps, scope: &Scope, envelope: &Envelope, kind: &str, data: Data) -> Result<()> {
    let webhooks = store::all(scope).await?;
    let wanting = webhooks.iter().filter(|webhook| webhook.wants(kind));
    let telling = wanting.map(|webhook| {
        // Boxed: a use case within one within a batch nests deeper than the compiler lays out.
        Box::pin(tell_webhook(deps, scope, envelope, webhook.id, kind, data.clone()))
    });
    meter::all_at_once(telling).await.into_iter().collect()
}

async fn tell_webhook(
    deps: &Deps,
    scope: &Scope,
    envelope: &Envelope,
    webhook: WebhookId,
    kind: &str,
    data: Data,
) -> Result<()> {
    let one = Delivery::new(webhook, envelope.id, kind, envelope.at, data, scope.now());
    let is_new = scope
        .write(|| async {
            let transaction = scope.begin("tell_webhook", webhook);
            if scope.get::<Delivery>(&scope.keys().webhook_delivery(one.id)).await?.is_some() {
                return Ok((transaction.nothing(), false));
            }
            let mut transaction = transaction.unlogged();
            transaction.create(&one);
            Ok((transaction, true))
        })
        .await?;
    if is_new { send_delivery(deps, scope, one.id).await } else { Ok(()) }
}
