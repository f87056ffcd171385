//! Those that there are.

use kernel::{Result, id::WebhookId};
use table::Stored;
use web::Asker;

use super::{Webhook, store};

pub async fn list_webhooks(asker: &Asker) -> Result<Vec<Stored<Webhook>>> {
    store::all(&asker.scope).await
}

pub async fn show_webhook(asker: &Asker, id: WebhookId) -> Result<Stored<Webhook>> {
    store::read(&asker.scope, id).await
}
