//! `/api/v1/webhooks`

use http::StatusCode;
use jiff::Timestamp;
use kernel::id::WebhookId;
use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{NewSecret, Webhook, WebhookInput};
use crate::delivery::{self, api::DeliveryView};

#[derive(Serialize, utoipa::ToSchema)]
pub struct WebhookView {
    /// `whk_…`
    #[schema(value_type = String)]
    id: WebhookId,
    url: String,
    description: Option<String>,
    /// Names of events.
    events: Vec<String>,
    paused: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when nobody took anything there.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// When it was given up, after five days of failures or a 410; saving it tries again.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
    /// `whsec_…`, shown once: when it is made, and when it is changed. By it requests are signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl WebhookView {
    fn of(webhook: &Webhook, secret: Option<NewSecret>) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url.clone(),
            description: webhook.description.clone(),
            events: webhook.events.iter().cloned().collect(),
            paused: webhook.paused,
            created_at: webhook.created_at,
            failing_since: webhook.failing_since,
            disabled_at: webhook.disabled_at,
            secret: secret.map(|secret| secret.0),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct WebhookList {
    items: Vec<WebhookView>,
}

fn answer(webhook: &Stored<Webhook>) -> Answer<WebhookView> {
    seen(WebhookView::of(webhook, None), webhook.version)
}

/// Where events are sent to; what is sent stands under `webhooks` of this document.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses((status = 200, body = WebhookList)))]
pub async fn list_webhooks(asker: Asker) -> Result<axum::Json<WebhookList>, Failure> {
    let webhooks = super::list_webhooks(&asker).await?;
    Ok(axum::Json(WebhookList { items: webhooks.iter().map(|webhook| WebhookView::of(webhook, None)).collect() }))
}

/// Adds an address, twenty at most. The answer has the secret, once.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "create_webhook",
    request_body = WebhookInput, responses((status = 201, body = WebhookView)))]
pub async fn create_webhook(asker: Asker, Json(input): Json<WebhookInput>) -> Result<Answer<WebhookView>, Failure> {
    let (webhook, secret) = super::create_webhook(&asker, &input).await?;
    let location = format!("/api/v1/webhooks/{}", webhook.id);
    Ok(created(WebhookView::of(&webhook, secret), webhook.version, location))
}

#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "show_webhook",
    params(("id" = String, Path, description = "`whk_…`")), responses((status = 200, body = WebhookView)))]
pub async fn show_webhook(asker: Asker, Id(id): Id<WebhookId>) -> Result<Answer<WebhookView>, Failure> {
    Ok(answer(&super::show_webhook(&asker, id).await?))
}

/// Replaces what it is. One that was given up is tried again.
#[utoipa::path(put, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "edit_webhook",
    params(("id" = String, Path, description = "`whk_…`")),
    request_body = WebhookInput, responses((status = 200, body = WebhookView)))]
pub async fn edit_webhook(
    asker: Asker,
    Id(id): Id<WebhookId>,
    IfMatch(version): IfMatch,
    Json(input): Json<WebhookInput>,
) -> Result<Answer<WebhookView>, Failure> {
    Ok(answer(&super::edit_webhook(&asker, id, &input, version).await?))
}

/// Sends nothing there any more.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "delete_webhook",
    params(("id" = String, Path, description = "`whk_…`")), responses((status = 204)))]
pub async fn delete_webhook(asker: Asker, Id(id): Id<WebhookId>) -> Result<StatusCode, Failure> {
    super::delete_webhook(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another secret, shown once. For 24 hours requests have two signatures, one by each.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks", operation_id = "rotate_webhook_secret",
    params(("id" = String, Path, description = "`whk_…`")), responses((status = 200, body = WebhookView)))]
pub async fn rotate_webhook_secret(asker: Asker, Id(id): Id<WebhookId>) -> Result<Answer<WebhookView>, Failure> {
    let (webhook, secret) = super::rotate_webhook_secret(&asker, id).await?;
    Ok(seen(WebhookView::of(&webhook, secret), webhook.version))
}

/// Sends `webhook.test.v1` there.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("id" = String, Path, description = "`whk_…`")), responses((status = 201, body = DeliveryView)))]
pub async fn test_webhook(asker: Asker, Id(id): Id<WebhookId>) -> Result<Answer<DeliveryView>, Failure> {
    let one = delivery::test_webhook(&asker, id).await?;
    let location = format!("/api/v1/webhooks/{id}/deliveries/{}", one.id);
    Ok(created(DeliveryView::of(&asker, &one), one.version, location))
}
