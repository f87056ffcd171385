//! One try: claimed, so that no other tries at the same time; sent, with no transaction open; noted, with what it means for
//! the webhook.

use cloud::{Answered, Deps, ExposeSecret, Unanswered};
use jiff::Timestamp;
use kernel::{
    Error, Result,
    event::{About, Event},
    id::{DeliveryId, OrganizationId},
};
use table::{Scope, Stored};

use super::{Attempt, Delivery, Failure, SIGNATURE, signature};
use crate::webhook::Webhook;

/// Nothing where it is not due, or not there any more.
pub async fn send_delivery(deps: &Deps, scope: &Scope, id: DeliveryId) -> Result<()> {
    let Some((delivery, webhook)) = claim(scope, id).await? else { return Ok(()) };
    let organization = scope.tenant().organization();
    let (attempt, answer) = attempt(deps, organization, &webhook, &delivery, scope.now()).await?;
    note(scope, &delivery, &attempt, answer).await
}

async fn claim(scope: &Scope, id: DeliveryId) -> Result<Option<(Delivery, Webhook)>> {
    scope
        .write(|| async {
            let transaction = scope.begin("send_webhook_delivery", id);
            let read = scope.get::<Delivery>(&scope.keys().webhook_delivery(id)).await?;
            let Some(read) = read.filter(|one| one.is_due(scope.now())) else {
                return Ok((transaction.nothing(), None));
            };
            let webhook = scope.get::<Webhook>(&scope.keys().webhook(read.webhook)).await?;
            let mut transaction = transaction.unlogged();
            let Some(webhook) = webhook.filter(|webhook| webhook.is_active()) else {
                transaction.update(&read, &read.given_up());
                return Ok((transaction, None));
            };
            let Some(claimed) = read.claimed(scope.now()) else {
                transaction.update(&read, &read.given_up());
                return Ok((transaction, None));
            };
            transaction.update(&read, &claimed);
            Ok((transaction, Some((claimed, webhook.value))))
        })
        .await
}

async fn attempt(
    deps: &Deps,
    organization: OrganizationId,
    webhook: &Webhook,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<(Attempt, Option<String>)> {
    let body = serde_json::to_string(&delivery.public(organization)).map_err(Error::internal)?;
    let purpose = Webhook::purpose(organization, webhook.id);
    let mut secrets = Vec::new();
    for sealed in webhook.signing(now) {
        secrets.push(deps.vault.open(&purpose, sealed).await?);
    }
    let signature = signature(secrets.iter().map(|secret| secret.expose_secret()), now.as_second(), &body)?;
    let headers = [
        (SIGNATURE, signature),
        ("abservice-event", delivery.event.to_string()),
        ("abservice-delivery", delivery.id.to_string()),
        ("user-agent", "ABSERVICE-Webhooks/1".to_owned()),
    ];
    let (answered, took) = deps.outbound.post(&webhook.url, &headers, &body).await?;
    let ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
    Ok(match answered {
        Ok(Answered { status, text }) => {
            let failure = (!(200..300).contains(&status)).then_some(Failure::Refused);
            (Attempt { at: now, status: Some(status), ms, failure }, Some(text).filter(|text| !text.is_empty()))
        }
        Err(unanswered) => {
            let failure = match unanswered {
                Unanswered::NotPublic => Failure::NotPublic,
                Unanswered::Unreachable => Failure::Unreachable,
                Unanswered::TooSlow => Failure::TooSlow,
            };
            (Attempt { at: now, status: None, ms, failure: Some(failure) }, None)
        }
    })
}

/// What another try said meanwhile, after the lease of this one was over, stays.
async fn note(scope: &Scope, tried: &Delivery, attempt: &Attempt, answer: Option<String>) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let (delivery, webhook) = (keys.webhook_delivery(tried.id), keys.webhook(tried.webhook));
            let found = scope.get_many(&[delivery.clone(), webhook.clone()]).await?;
            let transaction = scope.begin("note_webhook_delivery", tried.id);
            let read: Option<Stored<Delivery>> = found.get(&delivery)?;
            let Some(read) = read.filter(|one| one.is_trying(tried.tries)) else {
                return Ok((transaction.nothing(), ()));
            };
            let mut transaction = transaction.unlogged();
            transaction.update(&read, &read.tried(attempt.clone(), answer.clone()));
            if let Some(webhook) = found.get::<Webhook>(&webhook)? {
                let noted = webhook.noting(attempt.is_taken(), attempt.is_gone(), attempt.at);
                if let Some(after) = &noted.webhook {
                    transaction.update(&webhook, after);
                }
                if noted.is_disabled {
                    let about = About { label: Some(webhook.label()), ..About::default() };
                    transaction.emit(Event::WebhookDisabled { webhook: webhook.id, about });
                }
            }
            Ok((transaction, ()))
        })
        .await
}
