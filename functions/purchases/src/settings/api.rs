//! `/api/v1/purchase-settings`

use kernel::Currency;
use serde::Serialize;
use web::{Answer, Asker, Failure, IfMatch, Json, seen};

use super::SettingsInput;

#[derive(Serialize, utoipa::ToSchema)]
pub struct PurchaseSettingsView {
    #[serde(flatten)]
    settings: SettingsInput,
    /// Of the amount.
    currency: Currency,
}

/// From which amount on an expense waits for its approval.
#[utoipa::path(get, path = "/api/v1/purchase-settings", tag = "purchases", operation_id = "show_purchase_settings",
    responses((status = 200, body = PurchaseSettingsView)))]
pub async fn show_purchase_settings(asker: Asker) -> Result<Answer<PurchaseSettingsView>, Failure> {
    let (settings, version) = SettingsInput::read(&asker).await?;
    Ok(seen(PurchaseSettingsView { settings, currency: asker.organization.currency }, version))
}

/// Says from which amount on an expense waits for its approval. Those that count already stay.
#[utoipa::path(put, path = "/api/v1/purchase-settings", tag = "purchases", operation_id = "edit_purchase_settings",
    request_body = SettingsInput, responses((status = 200, body = PurchaseSettingsView)))]
pub async fn edit_purchase_settings(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<SettingsInput>,
) -> Result<Answer<PurchaseSettingsView>, Failure> {
    let read = super::edit_settings(&asker, &input, version).await?;
    let settings = SettingsInput::of(&asker, &read);
    Ok(seen(PurchaseSettingsView { settings, currency: asker.organization.currency }, read.version))
}
