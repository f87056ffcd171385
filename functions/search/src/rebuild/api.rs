//! `/api/v1/search/rebuild`

use jiff::Timestamp;
use serde::Serialize;
use web::{Asker, Failure};

use super::Rebuild;

#[derive(Serialize, utoipa::ToSchema)]
pub struct RebuildView {
    is_under_way: bool,
    /// Items so far.
    looked_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<Option<Rebuild>> for RebuildView {
    fn from(rebuild: Option<Rebuild>) -> Self {
        Self {
            is_under_way: rebuild.as_ref().is_some_and(Rebuild::is_under_way),
            looked_at: rebuild.as_ref().map(|rebuild| rebuild.looked_at).unwrap_or_default(),
            started_at: rebuild.as_ref().map(|rebuild| rebuild.started_at),
            finished_at: rebuild.and_then(|rebuild| rebuild.finished_at),
        }
    }
}

/// How far the index of the search was made anew, where somebody asked for that.
#[utoipa::path(get, path = "/api/v1/search/rebuild", tag = "search", operation_id = "show_search_rebuild",
    responses((status = 200, body = RebuildView)))]
pub async fn show_search_rebuild(asker: Asker) -> Result<axum::Json<RebuildView>, Failure> {
    Ok(axum::Json(super::show_rebuild(&asker.scope).await?.into()))
}

/// Makes the index of the search anew, in the background; while one goes on, nothing else begins.
#[utoipa::path(post, path = "/api/v1/search/rebuild", tag = "search", operation_id = "start_search_rebuild",
    responses((status = 200, body = RebuildView)))]
pub async fn start_search_rebuild(asker: Asker) -> Result<axum::Json<RebuildView>, Failure> {
    Ok(axum::Json(Some(super::start_rebuild(&asker.scope).await?).into()))
}
