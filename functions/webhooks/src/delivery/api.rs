//! `/api/v1/webhooks/{id}/deliveries`

use jiff::Timestamp;
use kernel::id::{DeliveryId, WebhookId};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, Ids, Pagination, seen};

use super::{Attempt, Delivery, State};
use crate::public_event::PublicEvent;

#[derive(Serialize, utoipa::ToSchema)]
pub struct DeliveryView {
    /// `dlv_…`
    #[schema(value_type = String)]
    id: DeliveryId,
    /// What is sent.
    event: PublicEvent,
    state: State,
    /// When it is tried again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// The last twenty, the oldest first.
    attempts: Vec<Attempt>,
    /// The first kilobyte of the last answer.
    answer: Option<String>,
}

impl DeliveryView {
    pub fn of(asker: &Asker, one: &Delivery) -> Self {
        Self {
            id: one.id,
            event: one.public(asker.organization.id),
            state: one.state,
            next_at: one.next_at,
            attempts: one.attempts.clone(),
            answer: one.answer.clone(),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DeliveryList {
    items: Vec<DeliveryView>,
    /// For `?cursor=`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What was sent there in the last thirty days, the newest first.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_deliveries",
    params(("id" = String, Path, description = "`whk_…`"), ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = DeliveryList)))]
pub async fn list_deliveries(
    asker: Asker,
    Id(id): Id<WebhookId>,
    Pagination(page): Pagination,
) -> Result<axum::Json<DeliveryList>, Failure> {
    let (_, found) = super::list_deliveries(&asker, id, &page).await?;
    Ok(axum::Json(DeliveryList {
        items: found.items.iter().map(|one| DeliveryView::of(&asker, one)).collect(),
        next_cursor: found.next_cursor,
    }))
}

#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries/{delivery}", tag = "webhooks", operation_id = "show_delivery",
    params(("id" = String, Path, description = "`whk_…`"), ("delivery" = String, Path, description = "`dlv_…`")),
    responses((status = 200, body = DeliveryView)))]
pub async fn show_delivery(
    asker: Asker,
    Ids((id, delivery)): Ids<WebhookId, DeliveryId>,
) -> Result<Answer<DeliveryView>, Failure> {
    let one = super::show_delivery(&asker, id, delivery).await?;
    Ok(seen(DeliveryView::of(&asker, &one), one.version))
}

/// Sends it again, at once and then as often as a new one, with the same id of the event.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks",
    operation_id = "replay_delivery",
    params(("id" = String, Path, description = "`whk_…`"), ("delivery" = String, Path, description = "`dlv_…`")),
    responses((status = 200, body = DeliveryView)))]
pub async fn replay_delivery(
    asker: Asker,
    Ids((id, delivery)): Ids<WebhookId, DeliveryId>,
) -> Result<Answer<DeliveryView>, Failure> {
    let one = super::replay_delivery(&asker, id, delivery).await?;
    Ok(seen(DeliveryView::of(&asker, &one), one.version))
}
