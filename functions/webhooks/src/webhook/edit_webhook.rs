//! Changing one. Whoever saves one that was given up wants it tried again.

use kernel::{Result, id::WebhookId};
use table::Stored;
use web::Asker;

use super::{Webhook, WebhookInput, store};

pub async fn edit_webhook(
    asker: &Asker,
    id: WebhookId,
    input: &WebhookInput,
    seen: Option<u64>,
) -> Result<Stored<Webhook>> {
    let scope = &asker.scope;
    let wanted = input.parse(asker.deps().config.reaches_this_machine)?;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let webhook = Webhook {
                url: wanted.url.clone(),
                description: wanted.description.clone(),
                events: wanted.events.clone(),
                paused: wanted.paused,
                failing_since: None,
                disabled_at: None,
                ..read.value.clone()
            };
            let mut transaction = scope.begin("edit_webhook", id);
            transaction.update(&read, &webhook);
            Ok((transaction, Stored { value: webhook, version: read.version + 1 }))
        })
        .await
}
