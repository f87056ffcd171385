//! A new one, with the secret that signs what it is sent: shown once, and kept sealed.

use kernel::{Error, Result, Rule, Sealed, Violations, id::WebhookId};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::{Asker, credentials::Secret};

use super::{NewSecret, Webhook, WebhookInput, model::WEBHOOKS_MAX, store};

/// The outcome as it is remembered: without the secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct Made {
    pub webhook: Stored<Webhook>,
    #[serde(skip)]
    secret: Option<String>,
}

pub(super) async fn new_secret(asker: &Asker, id: WebhookId) -> Result<(NewSecret, Sealed)> {
    let text = format!("whsec_{}", Secret::one_use().text);
    let purpose = Webhook::purpose(asker.organization.id, id);
    let sealed = asker.deps().vault.seal(&purpose, text.as_bytes()).await?;
    Ok((NewSecret(text), sealed))
}

/// The secret is absent where a request is answered again.
pub async fn create_webhook(asker: &Asker, input: &WebhookInput) -> Result<(Stored<Webhook>, Option<NewSecret>)> {
    let scope = &asker.scope;
    let wanted = input.parse(asker.deps().config.reaches_this_machine)?;
    let id = scope.new_id(WebhookId::new);
    let (secret, sealed) = new_secret(asker, id).await?;
    let webhook = Webhook {
        id,
        url: wanted.url,
        description: wanted.description,
        events: wanted.events,
        paused: wanted.paused,
        secret: sealed,
        former_secret: None,
        created_at: scope.now(),
        failing_since: None,
        disabled_at: None,
    };
    let made = scope
        .write(|| async {
            if store::all(scope).await?.len() >= WEBHOOKS_MAX {
                let mut wrong = Violations::default();
                wrong.add("/url", Rule::TooMany { max: WEBHOOKS_MAX });
                return Err(Error::Invalid(wrong));
            }
            let mut transaction = scope.begin("create_webhook", id);
            transaction.create(&webhook);
            let webhook = Stored { value: webhook.clone(), version: 1 };
            Ok((transaction, Made { webhook, secret: Some(secret.0.clone()) }))
        })
        .await?;
    Ok((made.webhook, made.secret.map(NewSecret)))
}
