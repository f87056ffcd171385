//! `/api/v1/crm/merges`

use jiff::Timestamp;
use kernel::{id::MergeId, page::Page};
use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, Id, Json, Pagination, created, seen};

use super::{Merge, MergeInput, State};

/// Two records that were made one, and how far it has come.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MergeView {
    /// `mrg_…`
    #[schema(value_type = String)]
    id: MergeId,
    /// `com_…` or `con_…`, the one that is no more.
    loser: String,
    loser_name: String,
    /// The one that stays.
    winner: String,
    winner_name: String,
    /// `moving`, `done`, `undoing` or `undone`.
    state: &'static str,
    /// How many things were moved so far and not taken back.
    moved: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when it can be undone; then it is forgotten.
    #[schema(value_type = String, format = DateTime)]
    undoable_until: Timestamp,
}

impl From<&Merge> for MergeView {
    fn from(merge: &Merge) -> Self {
        let state = match merge.state {
            State::Moving { .. } => "moving",
            State::Done { .. } => "done",
            State::Undoing { .. } => "undoing",
            State::Undone { .. } => "undone",
        };
        Self {
            id: merge.id,
            loser: merge.loser.to_string(),
            loser_name: merge.loser_name.clone(),
            winner: merge.winner.to_string(),
            winner_name: merge.winner_name.clone(),
            state,
            moved: merge.moved,
            created_at: merge.created_at,
            undoable_until: merge.undoable_until(),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MergeList {
    items: Vec<MergeView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The merges of the last 30 days, the last one first.
#[utoipa::path(get, path = "/api/v1/crm/merges", tag = "crm", operation_id = "list_merges",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = MergeList)))]
pub async fn list_merges(asker: Asker, Pagination(page): Pagination) -> Result<axum::Json<MergeList>, Failure> {
    let Page { items, next_cursor } = super::list_merges(&asker, &page).await?.map(|merge| MergeView::from(&*merge));
    Ok(axum::Json(MergeList { items, next_cursor }))
}

/// Makes two companies or two contacts one. The loser is gone at once; what points to it follows in the background: ask for
/// the merge to see how far it has come. Of two companies only one may have documents, and that one stays.
#[utoipa::path(post, path = "/api/v1/crm/merges", tag = "crm", operation_id = "merge_records",
    request_body = MergeInput, responses((status = 201, body = MergeView)))]
pub async fn merge_records(asker: Asker, Json(input): Json<MergeInput>) -> Result<Answer<MergeView>, Failure> {
    let merge = super::merge_records(&asker, &input).await?;
    Ok(created(MergeView::from(&merge), 1, format!("/api/v1/crm/merges/{}", merge.id)))
}

/// How far a merge has come.
#[utoipa::path(get, path = "/api/v1/crm/merges/{id}", tag = "crm", operation_id = "show_merge",
    params(("id" = String, Path, description = "`mrg_…`")), responses((status = 200, body = MergeView)))]
pub async fn show_merge(asker: Asker, Id(id): Id<MergeId>) -> Result<Answer<MergeView>, Failure> {
    let merge: Stored<Merge> = super::show_merge(&asker, id).await?;
    Ok(seen(MergeView::from(&merge.value), merge.version))
}

/// Makes two of one again, within 30 days: the loser comes back as it was, and so does what was moved and still points to the
/// winner. What was changed since stays.
#[utoipa::path(post, path = "/api/v1/crm/merges/{id}/undo", tag = "crm", operation_id = "undo_merge",
    params(("id" = String, Path, description = "`mrg_…`")), responses((status = 200, body = MergeView)))]
pub async fn undo_merge(asker: Asker, Id(id): Id<MergeId>) -> Result<axum::Json<MergeView>, Failure> {
    Ok(axum::Json(MergeView::from(&super::undo_merge(&asker, id).await?)))
}
