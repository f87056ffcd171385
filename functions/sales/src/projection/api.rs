//! `/api/v1/sales/projection`

use http::StatusCode;
use jiff::Timestamp;
use kernel::Currency;
use serde::Serialize;
use table::ledger::LedgerHead;
use web::{Asker, Failure};

use super::Projection;

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProjectionView {
    currency: Currency,
    /// The last entry of the ledger that is in the figures.
    position: u64,
    /// Entries that are not yet.
    behind: u64,
    /// While they are made anew: how much of that is done, in per cent.
    rebuild_percent: Option<u64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    rebuilt_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Timestamp>,
}

impl ProjectionView {
    fn of(asker: &Asker, state: Option<&Projection>, head: u64) -> Self {
        Self {
            currency: state.map_or(asker.organization.currency, |state| state.currency),
            position: state.map(|state| state.position).unwrap_or_default(),
            behind: head.saturating_sub(state.map(|state| state.position).unwrap_or_default()),
            rebuild_percent: state.and_then(Projection::percent),
            rebuilt_at: state.and_then(|state| state.rebuilt_at),
            updated_at: state.map(|state| state.at),
        }
    }
}

/// How far the figures have come.
#[utoipa::path(get, path = "/api/v1/sales/projection", tag = "sales", operation_id = "show_projection",
    responses((status = 200, body = ProjectionView)))]
pub async fn show_projection(asker: Asker) -> Result<axum::Json<ProjectionView>, Failure> {
    let (state, head) = read(&asker).await?;
    Ok(axum::Json(ProjectionView::of(&asker, state.as_ref(), head)))
}

/// The state, and where the ledger ends.
pub(super) async fn read(asker: &Asker) -> kernel::Result<(Option<Projection>, u64)> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.projection_state(), keys.ledger_head()]).await?;
    let head = found.first::<LedgerHead>()?.map(|head| head.position).unwrap_or_default();
    Ok((found.first::<Projection>()?.map(|state| state.value), head))
}

/// Makes all figures anew, of the ledger and of the quotes. What is under way already begins once more.
#[utoipa::path(post, path = "/api/v1/sales/projection/rebuild", tag = "sales", operation_id = "rebuild_figures",
    responses((status = 202, body = ProjectionView)))]
pub async fn rebuild_figures(asker: Asker) -> Result<(StatusCode, axum::Json<ProjectionView>), Failure> {
    let state = super::rebuild_figures(&asker.scope).await?;
    let head = state.rebuild.as_ref().map(|rebuild| rebuild.until).unwrap_or_default();
    Ok((StatusCode::ACCEPTED, axum::Json(ProjectionView::of(&asker, Some(&state), head))))
}
