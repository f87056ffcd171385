//! `/api/v1/sales-targets`

use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, id::TargetId};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{Pace, Progress, Shown, Standing, Target, TargetInput};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProgressView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// In the minor unit of the currency for revenue, in per cent for conversion.
    achieved: i64,
    /// Of the goal.
    percent: i64,
    /// `reached`, `running`, `off_track`, `missed` or `ahead`.
    state: &'static str,
    /// Of the goal, by the end of the period, if it goes on like this.
    pace_percent: Option<i64>,
}

impl ProgressView {
    fn of(progress: &Progress) -> Self {
        let (state, pace_percent) = match progress.pace {
            Pace::Reached => ("reached", None),
            Pace::Running(percent) => ("running", Some(percent)),
            Pace::OffTrack(percent) => ("off_track", Some(percent)),
            Pace::Missed => ("missed", None),
            Pace::Ahead => ("ahead", None),
        };
        Self {
            from: progress.period.from,
            to: progress.period.last_day(),
            achieved: progress.achieved,
            percent: progress.percent,
            state,
            pace_percent,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TargetView {
    /// `tgt_…`
    #[schema(value_type = String)]
    id: TargetId,
    #[serde(flatten)]
    target: TargetInput,
    currency: Currency,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    progress: ProgressView,
}

impl TargetView {
    fn of(asker: &Asker, target: &Target, standing: Option<&Standing>) -> Self {
        let today = asker.today();
        let period = target.period(today);
        let achieved = standing.map(|standing| standing.achieved_in(period)).unwrap_or_default();
        Self {
            id: target.id,
            target: TargetInput::of(target),
            currency: target.currency,
            created_at: target.created_at,
            progress: ProgressView::of(&target.progress(achieved, period, today)),
        }
    }

    fn shown(asker: &Asker, Shown { target, standing }: &Shown) -> Self {
        Self::of(asker, target, standing.as_ref().map(|standing| &standing.value))
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TargetList {
    /// At most 100.
    items: Vec<TargetView>,
}

/// What is to be reached, and how far it is. Who sees only their own records is shown their own.
#[utoipa::path(get, path = "/api/v1/sales-targets", tag = "sales", operation_id = "list_targets",
    responses((status = 200, body = TargetList)))]
pub async fn list_targets(asker: Asker) -> Result<axum::Json<TargetList>, Failure> {
    let targets = super::list_targets(&asker).await?;
    let items = targets.iter().map(|shown| TargetView::shown(&asker, shown)).collect();
    Ok(axum::Json(TargetList { items }))
}

/// Adds a target.
#[utoipa::path(post, path = "/api/v1/sales-targets", tag = "sales", operation_id = "create_target",
    request_body = TargetInput, responses((status = 201, body = TargetView)))]
pub async fn create_target(asker: Asker, Json(input): Json<TargetInput>) -> Result<Answer<TargetView>, Failure> {
    let (target, standing) = super::create_target(&asker, &input).await?;
    let view = TargetView::of(&asker, &target, Some(&standing));
    Ok(created(view, 1, format!("/api/v1/sales-targets/{}", target.id)))
}

/// One target.
#[utoipa::path(get, path = "/api/v1/sales-targets/{id}", tag = "sales", operation_id = "show_target",
    params(("id" = String, Path, description = "`tgt_…`")), responses((status = 200, body = TargetView)))]
pub async fn show_target(asker: Asker, Id(id): Id<TargetId>) -> Result<Answer<TargetView>, Failure> {
    let shown = super::show_target(&asker, id).await?;
    Ok(seen(TargetView::shown(&asker, &shown), shown.target.version))
}

/// Replaces a target.
#[utoipa::path(put, path = "/api/v1/sales-targets/{id}", tag = "sales", operation_id = "edit_target",
    params(("id" = String, Path, description = "`tgt_…`")),
    request_body = TargetInput, responses((status = 200, body = TargetView)))]
pub async fn edit_target(
    asker: Asker,
    Id(id): Id<TargetId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TargetInput>,
) -> Result<Answer<TargetView>, Failure> {
    let ((target, standing), version) = super::edit_target(&asker, id, &input, version).await?;
    Ok(seen(TargetView::of(&asker, &target, Some(&standing)), version))
}

/// Deletes a target.
#[utoipa::path(delete, path = "/api/v1/sales-targets/{id}", tag = "sales", operation_id = "delete_target",
    params(("id" = String, Path, description = "`tgt_…`")), responses((status = 204)))]
pub async fn delete_target(
    asker: Asker,
    Id(id): Id<TargetId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_target(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
