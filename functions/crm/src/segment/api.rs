//! `/api/v1/segments`

use axum::extract::Query;
use http::StatusCode;
use kernel::{Error, id::SegmentId};
use serde::{Deserialize, Serialize};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{Segment, SegmentInput};
use crate::record::RecordKind;

#[derive(Serialize, utoipa::ToSchema)]
pub struct SegmentView {
    /// `seg_…`
    #[schema(value_type = String)]
    id: SegmentId,
    #[serde(flatten)]
    segment: SegmentInput,
    /// Whether it is one's own.
    is_own: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

impl SegmentView {
    fn of(asker: &Asker, segment: &Segment) -> Self {
        Self {
            id: segment.id,
            segment: SegmentInput::of(segment),
            is_own: segment.by == asker.user,
            created_at: segment.created_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SegmentList {
    /// By name.
    items: Vec<SegmentView>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub of: String,
}

/// The segments over a list: one's own, and those that others share.
#[utoipa::path(get, path = "/api/v1/segments", tag = "crm", operation_id = "list_segments",
    params(("of" = Option<String>, Query, description = "`company` (where absent), `contact` or `opportunity`")),
    responses((status = 200, body = SegmentList)))]
pub async fn list_segments(asker: Asker, Query(wanted): Query<Wanted>) -> Result<axum::Json<SegmentList>, Failure> {
    let of = match wanted.of.as_str() {
        "" => RecordKind::Company,
        name => RecordKind::named(name).ok_or_else(|| Error::Malformed { detail: "unknown kind".into() })?,
    };
    let segments = super::list_segments(&asker, of).await?;
    Ok(axum::Json(SegmentList { items: segments.iter().map(|segment| SegmentView::of(&asker, segment)).collect() }))
}

/// Saves a filter over a list. Sharing one needs `crm:edit`.
#[utoipa::path(post, path = "/api/v1/segments", tag = "crm", operation_id = "create_segment",
    request_body = SegmentInput, responses((status = 201, body = SegmentView)))]
pub async fn create_segment(asker: Asker, Json(input): Json<SegmentInput>) -> Result<Answer<SegmentView>, Failure> {
    let segment = super::create_segment(&asker, &input).await?;
    Ok(created(SegmentView::of(&asker, &segment), 1, format!("/api/v1/segments/{}", segment.id)))
}

/// Replaces a segment: one's own, or with `crm:edit` one that is shared.
#[utoipa::path(put, path = "/api/v1/segments/{id}", tag = "crm", operation_id = "edit_segment",
    params(("id" = String, Path, description = "`seg_…`")),
    request_body = SegmentInput, responses((status = 200, body = SegmentView)))]
pub async fn edit_segment(
    asker: Asker,
    Id(id): Id<SegmentId>,
    IfMatch(version): IfMatch,
    Json(input): Json<SegmentInput>,
) -> Result<Answer<SegmentView>, Failure> {
    let (segment, version) = super::edit_segment(&asker, id, &input, version).await?;
    Ok(seen(SegmentView::of(&asker, &segment), version))
}

/// Deletes a segment; the records stay.
#[utoipa::path(delete, path = "/api/v1/segments/{id}", tag = "crm", operation_id = "delete_segment",
    params(("id" = String, Path, description = "`seg_…`")), responses((status = 204)))]
pub async fn delete_segment(asker: Asker, Id(id): Id<SegmentId>) -> Result<StatusCode, Failure> {
    super::delete_segment(&asker, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
