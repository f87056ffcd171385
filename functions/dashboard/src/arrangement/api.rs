//! `/api/v1/dashboard`: always one's own.

use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, IfMatch, Json, dashboard::Arrangement, seen};

use super::{
    DashboardInput,
    model::{available, seen as seen_of},
};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PlacedView {
    id: &'static str,
    /// In French.
    title: &'static str,
    /// 1 to 3 of the three columns of a wide screen.
    columns: u8,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AvailableView {
    id: &'static str,
    /// In French.
    title: &'static str,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DashboardView {
    /// Those that stand there, in their order.
    widgets: Vec<PlacedView>,
    /// Those that could stand there too.
    available: Vec<AvailableView>,
}

fn view(asker: &Asker, arrangement: &Stored<Arrangement>) -> Answer<DashboardView> {
    let may = |permission| asker.may(permission);
    let placed = seen_of(arrangement, may).into_iter();
    let placed =
        placed.map(|shown| PlacedView { id: shown.widget.id, title: shown.widget.title, columns: shown.columns });
    let others = available(arrangement, may).into_iter();
    let body = DashboardView {
        widgets: placed.collect(),
        available: others.map(|widget| AvailableView { id: widget.id, title: widget.title }).collect(),
    };
    seen(body, arrangement.version)
}

/// The widgets of one's first page: those that one may see.
#[utoipa::path(get, path = "/api/v1/dashboard", tag = "dashboard", operation_id = "show_dashboard",
    responses((status = 200, body = DashboardView)))]
pub async fn show_dashboard(asker: Asker) -> Result<Answer<DashboardView>, Failure> {
    let arrangement = super::shown(&asker).await?;
    Ok(view(&asker, &arrangement))
}

/// Replaces which widgets stand there, where and how wide.
#[utoipa::path(put, path = "/api/v1/dashboard", tag = "dashboard", operation_id = "arrange_dashboard",
    request_body = DashboardInput, responses((status = 200, body = DashboardView)))]
pub async fn arrange_dashboard(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<DashboardInput>,
) -> Result<Answer<DashboardView>, Failure> {
    let arrangement = super::arrange_dashboard(&asker, &input, version).await?;
    Ok(view(&asker, &arrangement))
}
