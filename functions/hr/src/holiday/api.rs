//! `/api/v1/holidays`

use axum::extract::RawQuery;
use kernel::holiday::{Holiday, holidays};
use serde::Serialize;
use web::{Asker, Failure};

use super::{YearInput, pages::asked};

#[derive(Serialize, utoipa::ToSchema)]
pub struct HolidayList {
    items: Vec<Holiday>,
}

/// The holidays of a year, in their order.
#[utoipa::path(get, path = "/api/v1/holidays", tag = "hr", operation_id = "list_holidays",
    params(
        ("year" = Option<String>, Query, description = "1900 to 2200; this year where absent"),
        ("region" = Option<String>, Query, description = "`mainland` (which an absent one means too), `alsace_moselle`, `alsace_moselle_without_church`, `guadeloupe`, `martinique`, `guyane`, `reunion`, `mayotte`, `saint_barthelemy` or `saint_martin`"),
    ),
    responses((status = 200, body = HolidayList)))]
pub async fn list_holidays(asker: Asker, RawQuery(query): RawQuery) -> Result<axum::Json<HolidayList>, Failure> {
    let year = asked::<YearInput>(query)?.parse(asker.today())?;
    Ok(axum::Json(HolidayList { items: holidays(year.year, year.region) }))
}
