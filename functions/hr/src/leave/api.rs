//! `/api/v1/leave-count`

use axum::extract::RawQuery;
use jiff::civil::Date;
use serde::Serialize;
use web::{Asker, Failure};

use super::{Counted, LeaveInput, counted, model::CountedDay};
use crate::holiday::pages::asked;

#[derive(Serialize, utoipa::ToSchema)]
pub struct LeaveCount {
    /// Days that the absence takes, in halves: `2.5`.
    days: String,
    /// The day on which work goes on.
    #[schema(value_type = String, format = Date)]
    return_on: Date,
    /// Day by day, `halves` being half days.
    details: Vec<CountedDay>,
}

/// How many days an absence takes, and why.
#[utoipa::path(get, path = "/api/v1/leave-count", tag = "hr", operation_id = "count_leave",
    params(
        ("from" = String, Query, description = "The first day, `2026-05-04`"),
        ("to" = Option<String>, Query, description = "The last day, included; `from` where absent; at most 366 days"),
        ("starts_at_noon" = Option<String>, Query, description = "`true` where the morning of the first day is worked"),
        ("ends_at_noon" = Option<String>, Query, description = "`true` where the afternoon of the last day is worked"),
        ("counting" = Option<String>, Query, description = "`ouvrables` (which an absent one means too) or `ouvres`"),
        ("works_on" = Option<Vec<String>>, Query, description = "1 (Monday) to 7 (Sunday), repeated; Monday to Friday where absent"),
        ("region" = Option<String>, Query, description = "As for holidays"),
        ("works_whit_monday" = Option<String>, Query, description = "`true` where it is worked as the day of solidarity"),
    ),
    responses((status = 200, body = LeaveCount)))]
pub async fn count_leave(_: Asker, RawQuery(query): RawQuery) -> Result<axum::Json<LeaveCount>, Failure> {
    let absence = asked::<LeaveInput>(query)?.parse()?;
    let Counted { total, days, return_on } = counted(&absence);
    Ok(axum::Json(LeaveCount { days: total.plain(), return_on, details: days }))
}
