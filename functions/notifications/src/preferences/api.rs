//! `/api/v1/notification-preferences`

use web::{Answer, Asker, Failure, IfMatch, Json, seen};

use super::PreferencesInput;

/// How one is told. What was never chosen is `recommended`: in the application, and by mail at once what waits for one's
/// approval or was assigned to one.
#[utoipa::path(get, path = "/api/v1/notification-preferences", tag = "notifications",
    operation_id = "show_preferences", responses((status = 200, body = PreferencesInput)))]
pub async fn show_preferences(asker: Asker) -> Result<Answer<PreferencesInput>, Failure> {
    let preferences = super::shown(&asker).await?;
    Ok(seen(PreferencesInput::of(&preferences), preferences.version))
}

/// Replaces how one is told.
#[utoipa::path(put, path = "/api/v1/notification-preferences", tag = "notifications",
    operation_id = "edit_preferences", request_body = PreferencesInput,
    responses((status = 200, body = PreferencesInput)))]
pub async fn edit_preferences(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<PreferencesInput>,
) -> Result<Answer<PreferencesInput>, Failure> {
    let preferences = super::edit_preferences(&asker, &input, version).await?;
    Ok(seen(PreferencesInput::of(&preferences), preferences.version))
}
