//! `/api/v1/calendar-feeds`

use http::StatusCode;
use kernel::id::FeedId;
use web::{
    Answer, Asker, Failure, Id, Json,
    calendar::{self, FeedInput, FeedList, FeedView, Which},
    created,
};

use super::offered;

/// One's own calendar links, without their secret.
#[utoipa::path(get, path = "/api/v1/calendar-feeds", tag = "crm", operation_id = "list_calendar_feeds",
    responses((status = 200, body = FeedList)))]
pub async fn list_calendar_feeds(asker: Asker) -> Result<axum::Json<FeedList>, Failure> {
    let feeds = calendar::list_calendar_feeds(&asker, Which::Activities).await?;
    Ok(axum::Json(FeedList::of(feeds.iter().map(|feed| &feed.value))))
}

/// Draws a link to one's calendar (RFC 5545), 10 at most; `shows` is `own`, or `team` for who sees everybody's activities. Needs a
/// session: a token draws none.
#[utoipa::path(post, path = "/api/v1/calendar-feeds", tag = "crm", operation_id = "create_calendar_feed",
    request_body = FeedInput, responses((status = 201, body = FeedView)))]
pub async fn create_calendar_feed(asker: Asker, Json(input): Json<FeedInput>) -> Result<Answer<FeedView>, Failure> {
    let made = calendar::create_calendar_feed(&asker, Which::Activities, &input, async || Ok(offered(&asker))).await?;
    let made = FeedView::from(made);
    let location = format!("/api/v1/calendar-feeds/{}", made.id);
    Ok(created(made, 1, location))
}

/// Draws another link: the former one opens nothing any more. Needs a session.
#[utoipa::path(post, path = "/api/v1/calendar-feeds/{id}/rotate", tag = "crm", operation_id = "rotate_calendar_feed",
    params(("id" = String, Path, description = "`fee_…`")), responses((status = 200, body = FeedView)))]
pub async fn rotate_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> Result<axum::Json<FeedView>, Failure> {
    Ok(axum::Json(calendar::rotate_calendar_feed(&asker, Which::Activities, id).await?.into()))
}

/// Revokes a link: it opens nothing any more.
#[utoipa::path(delete, path = "/api/v1/calendar-feeds/{id}", tag = "crm", operation_id = "revoke_calendar_feed",
    params(("id" = String, Path, description = "`fee_…`")), responses((status = 204)))]
pub async fn revoke_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> Result<StatusCode, Failure> {
    calendar::revoke_calendar_feed(&asker, Which::Activities, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
