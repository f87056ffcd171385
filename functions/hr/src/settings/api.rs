//! `/api/v1/hr-settings`

use web::{Answer, Asker, Failure, IfMatch, Json, seen};

use super::{HrSettingsInput, SETTINGS, edit_hr_settings as edit};

/// Departments, positions, work sites, and how days of leave are counted.
#[utoipa::path(get, path = "/api/v1/hr-settings", tag = "hr", operation_id = "show_hr_settings",
    responses((status = 200, body = HrSettingsInput)))]
pub async fn show_hr_settings(asker: Asker) -> Result<Answer<HrSettingsInput>, Failure> {
    let settings = SETTINGS.shown(&asker.scope).await?;
    Ok(seen(HrSettingsInput::of(&settings), settings.version))
}

/// Replaces them. What is not named is gone; contracts that name it show nothing there.
#[utoipa::path(put, path = "/api/v1/hr-settings", tag = "hr", operation_id = "edit_hr_settings",
    request_body = HrSettingsInput, responses((status = 200, body = HrSettingsInput)))]
pub async fn edit_hr_settings(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<HrSettingsInput>,
) -> Result<Answer<HrSettingsInput>, Failure> {
    let settings = edit(&asker, &input, version).await?;
    Ok(seen(HrSettingsInput::of(&settings), settings.version))
}
