//! `/api/v1/calendar-feeds`

use http::StatusCode;
use kernel::id::FeedId;
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, Json, created};

use super::{CalendarFeed, CreatedFeed, FeedInput, model::Shows};

#[derive(Serialize, utoipa::ToSchema)]
pub struct FeedView {
    /// `fee_…`
    #[schema(value_type = String)]
    id: FeedId,
    name: String,
    shows: Shows,
    /// Where a program finds the calendar: told once, with the answer that drew it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    /// As of some minutes; absent where nobody used the link.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<jiff::Timestamp>,
}

impl FeedView {
    fn of(feed: &CalendarFeed, url: Option<String>) -> Self {
        let CalendarFeed { id, shows, created_at, last_seen_at, .. } = *feed;
        Self { id, name: feed.name.clone(), shows, url, created_at, last_seen_at }
    }

    fn created(created: CreatedFeed) -> Self {
        Self::of(&created.feed, created.url)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FeedList {
    items: Vec<FeedView>,
}

/// One's own calendar links, without their secret.
#[utoipa::path(get, path = "/api/v1/calendar-feeds", tag = "crm", operation_id = "list_calendar_feeds",
    responses((status = 200, body = FeedList)))]
pub async fn list_calendar_feeds(asker: Asker) -> Result<axum::Json<FeedList>, Failure> {
    let feeds = super::list_calendar_feeds(&asker).await?;
    Ok(axum::Json(FeedList { items: feeds.iter().map(|feed| FeedView::of(feed, None)).collect() }))
}

/// Draws a link to one's calendar (RFC 5545), 10 at most. Needs a session: a token draws none.
#[utoipa::path(post, path = "/api/v1/calendar-feeds", tag = "crm", operation_id = "create_calendar_feed",
    request_body = FeedInput, responses((status = 201, body = FeedView)))]
pub async fn create_calendar_feed(asker: Asker, Json(input): Json<FeedInput>) -> Result<Answer<FeedView>, Failure> {
    let made = super::create_calendar_feed(&asker, &input).await?;
    let location = format!("/api/v1/calendar-feeds/{}", made.feed.id);
    Ok(created(FeedView::created(made), 1, location))
}

/// Draws another link: the former one opens nothing any more. Needs a session.
#[utoipa::path(post, path = "/api/v1/calendar-feeds/{id}/rotate", tag = "crm", operation_id = "rotate_calendar_feed",
    params(("id" = String, Path, description = "`fee_…`")), responses((status = 200, body = FeedView)))]
pub async fn rotate_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> Result<axum::Json<FeedView>, Failure> {
    Ok(axum::Json(FeedView::created(super::rotate_calendar_feed(&asker, id).await?)))
}

/// Revokes a link: it opens nothing any more.
#[utoipa::path(delete, path = "/api/v1/calendar-feeds/{id}", tag = "crm", operation_id = "revoke_calendar_feed",
    params(("id" = String, Path, description = "`fee_…`")), responses((status = 204)))]
pub async fn revoke_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> Result<StatusCode, Failure> {
    super::revoke_calendar_feed(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
