//! `/api/v1/notifications/tickets`, and the same for pages.

use http::StatusCode;
use web::{Answer, Asker, Failure};

use super::TicketView;

/// The address at which one hears at once that something is unread.
#[utoipa::path(post, path = "/api/v1/notifications/tickets", tag = "notifications", operation_id = "create_ticket",
    responses((status = 201, body = TicketView)))]
pub async fn create_ticket(asker: Asker) -> Result<Answer<TicketView>, Failure> {
    let body = super::create_ticket(&asker).await?;
    Ok(Answer { status: StatusCode::CREATED, version: None, location: None, body })
}
