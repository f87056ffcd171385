//! Another secret. For a day both sign, so that whoever checks has the time to change theirs.

use kernel::{Result, id::WebhookId};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::Asker;

use super::{NewSecret, Webhook, create_webhook::new_secret, store};

/// The outcome as it is remembered: without the secret.
#[derive(Clone, Serialize, Deserialize)]
struct Rotated {
    webhook: Stored<Webhook>,
    #[serde(skip)]
    secret: Option<String>,
}

/// The secret is absent where a request is answered again.
pub async fn rotate_webhook_secret(asker: &Asker, id: WebhookId) -> Result<(Stored<Webhook>, Option<NewSecret>)> {
    let scope = &asker.scope;
    let (secret, sealed) = new_secret(asker, id).await?;
    let rotated = scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let webhook = read.rotated(sealed.clone(), scope.now());
            let mut transaction = scope.begin("rotate_webhook_secret", id);
            transaction.update(&read, &webhook);
            let webhook = Stored { value: webhook, version: read.version + 1 };
            Ok((transaction, Rotated { webhook, secret: Some(secret.0.clone()) }))
        })
        .await?;
    Ok((rotated.webhook, rotated.secret.map(NewSecret)))
}
