//! `/api/v1/portal`

use jiff::Timestamp;
use kernel::id::{InvoiceId, PaymentId};
use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, Ids, IfMatch, Json, seen};

use super::{CardRefundInput, CardsInput, PortalSettings, PortalSettingsInput};
use crate::payment::api::RecordedView;

/// Keys are never told.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PortalSettingsView {
    lists_documents: bool,
    offers_cards: bool,
    /// The account with the provider of payments by card.
    cards: Option<CardAccountView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CardAccountView {
    /// The last characters of its key.
    key_ending: String,
    is_live: bool,
    #[schema(value_type = String, format = DateTime)]
    connected_at: Timestamp,
}

impl PortalSettingsView {
    fn answer(settings: &Stored<PortalSettings>) -> Answer<Self> {
        let cards = settings.cards.as_ref().map(|cards| CardAccountView {
            key_ending: cards.key_ending.clone(),
            is_live: cards.is_live,
            connected_at: cards.connected_at,
        });
        let view = Self { lists_documents: settings.lists_documents, offers_cards: settings.offers_cards, cards };
        seen(view, settings.version)
    }
}

/// What clients may do on the portal.
#[utoipa::path(get, path = "/api/v1/portal/settings", tag = "invoicing", operation_id = "show_portal_settings",
    responses((status = 200, body = PortalSettingsView)))]
pub async fn show_portal_settings(asker: Asker) -> Result<Answer<PortalSettingsView>, Failure> {
    Ok(PortalSettingsView::answer(&super::read_portal_settings(&asker.scope).await?))
}

/// Replaces it; the account of payments by card stays.
#[utoipa::path(put, path = "/api/v1/portal/settings", tag = "invoicing", operation_id = "edit_portal_settings",
    request_body = PortalSettingsInput, responses((status = 200, body = PortalSettingsView)))]
pub async fn edit_portal_settings(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<PortalSettingsInput>,
) -> Result<Answer<PortalSettingsView>, Failure> {
    Ok(PortalSettingsView::answer(&super::edit_portal_settings(&asker.scope, &input, version).await?))
}

/// Takes payments by card with this account. The provider is asked whether it takes the key.
#[utoipa::path(put, path = "/api/v1/portal/cards", tag = "invoicing", operation_id = "connect_cards",
    request_body = CardsInput, responses((status = 200, body = PortalSettingsView)))]
pub async fn connect_cards(asker: Asker, Json(input): Json<CardsInput>) -> Result<Answer<PortalSettingsView>, Failure> {
    Ok(PortalSettingsView::answer(&super::connect_cards(asker.deps(), &asker.scope, &input).await?))
}

/// Forgets the keys of the account.
#[utoipa::path(delete, path = "/api/v1/portal/cards", tag = "invoicing", operation_id = "disconnect_cards",
    responses((status = 200, body = PortalSettingsView)))]
pub async fn disconnect_cards(asker: Asker) -> Result<Answer<PortalSettingsView>, Failure> {
    Ok(PortalSettingsView::answer(&super::disconnect_cards(&asker.scope).await?))
}

/// Gives back to the card what was paid with it beyond what is owed.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/payments/{payment}/card-refund", tag = "invoicing",
    operation_id = "refund_card_payment",
    params(("id" = String, Path, description = "`inv_…`"), ("payment" = String, Path, description = "`pay_…`")),
    request_body = CardRefundInput, responses((status = 201, body = RecordedView)))]
pub async fn refund_card_payment(
    asker: Asker,
    Ids(ids): Ids<InvoiceId, PaymentId>,
    Json(input): Json<CardRefundInput>,
) -> Result<Answer<RecordedView>, Failure> {
    let recorded = super::refund_card_payment(asker.deps(), &asker.scope, &asker.organization, ids, &input).await?;
    Ok(RecordedView::answer(&asker, &recorded))
}
